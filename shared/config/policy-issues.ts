import * as z from 'zod';
import { bare, optionFor, optionsFor } from './bare-schema.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path, PolicyProblem, PolicySource } from './policy-document.ts';
import {
  type Found,
  type Issue,
  expectationOf,
  wordsOf,
  wordsOfAll,
  wordsOfKey,
} from './policy-words.ts';

/** What zod finds wrong with a document, as problems at their places. */
export const describeIssues = (
  issues: readonly Issue[],
  schema: unknown,
  source: PolicySource,
): readonly PolicyProblem[] => {
  const found = withoutEchoes(issues).flatMap((issue) => describeIssue(issue, schema, source, []));
  const meant = new Set(found.flatMap((one) => one.meant?.key ?? []));
  const misspelt = new Set(found.flatMap((one) => one.meant?.map ?? []));
  return found
    .filter(({ missing }) => missing === undefined || !meant.has(missing))
    .filter(({ incomplete }) => incomplete === undefined || !misspelt.has(incomplete))
    .map(({ problem }) => problem);
};

/**
 * What is missing needs no word of its own where a key stands that was meant to be it: neither one
 * key, nor in a map any of several.
 */
interface Description {
  readonly problem: PolicyProblem;
  readonly missing?: string;
  /** A map that a rule of its own finds fault with. */
  readonly incomplete?: string;
  readonly meant?: { readonly map: string; readonly key: string };
}

/** What is of a wrong type has no size, and what is too big by two measures is so by the smaller. */
const withoutEchoes = (issues: readonly Issue[]): readonly Issue[] => {
  const isWrongType = (path: Path): boolean =>
    issues.some((other) => other.code === 'invalid_type' && keyOf(other.path) === keyOf(path));
  const isTighter = (path: Path, maximum: number | bigint): boolean =>
    issues.some(
      (other) =>
        other.code === 'too_big' && other.maximum < maximum && keyOf(other.path) === keyOf(path),
    );
  return issues.filter((issue) => {
    if (issue.code !== 'too_big' && issue.code !== 'too_small') return true;
    if (isWrongType(issue.path)) return false;
    return issue.code === 'too_small' || !isTighter(issue.path, issue.maximum);
  });
};

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

/** @param base where the value stands that the issue's own path begins at */
const describeIssue = (
  issue: Issue,
  schema: unknown,
  source: PolicySource,
  base: Path,
): readonly Description[] => {
  const path = [...base, ...issue.path];
  const at = schemaAt(schema, source, base, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        describeUnknownKey(key, without(at, issue.keys, source.valueAt(path)), source, path),
      );
    case 'invalid_union':
      return describeUnion(issue, at, source, path);
    case 'invalid_key':
      return issue.issues.map((inner) => ({
        problem: source.problemAt(path, wordsOfKey(inner, String(path.at(-1)))),
      }));
    default:
      return [describeValue([issue], expectationOf(issue, at), at, source, path)];
  }
};

const describeValue = (
  issues: readonly Issue[],
  wanted: string,
  schema: unknown,
  source: PolicySource,
  path: Path,
): Description => {
  const found: Found = { value: source.valueAt(path), written: source.writtenAt(path) };
  const [issue] = issues;
  if (found.value === undefined && issue?.code !== 'custom') {
    const problem = source.problemAt(path, `is missing: expected ${wanted}`);
    return { problem, missing: keyOf(path) };
  }
  const words =
    issue !== undefined && issues.length === 1
      ? wordsOf(issue, schema, found)
      : wordsOfAll(wanted, issues, found);
  const problem = source.problemAt(path, words);
  return issue?.code === 'custom' ? { problem, incomplete: keyOf(path) } : { problem };
};

const describeUnknownKey = (
  key: string,
  schema: unknown,
  source: PolicySource,
  path: Path,
): Description => {
  const allowed = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const meant = didYouMean(key, allowed);
  const hint =
    hintOf(schema, key) ??
    (meant === undefined ? `expected one of ${allowed.join(', ')}` : `did you mean ${meant}?`);
  const problem = source.problemAt(
    [...path, key],
    `unknown key ${key === '' ? '""' : key}: ${hint}`,
  );
  if (meant === undefined) return { problem };
  return { problem, meant: { map: keyOf(path), key: keyOf([...path, meant]) } };
};

/** What a schema itself says of keys that belong elsewhere. */
const hintOf = (schema: unknown, key: string): string | undefined => {
  const hints = schema instanceof z.ZodObject ? schema.meta()?.['hints'] : undefined;
  if (typeof hints !== 'object' || hints === null || !Object.hasOwn(hints, key)) return undefined;
  return String(hints[key as keyof typeof hints]);
};

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** The problems of the option that was most likely meant; of all, if the value is like none. */
const describeUnion = (
  { errors: all }: UnionIssue,
  schema: unknown,
  source: PolicySource,
  path: Path,
): readonly Description[] => {
  const options = schema instanceof z.ZodUnion ? schema.options.map(bare) : [];
  const errors = all.map(withoutEchoes);
  const costs = errors.map(costOf);
  const least = Math.min(...costs);
  if (least >= NOT_TRIED_COST) {
    const wanted = errors.flatMap((issues, nth) =>
      issues.map((issue) => expectationOf(issue, options[nth])),
    );
    const words = [...new Set(wanted)].join(' or ');
    return [describeValue(errors.flat(), words, schema, source, path)];
  }
  const meant = optionsFor(options, source.valueAt(path)).map((option) => options.indexOf(option));
  const [nearest = costs.indexOf(least)] = meant.toSorted(
    (a, b) => (costs[a] ?? 0) - (costs[b] ?? 0),
  );
  return (errors[nearest] ?? []).flatMap((issue) =>
    describeIssue(issue, options[nearest], source, path),
  );
};

const NOT_TRIED_COST = 1_000;

/** How far a value is from an option: what is missing says nothing, what is wrong does. */
const costOf = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => {
    if (isOfTheWhole(issue)) return sum + NOT_TRIED_COST;
    return sum + (issue.input === undefined ? 0 : 1);
  }, 0);

/** Whether an option was not even tried: the value is of another type. */
const isOfTheWhole = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

/** The part of a schema that a path leads to, without its wrappers. */
const schemaAt = (schema: unknown, source: PolicySource, base: Path, path: Path): unknown => {
  let at = bare(schema);
  for (const [depth, step] of path.entries()) {
    at = optionOf(at, source.valueAt([...base, ...path.slice(0, depth)]));
    if (at instanceof z.ZodObject) at = bare(at.shape[String(step)]);
    else if (at instanceof z.ZodArray) at = bare(at.element);
    else at = at instanceof z.ZodRecord ? bare(at.valueType) : undefined;
  }
  return at;
};

/** Of a union the option that has found these keys unknown. */
const without = (schema: unknown, unknownKeys: readonly string[], value: unknown): unknown =>
  schema instanceof z.ZodUnion
    ? optionsFor(schema.options.map(bare), value).find(
        (option) =>
          option instanceof z.ZodObject &&
          !unknownKeys.some((key) => Object.hasOwn(option.shape, key)),
      )
    : schema;

/** Of a union the option that a value is meant to be; any other schema itself. */
const optionOf = (schema: unknown, value: unknown): unknown =>
  schema instanceof z.ZodUnion ? optionFor(schema.options.map(bare), value) : schema;
