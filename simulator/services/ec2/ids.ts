/** EC2's resource ids: a prefix and seventeen (formerly eight) hexadecimal digits. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';

/** How EC2 speaks of a kind of resource in its ids and its error codes. */
export interface IdKind {
  readonly prefix: string;
  /** Stem of the codes `<stem>.Malformed` and `<stem>.NotFound`. */
  readonly code: string;
  readonly noun: string;
}

export const IMAGE: IdKind = { prefix: 'ami', code: 'InvalidAMIID', noun: 'image id' };
export const SNAPSHOT: IdKind = { prefix: 'snap', code: 'InvalidSnapshot', noun: 'snapshot' };
export const INSTANCE: IdKind = { prefix: 'i', code: 'InvalidInstanceID', noun: 'instance ID' };
export const VOLUME: IdKind = { prefix: 'vol', code: 'InvalidVolume', noun: 'volume' };
export const TEMPLATE: IdKind = {
  prefix: 'lt',
  code: 'InvalidLaunchTemplateId',
  noun: 'launch template ID',
};

const HEX = /^(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const malformedCode = (kind: IdKind): string =>
  kind === SNAPSHOT || kind === VOLUME ? 'InvalidParameterValue' : `${kind.code}.Malformed`;

/** Throws `<stem>.Malformed` (snapshots and volumes: `InvalidParameterValue`) for a bad shape. */
export const assertShape = (kind: IdKind, id: string): void => {
  if (id.startsWith(`${kind.prefix}-`) && HEX.test(id.slice(kind.prefix.length + 1))) return;
  throw new ApiError(malformedCode(kind), `Invalid id: "${id}" (expecting "${kind.prefix}-...")`);
};

/** `<stem>.NotFound`, in EC2's words. */
export const notFound = (kind: IdKind, ids: readonly string[]): ApiError =>
  new ApiError(
    `${kind.code}.NotFound`,
    ids.length === 1
      ? `The ${kind.noun} '[${ids[0]}]' does not exist`
      : `The ${kind.noun}s '[${ids.join(', ')}]' do not exist`,
  );

/** A fresh id of that kind. */
export const newId = (kernel: Kernel, prefix: string): string =>
  `${prefix}-${kernel.random('ids').hex(17)}`;
