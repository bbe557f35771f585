/**
 * Event patterns: every field named must match (AND), by any of its alternatives (OR); `$or` holds
 * patterns of which one must match. Arrays of an event are looked at element by element.
 */
import { ApiError } from '../../wire/api.ts';
import {
  alternativeTest,
  isFields,
  isOperator,
  PatternError,
  type ValueTest,
} from './pattern-operators.ts';

export type EventTest = (event: unknown) => boolean;

/** A field's value as its alternatives see it: what is no value, or holds others, is none. */
const leavesOf = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) return [isFields(value) ? undefined : value];
  const leaves = (value as unknown[]).flatMap(leavesOf).filter((leaf) => leaf !== undefined);
  return leaves.length === 0 ? [undefined] : leaves;
};

const leafTest = (alternatives: readonly unknown[]): ValueTest => {
  if (alternatives.length === 0) throw new PatternError('Empty arrays are not allowed');
  const tests = alternatives.map(alternativeTest);
  return (value) => leavesOf(value).some((leaf) => tests.some((test) => test(leaf)));
};

/** A list of two patterns or more, none of which is an operator; else `$or` is a field like others. */
const isOr = (key: string, value: unknown): value is readonly unknown[] =>
  key === '$or' &&
  Array.isArray(value) &&
  value.length >= 2 &&
  value.every((item: unknown) => isFields(item) && !Object.keys(item).some(isOperator));

const fieldTest = (key: string, pattern: unknown): ValueTest => {
  if (Array.isArray(pattern)) {
    const test = leafTest(pattern);
    return (record) => test(isFields(record) ? record[key] : undefined);
  }
  if (!isFields(pattern)) throw new PatternError(`"${key}" must be an object or an array`);
  const test = fieldsTest(pattern);
  return (record) => test(isFields(record) ? record[key] : undefined);
};

/** Of an array of objects, one object must match the whole. */
const fieldsTest = (pattern: Readonly<Record<string, unknown>>): ValueTest => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternError('Empty objects are not allowed');
  const tests = entries.map(([key, inner]) => {
    if (!isOr(key, inner)) return fieldTest(key, inner);
    const ways = inner.map((way) => fieldsTest(way as Readonly<Record<string, unknown>>));
    return (record: unknown) => ways.some((way) => way(record));
  });
  const matches: ValueTest = (value) =>
    Array.isArray(value) ? value.some(matches) : tests.every((test) => test(value));
  return matches;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : 'no JSON');
  }
};

/** @throws ApiError `InvalidEventPatternException` */
export const compilePattern = (text: string): EventTest => {
  try {
    const pattern = parse(text);
    if (!isFields(pattern)) throw new PatternError('Filter is not an object');
    return fieldsTest(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ApiError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error.message}`,
    );
  }
};
