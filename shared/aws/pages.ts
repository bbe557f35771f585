import { type Part, completePart, incompletePart } from '../domain/model.ts';
import { describeFailure, toFailure } from './failures.ts';
import { UnexpectedShapeError } from './shapes.ts';

export interface Page<Raw> {
  /** Absent where the answer has no list, not even an empty one. */
  readonly items: readonly Raw[] | undefined;
  readonly nextToken: string | undefined;
}

/**
 * EC2 answers with an empty list where it has nothing to tell. An answer without any is not EC2's,
 * but of something on the way that said 200 to everything, and tells nothing.
 */
const NO_LIST = 'EC2 answered without a list';

/** How the objects of a list are read: each alone, so that an odd one does not hide the others. */
export interface Reading<Raw, T> {
  /** What a raw object is to the domain, if anything. Throws UnexpectedShapeError. */
  readonly convert: (raw: Raw) => T | undefined;
  readonly keyOf: (item: T) => string;
  /** Lists of one page that is frozen, and so says the same each time that it comes. */
  readonly known?: WeakMap<readonly Raw[], Part<T>>;
}

/** The most objects that most of EC2's describes give on one page. */
export const PAGE_SIZE = 1_000;
/** The most that DescribeLaunchTemplateVersions and DescribeLaunchTemplates give on one page. */
export const VERSIONS_PAGE_SIZE = 200;
/** The most values that one filter takes. */
export const FILTER_VALUES_MAX = 200;

/** More pages than any quota of EC2 could fill; a list that goes on past it is not believed. */
export const PAGES_MAX = 1_000;

/**
 * Reads a list to its end. Whatever goes wrong on the way makes the part incomplete: it then holds
 * what could be read, and says what went wrong first. Only a defect of ours is thrown. An item that
 * moved from one page to the next while they were read counts once, as it was seen last.
 */
export const readAll = async <Raw, T>(
  reading: Reading<Raw, T>,
  readPage: (nextToken: string | undefined) => Promise<Page<Raw>>,
): Promise<Part<T>> => {
  const pages: T[][] = [];
  let onlyPage: readonly Raw[] | undefined;
  const problems: string[] = [];
  const convert = (raw: Raw): T | undefined => {
    try {
      return reading.convert(raw);
    } catch (error) {
      if (!(error instanceof UnexpectedShapeError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const readPages = async (): Promise<string | undefined> => {
    let token: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { items, nextToken } = await readPage(token);
      if (items === undefined) return NO_LIST;
      const isLast = nextToken === undefined || nextToken === '';
      onlyPage = isLast && page === 0 && Object.isFrozen(items) ? items : undefined;
      if (onlyPage !== undefined && reading.known?.has(onlyPage) === true) return undefined;
      pages.push(items.map(convert).filter((item) => item !== undefined));
      if (isLast) return undefined;
      if (nextToken === token) return 'EC2 gave one page token twice';
      token = nextToken;
    }
    return `the list goes on after ${PAGES_MAX} pages`;
  };
  const ending = await readPages().catch((error: unknown) => describeFailure(toFailure(error)));
  const known = onlyPage && reading.known?.get(onlyPage);
  if (known !== undefined) return known;
  const problem = problems[0] ?? ending;
  const items = itemsOf(pages, reading);
  const part = problem === undefined ? completePart(items) : incompletePart(problem, items);
  if (onlyPage !== undefined) reading.known?.set(onlyPage, part);
  return part;
};

const itemsOf = <T>(
  pages: readonly T[][],
  { keyOf }: Pick<Reading<never, T>, 'keyOf'>,
): readonly T[] => {
  const [first = [], ...others] = pages;
  if (others.length === 0) return first;
  return [...new Map(pages.flat().map((item) => [keyOf(item), item])).values()];
};

/** Several parts of one list as one: complete only if every one of them is. */
export const joinParts = <T>(parts: readonly Part<T>[]): Part<T> => {
  const items = parts.flatMap((part) => part.items);
  const missing = parts.find(({ isComplete }) => !isComplete);
  return missing === undefined ? completePart(items) : incompletePart(missing.problem, items);
};
