import type { Copied } from './copied.ts';
import type { Decision, RetireAction } from './decision.ts';
import type { Image } from './model.ts';
import { type Point, isFailed } from './point.ts';
import type { Keep, Policy } from './policy.ts';
import type { Reason } from './reasons.ts';

/** The points of one policy and source, and what holds for all of them. */
export interface Lineage {
  readonly policy: Pick<Policy, 'id' | 'retire'>;
  readonly keep: Keep;
  /** Newest first. */
  readonly group: readonly Point[];
  /** By image id: what its destinations have of it, or lack. */
  readonly copied: ReadonlyMap<string, Copied>;
  /** Points that came in the last period. */
  readonly arrived: number;
}

/** An image that has expired and that nothing forbids to remove; the limits have the last word. */
export interface Candidate {
  readonly point: Point;
  readonly policy: Lineage['policy'];
  readonly survivorIds: readonly string[];
  readonly copyIds: RetireAction['copyIds'];
  readonly why: Reason;
  readonly lineage: Lineage;
}

export type Judged =
  | { readonly decision: Decision }
  | { readonly decision?: undefined; readonly candidate: Candidate };

export const candidatesOf = (judged: readonly Judged[]): readonly Candidate[] =>
  judged.flatMap((one) => (one.decision === undefined ? [one.candidate] : []));

export const decisionOf = (
  { id }: Image,
  policyId: string | undefined,
  verdict: Decision['verdict'],
  reasons: readonly Reason[],
): Decision => ({
  kind: 'image',
  id,
  ...(policyId === undefined ? {} : { policyId }),
  verdict,
  reasons,
});

const sizeOf = ({ snapshots }: Image): number =>
  snapshots.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);

export const retireAction = (candidate: Candidate, isCounted: boolean): RetireAction => {
  const { point, policy, why, survivorIds, copyIds } = candidate;
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
    reasons: [why],
  };
};
