import { Writable } from 'node:stream';
import type { Connection } from '../shared/aws/connection.ts';
import { createCloud } from '../shared/aws/ec2.ts';
import { createEventPublisher } from '../shared/aws/event-bus.ts';
import { FUNCTION_SOURCES, type ReferenceSource, type Target } from '../shared/domain/model.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import type { Loop } from '../shared/loop/loop.ts';
import type { Clock, Cloud, EventPublisher, Queue } from '../shared/loop/ports.ts';
import { NO_LOG, createLogger, toLog } from '../shared/observability/logger.ts';
import { NO_METER } from '../shared/observability/metrics.ts';
import { liveUses } from './live-uses.ts';
import type { Terminal } from './terminal.ts';

/** What a command decides about its loop; the rest is the same for all of them. */
export interface LoopParts {
  readonly deployment: string;
  readonly home: Target;
  readonly policySet: PolicySet;
  /** Whether the loop's own log goes to stderr, as JSON lines; else nowhere. */
  readonly isVerbose: boolean;
  readonly retireMode?: 'plan' | 'apply';
  /** Who is asked whether they use an image; without it, those whom the functions ask. */
  readonly sources?: readonly ReferenceSource[];
  /** What stands in for AWS; without it, AWS. */
  readonly cloud?: Cloud;
  /** What counts as now; without it, the time. */
  readonly nowMs?: number | undefined;
  readonly queues?: { readonly backup: Queue; readonly retire: Queue };
  /** Where outcomes are published; without it they are not, and whoever typed the command sees them. */
  readonly eventBus?: string | undefined;
  readonly onOutcome?: NonNullable<Loop['onOutcome']>;
  readonly mayDo?: NonNullable<Loop['mayDo']>;
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
  clock: clockAt(connection.clock, parts.nowMs),
  cloud: parts.cloud ?? createCloud(connection, undefined, liveUses(connection)),
  sources: parts.sources ?? FUNCTION_SOURCES,
  backupQueue: parts.queues?.backup ?? NO_QUEUE,
  retireQueue: parts.queues?.retire ?? NO_QUEUE,
  events:
    parts.eventBus === undefined
      ? NO_EVENTS
      : createEventPublisher(connection, parts.home.region, parts.eventBus),
  log: parts.isVerbose ? toLog(createLogger(toStderr(terminal))) : NO_LOG,
  meter: NO_METER,
  ...(parts.onOutcome === undefined ? {} : { onOutcome: parts.onOutcome }),
  ...(parts.mayDo === undefined ? {} : { mayDo: parts.mayDo }),
});

const clockAt = (clock: Clock, nowMs: number | undefined): Clock =>
  nowMs === undefined ? clock : { nowMs: () => nowMs, sleep: (delayMs) => clock.sleep(delayMs) };

/** Takes what a logger writes, a line at a time. */
export const toStderr = (terminal: Terminal): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      terminal.error(chunk.trimEnd());
      done();
    },
  });
