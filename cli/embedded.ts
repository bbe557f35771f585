import { Writable } from 'node:stream';
import { createHandler as backup } from '../functions/backup.ts';
import { createHandler as dispatch } from '../functions/dispatch.ts';
import { createHandler as onEc2Event } from '../functions/on-ec2-event.ts';
import { createHandler as report } from '../functions/report.ts';
import { createHandler as retire } from '../functions/retire.ts';
import type { Connection } from '../shared/aws/connection.ts';
import { type Runtime, createRuntime } from '../shared/lambda/runtime.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { type EmbeddedCloud, createCloud } from '../simulator/cloud.ts';
import type { Manners } from '../simulator/manners.ts';
import { type Random, createRandom } from '../simulator/random.ts';
import { DEFAULT_ACCOUNT, accountOfAccessKey } from '../simulator/services/sts/access-keys.ts';
import { DirectConnection } from '../simulator/wire/direct.ts';
import { type InProcessHandler, createRequestHandler } from '../simulator/wire/in-process.ts';
import { createRouter } from '../simulator/wire/router.ts';
import { deploy } from '../simulator/wiring/deploy.ts';
import { readServerless } from '../simulator/wiring/serverless.ts';
import { WiringError } from '../simulator/wiring/values.ts';
import { connectInProcess } from './embedded-connection.ts';

/** A cloud in virtual time, and what else is drawn from its seed. */
export interface EmbeddedStart {
  readonly cloud: EmbeddedCloud;
  readonly random: Random;
}

export interface StartOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly manners?: Partial<Manners> | undefined;
}

export const startCloud = ({ seed, startMs, manners = {} }: StartOptions): EmbeddedStart => {
  const random = createRandom(seed);
  const clock = new VirtualClock(startMs);
  return { cloud: createCloud({ clock, random: random.fork('cloud'), manners }), random };
};

/** The product deployed on an embedded cloud: its functions wired as serverless.yml says. */
export interface EmbeddedDeployment {
  readonly cloud: EmbeddedCloud;
  /** The product's own eyes, for reports about the world as it sees it. */
  readonly runtime: Runtime;
  /** Every line that the functions logged, as JSON. */
  readonly logLines: readonly string[];
}

export interface DeployOptions {
  readonly homeRegion: string;
  /** Text of the serverless.yml that says what is wired to what. */
  readonly wiring: string;
  /** Parameters of the deployment, as `serverless deploy --param` takes them. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether calls go around the wire: the same results in a fifth of the time. Default false. */
  readonly isDirect?: boolean | undefined;
  /** Whether what the functions log is kept; else no line of it is made. Default true. */
  readonly keepsLog?: boolean;
}

/** Where the product runs, if it is not said otherwise. */
export const EMBEDDED_ACCOUNT = DEFAULT_ACCOUNT;

/** Handlers by the path that serverless.yml names, less the folder that they are bundled into. */
export const HANDLERS: Readonly<Record<string, (runtime: Runtime) => Handler>> = {
  'functions/dispatch.handler': (runtime) => dispatch(runtime) as Handler,
  'functions/on-ec2-event.handler': (runtime) => onEc2Event(runtime) as Handler,
  'functions/backup.handler': (runtime) => backup(runtime) as Handler,
  'functions/retire.handler': (runtime) => retire(runtime) as Handler,
  'functions/report.handler': (runtime) => report(runtime) as Handler,
};

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * Deploys the product on an embedded cloud.
 * @throws WiringError if the wiring names something that is not there
 * @throws InvalidPolicyError | UnusableFileError for the policy file that the parameters name
 */
export const deployEmbedded = (
  { cloud, random }: EmbeddedStart,
  { homeRegion, wiring, params, isDirect = false, keepsLog = true }: DeployOptions,
): EmbeddedDeployment => {
  const connection = connect(cloud, random.fork('jitter'), isDirect);
  const logLines: string[] = [];
  const sink = keepsLog ? collect((line) => logLines.push(line)) : 'nowhere';
  const deployment = readServerless(wiring, {
    account: EMBEDDED_ACCOUNT,
    region: homeRegion,
    params,
  });
  const runtimes: Runtime[] = [];
  deploy(cloud, deployment, ({ handler, environment }) => {
    const create = HANDLERS[handler.replace(/^dist\//, '')];
    if (create === undefined) {
      throw new WiringError('functions', `no function has the handler ${handler}`);
    }
    const runtime = createRuntime(environment, connection, sink);
    runtimes.push(runtime);
    return create(runtime);
  });
  const runtime = runtimes[0];
  if (runtime === undefined) throw new WiringError('functions', 'at least one is expected');
  return { cloud, runtime, logLines };
};

const connect = (cloud: EmbeddedCloud, random: Random, isDirect: boolean): Connection => {
  const around = {
    services: cloud.services,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
    onCall: cloud.calls.record,
  };
  const route = createRouter({ ...around, accountOf: accountOfAccessKey });
  const requestHandler = createRequestHandler(route, { delay: cloud.latency });
  const accessKeyId = EMBEDDED_ACCOUNT;
  const caller = { account: EMBEDDED_ACCOUNT, accessKeyId, delay: cloud.latency };
  const connection = connectInProcess({
    requestHandler,
    accessKeyId,
    clock: cloud.clock,
    jitter: () => random.next(),
    direct: isDirect ? new DirectConnection({ ...around, ...caller }, requestHandler) : undefined,
  });
  return freezing(cloud, connection);
};

/** Functions are workers, which Lambda freezes when they return: see simulator/services/lambda. */
const freezing = (cloud: EmbeddedCloud, connection: Connection): Connection => ({
  ...connection,
  overrides: (service, region) => {
    const { requestHandler, ...others } = connection.overrides?.(service, region) ?? {};
    const handler = cloud.lambda.asWorkersSee(requestHandler as InProcessHandler);
    return { ...others, requestHandler: handler };
  },
});

const collect = (take: (line: string) => void): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      take(chunk.trimEnd());
      done();
    },
  });
