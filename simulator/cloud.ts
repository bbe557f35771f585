/**
 * The embedded cloud: EC2, Auto Scaling, EventBridge, SQS and Lambda of any number of accounts and
 * Regions, in virtual time, out of one seed.
 */
import { type CallRecorder, createCallRecorder } from './call-recorder.ts';
import type { VirtualClock } from './clock.ts';
import { type AgendaEntry, createAgenda } from './kernel/agenda.ts';
import { createFaults, type Fault } from './kernel/faults.ts';
import { createHooks, type Deregistering, type Hooks } from './kernel/hooks.ts';
import { createStreams, draw, type Kernel, uuidOf } from './kernel/kernel.ts';
import { createPersistence } from './kernel/persistence.ts';
import { DEFAULT_MANNERS, type Manners } from './manners.ts';
import type { Random } from './random.ts';
import { noticeInstance } from './services/autoscaling/capacity.ts';
import { AutoScaling } from './services/autoscaling/groups.ts';
import { createAutoScalingService } from './services/autoscaling/service.ts';
import { createEc2Core, type Ec2 } from './services/ec2/ec2.ts';
import { noticeFleetInstance } from './services/ec2/fleet-capacity.ts';
import {
  createEc2Operations,
  createEc2Service,
  type Ec2Operations,
} from './services/ec2/service.ts';
import { EventBridge, type LostEvent } from './services/events/event-bridge.ts';
import { createEventsService } from './services/events/service.ts';
import type { LateCall } from './services/lambda/late-calls.ts';
import { Lambda } from './services/lambda/lambda.ts';
import { Queues } from './services/sqs/queues.ts';
import { createSqsService } from './services/sqs/service.ts';
import { imagesOf } from './services/ssm/images.ts';
import { Parameters } from './services/ssm/parameters.ts';
import { createSsmService } from './services/ssm/service.ts';
import { createStsService } from './services/sts/service.ts';
import type { Call, Service } from './wire/api.ts';

export interface CloudOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Those not given are the default ones. */
  readonly manners?: Partial<Manners>;
  readonly calls?: CallRecorder;
  /** Where the URLs of queues point to, such as `http://127.0.0.1:4599`; to AWS's hosts if absent. */
  readonly queueHost?: () => string;
}

export interface EmbeddedCloud {
  readonly clock: VirtualClock;
  /** What the wire serves: each operation behind the faults that are injected. */
  readonly services: readonly Service[];
  /** EC2's operations as plain functions, beside the wire: neither counted nor at fault. */
  readonly ec2: Ec2Operations;
  /** EC2's rows, for world-building and for observers. */
  readonly ec2Core: Ec2;
  readonly events: EventBridge;
  readonly queues: Queues;
  readonly lambda: Lambda;
  /** Systems Manager's Parameter Store. */
  readonly parameters: Parameters;
  readonly calls: CallRecorder;
  readonly hooks: Hooks;
  readonly lostEvents: readonly LostEvent[];
  /** Calls that a handler left behind when it returned, or when its time was up. */
  readonly lateCalls: readonly LateCall[];
  readonly manners: () => Manners;
  /** Changes some manners from now on. */
  readonly behave: (changes: Partial<Manners>) => void;
  /** Makes calls over the wire fail; returns what ends it. */
  readonly inject: (fault: Fault) => () => void;
  /** Withdraws every fault that was injected. */
  readonly withdrawFaults: () => void;
  /**
   * A call as that account, now: the second argument of an operation beside the wire. Its request
   * id tells it from calls over the wire: see isBesideTheWire.
   */
  readonly callAs: (account: string, region: string) => Call;
  /** A fresh request id; fits the router's `requestId`. */
  readonly requestId: () => string;
  /** Waits as long as a call over the wire takes; fits the in-process handler's `delay`. */
  readonly latency: () => Promise<void>;
  /** How long the next call over the wire takes. */
  readonly latencyMs: () => number;
  readonly onDeregister: (listener: (occasion: Deregistering) => void) => void;
  /** All that the services know, and all that is under way. Deployed functions are not part of it. */
  readonly save: () => SavedCloud;
  /** Whether a saved cloud may have a part, and an agenda entry of a kind, of these names. */
  readonly knows: {
    readonly part: (name: string) => boolean;
    readonly agendaKind: (name: string) => boolean;
  };
  /** Takes a saved cloud over into this one, which must be new and stand at its instant. */
  readonly load: (saved: SavedCloud) => void;
}

