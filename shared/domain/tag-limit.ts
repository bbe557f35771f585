import type { Tags } from './model.ts';
import type { Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG, TAGS_MAX } from './tags.ts';
import { matchesWildcard } from './wildcard.ts';

/** Tags to be written, and what is to be said about them. */
export interface Tagging {
  readonly tags: Tags;
  readonly reasons: readonly Reason[];
}

/**
 * The tags that EC2 has room for, most important first: what Imago needs to look after a point, what
 * a relaunch needs, what the policy sets, what it copies in the order of its patterns, and the rest;
 * among equals by key. What finds no room is named.
 */
export const limitTags = (tags: Tags, policy: Policy): Tagging => {
  const ranked = Object.entries(tags)
    .map(([key, value]) => ({ key, value, rank: rankOf(key, policy) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || (a.key < b.key ? -1 : 1));
  const leftOut = ranked.slice(TAGS_MAX).map(({ key }) => key);
  return {
    tags: Object.fromEntries(ranked.slice(0, TAGS_MAX).map(({ key, value }) => [key, value])),
    reasons: leftOut.length === 0 ? [] : [reason('TAG-03', listKeys(leftOut))],
  };
};

/** Its tier, and its place among those of the tier. */
type Rank = readonly [tier: number, place: number];

const compareRanks = ([tierA, placeA]: Rank, [tierB, placeB]: Rank): number =>
  tierA - tierB || placeA - placeB;

const rankOf = (key: string, { tags, image, keepFrom }: Policy): Rank => {
  if (isRestoreTag(key)) return [1, 0];
  if (key.startsWith('imago:') || key === keepFrom?.tag) return [0, 0];
  if (key === 'Name' && image.name !== undefined) return [2, -1];
  const set = Object.keys(tags.set).indexOf(key);
  if (set >= 0) return [2, set];
  const copied = tags.copy.findIndex((pattern) => matchesWildcard(pattern, key));
  return copied >= 0 ? [3, copied] : [4, 0];
};

const RESTORE_KEYS: readonly string[] = [
  TAG.instanceType,
  TAG.subnet,
  TAG.instanceProfile,
  TAG.keyName,
];

/** Whether it says what a relaunch needs. A long list goes on in numbered tags. */
export const isRestoreTag = (key: string): boolean =>
  RESTORE_KEYS.includes(key) ||
  key === TAG.securityGroups ||
  key.startsWith(`${TAG.securityGroups}.`);

const LISTED_MAX = 10;

/** `a, b and 3 more`: keys in a reason, which is to stay readable. */
export const listKeys = (keys: readonly string[]): string => {
  const listed = keys.slice(0, LISTED_MAX).join(', ');
  const more = keys.length - LISTED_MAX;
  return more > 0 ? `${listed} and ${more} more` : listed;
};
