import { lacksCopy } from './copies.ts';
import type { PlanInput } from './decision.ts';
import { lineagesIn } from './lineage.ts';
import { type PlaceImages, type Target, isOneOf } from './model.ts';

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
  const { target, images: own } = input.observation;
  const there = lineagesIn(images.items, input, place);
  const here = lineagesIn(own.items, input, target);
  return [...here].some(([key, { policy, points }]) => {
    const keep = policy?.copyTo.find(({ region }) => region === place.region)?.keep;
    if (policy === undefined || keep === undefined) return false;
    const copies = there.get(key)?.points ?? [];
    return lacksCopy(points, copies, { keep, timezone: policy.timezone });
  });
};
