/** EventBridge: buses with rules, in each account and Region. Events of services are best effort. */
import { agendaKind } from '../../kernel/agenda.ts';
import { draw, type Kernel, uuidOf } from '../../kernel/kernel.ts';
import { isAllowed } from '../resource-policy.ts';
import {
  type BusRow,
  busArnOf,
  type Place,
  type RuleAddress,
  ruleArnOf,
  type RuleRow,
} from './rows.ts';
import { Buses } from './buses.ts';
import {
  createDeliveries,
  delayOf,
  type Deliveries,
  type Delivery,
  type FailedDelivery,
  type Hops,
} from './deliveries.ts';
import { noResource, type Refusal, type Services } from './destinations.ts';
import { type Announcement, type CloudEvent, eventOf } from './event.ts';
import { compilePattern, type EventTest } from './event-pattern.ts';
import {
  type Observer,
  observerOf,
  type RuleSpec,
  scheduledEvent,
  startSchedule,
  tell,
} from './observers.ts';
import { type NextDue, parseSchedule } from './schedule-expression.ts';

/** An event that a rule was waiting for and that never came. */
export interface LostEvent {
  readonly event: CloudEvent;
  readonly rule: string;
}

/** An event that PutEvents accepted. */
export interface PutEvent {
  readonly bus: string;
  readonly event: CloudEvent;
}

/** What somebody puts: the bus makes an event of it. */
export interface PutFacts {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  /** The event's own time, if it is not now. */
  readonly atMs?: number | undefined;
}

/** A schedule that is due, unless the rule has another by then. */
interface Due extends RuleAddress {
  readonly dueMs: number;
  readonly scheduledAtMs: number;
  readonly scheduleRevision: number;
}

const DUE = agendaKind<Due>('events.due');
/** Of a year there would be more than of all else together. */
const PUT_KEPT_MIN = 1_000;
const NO_HOPS: Hops = { ofAccount: false, ofRegion: false };

export class EventBridge {
  readonly buses: Buses;
  readonly #kernel: Kernel;
  readonly #deliveries: Deliveries;
  readonly #observers: Observer[] = [];
  readonly #schedules = new Map<string, NextDue>();
  readonly #tests = new Map<string, EventTest>();
  readonly #lost: LostEvent[] = [];
  readonly #put: PutEvent[] = [];

