import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { UnexpectedShapeError } from '../aws/shapes.ts';
import { type Part, type Target, completePart, incompletePart } from '../domain/model.ts';
import { type Belonging, isElsewhere, isOfAnother } from './belonging.ts';
import type { Documents } from './kinds.ts';
import { type Page, isPage, notThePage } from './pages.ts';
import { withoutNulls } from './without-nulls.ts';

/** How the pages of one kind are read into the domain's objects. */
export interface Reading<Raw, T> {
  /** The key of each page's list. */
  readonly list: string;
  /** The objects of a page, where they are not simply those of the list. */
  readonly objectsOf?: (page: Page) => readonly unknown[];
  /** The key of an object's own id, for messages about one that cannot be read. */
  readonly idKey: string;
  readonly schema: z.ZodType<Raw>;
  readonly convert: (raw: Raw) => T;
  readonly keyOf: (item: T) => string;
  /** What an object tells of the account and the Region that it is of. */
  readonly belongingOf?: (raw: Raw) => Belonging;
  /** Whether a list may hold objects of other accounts beside our own. */
  readonly showsOthers?: boolean;
  /** The two of one key as one; undefined if they contradict each other. */
  readonly joined?: (one: T, other: T) => T | undefined;
  /** What is wrong with the pages as a whole, if anything is. */
  readonly wrongWith?: (pages: readonly Page[]) => string | undefined;
}

/**
 * What the pages show. An object that cannot be read, is of another account or Region, or is told
 * twice and differently makes the part incomplete, and is named; it does not count, all others do.
 */
export const readPart = <Raw, T>(
  reading: Reading<Raw, T>,
  { pages, problem, origins = [] }: Documents,
  target: Target,
): Part<T> => {
  const problems: string[] = problem === undefined ? [] : [problem];
  const collected = startCollection(reading, target);
  const usable: Page[] = [];
  for (const [index, content] of pages.entries()) {
    const origin = origins[index] === undefined ? '' : `${origins[index]}: `;
    if (!isPage(content, reading.list)) {
      problems.push(origin + notThePage(content, reading.list));
      continue;
    }
    usable.push(content);
    for (const object of objectsOf(reading, content)) {
      const why = collected.add(object);
      if (why !== undefined) problems.push(origin + why);
    }
  }
  problems.push(
    ...[reading.wrongWith?.(usable), collected.allOthers()].filter((why) => why !== undefined),
  );
  return partOf(collected.items(), problems);
};

const partOf = <T>(items: readonly T[], [first, ...more]: readonly string[]): Part<T> => {
  if (first === undefined) return completePart(items);
  return incompletePart(more.length === 0 ? first : `${first} (and ${more.length} more)`, items);
};

const objectsOf = <Raw, T>(reading: Reading<Raw, T>, page: Page): readonly unknown[] => {
  const objects = reading.objectsOf === undefined ? page[reading.list] : reading.objectsOf(page);
  return Array.isArray(objects) ? objects : [];
};

interface Collection<T> {
  /** Takes an object up, or says why it cannot. */
  readonly add: (object: unknown) => string | undefined;
  readonly items: () => readonly T[];
  /** What is wrong if every object that tells its account is of another. */
  readonly allOthers: () => string | undefined;
}

const CONTRADICTED = 'is there twice, and not the same';

const startCollection = <Raw, T>(reading: Reading<Raw, T>, target: Target): Collection<T> => {
  const items = new Map<string, T>();
  const contradicted = new Set<string>();
  let own = 0;
  let other: string | undefined;
  const take = (raw: Raw): string | undefined => {
    const belonging = reading.belongingOf?.(raw) ?? {};
    if (isElsewhere(target, belonging)) return `is of ${belonging.place}, not of ${target.region}`;
    if (!isOfAnother(target, belonging)) own += 1;
    else if (reading.showsOthers === true) other ??= belonging.account;
    else return `is of account ${belonging.account}, not of ${target.account}`;
    return put(reading.convert(raw));
  };
  const put = (item: T): string | undefined => {
    const key = reading.keyOf(item);
    if (contradicted.has(key)) return CONTRADICTED;
    const known = items.get(key);
    const joined = known === undefined ? item : (reading.joined ?? theSame)(known, item);
    if (joined === undefined) {
      items.delete(key); // neither is to be believed
      contradicted.add(key);
      return CONTRADICTED;
    }
    items.set(key, joined);
    return undefined;
  };
  return {
    add: (object) => {
      const raw = parsed(reading.schema, object);
      const why = typeof raw === 'string' ? raw : unlessOdd(() => take(raw.value));
      return why === undefined ? undefined : `${idOf(object, reading.idKey)} ${why}`;
    },
    items: () => [...items.values()],
    allOthers: () =>
      own > 0 || other === undefined
        ? undefined
        : `nothing in it is of account ${target.account}, but of ${other}`,
  };
};

const theSame = <T>(one: T, other: T): T | undefined =>
  isDeepStrictEqual(one, other) ? one : undefined;

const idOf = (object: unknown, key: string): string => {
  const id: unknown = typeof object === 'object' && object !== null ? Reflect.get(object, key) : '';
  return typeof id === 'string' && id !== '' ? id : `one without ${key}`;
};

/** The object as the SDK would give it, or what is odd about it. */
const parsed = <Raw>(schema: z.ZodType<Raw>, object: unknown): { readonly value: Raw } | string => {
  const read = schema.safeParse(object);
  if (read.success) return { value: read.data };
  // Some versions of the AWS CLI print null for what is not there.
  const again = schema.safeParse(withoutNulls(object));
  if (again.success) return { value: again.data };
  const [issue] = again.error.issues;
  return `cannot be read: ${issue?.path.join('.')}: ${issue?.message}`;
};

const unlessOdd = (take: () => string | undefined): string | undefined => {
  try {
    return take();
  } catch (error) {
    if (error instanceof UnexpectedShapeError) return `cannot be read: ${error.message}`;
    throw error;
  }
};
