/**
 * Whose data a copy of a snapshot holds, and whether it has to be copied whole (EBS User Guide,
 * "Incremental snapshot copying").
 */
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { Encryption } from './encryption-defaults.ts';
import type { SnapshotRow } from './rows.ts';
import { tierOf } from './snapshot-states.ts';

/** The volume, with its Region, that the data came from in the first place. */
export const lineageOf = (row: SnapshotRow, region: string): string =>
  row.lineage ?? `${region}/${row.volumeId}`;

const keyOf = ({ encrypted, kmsKeyId }: Encryption): string => (encrypted ? (kmsKeyId ?? '') : '');

const lastCopyKey = (lineage: string, { account }: Call): string => `${account} ${lineage}`;

/** Whether a copy into the caller's account and Region needs only what an earlier one lacks. */
export const isIncrementalCopy = (
  ec2: Ec2,
  source: { readonly row: SnapshotRow; readonly region: string },
  encryption: Encryption,
  call: Call,
): boolean => {
  const { row, region } = source;
  const isAtHome = region === call.region && row.ownerId === call.account;
  if (isAtHome) return keyOf(row) === keyOf(encryption);
  const store = ec2.store(call.region);
  const lastId = store.imageMemory.lastCopies.get(lastCopyKey(lineageOf(row, region), call));
  const last = store.snapshots.get(lastId ?? '');
  if (last === undefined || last.error !== undefined) return false;
  return tierOf(last, call.nowMs) === 'standard' && keyOf(last) === keyOf(encryption);
};

/** Remembers the newest copy of its lineage. */
export const noteCopy = (ec2: Ec2, copy: SnapshotRow, call: Call): void => {
  if (copy.lineage === undefined) return;
  const { beforeChange, imageMemory } = ec2.store(call.region);
  beforeChange();
  imageMemory.lastCopies.set(lastCopyKey(copy.lineage, call), copy.snapshotId);
};
