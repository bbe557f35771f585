import type {
  DeleteSnapshotAction,
  PlanInput,
  RemovalAction,
  RetireAction,
} from '../domain/decision.ts';
import type { Image, Part, Target } from '../domain/model.ts';
import { formatPointName } from '../domain/naming.ts';
import { planOrphans } from '../domain/plan-orphans.ts';
import { isFailed, isGood, ownershipOf } from '../domain/point.ts';
import { type ProtectionFacts, indexReferences, vetoesOf } from '../domain/protection.ts';
import { type Reason, describeReason, reason } from '../domain/reasons.ts';
import { type Applied, MARGIN_MS } from './apply-backups.ts';
import { inParallel } from './in-parallel.ts';
import type { Loop } from './loop.ts';
import { observe } from './observe.ts';
import { type RemovalOutcome, alreadySo, done, fromFailure, superseded } from './outcomes.ts';
import type { Deadline } from './ports.ts';

const WORKERS = 4;
/** Images judged on one reading. At EC2's rate a batch takes well under the five minutes for which a
 * fact is good; with their survivors they fit in one filtered describe of 200 values each. */
const BATCH = 100;

/**
 * Removes what the plan says, each batch only after reading its images and everything that may use
 * them again, and asking the very predicates that the planner asked.
 */
export const applyRemovals = async (
  loop: Loop,
  input: PlanInput,
  actions: readonly RemovalAction[],
  deadline: Deadline,
): Promise<Applied<RemovalOutcome>> => {
  const hasTime = (): boolean => deadline.remainingMs() > MARGIN_MS;
  const retirements = actions.filter((action) => action.kind === 'retire');
  const orphans = actions.filter((action) => action.kind === 'delete-snapshot');
  const outcomes: RemovalOutcome[] = [];
  for (let start = 0; start < retirements.length && hasTime(); start += BATCH) {
    const batch = retirements.slice(start, start + BATCH);
    const facts = await readAgain(loop, input.observation.target, batch);
    outcomes.push(
      ...(await inParallel(batch, WORKERS, hasTime, (action) =>
        retire(loop, input, action, facts),
      )),
    );
  }
  if (orphans.length > 0 && hasTime()) {
    outcomes.push(...(await deleteOrphans(loop, input, orphans, hasTime)));
  }
  return { outcomes, isFinished: outcomes.length === actions.length };
};

interface FreshFacts {
  readonly images: Part<Image>;
  readonly protection: ProtectionFacts;
}

const readAgain = async (
  loop: Loop,
  target: Target,
  batch: readonly RetireAction[],
): Promise<FreshFacts> => {
  const ec2 = loop.cloud.at(target);
  const imageIds = batch.map(({ imageId }) => imageId);
  const survivorIds = batch.flatMap((action) => action.survivorIds);
  const [images, instances, launchTemplates] = await Promise.all([
    ec2.imagesById([...new Set([...imageIds, ...survivorIds])]),
    ec2.instancesUsing(imageIds),
    ec2.launchTemplateReferences(),
  ]);
  const nowMs = loop.clock.nowMs();
  return {
    images,
    protection: {
      instances: indexReferences(instances),
      launchTemplates: indexReferences(launchTemplates),
      nowMs,
    },
  };
};

const retire = async (
  loop: Loop,
  { observation: { target }, deployment }: PlanInput,
  action: RetireAction,
  facts: FreshFacts,
): Promise<RemovalOutcome> => {
  const image = facts.images.items.find(({ id }) => id === action.imageId);
  if (image === undefined) {
    return facts.images.isComplete
      ? alreadySo(action, action.imageId)
      : superseded(action, [reason('PRO-21', facts.images.problem)]);
  }
  const objections = objectionsTo(action, image, facts, deployment, target);
  if (objections.length > 0) return superseded(action, objections);
  loop.log.info(`retire ${image.id}`, {
    intent: 'retire',
    imageId: image.id,
    name: image.name,
    snapshotIds: action.snapshotIds,
    reasons: action.reasons.map(describeReason),
  });
  const ec2 = loop.cloud.at(target);
  const result = await ec2.deregisterImage(image.id, action.snapshots);
  if (!result.ok) {
    return result.failure.kind === 'not-found'
      ? alreadySo(action, image.id)
      : fromFailure(action, result.failure);
  }
  for (const { snapshotId, code } of result.value.leftSnapshots) {
    await deleteLeftSnapshot(loop, target, snapshotId, code);
  }
  return done(action, image.id);
};

/** Why, on fresh facts, an image must stay after all. */
const objectionsTo = (
  action: RetireAction,
  image: Image,
  { images, protection }: FreshFacts,
  deployment: string,
  target: Target,
): readonly Reason[] => {
  const ownership = ownershipOf(image, deployment, target);
  if (!ownership.isOurs) return [ownership.reason];
  const { point } = ownership;
  if (formatPointName(point.name) !== formatPointName(action.point)) {
    return [reason('OWN-04', image.name)];
  }
  if (!isGood(point) && !isFailed(point)) return [reason('RET-15', image.state)];
  const survivors = images.items.filter(
    ({ id, state }) => action.survivorIds.includes(id) && state === 'available',
  );
  return [
    ...vetoesOf(image, protection),
    ...(survivors.length < action.survivorIds.length || action.survivorIds.length === 0
      ? [reason('PRO-06', 'a point that was to stay is gone')]
      : []),
  ];
};

/** A snapshot that EC2 left behind is tried once more; then it is an orphan for the next run. */
const deleteLeftSnapshot = async (
  loop: Loop,
  target: Target,
  snapshotId: string,
  code: string,
): Promise<void> => {
  if (code === 'skipped') return; // another image uses it
  const result = await loop.cloud.at(target).deleteSnapshot(snapshotId);
  if (!result.ok) {
    loop.log.warn(`snapshot ${snapshotId} stays behind`, {
      snapshotId,
      returnCode: code,
      ...result.failure,
    });
  }
};

const deleteOrphans = async (
  loop: Loop,
  input: PlanInput,
  orphans: readonly DeleteSnapshotAction[],
  hasTime: () => boolean,
): Promise<readonly RemovalOutcome[]> => {
  const { target } = input.observation;
  const observation = await observe(loop, target, 'retire');
  const nowMs = loop.clock.nowMs();
  const { decisions } = planOrphans({ ...input, observation, nowMs }, 0);
  const fresh = new Map(decisions.map((decision) => [decision.id, decision]));
  return inParallel(orphans, WORKERS, hasTime, async (action): Promise<RemovalOutcome> => {
    const decision = fresh.get(action.snapshotId);
    if (decision === undefined) return alreadySo(action, action.snapshotId);
    if (decision.verdict !== 'delete-snapshot') return superseded(action, decision.reasons);
    loop.log.info(`delete ${action.snapshotId}`, {
      intent: 'delete-snapshot',
      snapshotId: action.snapshotId,
      reasons: action.reasons.map(describeReason),
    });
    return deleteOrphan(loop, target, action);
  });
};

const deleteOrphan = async (
  loop: Loop,
  target: Target,
  action: DeleteSnapshotAction,
): Promise<RemovalOutcome> => {
  const result = await loop.cloud.at(target).deleteSnapshot(action.snapshotId);
  if (result.ok) return done(action, action.snapshotId);
  switch (result.failure.kind) {
    case 'not-found':
      return alreadySo(action, action.snapshotId);
    case 'in-use':
      return superseded(action, [reason('RET-17', result.failure.message)]);
    default:
      return fromFailure(action, result.failure);
  }
};
