import type { Decision, RetireAction } from './decision.ts';
import type { Image, Target } from './model.ts';
import { type Point, isFailed } from './point.ts';
import type { RetentionRules } from './policy.ts';
import type { Reason } from './reasons.ts';

/** What comes and goes of one lineage, which the limits of a run look at. */
export interface Turnover {
  /** Points that came in the last period: so many may go for them. */
  readonly arrived: number;
}

/** An image that has expired and that nothing forbids to remove; the limits have the last word. */
export interface Candidate {
  readonly point: Point;
  readonly policy: Pick<RetentionRules, 'id' | 'retire'>;
  readonly survivorIds: readonly string[];
  readonly copyIds: RetireAction['copyIds'];
  readonly goneFrom?: Target;
  readonly reasons: readonly Reason[];
  readonly turnover: Turnover;
}

/** What the judges of a plan have found: lists that grow as they go through the lineages. */
export interface Findings {
  readonly decisions: Decision[];
  readonly candidates: Candidate[];
}

export const decisionOf = (
  { id }: Image,
  policyId: string | undefined,
  verdict: Decision['verdict'],
  reasons: readonly Reason[],
): Decision =>
  policyId === undefined
    ? { kind: 'image', id, verdict, reasons }
    : { kind: 'image', id, policyId, verdict, reasons };

/** GiB of all its snapshots. */
export const sizeOf = ({ snapshots }: Image): number =>
  snapshots.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);

export const retireAction = (candidate: Candidate, isCounted: boolean): RetireAction => {
  const { point, policy, reasons, survivorIds, copyIds, goneFrom } = candidate;
  return {
    kind: 'retire',
    point: point.name,
    imageId: point.image.id,
    snapshots: policy.retire.snapshots,
    snapshotIds: point.image.snapshots.map(({ snapshotId }) => snapshotId),
    sizeGiB: sizeOf(point.image),
    isFailed: isFailed(point),
    isCounted,
    survivorIds,
    copyIds,
    ...(goneFrom === undefined ? {} : { goneFrom }),
    reasons,
  };
};
