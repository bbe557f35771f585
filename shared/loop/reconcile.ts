import type { BackupAction, BackupPlan } from '../domain/decision.ts';
import { type Target, targetKey } from '../domain/model.ts';
import { planBackups, planSweep } from '../domain/plan.ts';
import { describeReason } from '../domain/reasons.ts';
import { type Applied, applyBackups } from './apply-backups.ts';
import { applyTags, recordTags } from './apply-tags.ts';
import { type ReconcileCommand, continuation, reconcile, toMessage } from './commands.ts';
import { announce, backupEvents, tagEvents } from './domain-events.ts';
import { type Loop, permitted, planInputOf } from './loop.ts';
import { type Purpose, observe } from './observe.ts';
import type { AnyOutcome, BackupOutcome, TagOutcome } from './outcomes.ts';
import type { Deadline } from './ports.ts';

/** A pass that could not see all it had to: the queue brings its command back. */
export class IncompleteObservationError extends Error {
  constructor(target: string, problems: readonly string[]) {
    super(`${target} could not be read whole: ${problems.join('; ')}`);
    this.name = 'IncompleteObservationError';
  }
}

export interface ReconcileSummary {
  readonly target: string;
  readonly runId: string;
  readonly planned: number;
  readonly done: number;
  /** Images and snapshots that tags were written on. */
  readonly tagged: number;
  readonly isFinished: boolean;
}

/**
 * One pass over one target: observe, plan, make what is due, mend tags, copy, say what became of it.
 * @throws IncompleteObservationError if a read fell short, after doing what could be done without it
 */
export const reconcileTarget = async (
  loop: Loop,
  command: ReconcileCommand,
  deadline: Deadline,
): Promise<ReconcileSummary> => {
  const { target, runId } = command;
  const purpose = purposeOf(command);
  const input = planInputOf(loop, await observe(loop, target, purpose));
  const made = looksAtTags(loop, purpose) ? planSweep(input) : planBackups(input);
  const wanted = {
    backups: permitted(loop, target, made.backups),
    repairs: permitted(loop, target, made.repairs),
  };
  const applied = await applyInOrder(loop, target, wanted, deadline);
  const { backups, tagged, isFinished, defect } = applied;
  for (const outcome of backups) record(loop, target, outcome);
  recordTags(loop, target, tagged);
  await announce(loop, [
    ...backups.flatMap((outcome) => backupEvents(target, outcome)),
    ...tagEvents(loop.deployment, target, tagged),
  ]);
  if (defect !== undefined) throw defect;
  if (!isFinished) await goOn(loop, command);
  const nudges = made.wakes.map((place) => toMessage(reconcile(place, `swept-${runId}`)));
  await loop.backupQueue.send(nudges);
  if (made.problems.length > 0) {
    throw new IncompleteObservationError(targetKey(target), made.problems);
  }
  return {
    target: targetKey(target),
    runId,
    planned: made.backups.length + made.repairs.length,
    done: backups.filter(isDone).length,
    tagged: tagged.filter(isDone).length,
    isFinished,
  };
};

const isDone = ({ status }: AnyOutcome): boolean => status === 'done';

const purposeOf = ({ isSweep, isTidy }: ReconcileCommand): Purpose =>
  isTidy ? 'tidy' : isSweep ? 'sweep' : 'backup';

/** Every sweep looks for images that a tag policy means; what we have tagged is looked at once a day. */
const looksAtTags = ({ policySet }: Loop, purpose: Purpose): boolean =>
  purpose === 'tidy' || (purpose === 'sweep' && policySet.tagPolicies.length > 0);

interface InOrder {
  readonly backups: readonly BackupOutcome[];
  readonly tagged: readonly TagOutcome[];
  readonly isFinished: boolean;
  readonly defect?: Error;
}

/** Points, then tags, then copies; after a defect nothing more is begun. */
const applyInOrder = async (
  loop: Loop,
  target: Target,
  { backups, repairs }: Pick<BackupPlan, 'backups' | 'repairs'>,
  deadline: Deadline,
): Promise<InOrder> => {
  const ofKind = (kind: BackupAction['kind']): readonly BackupAction[] =>
    backups.filter((action) => action.kind === kind);
  const created = await applyBackups(loop, target, ofKind('create'), deadline);
  const tagged: Applied<TagOutcome> =
    created.defect === undefined ? await applyTags(loop, target, repairs, deadline) : NOTHING;
  const copied: Applied<BackupOutcome> =
    (created.defect ?? tagged.defect) === undefined
      ? await applyBackups(loop, target, ofKind('copy'), deadline)
      : NOTHING;
  const defect = created.defect ?? tagged.defect ?? copied.defect;
  return {
    backups: [...created.outcomes, ...copied.outcomes],
    tagged: tagged.outcomes,
    isFinished: created.isFinished && tagged.isFinished && copied.isFinished,
    ...(defect === undefined ? {} : { defect }),
  };
};

const NOTHING = { outcomes: [], isFinished: false };

const goOn = async (loop: Loop, command: ReconcileCommand): Promise<void> => {
  const next = continuation(command);
  if (next === undefined) {
    loop.log.warn('no more hops: the rest is left to the next sweep', { ...command });
    return;
  }
  await loop.backupQueue.send([toMessage(next)]);
};

const record = ({ log, meter, onOutcome }: Loop, target: Target, outcome: BackupOutcome): void => {
  const { action, status } = outcome;
  onOutcome?.(target, outcome);
  switch (status) {
    case 'done':
      log.info(`${action.kind} done: ${outcome.id}`, { status, name: action.name });
      return meter.count(madeCount(action), 1);
    case 'already-so':
      return log.info(`${action.kind} already so: ${outcome.id}`, { status, name: action.name });
    case 'superseded': {
      const reasons = outcome.reasons.map(describeReason);
      return log.info(`${action.kind} superseded`, { status, name: action.name, reasons });
    }
    case 'retry-later':
      return log.warn(`${action.kind} later`, { status, name: action.name, ...outcome.failure });
    case 'failed':
      log.error(`${action.kind} failed`, { status, name: action.name, ...outcome.failure });
      return meter.count('PointsFailed', 1);
  }
};

const madeCount = ({ kind }: BackupAction): 'PointsCreated' | 'CopiesStarted' =>
  kind === 'create' ? 'PointsCreated' : 'CopiesStarted';
