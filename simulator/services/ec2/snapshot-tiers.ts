/** The archive tier: ModifySnapshotTier, RestoreSnapshotTier, DescribeSnapshotTierStatus. */
import type {
  DescribeSnapshotTierStatusRequest,
  DescribeSnapshotTierStatusResult,
  ModifySnapshotTierRequest,
  ModifySnapshotTierResult,
  RestoreSnapshotTierRequest,
  RestoreSnapshotTierResult,
  SnapshotTierStatus,
} from '@aws-sdk/client-ec2';
import { agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { announceTiering } from './ebs-events.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets } from './filters.ts';
import { SNAPSHOT } from './ids.ts';
import { assertOneOf, assertWithin, required } from './parameters.ts';
import type { SnapshotRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';
import type { Tiering } from './snapshot-facts.ts';
import { snapshotStateOf, tierOf } from './snapshot-states.ts';
import { findSnapshot } from './snapshots.ts';
import { tagsOut } from './tags.ts';

const DAY_MS = 24 * 3_600_000;
/** Days of a temporary restore (EBS User Guide, "Restore an archived snapshot"). */
const DAYS = { min: 1, max: 180 };

interface OfSnapshot {
  readonly region: string;
  readonly snapshotId: string;
  /** As it was when this was decided. */
  readonly atMs: number;
}

const TIERING_ENDS = agendaKind<OfSnapshot>('ec2 snapshot tiering ends');
const RESTORE_EXPIRES = agendaKind<OfSnapshot>('ec2 snapshot restore expires');

const EVENTS = {
  archival: 'archiveSnapshot',
  'temporary-restore': 'temporaryRestoreSnapshot',
  'permanent-restore': 'permanentRestoreSnapshot',
} as const;

/** What is archived is no longer shared. */
const unshare = (ec2: Ec2, region: string, row: SnapshotRow): void => {
  ec2.store(region).snapshots.changing(row.snapshotId);
  row.isPublic = false;
  row.createVolumePermissions.clear();
};

const defineTiering = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(TIERING_ENDS, ({ region, snapshotId, atMs }) => {
    const row = ec2.store(region).snapshots.get(snapshotId);
    if (row?.tiering === undefined || row.tiering.endsAtMs !== atMs) return;
    const { operation, startedAtMs, restoreExpiresAtMs } = row.tiering;
    if (operation === 'archival') unshare(ec2, region, row);
    announceTiering(ec2, region, row, {
      event: EVENTS[operation],
      startedAtMs,
      restoreExpiresAtMs,
    });
  });
  agenda.define(RESTORE_EXPIRES, ({ region, snapshotId, atMs }) => {
    const row = ec2.store(region).snapshots.get(snapshotId);
    if (row?.tiering?.restoreExpiresAtMs !== atMs) return;
    announceTiering(ec2, region, row, { event: 'restoreExpiry', startedAtMs: atMs });
  });
};

const begin = (ec2: Ec2, row: SnapshotRow, tiering: Tiering, { region }: Call): void => {
  const { agenda } = ec2.kernel;
  const { snapshotId } = row;
  const { endsAtMs, restoreExpiresAtMs } = tiering;
  ec2.store(region).snapshots.changing(snapshotId);
  row.tiering = tiering;
  agenda.at(endsAtMs, TIERING_ENDS, { region, snapshotId, atMs: endsAtMs });
  if (restoreExpiresAtMs === undefined) return;
  agenda.at(restoreExpiresAtMs, RESTORE_EXPIRES, { region, snapshotId, atMs: restoreExpiresAtMs });
};

const refused = (ec2: Ec2, message: string): ApiError =>
  new ApiError(ec2.kernel.manners().snapshotTierCode, message);

const ownTierings = (ec2: Ec2, call: Call): { row: SnapshotRow; tiering: Tiering }[] =>
  [...ec2.store(call.region).snapshots.values()].flatMap((row) =>
    row.tiering === undefined || row.ownerId !== call.account ? [] : { row, tiering: row.tiering },
  );

const assertQuota = (count: number, max: number, what: string): void => {
  if (count < max) return;
  throw new ApiError('ResourceLimitExceeded', `The limit of ${max} ${what} is reached.`);
};

const assertArchiveRoom = (ec2: Ec2, row: SnapshotRow, call: Call): void => {
  const { archivedSnapshotsPerVolume, concurrentArchives } = ec2.kernel.manners();
  const all = ownTierings(ec2, call);
  const ofVolume = all.filter(
    (one) => one.row.volumeId === row.volumeId && one.tiering.operation !== 'permanent-restore',
  );
  const underWay = all.filter(
    ({ tiering }) => tiering.operation === 'archival' && tiering.endsAtMs > call.nowMs,
  );
  assertQuota(ofVolume.length, archivedSnapshotsPerVolume, 'archived snapshots per volume');
  assertQuota(underWay.length, concurrentArchives, 'in-progress snapshot archives');
};

const isUnderWay = ({ tiering }: SnapshotRow, nowMs: number): boolean =>
  tiering !== undefined && tiering.endsAtMs > nowMs;

const assertArchivable = (ec2: Ec2, row: SnapshotRow, call: Call): void => {
  const { snapshotId } = row;
  const state = snapshotStateOf(row, call.nowMs);
  if (state !== 'completed') throw refused(ec2, `The snapshot ${snapshotId} is ${state}`);
  if (tierOf(row, call.nowMs) !== 'standard' || isUnderWay(row, call.nowMs)) {
    throw refused(ec2, `The snapshot ${snapshotId} is archived already, or about to be moved`);
  }
  const store = ec2.store(call.region);
  const user = store
    .imagesOn(snapshotId)
    .find((imageId) => store.images.get(imageId)?.state !== 'disabled');
  if (user === undefined) return;
  throw refused(ec2, `The snapshot ${snapshotId} is in use by ${user}, which is not disabled`);
};

const archive = (
  ec2: Ec2,
  input: ModifySnapshotTierRequest,
  call: Call,
): ModifySnapshotTierResult => {
  assertOneOf('StorageTier', required('StorageTier', input.StorageTier), ['archive']);
  const row = findSnapshot(ec2, input.SnapshotId, call);
  assertArchivable(ec2, row, call);
  assertArchiveRoom(ec2, row, call);
  const takesMs = draw(ec2.kernel.random('tiers'), ec2.kernel.manners().snapshotArchiveMs);
  const endsAtMs = call.nowMs + takesMs;
  const tiering = { operation: 'archival', startedAtMs: call.nowMs, endsAtMs } as const;
  begin(ec2, row, { ...tiering, archivedAtMs: endsAtMs }, call);
  return { SnapshotId: row.snapshotId, TieringStartTime: new Date(call.nowMs) };
};

const assertRestorable = (ec2: Ec2, row: SnapshotRow, call: Call): void => {
  if (tierOf(row, call.nowMs) === 'standard') {
    throw refused(ec2, `The snapshot ${row.snapshotId} is not archived`);
  }
  if (isUnderWay(row, call.nowMs)) {
    throw refused(ec2, `The snapshot ${row.snapshotId} is being restored already`);
  }
  if (tierOf(row, call.nowMs) === 'temporarily-restored') return;
  const restores = ownTierings(ec2, call).filter(
    ({ tiering }) => tiering.operation !== 'archival' && tiering.endsAtMs > call.nowMs,
  );
  const { concurrentRestores } = ec2.kernel.manners();
  assertQuota(restores.length, concurrentRestores, 'in-progress snapshot restores');
};

/** One that is restored for a while is there already: only for how long is changed. */
const restore = (
  ec2: Ec2,
  input: RestoreSnapshotTierRequest,
  call: Call,
): RestoreSnapshotTierResult => {
  const isPermanent = input.PermanentRestore === true;
  if (isPermanent && input.TemporaryRestoreDays !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter permanentRestore cannot be used with the parameter temporaryRestoreDays',
    );
  }
  assertWithin('TemporaryRestoreDays', input.TemporaryRestoreDays, DAYS);
  const row = findSnapshot(ec2, input.SnapshotId, call);
  assertRestorable(ec2, row, call);
  const isThere = tierOf(row, call.nowMs) === 'temporarily-restored';
  const takesMs = draw(ec2.kernel.random('tiers'), ec2.kernel.manners().snapshotRestoreMs);
  const endsAtMs = isThere ? call.nowMs : call.nowMs + takesMs;
  const days = isPermanent ? undefined : (input.TemporaryRestoreDays ?? DAYS.min);
  const tiering: Tiering = {
    operation: isPermanent ? 'permanent-restore' : 'temporary-restore',
    startedAtMs: call.nowMs,
    endsAtMs,
    archivedAtMs: row.tiering?.archivedAtMs,
    restoreExpiresAtMs: days === undefined ? undefined : endsAtMs + days * DAY_MS,
  };
  begin(ec2, row, tiering, call);
  return {
    SnapshotId: row.snapshotId,
    RestoreStartTime: new Date(call.nowMs),
    RestoreDuration: days,
    IsPermanentRestore: isPermanent,
  };
};

