/** The rules for what an image may be called and described as. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertLength } from './parameters.ts';
import type { ImageRow } from './rows.ts';
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

/** Keeps the name of a deregistered image from use for a while. */
export const reserveName = (store: RegionStore, row: ImageRow, untilMs: number): void => {
  store.imageMemory.reservedNames.set(reservationKey(row.ownerId, row.name), untilMs);
};

const isReserved = (store: RegionStore, { account, nowMs }: Call, name: string): boolean => {
  const key = reservationKey(account, name);
  const untilMs = store.imageMemory.reservedNames.get(key);
  if (untilMs === undefined) return false;
  if (untilMs <= nowMs) store.imageMemory.reservedNames.delete(key);
  return untilMs > nowMs;
};

/**
 * @throws ApiError `InvalidAMIName.Duplicate` while an image, of any state, holds the name, or is
 * deregistered so recently that EC2 has yet to let go of it
 */
export const assertNameIsFree = (ec2: Ec2, call: Call, name: string): void => {
  const { account } = call;
  const store = ec2.store(call.region);
  if (!store.isNameInUse(account, name) && !isReserved(store, call, name)) return;
  throw new ApiError(
    'InvalidAMIName.Duplicate',
    `AMI name ${name} is already in use by AMI in account ${account}`,
  );
};
