import {
  type BackupAction,
  type Decision,
  NOTHING_SPENT,
  type PlanInput,
  type RemovalAction,
  type TagAction,
} from '../shared/domain/decision.ts';
import {
  type Observation,
  type Part,
  type Target,
  shortfallsOf,
  wasRead,
} from '../shared/domain/model.ts';
import { planRemovals, planStrangers, planSweep } from '../shared/domain/plan.ts';
import { planAdoption } from '../shared/domain/plan-adoption.ts';
import { type Loop, planInputOf, targetsOf } from '../shared/loop/loop.ts';
import { observe } from '../shared/loop/observe.ts';
import { observeForRetirement } from '../shared/loop/retire.ts';

/** What both functions, `backup` and `retire`, would decide for one target now. */
export interface TargetPlan {
  readonly target: Target;
  readonly backups: readonly BackupAction[];
  readonly repairs: readonly TagAction[];
  readonly removals: readonly RemovalAction[];
  readonly decisions: readonly NamedDecision[];
  /** Reads that fell short, each once. */
  readonly problems: readonly string[];
  /** The AMI name of an image, the Name tag of an instance; empty where there is none. */
  readonly nameOf: (id: string) => string;
  /** What the points and copies were planned on. */
  readonly seen: Pick<Observation, 'instances' | 'places'>;
}

export interface NamedDecision extends Decision {
  /** See {@link TargetPlan.nameOf}. */
  readonly name: string;
}

/** Plans every target, homes first. Reads only. */
export const planTargets = async (loop: Loop): Promise<readonly TargetPlan[]> => {
  const plans: TargetPlan[] = [];
  for (const target of targetsOf(loop)) plans.push(await planTarget(loop, target));
  return plans;
};

/** What each of the two functions sees of one target. */
export interface Looks {
  /** As the sweep looks that tidies. */
  readonly sweep: PlanInput;
  readonly retirement: PlanInput;
}

/** Two looks, as the two functions take them; the first as the sweep that tidies does. */
export const lookAt = async (loop: Loop, target: Target): Promise<Looks> => ({
  sweep: planInputOf(loop, await observe(loop, target, 'tidy')),
  retirement: await observeForRetirement(loop, target, NOTHING_SPENT),
});

const planTarget = async (loop: Loop, target: Target): Promise<TargetPlan> =>
  planOf(target, await lookAt(loop, target));

/** What the two functions would decide by what they see. */
export const planOf = (target: Target, { sweep, retirement }: Looks): TargetPlan => {
  const made = planSweep(sweep);
  const removal = planRemovals(retirement);
  const looks = [sweep, retirement];
  const nameOf = namesOf(looks.map(({ observation }) => observation));
  const decisions = [...made.decisions, ...planAdoption(sweep).decisions, ...removal.decisions];
  return {
    target,
    backups: made.backups,
    repairs: made.repairs,
    removals: removal.removals,
    decisions: [...decisions, ...planStrangers(sweep, decisions)].map((decision) => ({
      ...decision,
      name: nameOf(decision.id),
    })),
    problems: [...new Set(looks.flatMap(shortfalls))],
    nameOf,
    seen: sweep.observation,
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
  const { instances, images, snapshots, volumes, uses, places } = observation;
  const parts: readonly (readonly [string, Part<unknown>])[] = [
    ['instances', instances],
    ['images', images],
    ['snapshots', snapshots],
    ['volumes', volumes],
    ...uses.map(({ source, part }) => [source.replaceAll('-', ' '), part] as const),
    ...places.map(({ place, images: part }) => [`images of ${place.region}`, part] as const),
  ];
  return shortfallsOf(parts.filter(([, part]) => wasRead(part)));
};
