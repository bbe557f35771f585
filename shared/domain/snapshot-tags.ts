import type { Tags, Volume } from './model.ts';
import { type PointTagRules, isRepaired } from './point-tags.ts';
import { matchesAny } from './tag-patterns.ts';
import { type Wish, isUntouchable } from './tag-repair.ts';
import { isReserved } from './tags.ts';

/** A snapshot of a point, and what it takes its tags from. */
export interface PointSnapshot {
  readonly tags: Tags;
  /** The tags of its image, as they are to be. */
  readonly imageTags: Tags;
  /** The volume that it was made of, where that is seen. */
  readonly volume: Volume | undefined;
}

/**
 * What is wished of a snapshot of a point: the tags of its image; and, where the policy asks for
 * tags of volumes, those of its own volume, which stand before what the image copies.
 * @param rules none for a point that no policy looks after
 */
export const wishesOfSnapshot = (
  rules: PointTagRules | undefined,
  { tags, imageTags, volume }: PointSnapshot,
): readonly Wish[] => {
  const asksVolumes = rules !== undefined && rules.policy.image.volumeTags.length > 0;
  // Stryker disable next-line all: where nothing differs, nothing that is wished would be written.
  if (!asksVolumes && isAlike(tags, imageTags)) return [];
  if (rules === undefined) return imageWishes(rules, imageTags);
  const { policy, set } = rules;
  const isOfVolume = (key: string, value: string): boolean =>
    !isReserved(key, value) && !Object.hasOwn(set, key) && matchesAny(policy.image.volumeTags, key);
  const own = Object.entries(volume?.tags ?? {})
    .filter(([key, value]) => isRepaired(policy, key) && isOfVolume(key, value))
    // The creating call wrote what the image has; what differs from that was written since.
    .map(([key, value]) => ({ key, value, corrects: tags[key] === imageTags[key], by: policy.id }));
  const owned = new Set(own.map(({ key }) => key));
  return [
    ...own,
    ...imageWishes(rules, imageTags)
      .filter(({ key }) => !owned.has(key))
      .map((wish) => (isOfVolume(wish.key, wish.value) ? { ...wish, corrects: false } : wish)),
  ];
};

/** Most snapshots are as their images are, which is soon seen. */
const isAlike = (tags: Tags, imageTags: Tags): boolean => {
  for (const key of Object.keys(imageTags)) if (tags[key] !== imageTags[key]) return false;
  return true;
};

/** Ours first, so that they find room where others have taken much of it. */
const imageWishes = (rules: PointTagRules | undefined, imageTags: Tags): readonly Wish[] => {
  const wished = Object.entries(imageTags)
    .filter(([key, value]) => isOurs(key) || !isReserved(key, value))
    .filter(([key]) => (rules === undefined ? !isUntouchable(key) : isRepaired(rules.policy, key)))
    .sort(oursFirst);
  // Stryker disable next-line StringLiteral: no other wish for the key is left to be named beside it.
  return wished.map(([key, value]) => ({ key, value, corrects: true, by: 'its image' }));
};

const oursFirst = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  // Stryker disable next-line EqualityOperator: no two tags have one key.
  Number(isOurs(b)) - Number(isOurs(a)) || (a < b ? -1 : 1);

const isOurs = (key: string): boolean => key.startsWith('imago:');
