import { type CopyState, copyStates } from './copies.ts';
import type { CopyAction, Decision, PlanInput, PlanPart } from './decision.ts';
import { tagsOfCopy } from './image-tags.ts';
import { lineagesIn } from './lineage.ts';
import { type Target, isSameTarget } from './model.ts';
import { type PointName, formatPointName, formatSlot } from './naming.ts';
import { isFailed } from './point.ts';
import type { CopyDestination, Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { earliestRetryMs, lastFailure, nextRetry } from './retries.ts';

/**
 * Which copies this target is owed, as a destination. The destination's own worker makes them, so
 * that a worker never writes outside its target.
 */
export const planCopies = (input: PlanInput): PlanPart<CopyAction> => {
  const decided = sourcesOf(input).flatMap((home) => decideHome(input, home));
  return {
    decisions: decided.map(({ decision }) => decision),
    actions: decided
      .flatMap(({ action, rank }) => (action === undefined ? [] : [{ action, rank }]))
      .sort((a, b) => a.rank - b.rank || b.action.point.slotMs - a.action.point.slotMs)
      .map(({ action }) => action),
  };
};

/** Homes in the target's own account, whose images this target can copy without being given them. */
const sourcesOf = ({ homes, observation: { target } }: PlanInput): readonly Target[] =>
  homes.filter((home) => home.account === target.account && !isSameTarget(home, target));

interface CopyJob {
  readonly policy: Policy;
  readonly destination: CopyDestination;
  readonly home: Target;
}

interface DecidedCopy {
  readonly decision: Decision;
  readonly action?: CopyAction;
  readonly rank: number;
}

const decideHome = (input: PlanInput, home: Target): readonly DecidedCopy[] => {
  const { target, images, places } = input.observation;
  const isDestination = ({ region }: CopyDestination): boolean => region === target.region;
  if (!input.policySet.policies.some(({ copyTo }) => copyTo.some(isDestination))) return [];
  const elsewhere = places.find(({ place }) => isSameTarget(place, home))?.images;
  const here = lineagesIn(images.items, input, target);
  const isKnown = images.isComplete && elsewhere?.isComplete === true;
  const there = lineagesIn(elsewhere?.items ?? [], input, home);
  return [...there].flatMap(([key, { policy, points }]) => {
    const destination = policy?.copyTo.find(isDestination);
    if (policy === undefined || destination === undefined) return [];
    const copies = here.get(key)?.points ?? [];
    const { keep } = destination;
    return copyStates(points, copies, { keep, timezone: policy.timezone }).map((state) =>
      decideCopy(input, { policy, destination, home }, state, isKnown),
    );
  });
};

const decideCopy = (
  input: PlanInput,
  job: CopyJob,
  state: CopyState,
  isKnown: boolean,
): DecidedCopy => {
  const id = state.source.image.id;
  const decide = (verdict: Decision['verdict'], why: Reason): DecidedCopy => ({
    decision: { kind: 'image', id, policyId: job.policy.id, verdict, reasons: [why] },
    rank: state.rank,
  });
  // Not knowing what exists here, a second copy of one point could be made.
  if (!isKnown) return decide('wait', reason('COP-06'));
  switch (state.state) {
    case 'exists':
      return decide('keep', reason('COP-02'));
    case 'pending':
      return decide('wait', reason('COP-03'));
    case 'unwanted':
      return decide('ignore', reason('COP-04'));
    case 'missing': {
      const retryAtMs = earliestRetryMs(state.copies.filter(isFailed));
      if (input.nowMs < retryAtMs) {
        return decide('wait', reason('COP-05', `next try ${formatSlot(retryAtMs)}`));
      }
      return { ...decide('copy', reason('COP-01')), action: copyAction(input, job, state) };
    }
  }
};

const copyAction = (input: PlanInput, job: CopyJob, { source, copies }: CopyState): CopyAction => {
  const { target } = input.observation;
  const point: PointName = {
    ...source.name,
    policyId: job.policy.id,
    retry: nextRetry(copies),
  };
  const origin = {
    imageId: source.image.id,
    home: job.home,
    capturedMs: source.capturedMs,
    tags: source.image.tags,
  };
  const tagging = tagsOfCopy(point, target, origin, job.policy);
  const slot = formatSlot(point.slotMs);
  return {
    kind: 'copy',
    point,
    name: formatPointName(point),
    description: `Imago ${job.policy.id}: copy of ${source.image.id} (${job.home.region}), ${point.sourceId} at ${slot}`,
    tags: tagging.tags,
    sourceImageId: source.image.id,
    sourceRegion: job.home.region,
    plannedMs: input.nowMs,
    ...(job.destination.kmsKey === undefined ? {} : { kmsKey: job.destination.kmsKey }),
    ...lastFailure(copies.filter(isFailed)),
    reasons: [reason('COP-01'), ...tagging.reasons],
  };
};
