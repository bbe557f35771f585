/** The events that EBS announces of snapshots and volumes, in its exact shapes. */
import { isoOf, isoSecondsOf } from '../../kernel/kernel.ts';
import type { Ec2 } from './ec2.ts';
import type { SnapshotRow, VolumeRow } from './rows.ts';

const SNAPSHOT_NOTIFICATION = 'EBS Snapshot Notification';

/** As EBS writes it in these events: the Region stands where the account belongs. */
const oddArn = (region: string, resource: string): string => `arn:aws:ec2::${region}:${resource}`;

const spanOf = (startMs: number, endMs: number) => ({
  startTime: isoSecondsOf(startMs),
  endTime: isoSecondsOf(endMs),
});

const madeFrom = (region: string, row: SnapshotRow): string =>
  row.copy === undefined
    ? oddArn(region, `volume/${row.volumeId}`)
    : oddArn(row.copy.sourceRegion, `snapshot/${row.copy.sourceSnapshotId}`);

/** Only of copies that succeeded. */
const transferOf = ({ copy, error, startedAtMs }: SnapshotRow) => {
  if (copy === undefined || error !== undefined) return {};
  const isTimed = copy.completionDurationMinutes !== undefined;
  return {
    incremental: String(copy.isIncremental),
    ...(isTimed && { completionDurationStartTime: isoOf(startedAtMs) }),
    transferType: isTimed ? 'time-based' : 'standard',
  };
};

/** `createSnapshot` or `copySnapshot`: the snapshot is no longer `pending`. */
export const announceSnapshotEnd = (ec2: Ec2, region: string, row: SnapshotRow): void => {
  const arn = oddArn(region, `snapshot/${row.snapshotId}`);
  ec2.announce({
    account: row.ownerId,
    region,
    detailType: SNAPSHOT_NOTIFICATION,
    resources: [arn],
    detail: {
      event: row.copy === undefined ? 'createSnapshot' : 'copySnapshot',
      result: row.error === undefined ? 'succeeded' : 'failed',
      cause: row.error ?? '',
      'request-id': '',
      snapshot_id: arn,
      source: madeFrom(region, row),
      ...spanOf(row.startedAtMs, row.endsAtMs),
      ...transferOf(row),
    },
  });
};

/** `createSnapshots`: all snapshots of a multi-volume set have ended. */
export const announceSnapshotSet = (
  ec2: Ec2,
  region: string,
  account: string,
  rows: readonly SnapshotRow[],
): void => {
  const failed = rows.find((row) => row.error !== undefined);
  const arnOf = (row: SnapshotRow): string => oddArn(region, `snapshot/${row.snapshotId}`);
  ec2.announce({
    account,
    region,
    detailType: 'EBS Multi-Volume Snapshots Completion Status',
    resources: rows.map(arnOf),
    detail: {
      event: 'createSnapshots',
      result: failed === undefined ? 'succeeded' : 'failed',
      cause: failed === undefined ? '' : `Snapshot ${failed.snapshotId} is in status error`,
      'request-id': '',
      ...spanOf(
        Math.min(...rows.map((row) => row.startedAtMs)),
        Math.max(...rows.map((row) => row.endsAtMs)),
      ),
      snapshots: rows.map((row) => ({
        snapshot_id: arnOf(row),
        source: madeFrom(region, row),
        status: row.error === undefined ? 'completed' : 'error',
      })),
    },
  });
};

/** `shareSnapshot`, told to the account that it is shared with. */
export const announceSharing = (
  ec2: Ec2,
  region: string,
  row: SnapshotRow,
  recipient: string,
): void => {
  const arn = oddArn(region, `snapshot/${row.snapshotId}`);
  const nowMs = ec2.kernel.clock.nowMs();
  ec2.announce({
    account: recipient,
    region,
    detailType: SNAPSHOT_NOTIFICATION,
    resources: [arn],
    detail: {
      event: 'shareSnapshot',
      result: 'succeeded',
      cause: '',
      'request-id': '',
      snapshot_id: arn,
      source: row.ownerId,
      ...spanOf(nowMs, nowMs),
    },
  });
};

/** A move between the tiers has ended. The ARN is an ordinary one here. */
export const announceTiering = (
  ec2: Ec2,
  region: string,
  row: SnapshotRow,
  happened: {
    readonly event:
      | 'archiveSnapshot'
      | 'temporaryRestoreSnapshot'
      | 'permanentRestoreSnapshot'
      | 'restoreExpiry';
    readonly startedAtMs: number;
    readonly restoreExpiresAtMs?: number | undefined;
  },
): void => {
  const { event, startedAtMs, restoreExpiresAtMs } = happened;
  const arn = `arn:aws:ec2:${region}::snapshot/${row.snapshotId}`;
  ec2.announce({
    account: row.ownerId,
    region,
    detailType: SNAPSHOT_NOTIFICATION,
    resources: [arn],
    detail: {
      event,
      result: 'succeeded',
      cause: '',
      'request-id': '',
      snapshot_id: arn,
      ...spanOf(startedAtMs, ec2.kernel.clock.nowMs()),
      ...(restoreExpiresAtMs !== undefined && {
        restoreExpiryTime: isoSecondsOf(restoreExpiresAtMs),
      }),
    },
  });
};

/** "EBS Volume Notification". */
export const announceVolume = (
  ec2: Ec2,
  region: string,
  row: VolumeRow,
  happened: { readonly event: string; readonly result: string; readonly cause?: string },
): void => {
  ec2.announce({
    account: row.ownerId,
    region,
    detailType: 'EBS Volume Notification',
    resources: [`arn:aws:ec2:${region}:${row.ownerId}:volume/${row.volumeId}`],
    detail: {
      result: happened.result,
      cause: happened.cause ?? '',
      event: happened.event,
      'request-id': '',
    },
  });
};
