/** Rules of whoever looks on in this process: a function instead of a target. They are not saved. */
import type { Kernel } from '../../kernel/kernel.ts';
import { draw } from '../../kernel/kernel.ts';
import { type CloudEvent, eventOf } from './event.ts';
import { compilePattern, type EventTest } from './event-pattern.ts';
import { type Place, ruleArnOf } from './rows.ts';
import { parseSchedule } from './schedule-expression.ts';

export interface RuleSpec extends Place {
  /** `default`, or a bus that was made before. */
  readonly bus: string;
  readonly name: string;
  readonly pattern?: unknown;
  readonly schedule?: string | undefined;
  /** Given instead of the event. */
  readonly input?: unknown;
  readonly isEnabled?: boolean | undefined;
  readonly deliver: (event: unknown) => void;
}

export interface Observer {
  readonly spec: RuleSpec;
  readonly matches: EventTest | undefined;
}

/** @throws ApiError for a pattern or a schedule that EventBridge refuses */
export const observerOf = (spec: RuleSpec): Observer => ({
  spec,
  matches: spec.pattern === undefined ? undefined : compilePattern(JSON.stringify(spec.pattern)),
});

export const tell = ({ spec }: Observer, event: CloudEvent): void => {
  spec.deliver(structuredClone(spec.input ?? event));
};

/** The event of a schedule: its time is the nominal one. */
export const scheduledEvent = (
  kernel: Kernel,
  rule: Place & { readonly name: string },
  dueMs: number,
): CloudEvent => {
  const { account, region, name } = rule;
  const resources = [ruleArnOf({ account, region, bus: 'default', name })];
  const facts = { account, region, source: 'aws.events', detailType: 'Scheduled Event' };
  return eventOf(kernel, { ...facts, resources, detail: {} }, dueMs);
};

/** One timer at a time; a rule that is not enabled has none. */
export const startSchedule = (kernel: Kernel, observer: Observer): void => {
  const { spec } = observer;
  const { clock, manners, random } = kernel;
  if (spec.schedule === undefined) return;
  const nextDue = parseSchedule(spec.schedule, clock.nowMs());
  if (spec.isEnabled === false) return;
  const arm = (afterMs: number): void => {
    const dueMs = nextDue(afterMs);
    if (dueMs === undefined) return;
    clock.at(dueMs + draw(random('schedules'), manners().scheduleDelayMs), () => {
      tell(observer, scheduledEvent(kernel, spec, dueMs));
      arm(dueMs);
    });
  };
  arm(clock.nowMs());
};
