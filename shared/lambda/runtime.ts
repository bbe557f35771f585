import type { Writable } from 'node:stream';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { type Connection, connectToAws } from '../aws/connection.ts';
import { createCloud } from '../aws/ec2.ts';
import { createEventPublisher } from '../aws/event-bus.ts';
import { createQueue } from '../aws/queue.ts';
import { type Environment, parseEnvironment, processEnvironment } from '../config/environment.ts';
import { FUNCTION_SOURCES } from '../domain/model.ts';
import type { Loop } from '../loop/loop.ts';
import type { Queue } from '../loop/ports.ts';
import { NO_LOG, createLogger, toLog } from '../observability/logger.ts';
import { NO_METER, createMetrics, toMeter } from '../observability/metrics.ts';

/** What writes logs and metrics, and what middleware prepares for each invocation. */
export interface Printers {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a handler is made of: the loop with its ports, and the tools that middleware needs. */
export interface Runtime {
  readonly loop: Loop;
  /** None where nobody reads what they print: in a long run they would take a thirtieth of it. */
  readonly printers: Printers | undefined;
  readonly deadLetters: { readonly backup: Queue; readonly retire: Queue };
}

/**
 * Composes a runtime: the one place where ports meet their adapters.
 * @param connection how AWS is reached; the embedded cloud gives its own
 * @param sink       where logs and metrics go instead of the process's streams
 * @throws InvalidEnvironmentError | InvalidPolicyError | UnusableFileError
 */
export const createRuntime = (
  environment: Environment,
  connection: Connection,
  sink?: Writable | 'nowhere',
): Runtime => {
  const settings = parseEnvironment(environment);
  const { home, queues } = settings;
  const printers = sink === 'nowhere' ? undefined : createPrinters(settings.deployment, sink);
  const queue = (url: string): Queue => createQueue(connection, home.region, url);
  return {
    printers,
    deadLetters: {
      backup: queue(queues.backup.deadLetterUrl),
      retire: queue(queues.retire.deadLetterUrl),
    },
    loop: {
      deployment: settings.deployment,
      homes: [home],
      policySet: settings.policySet,
      retireMode: settings.retireMode,
      sources: FUNCTION_SOURCES,
      clock: connection.clock,
      cloud: createCloud(connection, settings.apiSharePercent),
      backupQueue: queue(queues.backup.url),
      retireQueue: queue(queues.retire.url),
      events: createEventPublisher(connection, home.region, settings.eventBus),
      log: printers === undefined ? NO_LOG : toLog(printers.logger),
      meter: printers === undefined ? NO_METER : toMeter(printers.metrics),
    },
  };
};

const createPrinters = (deployment: string, sink: Writable | undefined): Printers => ({
  logger: createLogger(sink),
  metrics: createMetrics(deployment, sink),
});

/**
 * The handler that Lambda loads: composed from the process's environment.
 *
 * On Lambda that happens while the function starts, so that a wrong setting fails the deployment's
 * first invocation and not some later one. Elsewhere the module can be imported for its
 * `createHandler` alone, and nothing is read until somebody calls.
 */
export const lambdaHandler = <H extends (...args: never[]) => unknown>(
  createHandler: (runtime: Runtime) => H,
): H => {
  const compose = (): H => createHandler(createRuntime(processEnvironment(), connectToAws()));
  if (processEnvironment()['_HANDLER'] !== undefined) return compose(); // set by Lambda alone
  let handler: H | undefined;
  const later = (...args: Parameters<H>): unknown => {
    handler ??= compose();
    return handler(...args);
  };
  return later as H;
};
