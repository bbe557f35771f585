/** How many snapshots there may be, and how fast they may be begun. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { SnapshotRow, VolumeRow } from './rows.ts';

/** Volumes on magnetic disks: Amazon EBS User Guide, "Quotas for Amazon EBS". */
const SLOW_TYPES = ['st1', 'sc1'];

const recentOf = (ec2: Ec2, volume: VolumeRow, call: Call): SnapshotRow[] =>
  (volume.recentSnapshotIds ?? []).flatMap((id) => ec2.store(call.region).snapshots.get(id) ?? []);

const isUnfinished = (ec2: Ec2, row: SnapshotRow, nowMs: number): boolean =>
  row.endsAtMs > nowMs ||
  (row.error !== undefined && ec2.kernel.manners().brokenSnapshotsCountAsPending);

/** One that was begun later than the call is made does not count: worlds are built backwards too. */
const isYounger = (row: SnapshotRow, ageMs: number, { nowMs }: Call): boolean =>
  row.startedAtMs <= nowMs && nowMs - row.startedAtMs < ageMs;

/**
 * @throws ApiError `SnapshotCreationPerVolumeRateExceeded` too soon after another one of the volume,
 * `ConcurrentSnapshotLimitExceeded` while too many of it are unfinished
 */
const assertVolumeIsFree = (ec2: Ec2, volume: VolumeRow, call: Call): void => {
  const { snapshotIntervalMs, pendingSnapshotsPerVolume } = ec2.kernel.manners();
  const recent = recentOf(ec2, volume, call);
  if (recent.some((row) => isYounger(row, snapshotIntervalMs, call))) {
    throw new ApiError(
      'SnapshotCreationPerVolumeRateExceeded',
      'The maximum per volume CreateSnapshot request rate has been exceeded. ' +
        'Use an increasing or variable sleep interval between requests.',
    );
  }
  const max = SLOW_TYPES.includes(volume.shape.volumeType) ? 1 : pendingSnapshotsPerVolume;
  if (recent.filter((row) => isUnfinished(ec2, row, call.nowMs)).length < max) return;
  throw new ApiError(
    'ConcurrentSnapshotLimitExceeded',
    'Maximum allowed in-progress snapshots for a single volume exceeded.',
  );
};

/** Counts only once there are enough rows, of all accounts, for the quota to be reached. */
const assertUnder = (
  rows: ReadonlyMap<string, SnapshotRow>,
  quota: number,
  code: string,
  counts: (row: SnapshotRow) => boolean,
): void => {
  if (rows.size < quota || [...rows.values()].filter(counts).length < quota) return;
  throw new ApiError(code, `The limit of ${quota} snapshots is reached`);
};

/**
 * Whether snapshots of these volumes may be begun now.
 * @throws ApiError `SnapshotLimitExceeded`, `PendingSnapshotLimitExceeded`, or one of a volume's own
 */
export const assertSnapshotsAllowed = (
  ec2: Ec2,
  volumes: readonly VolumeRow[],
  call: Call,
): void => {
  const { snapshotQuota, pendingSnapshotQuota } = ec2.kernel.manners();
  const { snapshots } = ec2.store(call.region);
  const isOwn = (row: SnapshotRow): boolean => row.ownerId === call.account;
  const isPending = (row: SnapshotRow): boolean => isOwn(row) && row.endsAtMs > call.nowMs;
  assertUnder(snapshots, snapshotQuota, 'SnapshotLimitExceeded', isOwn);
  assertUnder(snapshots, pendingSnapshotQuota, 'PendingSnapshotLimitExceeded', isPending);
  for (const volume of volumes) assertVolumeIsFree(ec2, volume, call);
};

/** Remembers a snapshot of the volume, and forgets those that no longer count. */
export const noteSnapshot = (
  ec2: Ec2,
  volume: VolumeRow,
  snapshot: SnapshotRow,
  call: Call,
): void => {
  const { snapshotIntervalMs } = ec2.kernel.manners();
  const recent = recentOf(ec2, volume, call).filter(
    (row) => isUnfinished(ec2, row, call.nowMs) || isYounger(row, snapshotIntervalMs, call),
  );
  ec2.store(call.region).beforeChange();
  volume.recentSnapshotIds = [...recent.map((row) => row.snapshotId), snapshot.snapshotId];
};
