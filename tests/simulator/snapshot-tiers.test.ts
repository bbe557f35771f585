import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  type Bench,
  codeOf,
  createBench,
  HOME,
  HOUR,
  listen,
  makeImage,
  MINUTE,
} from './fixture.ts';

const DAY = 24 * HOUR;
const SNAPSHOT_EVENTS = 'EBS Snapshot Notification';

const newSnapshot = (bench: Bench): string => {
  const Filters = [{ Name: 'attachment.instance-id', Values: [bench.id('web-1')] }];
  const [volume] = bench.cloud.ec2.DescribeVolumes({ Filters }, bench.home()).Volumes ?? [];
  const input = { VolumeId: volume?.VolumeId };
  return bench.cloud.ec2.CreateSnapshot(input, bench.home()).SnapshotId ?? '';
};

const withSnapshot = async (manners = {}) => {
  const bench = createBench(manners);
  const id = newSnapshot(bench);
  await bench.pass(10 * MINUTE);
  return { bench, id };
};

const archive = (bench: Bench, SnapshotId: string) =>
  bench.cloud.ec2.ModifySnapshotTier({ SnapshotId, StorageTier: 'archive' }, bench.home());

const restore = (bench: Bench, SnapshotId: string, how: object) =>
  bench.cloud.ec2.RestoreSnapshotTier({ SnapshotId, ...how }, bench.home());

const tier = (bench: Bench, id: string) =>
  bench.cloud.ec2.DescribeSnapshots({ SnapshotIds: [id] }, bench.home()).Snapshots?.[0];

const copy = (bench: Bench, SourceSnapshotId: string) =>
  codeOf(() => bench.cloud.ec2.CopySnapshot({ SourceSnapshotId, SourceRegion: HOME }, bench.dr()));

const status = (bench: Bench, id: string) =>
  bench.cloud.ec2.DescribeSnapshotTierStatus(
    { Filters: [{ Name: 'snapshot-id', Values: [id] }] },
    bench.home(),
  ).SnapshotTierStatuses?.[0];

describe('an archived snapshot', () => {
  it('can be used until it is in the archive, and then no more', async () => {
    const { bench, id } = await withSnapshot();
    const heard = listen(bench, HOME, SNAPSHOT_EVENTS);
    archive(bench, id);
    expect(status(bench, id)).toMatchObject({
      StorageTier: 'standard',
      LastTieringOperationStatus: 'archival-in-progress',
      LastTieringProgress: 0,
    });
    expect(copy(bench, id)).toBe('none');
    await bench.pass(HOUR);
    expect(tier(bench, id)?.StorageTier).toBe('archive');
    expect(status(bench, id)).toMatchObject({
      StorageTier: 'archive',
      LastTieringOperationStatus: 'archival-completed',
      LastTieringProgress: 100,
      ArchivalCompleteTime: new Date('2026-11-21T04:10:00.000Z'),
    });
    expect(copy(bench, id)).toBe('IncorrectState');
    await bench.pass(MINUTE);
    expect(heard.map((event) => event.detail)).toMatchObject([
      {
        event: 'archiveSnapshot',
        result: 'succeeded',
        snapshot_id: `arn:aws:ec2:eu-central-1::snapshot/${id}`,
      },
    ]);
  });

  it('is no longer shared', async () => {
    const { bench, id } = await withSnapshot();
    const permission = {
      SnapshotId: id,
      CreateVolumePermission: { Add: [{ UserId: '999988887777' }] },
    };
    bench.cloud.ec2.ModifySnapshotAttribute(permission, bench.home());
    archive(bench, id);
    await bench.pass(2 * HOUR);
    const attribute = { SnapshotId: id, Attribute: 'createVolumePermission' } as const;
    expect(
      bench.cloud.ec2.DescribeSnapshotAttribute(attribute, bench.home()).CreateVolumePermissions,
    ).toEqual([]);
    expect(codeOf(() => bench.cloud.ec2.ModifySnapshotAttribute(permission, bench.home()))).toBe(
      'IncorrectState',
    );
  });

  it('comes back for good when it is restored permanently', async () => {
    const { bench, id } = await withSnapshot();
    archive(bench, id);
    await bench.pass(2 * HOUR);
    expect(restore(bench, id, { PermanentRestore: true })).toMatchObject({
      IsPermanentRestore: true,
      RestoreDuration: undefined,
    });
    await bench.pass(23 * HOUR);
    expect(tier(bench, id)?.StorageTier).toBe('archive');
    await bench.pass(HOUR);
    expect(tier(bench, id)?.StorageTier).toBe('standard');
    expect(copy(bench, id)).toBe('none');
    expect(codeOf(() => restore(bench, id, {}))).toBe('IncorrectState');
  });

  it('comes back for some days when it is restored for those, which can be changed', async () => {
    const { bench, id } = await withSnapshot();
    const heard = listen(bench, HOME, SNAPSHOT_EVENTS);
    archive(bench, id);
    await bench.pass(2 * HOUR);
    restore(bench, id, { TemporaryRestoreDays: 2 });
    await bench.pass(DAY);
    expect(tier(bench, id)).toMatchObject({
      StorageTier: 'standard',
      RestoreExpiryTime: new Date('2026-11-24T05:10:00.000Z'),
    });
    restore(bench, id, { TemporaryRestoreDays: 5 });
    await bench.pass(4 * DAY);
    expect(copy(bench, id)).toBe('none');
    await bench.pass(DAY);
    expect(tier(bench, id)?.StorageTier).toBe('archive');
    expect(copy(bench, id)).toBe('IncorrectState');
    await bench.pass(MINUTE);
    expect(heard.map((event) => event.detail.event)).toEqual([
      'archiveSnapshot',
      'temporaryRestoreSnapshot',
      'temporaryRestoreSnapshot',
      'restoreExpiry',
    ]);
  });

  it.each([
    [{ TemporaryRestoreDays: 181 }, 'InvalidParameterValue'],
    [{ TemporaryRestoreDays: 1, PermanentRestore: true }, 'InvalidParameterCombination'],
    [{}, 'none'],
  ])('is restored by %j with %s', async (how, code) => {
    const { bench, id } = await withSnapshot();
    archive(bench, id);
    await bench.pass(2 * HOUR);
    expect(codeOf(() => restore(bench, id, how))).toBe(code);
  });
});

