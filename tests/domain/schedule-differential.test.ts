import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../shared/domain/schedule.ts';
import { aSchedule, at } from '../support/builders.ts';
import {
  dayFields,
  hoursField,
  minutesField,
  monthField,
  yearField,
} from '../support/cron-expressions.ts';
import { isDayMeant, slowSlots, watchClock } from '../support/slow-cron.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RUNS = 100;

/** Where clocks are changed in every way there is, and where they are not. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['UTC', '2028-02-29T00:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:00Z'],
  ['Europe/Berlin', '2027-03-28T01:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00Z'],
  ['America/New_York', '2027-03-14T07:00Z'],
  ['America/New_York', '2027-11-07T06:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T15:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Havana', '2027-11-07T05:00Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['Antarctica/Troll', '2027-10-31T01:00Z'],
];

const watched = CHANGES.map(([timezone, change]) => {
  const fromMs = at(change) - 0.75 * DAY_MS;
  const toMs = at(change) + DAY_MS;
  return { timezone, fromMs, toMs, minutes: watchClock(timezone, fromMs, toMs) };
});

/** All slots of [from, to), by going from one to the next. */
const slotsWithin = (schedule: Schedule, fromMs: number, toMs: number): readonly number[] => {
  const slots: number[] = [];
  let slotMs = schedule.nextSlot(fromMs - 1);
  while (slotMs !== undefined && slotMs < toMs) {
    slots.push(slotMs);
    slotMs = schedule.nextSlot(slotMs);
  }
  return slots;
};

/** All slots of [to, from), by going back from one to the one before. */
const slotsBackFrom = (schedule: Schedule, fromMs: number, toMs: number): readonly number[] => {
  const slots: number[] = [];
  let slotMs = schedule.newestSlot(fromMs - 1);
  while (slotMs !== undefined && slotMs >= toMs) {
    slots.push(slotMs);
    slotMs = schedule.newestSlot(slotMs - 1);
  }
  return slots;
};

const YEARS_FROM_MS = at('2027-01-01T00:00Z');
const YEARS_TO_MS = at('2029-01-01T00:00Z');

/** Every day of two years, one of them a leap year, at two. */
const YEARS = Array.from({ length: (YEARS_TO_MS - YEARS_FROM_MS) / DAY_MS }, (_, index) => {
  const date = new Date(YEARS_FROM_MS + index * DAY_MS);
  return {
    instantMs: date.getTime() + 2 * HOUR_MS,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
});

const iso = (instants: readonly number[]): readonly string[] =>
  instants.map((atMs) => new Date(atMs).toISOString());

const aroundAChange = fc.record({
  expression: fc
    .tuple(minutesField, hoursField, fc.constantFrom('* * ?', '? * MON-FRI', '? * SUN', 'L * ?'))
    .map(([minute, hour, days]) => `cron(${minute} ${hour} ${days} *)`),
  clock: fc.constantFrom(...watched),
  share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('slots, against a slow watch of the clocks', () => {
  it('are the same wherever clocks are changed', () => {
    fc.assert(
      fc.property(aroundAChange, ({ expression, clock }) => {
        const { timezone, fromMs, toMs, minutes } = clock;

        expect(iso(slotsWithin(aSchedule(expression, timezone), fromMs, toMs))).toEqual(
          iso(slowSlots(expression, minutes)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('are the newest and the next of any instant', () => {
    fc.assert(
      fc.property(aroundAChange, ({ expression, clock, share }) => {
        const { timezone, fromMs, toMs, minutes } = clock;
        const slots = slowSlots(expression, minutes);
        const nowMs = fromMs + Math.floor((toMs - fromMs) * share);
        const { newestSlot, nextSlot } = aSchedule(expression, timezone);
        const newestMs = newestSlot(nowMs) ?? Number.NEGATIVE_INFINITY;
        const nextMs = nextSlot(nowMs) ?? Number.POSITIVE_INFINITY;

        expect(newestMs < fromMs ? undefined : newestMs).toBe(
          slots.findLast((slotMs) => slotMs <= nowMs),
        );
        expect(nextMs >= toMs ? undefined : nextMs).toBe(slots.find((slotMs) => slotMs > nowMs));
      }),
      { numRuns: RUNS },
    );
  });

  it('are on the same days, for years on end, and looked back at', () => {
    fc.assert(
      fc.property(dayFields, monthField, yearField, ({ day, weekday }, month, year) => {
        const schedule = aSchedule(`cron(0 2 ${day} ${month} ${weekday} ${year})`);
        const expected = YEARS.filter((date) => isDayMeant(day, weekday, month, year, date)).map(
          ({ instantMs }) => instantMs,
        );

        expect(iso(slotsWithin(schedule, YEARS_FROM_MS, YEARS_TO_MS))).toEqual(iso(expected));
        expect(iso(slotsBackFrom(schedule, YEARS_TO_MS, YEARS_FROM_MS))).toEqual(
          iso(expected.toReversed()),
        );
      }),
      { numRuns: RUNS },
    );
  });
});
