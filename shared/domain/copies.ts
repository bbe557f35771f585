import { type Point, isCopy, isGood, isPending, newestFirst } from './point.ts';
import type { Keep } from './policy.ts';
import { keepReasons } from './retention.ts';

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

export const isOwed = ({ state }: CopyState): boolean => state === 'pending' || state === 'missing';

/**
 * Compares the points of one policy and source at home with their copies at one destination. A
 * copy that the home itself holds for another home is no source.
 * Wanted is what the destination's own rule would keep of all points that either place has: a copy
 * that would expire on arrival is not made.
 */
export const copyStates = (
  atHome: readonly Point[],
  atDestination: readonly Point[],
  keep: Keep,
  nowMs: number,
): readonly CopyState[] => {
  const copied = atDestination.filter((point) => isGood(point) || isPending(point));
  const good = atHome.filter((point) => isGood(point) && !isCopy(point));
  // One of each slot: two points of one slot would become two copies of one name.
  const sources = [
    ...Map.groupBy([...good].sort(newestFirst), ({ name }) => name.slotMs).values(),
  ].flatMap(([first]) => first ?? []);
  const bySlot = new Map([...copied, ...sources].map((point) => [point.name.slotMs, point]));
  const ranked = [...bySlot.values()].sort(newestFirst).map(({ name }) => name.slotMs);
  return [...sources].sort(newestFirst).map((source) => {
    const rank = ranked.indexOf(source.name.slotMs);
    const copies = atDestination.filter(({ name }) => name.slotMs === source.name.slotMs);
    const isWanted = keepReasons(keep, { rank, ageMs: nowMs - source.capturedMs }).length > 0;
    return {
      source,
      state: stateOf(copies, isWanted),
      copies,
      rank,
    };
  });
};

const stateOf = (copies: readonly Point[], isWanted: boolean): CopyState['state'] => {
  if (copies.some(isGood)) return 'exists';
  if (copies.some(isPending)) return 'pending';
  return isWanted ? 'missing' : 'unwanted';
};
