import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { localClock, type Period, PERIODS } from '../../shared/domain/calendar.ts';
import { remember } from '../../shared/domain/remember.ts';
import { at } from '../support/builders.ts';
import { anInstantIn } from '../support/retention-arbitraries.ts';
import { slowWallText, slowWeek } from '../support/slow-retention.ts';

const ALL: readonly Period[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'];

const nameOf = (period: Period, wallMs: number): string =>
  PERIODS[period].nameOf(PERIODS[period].keyOf(wallMs));

const wallText = (instantMs: number, timezone: string): string =>
  new Date(localClock(timezone).wallOf(instantMs)).toISOString().slice(0, -1);

describe('the periods of an instant', () => {
  it.each([
    ['2026-11-21T02:10Z', 'UTC', '2026-11-21T02 2026-11-21 2026-W47 2026-11 2026'],
    ['2026-11-21T02:10Z', 'Europe/Berlin', '2026-11-21T03 2026-11-21 2026-W47 2026-11 2026'],
    ['2026-12-31T23:30Z', 'UTC', '2026-12-31T23 2026-12-31 2026-W53 2026-12 2026'],
    ['2026-12-31T23:30Z', 'Europe/Berlin', '2027-01-01T00 2027-01-01 2026-W53 2027-01 2027'],
    ['2026-12-31T18:30Z', 'Asia/Kolkata', '2027-01-01T00 2027-01-01 2026-W53 2027-01 2027'],
    ['2027-01-01T04:59Z', 'America/New_York', '2026-12-31T23 2026-12-31 2026-W53 2026-12 2026'],
    ['1969-12-31T23:59Z', 'UTC', '1969-12-31T23 1969-12-31 1970-W01 1969-12 1969'],
  ])('at %s in %s are %s', (instant, timezone, names) => {
    const wallMs = localClock(timezone).wallOf(at(instant));

    expect(ALL.map((period) => nameOf(period, wallMs)).join(' ')).toBe(names);
  });

  it.each<[Period, string, string, string]>([
    ['hourly', '2026-11-21T02:00:00.000Z', '2026-11-21T02:59:59.999Z', '2026-11-21T02'],
    ['daily', '2026-11-21T00:00:00.000Z', '2026-11-21T23:59:59.999Z', '2026-11-21'],
    ['weekly', '2026-11-16T00:00:00.000Z', '2026-11-22T23:59:59.999Z', '2026-W47'],
    ['monthly', '2028-02-01T00:00:00.000Z', '2028-02-29T23:59:59.999Z', '2028-02'],
    ['yearly', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z', '2026'],
  ])('of kind %s begin at %s and end at %s', (period, first, last, name) => {
    const { keyOf } = PERIODS[period];

    expect(nameOf(period, at(first))).toBe(name);
    expect(keyOf(at(last))).toBe(keyOf(at(first)));
    expect(keyOf(at(first) - 1)).toBe(keyOf(at(first)) - 1);
    expect(keyOf(at(last) + 1)).toBe(keyOf(at(last)) + 1);
  });

  it.each([
    ['2020-12-31', '2020-W53'],
    ['2021-01-03', '2020-W53'],
    ['2021-01-04', '2021-W01'],
    ['2022-01-02', '2021-W52'],
    ['2023-01-01', '2022-W52'],
    ['2024-12-29', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['2025-12-28', '2025-W52'],
    ['2026-01-01', '2026-W01'],
    ['2026-03-01', '2026-W09'],
    ['2026-03-08', '2026-W10'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-01', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2032-12-31', '2032-W53'],
    ['2000-01-01', '1999-W52'],
    ['1970-01-01', '1970-W01'],
    ['1969-12-28', '1969-W52'],
  ])('put %s into the ISO week %s', (date, week) => {
    expect(nameOf('weekly', at(`${date}T12:00Z`))).toBe(week);
  });

  it('are ISO weeks on every day of fifty years', () => {
    for (let ms = at('1999-12-20T00:00Z'); ms < at('2050-01-10T00:00Z'); ms += 86_400_000) {
      expect(nameOf('weekly', ms)).toBe(slowWeek(new Date(ms).toISOString().slice(0, 10)));
    }
  });

  it('count the hour that autumn repeats as one', () => {
    const { wallOf } = localClock('Europe/Berlin');
    const hours = [
      '2026-10-24T23:30Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:30Z',
      '2026-10-25T02:30Z',
    ];

    expect(hours.map((hour) => nameOf('hourly', wallOf(at(hour))))).toEqual([
      '2026-10-25T01',
      '2026-10-25T02',
      '2026-10-25T02',
      '2026-10-25T03',
    ]);
  });
});

describe('the clocks of a zone', () => {
  it.each([
    ['Europe/Berlin', '2027-03-28T00:59:59.999Z', '2027-03-28T01:59:59.999'],
    ['Europe/Berlin', '2027-03-28T01:00:00.000Z', '2027-03-28T03:00:00.000'],
    ['Europe/Berlin', '2026-10-25T00:59:59.999Z', '2026-10-25T02:59:59.999'],
    ['Europe/Berlin', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000'],
    ['Australia/Lord_Howe', '2027-04-03T14:59:59.999Z', '2027-04-04T01:59:59.999'],
    ['Australia/Lord_Howe', '2027-04-03T15:00:00.000Z', '2027-04-04T01:30:00.000'],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29T23:59:59.999'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31T00:00:00.000'],
    ['America/St_Johns', '2026-01-15T12:00:00.000Z', '2026-01-15T08:30:00.000'],
    ['Asia/Kathmandu', '2026-01-15T12:00:00.000Z', '2026-01-15T17:45:00.000'],
    ['Africa/Monrovia', '1971-06-01T12:00:00.000Z', '1971-06-01T11:15:30.000'],
    ['America/Recife', '2000-10-12T12:00:00.000Z', '2000-10-12T10:00:00.000'],
    ['America/Recife', '2000-10-16T12:00:00.000Z', '2000-10-16T09:00:00.000'],
    ['UTC', '2026-10-25T01:00:00.000Z', '2026-10-25T01:00:00.000'],
  ])('in %s show at %s %s', (timezone, instant, wall) => {
    expect(wallText(at(instant), timezone)).toBe(wall);
  });

  it('show what Intl says, in any zone and at any instant', () => {
    fc.assert(
      fc.property(anInstantIn, ({ atMs, timezone }) => {
        expect(wallText(atMs, timezone)).toBe(slowWallText(atMs, timezone));
      }),
      { numRuns: 1_000 },
    );
  });

  it('cost a few hundred calls of Intl for all the hours of a year', () => {
    let calls = 0;
    class Counting extends Intl.DateTimeFormat {
      override format(date?: Date | number): string {
        calls += 1;
        return super.format(date);
      }
    }
    vi.stubGlobal('Intl', { DateTimeFormat: Counting });
    const { wallOf } = localClock('Pacific/Chatham');
    for (let hour = 0; hour < 8_760; hour += 1) wallOf(at('2026-01-01T00:00Z') + hour * 3_600_000);

    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(300);
  });

  it('reach as far as Date does', () => {
    const { wallOf } = localClock('UTC');

    expect(wallOf(8_640_000_000_000_000)).toBe(8_640_000_000_000_000);
    expect(wallOf(-8_640_000_000_000_000)).toBe(-8_640_000_000_000_000);
  });

  it('are not to be had for a name that is no zone', () => {
    expect(() => localClock('Europe/Atlantis')).toThrow(RangeError);
  });

  it.each([
    ['Europe/Berlin', '2026-11-21T02:00:00Z', '2026-11-21T01:00:00.000Z', 'shown once'],
    ['Europe/Berlin', '2026-10-25T02:30:00Z', '2026-10-25T00:30:00.000Z', 'shown twice'],
    ['Europe/Berlin', '2027-03-28T01:59:59Z', '2027-03-28T00:59:59.000Z', 'just before'],
    ['Europe/Berlin', '2027-03-28T02:00:00Z', '2027-03-28T00:00:00.000Z', 'first left out'],
    ['Europe/Berlin', '2027-03-28T02:30:00Z', '2027-03-28T00:30:00.000Z', 'left out'],
    ['Europe/Berlin', '2027-03-28T03:00:00Z', '2027-03-28T01:00:00.000Z', 'just after'],
    ['America/New_York', '2026-11-01T01:30:00Z', '2026-11-01T05:30:00.000Z', 'shown twice'],
    ['America/New_York', '2027-03-14T02:30:00Z', '2027-03-14T06:30:00.000Z', 'left out'],
    ['Pacific/Apia', '2011-12-30T12:00:00Z', '2011-12-29T22:00:00.000Z', 'a day left out'],
    ['Pacific/Apia', '2011-12-31T03:00:00Z', '2011-12-30T13:00:00.000Z', 'the day after'],
    ['Pacific/Apia', '2011-12-29T23:00:00Z', '2011-12-30T09:00:00.000Z', 'the day before'],
  ])('in %s show %s (as if it were UTC) at %s: %s', (timezone, wall, instant) => {
    expect(new Date(localClock(timezone).instantOf(at(wall))).toISOString()).toBe(instant);
  });

  it('lead from an instant to the wall and back, or to the first time of an hour shown twice', () => {
    fc.assert(
      fc.property(anInstantIn, ({ atMs, timezone }) => {
        const { wallOf, instantOf } = localClock(timezone);
        const backMs = instantOf(wallOf(atMs));

        expect(backMs).toBeLessThanOrEqual(atMs);
        expect(wallOf(backMs)).toBe(wallOf(atMs));
      }),
      { numRuns: 500 },
    );
  });
});

describe('remember', () => {
  const counting = (max: number): { readonly asked: string[]; of: (key: string) => string } => {
    const asked: string[] = [];
    const of = remember(max, (key: string) => {
      asked.push(key);
      return key.toUpperCase();
    });
    return { asked, of };
  };

  it('makes a value once while there is room, and starts anew when there is none', () => {
    const { asked, of } = counting(2);

    expect(['a', 'b', 'a', 'b'].map(of)).toEqual(['A', 'B', 'A', 'B']);
    expect(asked).toEqual(['a', 'b']);
    expect(['c', 'c', 'a', 'c', 'b'].map(of)).toEqual(['C', 'C', 'A', 'C', 'B']);
    expect(asked).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('does not remember what failed', () => {
    let tries = 0;
    const of = remember(2, (key: string) => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return key;
    });

    expect(() => of('a')).toThrow('not yet');
    expect(of('a')).toBe('a');
  });
});
