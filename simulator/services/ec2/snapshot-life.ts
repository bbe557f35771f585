/** From `pending` to `completed` or `error`, and out of the world. */
import { agendaKind } from '../../kernel/agenda.ts';
import type { Call } from '../../wire/api.ts';
import { announceSnapshotEnd, announceSnapshotSet } from './ebs-events.ts';
import type { Ec2 } from './ec2.ts';
import type { SnapshotRow } from './rows.ts';

interface SnapshotEnds {
  readonly region: string;
  readonly snapshotId: string;
  /** As it was when this was decided: another end that was set since then counts instead. */
  readonly endsAtMs: number;
}

const SNAPSHOT_ENDS = agendaKind<SnapshotEnds>('ec2 snapshot ends');

interface SetEnds {
  readonly region: string;
  readonly account: string;
  readonly snapshotIds: readonly string[];
}

const SET_ENDS = agendaKind<SetEnds>('ec2 snapshot set ends');

/** Lets a pending snapshot end at that instant: in `error` if there is a message. */
export const endSnapshotAt = (
  ec2: Ec2,
  region: string,
  row: SnapshotRow,
  end: { readonly atMs: number; readonly error?: string | undefined },
): void => {
  row.endsAtMs = end.atMs;
  row.error = end.error;
  const { snapshotId } = row;
  ec2.kernel.agenda.at(end.atMs, SNAPSHOT_ENDS, { region, snapshotId, endsAtMs: end.atMs });
};

/** Announces the set of a CreateSnapshots when the last of them has ended. */
export const endSetWith = (ec2: Ec2, region: string, rows: readonly SnapshotRow[]): void => {
  const [first] = rows;
  if (first === undefined) return;
  const atMs = Math.max(...rows.map((row) => row.endsAtMs));
  const snapshotIds = rows.map((row) => row.snapshotId);
  ec2.kernel.agenda.at(atMs, SET_ENDS, { region, account: first.ownerId, snapshotIds });
};

/** Deletes and tells the observers; checks nothing. */
export const removeSnapshot = (
  ec2: Ec2,
  snapshotId: string,
  call: Pick<Call, 'account' | 'region' | 'nowMs'>,
): void => {
  ec2.store(call.region).deleteSnapshot(snapshotId);
  ec2.kernel.hooks.tell('snapshotDeleted', {
    atMs: call.nowMs,
    account: call.account,
    region: call.region,
    snapshotId,
  });
};

/** Deletes one at once, or, while it is pending, as soon as it no longer is. */
export const removeWhenEnded = (ec2: Ec2, row: SnapshotRow, call: Call): void => {
  if (row.endsAtMs <= call.nowMs) removeSnapshot(ec2, row.snapshotId, call);
  else {
    ec2.store(call.region).snapshots.changing(row.snapshotId);
    row.isDoomed = true;
  }
};

/** Tells the agenda what becomes of a snapshot that was pending. */
export const defineSnapshotLife = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(SNAPSHOT_ENDS, ({ region, snapshotId, endsAtMs }) => {
    const row = ec2.store(region).snapshots.get(snapshotId);
    if (row === undefined || row.endsAtMs !== endsAtMs) return;
    announceSnapshotEnd(ec2, region, row);
    if (row.isDoomed !== true) return;
    removeSnapshot(ec2, snapshotId, { account: row.ownerId, region, nowMs: endsAtMs });
  });
  agenda.define(SET_ENDS, ({ region, account, snapshotIds }) => {
    const { snapshots } = ec2.store(region);
    const rows = snapshotIds.flatMap((id) => snapshots.get(id) ?? []);
    if (rows.length > 0) announceSnapshotSet(ec2, region, account, rows);
  });
};
