import type { Tags } from './model.ts';
import type { TagPatterns } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

export const matchesAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => matchesWildcard(pattern, text));

const matchesTag = (tags: Tags, [key, patterns]: readonly [string, readonly string[]]): boolean => {
  const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
  return value !== undefined && matchesAny(patterns, value);
};

/** Whether tags meet every demand: all keys present, each with one of its values. */
export const matchesTags = (demands: TagPatterns, tags: Tags): boolean =>
  Object.entries(demands).every((demand) => matchesTag(tags, demand));

/** Whether tags meet one demand at least. */
export const matchesOneTag = (demands: TagPatterns, tags: Tags): boolean =>
  Object.entries(demands).some((demand) => matchesTag(tags, demand));
