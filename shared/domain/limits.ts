import type { Spent } from './decision.ts';
import type { Limits } from './policy.ts';
import { type Reason, reason } from './reasons.ts';

/**
 * How much one run may remove. Points displaced by newer ones of the same source are the ordinary
 * turnover of a fleet; only what goes beyond it counts towards the percentage.
 */
export interface Budget {
  /** Takes a place for one removal, or says which limit holds it back. */
  readonly take: (isCounted: boolean) => Reason | undefined;
}

/**
 * @param goodPoints good points that the target has: what the percentage is of
 * @param spent      what earlier hops of the same run took
 */
export const createBudget = (limits: Limits, spent: Spent, goodPoints: number): Budget => {
  const { count, percent } = limits.maxRemovals;
  const countedMax = percent === 0 ? 0 : Math.max(1, Math.floor((goodPoints * percent) / 100));
  let { removed, counted } = spent;
  return {
    take: (isCounted) => {
      if (removed >= count) return reason('LIM-01', `${count} a run`);
      if (isCounted && counted >= countedMax) {
        return reason('LIM-02', `${percent} % of ${goodPoints} points a run`);
      }
      removed += 1;
      counted += isCounted ? 1 : 0;
      return undefined;
    },
  };
};
