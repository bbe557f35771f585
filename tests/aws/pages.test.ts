import { describe, expect, test } from 'vitest';
import { createCloud } from '../../shared/aws/ec2.ts';
import { joinParts, readAll } from '../../shared/aws/pages.ts';
import { UnexpectedShapeError } from '../../shared/aws/shapes.ts';
import {
  completePart,
  type ImageReference,
  incompletePart,
  notRead,
} from '../../shared/domain/model.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { createBench as createCloudBench, HOUR } from '../simulator/fixture.ts';
import { connectTo, HOME } from './fixture.ts';

interface Item {
  readonly id: string;
  readonly state: string;
}

const ITEMS = { convert: (raw: Item): Item | undefined => raw, keyOf: ({ id }: Item) => id };
const item = (id: string, state = 'available'): Item => ({ id, state });

describe('a list', () => {
  test('that never ends is given up after a thousand pages, and is incomplete', async () => {
    let pages = 0;
    const part = await readAll(ITEMS, () => {
      pages += 1;
      return Promise.resolve({ items: [item(`i-${pages}`)], nextToken: `page-${pages}` });
    });

    expect(pages).toBe(1_000);
    expect(part.items).toHaveLength(1_000);
    expect(part.isComplete).toBe(false);
    expect(part.problem).toBe('the list goes on after 1000 pages');
  });

  test('that fails by a defect of ours rejects', async () => {
    const read = readAll(ITEMS, () => Promise.reject(new TypeError('undefined is not iterable')));

    await expect(read).rejects.toThrow('undefined is not iterable');
  });

  test('holds an item once that moved to the next page meanwhile, as it was seen last', async () => {
    const pages = [
      { items: [item('i-1'), item('i-2', 'pending')], nextToken: 'second' },
      { items: [item('i-2'), item('i-3')], nextToken: undefined },
    ];
    const part = await readAll(ITEMS, (token) =>
      Promise.resolve(pages[token === undefined ? 0 : 1] ?? { items: [], nextToken: undefined }),
    );

    expect(part).toEqual(completePart([item('i-1'), item('i-2'), item('i-3')]));
  });
});

describe('a list of one page', () => {
  const read = (reading: typeof ITEMS, items: readonly Item[], nextToken?: string) =>
    readAll(reading, (token) =>
      Promise.resolve({ items, nextToken: token === undefined ? nextToken : undefined }),
    );

  test('is read once if it is frozen, and comes again as the same part', async () => {
    const reading = { ...ITEMS, known: new WeakMap() };
    const page = Object.freeze([item('i-1')]);
    const first = await read(reading, page);

    expect(first).toEqual(completePart([item('i-1')]));
    expect(await read(reading, page)).toBe(first);
  });

  test('is read each time if it is not, or if there are more pages', async () => {
    const reading = { ...ITEMS, known: new WeakMap() };
    const open = [item('i-1')];
    await read(reading, open);
    open.push(item('i-2'));
    const page = Object.freeze([item('i-3')]);

    expect((await read(reading, open)).items).toHaveLength(2);
    expect(await read(reading, page, 'more')).not.toBe(await read(reading, page, 'more'));
  });
});

describe('an object of a shape that is not known', () => {
  const convert = (raw: Item): Item | undefined => {
    if (raw.state === 'hibernated') throw new UnexpectedShapeError(raw.id, 'a known state');
    return raw.state === 'ignored' ? undefined : raw;
  };

  test('makes the part incomplete, and hides none of the others', async () => {
    const pages = [
      { items: [item('i-1'), item('i-2', 'hibernated'), item('i-3')], nextToken: 'second' },
      { items: [item('i-4'), item('i-5', 'ignored')], nextToken: undefined },
    ];
    const part = await readAll({ ...ITEMS, convert }, (token) =>
      Promise.resolve(pages[token === undefined ? 0 : 1] ?? { items: [], nextToken: undefined }),
    );

    expect(part).toEqual(
      incompletePart('EC2 answered i-2 without a known state', [
        item('i-1'),
        item('i-3'),
        item('i-4'),
      ]),
    );
  });
});

describe('parts of one list', () => {
  test('are complete together only if each is, and tell the first problem', () => {
    const whole = completePart([1, 2]);

    expect(joinParts([whole, completePart([3])])).toEqual(completePart([1, 2, 3]));
    expect(joinParts([whole, incompletePart('denied', [3]), incompletePart('late')])).toEqual(
      incompletePart('denied', [1, 2, 3]),
    );
    expect(joinParts([])).toEqual(completePart([]));
  });
});

describe('lists of the embedded cloud, two objects a page', () => {
  const createEc2 = () => {
    const bench = createCloudBench({ pageSizeMax: 2 });
    const { cloud } = bench;
    const route = createRouter({
      services: cloud.services,
      accountOf: () => HOME.account,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
      onCall: cloud.calls.record,
    });
    return { bench, ec2: createCloud(connectTo(route, cloud.clock)).at(HOME) };
  };

  test('are read to their end', async () => {
    const { bench, ec2 } = createEc2();
    const { cloud, home, world } = bench;
    const Tags = [{ Key: 'imago:deployment', Value: 'prod' }];
    for (const Name of ['one', 'two', 'three']) {
      const TagSpecifications = [
        { ResourceType: 'image' as const, Tags },
        { ResourceType: 'snapshot' as const, Tags },
      ];
      cloud.ec2.CreateImage({ InstanceId: bench.id('web-1'), Name, TagSpecifications }, home());
      const data = { ImageId: world.images.ubuntu };
      cloud.ec2.CreateLaunchTemplate(
        { LaunchTemplateName: Name, LaunchTemplateData: data },
        home(),
      );
    }
    await bench.pass(HOUR);
    const run = <T>(promise: Promise<T>): Promise<T> => cloud.clock.runFor(promise);

    const instances = await run(ec2.instances());
    const images = await run(ec2.images('prod'));
    const snapshots = await run(ec2.snapshots('prod'));
    const [uses] = await run(ec2.uses(['launch-templates'], []));

    expect(instances.items).toHaveLength(12);
    expect(images.items.map(({ name }) => name).toSorted()).toEqual(['one', 'three', 'two']);
    expect(snapshots.items).toHaveLength(3);
    const references = uses?.part ?? notRead<ImageReference>();
    expect(new Set(references.items.map(({ by }) => by)).size).toBeGreaterThanOrEqual(3);
    expect([instances, images, snapshots, references].every((part) => part.isComplete)).toBe(true);
    expect(cloud.calls.count('DescribeInstances')).toBe(6);
    expect(cloud.calls.count('DescribeImages')).toBe(2);
  });
});
