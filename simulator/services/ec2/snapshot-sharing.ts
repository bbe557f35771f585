/** Who may use a snapshot: its permissions, and block public access for snapshots. */
import type {
  CreateVolumePermission,
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotAttributeResult,
  DisableSnapshotBlockPublicAccessResult,
  EnableSnapshotBlockPublicAccessRequest,
  EnableSnapshotBlockPublicAccessResult,
  GetSnapshotBlockPublicAccessStateResult,
  ModifySnapshotAttributeRequest,
  ResetSnapshotAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { invalidParameterValue } from '../../wire/errors.ts';
import { announceSharing } from './ebs-events.ts';
import type { SnapshotAccess } from './ebs-memory.ts';
import type { Ec2 } from './ec2.ts';
import { isManagedKey } from './keys.ts';
import { assertAccountId, assertOneOf, required } from './parameters.ts';
import type { SnapshotRow } from './rows.ts';
import { tierOf } from './snapshot-states.ts';
import { findSnapshot } from './snapshots.ts';

const PERMISSION = 'createVolumePermission';
const ATTRIBUTES = [PERMISSION, 'productCodes'];
const CHANGES_MAX = 500;

/** What a request changes: some accounts, the group of all, or both; in one direction. */
interface Change {
  readonly isAdded: boolean;
  readonly accounts: readonly string[];
  readonly isOfAll: boolean;
}

const both = (one: string, other: string): ApiError =>
  new ApiError(
    'InvalidParameterCombination',
    `The parameter ${one} cannot be used with the parameter ${other}`,
  );

const changeOf = (isAdded: boolean, list: readonly CreateVolumePermission[]): Change => {
  for (const { UserId, Group } of list) {
    if ((UserId === undefined) === (Group === undefined)) {
      throw new ApiError('InvalidParameterCombination', 'Specify either a user ID or a group');
    }
  }
  for (const { Group } of list) assertOneOf('CreateVolumePermission.Group', Group, ['all']);
  const accounts = list.flatMap(({ UserId }) => UserId ?? []);
  return { isAdded, accounts, isOfAll: list.some(({ Group }) => Group === 'all') };
};

/** The older form: an operation, and lists of accounts and groups. */
const olderChange = (input: ModifySnapshotAttributeRequest): Change => {
  assertOneOf('OperationType', input.OperationType, ['add', 'remove']);
  const accounts = (input.UserIds ?? []).map((UserId) => ({ UserId }));
  const groups = (input.GroupNames ?? []).map((Group) => ({ Group: Group as 'all' }));
  return changeOf(input.OperationType === 'add', [...accounts, ...groups]);
};

/** @throws ApiError if both forms are used, or both directions, or neither. */
const readChange = (input: ModifySnapshotAttributeRequest): Change => {
  const { CreateVolumePermission: permission, OperationType } = input;
  if (permission === undefined) {
    required('OperationType', OperationType);
    return olderChange(input);
  }
  if (OperationType !== undefined) throw both(PERMISSION, 'operationType');
  const { Add: added = [], Remove: removed = [] } = permission;
  if (added.length > 0 && removed.length > 0) throw both('add', 'remove');
  return changeOf(added.length > 0, added.length > 0 ? added : removed);
};

const assertChange = ({ accounts, isOfAll }: Change): void => {
  const count = accounts.length + Number(isOfAll);
  if (count === 0) {
    throw new ApiError(
      'MissingParameter',
      'The request must contain the parameter userId or group',
    );
  }
  if (count > CHANGES_MAX) {
    throw new ApiError(
      'InvalidParameterValue',
      `No more than ${CHANGES_MAX} permissions can be changed in a request`,
    );
  }
  for (const account of accounts) assertAccountId(account);
};

const refused = (message: string): ApiError => new ApiError('OperationNotPermitted', message);

const accessOf = (ec2: Ec2, { region, account }: Call): SnapshotAccess =>
  ec2.store(region).ebs.snapshotAccess.get(account) ?? 'unblocked';

const assertShareable = (ec2: Ec2, row: SnapshotRow, change: Change, call: Call): void => {
  if (tierOf(row, call.nowMs) === 'archive') {
    const { snapshotTierCode } = ec2.kernel.manners();
    throw new ApiError(snapshotTierCode, `The snapshot ${row.snapshotId} is archived`);
  }
  if (row.kmsKeyId !== undefined && isManagedKey(row.kmsKeyId)) {
    throw refused('Encrypted snapshots with EBS default key cannot be shared');
  }
  if (!change.isOfAll) return;
  if (row.encrypted) throw refused('Encrypted snapshots cannot be shared publicly');
  if (accessOf(ec2, call) === 'unblocked') return;
  throw refused(
    "You can't publicly share this snapshot because block public access for snapshots is enabled",
  );
};

const modify = (ec2: Ec2, input: ModifySnapshotAttributeRequest, call: Call): void => {
  assertOneOf('Attribute', input.Attribute, ATTRIBUTES);
  if ((input.Attribute ?? PERMISSION) !== PERMISSION) {
    throw invalidParameterValue('Attribute', input.Attribute ?? '');
  }
  const row = findSnapshot(ec2, input.SnapshotId, call);
  const change = readChange(input);
  assertChange(change);
  if (change.isAdded) assertShareable(ec2, row, change, call);
  ec2.store(call.region).snapshots.changing(row.snapshotId);
  if (change.isOfAll) row.isPublic = change.isAdded;
  for (const account of change.accounts) {
    if (!change.isAdded) row.createVolumePermissions.delete(account);
    else if (account !== row.ownerId && !row.createVolumePermissions.has(account)) {
      row.createVolumePermissions.add(account);
      announceSharing(ec2, call.region, row, account);
    }
  }
};

const describe = (
  ec2: Ec2,
  input: DescribeSnapshotAttributeRequest,
  call: Call,
): DescribeSnapshotAttributeResult => {
  assertOneOf('Attribute', required('Attribute', input.Attribute), ATTRIBUTES);
  const { snapshotId, isPublic, createVolumePermissions } = findSnapshot(
    ec2,
    input.SnapshotId,
    call,
  );
  if (input.Attribute === 'productCodes') return { SnapshotId: snapshotId, ProductCodes: [] };
  const accounts = Array.from(createVolumePermissions, (UserId) => ({ UserId }));
  return {
    SnapshotId: snapshotId,
    CreateVolumePermissions: isPublic ? [{ Group: 'all' }, ...accounts] : accounts,
  };
};

const reset = (ec2: Ec2, input: ResetSnapshotAttributeRequest, call: Call): void => {
  if (required('Attribute', input.Attribute) !== PERMISSION) {
    throw invalidParameterValue('Attribute', input.Attribute ?? '');
  }
  const row = findSnapshot(ec2, input.SnapshotId, call);
  ec2.store(call.region).snapshots.changing(row.snapshotId);
  row.isPublic = false;
  row.createVolumePermissions.clear();
};

export const snapshotSharingOperations = (ec2: Ec2) => ({
  DescribeSnapshotAttribute: (input: DescribeSnapshotAttributeRequest, call: Call) =>
    describe(ec2, input, call),
  /** Adds or removes, not both in one call. */
  ModifySnapshotAttribute: (input: ModifySnapshotAttributeRequest, call: Call): void => {
    modify(ec2, input, call);
  },
  ResetSnapshotAttribute: (input: ResetSnapshotAttributeRequest, call: Call): void => {
    reset(ec2, input, call);
  },

  GetSnapshotBlockPublicAccessState: (
    _: object,
    call: Call,
  ): GetSnapshotBlockPublicAccessStateResult => ({
    State: accessOf(ec2, call),
    ManagedBy: 'account',
  }),

  EnableSnapshotBlockPublicAccess: (
    input: EnableSnapshotBlockPublicAccessRequest,
    call: Call,
  ): EnableSnapshotBlockPublicAccessResult => {
    assertOneOf('State', required('State', input.State), [
      'block-all-sharing',
      'block-new-sharing',
    ]);
    const State = input.State ?? 'block-all-sharing';
    const { beforeChange, ebs } = ec2.store(call.region);
    beforeChange();
    ebs.snapshotAccess.set(call.account, State);
    return { State };
  },

  DisableSnapshotBlockPublicAccess: (
    _: object,
    call: Call,
  ): DisableSnapshotBlockPublicAccessResult => {
    const { beforeChange, ebs } = ec2.store(call.region);
    beforeChange();
    ebs.snapshotAccess.delete(call.account);
    return { State: 'unblocked' };
  },
});
