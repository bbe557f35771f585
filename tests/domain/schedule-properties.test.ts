import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../shared/domain/schedule.ts';
import { aSchedule, at } from '../support/builders.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

const number = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map(String);

const range = (min: number, max: number): fc.Arbitrary<string> =>
  fc.tuple(number(min, max), number(min, max)).map((ends) => ends.join('-'));

const minute = fc.oneof(number(0, 59), fc.constantFrom('0/15', '*/5', '50-10/10', '0,30', '*'));
const hour = fc.oneof(number(0, 23), range(0, 23), fc.constantFrom('*', '*/6', '1-3', '2,14'));
const dayOfMonth = fc.oneof(number(1, 28), fc.constantFrom('*', 'L', 'LW', '15W', '1/7', '28-3'));
const dayOfWeek = fc.oneof(
  number(1, 7),
  range(1, 7),
  fc.constantFrom('MON-FRI', 'SUN', 'L', '6L', '3#2', '6#5', 'FRI-MON/2'),
);
const month = fc.oneof(number(1, 12), fc.constantFrom('*', '*', 'JAN', 'NOV-FEB', '1/3'));
const days = fc.oneof(
  dayOfMonth.map((day) => ({ day, weekday: '?' })),
  dayOfWeek.map((weekday) => ({ day: '?', weekday })),
);

const cron = fc
  .tuple(minute, hour, days, month)
  .map(([m, h, { day, weekday }, mon]) => `cron(${m} ${h} ${day} ${mon} ${weekday} *)`);
const rate = fc
  .tuple(fc.integer({ min: 2, max: 90 }), fc.constantFrom('minutes', 'hours', 'days'))
  .map(([value, unit]) => `rate(${value} ${unit})`);

const schedule: fc.Arbitrary<Schedule> = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: cron }, rate), fc.constantFrom(...ZONES))
  .map(([expression, timezone]) => aSchedule(expression, timezone));

/** Instants of two years, those around the changes of the clocks of 2027 more often. */
const instant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2028-01-01T00:00Z') }),
  ...['2027-03-28T01:00Z', '2027-10-31T01:00Z', '2027-03-14T07:00Z', '2027-11-07T06:00Z'].map(
    (change) => fc.integer({ min: at(change) - 86_400_000, max: at(change) + 86_400_000 }),
  ),
);

describe('newest and next slots', () => {
  it('enclose every instant', () => {
    fc.assert(
      fc.property(schedule, instant, ({ newestSlot, nextSlot }, atMs) => {
        const newestMs = newestSlot(atMs);
        const nextMs = nextSlot(atMs);

        expect(newestMs).toBeLessThanOrEqual(atMs);
        expect(nextMs).toBeGreaterThan(atMs);
      }),
      { numRuns: 300 },
    );
  });

  it('agree: the newest slot at the next slot is that slot', () => {
    fc.assert(
      fc.property(schedule, instant, ({ newestSlot, nextSlot }, atMs) => {
        const nextMs = nextSlot(atMs) ?? Number.NaN;

        expect(newestSlot(nextMs)).toBe(nextMs);
      }),
      { numRuns: 300 },
    );
  });

  it('leave no slot between them: one before the next slot, the newest is still the same', () => {
    fc.assert(
      fc.property(schedule, instant, ({ newestSlot, nextSlot }, atMs) => {
        const nextMs = nextSlot(atMs) ?? Number.NaN;

        expect(newestSlot(nextMs - 1)).toBe(newestSlot(atMs));
      }),
      { numRuns: 300 },
    );
  });

  it('are the same in whatever order they are asked for', () => {
    const expression = fc.tuple(cron, fc.constantFrom(...ZONES));
    fc.assert(
      fc.property(expression, fc.array(instant, { minLength: 2 }), ([text, timezone], instants) => {
        const { newestSlot } = aSchedule(text, timezone);

        expect(instants.map(newestSlot)).toEqual(
          instants.map((atMs) => aSchedule(text, timezone).newestSlot(atMs)),
        );
      }),
    );
  });

  it('are on whole seconds', () => {
    fc.assert(
      fc.property(schedule, instant, ({ newestSlot, nextSlot }, atMs) => {
        expect([(newestSlot(atMs) ?? 1) % 1_000, (nextSlot(atMs) ?? 1) % 1_000]).toEqual([0, 0]);
      }),
    );
  });
});
