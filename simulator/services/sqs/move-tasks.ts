/** Tasks that move the messages of a dead-letter queue back, or elsewhere: some each second. */
import { agendaKind } from '../../kernel/agenda.ts';
import { type Kernel, uuidOf } from '../../kernel/kernel.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

export interface MoveTask {
  readonly taskId: string;
  readonly sourceArn: string;
  /** Without it, each message goes to the queue that it came from. */
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly startedAtMs: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason?: string | undefined;
}

export interface Moves {
  readonly start: (
    source: Queue,
    destinationArn: string | undefined,
    perSecond: number | undefined,
  ) => MoveTask;
  readonly get: (taskId: string) => MoveTask | undefined;
  /** Of one dead-letter queue, the newest first. */
  readonly of: (sourceArn: string) => readonly MoveTask[];
}

/** How many a task moves in a second when it is not said. SQS does not tell its own figure. */
const PER_SECOND_DEFAULT = 500;
const SECOND_MS = 1_000;
const STEP = agendaKind<{ readonly taskId: string }>('sqs.move');

type Find = (arn: string) => Queue | undefined;

/** It is a new message, with a new id and a new age. */
const movedMessage = (message: Message, kernel: Kernel): Message => ({
  ...message,
  messageId: uuidOf(kernel.random('sqs')),
  sentAtMs: kernel.clock.nowMs(),
  visibleAtMs: kernel.clock.nowMs(),
  receivedHere: 0,
  receiptHandle: undefined,
  receivedAtMs: undefined,
  deadLetterSourceArn: undefined,
});

const NO_QUEUE = 'AWS.SimpleQueueService.NonExistentQueue';
const NO_SOURCE = 'CouldNotDetermineMessageSource';

const fail = (task: MoveTask, reason: string): false => {
  task.status = 'FAILED';
  task.failureReason = reason;
  return false;
};

/** Moves what one second allows; says whether there is more to do. */
const step = (kernel: Kernel, find: Find, task: MoveTask): boolean => {
  const source = find(task.sourceArn);
  if (source === undefined) return fail(task, NO_QUEUE);
  const messages = source.visible(task.perSecond ?? PER_SECOND_DEFAULT);
  for (const message of messages) {
    const arn = task.destinationArn ?? message.deadLetterSourceArn;
    const destination = arn === undefined ? undefined : find(arn);
    if (destination === undefined) return fail(task, arn === undefined ? NO_SOURCE : NO_QUEUE);
    source.remove(message);
    destination.keep(movedMessage(message, kernel));
    task.moved += 1;
  }
  const isDone = messages.length === 0 || task.moved >= task.toMove;
  if (isDone) task.status = 'COMPLETED';
  return !isDone;
};

export const createMoves = (kernel: Kernel, find: Find): Moves => {
  const { agenda, clock, keep, random } = kernel;
  let tasks = new Map<string, MoveTask>();
  const next = (taskId: string): void => {
    agenda.at(clock.nowMs() + SECOND_MS, STEP, { taskId });
  };
  agenda.define(STEP, ({ taskId }) => {
    const task = tasks.get(taskId);
    if (task?.status === 'RUNNING' && step(kernel, find, task)) next(taskId);
  });
  keep({
    name: 'sqs-moves',
    save: () => ({ tasks }),
    load: (saved: { tasks: Map<string, MoveTask> }) => {
      tasks = saved.tasks;
    },
  });
  return {
    start: (source, destinationArn, perSecond) => {
      const task: MoveTask = {
        taskId: uuidOf(random('sqs')),
        sourceArn: source.arn,
        destinationArn,
        perSecond,
        startedAtMs: clock.nowMs(),
        toMove: source.counts().visible,
        moved: 0,
        status: 'RUNNING',
      };
      tasks.set(task.taskId, task);
      next(task.taskId);
      return task;
    },
    get: (taskId) => tasks.get(taskId),
    of: (sourceArn) =>
      [...tasks.values()].filter((task) => task.sourceArn === sourceArn).toReversed(),
  };
};
