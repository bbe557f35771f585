import type { BackupAction } from '../domain/decision.ts';
import { type Target, targetKey } from '../domain/model.ts';
import { planBackups } from '../domain/plan.ts';
import { describeReason } from '../domain/reasons.ts';
import { applyBackups } from './apply-backups.ts';
import { type ReconcileCommand, continuation, reconcile, toMessage } from './commands.ts';
import { announce, backupEvents } from './domain-events.ts';
import { type Loop, planInputOf } from './loop.ts';
import { observe } from './observe.ts';
import type { BackupOutcome } from './outcomes.ts';
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
  readonly isFinished: boolean;
}

/**
 * One pass over one target: observe, plan, make what is due, say what became of it.
 * @throws IncompleteObservationError if a read fell short, after doing what could be done without it
 */
export const reconcileTarget = async (
  loop: Loop,
  command: ReconcileCommand,
  deadline: Deadline,
): Promise<ReconcileSummary> => {
  const { target, runId } = command;
  const observation = await observe(loop, target, command.isSweep ? 'sweep' : 'backup');
  const made = planBackups(planInputOf(loop, observation));
  const applied = await applyBackups(loop, target, made.backups, deadline);
  const { outcomes, isFinished } = applied;
  for (const outcome of outcomes) record(loop, target, outcome);
  await announce(
    loop,
    outcomes.flatMap((outcome) => backupEvents(target, outcome)),
  );
  if (applied.defect !== undefined) throw applied.defect;
  if (!isFinished) await goOn(loop, command);
  const nudges = made.wakes.map((place) => toMessage(reconcile(place, `swept-${runId}`)));
  await loop.backupQueue.send(nudges);
  if (made.problems.length > 0) {
    throw new IncompleteObservationError(targetKey(target), made.problems);
  }
  return {
    target: targetKey(target),
    runId,
    planned: made.backups.length,
    done: outcomes.filter(({ status }) => status === 'done').length,
    isFinished,
  };
};

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
