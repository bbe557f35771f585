/** The command line on a calm embedded cloud: no process, no network, virtual time. */
import { join } from 'node:path';
import { type Caller, endpointOf } from '../../shared/aws/identity.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { CALM_MANNERS } from '../../simulator/manners.ts';
import { createRandom } from '../../simulator/random.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { type CallRecord, createRouter } from '../../simulator/wire/router.ts';
import { connectInProcess } from '../../cli/embedded-connection.ts';
import type { Access, Surroundings } from '../../cli/surroundings.ts';
import type { Dialogue } from '../../cli/terminal.ts';
import { type Interceptors, createInterceptors } from '../support/scenario-wire.ts';
import { createWorld, type InstanceSpec, type ScenarioWorld } from '../support/scenario-world.ts';

// Loaded when it is needed: here before virtual time begins, which does not wait for files.
await import('../../shared/aws/launch-reads.ts');

export const ACCOUNT = '111122223333';
export const HOME = 'eu-central-1';
export const DR = 'eu-west-1';
export const POLICY = join(import.meta.dirname, 'fixtures/daily.yml');

/** Ten minutes after the slot of the policy, and well before the next. */
export const START = '2026-11-03T02:10:00Z';

const WEB: InstanceSpec = { name: 'web-1', tags: { Name: 'web-1', Backup: 'daily' } };

export const CALLER: Caller = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ops` };

/** What was printed, and what is typed in. */
export interface Screen {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly asked: readonly string[];
}

export interface Stage extends ScenarioWorld, Interceptors {
  readonly cloud: EmbeddedCloud;
  readonly clock: VirtualClock;
  readonly surroundings: Surroundings;
  readonly screen: Screen;
  /** Every call over the wire, in order. */
  readonly calls: readonly CallRecord[];
  /** Calls of one action. */
  readonly count: (action: string, region?: string) => number;
  /** Runs a command to its end, in virtual time. */
  readonly run: <T>(command: (surroundings: Surroundings) => Promise<T>) => Promise<T>;
  /** From now on each call takes so long before it takes effect; at first, no time. */
  readonly slowDown: (latencyMs: number) => void;
  /** Ctrl-C. */
  readonly interrupt: () => void;
}

export interface StageOptions {
  readonly instances?: readonly InstanceSpec[];
  readonly startsAt?: string;
  readonly isInteractive?: boolean;
  readonly answer?: string;
  readonly input?: string;
  /** How wide the terminal is. */
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly access?: Partial<Access>;
}

/** A cloud with what lives in it. */
export interface StageWorld extends ScenarioWorld {
  readonly cloud: EmbeddedCloud;
}

const createStageWorld = ({ startsAt = START, instances = [WEB] }: StageOptions): StageWorld => {
  const clock = new VirtualClock(Date.parse(startsAt));
  const cloud = createCloud({ clock, random: createRandom(1), manners: CALM_MANNERS });
  return { cloud, ...createWorld(cloud, HOME, instances) };
};

/** @param world if not one of the instances that the options name */
export const createStage = (
  options: StageOptions = {},
  world: StageWorld = createStageWorld(options),
): Stage => {
  const { cloud } = world;
  const { clock } = cloud;
  const interceptors = createInterceptors();
  const calls: CallRecord[] = [];
  const route = createRouter({
    services: cloud.services.map(interceptors.around),
    accountOf: () => ACCOUNT,
    nowMs: () => clock.nowMs(),
    requestId: cloud.requestId,
    onCall: (call) => calls.push(call),
  });
  let latencyMs = 0;
  const connection = connectInProcess({
    requestHandler: createRequestHandler(route, {
      delay: () => (latencyMs === 0 ? Promise.resolve() : clock.sleep(latencyMs)),
    }),
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    clock,
    jitter: () => 0.5,
  });
  const listeners = new Set<() => void>();
  const { terminal, screen } = createScreen(options);
  const surroundings: Surroundings = {
    terminal,
    environment: options.environment ?? {},
    access: {
      connection,
      region: () => Promise.resolve(HOME),
      endpoint: (service, region) => endpointOf(connection, service, region),
      caller: () => Promise.resolve(CALLER),
      ...options.access,
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    ...world,
    ...interceptors,
    clock,
    surroundings,
    screen,
    calls,
    count: (action, region) =>
      calls.filter((call) => call.action === action && (region ?? call.region) === call.region)
        .length,
    run: (command) => clock.runFor(command(surroundings)),
    slowDown: (changedMs) => {
      latencyMs = changedMs;
    },
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
};

const createScreen = ({
  isInteractive = false,
  answer = '',
  input,
  columns = 100,
}: StageOptions): { readonly terminal: Dialogue; readonly screen: Screen } => {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const asked: string[] = [];
  return {
    screen: { stdout, stderr, asked },
    terminal: {
      isInteractive,
      out: (text) => {
        stdout.push(...text.split('\n'));
      },
      error: (text) => {
        stderr.push(...text.split('\n'));
      },
      progress: () => undefined,
      paint: (_style, text) => text,
      columns,
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
      readInput: () => Promise.resolve(input),
    },
  };
};

/** What stdout holds as JSON. */
export const jsonOf = <T>({ stdout }: Screen): T => JSON.parse(stdout.join('\n')) as T;

/** Points of these days at two in the morning, available, made by the policy. */
export const pointsOf = (
  { aPoint }: Pick<Stage, 'aPoint'>,
  days: readonly string[],
): readonly string[] =>
  days.map((day) => aPoint({ of: 'web-1', policy: 'daily', slot: `${day}T02:00:00Z` }));
