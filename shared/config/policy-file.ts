import { type Document, LineCounter, isMap, isNode, isPair, isScalar, parseDocument } from 'yaml';
import type { Policy, PolicySet } from '../domain/policy.ts';
import { longestGapMs, parseSchedule } from '../domain/schedule.ts';
import {
  type PolicyDocument,
  type PolicyEntry,
  keysAllowedAt,
  policyDocument,
} from './policy-schema.ts';
import { isSamePartition } from './regions.ts';

/** Far more than any policy needs; a parser is not asked to try. */
export const POLICY_FILE_BYTES_MAX = 1_000_000;

/** One thing wrong with a policy file. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  /** Dotted path of the field, such as `policies[0].keep.last`; empty for the whole file. */
  readonly field: string;
  readonly message: string;
}

/** A policy file that cannot be used. Its message names every problem as `file:line:column field: ...`. */
export class InvalidPolicyError extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(file: string, problems: readonly PolicyProblem[]) {
    const lines = problems.map(
      ({ line, column, field, message }) =>
        `${file}:${line}:${column} ${field === '' ? '' : `${field}: `}${message}`,
    );
    super(`${lines.join('\n')}\nNothing was changed. Mend the file and try again.`);
    this.name = 'InvalidPolicyError';
    this.problems = problems;
  }
}

type Path = readonly PropertyKey[];

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Reads a policy document (YAML 1.2 or JSON).
 * @param text       the file's whole text
 * @param file       its name, for messages
 * @param homeRegion Region of the instances that it is for: a copy must go elsewhere. Where it is not
 *   known, that is not looked at
 * @throws InvalidPolicyError with all problems found, in the order of the file
 */
export const parsePolicyFile = (
  text: string,
  file: string,
  homeRegion: string | undefined,
): PolicySet => {
  if (Buffer.byteLength(text) > POLICY_FILE_BYTES_MAX) {
    const message = `a policy file may have ${POLICY_FILE_BYTES_MAX} bytes at most, found ${Buffer.byteLength(text)}`;
    throw new InvalidPolicyError(file, [{ line: 1, column: 1, field: '', message }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source = { document, lines };
  if (document.errors.length > 0) throw new InvalidPolicyError(file, syntaxProblems(source));
  const value = toPlain(source, file);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'plain text';
    const message = `expected a policy document with version and policies, found ${found}`;
    throw new InvalidPolicyError(file, [{ line: 1, column: 1, field: '', message }]);
  }
  const parsed = policyDocument.safeParse(value);
  const derived = parsed.success
    ? parsed.data.policies.map((entry) => derive(entry, parsed.data.timezone))
    : [];
  const problems = parsed.success
    ? meaningProblems(parsed.data, derived, source, homeRegion)
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, source));
  if (problems.length > 0 || !parsed.success) throw new InvalidPolicyError(file, inOrder(problems));
  return freeze(toPolicySet(parsed.data, derived));
};

/** Aliases can point to nothing, or to so much that the parser refuses to write it out. */
const toPlain = ({ document }: Source, file: string): unknown => {
  try {
    return document.toJS();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const message = `an alias cannot be resolved: ${what}`;
    throw new InvalidPolicyError(file, [{ line: 1, column: 1, field: '', message }]);
  }
};

const inOrder = (problems: readonly PolicyProblem[]): readonly PolicyProblem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);

const syntaxProblems = ({ document, lines }: Source): readonly PolicyProblem[] =>
  document.errors.slice(0, 10).map(({ pos, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { line, column: col, field: '', message: `no valid YAML: ${message}` };
  });

const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : text === ''
          ? String(step)
          : `${text}.${String(step)}`,
    '',
  );

const problemAt = (source: Source, path: Path, message: string): PolicyProblem => {
  const { line, col } = source.lines.linePos(offsetOf(source.document, path));
  return { line: Math.max(line, 1), column: Math.max(col, 1), field: formatPath(path), message };
};

