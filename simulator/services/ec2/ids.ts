/** EC2's resource ids: a prefix and seventeen (formerly eight) hexadecimal digits. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';

/** How EC2 speaks of a kind of resource in its ids and its error codes. */
export interface IdKind {
  readonly prefix: string;
  /** Code for an id that is none of anything. */
  readonly notFound: string;
  /** Code for a text that cannot be an id of the kind. */
  readonly malformed: string;
  readonly noun: string;
  /** The query parameter that an id of a bad shape is said to be of. */
  readonly parameter?: string;
  /** What comes after the prefix, if that is not hexadecimal digits alone. */
  readonly tail?: RegExp;
}

export const IMAGE: IdKind = {
  prefix: 'ami',
  notFound: 'InvalidAMIID.NotFound',
  malformed: 'InvalidAMIID.Malformed',
  noun: 'image id',
};
export const SNAPSHOT: IdKind = {
  prefix: 'snap',
  notFound: 'InvalidSnapshot.NotFound',
  malformed: 'InvalidParameterValue',
  noun: 'snapshot',
  parameter: 'snapshotId',
};
export const INSTANCE: IdKind = {
  prefix: 'i',
  notFound: 'InvalidInstanceID.NotFound',
  malformed: 'InvalidInstanceID.Malformed',
  noun: 'instance ID',
};
export const VOLUME: IdKind = {
  prefix: 'vol',
  notFound: 'InvalidVolume.NotFound',
  malformed: 'InvalidParameterValue',
  noun: 'volume',
  parameter: 'volumeId',
};
export const TEMPLATE: IdKind = {
  prefix: 'lt',
  notFound: 'InvalidLaunchTemplateId.NotFound',
  malformed: 'InvalidLaunchTemplateId.Malformed',
  noun: 'launch template ID',
};
export const VPC: IdKind = {
  prefix: 'vpc',
  notFound: 'InvalidVpcID.NotFound',
  malformed: 'InvalidVpcID.Malformed',
  noun: 'vpc ID',
};
export const SUBNET: IdKind = {
  prefix: 'subnet',
  notFound: 'InvalidSubnetID.NotFound',
  malformed: 'InvalidSubnetID.Malformed',
  noun: 'subnet ID',
};
export const SECURITY_GROUP: IdKind = {
  prefix: 'sg',
  notFound: 'InvalidGroup.NotFound',
  malformed: 'InvalidGroupId.Malformed',
  noun: 'security group',
};
export const KEY_PAIR: IdKind = {
  prefix: 'key',
  notFound: 'InvalidKeyPair.NotFound',
  malformed: 'InvalidKeyPair.NotFound',
  noun: 'key pair',
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const FLEET: IdKind = {
  prefix: 'fleet',
  notFound: 'InvalidFleetId.NotFound',
  malformed: 'InvalidFleetId.Malformed',
  noun: 'fleet ID',
  tail: UUID,
};
export const SPOT_FLEET: IdKind = {
  prefix: 'sfr',
  notFound: 'InvalidSpotFleetRequestId.NotFound',
  malformed: 'InvalidSpotFleetRequestId.Malformed',
  noun: 'spot fleet request ID',
  tail: UUID,
};

const HEX = /^(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Whether a text can be an id of the kind. */
export const hasShape = ({ prefix, tail = HEX }: IdKind, id: string): boolean =>
  id.startsWith(`${prefix}-`) && tail.test(id.slice(prefix.length + 1));

/** @throws ApiError with the kind's own code for a text that cannot be an id of the kind. */
export const assertShape = (kind: IdKind, id: string): void => {
  if (hasShape(kind, id)) return;
  throw new ApiError(
    kind.malformed,
    kind.parameter === undefined
      ? `Invalid id: "${id}" (expecting "${kind.prefix}-...")`
      : `Value (${id}) for parameter ${kind.parameter} is invalid. Expected: '${kind.prefix}-...'.`,
  );
};

/** `<stem>.NotFound`, in EC2's words. Those for images have brackets. */
export const notFound = (kind: IdKind, ids: readonly string[]): ApiError => {
  const list = kind === IMAGE ? `[${ids.join(', ')}]` : ids.join(', ');
  return new ApiError(
    kind.notFound,
    ids.length === 1
      ? `The ${kind.noun} '${list}' does not exist`
      : `The ${kind.noun}s '${list}' do not exist`,
  );
};

/** The stream of chance that ids are drawn from, unless a kind has one of its own. */
const IDS = 'ids';

/** A fresh id of that kind. */
export const newId = (kernel: Kernel, prefix: string, stream = IDS): string =>
  `${prefix}-${kernel.random(stream).hex(17)}`;
