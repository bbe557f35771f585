/** The rules for what an image may be called and described as. */
import { ApiError } from '../../wire/api.ts';
import type { RegionStore } from './store.ts';

/** 3 to 128 letters, digits, and `( ) [ ] . / - ' @ _` and space. */
const NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;
const DESCRIPTION_MAX = 255;

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
  if (description !== undefined && description.length > DESCRIPTION_MAX) {
    throw new ApiError('InvalidParameterValue', 'The description exceeds 255 characters');
  }
  return name;
};

/** @throws ApiError `InvalidAMIName.Duplicate` while an image, of any state, holds the name. */
export const assertNameIsFree = (store: RegionStore, account: string, name: string): void => {
  if (!store.isNameInUse(account, name)) return;
  throw new ApiError(
    'InvalidAMIName.Duplicate',
    `AMI name ${name} is already in use by AMI in account ${account}`,
  );
};
