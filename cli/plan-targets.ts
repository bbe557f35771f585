import type {
  BackupAction,
  Decision,
  PlanInput,
  RemovalAction,
} from '../shared/domain/decision.ts';
import { NOTHING_SPENT } from '../shared/domain/decision.ts';
import { type Observation, type Part, type Target, wasRead } from '../shared/domain/model.ts';
import { plan } from '../shared/domain/plan.ts';
import { planCopies } from '../shared/domain/plan-copies.ts';
import { planCreation } from '../shared/domain/plan-creation.ts';
import { planOrphans } from '../shared/domain/plan-orphans.ts';
import { planRetirement } from '../shared/domain/plan-retirement.ts';
import { type Loop, planInputOf, targetsOf } from '../shared/loop/loop.ts';
import { observe } from '../shared/loop/observe.ts';
import { observeForRetirement } from '../shared/loop/retire.ts';

/** What both functions, `backup` and `retire`, would decide for one target now. */
export interface TargetPlan {
  readonly target: Target;
  readonly backups: readonly BackupAction[];
  readonly removals: readonly RemovalAction[];
  readonly decisions: readonly NamedDecision[];
  /** Reads that fell short, each once. */
  readonly problems: readonly string[];
}

export interface NamedDecision extends Decision {
  /** The AMI name of an image, the Name tag of an instance; empty where there is none. */
  readonly name: string;
}

/** Plans every target, homes first. Reads only. */
export const planTargets = async (loop: Loop): Promise<readonly TargetPlan[]> => {
  const plans: TargetPlan[] = [];
  for (const target of targetsOf(loop)) plans.push(await planTarget(loop, target));
  return plans;
};

/** Two looks, as the two functions take them: neither reads what the other one alone needs. */
const planTarget = async (loop: Loop, target: Target): Promise<TargetPlan> => {
  const backup = planInputOf(loop, await observe(loop, target, 'backup'));
  const retirement = await observeForRetirement(loop, target, NOTHING_SPENT);
  const { backups } = plan(backup);
  const { removals } = plan(retirement);
  const retired = planRetirement(retirement);
  const orphans = planOrphans(retirement, retired.actions.length);
  const looks = [backup, retirement];
  const nameOf = namesOf(looks.map(({ observation }) => observation));
  const decisions = [planCreation(backup), planCopies(backup), retired, orphans];
  return {
    target,
    backups,
    removals,
    decisions: decisions.flatMap((part) =>
      part.decisions.map((decision) => ({ ...decision, name: nameOf(decision.id) })),
    ),
    problems: [...new Set(looks.flatMap(shortfalls))],
  };
};

const namesOf = (observations: readonly Observation[]): ((id: string) => string) => {
  const names = new Map(
    observations.flatMap(({ images, instances, places }) => [
      ...images.items.map(({ id, name }) => [id, name] as const),
      ...places.flatMap((place) => place.images.items.map(({ id, name }) => [id, name] as const)),
      ...instances.items.map(({ id, tags }) => [id, tags['Name'] ?? ''] as const),
    ]),
  );
  return (id) => names.get(id) ?? '';
};

/** Parts that were wanted and could not be read whole. */
const shortfalls = ({ observation }: PlanInput): readonly string[] => {
  const { instances, images, snapshots, launchTemplates, places } = observation;
  const parts: readonly (readonly [string, Part<unknown>])[] = [
    ['instances', instances],
    ['images', images],
    ['snapshots', snapshots],
    ['launch templates', launchTemplates],
    ...places.map(({ place, images: part }) => [`images of ${place.region}`, part] as const),
  ];
  return parts
    .filter(([, part]) => wasRead(part) && !part.isComplete)
    .map(([what, { problem }]) => `${what}: ${problem}`);
};
