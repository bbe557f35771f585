import type { BackupPlan, Plan, PlanInput, RemovalPlan } from './decision.ts';
import { isOneOf } from './model.ts';
import { planCopies } from './plan-copies.ts';
import { planCreation } from './plan-creation.ts';
import { planOrphans } from './plan-orphans.ts';
import { planRetirement } from './plan-retirement.ts';
import { planWakes } from './plan-wakes.ts';

/** What a pass that makes points needs of a plan. It decides nothing about what is there to stay. */
export const planBackups = (input: PlanInput): BackupPlan => {
  const creation = planCreation(input);
  const copies = planCopies(input);
  return {
    decisions: [...creation.decisions, ...copies.decisions],
    backups: [...creation.actions, ...copies.actions],
    wakes: planWakes(input),
    problems: problemsOf(input),
  };
};

/** What a retirement run needs of a plan. */
export const planRemovals = (input: PlanInput): RemovalPlan => {
  const retirement = planRetirement(input);
  const orphans = planOrphans(input, retirement.actions.length);
  return {
    decisions: [...retirement.decisions, ...orphans.decisions],
    removals: [...retirement.actions, ...orphans.actions],
    problems: problemsOf(input),
  };
};

/**
 * Decides what is to become of every object in the observation. Pure: the same input gives the same
 * plan, in the same order, whatever order EC2 answered in.
 */
export const plan = (input: PlanInput): Plan => {
  const { decisions, backups, wakes, problems } = planBackups(input);
  const removal = planRemovals(input);
  return {
    target: input.observation.target,
    instantMs: input.nowMs,
    decisions: [...decisions, ...removal.decisions],
    backups,
    removals: removal.removals,
    wakes,
    problems,
  };
};

/** A target that is only copied to has no instances that matter to its backups. */
const problemsOf = ({ observation, homes }: PlanInput): readonly string[] => {
  const { target, instances, images, places } = observation;
  const isHome = isOneOf(homes, target);
  const parts = [
    ...(isHome ? [{ what: 'instances', part: instances }] : []),
    { what: 'images', part: images },
    // What a destination has, it finds out itself: a home only asks whether to wake it.
    ...places
      .filter(({ place }) => isOneOf(homes, place))
      .map(({ place, images: part }) => ({ what: `images of ${place.region}`, part })),
  ];
  return parts
    .filter(({ part }) => !part.isComplete)
    .map(({ what, part }) => `${what}: ${part.problem}`);
};
