/**
 * The constraints that AWS's models put on single values, and the one error in which a service names
 * all that are broken. Texts as recorded of EventBridge and STS.
 */
import { ApiError } from '../wire/api.ts';

export interface Limits {
  /** Of a text or a list. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression for the whole text, in the model's own words. */
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
}

const lengthOf = (value: unknown): number | undefined =>
  typeof value === 'string' || Array.isArray(value) ? value.length : undefined;

const lengthProblem = (value: unknown, { minLength, maxLength }: Limits): string | undefined => {
  const length = lengthOf(value);
  if (length === undefined) return undefined;
  if (minLength !== undefined && length < minLength) {
    return `Member must have length greater than or equal to ${minLength}`;
  }
  if (maxLength !== undefined && length > maxLength) {
    return `Member must have length less than or equal to ${maxLength}`;
  }
  return undefined;
};

const numberProblem = (value: unknown, { min, max }: Limits): string | undefined => {
  if (typeof value !== 'number') return undefined;
  if (min !== undefined && value < min) {
    return `Member must have value greater than or equal to ${min}`;
  }
  if (max !== undefined && value > max) {
    return `Member must have value less than or equal to ${max}`;
  }
  return undefined;
};

const shownAs = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const textProblem = (value: unknown, { pattern, oneOf }: Limits): string | undefined => {
  if (typeof value !== 'string') return undefined;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'su').test(value)) {
    return `Member must satisfy regular expression pattern: ${pattern}`;
  }
  if (oneOf !== undefined && !oneOf.includes(value)) {
    return `Member must satisfy enum value set: [${oneOf.join(', ')}]`;
  }
  return undefined;
};

/** What is wrong with the value at `place`, such as `roleSessionName`; nothing if it is absent. */
export const problemsOf = (place: string, value: unknown, limits: Limits): readonly string[] => {
  if (value === undefined) return [];
  return [lengthProblem, numberProblem, textProblem].flatMap((find) => {
    const problem = find(value, limits);
    return problem === undefined
      ? []
      : [`Value '${shownAs(value)}' at '${place}' failed to satisfy constraint: ${problem}`];
  });
};

/** @throws ApiError that lists the problems, if there are any. */
export const assertNoProblems = (
  problems: readonly string[],
  code: 'ValidationException' | 'ValidationError' = 'ValidationException',
): void => {
  if (problems.length === 0) return;
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  throw new ApiError(code, `${count}: ${problems.join('; ')}`);
};
