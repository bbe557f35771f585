import * as z from 'zod';
import type { Window } from '../domain/windows.ts';
import {
  explained,
  fixedDuration,
  identifier,
  schedule,
  shared,
  timezone,
} from './policy-fields.ts';

/** When points are made, and when not. */

const ONE_KIND = 'a trigger is either a schedule or an event: write two';
const NO_SLOT = 'it belongs to a schedule, and an event has none';

const triggerParts = {
  name: explained(
    identifier.optional(),
    "By which an instance's tag `imago:schedule` picks this trigger.",
    'hourly',
  ),
  optional: explained(
    z.boolean().prefault(false),
    'Whether it counts only for instances whose tag picks it.',
    'true',
  ),
};

const scheduleTrigger = z
  .strictObject({
    schedule: explained(
      schedule,
      '`cron(...)` with six fields, `rate(...)` or `at(...)`, as EventBridge Scheduler takes them. See [schedules.md](schedules.md).',
      'cron(0 2 * * ? *)',
    ),
    ...triggerParts,
    startWithin: explained(
      fixedDuration.prefault('1h'),
      'How late a point still counts as on time. With `reboot: true` nothing is made after it.',
      '30min',
    ),
    catchUp: explained(
      fixedDuration.prefault('12h'),
      'How late a missed slot is still made up for; only the newest one is.',
      '6h',
    ),
    jitter: explained(
      fixedDuration.default(0),
      'Spreads the sources over so long after the slot, each at a moment of its own; `startWithin` counts from that.',
      '30min',
    ),
    timezone: explained(
      timezone.optional(),
      "IANA name of the zone in which `schedule` is meant; the policy's, if it is not said.",
      'Asia/Tokyo',
    ),
  })
  .meta({ hints: { event: ONE_KIND, atMostEvery: 'it belongs to an event' } });

const eventTrigger = z
  .strictObject({
    event: explained(
      z.enum(['stopped', 'running', 'tag-changed']),
      'What the instance has to do: stop, start, or get other tags.',
      'stopped',
    ),
    ...triggerParts,
    atMostEvery: explained(
      fixedDuration.prefault('1h'),
      'One point at most in each interval of this length; they are counted from the epoch.',
      '6h',
    ),
  })
  .meta({
    hints: {
      schedule: ONE_KIND,
      startWithin: NO_SLOT,
      catchUp: NO_SLOT,
      jitter: NO_SLOT,
      timezone: NO_SLOT,
    },
  });

export const trigger = z
  .union([scheduleTrigger, eventTrigger])
  .refine(({ name, optional }) => !optional || name !== undefined, {
    error: 'expected a name: a trigger that is optional is picked by its name',
    path: ['optional'],
  });

export type TriggerEntry = z.output<typeof trigger>;

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const WEEKDAY = `(${WEEKDAYS.join('|')})`;

const days = z
  .array(
    z
      .string()
      .regex(
        new RegExp(`^${WEEKDAY}(-${WEEKDAY})?$`),
        'expected a day such as MON, or days such as TUE-THU',
      ),
  )
  .min(1);

/** `FRI-MON` goes over the weekend. */
const daysOf = (text: string): readonly number[] => {
  const [first = 0, last = first] = text.split('-').map((day) => WEEKDAYS.indexOf(day));
  const length = ((last - first + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => (first + index) % 7);
};

const TIME_FORM = 'a time of day such as "08:00"';

/** Minutes after midnight; `24:00` is the next one. */
const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, `expected ${TIME_FORM}`)
  .meta({ expected: TIME_FORM })
  .transform((text) => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return (hours * 60 + minutes) % 1_440;
  });

const INSTANT_FORM = 'an instant such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00';

const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/, {
    error: `expected ${INSTANT_FORM}`,
    abort: true,
  })
  .meta({ expected: INSTANT_FORM })
  .refine(isDate, {
    error: ({ input }) => `expected ${INSTANT_FORM}, found the text ${JSON.stringify(input)}`,
    abort: true,
  })
  .transform((text) => Date.parse(text));

/** 31 February is none, though JavaScript reads it as 3 March. */
function isDate(text: string): boolean {
  const [date = ''] = text.split('T');
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(midnightMs) &&
    new Date(midnightMs).toISOString().startsWith(date)
  );
}

const ONE_WINDOW = 'a window either comes again every week (days, from, to), or once (start, end)';

const weeklyWindow = z
  .strictObject({
    days: explained(
      days.prefault(['SUN-SAT']),
      'The days on which it begins; every day, if none are said.',
      '[MON, "TUE-THU"]',
    ),
    from: explained(timeOfDay, 'The local time at which it opens.', '"08:00"'),
    to: explained(
      timeOfDay,
      "The local time at which it closes; where that is not later than `from`, it is the next day's.",
      '"18:00"',
    ),
    timezone: explained(
      timezone.optional(),
      "IANA name of the zone of these times; the policy's, if it is not said.",
      'Europe/Berlin',
    ),
  })
  .meta({ hints: { start: ONE_WINDOW, end: ONE_WINDOW } });

const oneWindow = z
  .strictObject({
    start: explained(instant, 'The instant at which it opens.', '2026-12-24T00:00:00Z'),
    end: explained(instant, 'The instant at which it closes.', '2026-12-27T00:00:00Z'),
  })
  .meta({ hints: { days: ONE_WINDOW, from: ONE_WINDOW, to: ONE_WINDOW } })
  .refine(({ start, end }) => start < end, {
    error: 'expected an end that is later than the start',
    path: ['end'],
  });

const window = z.union([weeklyWindow, oneWindow]);

export const windows = shared(
  z.array(window),
  'windows',
  'Each comes again every week (`days`, `from`, `to`), or comes once (`start`, `end`).',
);

export type WindowEntry = z.output<typeof window>;

/** @param zone the time zone of windows that name none */
export const toWindow = (entry: WindowEntry, zone: string): Window =>
  'start' in entry
    ? { kind: 'once', startMs: entry.start, endMs: entry.end }
    : {
        kind: 'weekly',
        days: [...new Set(entry.days.flatMap(daysOf))].sort((a, b) => a - b),
        startMinute: entry.from,
        endMinute: entry.to,
        timezone: entry.timezone ?? zone,
      };
