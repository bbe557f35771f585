import { isGoodOrPending } from './finding.ts';
import { type Point, isCopy, isGood, isPending, latestFirst } from './point.ts';
import type { CopyDestination, RetentionRules } from './policy.ts';
import { keptIds } from './retention.ts';

/**
 * Where a good point of a home stands with regard to one destination. It is owed as long as the
 * destination wants it and does not have it yet, so its source must stay.
 */
export interface CopyState {
  readonly source: Point;
  readonly state: 'exists' | 'pending' | 'unwanted' | 'missing';
  /** Every copy of this point, in whatever state: each has taken its name. */
  readonly copies: readonly Point[];
  /** 0 for the newest point of its source. */
  readonly rank: number;
}

/** A destination's own rule, in the time zone of its policy. */
export type CopyRule = Pick<CopyDestination, 'keep'> & Pick<RetentionRules, 'timezone'>;

/**
 * Compares the points of one policy and source at home with their copies at one destination; both
 * are given latest first. A copy that the home itself holds for another home is no source.
 * Wanted is what the destination's own rule would keep of all points that either place has: a copy
 * that would expire on arrival is not made.
 */
export const copyStates = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): readonly CopyState[] => {
  const pairs = pairUp(atHome, atDestination);
  if (pairs.length === 0) return [];
  const all = union(pairs, atDestination);
  const wanted = wantedOf(all, rule);
  const ranks = ranksOf(all);
  return pairs.map(({ source, copies, state = stateOf(source, wanted) }) => ({
    source,
    state,
    copies,
    rank: ranks.get(slotOf(source)) ?? 0,
  }));
};

/** Whether the destination lacks anything that it wants: the same question, with less to answer. */
export const lacksCopy = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): boolean => missingIn(atHome, atDestination.filter(isGoodOrPending), rule).length > 0;

/** The points of a home that are owed: `missing` at the destination, or `pending` there. */
export const owedPoints = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): ReadonlySet<Point> => {
  const there = atDestination.filter(isGoodOrPending);
  const copied = new Set(there.filter(isGood).map(slotOf));
  const onTheirWay = there.map(slotOf).filter((slotMs) => !copied.has(slotMs));
  const isOnItsWay = (point: Point): boolean => onTheirWay.includes(slotOf(point));
  return new Set([
    ...missingIn(atHome, there, rule),
    ...(onTheirWay.length === 0 ? [] : sourcesIn(atHome, []).filter(isOnItsWay)),
  ]);
};

/** @param there what a destination has, good or on its way */
const missingIn = (
  atHome: readonly Point[],
  there: readonly Point[],
  rule: CopyRule,
): readonly Point[] => {
  const uncopied = sourcesIn(atHome, there.map(slotOf));
  if (uncopied.length === 0) return [];
  const wanted = wantedOf(there.concat(uncopied).sort(latestFirst), rule);
  return uncopied.filter(({ image }) => wanted.has(image.id));
};

/**
 * Points that can be copied, as they come: one of each slot, since two points of one slot would
 * become two copies of one name, and none of a slot that is copied.
 */
const sourcesIn = (atHome: readonly Point[], copied: readonly number[]): readonly Point[] => {
  const taken = new Set(copied);
  return atHome.filter((point) => {
    if (!isGood(point) || isCopy(point) || taken.has(slotOf(point))) return false;
    taken.add(slotOf(point));
    return true;
  });
};

/** A point of the home that can be copied, and what there is of it. */
interface Pair {
  readonly source: Point;
  readonly copies: readonly Point[];
  /** Undefined where there is neither a good copy nor one on its way. */
  readonly state: 'exists' | 'pending' | undefined;
}

/** Latest first. */
const pairUp = (atHome: readonly Point[], atDestination: readonly Point[]): readonly Pair[] => {
  const bySlot = groupBySlot(atDestination);
  return sourcesIn(atHome, []).map((source) => {
    const copies = bySlot.get(slotOf(source)) ?? NONE;
    return { source, copies, state: stateOfCopies(copies) };
  });
};

const NONE: readonly Point[] = [];

const stateOfCopies = (copies: readonly Point[]): Pair['state'] => {
  if (copies.some(isGood)) return 'exists';
  return copies.some(isPending) ? 'pending' : undefined;
};

const stateOf = (source: Point, wanted: ReadonlySet<string>): 'missing' | 'unwanted' =>
  wanted.has(source.image.id) ? 'missing' : 'unwanted';

/** What is there, and what could be there as well; latest first. */
const union = (pairs: readonly Pair[], atDestination: readonly Point[]): readonly Point[] => {
  const all = atDestination.filter(isGoodOrPending);
  for (const { source, state } of pairs) if (state === undefined) all.push(source);
  return all.sort(latestFirst);
};

const slotOf = ({ name }: Point): number => name.slotMs;

const wantedOf = (latest: readonly Point[], { keep, timezone }: CopyRule): ReadonlySet<string> =>
  keptIds(latest, keep, timezone);

/** By slot, among all slots of either place. */
const ranksOf = (latest: readonly Point[]): ReadonlyMap<number, number> => {
  const ranks = new Map<number, number>();
  for (const point of latest) {
    if (!ranks.has(slotOf(point))) ranks.set(slotOf(point), ranks.size);
  }
  return ranks;
};

const groupBySlot = (points: readonly Point[]): ReadonlyMap<number, readonly Point[]> => {
  const bySlot = new Map<number, Point[]>();
  for (const point of points) {
    const known = bySlot.get(slotOf(point));
    if (known === undefined) bySlot.set(slotOf(point), [point]);
    else known.push(point);
  }
  return bySlot;
};