  constructor(services: Services) {
    this.#kernel = services.kernel;
    this.buses = new Buses(services.kernel);
    this.#deliveries = createDeliveries(services, (delivery) => this.#forward(delivery));
    this.#kernel.agenda.define(DUE, (due) => {
      this.#fire(due);
    });
  }

  get lostEvents(): readonly LostEvent[] {
    return this.#lost;
  }

  /** The newest of them: of a long run not all. */
  get putEvents(): readonly PutEvent[] {
    return this.#put;
  }

  /** Events that could not be delivered, and that no dead-letter queue took. */
  get failedDeliveries(): readonly FailedDelivery[] {
    return this.#deliveries.failed;
  }

  /** Makes the bus if it is not there. */
  createBus(account: string, region: string, bus: string): void {
    const place = { account, region };
    if (this.buses.lookUp(place, bus) === undefined) this.buses.create(place, bus);
  }

  /**
   * A rule of an onlooker: its function is called as a target would be.
   * @throws Error for an unknown bus, ApiError for a pattern or a schedule that is refused
   */
  putRule(spec: RuleSpec): void {
    if (this.buses.lookUp(spec, spec.bus) === undefined) {
      throw new Error(`rule ${spec.name}: there is no event bus '${spec.bus}' in ${spec.region}`);
    }
    const observer = observerOf(spec);
    startSchedule(this.#kernel, observer);
    this.#observers.push(observer);
  }

  /** An event of an AWS service: it may be late, doubled, out of order or lost. */
  announce(announcement: Announcement): void {
    const { source = 'aws.ec2' } = announcement;
    const nowMs = this.#kernel.clock.nowMs();
    const event = eventOf(this.#kernel, { ...announcement, source }, nowMs);
    const { eventLoss, eventDuplicate } = this.#kernel.manners();
    const random = this.#kernel.random('events');
    const bus = this.buses.find(announcement);
    for (const { name, send } of this.#sendersOf(bus, event, NO_HOPS)) {
      if (random.chance(eventLoss)) {
        this.#lost.push({ event, rule: name });
        continue;
      }
      send();
      if (random.chance(eventDuplicate)) send();
    }
  }

  /** An event put by a user: it arrives. Into a bus that is not there, nobody hears it. Returns its id. */
  put(sender: Place, bus: BusRow | undefined, facts: PutFacts, busName = bus?.name ?? ''): string {
    const { account } = sender;
    const region = bus?.region ?? sender.region;
    const { atMs = this.#kernel.clock.nowMs(), ...rest } = facts;
    const event = eventOf(this.#kernel, { ...rest, account, region }, atMs);
    if (bus === undefined) this.#lost.push({ event, rule: `no event bus ${busName}` });
    else {
      this.#put.push({ bus: bus.name, event });
      if (this.#put.length > 2 * PUT_KEPT_MIN) this.#put.splice(0, PUT_KEPT_MIN);
      const hops = { ...NO_HOPS, ofAccount: bus.account !== account };
      for (const { send } of this.#sendersOf(bus, event, hops)) send();
    }
    return event.id;
  }

  /** Sets the timer of a rule's schedule; the one before no longer counts. */
  startSchedule(rule: RuleRow): void {
    const { account, region, bus, name, scheduledAtMs, scheduleRevision } = rule;
    if (rule.schedule === undefined || rule.state === 'DISABLED') return;
    const due = { account, region, bus, name, scheduledAtMs, scheduleRevision };
    this.#arm({ ...due, dueMs: scheduledAtMs }, rule.schedule);
  }

  #arm(last: Due, schedule: string): void {
    const { agenda, manners, random } = this.#kernel;
    const dueMs = this.#nextDueOf(schedule, last.scheduledAtMs)(last.dueMs);
    if (dueMs === undefined) return;
    const delayMs = draw(random('schedules'), manners().scheduleDelayMs);
    agenda.at(dueMs + delayMs, DUE, { ...last, dueMs });
  }

  /** Read once: a year has a hundred thousand runs of one schedule. */
  #nextDueOf(schedule: string, startMs: number): NextDue {
    const key = `${startMs} ${schedule}`;
    const known = this.#schedules.get(key) ?? parseSchedule(schedule, startMs);
    this.#schedules.set(key, known);
    return known;
  }

  #fire(due: Due): void {
    const rule = this.buses.ruleOf(due);
    const isCurrent = rule?.scheduleRevision === due.scheduleRevision && rule.state !== 'DISABLED';
    if (rule?.schedule === undefined || !isCurrent) return;
    const event = scheduledEvent(this.#kernel, rule, due.dueMs);
    for (const delivery of this.#deliveriesOf(rule, event, NO_HOPS)) {
      this.#deliveries.attempt(delivery);
    }
    this.#arm(due, rule.schedule);
  }

  /** One for each target of each rule that matches, and for each onlooker. */
  #sendersOf(bus: BusRow, event: CloudEvent, hops: Hops) {
    const { clock } = this.#kernel;
    const targets = [...bus.rules.values()]
      .filter((rule) => rule.state !== 'DISABLED' && this.#matches(rule, event))
      .flatMap((rule) => this.#deliveriesOf(rule, event, hops))
      .map((delivery) => ({
        name: delivery.ruleName,
        send: () => {
          this.#deliveries.send(delivery);
        },
      }));
    const onlookers = this.#observers
      .filter(({ spec, matches }) => isOn(spec, bus) && matches?.(event) === true)
      .map((observer) => ({
        name: observer.spec.name,
        send: () => {
          clock.at(clock.nowMs() + delayOf(this.#kernel), () => {
            tell(observer, event);
          });
        },
      }));
    return [...targets, ...onlookers];
  }

  #matches({ pattern }: RuleRow, event: CloudEvent): boolean {
    if (pattern === undefined) return false;
    const test = this.#tests.get(pattern) ?? compilePattern(pattern);
    this.#tests.set(pattern, test);
    return test(event);
  }

  #deliveriesOf(rule: RuleRow, event: CloudEvent, hops: Hops): readonly Delivery[] {
    const { account, region, name: ruleName } = rule;
    const ruleArn = ruleArnOf(rule);
    const sinceMs = this.#kernel.clock.nowMs();
    return [...rule.targets.values()].map((target) => ({
      account,
      region,
      ruleArn,
      ruleName,
      target,
      event,
      hops,
      sinceMs,
      retries: 0,
    }));
  }

  /** From one bus to another: once to another account, and once to another Region. */
  #forward({ account, region, target, event, hops }: Delivery): Refusal | undefined {
    const bus = this.buses.byNameOrArn({ account, region }, target.Arn ?? '');
    if (bus === undefined) return noResource(target.Arn ?? '');
    const isElsewhere = bus.region !== region;
    const isOthers = bus.account !== account;
    const onwards = { ofAccount: isOthers, ofRegion: isElsewhere };
    const refusal = hopRefusal(hops, onwards) ?? putRefusal(bus, account);
    if (refusal !== undefined) return refusal;
    const id = isElsewhere ? uuidOf(this.#kernel.random('event-ids')) : event.id;
    const further = {
      ofAccount: hops.ofAccount || isOthers,
      ofRegion: hops.ofRegion || isElsewhere,
    };
    for (const { send } of this.#sendersOf(bus, { ...event, id }, further)) send();
    return undefined;
  }
}

const isOn = (spec: RuleSpec, bus: BusRow): boolean =>
  spec.isEnabled !== false &&
  spec.bus === bus.name &&
  spec.account === bus.account &&
  spec.region === bus.region;

const HOP_MESSAGE =
  'An event is passed on to one other account, and to one other Region, and no further';

const hopRefusal = (done: Hops, next: Hops): Refusal | undefined => {
  const refuse = (code: Refusal['code']) => ({ code, message: HOP_MESSAGE, isPassing: false });
  if (done.ofAccount && next.ofAccount) return refuse('THIRD_ACCOUNT_HOP_DETECTED');
  if (done.ofRegion && next.ofRegion) return refuse('THIRD_REGION_HOP_DETECTED');
  return undefined;
};

const putRefusal = (bus: BusRow, account: string): Refusal | undefined => {
  if (mayPut(bus, account)) return undefined;
  const message = `Not authorized to put to ${bus.name}`;
  return { code: 'NO_PERMISSIONS', message, isPassing: false };
};

/** Whether the bus's policy lets the account put events. Its own may always. */
export const mayPut = (bus: BusRow, account: string): boolean =>
  bus.account === account ||
  isAllowed(bus.policy, {
    principal: { account },
    action: 'events:PutEvents',
    resource: busArnOf(bus),
    context: { 'aws:principalaccount': account },
  });
