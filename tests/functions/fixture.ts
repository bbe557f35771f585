/** One function on a calm embedded cloud: its runtime, and what it logs. */
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { createRuntime, type Runtime } from '../../shared/lambda/runtime.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { CALM_MANNERS, type Manners } from '../../simulator/manners.ts';
import { createRandom } from '../../simulator/random.ts';
import type { Queue } from '../../simulator/services/sqs/queue.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { seedWorld, type World } from '../../simulator/world/world.ts';
import { connectTo } from '../aws/fixture.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const ACCOUNT = '111122223333';
export const HOME = { account: ACCOUNT, region: 'eu-central-1' };
export const ELSEWHERE = { account: ACCOUNT, region: 'eu-west-1' };

/** Three minutes after the slot of the example's `web-daily`: two o'clock in Berlin. */
export const START = '2026-11-21T01:03:00Z';

const queueUrl = (name: string): string =>
  `https://sqs.${HOME.region}.amazonaws.com/${ACCOUNT}/${name}.fifo`;

export const ENVIRONMENT = {
  IMAGO_DEPLOYMENT: 'prod',
  IMAGO_HOME_ACCOUNT: ACCOUNT,
  IMAGO_HOME_REGION: HOME.region,
  IMAGO_POLICY_FILE: join(ROOT, 'policies/example.yml'),
  IMAGO_BACKUP_QUEUE_URL: queueUrl('backup'),
  IMAGO_BACKUP_DEAD_LETTER_URL: queueUrl('backup-dead'),
  IMAGO_RETIRE_QUEUE_URL: queueUrl('retire'),
  IMAGO_RETIRE_DEAD_LETTER_URL: queueUrl('retire-dead'),
  IMAGO_EVENT_BUS: 'outcomes',
} as const;

export type LogLine = Readonly<Record<string, unknown>>;

export interface Stage {
  readonly cloud: EmbeddedCloud;
  readonly world: World;
  readonly runtime: Runtime;
  readonly queue: (name: 'backup' | 'backup-dead' | 'retire' | 'retire-dead') => Queue;
  /** Id of an instance of the world. */
  readonly id: (name: string) => string;
  /** Runs one invocation of a handler of the runtime to its end. */
  readonly invoke: (createHandler: CreateHandler, event: unknown, id?: string) => Promise<unknown>;
  /** Lets virtual time go by. */
  readonly pass: (delayMs: number) => Promise<void>;
  /** Lines of the log, without metrics. */
  readonly log: () => readonly LogLine[];
  /** Lines in CloudWatch's embedded metric format. */
  readonly metrics: () => readonly LogLine[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- each handler's own types of event and reply
export type CreateHandler = (runtime: Runtime) => (event: any, context: any) => unknown;

export interface StageOptions {
  readonly manners?: Partial<Manners>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly start?: string;
}

/** Takes the place of the process's streams. */
const createSink = (lines: LogLine[]): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      lines.push(JSON.parse(chunk) as LogLine);
      done();
    },
  });

const contextOf = (awsRequestId: string): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'imago-test',
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${HOME.region}:${ACCOUNT}:function:imago-test`,
  memoryLimitInMB: '512',
  awsRequestId,
  logGroupName: '/aws/lambda/imago-test',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 600_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

export const createStage = (options: StageOptions = {}): Stage => {
  const clock = new VirtualClock(Date.parse(options.start ?? START));
  const cloud = createCloud({
    clock,
    random: createRandom(1),
    manners: { ...CALM_MANNERS, ...options.manners },
  });
  const world = seedWorld(cloud, {
    account: ACCOUNT,
    homeRegion: HOME.region,
    drRegion: ELSEWHERE.region,
  });
  for (const name of ['backup', 'backup-dead', 'retire', 'retire-dead']) {
    cloud.queues.create({ ...HOME, name: `${name}.fifo`, isFifo: true });
  }
  cloud.events.createBus(ACCOUNT, HOME.region, 'outcomes');
  const route = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => clock.nowMs(),
    requestId: cloud.requestId,
    onCall: cloud.calls.record,
  });
  const lines: LogLine[] = [];
  const environment = { ...ENVIRONMENT, ...options.environment };
  const runtime = createRuntime(environment, connectTo(route, clock), createSink(lines));
  return {
    cloud,
    world,
    runtime,
    queue: (name) => cloud.queues.find(ACCOUNT, HOME.region, `${name}.fifo`),
    id: (name) => world.members.find((member) => member.name === name)?.instanceId ?? '',
    invoke: (createHandler, event, id = 'request-1') =>
      clock.runFor(Promise.resolve(createHandler(runtime)(event, contextOf(id)))),
    pass: (delayMs) => clock.runUntil(clock.nowMs() + delayMs),
    log: () => lines.filter((line) => !('_aws' in line)),
    metrics: () => lines.filter((line) => '_aws' in line),
  };
};

export const scheduledEvent = (time: string) => ({
  version: '0',
  id: 'event-1',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT,
  time,
  region: HOME.region,
  resources: [],
  detail: {},
});

/** A batch of SQS messages with these bodies, each on its first delivery unless said otherwise. */
export const sqsBatch = (
  bodies: readonly unknown[],
  attributes: Readonly<Record<string, string>> = {},
) => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index + 1}`,
    receiptHandle: `receipt-${index + 1}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', ...attributes },
    eventSource: 'aws:sqs',
  })),
});

export const reconcileOf = (
  target: typeof HOME,
  parts: Readonly<Record<string, unknown>> = {},
) => ({
  version: 1,
  kind: 'reconcile',
  target,
  isSweep: false,
  runId: 'run-1',
  hop: 0,
  ...parts,
});

export const retireOf = (target: typeof HOME, parts: Readonly<Record<string, unknown>> = {}) => ({
  version: 1,
  kind: 'retire',
  target,
  runId: 'retire-1',
  hop: 0,
  spent: { removed: 0, counted: 0 },
  ...parts,
});
