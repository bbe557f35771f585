import type * as z from 'zod';
import type { PolicySet } from '../domain/policy.ts';
import {
  type PolicyProblem,
  type PolicySource,
  type PolicyText,
  readDocument,
} from './policy-document.ts';
import { describeIssues } from './policy-issues.ts';
import { type Placed, entryProblems, idProblems, limitsProblems } from './policy-meaning.ts';
import {
  type BackupEntry,
  type PolicyDocument,
  type PolicyEntry,
  type TagPolicyEntry,
  isBackup,
  policyDocument,
  policyEntry,
  tagPolicy,
} from './policy-schema.ts';
import { toAdoption, toPolicy, toTagPolicy } from './policy-values.ts';

/** Policy files that cannot be used. The message names every problem as `file:line:column field: ...`. */
export class InvalidPolicyError extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    const files = new Set(problems.map(({ file }) => file));
    const mend = files.size > 1 ? 'Mend the files' : 'Mend the file';
    super(`${problems.map(formatProblem).join('\n')}\nNothing was changed. ${mend} and try again.`);
    this.name = 'InvalidPolicyError';
    this.problems = problems;
  }
}

export const formatProblem = ({ file, line, column, field, message }: PolicyProblem): string =>
  withoutControls(`${file}:${line}:${column} ${field === '' ? '' : `${field}: `}${message}`);

/** Keys may hold what moves a terminal's cursor. */
const withoutControls = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));

/** One file as far as it can be read: what is wrong with one policy does not hide the others. */
export interface ReadFile {
  readonly source: PolicySource;
  readonly timezone: string;
  /** If the file says any, and says them right. */
  readonly limits?: PolicySet['limits'];
  readonly policies: readonly Placed<PolicyEntry>[];
  readonly tagPolicies: readonly Placed<TagPolicyEntry>[];
  readonly problems: readonly PolicyProblem[];
}

/** Policies joined from all files, and where each was written. */
export interface LoadedPolicies {
  readonly set: PolicySet;
  readonly files: readonly ReadFile[];
}

/**
 * Reads policy documents (YAML 1.2 or JSON), and joins them.
 * @param homeRegion Region of the instances that they are for: a copy must go elsewhere. Where it is
 *   not known, that is not looked at
 * @throws InvalidPolicyError with all problems of all files, in the order of the files
 */
export const loadPolicies = (
  texts: readonly PolicyText[],
  homeRegion: string | undefined,
): LoadedPolicies => {
  const files = texts.map((text) => readFile(readDocument(text)));
  const sources = files.map(({ source }) => source);
  const problems = [
    ...files.flatMap((file) => [...file.problems, ...meaningProblems(file, homeRegion)]),
    ...idProblems(sources),
    ...limitsProblems(
      files.flatMap(({ source, limits }) => (limits === undefined ? [] : [{ source, limits }])),
    ),
  ];
  if (problems.length > 0) throw new InvalidPolicyError(inOrder(problems, sources));
  return { set: freeze(joined(files)), files };
};

/** The same, without the places. */
export const parsePolicyFiles = (
  texts: readonly PolicyText[],
  homeRegion: string | undefined,
): PolicySet => loadPolicies(texts, homeRegion).set;

/** The same of one file. */
export const parsePolicyFile = (
  text: string,
  file: string,
  homeRegion: string | undefined,
): PolicySet => parsePolicyFiles([{ file, text }], homeRegion);

const inOrder = (
  problems: readonly PolicyProblem[],
  sources: readonly PolicySource[],
): readonly PolicyProblem[] => {
  const position = new Map(sources.map(({ file }, index) => [file, index]));
  const positionOf = ({ file }: PolicyProblem): number => position.get(file) ?? 0;
  return problems.toSorted(
    (a, b) => positionOf(a) - positionOf(b) || a.line - b.line || a.column - b.column,
  );
};

const NOTHING = { timezone: 'UTC', policies: [], tagPolicies: [] } as const;

const readFile = (source: PolicySource): ReadFile => {
  const { value, problems } = source;
  if (source.isBroken) return { ...NOTHING, source, problems };
  if (!isMap(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'plain text';
    const message = `expected a policy document with version and policies, found ${found}`;
    return { ...NOTHING, source, problems: [...problems, source.problemAt([], message)] };
  }
  const parsed = policyDocument.safeParse(value, { reportInput: true });
  if (parsed.success) return readWhole(source, parsed.data);
  const wrong = describeIssues(parsed.error.issues, policyDocument, source);
  return { ...readInPart(source, value), problems: [...problems, ...wrong] };
};

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readWhole = (source: PolicySource, data: PolicyDocument): ReadFile => {
  const isEmpty = data.policies.length + data.tagPolicies.length === 0;
  const missing = source.problemAt(['policies'], 'is missing: expected a list of policies');
  return {
    source,
    timezone: data.timezone,
    ...(source.valueAt(['limits']) === undefined ? {} : { limits: data.limits }),
    policies: data.policies.map((entry, index) => ({ source, path: ['policies', index], entry })),
    tagPolicies: data.tagPolicies.map((entry, index) => ({
      source,
      path: ['tagPolicies', index],
      entry,
    })),
    problems: isEmpty ? [...source.problems, missing] : source.problems,
  };
};

/** Of a document with problems, the parts that have none. */
const readInPart = (
  source: PolicySource,
  value: Readonly<Record<string, unknown>>,
): Omit<ReadFile, 'problems'> => {
  const { timezone, limits } = policyDocument.shape;
  const zone = timezone.safeParse(value['timezone']);
  const stated = limits.safeParse(value['limits']);
  return {
    source,
    timezone: zone.success ? zone.data : NOTHING.timezone,
    ...(stated.success && value['limits'] !== undefined ? { limits: stated.data } : {}),
    policies: readEntries(source, 'policies', policyEntry),
    tagPolicies: readEntries(source, 'tagPolicies', tagPolicy),
  };
};

const readEntries = <T>(
  source: PolicySource,
  list: string,
  schema: z.ZodType<T>,
): readonly Placed<T>[] => {
  const entries = source.valueAt([list]);
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown, index) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [{ source, path: [list, index], entry: parsed.data }] : [];
  });
};

const meaningProblems = (
  { policies, timezone }: ReadFile,
  homeRegion: string | undefined,
): readonly PolicyProblem[] =>
  policies.filter(isOfBackup).flatMap((placed) => entryProblems(placed, timezone, homeRegion));

const isOfBackup = (placed: Placed<PolicyEntry>): placed is Placed<BackupEntry> =>
  isBackup(placed.entry);

const joined = (files: readonly ReadFile[]): PolicySet => ({
  limits: files.find(({ limits }) => limits !== undefined)?.limits ?? DEFAULT_LIMITS,
  policies: files.flatMap(({ policies, timezone }) =>
    policies.flatMap(({ entry }) => (isBackup(entry) ? [toPolicy(entry, timezone)] : [])),
  ),
  adoptions: files.flatMap(({ policies, timezone }) =>
    policies.flatMap(({ entry }) => (isBackup(entry) ? [] : [toAdoption(entry, timezone)])),
  ),
  tagPolicies: files.flatMap(({ tagPolicies }) =>
    tagPolicies.map(({ entry }) => toTagPolicy(entry)),
  ),
});

const DEFAULT_LIMITS = policyDocument.shape.limits.parse(undefined);

const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
};
