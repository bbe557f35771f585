import { type Point, newestFirst } from './point.ts';
import { type Policy, type PolicySet, policyOf } from './policy.ts';

/** Points by lineage: one policy, under any of its names, and one source. Newest first in each. */
export const groupByLineage = (
  policySet: PolicySet,
  points: readonly Point[],
): Map<string, readonly Point[]> =>
  Map.groupBy([...points].sort(newestFirst), (point) => lineageOf(policySet, point));

/** Whether a point is of a policy, under any of its names. */
export const isOfPolicy = (policySet: PolicySet, policy: Policy, { name }: Point): boolean =>
  policyOf(policySet, name.policyId)?.id === policy.id;

export const lineageOf = (policySet: PolicySet, { name }: Point): string =>
  `${policyOf(policySet, name.policyId)?.id ?? name.policyId}/${name.sourceId}`;
