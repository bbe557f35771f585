import type { Plan, PlanInput } from '../../shared/domain/decision.ts';
import { completePart, type Image, type Observation } from '../../shared/domain/model.ts';
import { freeze, NO_LIMITS } from '../support/builders.ts';

/** What the properties of removals are made of: other inputs, and what is left after a plan. */
export const removedBy = ({ removals }: Pick<Plan, 'removals'>): readonly string[] =>
  removals.map((one) => (one.kind === 'retire' ? one.imageId : one.snapshotId));

export const observing = (input: PlanInput, parts: Partial<Observation>): PlanInput =>
  freeze({ ...input, observation: { ...input.observation, ...parts } });

export const mapImages = (
  input: PlanInput,
  change: (image: Image, index: number) => Image,
): PlanInput =>
  observing(input, { images: completePart(input.observation.images.items.map(change)) });

export const unlimited = (input: PlanInput): PlanInput =>
  freeze({ ...input, policySet: { ...input.policySet, limits: NO_LIMITS } });

/** What is left once a plan is carried out: an image goes with its snapshots. */
export const after = (input: PlanInput, { removals }: Pick<Plan, 'removals'>): PlanInput => {
  const gone = new Set(
    removals.flatMap((one) =>
      one.kind === 'retire' ? [one.imageId, ...one.snapshotIds] : [one.snapshotId],
    ),
  );
  const { images, snapshots } = input.observation;
  return observing(input, {
    images: completePart(images.items.filter(({ id }) => !gone.has(id))),
    snapshots: completePart(snapshots.items.filter(({ id }) => !gone.has(id))),
  });
};
