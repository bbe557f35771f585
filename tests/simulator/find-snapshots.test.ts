import { describe, expect, it } from 'vitest';
import { codeOf, createBench, HOME, makeImage, MINUTE } from './fixture.ts';
import { describeOne, snapshotOf } from './snapshot-fixture.ts';

const OTHER = '999988887777';

describe('DescribeSnapshots', () => {
  it('fails as a whole for one id that is malformed or unknown', () => {
    const bench = createBench();
    const id = snapshotOf(bench);
    const ask = (SnapshotIds: string[]) =>
      codeOf(() => bench.cloud.ec2.DescribeSnapshots({ SnapshotIds }, bench.home()));
    expect(ask([id, 'snap-0123456789abcdef0'])).toBe('InvalidSnapshot.NotFound');
    expect(ask([id, 'snap-xyz'])).toBe('InvalidParameterValue');
    expect(ask([id])).toBe('none');
  });

  it.each([
    ['not-found', 'InvalidSnapshot.NotFound'],
    ['left-out', 'none'],
  ] as const)('answers the id of a stranger with %s', (strangersById, code) => {
    const bench = createBench({ strangersById });
    const SnapshotIds = [snapshotOf(bench)];
    const other = bench.cloud.callAs(OTHER, HOME);
    expect(codeOf(() => bench.cloud.ec2.DescribeSnapshots({ SnapshotIds }, other))).toBe(code);
    const missing = ['snap-0123456789abcdef0'];
    expect(codeOf(() => bench.cloud.ec2.DescribeSnapshots({ SnapshotIds: missing }, other))).toBe(
      'InvalidSnapshot.NotFound',
    );
  });

  it('gives pages, and each snapshot once', () => {
    const bench = createBench({ pendingSnapshotsPerVolume: 12 });
    const made = Array.from({ length: 12 }, () => snapshotOf(bench));
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const input = { OwnerIds: ['self'], MaxResults: 5, NextToken };
      const page = bench.cloud.ec2.DescribeSnapshots(input, bench.home());
      seen.push(...(page.Snapshots ?? []).map((one) => one.SnapshotId ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(made.toSorted());
  });

  it.each([
    ['status', 'pending', 1],
    ['status', 'completed', 1],
    ['volume-size', '12', 2],
    ['description', 'second*', 1],
    ['start-time', '2026-11-21T03:10*', 1],
    ['progress', '100%', 1],
    ['storage-tier', 'standard', 2],
    ['transfer-type', 'standard', 0],
    ['owner-alias', 'amazon', 0],
    ['encrypted', 'true', 0],
    ['tag:a', '1', 1],
    ['tag-key', 'a', 1],
  ])('finds by %s: %s', async (Name, value, count) => {
    const bench = createBench();
    snapshotOf(bench);
    await bench.pass(10 * MINUTE);
    const TagSpecifications = [{ ResourceType: 'snapshot', Tags: [{ Key: 'a', Value: '1' }] }];
    snapshotOf(bench, 'web-1', { Description: 'second one', TagSpecifications });
    const Filters = [{ Name, Values: [value] }];
    const input = { OwnerIds: ['self'], Filters };
    expect(bench.cloud.ec2.DescribeSnapshots(input, bench.home()).Snapshots).toHaveLength(count);
  });

  it('refuses a filter that it does not know', () => {
    const bench = createBench();
    const Filters = [{ Name: 'snapshot-type', Values: ['x'] }];
    expect(codeOf(() => bench.cloud.ec2.DescribeSnapshots({ Filters }, bench.home()))).toBe(
      'InvalidParameterValue',
    );
  });
});

describe('DeleteSnapshot', () => {
  it('is refused while an image, even a disabled one, is built on it', async () => {
    const bench = createBench();
    const ImageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    bench.cloud.ec2.DisableImage({ ImageId }, bench.home());
    const [row] =
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.home()).Snapshots ?? [];
    const input = { SnapshotId: row?.SnapshotId };
    expect(codeOf(() => bench.cloud.ec2.DeleteSnapshot(input, bench.home()))).toBe(
      'InvalidSnapshot.InUse',
    );
    bench.cloud.ec2.DeregisterImage({ ImageId }, bench.home());
    expect(codeOf(() => bench.cloud.ec2.DeleteSnapshot(input, bench.home()))).toBe('none');
    expect(codeOf(() => describeOne(bench, row?.SnapshotId ?? ''))).toBe(
      'InvalidSnapshot.NotFound',
    );
  });

  it('of a pending snapshot takes effect when it is completed', async () => {
    const bench = createBench();
    const id = snapshotOf(bench);
    bench.cloud.ec2.DeleteSnapshot({ SnapshotId: id }, bench.home());
    await bench.pass(4 * MINUTE);
    expect(describeOne(bench, id)?.State).toBe('pending');
    await bench.pass(MINUTE);
    expect(codeOf(() => describeOne(bench, id))).toBe('InvalidSnapshot.NotFound');
  });
});
