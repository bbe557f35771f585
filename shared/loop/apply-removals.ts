import type {
  DeleteSnapshotAction,
  PlanInput,
  RemovalAction,
  RetireAction,
} from '../domain/decision.ts';
import type { Image, Part, Snapshot, Target } from '../domain/model.ts';
import { formatPointName } from '../domain/naming.ts';
import { objectionOnDemand } from '../domain/on-demand.ts';
import { planOrphans } from '../domain/plan-orphans.ts';
import { isFailed, isGood, ownershipOf } from '../domain/point.ts';
import { heldBy, indexReferences, type ProtectionFacts, vetoesOf } from '../domain/protection.ts';
import { type Reason, describeReason, reason } from '../domain/reasons.ts';
import { TAG } from '../domain/tags.ts';
import { type Applied, MARGIN_MS } from './apply-backups.ts';
import { inParallel, type Worked } from './in-parallel.ts';
import type { Loop } from './loop.ts';
import { type RemovalOutcome, alreadySo, done, fromFailure, superseded } from './outcomes.ts';
import type { Deadline } from './ports.ts';

const WORKERS = 4;
/** Images judged on one reading. */
const BATCH = 100;
/** A fact is good for five minutes, the last call's retries included; then it is read again. */
const FACTS_AGE_MAX_MS = 180_000;

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
  const retired = await retireAll(loop, input, retirements, hasTime);
  const isAtOrphans = retired.outcomes.length === retirements.length && hasTime();
  const deleted =
    orphans.length > 0 && isAtOrphans
      ? await deleteOrphans(loop, input, orphans, hasTime)
      : { results: [] };
  const outcomes = [...retired.outcomes, ...deleted.results];
  const isFinished = outcomes.length === actions.length;
  const defect = retired.defect ?? deleted.defect;
  return defect === undefined ? { outcomes, isFinished } : { outcomes, isFinished, defect };
};

/** Batch by batch; a batch whose facts grow old on the way is read again for what is left of it. */
const retireAll = async (
  loop: Loop,
  input: PlanInput,
  retirements: readonly RetireAction[],
  hasTime: () => boolean,
): Promise<Applied<RemovalOutcome>> => {
  const outcomes: RemovalOutcome[] = [];
  while (outcomes.length < retirements.length && hasTime()) {
    const batch = retirements.slice(outcomes.length, outcomes.length + BATCH);
    const facts = await readAgain(loop, input.observation.target, batch);
    const isFresh = (): boolean =>
      loop.clock.nowMs() - facts.protection.nowMs <= FACTS_AGE_MAX_MS && hasTime();
    const { results, defect } = await inParallel(batch, WORKERS, isFresh, (action) =>
      retire(loop, input, action, facts),
    );
    outcomes.push(...results);
    if (defect !== undefined) return { outcomes, isFinished: false, defect };
    if (results.length === 0) break; // the reading alone took too long: a continuation may do better
  }
  return { outcomes, isFinished: outcomes.length === retirements.length };
};

interface FreshFacts {
  readonly images: Part<Image>;
  readonly snapshots: Part<Snapshot>;
  /** By Region: the copies for which images of the batch may go. */
  readonly copies: ReadonlyMap<string, Part<Image>>;
  readonly protection: ProtectionFacts;
}

const readAgain = async (
  loop: Loop,
  target: Target,
  batch: readonly RetireAction[],
): Promise<FreshFacts> => {
  const nowMs = loop.clock.nowMs();
  const ec2 = loop.cloud.at(target);
  const imageIds = batch.map(({ imageId }) => imageId);
  const survivorIds = batch.flatMap((action) => action.survivorIds);
  const snapshotIds = batch.flatMap((action) =>
    action.snapshots === 'delete' ? action.snapshotIds : [],
  );
  const [images, snapshots, instances, launchTemplates, copies] = await Promise.all([
    ec2.imagesById([...new Set([...imageIds, ...survivorIds])]),
    ec2.snapshotsById([...new Set(snapshotIds)]),
    ec2.instancesUsing(imageIds),
    ec2.launchTemplateReferences(),
    readCopies(loop, target, batch),
  ]);
  return {
    images,
    snapshots,
    copies,
    protection: {
      instances: indexReferences(instances),
      launchTemplates: indexReferences(launchTemplates),
      nowMs,
    },
  };
};

const readCopies = async (
  loop: Loop,
  { account }: Target,
  batch: readonly RetireAction[],
): Promise<FreshFacts['copies']> => {
  const pairs = batch.flatMap(({ copyIds }) =>
    Object.entries(copyIds).flatMap(([region, ids]) => ids.map((id) => ({ region, id }))),
  );
  const parts = [...Map.groupBy(pairs, ({ region }) => region)].map(
    async ([region, found]): Promise<[string, Part<Image>]> => {
      const ids = found.map(({ id }) => id);
      return [region, await loop.cloud.at({ account, region }).imagesById(ids)];
    },
  );
  return new Map(await Promise.all(parts));
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
  facts: FreshFacts,
  deployment: string,
  target: Target,
): readonly Reason[] => {
  const ownership = ownershipOf(image, deployment, target);
  if (!ownership.isOurs) return [ownership.reason];
  const { point } = ownership;
  const wanted = objectionOnDemand(point, facts.protection.nowMs);
  if (wanted !== undefined) return [wanted];
  if (formatPointName(point.name) !== formatPointName(action.point)) {
    return [reason('OWN-04', image.name)];
  }
  if (!isGood(point) && !isFailed(point)) return [reason('RET-15', image.state)];
  const hasSurvivors = action.survivorIds.length > 0 && areThere(action.survivorIds, facts.images);
  return [
    ...vetoesOf(image, facts.protection),
    ...(action.snapshots === 'delete' ? snapshotObjections(action, facts) : []),
    ...copyObjections(action, facts),
    ...(hasSurvivors ? [] : [reason('PRO-06', 'a point that was to stay is gone')]),
  ];
};

const areThere = (ids: readonly string[], { items }: Part<Image>): boolean => {
  const available = new Set(items.filter(({ state }) => state === 'available').map(({ id }) => id));
  return ids.every((id) => available.has(id));
};

const snapshotObjections = (
  { snapshotIds }: RetireAction,
  { snapshots, protection }: FreshFacts,
): readonly Reason[] => [
  ...snapshots.items
    .filter(({ id }) => snapshotIds.includes(id))
    .flatMap(({ tags }) => heldBy(tags[TAG.hold], protection.nowMs)),
  ...(snapshots.isComplete ? [] : [reason('PRO-25', snapshots.problem)]),
];

/** A copy that is gone meanwhile would have to be made again, of this very image. */
const copyObjections = ({ copyIds }: RetireAction, { copies }: FreshFacts): readonly Reason[] =>
  Object.entries(copyIds)
    .filter(([, ids]) => ids.length > 0)
    .flatMap(([region, ids]) => {
      const there = copies.get(region);
      return there !== undefined && areThere(ids, there) ? [] : [reason('PRO-05', region)];
    });

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
): Promise<Worked<RemovalOutcome>> => {
  const { target } = input.observation;
  const ec2 = loop.cloud.at(target);
  const [images, snapshots] = await Promise.all([
    ec2.images(loop.deployment),
    ec2.snapshots(loop.deployment),
  ]);
  const observation = { ...input.observation, images, snapshots };
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
