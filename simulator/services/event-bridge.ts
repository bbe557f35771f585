/** EventBridge: buses with rules, in each account and Region. EC2's events are best effort. */
import { draw, isoSecondsOf, type Kernel, uuidOf } from '../kernel/kernel.ts';
import { compilePattern, type EventTest } from './event-pattern.ts';
import { parseSchedule } from './schedule-expression.ts';

/** An event as its target receives it. */
export interface CloudEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a service announces of itself; the bus makes an event of it. */
export interface Announcement {
  readonly account: string;
  readonly region: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface EventFacts extends Announcement {
  readonly source: string;
}

export interface RuleSpec {
  readonly account: string;
  readonly region: string;
  /** `default`, or a bus that was made before. */
  readonly bus: string;
  readonly name: string;
  readonly pattern?: unknown;
  readonly schedule?: string | undefined;
  /** Sent instead of the event. */
  readonly input?: unknown;
  readonly isEnabled?: boolean | undefined;
  readonly deliver: (event: unknown) => void;
}

interface Rule {
  readonly spec: RuleSpec;
  readonly matches: EventTest | undefined;
}

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

const busKey = (account: string, region: string, bus: string): string =>
  `${account} ${region} ${bus}`;

export class EventBridge {
  readonly #kernel: Kernel;
  readonly #buses = new Map<string, Rule[]>();
  readonly #lost: LostEvent[] = [];
  readonly #put: PutEvent[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get lostEvents(): readonly LostEvent[] {
    return this.#lost;
  }

  get putEvents(): readonly PutEvent[] {
    return this.#put;
  }

  hasBus(account: string, region: string, bus: string): boolean {
    return bus === 'default' || this.#buses.has(busKey(account, region, bus));
  }

  createBus(account: string, region: string, bus: string): void {
    this.#rules(account, region, bus);
  }

  /** @throws Error for an unknown bus, a pattern operator or a schedule that is not served. */
  putRule(spec: RuleSpec): void {
    if (!this.hasBus(spec.account, spec.region, spec.bus)) {
      throw new Error(`rule ${spec.name}: there is no event bus '${spec.bus}' in ${spec.region}`);
    }
    const matches = spec.pattern === undefined ? undefined : compilePattern(spec.pattern);
    this.#rules(spec.account, spec.region, spec.bus).push({ spec, matches });
    if (spec.schedule !== undefined) this.#schedule(spec, spec.schedule);
  }

  /** An event of EC2 itself: it may be late, doubled, out of order or lost. */
  announce(announcement: Announcement): void {
    const event = this.#event({ ...announcement, source: 'aws.ec2' });
    const { eventLoss, eventDuplicate } = this.#kernel.manners();
    const random = this.#kernel.random('events');
    for (const rule of this.#matching(event, 'default')) {
      if (random.chance(eventLoss)) {
        this.#lost.push({ event, rule: rule.spec.name });
        continue;
      }
      this.#deliver(rule, event);
      if (random.chance(eventDuplicate)) this.#deliver(rule, event);
    }
  }

  /** An event put by a user: it arrives. Returns its id. */
  put(
    call: { readonly account: string; readonly region: string },
    bus: string,
    entry: Omit<EventFacts, 'account' | 'region'>,
  ): string {
    const { account, region } = call;
    const event = this.#event({ ...entry, account, region });
    this.#put.push({ bus, event });
    for (const rule of this.#matching(event, bus)) this.#deliver(rule, event);
    return event.id;
  }

  #rules(account: string, region: string, bus: string): Rule[] {
    const key = busKey(account, region, bus);
    const known = this.#buses.get(key);
    if (known !== undefined) return known;
    const fresh: Rule[] = [];
    this.#buses.set(key, fresh);
    return fresh;
  }

  #matching(event: CloudEvent, bus: string): Rule[] {
    return this.#rules(event.account, event.region, bus).filter(
      ({ spec, matches }) => spec.isEnabled !== false && matches?.(event) === true,
    );
  }

  #event(facts: EventFacts, atMs = this.#kernel.clock.nowMs()): CloudEvent {
    return {
      version: '0',
      id: uuidOf(this.#kernel.random('event-ids')),
      'detail-type': facts.detailType,
      source: facts.source,
      account: facts.account,
      time: isoSecondsOf(atMs),
      region: facts.region,
      resources: facts.resources,
      detail: facts.detail,
    };
  }

  #deliver({ spec }: Rule, event: CloudEvent): void {
    const { clock, manners, random } = this.#kernel;
    const delayMs = draw(random('event-delays'), manners().eventDelayMs);
    clock.at(clock.nowMs() + delayMs, () => {
      spec.deliver(structuredClone(spec.input ?? event));
    });
  }

  /** One timer at a time for each schedule; a rule that is not enabled has none. */
  #schedule(spec: RuleSpec, expression: string): void {
    const { clock, manners, random } = this.#kernel;
    const nextDue = parseSchedule(expression, clock.nowMs());
    if (spec.isEnabled === false) return;
    const arm = (afterMs: number): void => {
      const dueMs = nextDue(afterMs);
      clock.at(dueMs + draw(random('schedules'), manners().scheduleDelayMs), () => {
        const { account, region, name } = spec;
        const arn = `arn:aws:events:${region}:${account}:rule/${name}`;
        const facts = { account, region, source: 'aws.events', detailType: 'Scheduled Event' };
        const event = this.#event({ ...facts, resources: [arn], detail: {} }, dueMs);
        spec.deliver(structuredClone(spec.input ?? event));
        arm(dueMs);
      });
    };
    arm(clock.nowMs());
  }
}
