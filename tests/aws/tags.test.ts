import { describe, expect, test } from 'vitest';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Bench, createBench } from './fixture.ts';

const TAGS = { Name: 'web', 'imago:slot': '2026-11-21T02-00-00Z' };

const snapshots = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `snap-${index}`);

interface Request {
  readonly Resources: readonly string[];
}

/** An EC2 that refuses a call which holds any of these ids. */
const refusing = (bad: readonly string[], code = 'InvalidSnapshot.NotFound'): Bench =>
  createBench({
    CreateTags: (input) => {
      const { Resources } = input as unknown as Request;
      const found = Resources.find((id) => bad.includes(id));
      if (found !== undefined) throw new ApiError(code, `${found} is bad`);
      return {};
    },
  });

/** How many resources each call had. */
const sizes = ({ calls }: Bench): readonly number[] =>
  calls.map(({ input }) => (input as unknown as Request).Resources.length);

const write = (bench: Bench, ids: readonly string[]) => bench.run(bench.ec2.createTags(ids, TAGS));

describe('writing tags', () => {
  test('takes one call for a thousand resources', async () => {
    const bench = refusing([]);

    expect(await write(bench, ['ami-1', ...snapshots(999)])).toEqual([]);
    expect(bench.calls).toEqual([
      {
        action: 'CreateTags',
        region: 'eu-central-1',
        afterMs: 0,
        input: {
          Resources: ['ami-1', ...snapshots(999)],
          Tags: [
            { Key: 'Name', Value: 'web' },
            { Key: 'imago:slot', Value: '2026-11-21T02-00-00Z' },
          ],
        },
      },
    ]);
  });

  test.each(['InvalidSnapshot.NotFound', 'InvalidAMIID.NotFound'])(
    'finds the one that fails all others with %s by halves, and writes on those',
    async (code) => {
      const bench = refusing(['snap-5'], code);

      expect(await write(bench, snapshots(8))).toEqual([
        { resourceId: 'snap-5', failure: { kind: 'not-found', code, message: 'snap-5 is bad' } },
      ]);
      expect(sizes(bench)).toEqual([8, 4, 4, 2, 1, 1, 2]);
    },
  );

  test('names each of several that fail, in their order', async () => {
    const bench = refusing(['snap-0', 'snap-2', 'snap-6']);

    const untagged = await write(bench, snapshots(7));

    expect(untagged.map(({ resourceId }) => resourceId)).toEqual(['snap-0', 'snap-2', 'snap-6']);
    expect(sizes(bench)).toEqual([7, 4, 2, 1, 1, 2, 1, 1, 3, 2, 1]);
  });

  test('finds one that has no room for another tag, which is no reason to stop', async () => {
    const bench = refusing(['snap-1'], 'TagLimitExceeded');

    expect(await write(bench, snapshots(2))).toEqual([
      {
        resourceId: 'snap-1',
        failure: { kind: 'unknown', code: 'TagLimitExceeded', message: 'snap-1 is bad' },
      },
    ]);
  });

  test.each([
    ['UnauthorizedOperation', 'denied'],
    ['ConcurrentTagAccess', 'busy'],
    ['InvalidParameterValue', 'unknown'],
  ])('does not try halves after %s, which fails them as well', async (code, kind) => {
    const bench = refusing(['snap-1'], code);

    const untagged = await write(bench, snapshots(3));

    expect(untagged.map(({ resourceId, failure }) => [resourceId, failure.kind])).toEqual([
      ['snap-0', kind],
      ['snap-1', kind],
      ['snap-2', kind],
    ]);
    expect(bench.calls).toHaveLength(1);
  });

  test('finds one among a thousand in twenty-one calls', async () => {
    const bench = refusing(['snap-613']);

    expect(await write(bench, snapshots(1_000))).toHaveLength(1);
    expect(bench.calls.length).toBeLessThanOrEqual(21);
  });

  test('stops after a hundred calls where too many fail, and leaves the rest for later', async () => {
    const ids = snapshots(1_000);
    const bench = refusing(ids);

    const untagged = await write(bench, ids);

    const gone = untagged.filter(({ failure }) => failure.kind === 'not-found');
    const left = untagged.filter(({ failure }) => failure.kind === 'busy');
    expect(bench.calls).toHaveLength(100);
    expect(gone.length + left.length).toBe(1_000);
    expect(new Set(untagged.map(({ resourceId }) => resourceId)).size).toBe(1_000);
    expect(gone.length).toBeGreaterThan(40);
    expect(left[0]?.failure).toEqual({
      kind: 'busy',
      code: 'InvalidSnapshot.NotFound',
      message: expect.stringMatching(
        /^left after 100 calls, since too many of the batch fail: snap-\d+ is bad$/,
      ),
    });
  });
});
