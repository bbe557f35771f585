/** Locks: LockSnapshot, UnlockSnapshot, DescribeLockedSnapshots. A locked snapshot cannot be deleted. */
import type {
  DescribeLockedSnapshotsRequest,
  DescribeLockedSnapshotsResult,
  LockedSnapshotsInfo,
  LockSnapshotRequest,
  LockSnapshotResult,
  UnlockSnapshotRequest,
  UnlockSnapshotResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets } from './filters.ts';
import { SNAPSHOT } from './ids.ts';
import { assertAtMostOne, assertOneOf, assertWithin, required } from './parameters.ts';
import type { SnapshotRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';
import type { SnapshotLock } from './snapshot-facts.ts';
import {
  coolOffEndOf,
  lockEndOf,
  lockStartOf,
  lockStateOf,
  snapshotStateOf,
} from './snapshot-states.ts';
import { findSnapshot } from './snapshots.ts';

const COOL_OFF_HOURS = { min: 1, max: 72 };
const DURATION_DAYS = { min: 1, max: 36_500 };

const assertLength = (input: LockSnapshotRequest, nowMs: number): void => {
  assertAtMostOne(input, ['LockDuration', 'ExpirationDate']);
  if (input.LockDuration === undefined && input.ExpirationDate === undefined) {
    throw new ApiError(
      'MissingParameter',
      'The request must contain either the parameter lockDuration or expirationDate',
    );
  }
  assertWithin('LockDuration', input.LockDuration, DURATION_DAYS);
  if ((input.ExpirationDate?.getTime() ?? Number.POSITIVE_INFINITY) > nowMs) return;
  throw new ApiError('InvalidParameterValue', 'The expiration date must be in the future');
};

const readLock = (input: LockSnapshotRequest, nowMs: number): SnapshotLock => {
  assertOneOf('LockMode', required('LockMode', input.LockMode), ['compliance', 'governance']);
  const mode = input.LockMode === 'compliance' ? 'compliance' : 'governance';
  assertLength(input, nowMs);
  assertWithin('CoolOffPeriod', input.CoolOffPeriod, COOL_OFF_HOURS);
  if (mode === 'governance' && input.CoolOffPeriod !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter coolOffPeriod cannot be used with the lock mode governance',
    );
  }
  return {
    mode,
    createdAtMs: nowMs,
    durationDays: input.LockDuration,
    expiresAtMs: input.ExpirationDate?.getTime(),
    coolOffHours: input.CoolOffPeriod,
  };
};

const forbidden = (ec2: Ec2, row: SnapshotRow, what: string): ApiError =>
  new ApiError(
    ec2.kernel.manners().lockedSnapshotCode,
    `The snapshot ${row.snapshotId} is locked in compliance mode: ${what}`,
  );

/** Once it is in force, a lock in compliance mode can only be made longer. */
const assertLonger = (ec2: Ec2, row: SnapshotRow, lock: SnapshotLock, call: Call): void => {
  if (lockStateOf(row, call.nowMs) !== 'compliance') return;
  if (lock.mode !== 'compliance') throw forbidden(ec2, row, 'its mode cannot be changed');
  if (lock.coolOffHours !== undefined) {
    throw forbidden(ec2, row, 'it cannot have another cooling-off period');
  }
  if (lockEndOf({ ...row, lock }) >= lockEndOf(row)) return;
  throw forbidden(ec2, row, 'its lock cannot be made shorter');
};

const dateOf = (atMs: number): Date | undefined =>
  Number.isFinite(atMs) ? new Date(atMs) : undefined;

/** The days of a lock are counted only once the snapshot is completed. */
const lockOut = (row: SnapshotRow, nowMs: number): LockSnapshotResult => {
  const { lock, snapshotId } = row;
  const isPending = snapshotStateOf(row, nowMs) === 'pending';
  const isOpen = isPending && lock?.expiresAtMs === undefined;
  return {
    SnapshotId: snapshotId,
    LockState: lockStateOf(row, nowMs),
    LockDuration: lock?.durationDays,
    CoolOffPeriod: lock?.coolOffHours,
    CoolOffPeriodExpiresOn:
      lock?.coolOffHours === undefined ? undefined : new Date(coolOffEndOf(row)),
    LockCreatedOn: dateOf(lock?.createdAtMs ?? Number.NaN),
    LockExpiresOn: isOpen ? undefined : dateOf(lockEndOf(row)),
    LockDurationStartTime: isPending ? undefined : dateOf(lockStartOf(row)),
  };
};

const lockSnapshot = (ec2: Ec2, input: LockSnapshotRequest, call: Call): LockSnapshotResult => {
  const lock = readLock(input, call.nowMs);
  const row = findSnapshot(ec2, input.SnapshotId, call);
  if (snapshotStateOf(row, call.nowMs) === 'error') {
    throw new ApiError(
      'IncorrectState',
      `The snapshot ${row.snapshotId} is in the state error and cannot be locked`,
    );
  }
  assertLonger(ec2, row, lock, call);
  ec2.store(call.region).snapshots.changing(row.snapshotId);
  row.lock = lock;
  return lockOut(row, call.nowMs);
};

const unlockSnapshot = (
  ec2: Ec2,
  input: UnlockSnapshotRequest,
  call: Call,
): UnlockSnapshotResult => {
  const row = findSnapshot(ec2, input.SnapshotId, call);
  const state = lockStateOf(row, call.nowMs);
  if (state === 'compliance') throw forbidden(ec2, row, 'it cannot be unlocked');
  if (state === undefined || state === 'expired') {
    throw new ApiError('IncorrectState', `The snapshot ${row.snapshotId} is not locked`);
  }
  ec2.store(call.region).snapshots.changing(row.snapshotId);
  row.lock = undefined;
  return { SnapshotId: row.snapshotId };
};

const infoOf = (row: SnapshotRow, nowMs: number): LockedSnapshotsInfo => ({
  OwnerId: row.ownerId,
  ...lockOut(row, nowMs),
});

const describeLocked = (
  ec2: Ec2,
  input: DescribeLockedSnapshotsRequest,
  call: Call,
): DescribeLockedSnapshotsResult => {
  const facets: Facets<SnapshotRow> = {
    'lock-state': (row) => [lockStateOf(row, call.nowMs)],
  };
  const holds = compileTaglessFilters(input.Filters, facets);
  const page = pageOfSelection(ec2, input, {
    table: ec2.store(call.region).snapshots,
    kind: SNAPSHOT,
    idOf: (row) => row.snapshotId,
    ids: input.SnapshotIds,
    idsParameter: 'snapshotIds',
    bounds: { min: 5, max: 1_000 },
    isVisible: (row) => row.ownerId === call.account,
    holds: (row) => lockStateOf(row, call.nowMs) !== undefined && holds(row),
  });
  return { Snapshots: page.rows.map((row) => infoOf(row, call.nowMs)), NextToken: page.nextToken };
};

export const snapshotLockOperations = (ec2: Ec2) => ({
  /** Locks, or changes a lock as far as its mode allows. */
  LockSnapshot: (input: LockSnapshotRequest, call: Call) => lockSnapshot(ec2, input, call),
  UnlockSnapshot: (input: UnlockSnapshotRequest, call: Call) => unlockSnapshot(ec2, input, call),
  /** Also of those whose lock has expired. */
  DescribeLockedSnapshots: (input: DescribeLockedSnapshotsRequest, call: Call) =>
    describeLocked(ec2, input, call),
});
