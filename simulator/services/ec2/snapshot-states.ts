/** What a snapshot is at an instant: all of it follows from its row and the time alone. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { SnapshotRow } from './rows.ts';
import type { RegionStore } from './store.ts';

export const snapshotStateOf = (
  row: SnapshotRow,
  nowMs: number,
): 'pending' | 'completed' | 'error' => {
  if (row.endsAtMs > nowMs) return 'pending';
  return row.error === undefined ? 'completed' : 'error';
};

/** Percent, as text; never 100 before it is completed. */
export const progressOf = (row: SnapshotRow, nowMs: number): string => {
  const state = snapshotStateOf(row, nowMs);
  if (state === 'completed') return '100%';
  const endMs = Math.min(row.endsAtMs, nowMs + 1e12);
  const part = (Math.min(nowMs, endMs) - row.startedAtMs) / Math.max(1, endMs - row.startedAtMs);
  return `${Math.min(99, Math.floor(part * 100))}%`;
};

/**
 * Where a snapshot is: in the archive while it is not restored, also while it is being restored; one
 * that is being archived can still be used.
 */
export const tierOf = (
  { tiering }: SnapshotRow,
  nowMs: number,
): 'standard' | 'temporarily-restored' | 'archive' => {
  if (tiering === undefined) return 'standard';
  const { operation, endsAtMs, restoreExpiresAtMs } = tiering;
  const isOver = endsAtMs <= nowMs;
  if (operation === 'archival') return isOver ? 'archive' : 'standard';
  if (!isOver) return 'archive';
  if (operation === 'permanent-restore') return 'standard';
  return (restoreExpiresAtMs ?? 0) > nowMs ? 'temporarily-restored' : 'archive';
};

/** Whether an account that does not own it may make volumes and copies of it. */
const isSharedWith = (store: RegionStore, row: SnapshotRow, account: string, nowMs: number) => {
  if (tierOf(row, nowMs) === 'archive') return false;
  if (row.createVolumePermissions.has(account)) return true;
  return row.isPublic && store.ebs.snapshotAccess.get(row.ownerId) !== 'block-all-sharing';
};

/** Whether the caller may see and use it: its own, or one that is shared. */
export const maySeeSnapshot = (store: RegionStore, row: SnapshotRow, call: Call): boolean =>
  row.ownerId === call.account || isSharedWith(store, row, call.account, call.nowMs);

/** @throws ApiError unless the data of the snapshot can be read now, for a volume or a copy. */
export const assertReadable = (ec2: Ec2, row: SnapshotRow, nowMs: number): void => {
  const { snapshotStateCode, snapshotTierCode } = ec2.kernel.manners();
  const state = snapshotStateOf(row, nowMs);
  if (state !== 'completed') {
    throw new ApiError(snapshotStateCode, `Snapshot is in invalid state - ${state}`);
  }
  if (tierOf(row, nowMs) !== 'archive') return;
  throw new ApiError(
    snapshotTierCode,
    `The snapshot ${row.snapshotId} is archived. Restore it to the standard tier first.`,
  );
};

export type LockState = 'compliance-cooloff' | 'compliance' | 'governance' | 'expired';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** When the days of a lock begin: not before the snapshot is completed. */
export const lockStartOf = ({ lock, endsAtMs }: SnapshotRow): number =>
  Math.max(lock?.createdAtMs ?? 0, endsAtMs);

/** When a lock expires, as far as that is known. */
export const lockEndOf = (row: SnapshotRow): number =>
  row.lock?.expiresAtMs ?? lockStartOf(row) + (row.lock?.durationDays ?? 0) * DAY_MS;

export const coolOffEndOf = ({ lock }: SnapshotRow): number =>
  (lock?.createdAtMs ?? 0) + (lock?.coolOffHours ?? 0) * HOUR_MS;

/** Undefined if it was never locked, if it was unlocked, or if its creation failed. */
export const lockStateOf = (row: SnapshotRow, nowMs: number): LockState | undefined => {
  if (row.lock === undefined || snapshotStateOf(row, nowMs) === 'error') return undefined;
  if (lockEndOf(row) <= nowMs) return 'expired';
  if (row.lock.mode === 'governance') return 'governance';
  return coolOffEndOf(row) > nowMs ? 'compliance-cooloff' : 'compliance';
};

/** Whether a lock forbids to delete it. */
export const isLocked = (row: SnapshotRow, nowMs: number): boolean => {
  const state = lockStateOf(row, nowMs);
  return state !== undefined && state !== 'expired';
};
