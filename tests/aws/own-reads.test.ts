import { expect, test } from 'vitest';
import { createBench } from './fixture.ts';

test('all images of the account are read without a filter, but of no other account', async () => {
  const bench = createBench({ DescribeImages: () => ({ Images: [] }) });

  expect(await bench.run(bench.ec2.ownImages())).toMatchObject({ items: [], isComplete: true });
  expect(bench.calls.map(({ input }) => input)).toEqual([
    { Owners: ['self'], IncludeDisabled: true, MaxResults: 1_000 },
  ]);
});

test('all snapshots of the account are read without a filter, but of no other account', async () => {
  const bench = createBench({ DescribeSnapshots: () => ({ Snapshots: [] }) });

  expect(await bench.run(bench.ec2.ownSnapshots())).toMatchObject({ items: [], isComplete: true });
  expect(bench.calls.map(({ input }) => input)).toEqual([
    { OwnerIds: ['self'], MaxResults: 1_000 },
  ]);
});

test.each([
  ['aws-backup-vault', { ownerAlias: 'aws-backup-vault' }],
  [undefined, {}],
])('an image whose owner is called %s says so', async (ImageOwnerAlias, said) => {
  const image = { ImageId: 'ami-1', State: 'available', CreationDate: '2026-11-21T02:00:00.000Z' };
  const bench = createBench({
    DescribeImages: () => ({ Images: [{ ...image, ImageOwnerAlias }] }),
  });

  const { items } = await bench.run(bench.ec2.ownImages());

  expect(items.map(({ ownerAlias }) => ({ ...(ownerAlias && { ownerAlias }) }))).toEqual([said]);
});