describe('ModifySnapshotTier', () => {
  it('waits until every image of a snapshot is disabled', async () => {
    const bench = createBench();
    const ImageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [row] =
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.home()).Snapshots ?? [];
    const id = row?.SnapshotId ?? '';
    expect(codeOf(() => archive(bench, id))).toBe('IncorrectState');
    bench.cloud.ec2.DisableImage({ ImageId }, bench.home());
    expect(codeOf(() => archive(bench, id))).toBe('none');
  });

  it.each(['IncorrectState', 'UnsupportedOperation'])(
    'refuses a pending snapshot, and one that is archived, with the code of the manners: %s',
    async (snapshotTierCode) => {
      const { bench, id } = await withSnapshot({ snapshotTierCode });
      expect(codeOf(() => archive(bench, newSnapshot(bench)))).toBe(snapshotTierCode);
      archive(bench, id);
      expect(codeOf(() => archive(bench, id))).toBe(snapshotTierCode);
    },
  );

  it('keeps to the quotas', async () => {
    const { bench, id } = await withSnapshot({
      concurrentArchives: 1,
      archivedSnapshotsPerVolume: 2,
    });
    const [second, third] = [newSnapshot(bench), newSnapshot(bench)];
    await bench.pass(10 * MINUTE);
    archive(bench, id);
    expect(codeOf(() => archive(bench, second))).toBe('ResourceLimitExceeded');
    await bench.pass(2 * HOUR);
    archive(bench, second);
    await bench.pass(2 * HOUR);
    expect(codeOf(() => archive(bench, third))).toBe('ResourceLimitExceeded');
  });

  it('knows no tier but the archive', async () => {
    const { bench, id } = await withSnapshot();
    const input = { SnapshotId: id, StorageTier: 'standard' as 'archive' };
    expect(codeOf(() => bench.cloud.ec2.ModifySnapshotTier(input, bench.home()))).toBe(
      'InvalidParameterValue',
    );
    const missing = { SnapshotId: id };
    expect(codeOf(() => bench.cloud.ec2.ModifySnapshotTier(missing, bench.home()))).toBe(
      'MissingParameter',
    );
  });
});

