import { describe, expect, test } from 'vitest';
import { readCatalog, toRequest } from '../../shared/aws/catalog.ts';
import { createLimiter } from '../../shared/aws/limiter.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { createBench, HOME } from './fixture.ts';

describe('what EC2 is asked', () => {
  test('for own images, if nothing is said', () => {
    expect(toRequest({ tags: {} })).toEqual({
      Owners: ['self'],
      IncludeDisabled: true,
      Filters: [],
    });
  });

  test('with every filter that it has', () => {
    expect(
      toRequest({
        system: 'windows',
        platform: 'Windows*',
        architecture: 'x86_64',
        rootDevice: 'ebs',
        owner: 'amazon',
        productCode: 'abc',
        name: String.raw`win\*`,
        state: 'available',
        tags: { stack: ['prod*', 'test'] },
      }),
    ).toEqual({
      Owners: ['amazon'],
      IncludeDisabled: true,
      Filters: [
        { Name: 'platform', Values: ['windows'] },
        { Name: 'platform-details', Values: ['Windows*'] },
        { Name: 'architecture', Values: ['x86_64'] },
        { Name: 'root-device-type', Values: ['ebs'] },
        { Name: 'product-code', Values: ['abc'] },
        { Name: 'name', Values: [String.raw`win\\*`] },
        { Name: 'state', Values: ['available'] },
        { Name: 'tag:stack', Values: ['prod*', 'test'] },
      ],
    });
  });

  test('for linux with no filter: EC2 has none for whatever is not Windows', () => {
    expect(toRequest({ system: 'linux', tags: {} }).Filters).toEqual([]);
  });

  test('for what is shared, public, or of the community, of any owner', () => {
    expect(toRequest({ permission: 'shared', tags: {} })).toEqual({
      ExecutableUsers: ['self'],
      IncludeDisabled: true,
      Filters: [],
    });
    const isPublic = [
      { Name: 'is-public', Values: ['true'] },
      { Name: 'name', Values: ['ubuntu*'] },
    ];
    expect(toRequest({ permission: 'public', name: 'ubuntu*', tags: {} })).toEqual({
      IncludeDisabled: true,
      Filters: isPublic,
    });
    expect(toRequest({ owner: 'community', name: 'ubuntu*', tags: {} })).toEqual({
      IncludeDisabled: true,
      Filters: isPublic,
    });
  });

  test('for own ones, whoever else is named', () => {
    expect(toRequest({ permission: 'own', owner: 'community', tags: {} }).Owners).toEqual(['self']);
  });
});

test('a list that breaks off is not whole, and what was read of it counts', async () => {
  const bench = createBench({
    DescribeImages: (_input, count) => {
      if (count === 2) throw new ApiError('UnauthorizedOperation', 'No.', 403);
      return { Images: [IMAGE], NextToken: 'more' };
    },
  });
  const limiter = createLimiter({ ...bench.connection, sharePercent: 50 });

  const part = await bench.run(readCatalog(bench.connection, limiter, HOME, { tags: {} }));

  expect([part.isComplete, part.items.map(({ id }) => id)]).toEqual([false, ['ami-1']]);
  expect(part.problem).toContain('UnauthorizedOperation');
  expect(bench.calls.map(({ input }) => [input['NextToken'], input['MaxResults']])).toEqual([
    [undefined, 1_000],
    ['more', 1_000],
  ]);
});

const IMAGE = {
  ImageId: 'ami-1',
  State: 'available',
  OwnerId: HOME.account,
  CreationDate: '2026-11-21T02:00:00.000Z',
};
