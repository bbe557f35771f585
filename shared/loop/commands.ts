import type { Spent } from '../domain/decision.ts';
import { type Target, targetKey } from '../domain/model.ts';
import type { QueuedMessage } from './ports.ts';

/**
 * What is said through the queues. A command names a target and nothing else that matters: the
 * worker observes, and finds out what is to do. So commands can be lost, doubled and reordered.
 */
export interface ReconcileCommand {
  readonly version: 1;
  readonly kind: 'reconcile';
  readonly target: Target;
  /** A sweep of a home looks at its destinations too, and wakes those that lack copies. */
  readonly isSweep: boolean;
  /** A sweep that tidies reads snapshots too, and mends the tags of all that is there. */
  readonly isTidy: boolean;
  readonly runId: string;
  /** How many continuations of the same run came before. */
  readonly hop: number;
}

export interface RetireCommand {
  readonly version: 1;
  readonly kind: 'retire';
  readonly target: Target;
  readonly runId: string;
  readonly hop: number;
  /** What earlier hops removed: the limits are those of the run, not of one invocation. */
  readonly spent: Spent;
}

export type Command = ReconcileCommand | RetireCommand;

/** A run that is not done after so many continuations is left to the next sweep. */
export const HOPS_MAX = 24;

/**
 * Commands that an event calls for are the same within one bucket, so that a storm of events is one
 * pass. The queue delays delivery by as much, so that the pass sees what the whole bucket brought.
 */
export const EVENT_BUCKET_MS = 30_000;

export const reconcile = (
  target: Target,
  runId: string,
  { isSweep = false, isTidy = false }: Partial<Pick<ReconcileCommand, 'isSweep' | 'isTidy'>> = {},
): ReconcileCommand => ({
  version: 1,
  kind: 'reconcile',
  target,
  isSweep,
  isTidy,
  runId,
  hop: 0,
});

/** A wake-up by an event: all within one bucket have one run id. */
export const reconcileSoon = (target: Target, nowMs: number): ReconcileCommand =>
  reconcile(target, `event-${Math.floor(nowMs / EVENT_BUCKET_MS)}`);

/** The queue's form: one group a target, and one message for one run and hop. */
export const toMessage = (command: Command): QueuedMessage => ({
  body: JSON.stringify(command),
  groupId: targetKey(command.target),
  deduplicationId: `${targetKey(command.target)}/${command.runId}/${command.hop}`,
});

/** The message that goes on with a run, or undefined if it has had all its hops. */
export const continuation = <C extends Command>(command: C): C | undefined =>
  command.hop >= HOPS_MAX ? undefined : { ...command, hop: command.hop + 1 };
