import { describe, expect, test } from 'vitest';
import { readKinds } from '../../shared/aws/inventory.ts';
import { createLimiter } from '../../shared/aws/limiter.ts';
import type { FileKind, InventoryDocuments } from '../../shared/inventory/kinds.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Action, type Answer, type Bench, createBench, HOME } from './fixture.ts';

// Loaded when it is needed: here before virtual time begins, which does not wait for files.
await import('../../shared/aws/launch-reads.ts');

const read = (bench: Bench, kinds: readonly FileKind[]): Promise<InventoryDocuments> => {
  const limiter = createLimiter({ ...bench.connection, sharePercent: 80 });
  return bench.run(readKinds(bench.connection, limiter, HOME, kinds));
};

const namesAsked = ({ calls }: Bench) =>
  calls.filter(({ action }) => action === 'GetParameters').map(({ input }) => input['Names']);

const valuesOf: Answer = ({ Names }) => ({
  Parameters: (Names as string[]).map((Name) => ({ Name, Type: 'String', Value: 'ami' })),
});

const text = (Name: string) => ({ Name, Type: 'String', Version: 3 });
const secret = { Name: '/secret', Type: 'SecureString', Version: 1 };

const parametersOf = async (answers: Partial<Record<Action, Answer>>) => {
  const bench = createBench(answers);
  const { parameters } = await read(bench, ['parameters']);
  return { ...parameters, asked: namesAsked(bench) };
};

describe('parameters', () => {
  test('are read in tens, but not those that are secret', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `/p${index}`);

    const { pages, problem, asked } = await parametersOf({
      DescribeParameters: ({ NextToken }) =>
        NextToken === undefined
          ? { Parameters: [secret], NextToken: 'more' }
          : { Parameters: names.map(text) },
      GetParameters: valuesOf,
    });

    expect(problem).toBeUndefined();
    expect(asked).toEqual([names.slice(0, 10), names.slice(10)]);
    expect(pages[0]).toEqual({ Parameters: [secret] });
    expect(pages[2]).toEqual({
      Parameters: [
        { Name: '/p10', Type: 'String', Value: 'ami' },
        { Name: '/p11', Type: 'String', Value: 'ami' },
      ],
    });
  });

  test('that are gone by then are left out', async () => {
    const { pages, problem } = await parametersOf({
      DescribeParameters: () => ({ Parameters: [text('/here'), text('/gone')] }),
      GetParameters: () => ({
        Parameters: [{ Name: '/here', Type: 'String', Value: 'ami' }],
        InvalidParameters: ['/gone'],
      }),
    });

    expect(problem).toBeUndefined();
    expect(pages).toEqual([
      { Parameters: [] },
      { Parameters: [{ Name: '/here', Type: 'String', Value: 'ami' }] },
    ]);
  });

  test('whose values may not be read are told without, and named', async () => {
    const { pages, problem } = await parametersOf({
      DescribeParameters: () => ({ Parameters: [text('/a'), text('/b')] }),
      GetParameters: () => {
        throw new ApiError('AccessDeniedException', 'no', 400);
      },
    });

    expect(pages).toEqual([{ Parameters: [text('/a'), text('/b')] }]);
    expect(problem).toBe('/a and 1 more: AccessDeniedException: no');
  });

  test('that could not all be listed are not complete, and the listed ones are read', async () => {
    const { pages, problem } = await parametersOf({
      DescribeParameters: ({ NextToken }) => {
        if (NextToken === undefined) return { Parameters: [text('/a')], NextToken: 'more' };
        throw new ApiError('AccessDeniedException', 'no', 400);
      },
      GetParameters: valuesOf,
    });

    expect(problem).toBe('AccessDeniedException: no');
    expect(pages[1]).toEqual({ Parameters: [{ Name: '/a', Type: 'String', Value: 'ami' }] });
  });

  test('leave most of what SSM lets through to others', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `/p${index}`);
    const bench = createBench({
      DescribeParameters: () => ({ Parameters: names.map(text) }),
      GetParameters: valuesOf,
    });

    await read(bench, ['parameters']);

    expect(namesAsked(bench)).toHaveLength(100);
    // A burst of 12, and then 16 a second, of SSM's forty.
    expect(bench.afterMs()).toBeGreaterThan(5_000);
    expect(bench.afterMs()).toBeLessThan(6_000);
  });

  test('that templates and groups name in place of an image are read though in no list', async () => {
    const version = (ImageId: string) => ({
      LaunchTemplateId: 'lt-1',
      LaunchTemplateData: { ImageId },
    });
    const bench = createBench({
      DescribeLaunchTemplates: () => ({ LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }] }),
      DescribeLaunchTemplateVersions: () => ({
        LaunchTemplateVersions: [
          version('resolve:ssm:/aws/service/al2023'),
          version('resolve:ssm:/aws/service/al2023:4'),
          version('resolve:ssm:/golden/web:stable'),
          version('resolve:ssm:arn:aws:ssm:eu-central-1:999988887777:parameter/theirs'),
        ],
      }),
      DescribeParameters: () => ({ Parameters: [text('/golden/web')] }),
      GetParameters: valuesOf,
    });

    await read(bench, ['parameters', 'launch-template-versions']);

    expect(namesAsked(bench)).toEqual([
      ['/golden/web', '/aws/service/al2023'],
      ['/aws/service/al2023:4'],
      ['/golden/web:stable'],
    ]);
  });

  test('are told with the version or label that they were asked for by, beside what they are', async () => {
    const old = { Name: '/golden/web', Selector: ':stable', Type: 'String', Value: 'old' };
    const now = { Name: '/golden/web', Type: 'String', Value: 'new' };
    const bench = createBench({
      DescribeLaunchConfigurations: () => ({
        LaunchConfigurations: [{ ImageId: 'resolve:ssm:/golden/web:stable' }],
      }),
      DescribeParameters: () => ({ Parameters: [text('/golden/web')] }),
      GetParameters: ({ Names }) => ({
        Parameters: (Names as string[]).map((name) => (name === '/golden/web' ? now : old)),
      }),
    });

    const { parameters } = await read(bench, ['parameters', 'launch-configurations']);

    expect(parameters).toEqual({
      pages: [{ Parameters: [] }, { Parameters: [now] }, { Parameters: [old] }],
    });
  });

  test('are not taken for what they are now where only a label could be read', async () => {
    const bench = createBench({
      DescribeLaunchConfigurations: () => ({
        LaunchConfigurations: [{ ImageId: 'resolve:ssm:/golden/web:stable' }],
      }),
      DescribeParameters: () => ({ Parameters: [text('/golden/web')] }),
      GetParameters: ({ Names }) => {
        const [name] = Names as string[];
        if (name === '/golden/web') throw new ApiError('InternalError', 'no', 400);
        return { Parameters: [{ Name: '/golden/web', Selector: ':stable', Type: 'String' }] };
      },
    });

    const { parameters } = await read(bench, ['parameters', 'launch-configurations']);

    expect(parameters.pages[0]).toEqual({ Parameters: [text('/golden/web')] });
    expect(parameters.problem).toBe('/golden/web: InternalError: no');
  });
});