/** A cloud as plain values, Maps and Sets: see world-file for its form as text. */
export interface SavedCloud {
  readonly nowMs: number;
  readonly manners: Manners;
  readonly agenda: readonly AgendaEntry[];
  readonly parts: Readonly<Record<string, unknown>>;
}

const BESIDE_THE_WIRE = '00000000';

/** Whether the request was made by `callAs`, and so by an operator, not by what is being judged. */
export const isBesideTheWire = (requestId: string): boolean =>
  requestId.startsWith(`${BESIDE_THE_WIRE}-`);

const callsBesideTheWire =
  (clock: VirtualClock, requestId: () => string): EmbeddedCloud['callAs'] =>
  (account, region) => ({
    account,
    region,
    nowMs: clock.nowMs(),
    requestId: BESIDE_THE_WIRE + requestId().slice(BESIDE_THE_WIRE.length),
  });

interface Served
  extends Pick<EmbeddedCloud, 'ec2Core' | 'ec2' | 'events' | 'queues' | 'parameters'> {
  readonly scaling: AutoScaling;
}

const servicesOf = (kernel: Kernel, parts: Served): readonly Service[] => [
  createEc2Service(parts.ec2Core, parts.ec2),
  createEventsService(kernel, parts.events),
  createSqsService(kernel, parts.queues),
  createStsService(kernel),
  createSsmService(parts.parameters),
  createAutoScalingService(parts.scaling),
];

export const createCloud = (options: CloudOptions): EmbeddedCloud => {
  const { clock, calls = createCallRecorder() } = options;
  let manners: Manners = { ...DEFAULT_MANNERS, ...options.manners };
  const hooks = createHooks();
  const persistence = createPersistence();
  const agenda = createAgenda(clock);
  const streams = createStreams(options.random);
  persistence.keep(streams.part);
  const random = streams.get;
  const { keep } = persistence;
  const kernel: Kernel = { clock, agenda, hooks, random, keep, manners: () => manners };
  const faults = createFaults(kernel);
  const queues = new Queues(kernel, { host: options.queueHost });
  const lambda = new Lambda(kernel);
  const events = new EventBridge({ kernel, queues, lambda });
  const ec2Core = createEc2Core(kernel, (event) => {
    events.announce(event);
    noticeInstance(scaling, event);
    noticeFleetInstance(ec2Core, event);
  });
  const ec2 = createEc2Operations(ec2Core);
  const requestId = () => uuidOf(random('request-ids'));
  const callAs = callsBesideTheWire(clock, requestId);
  const scaling = new AutoScaling({ kernel, ec2Core, ec2, callAs });
  const parameters = new Parameters({
    kernel,
    images: imagesOf((input, call) => ec2.DescribeImages(input, call)),
    announce: (event) => {
      events.announce(event);
    },
  });
  ec2Core.resolveParameter = (name, call) => parameters.resolve(name, call);
  const served = servicesOf(kernel, { ec2Core, ec2, events, queues, parameters, scaling });
  const latencyMs = (): number => draw(random('latency'), manners.callLatencyMs);
  return {
    clock,
    services: served.map((service) => faults.guard(service)),
    ec2,
    ec2Core,
    events,
    queues,
    lambda,
    parameters,
    calls,
    hooks,
    lostEvents: events.lostEvents,
    lateCalls: lambda.lateCalls,
    manners: kernel.manners,
    behave: (changes) => {
      manners = { ...manners, ...changes };
    },
    inject: faults.add,
    withdrawFaults: faults.clear,
    callAs,
    requestId,
    latencyMs,
    latency: () => clock.sleep(latencyMs()),
    onDeregister: (listener) => {
      hooks.on('deregistering', listener);
    },
    save: () => ({
      nowMs: clock.nowMs(),
      manners,
      agenda: agenda.entries(),
      parts: persistence.save(),
    }),
    knows: { part: persistence.knows, agendaKind: (name) => agenda.knows(name) },
    load: (saved) => {
      manners = saved.manners;
      persistence.load(saved.parts);
      agenda.restore(saved.agenda);
    },
  };
};
