import type { Instance } from './model.ts';
import { CLOCK_TOLERANCE_MS, type Point, isGood, isPending, newestFirst } from './point.ts';
import type { Policy } from './policy.ts';
import type { Reason } from './reasons.ts';

/** One instance that a policy selects, with what is there of it. */
export interface Source {
  readonly policy: Policy;
  readonly instance: Instance;
  /** Its points by the policy, in any state and order. */
  readonly points: readonly Point[];
  readonly nowMs: number;
}

/** What the triggers of one kind say of a source: that a point is due, or why none is. */
export type Finding =
  | { readonly isDue: true; readonly slotMs: number; readonly why: Reason }
  | { readonly isDue: false; readonly verdict: 'keep' | 'wait'; readonly why: Reason };

export const due = (slotMs: number, why: Reason): Finding => ({ isDue: true, slotMs, why });

export const notDue = (verdict: 'keep' | 'wait', why: Reason): Finding => ({
  isDue: false,
  verdict,
  why,
});

/**
 * Whether a point's data is of that slot or later. Its name alone does not say so: whoever made it
 * may have had a clock that was a month ahead, and would have served all slots until then.
 */
export const isSince = ({ capturedMs }: Point, slotMs: number): boolean =>
  capturedMs >= slotMs - CLOCK_TOLERANCE_MS;

/** What counts as made, or being made. */
export const isGoodOrPending = (point: Point): boolean => isGood(point) || isPending(point);

/** The first of the wanted points in the order of `newestFirst`. */
export const newestOf = (
  points: readonly Point[],
  isWanted: (point: Point) => boolean,
): Point | undefined => {
  let newest: Point | undefined;
  for (const point of points) {
    if (!isWanted(point)) continue;
    if (newest === undefined || newestFirst(point, newest) < 0) newest = point;
  }
  return newest;
};
