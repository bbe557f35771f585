import { narrowJson, reconcileMessage, retireMessage } from '../shared/config/messages.ts';
import { type AnyAction, NOTHING_SPENT } from '../shared/domain/decision.ts';
import { type Target, targetKey } from '../shared/domain/model.ts';
import { formatSlot } from '../shared/domain/naming.ts';
import { type Command, reconcile, toMessage } from '../shared/loop/commands.ts';
import type { Loop } from '../shared/loop/loop.ts';
import type { AnyOutcome } from '../shared/loop/outcomes.ts';
import type { Clock, Deadline } from '../shared/loop/ports.ts';
import { IncompleteObservationError, reconcileTarget } from '../shared/loop/reconcile.ts';
import { retireTarget } from '../shared/loop/retire.ts';
import { type LoopParts, loopOf } from './loop-of.ts';
import { type MemoryQueue, createMemoryQueue } from './memory-queue.ts';
import type { TargetPlan } from './plan-targets.ts';
import type { Surroundings } from './surroundings.ts';

/** As long as the functions have: after it a pass looks again, and goes on by a message. */
const PASS_MS = 600_000;

export interface TargetOutcome {
  readonly target: Target;
  readonly outcome: AnyOutcome;
}

/** What came of a run. */
export interface ApplyRun {
  readonly outcomes: readonly TargetOutcome[];
  /** Reads that fell short, by target. */
  readonly problems: readonly string[];
  readonly isInterrupted: boolean;
  /** What was thrown, if something was: the rest was then left. */
  readonly defect?: Error;
}

export interface ApplyWork {
  readonly plans: readonly TargetPlan[];
  readonly parts: Omit<LoopParts, 'queues' | 'onOutcome' | 'mayDo'>;
  /** Whether a plan file wants this very action; without one, passes make and tag what they find. */
  readonly isAgreed?: (target: string, action: AnyAction) => boolean;
  readonly onOutcome: (outcome: TargetOutcome) => void;
}

/**
 * Runs the passes of the functions over each target that has something to do: first what creates,
 * then, if the mode says so, what removes, and of that only what was announced: what has expired
 * since is for the next time. Each pass looks again before it acts. What it sends to its
 * queue, to go on or to wake another target, is worked on here. An interruption lets the calls under
 * way end and begins nothing more.
 */
export const runApply = async (surroundings: Surroundings, work: ApplyWork): Promise<ApplyRun> => {
  const { connection } = surroundings.access;
  const { clock } = connection;
  const outcomes: TargetOutcome[] = [];
  const problems: string[] = [];
  const queues = { backup: createMemoryQueue(), retire: createMemoryQueue() };
  const loop = loopOf(connection, surroundings.terminal, {
    ...work.parts,
    queues,
    mayDo: permissionOf(work),
    onOutcome: (target, outcome) => {
      outcomes.push({ target, outcome });
      work.onOutcome({ target, outcome });
    },
  });
  let isInterrupted = false;
  const stopListening = surroundings.onInterrupt(() => {
    isInterrupted = true;
    surroundings.terminal.error('interrupted: calls under way end, nothing more begins');
  });
  const backUp = async (body: string): Promise<void> => {
    const command = narrowJson(reconcileMessage, 'command', body);
    try {
      await reconcileTarget(
        loop,
        command,
        deadline(clock, () => isInterrupted),
      );
    } catch (error) {
      if (!(error instanceof IncompleteObservationError)) throw error;
      problems.push(error.message);
    }
  };
  const retire = async (body: string): Promise<void> => {
    const command = narrowJson(retireMessage, 'command', body);
    await retireTarget(
      loop,
      command,
      deadline(clock, () => isInterrupted),
      true,
    );
  };
  try {
    const commands = commandsOf(work, `cli-${formatSlot(clock.nowMs())}`);
    await queues.backup.send(commands.backups.map(toMessage));
    await drain(queues.backup, backUp, () => !isInterrupted);
    await queues.retire.send(commands.retirements.map(toMessage));
    await drain(queues.retire, retire, () => !isInterrupted);
    return { outcomes, problems, isInterrupted };
  } catch (error) {
    const defect = error instanceof Error ? error : new Error(String(error));
    return { outcomes, problems, isInterrupted, defect };
  } finally {
    stopListening();
  }
};

const deadline = (clock: Clock, isInterrupted: () => boolean): Deadline => {
  const endMs = clock.nowMs() + PASS_MS;
  return { remainingMs: () => (isInterrupted() ? 0 : endMs - clock.nowMs()) };
};

/** Ends since a continuation has its last hop, a wake-up wakes nobody, and each message comes once. */
const drain = async (
  queue: MemoryQueue,
  work: (body: string) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<void> => {
  for (let body = queue.take(); body !== undefined && mayGoOn(); body = queue.take()) {
    await work(body);
  }
};

interface Commands {
  readonly backups: readonly Command[];
  readonly retirements: readonly Command[];
}

/** A run of its own, with limits of its own: it shares nothing with the deployment's nightly one. */
const commandsOf = ({ plans, parts }: ApplyWork, runId: string): Commands => ({
  backups: plans
    .filter(({ backups, repairs }) => backups.length + repairs.length > 0)
    .map(({ target, repairs: { length } }) =>
      reconcile(target, runId, { isSweep: length > 0, isTidy: length > 0 }),
    ),
  retirements: plans
    .filter(({ removals }) => parts.retireMode === 'apply' && removals.length > 0)
    .map(({ target }) => ({
      version: 1,
      kind: 'retire',
      target,
      runId,
      hop: 0,
      spent: NOTHING_SPENT,
    })),
});

/**
 * What somebody was told of and said yes to: each removal, and by a plan file each action, just as it
 * was told. A pass looks again, and may then want what nobody has read.
 */
const permissionOf = ({ plans, isAgreed }: ApplyWork): NonNullable<Loop['mayDo']> => {
  const announced = new Set(plans.flatMap(keysOf));
  return (target, action) => {
    const isTold = announced.has(actionKey(target, action));
    if (isAgreed !== undefined) return isTold && isAgreed(targetKey(target), action);
    return isTold || (action.kind !== 'retire' && action.kind !== 'delete-snapshot');
  };
};

const keysOf = ({ target, backups, repairs, removals }: TargetPlan): readonly string[] =>
  [...backups, ...repairs, ...removals].map((action) => actionKey(target, action));

/** What outcomes and plans have in common: the image or snapshot, at its place. */
export const subjectOf = ({ target, outcome }: TargetOutcome): string =>
  actionKey(target, outcome.action);

export const actionKey = (target: Target, action: AnyAction): string => {
  const place = targetKey(target);
  switch (action.kind) {
    case 'create':
    case 'copy':
      return `${place} ${action.kind} ${action.name}`;
    case 'tag':
      return `${place} ${action.kind} ${action.resourceId}`;
    case 'retire':
      return `${place} ${action.kind} ${action.imageId}`;
    case 'delete-snapshot':
      return `${place} ${action.kind} ${action.snapshotId}`;
  }
};
