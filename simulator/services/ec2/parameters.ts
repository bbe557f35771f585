/** What EC2 says of single values that it does not take. */
import { ApiError } from '../../wire/api.ts';
import { invalidParameterValue, lowerFirst, missingParameter } from '../../wire/errors.ts';

/** @throws ApiError `MissingParameter` if there is no value. */
export const required = <T>(parameter: string, value: T | undefined): T => {
  if (value === undefined) throw missingParameter(parameter);
  return value;
};

/** @throws ApiError `InvalidParameterValue` for a value that is none of those. */
export const assertOneOf = (
  parameter: string,
  value: string | undefined,
  allowed: readonly string[],
): void => {
  if (value !== undefined && !allowed.includes(value))
    throw invalidParameterValue(parameter, value);
};

/** @throws ApiError `InvalidParameterValue` for a number that is not whole or outside of the bounds. */
export const assertWithin = (
  parameter: string,
  value: number | undefined,
  bounds: { readonly min: number; readonly max: number },
): void => {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${lowerFirst(parameter)} is invalid. ` +
      `It must be between ${bounds.min} and ${bounds.max}.`,
  );
};

/** @throws ApiError `InvalidParameterValue` for a text that is longer. */
export const assertLength = (parameter: string, text: string | undefined, max: number): void => {
  if (text === undefined || text.length <= max) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Value for parameter ${lowerFirst(parameter)} is invalid. It exceeds ${max} characters.`,
  );
};

/** @throws ApiError `InvalidParameterCombination` if more than one of the parameters has a value. */
export const assertAtMostOne = (input: object, parameters: readonly string[]): void => {
  const given = givenOf(input, parameters);
  if (given.length < 2) return;
  throw new ApiError(
    'InvalidParameterCombination',
    `The parameter ${lowerFirst(given[0] ?? '')} cannot be used with the parameter ` +
      lowerFirst(given[1] ?? ''),
  );
};

const givenOf = (input: object, parameters: readonly string[]): string[] => {
  const values = input as Readonly<Record<string, unknown>>;
  return parameters.filter((parameter) => values[parameter] !== undefined);
};

/**
 * Refuses what belongs to a part of EC2 that does not exist here, such as Outposts and Local Zones,
 * as EC2 does where a Region lacks it.
 * @throws ApiError `UnsupportedOperation` if one of the parameters has a value
 */
export const refuseParameters = (input: object, parameters: readonly string[]): void => {
  const [given] = givenOf(input, parameters);
  if (given === undefined) return;
  throw new ApiError(
    'UnsupportedOperation',
    `The functionality you requested is not available in this region: ${given}`,
  );
};

const ACCOUNT = /^\d{12}$/;

/** @throws ApiError `InvalidUserID.Malformed` for what is not twelve digits. */
export const assertAccountId = (id: string): void => {
  if (!ACCOUNT.test(id)) throw new ApiError('InvalidUserID.Malformed', `Invalid user id: "${id}"`);
};
