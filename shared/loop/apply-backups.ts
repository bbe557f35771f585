import type { BackupAction } from '../domain/decision.ts';
import type { Target } from '../domain/model.ts';
import { isFailed, isGood, isPending, ownershipOf } from '../domain/point.ts';
import { describeReason, reason } from '../domain/reasons.ts';
import { inParallel, type Worked } from './in-parallel.ts';
import type { Loop } from './loop.ts';
import { type BackupOutcome, alreadySo, done, fromFailure, superseded } from './outcomes.ts';
import type { Deadline, Failure, Result } from './ports.ts';

/** Calls under way at once. The adapter paces them; this bounds what a stop leaves in flight. */
const WORKERS = 8;
/** Enough for the calls in flight, the events about them and a continuation. */
export const MARGIN_MS = 45_000;

export interface Applied<Outcome> {
  readonly outcomes: readonly Outcome[];
  /** False if the deadline came first: the rest is for a continuation. */
  readonly isFinished: boolean;
  /** What was thrown on the way, to be thrown on when the outcomes have been told. */
  readonly defect?: Error;
}

/**
 * Makes what is due, in the plan's order: points before copies, so that a backlog of copies never
 * delays tonight's backups. Nothing is read again first: EC2 itself refuses a name that is taken, an
 * instance that is gone and a source that is not available, and all three are told apart here.
 */
export const applyBackups = async (
  loop: Loop,
  target: Target,
  actions: readonly BackupAction[],
  deadline: Deadline,
): Promise<Applied<BackupOutcome>> => {
  const exhausted = new Set<BackupAction['kind']>();
  const run = async (kind: BackupAction['kind']): Promise<Worked<BackupOutcome>> =>
    inParallel(
      actions.filter((action) => action.kind === kind),
      WORKERS,
      () => deadline.remainingMs() > MARGIN_MS && !exhausted.has(kind),
      async (action) => {
        const outcome = await applyBackup(loop, target, action);
        if (isExhausted(outcome)) exhausted.add(kind);
        return outcome;
      },
    );
  const created = await run('create');
  const copied = created.defect === undefined ? await run('copy') : { results: [] };
  const outcomes = [...created.results, ...copied.results];
  const defect = created.defect ?? copied.defect;
  const isOutOfTime = deadline.remainingMs() <= MARGIN_MS;
  const isFinished = !isOutOfTime || outcomes.length === actions.length;
  return defect === undefined ? { outcomes, isFinished } : { outcomes, isFinished, defect };
};

/** A full quota is waited for, by a later pass; more calls would only be refused as well. */
const isExhausted = (outcome: BackupOutcome): boolean =>
  outcome.status === 'retry-later' && outcome.failure.kind === 'exhausted';

const applyBackup = async (
  loop: Loop,
  target: Target,
  action: BackupAction,
): Promise<BackupOutcome> => {
  loop.log.info(`${action.kind} ${action.name}`, {
    intent: action.kind,
    name: action.name,
    reasons: action.reasons.map(describeReason),
  });
  const result = await call(loop, target, action);
  if (result.ok) return done(action, result.value.imageId);
  switch (result.failure.kind) {
    case 'name-taken':
      return adopt(loop, target, action, result.failure);
    case 'not-found':
      return superseded(action, [
        reason(action.kind === 'copy' ? 'COP-04' : 'SEL-06', result.failure.message),
      ]);
    default:
      return fromFailure(action, result.failure);
  }
};

const call = async (
  loop: Loop,
  target: Target,
  action: BackupAction,
): Promise<Result<{ readonly imageId: string }>> => {
  const ec2 = loop.cloud.at(target);
  return action.kind === 'create' ? ec2.createImage(action) : ec2.copyImage(action);
};

/**
 * The name is taken: an earlier call did succeed, though its answer was lost or its image could not
 * be seen yet. It is the point only if its tags say so and it did not fail.
 */
const adopt = async (
  loop: Loop,
  target: Target,
  action: BackupAction,
  failure: Failure,
): Promise<BackupOutcome> => {
  const found = await loop.cloud.at(target).imagesByName(action.name);
  const image = found.items[0];
  if (image === undefined) return fromFailure(action, failure);
  const ownership = ownershipOf(image, action.point.deployment, target);
  if (!ownership.isOurs) {
    const message = `${action.name} is taken by ${image.id}: ${describeReason(ownership.reason)}`;
    return { status: 'failed', action, failure: { ...failure, kind: 'unknown', message } };
  }
  const { point } = ownership;
  if (isGood(point) || isPending(point)) return alreadySo(action, image.id);
  return isFailed(point)
    ? fromFailure(action, failure)
    : superseded(action, [reason('RET-15', image.state)]);
};
