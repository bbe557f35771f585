import { copyStates } from './copies.ts';
import type { PlanInput } from './decision.ts';
import { groupByLineage } from './lineage.ts';
import { type PlaceImages, type Target, isOneOf } from './model.ts';
import { pointsAt } from './point.ts';
import { policyOf } from './policy.ts';

/**
 * Destinations that are to be woken, since they lack a copy that they want of this home, or since it
 * could not be seen what they have. Only a pass that looked at them can tell.
 */
export const planWakes = (input: PlanInput): readonly Target[] => {
  const { homes, observation } = input;
  if (!isOneOf(homes, observation.target)) return [];
  return observation.places
    .filter((place) => !place.images.isComplete || isLacking(input, place))
    .map(({ place }) => place);
};

const isLacking = (input: PlanInput, { place, images }: PlaceImages): boolean => {
  const { deployment, observation, policySet, nowMs } = input;
  const own = pointsAt(observation.images.items, deployment, observation.target);
  const there = groupByLineage(policySet, pointsAt(images.items, deployment, place));
  return [...groupByLineage(policySet, own)].some(([lineage, points]) => {
    const policy = policyOf(policySet, points[0]?.name.policyId ?? '');
    const keep = policy?.copyTo.find(({ region }) => region === place.region)?.keep;
    if (keep === undefined) return false;
    const states = copyStates(points, there.get(lineage) ?? [], keep, nowMs);
    return states.some(({ state }) => state === 'missing');
  });
};
