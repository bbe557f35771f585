import { byId } from './by-id.ts';
import type { BackupPlan, Decision, Plan, PlanInput, RemovalPlan } from './decision.ts';
import { type Image, isOneOf, wasRead, shortfallsOf } from './model.ts';
import { planAdoption } from './plan-adoption.ts';
import { planCopies } from './plan-copies.ts';
import { planCreation } from './plan-creation.ts';
import { planOrphans } from './plan-orphans.ts';
import { planRetirement } from './plan-retirement.ts';
import { planTags } from './plan-tags.ts';
import { planWakes } from './plan-wakes.ts';
import { ownershipOf } from './point.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** What a pass that makes points needs of a plan. It decides nothing about what is there to stay. */
export const planBackups = (input: PlanInput): BackupPlan => {
  const creation = planCreation(input);
  const copies = planCopies(input);
  return {
    decisions: creation.decisions.concat(copies.decisions),
    backups: [...creation.actions, ...copies.actions],
    repairs: [],
    wakes: planWakes(input),
    problems: problemsOf(input),
  };
};

/** The same, and the tags of what is there. */
export const planSweep = (input: PlanInput): BackupPlan => {
  const backups = planBackups(input);
  const tags = planTags(input);
  return {
    ...backups,
    decisions: backups.decisions.concat(tags.decisions),
    repairs: tags.actions,
  };
};

/** What a retirement run needs of a plan. */
export const planRemovals = (input: PlanInput): RemovalPlan => {
  const retirement = planRetirement(input);
  const orphans = planOrphans(input, retirement.actions.length);
  return {
    decisions: retirement.decisions.concat(orphans.decisions),
    removals: [...retirement.actions, ...orphans.actions],
    problems: problemsOf(input),
  };
};

/**
 * Decides what is to become of every object in the observation: one decision of each at least. Pure:
 * the same input gives the same plan, in the same order, whatever order EC2 answered in. Adoption is
 * only spoken of here: `imago adopt` does it, when somebody asks for it.
 */
export const plan = (input: PlanInput): Plan => {
  const { decisions, backups, repairs, wakes, problems } = planSweep(input);
  const removal = planRemovals(input);
  return {
    target: input.observation.target,
    instantMs: input.nowMs,
    decisions: decisions.concat(planAdoption(input).decisions, removal.decisions),
    backups,
    repairs,
    removals: removal.removals,
    wakes,
    problems,
  };
};

/** What is seen and not decided on: nothing here is concerned with it. Images first, each by id. */
export const planStrangers = (
  input: PlanInput,
  decided: readonly Decision[],
): readonly Decision[] => {
  const known = new Set<string>();
  for (const { id } of decided) known.add(id);
  const isStrange = ({ id }: { readonly id: string }): boolean => !known.has(id);
  const { images, snapshots } = input.observation;
  const ignored = (kind: Decision['kind'], id: string, why: Reason): Decision => ({
    kind,
    id,
    verdict: 'ignore',
    reasons: [why],
  });
  return [
    ...images.items
      .filter(isStrange)
      .sort(byId)
      .map((image) => ignored('image', image.id, whose(input, image))),
    ...snapshots.items
      .filter(isStrange)
      .sort(byId)
      .map(({ id, tags }) =>
        ignored(
          'snapshot',
          id,
          tags[TAG.deployment] === input.deployment ? reason('PRO-25') : reason('OWN-02'),
        ),
      ),
  ];
};

const whose = ({ deployment, observation }: PlanInput, image: Image): Reason => {
  const ownership = ownershipOf(image, deployment, observation.target);
  return ownership.isOurs ? reason('OWN-06') : ownership.reason;
};

/** A target that is only copied to has no instances that matter to its backups. */
const problemsOf = ({ observation, homes }: PlanInput): readonly string[] => {
  const { target, instances, images, snapshots, volumes, places } = observation;
  const isHome = isOneOf(homes, target);
  return shortfallsOf([
    ...(isHome ? [['instances', instances] as const] : []),
    ['images', images] as const,
    // A pass that did not look at these had no use for them.
    ...(wasRead(snapshots) ? [['snapshots', snapshots] as const] : []),
    ...(wasRead(volumes) ? [['volumes', volumes] as const] : []),
    // What a destination has, it finds out itself: a home only asks whether to wake it.
    ...places
      .filter(({ place }) => isOneOf(homes, place))
      .map(({ place, images: part }) => [`images of ${place.region}`, part] as const),
  ]);
};
