/** DescribeSnapshots and DeleteSnapshot. The state of a snapshot follows from the time alone. */
import type {
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { assertShape, notFound, SNAPSHOT } from './ids.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import type { SnapshotRow } from './rows.ts';
import { tagsOut } from './tags.ts';

const GIB = 1_073_741_824;

export const snapshotStateOf = (
  row: SnapshotRow,
  nowMs: number,
): 'pending' | 'completed' | 'error' => {
  if (row.endsAtMs > nowMs) return 'pending';
  return row.error === undefined ? 'completed' : 'error';
};

/** Percent, as text; never 100 before it is completed. */
const progressOf = (row: SnapshotRow, nowMs: number): string => {
  const state = snapshotStateOf(row, nowMs);
  if (state === 'completed') return '100%';
  const endMs = Math.min(row.endsAtMs, nowMs + 1e12);
  const part = (Math.min(nowMs, endMs) - row.startedAtMs) / Math.max(1, endMs - row.startedAtMs);
  return `${Math.min(99, Math.floor(part * 100))}%`;
};

const facets = (nowMs: number): Facets<SnapshotRow> => ({
  'snapshot-id': (row) => [row.snapshotId],
  'volume-id': (row) => [row.volumeId],
  'volume-size': (row) => [String(row.sizeGib)],
  'owner-id': (row) => [row.ownerId],
  description: (row) => [row.description],
  encrypted: (row) => [String(row.encrypted)],
  progress: (row) => [progressOf(row, nowMs)],
  status: (row) => [snapshotStateOf(row, nowMs)],
  'start-time': (row) => [isoOf(row.startedAtMs)],
  'storage-tier': () => ['standard'],
});

const snapshotOut = (row: SnapshotRow, nowMs: number): Snapshot => {
  const state = snapshotStateOf(row, nowMs);
  return {
    SnapshotId: row.snapshotId,
    OwnerId: row.ownerId,
    VolumeId: row.volumeId,
    VolumeSize: row.sizeGib,
    Description: row.description,
    StartTime: new Date(row.startedAtMs),
    State: state,
    StateMessage: state === 'error' ? row.error : undefined,
    Progress: progressOf(row, nowMs),
    CompletionTime: state === 'completed' ? new Date(row.endsAtMs) : undefined,
    Encrypted: row.encrypted,
    KmsKeyId: row.kmsKeyId,
    StorageTier: 'standard',
    FullSnapshotSizeInBytes: state === 'completed' ? row.sizeGib * GIB : undefined,
    Tags: tagsOut(row.tags),
  };
};

/** The caller's snapshot of that id. */
export const findSnapshot = (ec2: Ec2, id: string | undefined, call: Call): SnapshotRow => {
  assertShape(SNAPSHOT, id ?? '');
  const row = ec2.store(call.region).snapshots.get(id ?? '');
  if (row?.ownerId === call.account) return row;
  throw notFound(SNAPSHOT, [id ?? '']);
};

const candidates = (ec2: Ec2, input: DescribeSnapshotsRequest, call: Call): SnapshotRow[] => {
  const isVisible = (row: SnapshotRow): boolean =>
    row.ownerId === call.account && row.visibleAtMs <= call.nowMs;
  if (input.SnapshotIds === undefined || input.SnapshotIds.length === 0) {
    return [...ec2.store(call.region).snapshots.values()].filter(isVisible);
  }
  const rows = input.SnapshotIds.map((id) => findSnapshot(ec2, id, call));
  const hidden = rows.find((row) => !isVisible(row));
  if (hidden !== undefined) throw notFound(SNAPSHOT, [hidden.snapshotId]);
  return [...new Set(rows)];
};

/** Deletes and tells the observers; checks nothing. */
export const removeSnapshot = (ec2: Ec2, snapshotId: string, call: Call): void => {
  ec2.store(call.region).deleteSnapshot(snapshotId);
  ec2.kernel.hooks.tell('snapshotDeleted', {
    atMs: call.nowMs,
    account: call.account,
    region: call.region,
    snapshotId,
  });
};

export const snapshotOperations = (ec2: Ec2) => ({
  /** The caller's own snapshots only: none is ever shared here. */
  DescribeSnapshots: (input: DescribeSnapshotsRequest, call: Call): DescribeSnapshotsResult => {
    assertNoIdsWithPage(input, input.SnapshotIds, 'snapshotIds');
    const holds = compileFilters(input.Filters, facets(call.nowMs));
    const owners = input.OwnerIds?.map((owner) => (owner === 'self' ? call.account : owner));
    const rows = candidates(ec2, input, call).filter(
      (row) => (owners === undefined || owners.includes(row.ownerId)) && holds(row),
    );
    const bounds = { min: 5, max: 1_000 };
    const page = pageOf(ec2.kernel, rows, (row) => row.snapshotId, input, bounds);
    return {
      Snapshots: page.rows.map((row) => snapshotOut(row, call.nowMs)),
      NextToken: page.nextToken,
    };
  },

  /** Refused while an image of any state, a disabled one too, is built on it. */
  DeleteSnapshot: (input: DeleteSnapshotRequest, call: Call): void => {
    const row = findSnapshot(ec2, input.SnapshotId, call);
    const [user] = ec2.store(call.region).imagesOn(row.snapshotId);
    if (user !== undefined) {
      throw new ApiError(
        'InvalidSnapshot.InUse',
        `The snapshot ${row.snapshotId} is currently in use by ${user}`,
      );
    }
    removeSnapshot(ec2, row.snapshotId, call);
  },
});
