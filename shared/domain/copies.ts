import { type Point, isCopy, isGood, isPending, latestFirst } from './point.ts';
import { once } from './once.ts';
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
 * Compares the points of one policy and source at home with their copies at one destination, latest
 * first. A copy that the home itself holds for another home is no source.
 * Wanted is what the destination's own rule would keep of all points that either place has: a copy
 * that would expire on arrival is not made.
 */
export const copyStates = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): readonly CopyState[] => {
  const { sources, union, stateOf, copiesOf } = compareCopies(atHome, atDestination, rule);
  if (sources.length === 0) return [];
  const ranks = ranksOf(union());
  return sources.map((source) => ({
    source,
    state: stateOf(source),
    copies: copiesOf(source),
    rank: ranks.get(slotOf(source)) ?? 0,
  }));
};

/** Whether the destination lacks anything that it wants: the same question, with less to answer. */
export const lacksCopy = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): boolean => {
  const { sources, stateOf } = compareCopies(atHome, atDestination, rule);
  return sources.some((source) => stateOf(source) === 'missing');
};

/** What a home and one destination have of one policy and source. */
export interface Comparison {
  /** Points that can be copied, one of each slot, latest first. */
  readonly sources: readonly Point[];
  readonly copiesOf: (point: Point) => readonly Point[];
  /** Of one of the sources. */
  readonly stateOf: (source: Point) => CopyState['state'];
  /** The points of either place, one of each slot at least, latest first. */
  readonly union: () => readonly Point[];
}

/** Works out what is wanted only if anything is asked about of which there is no copy. */
export const compareCopies = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  rule: CopyRule,
): Comparison => {
  const sources = sourcesOf(atHome);
  const bySlot = groupBySlot(atDestination);
  const copiesOf = (point: Point): readonly Point[] => bySlot.get(slotOf(point)) ?? NONE;
  const union = once(() =>
    [
      ...atDestination.filter(isThere),
      ...sources.filter((source) => !copiesOf(source).some(isThere)),
    ].sort(latestFirst),
  );
  const wanted = once(() => keptOf(union(), rule));
  const stateOf = (source: Point): CopyState['state'] => {
    const copies = copiesOf(source);
    if (copies.some(isGood)) return 'exists';
    if (copies.some(isPending)) return 'pending';
    return wanted().has(source.image.id) ? 'missing' : 'unwanted';
  };
  return { sources, copiesOf, stateOf, union };
};

const NONE: readonly Point[] = [];

const slotOf = ({ name }: Point): number => name.slotMs;

const isThere = (point: Point): boolean => isGood(point) || isPending(point);

/** One of each slot, latest first: two points of one slot would become two copies of one name. */
const sourcesOf = (atHome: readonly Point[]): readonly Point[] => {
  const slots = new Set<number>();
  const good = atHome.filter((point) => isGood(point) && !isCopy(point));
  return good.sort(latestFirst).filter((point) => {
    const isFirst = !slots.has(slotOf(point));
    slots.add(slotOf(point));
    return isFirst;
  });
};

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
