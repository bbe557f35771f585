import { type Point, isCopy, isGood, isPending, latestFirst } from './point.ts';
import type { CopyDestination, RetentionRules } from './policy.ts';
import { retain } from './retention.ts';

/**
 * Where a good point of a home stands with regard to one destination.
 * `isOwed`: the destination wants it and does not have it yet, so its source must stay.
 */
export interface CopyState {
  readonly source: Point;
  readonly state: 'exists' | 'pending' | 'unwanted' | 'missing';
  /** Every copy of this point, in whatever state: each has taken its name. */
  readonly copies: readonly Point[];
  /** 0 for the newest point of its source. */
  readonly rank: number;
}

export const isOwed = (state: CopyState['state']): boolean =>
  state === 'pending' || state === 'missing';

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
  const wanted = keptOf(all, rule);
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
): boolean => {
  const pairs = pairUp(atHome, atDestination);
  const uncopied = pairs.filter(({ state }) => state === undefined);
  if (uncopied.length === 0) return false;
  const wanted = keptOf(union(pairs, atDestination), rule);
  return uncopied.some(({ source }) => wanted.has(source.image.id));
};

/** A point of the home that can be copied, and what there is of it. */
interface Pair {
  readonly source: Point;
  readonly copies: readonly Point[];
  /** Undefined where there is neither a good copy nor one on its way. */
  readonly state: 'exists' | 'pending' | undefined;
}

/** One of each slot, latest first: two points of one slot would become two copies of one name. */
const pairUp = (atHome: readonly Point[], atDestination: readonly Point[]): readonly Pair[] => {
  const bySlot = groupBySlot(atDestination);
  const taken = new Set<number>();
  const pairs: Pair[] = [];
  for (const source of atHome) {
    const slotMs = slotOf(source);
    if (!isGood(source) || isCopy(source) || taken.has(slotMs)) continue;
    taken.add(slotMs);
    const copies = bySlot.get(slotMs) ?? NONE;
    pairs.push({ source, copies, state: stateOfCopies(copies) });
  }
  return pairs;
};

const NONE: readonly Point[] = [];

const stateOfCopies = (copies: readonly Point[]): Pair['state'] => {
  if (copies.some(isGood)) return 'exists';
  return copies.some(isPending) ? 'pending' : undefined;
};

const stateOf = (source: Point, wanted: ReadonlyMap<string, unknown>): 'missing' | 'unwanted' =>
  wanted.has(source.image.id) ? 'missing' : 'unwanted';

/** What is there, and what could be there as well; latest first. */
const union = (pairs: readonly Pair[], atDestination: readonly Point[]): readonly Point[] => {
  const all = atDestination.filter((point) => isGood(point) || isPending(point));
  for (const { source, state } of pairs) if (state === undefined) all.push(source);
  return all.sort(latestFirst);
};

const slotOf = ({ name }: Point): number => name.slotMs;

const keptOf = (points: readonly Point[], { keep, timezone }: CopyRule) =>
  retain(
    points.map(({ image, instantMs }) => ({ id: image.id, instantMs })),
    keep,
    timezone,
  );

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
