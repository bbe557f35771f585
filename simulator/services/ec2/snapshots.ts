/** DescribeSnapshots, and how a snapshot is found by its id. */
import type {
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from '@aws-sdk/client-ec2';
import type { Table } from '../../kernel/consistency.ts';
import { isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { assertShape, notFound, SNAPSHOT } from './ids.ts';
import { assertAccountId } from './parameters.ts';
import type { SnapshotRow } from './rows.ts';
import type { RegionStore } from './store.ts';
import { pageOfSelection } from './selection.ts';
import {
  assertReadable,
  maySeeSnapshot,
  progressOf,
  snapshotStateOf,
  tierOf,
} from './snapshot-states.ts';
import { tagsOut } from './tags.ts';

const GIB = 1_073_741_824;

const storageTierOf = (row: SnapshotRow, nowMs: number): 'archive' | 'standard' =>
  tierOf(row, nowMs) === 'archive' ? 'archive' : 'standard';

/** Only of copies. */
const transferTypeOf = ({ copy }: SnapshotRow): 'time-based' | 'standard' | undefined => {
  if (copy === undefined) return undefined;
  return copy.completionDurationMinutes === undefined ? 'standard' : 'time-based';
};

const facets = (nowMs: number): Facets<SnapshotRow> => ({
  'snapshot-id': (row) => [row.snapshotId],
  'volume-id': (row) => [row.volumeId],
  'volume-size': (row) => [String(row.sizeGib)],
  'owner-id': (row) => [row.ownerId],
  'owner-alias': (row) => [row.ownerAlias],
  description: (row) => [row.description],
  encrypted: (row) => [String(row.encrypted)],
  progress: (row) => [progressOf(row, nowMs)],
  status: (row) => [snapshotStateOf(row, nowMs)],
  'start-time': (row) => [isoOf(row.startedAtMs)],
  'storage-tier': (row) => [storageTierOf(row, nowMs)],
  'transfer-type': (row) => [transferTypeOf(row)],
});

/** What all operations that make a snapshot answer, too. */
export const snapshotOut = (row: SnapshotRow, nowMs: number): Snapshot => {
  const state = snapshotStateOf(row, nowMs);
  const isRestored = tierOf(row, nowMs) === 'temporarily-restored';
  const expiryMs = isRestored ? row.tiering?.restoreExpiresAtMs : undefined;
  return {
    SnapshotId: row.snapshotId,
    OwnerId: row.ownerId,
    OwnerAlias: row.ownerAlias,
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
    StorageTier: storageTierOf(row, nowMs),
    RestoreExpiryTime: expiryMs === undefined ? undefined : new Date(expiryMs),
    TransferType: transferTypeOf(row),
    CompletionDurationMinutes: row.copy?.completionDurationMinutes,
    FullSnapshotSizeInBytes: state === 'completed' ? row.sizeGib * GIB : undefined,
    Tags: tagsOut(row.tags),
  };
};

/** A snapshot that the caller sees: its own, or one that is shared with it. */
const findVisible = (ec2: Ec2, region: string, id: string | undefined, call: Call): SnapshotRow => {
  assertShape(SNAPSHOT, id ?? '');
  const store = ec2.store(region);
  const row = store.snapshots.get(id ?? '');
  if (row !== undefined && maySeeSnapshot(store, row, call)) return row;
  throw notFound(SNAPSHOT, [id ?? '']);
};

/** The caller's own snapshot of that id. @throws ApiError `AuthFailure` for one that is shared. */
export const findSnapshot = (ec2: Ec2, id: string | undefined, call: Call): SnapshotRow => {
  const row = findVisible(ec2, call.region, id, call);
  if (row.ownerId === call.account) return row;
  throw new ApiError('AuthFailure', `Not authorized for snapshot:${row.snapshotId}`);
};

/** A snapshot to make a volume or a copy of: seen, completed and not in the archive. */
export const findReadableSnapshot = (
  ec2: Ec2,
  id: string | undefined,
  call: Call,
  region: string = call.region,
): SnapshotRow => {
  const row = findVisible(ec2, region, id, call);
  assertReadable(ec2, row, call.nowMs);
  return row;
};

/** What others see of a snapshot: its tags are its owner's alone. */
const asSeen = (row: SnapshotRow, call: Call): SnapshotRow =>
  row.ownerId === call.account ? row : { ...row, tags: new Map() };

const AMAZON = 'amazon';

const isOwnedBy = (row: SnapshotRow, owner: string, call: Call): boolean => {
  if (owner === 'self') return row.ownerId === call.account;
  return owner === AMAZON ? row.ownerAlias === AMAZON : row.ownerId === owner;
};

/** Another account counts only if it is named, and only for one's own snapshots. */
const isRestorableBy = (row: SnapshotRow, user: string, call: Call): boolean => {
  if (user === 'all') return row.isPublic;
  if (user !== 'self' && user !== call.account) {
    return row.ownerId === call.account && row.createVolumePermissions.has(user);
  }
  return row.ownerId === call.account || row.createVolumePermissions.has(call.account);
};

const assertAccounts = (list: readonly string[] | undefined, words: readonly string[]): void => {
  for (const one of list ?? []) if (!words.includes(one)) assertAccountId(one);
};

const isAskedFor = (row: SnapshotRow, input: DescribeSnapshotsRequest, call: Call): boolean => {
  const { OwnerIds: owners, RestorableByUserIds: users } = input;
  return (
    (owners === undefined || owners.some((owner) => isOwnedBy(row, owner, call))) &&
    (users === undefined || users.some((user) => isRestorableBy(row, user, call)))
  );
};

/** The snapshots whose making a describe can see by now. */
const visibleNow = (snapshots: Table<SnapshotRow>, nowMs: number) => ({
  seen: (id: string): SnapshotRow | undefined => {
    const row = snapshots.seen(id);
    return row === undefined || row.visibleAtMs > nowMs ? undefined : row;
  },
  matchesAfter: (id: string, holds: (row: SnapshotRow) => boolean, max: number) =>
    snapshots.matchesAfter(id, (row) => row.visibleAtMs <= nowMs && holds(row), max),
});

/** With more snapshots than this, what is remembered of them would take more memory than they do. */
const REMEMBERED_MAX = 50_000;

/** What its owner is told of it follows from the row alone, from now on. */
const isTimeless = (row: SnapshotRow, { account, nowMs }: Call): boolean =>
  row.ownerId === account && row.endsAtMs <= nowMs && row.tiering === undefined;

/** `snapshotOut` of each for this call, remembered where it can be. */
const outputsOf = (store: RegionStore, rows: readonly SnapshotRow[], call: Call): Snapshot[] => {
  const make = (row: SnapshotRow): Snapshot => snapshotOut(asSeen(row, call), call.nowMs);
  return store.snapshots.size > REMEMBERED_MAX
    ? rows.map(make)
    : store.outputs.snapshots.listOf(rows, (row) => isTimeless(row, call), make);
};

export const describeSnapshotsOperation = (ec2: Ec2) => ({
  /** The caller's own, those that are shared with it, and public ones. */
  DescribeSnapshots: (input: DescribeSnapshotsRequest, call: Call): DescribeSnapshotsResult => {
    assertAccounts(input.OwnerIds, ['self', AMAZON]);
    assertAccounts(input.RestorableByUserIds, ['self', 'all']);
    const store = ec2.store(call.region);
    const holds = compileFilters(input.Filters, facets(call.nowMs));
    const page = pageOfSelection(ec2, input, {
      table: visibleNow(store.snapshots, call.nowMs),
      kind: SNAPSHOT,
      idOf: (row) => row.snapshotId,
      ids: input.SnapshotIds,
      idsParameter: 'snapshotIds',
      bounds: { min: 5, max: 1_000 },
      isVisible: (row) => maySeeSnapshot(store, row, call),
      holds: (row) => isAskedFor(row, input, call) && holds(asSeen(row, call)),
      leavesOutStrangers: ec2.kernel.manners().strangersById === 'left-out',
    });
    return { Snapshots: outputsOf(store, page.rows, call), NextToken: page.nextToken };
  },
});