const statusOf = (tiering: Tiering, nowMs: number) =>
  `${tiering.operation}-${tiering.endsAtMs > nowMs ? 'in-progress' : 'completed'}` as const;

const facets = (nowMs: number): Facets<SnapshotRow> => ({
  'snapshot-id': (row) => [row.snapshotId],
  'volume-id': (row) => [row.volumeId],
  'last-tiering-operation': ({ tiering }) => [tiering && statusOf(tiering, nowMs)],
});

const progressOf = ({ startedAtMs, endsAtMs }: Tiering, nowMs: number): number =>
  Math.min(100, Math.floor(((nowMs - startedAtMs) / Math.max(1, endsAtMs - startedAtMs)) * 100));

const dateOf = (atMs: number | undefined): Date | undefined =>
  atMs === undefined ? undefined : new Date(atMs);

const tierOut = (row: SnapshotRow, nowMs: number): SnapshotTierStatus => {
  const { tiering } = row;
  const tier = tierOf(row, nowMs);
  const archivedAtMs = tiering?.archivedAtMs ?? Number.POSITIVE_INFINITY;
  return {
    SnapshotId: row.snapshotId,
    VolumeId: row.volumeId,
    OwnerId: row.ownerId,
    Status: snapshotStateOf(row, nowMs),
    StorageTier: tier === 'archive' ? 'archive' : 'standard',
    LastTieringStartTime: dateOf(tiering?.startedAtMs),
    LastTieringProgress: tiering && progressOf(tiering, nowMs),
    LastTieringOperationStatus: tiering && statusOf(tiering, nowMs),
    ArchivalCompleteTime: dateOf(archivedAtMs <= nowMs ? archivedAtMs : undefined),
    RestoreExpiryTime: dateOf(
      tier === 'temporarily-restored' ? tiering?.restoreExpiresAtMs : undefined,
    ),
    Tags: tagsOut(row.tags),
  };
};

