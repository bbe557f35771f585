import type { ImageCriteria, InstanceCriteria, Selection, TagPatterns } from '../domain/policy.ts';
import { matchesWildcard } from '../domain/wildcard.ts';

/**
 * Whether criteria can be met at all, and whether two can be met by one thing: told by the criteria
 * alone, with no look at any account. So `true` means that nothing speaks against it.
 */

/** What one thing must have, and what it must not; of `names` one must match, if there are any. */
export interface Demands {
  readonly names: readonly string[];
  readonly tags: TagPatterns;
  readonly not: { readonly names: readonly string[]; readonly tags: TagPatterns };
}

/** A selection as the alternatives that it allows. */
export const demandsOf = ({ ids, tags, anyOf, not }: Selection): readonly Demands[] => {
  const excluded = { names: not.ids, tags: not.tags };
  const branches: readonly InstanceCriteria[] =
    anyOf.length === 0 ? [{ ids: [], tags: {} }] : anyOf;
  return branches.flatMap((branch) => {
    const names = commonPatterns(ids, branch.ids, excluded.names);
    const both = commonTags(tags, branch.tags, excluded.tags);
    return names === undefined || both === undefined ? [] : [{ names, tags: both, not: excluded }];
  });
};

export const demandsOfImages = ({ names, tags, not }: ImageCriteria): Demands => ({
  names,
  tags,
  not,
});

/** Whether some name and tags meet the demands. */
export const isPossible = ({ names, tags, not }: Demands): boolean =>
  (names.length === 0 || names.some((name) => !isExcluded(name, not.names))) &&
  Object.entries(tags).every(([key, values]) => {
    const excluded = patternsOf(not.tags, key);
    return values.some((value) => !isExcluded(value, excluded));
  });

/** The demands that one thing has to meet which meets both; undefined if there is none. */
export const bothOf = (a: Demands, b: Demands): Demands | undefined => {
  const not = {
    names: [...a.not.names, ...b.not.names],
    tags: withEach(a.not.tags, b.not.tags, (one, other) => [...one, ...other]),
  };
  const names = commonPatterns(a.names, b.names, not.names);
  const tags = commonTags(a.tags, b.tags, not.tags);
  if (names === undefined || tags === undefined) return undefined;
  const both = { names, tags, not };
  return isPossible(both) ? both : undefined;
};

/** Keys are people's own: one may be called `constructor`. */
const patternsOf = (tags: TagPatterns, key: string): readonly string[] =>
  (Object.hasOwn(tags, key) ? tags[key] : undefined) ?? [];

const withEach = (
  a: TagPatterns,
  b: TagPatterns,
  join: (one: readonly string[], other: readonly string[]) => readonly string[],
): TagPatterns => ({
  ...a,
  ...Object.fromEntries(
    Object.entries(b).map(([key, values]) => [key, join(patternsOf(a, key), values)]),
  ),
});

/** Whether whatever matches the narrow pattern surely matches the wide one: `?` takes no `*`. */
const covers = (wide: string, narrow: string): boolean =>
  wide === narrow ||
  (matchesWildcard(wide, narrow) && !(wide.includes('?') && narrow.includes('*')));

const isExcluded = (pattern: string, excluded: readonly string[]): boolean =>
  excluded.some((one) => covers(one, pattern));

/** An empty list demands nothing. What matches two patterns is excluded if either of them is. */
const commonPatterns = (
  a: readonly string[],
  b: readonly string[],
  excluded: readonly string[],
): readonly string[] | undefined => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const allowed = (patterns: readonly string[]): readonly string[] =>
    patterns.filter((pattern) => !isExcluded(pattern, excluded));
  const common = allowed(a).flatMap((one) =>
    allowed(b).flatMap((other) => narrower(one, other) ?? []),
  );
  return common.length === 0 ? undefined : [...new Set(common)];
};

const commonTags = (
  a: TagPatterns,
  b: TagPatterns,
  excluded: TagPatterns,
): TagPatterns | undefined => {
  const commonOf = (key: string): readonly string[] | undefined =>
    commonPatterns(patternsOf(a, key), patternsOf(b, key), patternsOf(excluded, key));
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const common = keys.flatMap((key) => {
    const patterns = commonOf(key);
    return patterns === undefined ? [] : [[key, patterns] as const];
  });
  return common.length < keys.length ? undefined : Object.fromEntries(common);
};

/** A pattern for what matches both: the one that is no wider, if one is; undefined for nothing. */
const narrower = (a: string, b: string): string | undefined => {
  if (covers(b, a)) return a;
  if (covers(a, b)) return b;
  return haveCommonText(a, b) ? a : undefined;
};

/** Whether some text matches both patterns. */
const haveCommonText = (a: string, b: string): boolean => {
  let row = reachable(b, (index) => index === 0);
  for (const letter of a) {
    const above = row;
    row =
      letter === '*'
        ? reachable(b, (index) => above.slice(0, index + 1).some(Boolean))
        : reachable(b, (index) => meets(above, b, index, letter));
  }
  return row[b.length] ?? false;
};

/** Per place in a pattern, whether it can be reached: by its own right, or over a `*` before it. */
const reachable = (pattern: string, isReached: (index: number) => boolean): readonly boolean[] => {
  const reached: boolean[] = [];
  for (let index = 0; index <= pattern.length; index += 1) {
    reached.push(isReached(index) || (pattern[index - 1] === '*' && (reached[index - 1] ?? false)));
  }
  return reached;
};

/** Whether a letter leads to this place: past a letter that is like it, or inside a `*`. */
const meets = (
  above: readonly boolean[],
  pattern: string,
  index: number,
  letter: string,
): boolean => {
  const before = pattern[index - 1];
  if (before === '*') return above[index] ?? false;
  const isAlike = before === '?' || letter === '?' || before === letter;
  return before !== undefined && isAlike && (above[index - 1] ?? false);
};

/** `Backup=daily`, `Env=prod or stag*`, `web-*`: what meets demands, for a reader. */
export const describeDemands = ({ names, tags }: Demands): string => {
  const words = [
    ...(names.length === 0 ? [] : [names.join(' or ')]),
    ...Object.entries(tags).map(([key, values]) => `${key}=${values.join(' or ')}`),
  ];
  return words.length === 0 ? 'anything' : words.join(', ');
};
