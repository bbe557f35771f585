import { type Document, parseDocument } from 'yaml';
import { type Located, type Part, locate } from './policy-nodes.ts';

/** Far more than any policy needs; a parser is not asked to try. */
export const POLICY_FILE_BYTES_MAX = 250_000;

/** A policy file as it was read: its name is for messages. */
export interface PolicyText {
  readonly file: string;
  readonly text: string;
}

/** One thing wrong with a policy file. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path of the field, such as `policies[0].keep.last`; empty for the whole file. */
  readonly field: string;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** A document as plain data, which knows where each part of it stands. */
export interface PolicySource {
  readonly file: string;
  readonly value: unknown;
  /** What is wrong with it as YAML. If it `isBroken`, the value is not to be looked at. */
  readonly problems: readonly PolicyProblem[];
  readonly isBroken: boolean;
  /** Something said about a field; one that is missing stands where what should hold it does. */
  readonly problemAt: (path: Path, message: string) => PolicyProblem;
  /** A value at a path. */
  readonly valueAt: (path: Path) => unknown;
  /** The value as it is written, if it is a plain one: `0x1F`, `.nan`. */
  readonly writtenAt: (path: Path) => string | undefined;
}

export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : text === ''
          ? String(step)
          : step === ''
            ? `${text}[""]`
            : `${text}.${String(step)}`,
    '',
  );

/** Reads YAML 1.2 or JSON. Never throws: what is wrong stands in `problems`. */
export const readDocument = ({ file, text: withMark }: PolicyText): PolicySource => {
  const text = withMark.replace(/^\uFEFF/, '');
  const placeOf = placesIn(text);
  const at = (offset: number, message: string, path: Path = []): PolicyProblem => ({
    file,
    ...placeOf(offset),
    field: formatPath(path),
    message,
  });
  const unreadable = unreadableProblem(text);
  if (unreadable !== undefined) return brokenSource(file, [at(0, unreadable)]);
  const loneReturn = text.search(/\r(?!\n)/);
  if (loneReturn >= 0) return brokenSource(file, [at(loneReturn, LONE_RETURN)]);
  const document = parse(text);
  if (document === undefined) return brokenSource(file, [at(0, TOO_DEEP)]);
  const faults = syntaxFaults(document);
  if (faults.length > 0) {
    return brokenSource(
      file,
      faults.map(([offset, message]) => at(offset, message)),
    );
  }
  const { root, faults: inside, isWhole } = locate(document);
  const problems = inside.map(({ offset, path, message }) => at(offset, message, path));
  return {
    file,
    value: root.value,
    problems,
    isBroken: !isWhole,
    problemAt: (path, message) => at(offsetOf(root, path), message, path),
    valueAt: (path) => find(root, path)?.value,
    writtenAt: (path) => find(root, path)?.written,
  };
};

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The library's own counter loses the lines of texts that go wrong. */
const placesIn = (text: string): ((offset: number) => Place) => {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
};

/** YAML takes it for the end of a line; the library does not, and editors differ. */
const LONE_RETURN =
  'a carriage return stands alone: end lines with a line feed, or with both of them';

const TOO_DEEP = 'no valid YAML: it is nested too deeply';

const unreadableProblem = (text: string): string | undefined => {
  const bytes = Buffer.byteLength(text);
  if (bytes > POLICY_FILE_BYTES_MAX) {
    return `a policy file may have ${POLICY_FILE_BYTES_MAX} bytes at most, found ${bytes}`;
  }
  return text.includes('\0') ? 'expected a text, found a binary file' : undefined;
};

const brokenSource = (file: string, problems: readonly PolicyProblem[]): PolicySource => ({
  file,
  value: undefined,
  problems,
  isBroken: true,
  problemAt: (path, message) => ({ file, line: 1, column: 1, field: formatPath(path), message }),
  valueAt: () => undefined,
  writtenAt: () => undefined,
});

/** Its own search for double keys takes a minute for 60,000 of them, so that is done by us. */
const parse = (text: string): Document | undefined => {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the stack is full
    throw error;
  }
};

const SYNTAX_PROBLEMS_MAX = 10;

/** The library's own words tell of its parser; these of what to write. */
const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'no valid YAML: a text that begins with * or & needs quotes',
  BAD_SCALAR_START: 'no valid YAML: a text that begins with @, ` or % needs quotes',
  BLOCK_IN_FLOW:
    'no valid YAML: a text with a colon and a space needs quotes, or a comma is missing before',
  MULTIPLE_DOCS:
    'a second document begins here: a file holds one, so write its policies into the same list, or into a file of their own',
  MULTILINE_IMPLICIT_KEY:
    'no valid YAML: expected a key with a colon and a space after it, as in version: 1 (in braces, commas between)',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'no valid YAML: tabs are not allowed as indentation, write spaces',
};

/** Offsets and words. A tag such as `!Ref`, which nothing here reads, is no warning to be missed. */
const syntaxFaults = (document: Document): readonly (readonly [number, string])[] => {
  const { version } = document.directives?.yaml ?? {};
  if (version === '1.1') return [[0, OLD_YAML]];
  const all = [...document.errors, ...document.warnings];
  const tooDeep = all.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const found = new Map(
    (tooDeep === undefined ? all : [tooDeep]).map(({ code, message, pos }) => {
      const words = WORDS[code] ?? `no valid YAML: ${message}`;
      return [`${pos[0]} ${words}`, [pos[0], words] as const];
    }),
  );
  return [...found.values()].slice(0, SYNTAX_PROBLEMS_MAX);
};

/** There `yes` is true and 08:00 is 480. */
const OLD_YAML = 'expected YAML 1.2, found %YAML 1.1: leave that line out';

const find = (root: Located, path: Path): Located | undefined =>
  path.reduce<Located | undefined>((at, step) => at?.parts.get(step)?.located, root);

/** A field stands where its key does. */
const offsetOf = (root: Located, path: Path): number => {
  let part: Part = { offset: root.offset, located: root };
  for (const step of path) {
    const next = part.located.parts.get(step);
    if (next === undefined) break;
    part = next;
  }
  return part.offset;
};