/** Where a field stands; a field that is missing, where the one that should hold it does. */
const offsetOf = (document: Document, path: Path): number => {
  const parent = document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (isPair(pair) && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
};

interface Issue {
  readonly code?: string;
  readonly path: Path;
  readonly message: string;
  readonly keys?: readonly string[];
  readonly expected?: string;
}

const describeIssue = (issue: Issue, source: Source): readonly PolicyProblem[] => {
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAllowedAt(issue.path);
    const expected = allowed.length === 0 ? '' : `: expected one of ${allowed.join(', ')}`;
    return (issue.keys ?? []).map((key) =>
      problemAt(source, [...issue.path, key], `unknown key ${key}${expected}`),
    );
  }
  const isMissing = source.document.getIn(issue.path) === undefined;
  const message =
    isMissing && issue.code !== 'custom'
      ? `is missing${issue.expected === undefined ? '' : `: expected ${issue.expected}`}`
      : issue.code === 'custom'
        ? issue.message
        : lowerFirst(issue.message);
  return [problemAt(source, issue.path, message)];
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What the fields say together. */
const meaningProblems = (
  { policies }: PolicyDocument,
  derived: readonly Derived[],
  source: Source,
  homeRegion: string | undefined,
): readonly PolicyProblem[] => {
  const problems: PolicyProblem[] = [];
  const add = (path: Path, message: string): void => {
    problems.push(problemAt(source, path, message));
  };
  const seen = new Map<string, string>();
  policies.forEach((entry, index) => {
    [entry.id, ...entry.formerly].forEach((id, nth) => {
      const path = nth === 0 ? ['policies', index, 'id'] : ['policies', index, 'formerly', nth - 1];
      const first = seen.get(id);
      if (first !== undefined) add(path, `the id ${id} is already taken by ${first}`);
      seen.set(id, formatPath(path));
    });
    const { problems: ofSchedules = [], rpoMs } = derived[index] ?? {};
    ofSchedules.forEach((problem, nth) => {
      if (problem !== undefined) add(['policies', index, 'when', nth, 'schedule'], problem);
    });
    if (rpoMs === undefined && ofSchedules.every((problem) => problem === undefined)) {
      add(
        ['policies', index, 'rpo'],
        'is missing: the schedule has fewer than two slots to derive it from',
      );
    }
    entry.copyTo.forEach(({ region }, nth) => {
      const problem = destinationProblem(region, homeRegion);
      if (problem !== undefined) add(['policies', index, 'copyTo', nth, 'region'], problem);
    });
  });
  return problems;
};

const destinationProblem = (region: string, homeRegion: string | undefined): string | undefined => {
  if (homeRegion === undefined) return undefined;
  if (region === homeRegion)
    return `${region} is where the instances are: a copy must go elsewhere`;
  if (isSamePartition(region, homeRegion)) return undefined;
  return `${region} is in another partition than ${homeRegion}: EC2 cannot copy there`;
};

/** A fixed instant, so that a document is right or wrong whenever it is read. */
const EVER_AFTER_MS = Date.UTC(2026, 0, 1);

/** What follows from an entry's schedules; looking for the longest gap takes milliseconds. */
interface Derived {
  readonly when: Policy['when'];
  /** By trigger: what is wrong with its schedule. */
  readonly problems: readonly (string | undefined)[];
  readonly rpoMs: number | undefined;
}

const derive = (entry: PolicyEntry, timezone: string): Derived => {
  const parsed = entry.when.map((trigger) => ({
    trigger,
    result: parseSchedule(trigger.schedule, timezone),
  }));
  const when = parsed.flatMap(({ trigger: { startWithin, catchUp }, result }) =>
    result.ok
      ? [{ schedule: result.schedule, startWithinMs: startWithin, catchUpMs: catchUp }]
      : [],
  );
  const problems = parsed.map(({ trigger, result }) => {
    if (!result.ok) return result.problem;
    const isEver = result.schedule.nextSlot(EVER_AFTER_MS) !== undefined;
    return isEver ? undefined : `${trigger.schedule} never fires`;
  });
  return { when, problems, rpoMs: entry.rpo ?? defaultRpoMs(when) };
};

/** The longest gap of the schedule that leaves the shortest, and what a point may be late. */
const defaultRpoMs = (when: Policy['when']): number | undefined => {
  const gaps = when.flatMap(({ schedule, startWithinMs }) => {
    const gapMs = longestGapMs(schedule);
    return gapMs === undefined ? [] : [gapMs + startWithinMs];
  });
  return gaps.length === 0 ? undefined : Math.min(...gaps);
};

const toPolicySet = (
  { limits, policies }: PolicyDocument,
  derived: readonly Derived[],
): PolicySet => ({
  limits,
  policies: policies.map((entry, index) => ({
    id: entry.id,
    formerly: entry.formerly,
    select: entry.select,
    when: derived[index]?.when ?? [],
    rpoMs: derived[index]?.rpoMs ?? 0, // 0: refused before
    image: entry.image,
    tags: entry.tags,
    keep: entry.keep,
    copyTo: entry.copyTo.map(({ region, kmsKey, keep }) => ({
      region,
      keep,
      ...(kmsKey === undefined ? {} : { kmsKey }),
    })),
    retire: entry.retire,
  })),
});

const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
};
