/**
 * Timelines for scenario tests: the product's real handlers, wired as serverless.yml says, on a calm
 * embedded cloud. Instants are literal, and time goes by only where a test says until when.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import {
  EMBEDDED_ACCOUNT,
  type EmbeddedStart,
  deployEmbedded,
  startCloud,
} from '../../cli/embedded.ts';
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import { CALM_MANNERS, type Manners } from '../../simulator/manners.ts';
import type { Call, Service } from '../../simulator/wire/api.ts';
import type { CallRecord } from '../../simulator/wire/router.ts';
import { type Interceptors, createInterceptors } from './scenario-wire.ts';
import { type InstanceSpec, type ScenarioWorld, createWorld } from './scenario-world.ts';

export const ACCOUNT = EMBEDDED_ACCOUNT;
export const HOME = 'eu-central-1';
export const DR = 'eu-west-1';

const ROOT = join(import.meta.dirname, '../..');

/** Milliseconds since the epoch of an instant such as `2026-11-03T02:10:00Z`. */
export const at = (instant: string): number => {
  const atMs = Date.parse(instant);
  if (Number.isNaN(atMs)) throw new Error(`${instant} is no instant`);
  return atMs;
};

export interface ScenarioOptions {
  /** Text of the policy file. */
  readonly policy: string;
  readonly startsAt: string;
  readonly instances: readonly InstanceSpec[];
  /** On top of the calm ones. */
  readonly manners?: Partial<Manners>;
  /** Changes a copy of serverless.yml before it is deployed. */
  readonly rewire?: (wiring: Document) => void;
  readonly retireMode?: 'plan' | 'apply';
}

/** A line of the product's log. */
export interface LogLine {
  readonly message: string;
  readonly reasons?: readonly string[];
  readonly verdict?: string;
  readonly [field: string]: unknown;
}

export interface Scenario extends ScenarioWorld, Interceptors {
  readonly cloud: EmbeddedCloud;
  /** Lets virtual time go by until then. */
  readonly until: (instant: string) => Promise<void>;
  /** A call of an operator's, beside the wire. */
  readonly byHand: (region?: string) => Call;
  /** Calls of the product over the wire, failed ones included. */
  readonly calls: (action: string, region?: string) => number;
  /** Every call of the product over the wire, in order. */
  readonly callLog: readonly CallRecord[];
  /** What the product has published, in order. */
  readonly published: () => readonly PublishedEvent[];
  /** Bodies of the messages that lie in the dead-letter queue of a worker. */
  readonly deadLetters: (worker: 'backup' | 'retire') => readonly string[];
  /** Lines of the log whose message begins so. */
  readonly logged: (beginning: string) => readonly LogLine[];
  /** Reasons of everything that retirement said about one image or snapshot, in order. */
  readonly reasonsFor: (id: string) => readonly (readonly string[])[];
  /** Sends a message to a worker's queue, as anyone with the right to could. */
  readonly send: (worker: 'backup' | 'retire', message: OutgoingMessage) => void;
}

export interface PublishedEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
}

export interface OutgoingMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** The product deployed in a world of these instances, with nothing under way. */
export const aScenario = (options: ScenarioOptions): Scenario => {
  const manners = { ...CALM_MANNERS, ...options.manners };
  const started = startCloud({ seed: 1, startMs: at(options.startsAt), manners });
  const world = createWorld(started.cloud, HOME, options.instances);
  const interceptors = createInterceptors();
  const callLog: CallRecord[] = [];
  const logLines = deployOn(tapped(started, interceptors.around, callLog), options);
  return {
    ...world,
    ...interceptors,
    ...observers(started.cloud, callLog, logLines),
    cloud: started.cloud,
    until: (instant) => started.cloud.clock.runUntil(at(instant)),
    byHand: (region = HOME) => started.cloud.callAs(ACCOUNT, region),
    send: (worker, message) => {
      queueOf(started.cloud, `${worker}.fifo`).send(message);
    },
  };
};

/** The same cloud, with an ear and a hand on the wire. */
const tapped = (
  { cloud, random }: EmbeddedStart,
  around: (service: Service) => Service,
  callLog: CallRecord[],
): EmbeddedStart => ({
  random,
  cloud: {
    ...cloud,
    services: cloud.services.map(around),
    calls: {
      ...cloud.calls,
      record: (call) => {
        callLog.push(call);
        cloud.calls.record(call);
      },
    },
  },
});

/** The policy file is read while the functions start, so it need not outlive that. */
const deployOn = (
  start: EmbeddedStart,
  { policy, rewire, retireMode = 'apply' }: ScenarioOptions,
): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-scenario-'));
  try {
    const policyFile = join(folder, 'policy.yml');
    writeFileSync(policyFile, policy);
    const params = { policyFile, retireMode };
    return deployEmbedded(start, { homeRegion: HOME, wiring: wiringText(rewire), params }).logLines;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const wiringText = (rewire: ScenarioOptions['rewire']): string => {
  const text = readFileSync(join(ROOT, 'serverless.yml'), 'utf8');
  if (rewire === undefined) return text;
  const wiring = parseDocument(text, { logLevel: 'silent' });
  rewire(wiring);
  return wiring.toString();
};

const queueOf = (cloud: EmbeddedCloud, name: string) =>
  cloud.queues.find(ACCOUNT, HOME, `imago-dev-${name}`);

const observers = (
  cloud: EmbeddedCloud,
  callLog: readonly CallRecord[],
  logLines: readonly string[],
): Pick<Scenario, 'calls' | 'callLog' | 'published' | 'deadLetters' | 'logged' | 'reasonsFor'> => {
  const lines = (): readonly LogLine[] =>
    logLines
      .map((line) => JSON.parse(line) as Partial<LogLine>)
      .filter((line): line is LogLine => line.message !== undefined);
  return {
    callLog,
    calls: (action, region) => cloud.calls.count(action, region),
    published: () =>
      cloud.events.putEvents.map(({ event }) => ({
        type: event['detail-type'],
        detail: event.detail,
        resources: event.resources,
      })),
    deadLetters: (worker) => queueOf(cloud, `${worker}-dead.fifo`).messages.map(({ body }) => body),
    logged: (beginning) => lines().filter(({ message }) => message.startsWith(beginning)),
    reasonsFor: (id) =>
      lines()
        .filter(({ message, verdict }) => message.endsWith(` ${id}`) && verdict !== undefined)
        .map(({ reasons = [] }) => reasons),
  };
};

export type { InstanceSpec };
