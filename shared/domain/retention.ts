import { localClock, PERIODS, type Period } from './calendar.ts';
import { before, type Duration, formatDuration } from './duration.ts';
import type { Dated } from './point.ts';
import type { Keep, PeriodCount } from './policy.ts';
import { type Reason, type ReasonId, reason } from './reasons.ts';

/** What retention looks at: one good point of a group. */
export interface RetentionPoint {
  readonly id: string;
  readonly instantMs: number;
}

/**
 * The points of one group that are kept, newest first, each with every rule that keeps it, in the
 * order of the rules' ids. The order of `points` does not matter; of two at one instant, the one
 * with the lower id counts as the newer.
 *
 * The semantics are those of `restic forget`:
 * - A tier goes from the newest point to the oldest and keeps the first that it meets of each
 *   period, until its number is used up. Periods without points do not count.
 * - The oldest point of all is kept by every tier that gets so far, even if its period has one
 *   already: a history is as long as it can be while it fills.
 * - Durations count back from the newest point, and what is exactly so old is no longer within. A
 *   tier within a duration has no number, and keeps the oldest point too if that is within.
 * - A number of 0 and no time at all keep nothing.
 *
 * Unlike restic, which counts back from the newest point that is not of the future, this knows no
 * present: every point that is given counts.
 */
export const retain = (
  points: readonly RetentionPoint[],
  keep: Keep,
  timezone: string,
): ReadonlyMap<string, readonly Reason[]> => {
  const newest = points
    .toSorted(compare)
    .map(({ id, instantMs }): Judged => ({ id, instantMs, reasons: [] }));
  const latestMs = newest[0]?.instantMs ?? 0;
  for (const rule of rulesOf(keep, latestMs, timezone)) {
    apply(rule, newest, ({ reasons }, period) => {
      reasons.push(reason(rule.id, period === undefined ? 'oldest' : rule.evidenceOf(period)));
    });
  }
  const kept = new Map<string, readonly Reason[]>();
  for (const { id, reasons } of newest) if (reasons.length > 0) kept.set(id, reasons);
  return kept;
};

interface Judged extends RetentionPoint {
  readonly reasons: Reason[];
}

/**
 * The ids of those that {@link retain} keeps; why, it does not say, which is most of the work.
 * @param points latest first
 */
export const keptIds = (
  points: readonly Dated[],
  keep: Keep,
  timezone: string,
): ReadonlySet<string> => {
  const kept = new Set<string>();
  const latestMs = points[0]?.instantMs ?? 0;
  for (const rule of rulesOf(keep, latestMs, timezone)) {
    apply(rule, points, ({ image }) => kept.add(image.id));
  }
  return kept;
};

/** Sorting what is sorted already costs one comparison a point. */
const compare = (a: RetentionPoint, b: RetentionPoint): number =>
  // Stryker disable next-line EqualityOperator: no two points have one id.
  b.instantMs - a.instantMs || (a.id < b.id ? -1 : 1);

interface Rule {
  readonly id: ReasonId;
  /** How many points it keeps at most; as many as there are, if it is not said. */
  readonly slots?: PeriodCount;
  /** It keeps nothing of this instant or an earlier one. */
  readonly afterMs: number;
  /** Of each period, told by a number, the newest point is kept. */
  readonly periodOf: (instantMs: number, rank: number) => number;
  /** What shows that a point is the newest of the period. */
  readonly evidenceOf: (period: number) => string;
}

/** @param mark is called with what is kept, and the period that it is the newest of, if it is. */
const apply = <One extends Pick<RetentionPoint, 'instantMs'>>(
  rule: Rule,
  newest: readonly One[],
  mark: (one: One, period: number | undefined) => void,
): void => {
  let used = 0;
  let rank = 0;
  let current: number | undefined;
  for (const one of newest) {
    if (used === rule.slots || one.instantMs <= rule.afterMs) return;
    const period = rule.periodOf(one.instantMs, rank);
    const isNewest = period !== current;
    rank += 1;
    if (!isNewest && rank < newest.length) continue;
    mark(one, isNewest ? period : undefined);
    current = period;
    used += 1;
  }
};

const EVER = Number.NEGATIVE_INFINITY;

interface Tier {
  readonly period: Period;
  readonly id: ReasonId;
  readonly within: `within${Capitalize<Period>}`;
  readonly withinId: ReasonId;
}

const TIERS: readonly Tier[] = [
  { period: 'hourly', id: 'RET-03', within: 'withinHourly', withinId: 'RET-22' },
  { period: 'daily', id: 'RET-04', within: 'withinDaily', withinId: 'RET-23' },
  { period: 'weekly', id: 'RET-05', within: 'withinWeekly', withinId: 'RET-24' },
  { period: 'monthly', id: 'RET-06', within: 'withinMonthly', withinId: 'RET-25' },
  { period: 'yearly', id: 'RET-07', within: 'withinYearly', withinId: 'RET-26' },
];

/** In the order of their ids. */
const rulesOf = (keep: Keep, latestMs: number, timezone: string): readonly Rule[] => {
  const { wallOf } = localClock(timezone);
  const startOf = (duration: Duration): number => before(duration, latestMs, timezone);
  const tier = (period: Period): Pick<Rule, 'periodOf' | 'evidenceOf'> => ({
    periodOf: (instantMs) => PERIODS[period].keyOf(wallOf(instantMs)),
    evidenceOf: PERIODS[period].nameOf,
  });
  const rules: Rule[] = [];
  const { last, within } = keep;
  if (last !== undefined) rules.push(lastRule(last));
  if (within !== undefined) rules.push(withinRule(within, startOf(within)));
  for (const { period, id } of TIERS) {
    const count = keep[period];
    if (count === undefined) continue;
    rules.push({ id, slots: count, afterMs: EVER, ...tier(period) });
  }
  for (const { period, within: key, withinId: id } of TIERS) {
    const duration = keep[key];
    if (duration === undefined) continue;
    rules.push({ id, afterMs: startOf(duration), ...tier(period) });
  }
  return rules;
};

/** As if each point had a period of its own. */
const ownPeriod = (_instantMs: number, rank: number): number => rank;

const lastRule = (count: PeriodCount): Rule => ({
  id: 'RET-01',
  slots: count,
  afterMs: EVER,
  periodOf: ownPeriod,
  evidenceOf: (rank) => `${rank + 1} of ${count}`,
});

const withinRule = (duration: Duration, startMs: number): Rule => {
  const evidence = formatDuration(duration);
  return {
    id: 'RET-02',
    afterMs: startMs,
    periodOf: ownPeriod,
    evidenceOf: () => evidence,
  };
};
