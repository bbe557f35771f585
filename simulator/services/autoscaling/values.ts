/** What Auto Scaling says of parameters that it does not take. */
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { invalid } from './groups.ts';

const NAME = { minLength: 1, maxLength: 255 };

/** @throws ApiError `ValidationError` for a name of a bad length. */
export const assertName = (place: string, name: string | undefined): void => {
  assertNoProblems(problemsOf(place, name, NAME), 'ValidationError');
};

/**
 * Refuses what belongs to a part of Auto Scaling that does not exist here.
 * @throws ApiError `ValidationError` if one of the parameters has a value
 */
export const refuseParameters = (input: object, parameters: readonly string[]): void => {
  const values = input as Readonly<Record<string, unknown>>;
  const given = parameters.find((parameter) => values[parameter] !== undefined);
  if (given === undefined) return;
  throw invalid(`The functionality you requested is not available in this region: ${given}`);
};

/** @throws ApiError `ValidationError` for a value that is none of those. */
export const assertOneOf = (
  parameter: string,
  value: string | undefined,
  allowed: readonly string[],
): void => {
  if (value === undefined || allowed.includes(value)) return;
  throw invalid(`Invalid value '${value}' for ${parameter}. Valid values: ${allowed.join(', ')}.`);
};
