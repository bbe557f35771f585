import { Option } from 'commander';
import { systemClock } from '../shared/aws/system.ts';
import { readTextFile } from '../shared/config/files.ts';
import { PROFILE_NAMES, type Profile } from '../simulator/profiles.ts';
import { serveHttp } from '../simulator/wire/http-server.ts';
import { answerAdmin } from './cloud-admin.ts';
import { EMBEDDED_ACCOUNT } from './embedded.ts';
import { LiveCloud } from './live-cloud.ts';
import type { AddCommand } from './surroundings.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

export interface CloudOptions {
  readonly port: number;
  readonly profile: Profile;
  readonly seed: number;
  /** A world that was saved. */
  readonly load?: string;
}

/** A world of 100,000 images is about a fifth of it. */
const WORLD_BYTES_MAX = 1_000_000_000;
/** How often things that are due happen though nobody calls, in milliseconds of real time. */
const TICK_MS = 500;

const banner = (endpoint: string, { profile, load }: CloudOptions, live: LiveCloud): string =>
  [
    `imago cloud · EC2, Auto Scaling, EventBridge, SQS, SSM and STS at ${endpoint}`,
    load === undefined
      ? `profile ${profile} · seed ${live.seed}`
      : `world ${load} · seed ${live.seed}`,
    'No place for secrets: whoever is on this machine can read and change all of it.',
    '',
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_ACCESS_KEY_ID=${EMBEDDED_ACCOUNT}   # any twelve digits are an account`,
    'export AWS_SECRET_ACCESS_KEY=any AWS_EC2_METADATA_DISABLED=true',
    'export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1',
    '',
    'ready',
  ].join('\n');

/** A cloud on a port of this machine. */
export interface ServedCloud {
  readonly endpoint: string;
  readonly live: LiveCloud;
  /** Ends the server, and the connections that are open. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a cloud on a port of this machine. Its time goes on with each request; who wants more than
 * that calls `live.catchUp`.
 * @throws UnusableFileError | UnusableWorldError for the world, PortInUseError for the port
 */
export const serveCloud = async (
  options: CloudOptions,
  onDefect: (defect: Error) => void,
): Promise<ServedCloud> => {
  let endpoint = '';
  const live = new LiveCloud(systemClock, { ...options, endpoint: () => endpoint });
  if (options.load !== undefined) {
    await live.load(readTextFile(options.load, WORLD_BYTES_MAX), options.load);
  }
  const server = await serveHttp({
    port: options.port,
    route: async (request, sleep) => {
      await live.travel();
      return live.router.routeWaiting(request, sleep);
    },
    sleep: (delayMs) => live.sleep(delayMs),
    beforeRequest: () => live.catchUp(),
    admin: (request) => answerAdmin(live, request),
    onDefect,
    limits: { adminBodyBytes: WORLD_BYTES_MAX },
  });
  endpoint = `http://127.0.0.1:${server.port}`;
  return { endpoint, live, close: () => server.close() };
};

/**
 * `imago cloud`: the embedded cloud on a port of this machine, until `stopped` settles.
 * @throws UnusableFileError | UnusableWorldError for the world, PortInUseError for the port
 */
export const cloud = async (
  options: CloudOptions,
  terminal: Terminal,
  stopped: Promise<void>,
): Promise<void> => {
  const onDefect = (defect: Error): void => {
    terminal.error(`a defect of the embedded cloud: ${defect.stack ?? defect.message}`);
  };
  const { endpoint, live, close } = await serveCloud(options, onDefect);
  terminal.out(banner(endpoint, options, live));
  let isStopped = false;
  const stopping = stopped.then(() => {
    isStopped = true;
    return close();
  });
  while (!isStopped) {
    await systemClock.sleep(TICK_MS);
    await live.catchUp().catch(onDefect);
  }
  await stopping;
};

const EXAMPLES = `
Examples:
  $ imago cloud --port 0
  $ imago cloud --port 0 --profile real --seed 42`;

export const addCloud: AddCommand = (program, { terminal, onInterrupt }) => {
  program
    .command('cloud')
    .description(
      'Serves the embedded cloud on 127.0.0.1 for any AWS client: EC2, Auto Scaling, EventBridge, SQS, SSM and STS. No place for secrets.',
    )
    .option('--port <n>', '0 takes any that is free', wholeNumber(0, 65_535), 4599)
    .addOption(
      new Option('--profile <name>', 'calm: ready at once, no faults, no throttling')
        .choices(PROFILE_NAMES)
        .default('calm'),
    )
    .option('--seed <n>', 'the seed of all chance', wholeNumber(0, 2 ** 32 - 1), 7)
    .option('--load <file>', 'begins with a world that was saved')
    .addHelpText('after', EXAMPLES)
    .action((options: CloudOptions) =>
      cloud(
        options,
        terminal,
        new Promise<void>((resolve) => {
          onInterrupt(() => {
            resolve();
          });
        }),
      ),
    );
};
