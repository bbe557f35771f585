import type { Tags } from './model.ts';
import { type Reason, type ReasonId, reason } from './reasons.ts';
import { listKeys } from './tag-limit.ts';
import { TAG, TAG_VALUE_MAX, TAGS_MAX } from './tags.ts';
import { cutText } from './template.ts';

/** A tag that some rule wants on an image or a snapshot. */
export interface Wish {
  readonly key: string;
  readonly value: string;
  /** Whether a value that differs is corrected; else only a missing key is added. */
  readonly corrects: boolean;
  /** Whose wish it is, for whoever reads the reasons. */
  readonly by: string;
}

/** What is to be written, and why; nothing where all is in order. */
export interface Repair {
  readonly tags: Tags;
  readonly reasons: readonly Reason[];
}

const IN_ORDER: Repair = { tags: {}, reasons: [reason('TAG-01')] };

const KEEPING = new RegExp(`^(${TAG.hold}|${TAG.keep})`, 'i');

/** Whether people say with it how long something is kept. Nothing that runs by itself writes that. */
export const isKeeping = (key: string): boolean => KEEPING.test(key);

const isAmazons = (key: string): boolean => key.toLowerCase().startsWith('aws:');

/** Whether a key is never written by a repair, whoever wishes it. */
export const isUntouchable = (key: string): boolean => isKeeping(key) || isAmazons(key);

/** Those that count among EC2's 50. */
export const userTagCount = (tags: Tags): number =>
  Object.keys(tags).filter((key) => !isAmazons(key)).length;

/** Whether something has a tag as it is wished, so that nothing is to be said of it. */
const isGranted = (current: Tags, { key, value, corrects }: Wish): boolean =>
  Object.hasOwn(current, key) && (!corrects || current[key] === value);

/**
 * What is to be written so that what has the tags `current` has what is wished of it: what is
 * missing or, where the wish says so, what differs. Of wishes for one key the first counts. Never a
 * key that {@link isUntouchable}, never more than EC2's 50; where there is no room, later wishes
 * give way.
 */
export const repairOf = (current: Tags, wishes: readonly Wish[]): Repair =>
  // Stryker disable next-line all: what is granted needs no second look, which would say the same.
  wishes.every((wish) => isGranted(current, wish)) ? IN_ORDER : grant(current, wishes);

const grant = (current: Tags, wishes: readonly Wish[]): Repair => {
  const byKey = Map.groupBy(
    wishes.filter(({ key }) => !isUntouchable(key)),
    ({ key }) => key,
  );
  const firsts = [...byKey.values()].flatMap((alike) => alike.slice(0, 1));
  const wanted = firsts.filter((wish) => !isGranted(current, cut(wish)));
  const missing = wanted.filter(({ key }) => !Object.hasOwn(current, key));
  const leftOut = missing.slice(Math.max(0, TAGS_MAX - userTagCount(current)));
  const written = wanted.filter((wish) => !leftOut.includes(wish));
  return {
    tags: Object.fromEntries(written.map(cut).map(({ key, value }) => [key, value])),
    reasons: reasonsOf({
      written: keysOf(written).toSorted(),
      leftOut: keysOf(leftOut),
      cut: keysOf(written.filter(({ value }) => value.length > TAG_VALUE_MAX)),
      overruled: [...byKey.values()].flatMap((alike) => overruled(current, alike)),
    }),
  };
};

const cut = (wish: Wish): Wish => ({ ...wish, value: cutText(wish.value, TAG_VALUE_MAX) });

const keysOf = (wishes: readonly Wish[]): readonly string[] => wishes.map(({ key }) => key);

/** Of wishes for one key, those that would have written something else than the first. */
const overruled = (current: Tags, [first, ...others]: readonly Wish[]): readonly string[] => {
  // Stryker disable next-line OptionalChaining: wishes for one key have a first one.
  const [granted, winner] = [first?.value, first?.by];
  return others
    .filter(({ value }) => value !== granted)
    .filter(({ key, corrects }) => corrects || !Object.hasOwn(current, key))
    .map(({ key, by }) => `${key} (${winner}, not ${by})`);
};

interface Said {
  readonly written: readonly string[];
  readonly leftOut: readonly string[];
  readonly cut: readonly string[];
  readonly overruled: readonly string[];
}

const reasonsOf = (said: Said): readonly Reason[] => {
  const list = (id: ReasonId, items: readonly string[]): readonly Reason[] =>
    items.length === 0 ? [] : [reason(id, listKeys(items))];
  return [
    ...(said.written.length + said.leftOut.length === 0 ? [reason('TAG-01')] : []),
    ...list('TAG-02', said.written),
    ...list('TAG-03', said.leftOut),
    ...list('TAG-05', said.cut),
    ...list('TAG-06', said.overruled),
  ];
};
