import { type Candidate, type Findings, decisionOf } from './candidate.ts';
import { destinationsIn, type Destinations } from './copied.ts';
import { keptUntil } from './keep-overrides.ts';
import type { PlanInput } from './decision.ts';
import { type Image, type Instance, isOneOf } from './model.ts';
import type { RetireRules } from './policy.ts';
import { isGood } from './point.ts';
import {
  type ProtectionFacts,
  heldBy,
  instanceReferences,
  outsideWindow,
  protectionOf,
  vetoesOf,
} from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { createSources, type Sources } from './source-gone.ts';
import { TAG } from './tags.ts';

/** What holds for every image of the target, worked out once in a plan. */
export interface RetirementContext {
  readonly input: PlanInput;
  readonly facts: ProtectionFacts;
  /** Facts about the whole target that forbid any removal. */
  readonly unknowns: readonly Reason[];
  /** By snapshot id: holds that people have put on snapshots, which hold their image too. */
  readonly held: ReadonlyMap<string, readonly Reason[]>;
  readonly destinations: Destinations;
  readonly sources: Sources;
  /** By id: the instances of the target that are seen. */
  readonly instances: ReadonlyMap<string, Instance>;
}

export const contextOf = (input: PlanInput): RetirementContext => {
  const { observation, homes, nowMs, sources } = input;
  const { images, instances, uses, snapshots, target } = observation;
  const isHome = isOneOf(homes, target);
  return {
    input,
    facts: protectionOf({
      uses: [{ source: 'instances', part: instanceReferences(instances) }, ...uses],
      sources,
      nowMs,
    }),
    unknowns: [
      ...(images.isComplete ? [] : [reason('PRO-21', images.problem)]),
      // A home that seems to have no instance at all is far more often a bad read than the truth.
      ...(isHome && instances.items.length === 0 ? [reason('PRO-24', 'no instance seen')] : []),
    ],
    held: new Map(
      snapshots.items
        .filter(({ tags }) => tags[TAG.hold] !== undefined)
        .map(({ id, tags }) => [id, heldBy(tags[TAG.hold], nowMs)]),
    ),
    destinations: destinationsIn(input),
    sources: createSources(input),
    instances: new Map(instances.items.map((instance) => [instance.id, instance])),
  };
};

/**
 * An expired image is a candidate for removal, unless anything forbids that; then every reason is
 * named.
 * @param objections what its lineage says against its removal
 */
export const propose = (
  context: RetirementContext,
  candidate: Candidate,
  objections: readonly Reason[],
  { decisions, candidates }: Findings,
): void => {
  const { point, policy, reasons } = candidate;
  const { image } = point;
  const vetoes = [...vetoesFor(context, image, policy.retire), ...objections];
  const until = isGood(point) ? keptUntil(image.tags, context.input.nowMs) : undefined;
  if (until?.id === 'PRO-26') vetoes.push(until);
  vetoes.push(...outsideWindow(policy.retire.during, context.input.nowMs));
  if (vetoes.length === 0) candidates.push(candidate);
  else decisions.push(decisionOf(image, policy.id, 'protect', [...reasons, ...vetoes]));
};

/** Everything about an image itself, and about the whole target, that forbids its removal. */
export const vetoesFor = (
  context: RetirementContext,
  image: Image,
  { snapshots }: RetireRules,
): readonly Reason[] => [
  ...context.unknowns,
  ...vetoesOf(image, context.facts),
  ...(snapshots === 'delete' ? snapshotVetoes(context, image) : []),
];

/** A hold on a snapshot holds its image too, since the one would go with the other. */
const snapshotVetoes = ({ input, held }: RetirementContext, image: Image): readonly Reason[] => {
  const { isComplete, problem } = input.observation.snapshots;
  return [
    ...image.snapshots.flatMap(({ snapshotId }) => held.get(snapshotId) ?? []),
    ...(isComplete ? [] : [reason('PRO-25', problem)]),
  ];
};
