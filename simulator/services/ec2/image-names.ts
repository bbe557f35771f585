/** The rules for what an image may be called and described as. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertLength } from './parameters.ts';
import type { GoneImageRow, ImageRow } from './rows.ts';
import type { RegionStore } from './store.ts';

/** 3 to 128 letters, digits, and `( ) [ ] . / - ' @ _` and space. */
const NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;
const DESCRIPTION_MAX = 255;

/** @throws ApiError `InvalidParameterValue` for a description that is too long */
export const assertDescription = (description: string | undefined): void => {
  assertLength('Description', description, DESCRIPTION_MAX);
};

/** @throws ApiError `InvalidAMIName.Malformed`, `InvalidParameterValue` for a long description. */
export const assertImageTexts = (name: string | undefined, description?: string): string => {
  if (name === undefined) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter name');
  }
  if (!NAME.test(name)) {
    throw new ApiError(
      'InvalidAMIName.Malformed',
      'AMI names must be between 3 and 128 characters long, and may contain letters, numbers, ' +
        "'(', ')', '.', '-', '/' and '_'",
    );
  }
  assertDescription(description);
  return name;
};

const reservationKey = (account: string, name: string): string => `${account} ${name}`;

/** Keeps the name of a deregistered image from use for a while, and forgets those that are free. */
export const reserveName = (
  { imageMemory: { reservedNames } }: RegionStore,
  row: ImageRow,
  { nowMs, delayMs }: { readonly nowMs: number; readonly delayMs: number },
): void => {
  for (const [key, untilMs] of reservedNames) if (untilMs <= nowMs) reservedNames.delete(key);
  reservedNames.set(reservationKey(row.ownerId, row.name), nowMs + delayMs);
};

const isReserved = ({ imageMemory }: RegionStore, { account, nowMs }: Call, name: string) =>
  (imageMemory.reservedNames.get(reservationKey(account, name)) ?? nowMs) > nowMs;

/** The image that holds the name, or, if none does, the last one that did. */
const holderOf = ({ images, imageMemory }: RegionStore, { account }: Call, name: string) => {
  const isIt = (row: GoneImageRow): boolean => row.ownerId === account && row.name === name;
  return [...images.values()].find(isIt) ?? [...imageMemory.gone.values()].findLast(isIt);
};

/**
 * @throws ApiError `InvalidAMIName.Duplicate` while an image, of any state, holds the name, or is
 * deregistered so recently that EC2 has yet to let go of it
 */
export const assertNameIsFree = (ec2: Ec2, call: Call, name: string): void => {
  const store = ec2.store(call.region);
  if (!store.isNameInUse(call.account, name) && !isReserved(store, call, name)) return;
  throw new ApiError(
    'InvalidAMIName.Duplicate',
    `AMI name ${name} is already in use by AMI ${holderOf(store, call, name)?.imageId}`,
  );
};