describe('a locked snapshot', () => {
  const lock = (bench: Bench, SnapshotId: string, how: object) =>
    bench.cloud.ec2.LockSnapshot(
      { SnapshotId, ...(how as { LockMode: 'governance' }) },
      bench.home(),
    );
  const remove = (bench: Bench, SnapshotId: string) =>
    codeOf(() => bench.cloud.ec2.DeleteSnapshot({ SnapshotId }, bench.home()));
  const stateOf = (bench: Bench, id: string) =>
    bench.cloud.ec2.DescribeLockedSnapshots({ SnapshotIds: [id] }, bench.home()).Snapshots?.[0]
      ?.LockState;

  it.each(['OperationNotPermitted', 'SnapshotLocked'])(
    'cannot be deleted until its lock expires: %s',
    async (lockedSnapshotCode) => {
      const { bench, id } = await withSnapshot({ lockedSnapshotCode });
      const locked = lock(bench, id, { LockMode: 'governance', LockDuration: 1 });
      expect(locked).toMatchObject({
        LockState: 'governance',
        LockExpiresOn: new Date('2026-11-22T03:10:00.000Z'),
      });
      expect(remove(bench, id)).toBe(lockedSnapshotCode);
      await bench.pass(DAY);
      expect(stateOf(bench, id)).toBe('expired');
      expect(remove(bench, id)).toBe('none');
    },
  );

  it('in governance mode can be unlocked, and its lock made shorter', async () => {
    const { bench, id } = await withSnapshot();
    lock(bench, id, { LockMode: 'governance', LockDuration: 9 });
    expect(codeOf(() => lock(bench, id, { LockMode: 'governance', LockDuration: 1 }))).toBe('none');
    bench.cloud.ec2.UnlockSnapshot({ SnapshotId: id }, bench.home());
    expect(stateOf(bench, id)).toBeUndefined();
    expect(remove(bench, id)).toBe('none');
  });

  it('in compliance mode can be unlocked while it cools off, and after that only made longer', async () => {
    const { bench, id } = await withSnapshot();
    const compliance = { LockMode: 'compliance', LockDuration: 9 };
    lock(bench, id, { ...compliance, CoolOffPeriod: 2 });
    expect(stateOf(bench, id)).toBe('compliance-cooloff');
    await bench.pass(2 * HOUR);
    expect(stateOf(bench, id)).toBe('compliance');
    expect(codeOf(() => bench.cloud.ec2.UnlockSnapshot({ SnapshotId: id }, bench.home()))).toBe(
      'OperationNotPermitted',
    );
    const change = (how: object) => codeOf(() => lock(bench, id, { ...compliance, ...how }));
    expect(change({ LockDuration: 1 })).toBe('OperationNotPermitted');
    expect(change({ LockMode: 'governance' })).toBe('OperationNotPermitted');
    expect(change({ CoolOffPeriod: 1 })).toBe('OperationNotPermitted');
    expect(change({ LockDuration: 10 })).toBe('none');
  });

  it('that is pending counts its days from its completion', () => {
    const bench = createBench();
    const id = newSnapshot(bench);
    const locked = lock(bench, id, { LockMode: 'governance', LockDuration: 1 });
    expect(locked.LockExpiresOn).toBeUndefined();
    expect(remove(bench, id)).toBe('OperationNotPermitted');
    expect(bench.cloud.ec2.DescribeLockedSnapshots({}, bench.home()).Snapshots).toMatchObject([
      { SnapshotId: id, OwnerId: ACCOUNT, LockDuration: 1 },
    ]);
  });

  it.each([
    [{ LockMode: 'governance' }, 'MissingParameter'],
    [{ LockMode: 'tight', LockDuration: 1 }, 'InvalidParameterValue'],
    [{ LockMode: 'governance', LockDuration: 0 }, 'InvalidParameterValue'],
    [{ LockMode: 'governance', LockDuration: 36_501 }, 'InvalidParameterValue'],
    [{ LockMode: 'compliance', LockDuration: 1, CoolOffPeriod: 73 }, 'InvalidParameterValue'],
    [{ LockMode: 'governance', LockDuration: 1, CoolOffPeriod: 1 }, 'InvalidParameterCombination'],
    [
      { LockMode: 'governance', LockDuration: 1, ExpirationDate: new Date('2027-01-01') },
      'InvalidParameterCombination',
    ],
    [{ LockMode: 'governance', ExpirationDate: new Date('2026-01-01') }, 'InvalidParameterValue'],
  ])('is not made by %j: %s', async (how, code) => {
    const { bench, id } = await withSnapshot();
    expect(codeOf(() => lock(bench, id, how))).toBe(code);
  });
});
