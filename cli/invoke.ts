import { Argument } from 'commander';
import type { Context } from 'aws-lambda';
import type { ZodType } from 'zod';
import { type Settings, parseEnvironment } from '../shared/config/environment.ts';
import { readTextFile } from '../shared/config/files.ts';
import {
  MalformedError,
  ec2Event,
  narrow,
  narrowJson,
  reconcileMessage,
  retireMessage,
  scheduledEvent,
  sqsEvent,
} from '../shared/config/messages.ts';
import { targetKey } from '../shared/domain/model.ts';
import { createRuntime } from '../shared/lambda/runtime.ts';
import type { Clock } from '../shared/loop/ports.ts';
import { HANDLERS } from './embedded.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { toStderr } from './loop-of.ts';
import { RefusedError } from './refused-error.ts';
import { homeRegion, openSession } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

const FUNCTIONS = ['dispatch', 'on-ec2-event', 'backup', 'retire', 'report'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

export interface InvokeOptions {
  /** A file, or `-` for stdin. */
  readonly event: string;
  readonly json: boolean;
}

/** The most that Lambda takes for an event (Lambda quotas, "Invocation payload"). */
const EVENT_BYTES_MAX = 6_000_000;
const INVOCATION_MS = 15 * 60_000;

/** `imago invoke`: the handler of one function, in this process, with the event of a file. */
export const invoke = async (
  name: FunctionName,
  options: InvokeOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal, access, environment } = surroundings;
  const event = parseEvent(options.event, await readEvent(options.event, surroundings));
  const { home } = parseEnvironment(environment);
  refuseMalformed(name, event);
  await openHome(home, surroundings);
  const { connection } = access;
  const runtime = createRuntime(environment, connection, toStderr(terminal));
  const handler = HANDLERS[`functions/${name}.handler`];
  if (handler === undefined) throw new Error(`no function is called ${name}`);
  try {
    const result = await handler(runtime)(event, contextOf(name, home, connection.clock));
    terminal.out(JSON.stringify(result ?? null, null, options.json ? 0 : 2));
    return hasFailures(result) ? EXIT.failedInPart : EXIT.done;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    terminal.error(`${name} failed: ${error.message}`);
    return EXIT.failedInPart;
  }
};

const readEvent = async (file: string, { terminal }: Surroundings): Promise<string> => {
  if (file !== '-') return readTextFile(file, EVENT_BYTES_MAX);
  const text = await terminal.readInput(EVENT_BYTES_MAX);
  if (text !== undefined) return text;
  throw new RefusedError(`stdin: expected ${EVENT_BYTES_MAX} bytes at most`);
};

const parseEvent = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RefusedError(
      `${file === '-' ? 'stdin' : file}: expected an event as JSON: ${problem}`,
    );
  }
};

/** A worker would put a body that it cannot read on its dead-letter queue, and be content. */
const checkBatch =
  (command: ZodType) =>
  (event: unknown): void => {
    for (const [index, { body }] of narrow(sqsEvent, 'SQS batch', event).Records.entries()) {
      narrowJson(command, `command in Records.${index}.body`, body);
    }
  };

const checkScheduled = (event: unknown): unknown =>
  narrow(scheduledEvent, 'scheduled event', event);

/** What each function takes. */
const CHECKS: Readonly<Record<FunctionName, (event: unknown) => unknown>> = {
  dispatch: checkScheduled,
  'on-ec2-event': (event) => narrow(ec2Event, 'EC2 event', event),
  backup: checkBatch(reconcileMessage),
  retire: checkBatch(retireMessage),
  report: checkScheduled,
};

const refuseMalformed = (name: FunctionName, event: unknown): void => {
  try {
    CHECKS[name](event);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new RefusedError(`${name}: ${error.message}`);
  }
};

/** A function runs in the account and Region that it looks after, and so must whoever plays it. */
const openHome = async (home: Settings['home'], surroundings: Surroundings): Promise<void> => {
  const region = await homeRegion(surroundings);
  if (region !== home.region) {
    throw new RefusedError(`IMAGO_HOME_REGION is ${home.region}, but the Region is ${region}`);
  }
  const session = await openSession(surroundings, {
    home: region,
    calls: (['ec2', 'sqs', 'events'] as const).map((service) => [service, region] as const),
  });
  if (session.home.account !== home.account) {
    throw new RefusedError(
      `IMAGO_HOME_ACCOUNT is ${home.account}, but the credentials are of ${targetKey(session.home)}`,
    );
  }
};

/** A queue's worker says which records must come back; any is a failure. */
const hasFailures = (result: unknown): boolean => {
  if (typeof result !== 'object' || result === null) return false;
  if (!('batchItemFailures' in result)) return false;
  const { batchItemFailures } = result;
  return Array.isArray(batchItemFailures) && batchItemFailures.length > 0;
};

/** What Lambda tells a function of its invocation, as far as ours look at it. */
const contextOf = (name: FunctionName, home: Settings['home'], clock: Clock): Context => {
  const endMs = clock.nowMs() + INVOCATION_MS;
  const functionName = `imago-cli-${name}`;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${home.region}:${home.account}:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: `cli-${clock.nowMs()}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'cli',
    getRemainingTimeInMillis: () => endMs - clock.nowMs(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
};

const EXAMPLES = `
Examples:
  $ imago invoke dispatch --event event.json`;

export const addInvoke: AddCommand = (program, surroundings, end) => {
  program
    .command('invoke')
    .description(
      'Runs the handler of one function here, with the environment that it is deployed with (IMAGO_...). Prints its result as JSON; its log goes to stderr.',
    )
    .addArgument(new Argument('<function>', 'the function').choices(FUNCTIONS))
    .requiredOption('--event <file>', 'the event, as JSON; - for stdin')
    .option('--json', 'print the result on one line', false)
    .addHelpText('after', EXAMPLES)
    .action(async (name: FunctionName, options: InvokeOptions) =>
      end(await invoke(name, options, surroundings)),
    );
};
