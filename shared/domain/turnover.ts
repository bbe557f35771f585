import type { Candidate, Turnover } from './candidate.ts';
import type { Spent } from './decision.ts';
import { type Point, isFailed, isGood, isPending } from './point.ts';
import { nextOpeningMs, type Window } from './windows.ts';

const DAY_MS = 86_400_000;
/** Windows come again each week, so in so many days each has opened. */
const LOOK_BACK_MS = 8 * DAY_MS;
/** More openings in that time than anyone means; a bound, so that the search ends. */
const OPENINGS_MAX = 1_000;

/**
 * How long ago retirement had its last chance before this one: points that came since then are the
 * ordinary turnover of a fleet. It runs once a day, and where it may remove only in windows, at each
 * opening of one.
 */
export const turnoverPeriodMs = (during: readonly Window[], nowMs: number): number => {
  const openings = openingsUntil(during, nowMs);
  const previous = openings.at(-2);
  return previous === undefined ? DAY_MS : Math.max(DAY_MS, nowMs - previous);
};

const openingsUntil = (during: readonly Window[], nowMs: number): readonly number[] => {
  const openings: number[] = [];
  if (during.length === 0) return openings;
  let afterMs = nowMs - LOOK_BACK_MS;
  while (openings.length < OPENINGS_MAX) {
    const opensMs = nextOpeningMs(during, afterMs);
    if (opensMs === undefined || opensMs > nowMs) break;
    openings.push(opensMs);
    afterMs = opensMs;
  }
  return openings;
};

/**
 * How many of a lineage's points came in that period. Pending ones included: a night's images may
 * still be on their way when retirement comes.
 */
export const arrivedIn = (points: readonly Point[], periodMs: number, nowMs: number): number => {
  let arrived = 0;
  for (const point of points) {
    const hasCome = isGood(point) || isPending(point);
    if (hasCome && nowMs - point.capturedMs <= periodMs) arrived += 1;
  }
  return arrived;
};

/**
 * Tells of each candidate in turn whether it only makes room for what came: of each lineage as many
 * as came, and failed images, which are no points. A continuation has what earlier hops of its run
 * have left.
 * @param arrivedInAll points that came of all lineages
 */
export const createTurnover = (
  arrivedInAll: number,
  spent: Spent,
): ((candidate: Candidate) => boolean) => {
  let leftInAll = arrivedInAll - (spent.removed - spent.counted);
  const left = new Map<Turnover, number>();
  return ({ point, turnover }) => {
    if (isFailed(point)) return true;
    const places = left.get(turnover) ?? turnover.arrived;
    if (places <= 0 || leftInAll <= 0) return false;
    left.set(turnover, places - 1);
    leftInAll -= 1;
    return true;
  };
};
