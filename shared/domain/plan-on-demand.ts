import type { PlanInput } from './decision.ts';
import { isOnDemand, keptOnDemand } from './on-demand.ts';
import { type Point, isFailed, isGood, isPending, newestFirst } from './point.ts';
import { type Reason, reason } from './reasons.ts';

/** What is to become of a point that somebody asked for, before anything else forbids its removal. */
export type OnDemandJudgement =
  | {
      readonly verdict: 'keep' | 'protect';
      readonly point: Point;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly verdict: 'expired';
      readonly point: Point;
      readonly why: Reason;
      /** Good points of the source that are to stay, this one among them if it is one of those. */
      readonly survivors: readonly Point[];
    };

/**
 * Judges the on-demand points among all points of a target.
 *
 * They are no part of any lineage, so the rule of the last good point is about their source: it keeps
 * as many good points as the limits say, of whatever policy. Those that a policy lets go in this very
 * plan do not count; where the rest is too few, the newest of the expired ones stay too.
 *
 * @param leaving ids of the images that the policies let go in this plan
 */
export const judgeOnDemand = (
  input: PlanInput,
  points: readonly Point[],
  leaving: ReadonlySet<string>,
): readonly OnDemandJudgement[] => {
  const bySource = Map.groupBy([...points].sort(newestFirst), ({ name }) => name.sourceId);
  return [...bySource.values()].flatMap((ofSource) => judgeSource(input, ofSource, leaving));
};

const judgeSource = (
  { nowMs, policySet }: PlanInput,
  ofSource: readonly Point[],
  leaving: ReadonlySet<string>,
): readonly OnDemandJudgement[] => {
  const isExpired = (point: Point): boolean =>
    isOnDemand(point) && keptOnDemand(point.image.tags, nowMs) === undefined;
  const good = ofSource.filter(isGood);
  const staying = good.filter((point) => !isExpired(point) && !leaving.has(point.image.id));
  const missing = Math.max(0, policySet.limits.keepAtLeast - staying.length);
  const survivors = [...staying, ...good.filter(isExpired).slice(0, missing)];
  return ofSource.filter(isOnDemand).map((point) => judgePoint(point, survivors, nowMs));
};

const judgePoint = (
  point: Point,
  survivors: readonly Point[],
  nowMs: number,
): OnDemandJudgement => {
  const { image, name } = point;
  if (isPending(point)) return { verdict: 'keep', point, reasons: [reason('RET-13')] };
  if (isFailed(point)) {
    const better = survivors.find((one) => one.name.slotMs >= name.slotMs);
    return better === undefined
      ? { verdict: 'keep', point, reasons: [reason('RET-12')] }
      : { verdict: 'expired', point, why: reason('RET-11', better.image.id), survivors: [better] };
  }
  if (!isGood(point)) return { verdict: 'keep', point, reasons: [reason('RET-15', image.state)] };
  const kept = keptOnDemand(image.tags, nowMs);
  if (kept === undefined) {
    return { verdict: 'expired', point, why: reason('RET-10', 'on demand'), survivors };
  }
  return { verdict: kept.id === 'PRO-26' ? 'protect' : 'keep', point, reasons: [kept] };
};
