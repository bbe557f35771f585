import type { PlanInput } from './decision.ts';
import { keepBeside } from './keep-overrides.ts';
import type { Lineage } from './lineage.ts';
import { ON_DEMAND_POLICY_ID } from './naming.ts';
import { isOnDemand, keptOnDemand } from './on-demand.ts';
import { type Point, isFailed, isGood, isPending, latestFirst, newestFirst } from './point.ts';
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
      readonly reasons: readonly Reason[];
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
 * @param lineages all that the target has
 * @param leaving  ids of the images that the policies let go in this plan
 */
export const judgeOnDemand = (
  input: PlanInput,
  lineages: readonly Lineage[],
  leaving: ReadonlySet<string>,
): readonly OnDemandJudgement[] => {
  const asked = new Set(
    lineages
      .filter(({ policyId }) => policyId === ON_DEMAND_POLICY_ID)
      .map(({ sourceId }) => sourceId),
  );
  if (asked.size === 0) return [];
  const concerned = lineages.filter(({ sourceId }) => asked.has(sourceId));
  const bySource = Map.groupBy(concerned, ({ sourceId }) => sourceId);
  return [...bySource.values()].flatMap((found) => {
    const points = found.flatMap((lineage) => lineage.points);
    return judgeSource(input, points.sort(newestFirst), leaving);
  });
};

const judgeSource = (
  { nowMs, policySet }: PlanInput,
  ofSource: readonly Point[],
  leaving: ReadonlySet<string>,
): readonly OnDemandJudgement[] => {
  const good = ofSource.filter(isGood);
  const wishes = wishesOf(good.filter(isOnDemand), nowMs);
  const isExpired = (point: Point): boolean =>
    isOnDemand(point) && wishes.keptBy(point) === undefined;
  const staying = good.filter((point) => !isExpired(point) && !leaving.has(point.image.id));
  const missing = Math.max(0, policySet.limits.keepAtLeast - staying.length);
  const survivors = [...staying, ...good.filter(isExpired).slice(0, missing)];
  return ofSource.filter(isOnDemand).map((point) => judgePoint(point, survivors, wishes));
};

/** What the tags of on-demand points say for keeping them. */
interface Wishes {
  readonly keptBy: (point: Point) => readonly Reason[] | undefined;
  /** What cannot be read of them. */
  readonly unread: (point: Point) => readonly Reason[];
}

/** Beside the date of a point, its tag `imago:keep` counts, among all that was asked for of a source. */
const wishesOf = (asked: readonly Point[], nowMs: number): Wishes => {
  const points = asked.toSorted(latestFirst);
  const { reasons, unread } = keepBeside({ points, timezone: 'UTC', nowMs }, new Map());
  return {
    keptBy: ({ image }) => {
      const byDate = keptOnDemand(image.tags, nowMs);
      return byDate === undefined ? reasons.get(image.id) : [byDate];
    },
    unread: ({ image }) => unread.get(image.id) ?? [],
  };
};

const judgePoint = (
  point: Point,
  survivors: readonly Point[],
  wishes: Wishes,
): OnDemandJudgement => {
  const { image, name } = point;
  if (isPending(point)) return { verdict: 'keep', point, reasons: [reason('RET-13')] };
  if (isFailed(point)) {
    const better = survivors.find((one) => one.name.slotMs >= name.slotMs);
    if (better === undefined) return { verdict: 'keep', point, reasons: [reason('RET-12')] };
    const reasons = [reason('RET-11', better.image.id)];
    return { verdict: 'expired', point, reasons, survivors: [better] };
  }
  if (!isGood(point)) return { verdict: 'keep', point, reasons: [reason('RET-15', image.state)] };
  const kept = wishes.keptBy(point);
  const unread = wishes.unread(point);
  if (kept === undefined) {
    const reasons = [reason('RET-10', 'on demand'), ...unread];
    return { verdict: 'expired', point, reasons, survivors };
  }
  const isUnknown = kept.some(({ id }) => id === 'PRO-26');
  return { verdict: isUnknown ? 'protect' : 'keep', point, reasons: [...kept, ...unread] };
};
