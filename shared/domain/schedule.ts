import { localClock } from './calendar.ts';
import { clockChanges, firstReachedMs } from './clock-changes.ts';
import { readCronFields } from './cron-fields.ts';
import { cronSlots, type Slots } from './cron-slots.ts';

/**
 * When slots are: AWS's own schedule expressions, as EventBridge Scheduler reads them ("Schedule
 * types in EventBridge Scheduler" in AWS's documentation).
 */
export interface Schedule extends Slots {
  readonly expression: string;
  /** IANA name. `rate()` does not depend on it. */
  readonly timezone: string;
}

export type ScheduleResult =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: string };

type SlotsResult =
  | { readonly ok: true; readonly slots: Slots }
  | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});

const DAY_MS = 86_400_000;

const READERS: Readonly<Record<string, (body: string, timezone: string) => SlotsResult>> = {
  rate: (body) => readRate(body),
  cron: (body, timezone) => readCron(body, timezone),
  at: (body, timezone) => readAt(body, timezone),
};

/** Reads `rate(6 hours)`, `cron(0 2 * * ? *)` or `at(2026-11-21T02:00:00)`; never throws. */
export const parseSchedule = (expression: string, timezone: string): ScheduleResult => {
  const [, kind = '', body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  const read = READERS[kind];
  if (read === undefined) {
    return refuse('expected rate(...), cron(...) or at(...), as EventBridge writes them');
  }
  if (!isTimezone(timezone)) return refuse(`unknown time zone ${timezone}: expected an IANA name`);
  const result = read(body.trim(), timezone);
  return result.ok
    ? { ok: true, schedule: { expression, timezone, ...result.slots } }
    : refuse(result.problem);
};

/** Whether it names a time zone. An offset such as `+01:00`, which Intl takes as well, does not. */
export const isTimezone = (name: string): boolean => {
  try {
    return /[A-Za-z]/.test(name) && Boolean(localClock(name));
  } catch {
    return false; // the one way in which Intl tells that it does not know a name
  }
};

const readCron = (body: string, timezone: string): SlotsResult => {
  const fields = readCronFields(body);
  return fields.ok ? { ok: true, slots: cronSlots(fields.pattern, timezone) } : fields;
};

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: DAY_MS };
const RATE_MAX_MS = 366 * DAY_MS;

/** Slots of a rate are the whole multiples of its period since the epoch: no state, no drift. */
const readRate = (body: string): SlotsResult => {
  const [, number, unit = '', plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(body) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) return refuse('expected rate(<number> minutes|hours|days)');
  const value = Number(number);
  if (value < 1) return refuse('a rate must be 1 or more');
  if (value * unitMs > RATE_MAX_MS) return refuse('a rate must be a year or less');
  if ((value === 1) === (plural === 's')) {
    return refuse(
      `EventBridge wants ${value === 1 ? 'the singular' : 'the plural'} after ${value}`,
    );
  }
  const periodMs = value * unitMs;
  const newestSlot = (atMs: number): number => Math.floor(atMs / periodMs) * periodMs;
  const nextSlot = (afterMs: number): number => newestSlot(afterMs) + periodMs;
  return { ok: true, slots: { newestSlot, nextSlot } };
};

const AT_FORM = /^(?:19[7-9]|2[01]\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/** One slot, at a wall time of the zone; none at all if daylight saving leaves that time out. */
const readAt = (body: string, timezone: string): SlotsResult => {
  const wallMs = AT_FORM.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  // Date reads 30 February as 2 March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, body.length) !== body) {
    return refuse('expected at(yyyy-mm-ddThh:mm:ss), a time that exists, from 1970 to 2199');
  }
  const clock = localClock(timezone);
  const instantMs = firstReachedMs(clock, wallMs);
  // Not a number is neither before nor after any instant.
  const slotMs = clock.wallOf(instantMs) === wallMs ? instantMs : Number.NaN;
  return {
    ok: true,
    slots: {
      newestSlot: (atMs) => (slotMs <= atMs ? slotMs : undefined),
      nextSlot: (afterMs) => (slotMs > afterMs ? slotMs : undefined),
    },
  };
};

/** A fixed instant, so that the answer never depends on when it is asked. */
const GAPS_FROM_MS = Date.UTC(2026, 0, 1);
const GAPS_DAYS = 400;

/**
 * The longest gap between two slots that follow each other, or undefined for fewer than two. Gaps of
 * more than a year are looked at: those about each midnight (UTC) and each clock change, and those of
 * the first two days, as times of day are the same on every day that has any.
 */
export const longestGapMs = (schedule: Schedule): number | undefined => {
  const firstMs = schedule.nextSlot(GAPS_FROM_MS);
  if (firstMs === undefined) return undefined;
  const firstDay = Math.floor(firstMs / DAY_MS);
  const midnights = Array.from({ length: GAPS_DAYS }, (_, day) => (firstDay + 1 + day) * DAY_MS);
  const clock = localClock(schedule.timezone);
  const changes = clockChanges(clock, firstMs, firstMs + GAPS_DAYS * DAY_MS);
  const gaps = [
    ...[...midnights, ...changes].flatMap((aboutMs) => gapAbout(schedule, aboutMs)),
    ...gapsFrom(schedule, firstMs, firstMs + 2 * DAY_MS),
  ];
  return gaps.length === 0 ? undefined : Math.max(...gaps);
};

/** The gap from the last slot before an instant to the first at it or later, if there are both. */
const gapAbout = (schedule: Schedule, aboutMs: number): readonly number[] => {
  const lastMs = schedule.newestSlot(aboutMs - 1);
  const nextMs = schedule.nextSlot(aboutMs - 1);
  return lastMs === undefined || nextMs === undefined ? [] : [nextMs - lastMs];
};

const gapsFrom = (schedule: Schedule, firstMs: number, untilMs: number): readonly number[] => {
  const gaps: number[] = [];
  let slotMs = firstMs;
  while (slotMs < untilMs) {
    const nextMs = schedule.nextSlot(slotMs);
    if (nextMs === undefined) break;
    gaps.push(nextMs - slotMs);
    slotMs = nextMs;
  }
  return gaps;
};
