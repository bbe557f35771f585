import type {
  DeleteSnapshotAction,
  PlanInput,
  RemovalAction,
  RetireAction,
} from '../domain/decision.ts';
import type { Target } from '../domain/model.ts';
import { planOrphans } from '../domain/plan-orphans.ts';
import { describeReason, reason } from '../domain/reasons.ts';
import { type Applied, MARGIN_MS } from './apply-backups.ts';
import { type FreshFacts, objectionsTo, readAgain, readProof } from './fresh-facts.ts';
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
    const facts = await readAgain(loop, input, batch);
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

const retire = async (
  loop: Loop,
  planned: PlanInput,
  action: RetireAction,
  facts: FreshFacts,
): Promise<RemovalOutcome> => {
  const { target } = planned.observation;
  const image = facts.images.items.find(({ id }) => id === action.imageId);
  if (image === undefined) {
    return facts.images.isComplete
      ? alreadySo(action, action.imageId)
      : superseded(action, [reason('PRO-21', facts.images.problem)]);
  }
  const nowMs = loop.clock.nowMs();
  const objections = objectionsTo(action, image, { facts, planned, nowMs });
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
  const [images, snapshots, proof = input] = await Promise.all([
    ec2.images(loop.deployment),
    ec2.snapshots(loop.deployment),
    readProof(loop, input, orphans),
  ]);
  const observation = { ...proof.observation, images, snapshots };
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