describe('images of others', () => {
  const OWN = 'ami-0123456789abcdef0';
  const imageIds = ({ calls }: Bench) =>
    calls
      .filter(({ action, input }) => action === 'DescribeImages' && input['Owners'] === undefined)
      .map(({ input }) => input);

  test('are all that something launches from or names, deprecated and disabled ones too', async () => {
    const bench = createBench({
      DescribeImages: ({ Owners }) => ({ Images: Owners === undefined ? [] : [{ ImageId: OWN }] }),
      DescribeInstances: () => ({
        Reservations: [{ Instances: [{ ImageId: OWN }, { ImageId: 'ami-0000000b' }] }],
      }),
      DescribeLaunchConfigurations: () => ({
        LaunchConfigurations: [{ LaunchConfigurationName: 'web', ImageId: 'ami-0000000a' }],
      }),
      DescribeParameters: () => ({ Parameters: [text('/json')] }),
      GetParameters: () => ({
        Parameters: [
          { Name: '/json', Type: 'String', Value: '{"id":"ami-0000000c","not":"ami-12345"}' },
        ],
      }),
    });

    await read(bench, ['instances', 'launch-configurations', 'parameters', 'used-images']);

    expect(imageIds(bench)).toEqual([
      {
        Filters: [{ Name: 'image-id', Values: ['ami-0000000a', 'ami-0000000b', 'ami-0000000c'] }],
        IncludeDeprecated: true,
        IncludeDisabled: true,
        MaxResults: 1_000,
      },
    ]);
  });

  test('are asked for two hundred at a time, and not at all where there are none', async () => {
    const instances =
      (count: number): Answer =>
      () => ({
        Reservations: [
          {
            Instances: Array.from({ length: count }, (_, index) => ({
              ImageId: `ami-${String(index).padStart(8, '0')}`,
            })),
          },
        ],
      });
    const calls = async (count: number) => {
      const bench = createBench({
        DescribeImages: () => ({ Images: [] }),
        DescribeInstances: instances(count),
      });
      const documents = await read(bench, ['instances', 'used-images']);
      return { calls: imageIds(bench).length, pages: documents['used-images']?.pages.length };
    };

    expect(await calls(201)).toEqual({ calls: 2, pages: 2 });
    expect(await calls(0)).toEqual({ calls: 0, pages: 0 });
  });
});