const operations = (ec2: Ec2) => ({
  /** Into the archive. Snapshots of images only once all of those are disabled. */
  ModifySnapshotTier: (input: ModifySnapshotTierRequest, call: Call) => archive(ec2, input, call),
  RestoreSnapshotTier: (input: RestoreSnapshotTierRequest, call: Call) => restore(ec2, input, call),

  /** Of all the caller's snapshots, also of those that were never moved. */
  DescribeSnapshotTierStatus: (
    input: DescribeSnapshotTierStatusRequest,
    call: Call,
  ): DescribeSnapshotTierStatusResult => {
    const page = pageOfSelection(ec2, input, {
      table: ec2.store(call.region).snapshots,
      kind: SNAPSHOT,
      idOf: (row) => row.snapshotId,
      ids: undefined,
      idsParameter: 'snapshotIds',
      bounds: { min: 1, max: 1_000 },
      isVisible: (row) => row.ownerId === call.account,
      holds: compileTaglessFilters(input.Filters, facets(call.nowMs)),
    });
    return {
      SnapshotTierStatuses: page.rows.map((row) => tierOut(row, call.nowMs)),
      NextToken: page.nextToken,
    };
  },
});

export const snapshotTierOperations = (ec2: Ec2) => {
  defineTiering(ec2);
  return operations(ec2);
};
