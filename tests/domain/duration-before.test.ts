import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { before, type Duration, NO_TIME, parseDuration } from '../../shared/domain/duration.ts';
import { at } from '../support/builders.ts';
import { anInstantIn, aZone, someTime } from '../support/retention-arbitraries.ts';
import { slowBefore } from '../support/slow-retention.ts';

const EARLIEST_MS = -8_640_000_000_000_000;

const lasting = (text: string): Duration => {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`no duration: ${text}`);
  return duration;
};

const instantBefore = (duration: string, atText: string, timezone: string): string =>
  new Date(before(lasting(duration), at(atText), timezone)).toISOString();

describe('before', () => {
  it.each([
    ['1mo', '2026-03-31T12:00Z', '2026-03-03T12:00:00.000Z', 'runs over into March'],
    ['1mo', '2028-03-31T12:00Z', '2028-03-02T12:00:00.000Z', 'a day less in a leap year'],
    ['1mo', '2026-05-31T12:00Z', '2026-05-01T12:00:00.000Z', 'April has 30 days'],
    ['1y', '2028-02-29T12:00Z', '2027-03-01T12:00:00.000Z', 'no 29 February in 2027'],
    ['1y1mo1d', '2026-01-01T12:00Z', '2024-11-30T12:00:00.000Z', 'over the turn of the year'],
    ['1y1mo', '2026-01-15T12:00Z', '2024-12-15T12:00:00.000Z', 'as many years as months'],
    ['1mo1d', '2026-01-15T12:00Z', '2025-12-14T12:00:00.000Z', 'as many months as days'],
    ['14mo', '2026-01-15T12:00Z', '2024-11-15T12:00:00.000Z', 'more than a year of months'],
    ['1mo30d', '2026-03-31T12:00Z', '2026-02-01T12:00:00.000Z', 'the days from 31 February'],
    ['2w', '2026-11-21T02:00Z', '2026-11-07T02:00:00.000Z', 'weeks'],
    ['1d2h3min', '2026-11-21T02:00Z', '2026-11-19T23:57:00.000Z', 'days, hours and minutes'],
    ['1950y', '2026-11-21T02:00Z', '0076-11-21T02:00:00.000Z', 'the first century'],
  ])('takes %s from %s and gives %s in UTC: %s', (duration, atText, expected) => {
    expect(instantBefore(duration, atText, 'UTC')).toBe(expected);
  });

  it.each([
    ['2d', '2027-03-29T08:00Z', 'Europe/Berlin', '2027-03-27T09:00:00.000Z'],
    ['48h', '2027-03-29T08:00Z', 'Europe/Berlin', '2027-03-27T08:00:00.000Z'],
    ['1d', '2027-11-01T02:00Z', 'Europe/Berlin', '2027-10-31T02:00:00.000Z'],
    ['2d', '2027-11-01T02:00Z', 'Europe/Berlin', '2027-10-30T01:00:00.000Z'],
    ['1mo', '2026-03-01T03:00Z', 'America/New_York', '2026-01-29T03:00:00.000Z'],
    ['6mo', '2026-11-21T02:00Z', 'Asia/Kolkata', '2026-05-21T02:00:00.000Z'],
    ['1mo', '2026-04-15T00:00Z', 'Australia/Lord_Howe', '2026-03-14T23:30:00.000Z'],
  ])('keeps the local time: %s before %s in %s is %s', (duration, atText, timezone, expected) => {
    expect(instantBefore(duration, atText, timezone)).toBe(expected);
  });

  it.each([
    ['1mo', '2027-04-28T00:30Z', 'Europe/Berlin', '2027-03-28T00:30:00.000Z', 'skipped'],
    ['1d', '2027-03-15T06:30Z', 'America/New_York', '2027-03-14T06:30:00.000Z', 'skipped'],
    ['1d', '2027-11-01T01:30Z', 'Europe/Berlin', '2027-10-31T00:30:00.000Z', 'twice'],
    ['1d', '2027-11-08T06:30Z', 'America/New_York', '2027-11-07T05:30:00.000Z', 'twice'],
    ['1d', '2011-12-30T22:00Z', 'Pacific/Apia', '2011-12-29T22:00:00.000Z', 'a day skipped'],
  ])('takes the earlier instant of a local time that is no one: %s before %s in %s', (...row) => {
    const [duration, atText, timezone, expected] = row;

    expect(instantBefore(duration, atText, timezone)).toBe(expected);
  });

  it.each([
    ['1h', '2027-10-31T01:30Z', '2027-10-31T00:30:00.000Z'],
    ['1min', '2027-10-31T00:30Z', '2027-10-31T00:29:00.000Z'],
    ['24h', '2027-10-31T12:00Z', '2027-10-30T12:00:00.000Z'],
    ['1d1h', '2027-11-01T02:30Z', '2027-10-31T01:30:00.000Z'],
  ])('counts hours and minutes in real time: %s before %s in Berlin', (duration, atText, text) => {
    expect(instantBefore(duration, atText, 'Europe/Berlin')).toBe(text);
  });

  it('is the instant itself for no time at all, in an hour that comes twice too', () => {
    const first = at('2027-10-31T00:30Z');
    const second = at('2027-10-31T01:30Z');

    expect(before(NO_TIME, first, 'Europe/Berlin')).toBe(first);
    expect(before(NO_TIME, second, 'Europe/Berlin')).toBe(second);
  });

  it.each([['999999y'], ['300000y'], ['999999y999999mo999999d999999h999999min']])(
    'is the first instant there is for %s',
    (text) => {
      expect(before(lasting(text), at('2026-11-21T02:00Z'), 'Europe/Berlin')).toBe(EARLIEST_MS);
    },
  );

  it('does not leave the instants that there are', () => {
    expect(before(lasting('1h'), EARLIEST_MS + 3_600_001, 'UTC')).toBe(EARLIEST_MS + 1);
    expect(before(lasting('1h'), EARLIEST_MS + 3_600_000, 'UTC')).toBe(EARLIEST_MS);
    expect(before(lasting('1h'), EARLIEST_MS + 3_599_999, 'UTC')).toBe(EARLIEST_MS);
    expect(before(lasting('1d'), EARLIEST_MS + 86_400_001, 'UTC')).toBe(EARLIEST_MS + 1);
  });

  it('agrees with a slow reckoning in every zone', () => {
    fc.assert(
      fc.property(someTime, anInstantIn, (duration, { atMs, timezone }) => {
        expect(before(duration, atMs, timezone)).toBe(slowBefore(duration, atMs, timezone));
      }),
      { numRuns: 500 },
    );
  });

  it('is never later for more of any unit', () => {
    const unit = fc.constantFrom('years', 'months', 'days', 'hours', 'minutes');

    fc.assert(
      fc.property(someTime, unit, anInstantIn, aZone, (duration, key, { atMs }, timezone) => {
        const longer = { ...duration, [key]: duration[key] + 1 };

        expect(before(longer, atMs, timezone)).toBeLessThanOrEqual(
          before(duration, atMs, timezone),
        );
      }),
      { numRuns: 300 },
    );
  });
});
