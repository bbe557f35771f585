import { Writable } from 'node:stream';
import type { Connection } from '../shared/aws/connection.ts';
import { createCloud } from '../shared/aws/ec2.ts';
import { createEventPublisher } from '../shared/aws/event-bus.ts';
import type { Target } from '../shared/domain/model.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import type { Loop } from '../shared/loop/loop.ts';
import type { EventPublisher, Queue } from '../shared/loop/ports.ts';
import { NO_LOG, createLogger, toLog } from '../shared/observability/logger.ts';
import { NO_METER } from '../shared/observability/metrics.ts';
import type { Terminal } from './terminal.ts';

/** What a command decides about its loop; the rest is the same for all of them. */
export interface LoopParts {
  readonly deployment: string;
  readonly home: Target;
  readonly policySet: PolicySet;
  /** Whether the loop's own log goes to stderr, as JSON lines; else nowhere. */
  readonly isVerbose: boolean;
  readonly retireMode?: 'plan' | 'apply';
  readonly queues?: { readonly backup: Queue; readonly retire: Queue };
  /** Where outcomes are published; without it they are not, and whoever typed the command sees them. */
  readonly eventBus?: string | undefined;
  readonly onOutcome?: NonNullable<Loop['onOutcome']>;
  readonly mayRemove?: NonNullable<Loop['mayRemove']>;
}

/** For a command that sends nothing: a message would be a defect, and is not lost in silence. */
const NO_QUEUE: Queue = {
  send: (messages) =>
    messages.length === 0
      ? Promise.resolve()
      : Promise.reject(new Error('this command has no queue')),
};

const NO_EVENTS: EventPublisher = { publish: () => Promise.resolve([]) };

/** The loop of the functions, in this process. It counts nothing: metrics are the deployment's. */
export const loopOf = (connection: Connection, terminal: Terminal, parts: LoopParts): Loop => ({
  deployment: parts.deployment,
  homes: [parts.home],
  policySet: parts.policySet,
  retireMode: parts.retireMode ?? 'plan',
  clock: connection.clock,
  cloud: createCloud(connection),
  backupQueue: parts.queues?.backup ?? NO_QUEUE,
  retireQueue: parts.queues?.retire ?? NO_QUEUE,
  events:
    parts.eventBus === undefined
      ? NO_EVENTS
      : createEventPublisher(connection, parts.home.region, parts.eventBus),
  log: parts.isVerbose ? toLog(createLogger(toStderr(terminal))) : NO_LOG,
  meter: NO_METER,
  ...(parts.onOutcome === undefined ? {} : { onOutcome: parts.onOutcome }),
  ...(parts.mayRemove === undefined ? {} : { mayRemove: parts.mayRemove }),
});

/** Takes what a logger writes, a line at a time. */
export const toStderr = (terminal: Terminal): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      terminal.error(chunk.trimEnd());
      done();
    },
  });
