import * as fc from 'fast-check';
import type { Duration } from '../../shared/domain/duration.ts';
import type { Keep, PeriodCount } from '../../shared/domain/policy.ts';
import { at } from './builders.ts';
import type { SlowPoint } from './slow-retention.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Zones, and moments around which they are tried: changes of the clocks by an hour, by half an hour,
 * by two, at midnight, over a whole day, and by three hours into the day before.
 */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  UTC: [],
  'Europe/Berlin': ['2027-03-28T01:00Z', '2026-10-25T01:00Z'],
  'America/New_York': ['2027-03-14T07:00Z', '2026-11-01T06:00Z'],
  'America/St_Johns': ['2027-03-14T05:30Z', '2026-11-01T04:30Z'],
  'America/Sao_Paulo': ['2018-02-18T02:00Z', '2018-11-04T03:00Z'],
  'Africa/Casablanca': ['2027-02-07T02:00Z', '2027-03-14T02:00Z'],
  'Antarctica/Troll': ['2027-03-28T01:00Z', '2026-10-25T01:00Z'],
  'Antarctica/Casey': ['2010-03-04T15:00Z', '2012-02-21T17:00Z'],
  'Asia/Kathmandu': [],
  'Asia/Kolkata': [],
  'Australia/Lord_Howe': ['2027-04-03T15:00Z', '2026-10-03T15:30Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z'],
};

/** Turns of years whose ISO weeks are 52, 53 and 1 in every order. */
const YEAR_ENDS = [
  '2020-12-31T23:00Z',
  '2022-12-31T23:00Z',
  '2024-12-29T23:00Z',
  '2026-12-31T23:00Z',
];

export const aZone: fc.Arbitrary<string> = fc.constantFrom(...Object.keys(CHANGES));

interface InZone {
  readonly atMs: number;
  readonly timezone: string;
}

/** A zone, and an instant in it: near one of its changes, near the end of a year, or any. */
export const anInstantIn: fc.Arbitrary<InZone> = aZone.chain((timezone) => {
  const moments = [...(CHANGES[timezone] ?? []), ...YEAR_ENDS].map(at);
  const near = fc
    .tuple(fc.constantFrom(...moments), fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS }))
    .map(([momentMs, asideMs]) => momentMs + asideMs);
  const anyTime = fc.integer({ min: at('1990-01-01T00:00Z'), max: at('2040-01-01T00:00Z') });
  const atMs = fc.oneof({ weight: 3, arbitrary: near }, anyTime);
  return atMs.map((ms) => ({ atMs: ms, timezone }));
});

const few = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(max));

export const someTime: fc.Arbitrary<Duration> = fc
  .record({ years: few(3), months: few(30), days: few(400), hours: few(100), minutes: few(300) })
  .filter((parts) => Object.values(parts).some((part) => part > 0));

const count: fc.Arbitrary<PeriodCount> = fc.oneof(
  { weight: 9, arbitrary: fc.nat(8) },
  fc.constant('all' as const),
);

export const aKeep: fc.Arbitrary<Keep> = fc.record(
  {
    last: count,
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
    within: someTime,
    withinHourly: someTime,
    withinDaily: someTime,
    withinWeekly: someTime,
    withinMonthly: someTime,
    withinYearly: someTime,
  },
  { requiredKeys: [] },
);

/** From one point to the next: none, minutes, hours, days or months, more and less regular. */
const gapMs: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 30 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS),
  fc.nat(3 * HOUR_MS),
  fc.nat(3 * DAY_MS),
  fc.nat(100 * DAY_MS),
);

export interface Group {
  readonly points: readonly SlowPoint[];
  readonly timezone: string;
}

/** The points of one group in any order, some of them of the same instant. */
export const aGroup: fc.Arbitrary<Group> = fc
  .tuple(anInstantIn, fc.array(gapMs, { maxLength: 30 }), fc.nat())
  .chain(([{ atMs, timezone }, gaps, seed]) => {
    let instantMs = atMs;
    const points = gaps.map((gap, index) => {
      instantMs -= gap;
      return { id: `ami-${String((index * 7 + seed) % 101).padStart(3, '0')}`, instantMs };
    });
    return fc
      .shuffledSubarray(points, { minLength: points.length })
      .map((shuffled) => ({ points: shuffled, timezone }));
  });
