import { describe, expect, it } from 'vitest';
import {
  nextOpeningMs,
  openUntilMs,
  type OneWindow,
  type WeeklyWindow,
  type Window,
} from '../../shared/domain/windows.ts';
import { at } from '../support/builders.ts';

const [SUN, MON, TUE, WED, THU, FRI, SAT] = [0, 1, 2, 3, 4, 5, 6];
const EVERY_DAY = [SUN, MON, TUE, WED, THU, FRI, SAT];

const minuteOfDay = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
};

/** `22:00-06:00` on the days on which it begins. */
const weekly = (days: readonly number[], times: string, timezone = 'UTC'): WeeklyWindow => {
  const [start = '', end = ''] = times.split('-');
  return {
    kind: 'weekly',
    days,
    startMinute: minuteOfDay(start),
    endMinute: minuteOfDay(end),
    timezone,
  };
};

const once = (start: string, end: string): OneWindow => ({
  kind: 'once',
  startMs: at(start),
  endMs: at(end),
});

const text = (instantMs: number | undefined): string => {
  if (instantMs === undefined) return 'never';
  if (instantMs === Number.POSITIVE_INFINITY) return 'for ever';
  return `${new Date(instantMs).toISOString().slice(0, 16)}Z`;
};

const openUntil = (windows: readonly Window[], now: string): string =>
  text(openUntilMs(windows, at(now)));

const nextOpening = (windows: readonly Window[], now: string): string =>
  text(nextOpeningMs(windows, at(now)));

// 2026-11-20 is a Friday.
describe('a window that comes again each week', () => {
  const office = [weekly([MON, TUE, WED, THU, FRI], '08:00-18:00')];

  it.each([
    ['2026-11-20T07:59:59.999Z', 'never', '2026-11-20T08:00Z'],
    ['2026-11-20T08:00Z', '2026-11-20T18:00Z', '2026-11-23T08:00Z'],
    ['2026-11-20T17:59:59.999Z', '2026-11-20T18:00Z', '2026-11-23T08:00Z'],
    ['2026-11-20T18:00Z', 'never', '2026-11-23T08:00Z'],
    ['2026-11-21T12:00Z', 'never', '2026-11-23T08:00Z'],
    ['2026-11-19T20:00Z', 'never', '2026-11-20T08:00Z'],
  ])('at %s is open until: %s, and opens next: %s', (now, end, opening) => {
    expect(openUntil(office, now)).toBe(end);
    expect(nextOpening(office, now)).toBe(opening);
  });

  it.each([
    ['2026-11-20T21:59Z', 'never', '2026-11-20T22:00Z'],
    ['2026-11-20T22:00Z', '2026-11-21T06:00Z', '2026-11-27T22:00Z'],
    ['2026-11-21T00:00Z', '2026-11-21T06:00Z', '2026-11-27T22:00Z'],
    ['2026-11-21T05:59Z', '2026-11-21T06:00Z', '2026-11-27T22:00Z'],
    ['2026-11-21T06:00Z', 'never', '2026-11-27T22:00Z'],
    ['2026-11-20T02:00Z', 'never', '2026-11-20T22:00Z'],
  ])('past midnight, at %s is open until: %s, and opens next: %s', (now, end, opening) => {
    const night = [weekly([FRI], '22:00-06:00')];

    expect(openUntil(night, now)).toBe(end);
    expect(nextOpening(night, now)).toBe(opening);
  });

  it('lasts a whole day if it ends when it begins', () => {
    const sunday = [weekly([SUN], '12:00-12:00')];

    expect(openUntil(sunday, '2026-11-22T11:59Z')).toBe('never');
    expect(openUntil(sunday, '2026-11-22T12:00Z')).toBe('2026-11-23T12:00Z');
    expect(openUntil(sunday, '2026-11-23T11:59Z')).toBe('2026-11-23T12:00Z');
    expect(openUntil(sunday, '2026-11-23T12:00Z')).toBe('never');
  });

  it('goes by the days and the clocks of its zone', () => {
    const tokyo = [weekly([SAT], '00:00-06:00', 'Asia/Tokyo')];

    expect(nextOpening(tokyo, '2026-11-20T12:00Z')).toBe('2026-11-20T15:00Z');
    expect(openUntil(tokyo, '2026-11-20T15:00Z')).toBe('2026-11-20T21:00Z');
  });

  it('is the same before the epoch', () => {
    expect(openUntil(office, '1969-12-31T08:00Z')).toBe('1969-12-31T18:00Z');
    expect(nextOpening(office, '1969-12-31T20:00Z')).toBe('1970-01-01T08:00Z');
  });

  it('never opens on no day', () => {
    expect(openUntil([weekly([], '08:00-18:00')], '2026-11-20T12:00Z')).toBe('never');
    expect(nextOpening([weekly([], '08:00-18:00')], '2026-11-20T12:00Z')).toBe('never');
  });
});

describe('a window that comes once', () => {
  const freeze = [once('2026-12-24T12:00Z', '2027-01-02T06:00Z')];

  it.each([
    ['2026-12-24T11:59:59.999Z', 'never', '2026-12-24T12:00Z'],
    ['2026-12-24T12:00Z', '2027-01-02T06:00Z', 'never'],
    ['2027-01-02T05:59:59.999Z', '2027-01-02T06:00Z', 'never'],
    ['2027-01-02T06:00Z', 'never', 'never'],
  ])('at %s is open until: %s, and opens next: %s', (now, end, opening) => {
    expect(openUntil(freeze, now)).toBe(end);
    expect(nextOpening(freeze, now)).toBe(opening);
  });

  it('may last for years', () => {
    const years = [once('2026-01-01T00:00Z', '2036-01-01T00:00Z')];

    expect(openUntil(years, '2026-11-20T00:00Z')).toBe('2036-01-01T00:00Z');
  });

  it('is none if it ends before it begins, or as it does', () => {
    const none = [
      once('2026-12-24T00:00Z', '2026-12-24T00:00Z'),
      once('2026-12-26T00:00Z', '2026-12-25T00:00Z'),
    ];

    expect(openUntil(none, '2026-12-24T00:00Z')).toBe('never');
    expect(nextOpening(none, '2026-11-20T00:00Z')).toBe('never');
  });
});

describe('several windows', () => {
  it('are none if there is none', () => {
    expect(openUntil([], '2026-11-20T12:00Z')).toBe('never');
    expect(nextOpening([], '2026-11-20T12:00Z')).toBe('never');
  });

  it.each([
    ['adjoin', '06:00-08:00', '2026-11-20T08:00Z'],
    ['overlap', '05:00-07:00', '2026-11-20T07:00Z'],
    ['lie within one another', '01:00-05:00', '2026-11-20T06:00Z'],
    ['leave a pause', '06:01-08:00', '2026-11-20T06:00Z'],
  ])('that %s end together or do not', (_, times, expected) => {
    const windows = [weekly([FRI], times), weekly([FRI], '00:00-06:00')];

    expect(openUntil(windows, '2026-11-20T00:30Z')).toBe(expected);
  });

  it('that adjoin across kinds and zones are one', () => {
    const windows = [
      weekly([FRI], '09:00-17:00', 'Europe/Berlin'),
      once('2026-11-20T16:00Z', '2026-11-20T20:00Z'),
      weekly([SAT], '05:00-06:00', 'Asia/Tokyo'),
    ];

    expect(openUntil(windows, '2026-11-20T10:00Z')).toBe('2026-11-20T21:00Z');
    expect(nextOpening(windows, '2026-11-20T10:00Z')).toBe('2026-11-27T08:00Z');
  });

  it('open next at the first opening of any, wherever one is open now', () => {
    const windows = [
      weekly([SUN], '10:00-11:00'),
      weekly([SAT], '20:00-21:00'),
      once('2026-11-21T19:00Z', '2026-11-21T19:30Z'),
      weekly([FRI], '10:00-11:00'),
    ];

    expect(nextOpening(windows, '2026-11-20T10:30Z')).toBe('2026-11-21T19:00Z');
    expect(nextOpening(windows, '2026-11-21T19:00Z')).toBe('2026-11-21T20:00Z');
    expect(nextOpening(windows, '2026-11-21T20:00Z')).toBe('2026-11-22T10:00Z');
  });
});

describe('windows without an end', () => {
  it.each([
    ['one of all days', [weekly(EVERY_DAY, '00:00-00:00')]],
    ['one of all days, from noon', [weekly(EVERY_DAY, '12:00-12:00', 'Europe/Berlin')]],
    ['day and night', [weekly(EVERY_DAY, '06:00-18:00'), weekly(EVERY_DAY, '18:00-06:00')]],
    [
      'beginning with one that comes once',
      [once('2026-01-01T00:00Z', '2030-01-01T00:00Z'), weekly(EVERY_DAY, '00:00-00:00')],
    ],
  ])('%s: they are open for ever, and never open again', (_, windows) => {
    expect(openUntil(windows, '2026-11-20T12:00Z')).toBe('for ever');
    expect(nextOpening(windows, '2026-11-20T12:00Z')).toBe('never');
  });

  it('are none if they leave a minute of the week', () => {
    const windows = [
      weekly([MON, TUE, WED, THU, FRI, SAT], '00:00-00:00'),
      weekly([SUN], '00:00-23:59'),
    ];

    expect(openUntil(windows, '2026-11-20T12:00Z')).toBe('2026-11-22T23:59Z');
    expect(nextOpening(windows, '2026-11-20T12:00Z')).toBe('2026-11-23T00:00Z');
  });

  it('are none if only the clocks left out the pause of this week', () => {
    const windows = [
      weekly([MON, TUE, WED, THU, FRI, SAT], '00:00-00:00', 'Europe/Berlin'),
      weekly([SUN], '00:00-02:00', 'Europe/Berlin'),
      weekly([SUN], '03:00-00:00', 'Europe/Berlin'),
    ];

    expect(openUntil(windows, '2027-03-22T12:00Z')).toBe('2027-04-04T00:00Z');
    expect(nextOpening(windows, '2027-03-22T12:00Z')).toBe('2027-04-04T01:00Z');
  });

  it('are none if two zones fit together for most of a year only', () => {
    const windows = [
      weekly(EVERY_DAY, '06:00-18:00', 'Europe/Berlin'),
      weekly(EVERY_DAY, '12:00-00:00', 'America/New_York'),
    ];

    // New York's clocks are put forward two weeks before Berlin's.
    expect(openUntil(windows, '2026-11-20T12:00Z')).toBe('2027-03-15T04:00Z');
    expect(nextOpening(windows, '2026-11-20T12:00Z')).toBe('2027-03-15T05:00Z');
  });
});

describe('windows where clocks are changed', () => {
  const night = [weekly(EVERY_DAY, '01:00-04:00', 'Europe/Berlin')];

  it.each([
    ['2027-03-27T00:00Z', '2027-03-27T03:00Z'],
    ['2027-03-28T00:00Z', '2027-03-28T02:00Z'],
    ['2027-10-30T23:00Z', '2027-10-31T03:00Z'],
    ['2027-10-31T01:30Z', '2027-10-31T03:00Z'],
  ])('last as long as the clocks need from %s to %s', (now, expected) => {
    expect(openUntil(night, now)).toBe(expected);
  });

  it('begin and end at a repeated time when it first comes', () => {
    const windows = [weekly([SUN], '02:15-02:45', 'Europe/Berlin')];

    expect(nextOpening(windows, '2027-10-30T12:00Z')).toBe('2027-10-31T00:15Z');
    expect(openUntil(windows, '2027-10-31T00:15Z')).toBe('2027-10-31T00:45Z');
    expect(openUntil(windows, '2027-10-31T01:30Z')).toBe('never');
    expect(nextOpening(windows, '2027-10-31T00:45Z')).toBe('2027-11-07T01:15Z');
  });

  it('begin and end at a time that does not exist when the clocks are put over it', () => {
    const from = [weekly([SUN], '02:30-04:00', 'Europe/Berlin')];
    const until = [weekly([SUN], '01:00-02:30', 'Europe/Berlin')];

    expect(nextOpening(from, '2027-03-27T12:00Z')).toBe('2027-03-28T01:00Z');
    expect(openUntil(from, '2027-03-28T01:00Z')).toBe('2027-03-28T02:00Z');
    expect(openUntil(until, '2027-03-28T00:30Z')).toBe('2027-03-28T01:00Z');
    expect(openUntil(until, '2027-03-28T01:00Z')).toBe('never');
  });

  it('do not come at all when the clocks are put over the whole of them', () => {
    const lost = [weekly([SUN], '02:00-03:00', 'Europe/Berlin')];
    const lostDay = [weekly([FRI], '10:00-12:00', 'Pacific/Apia')];

    expect(nextOpening(lost, '2027-03-21T12:00Z')).toBe('2027-04-04T00:00Z');
    expect(openUntil(lost, '2027-03-28T01:00Z')).toBe('never');
    expect(nextOpening(lostDay, '2011-12-24T00:00Z')).toBe('2012-01-05T20:00Z');
  });

  it('that adjoin are open all through a repeated hour', () => {
    const windows = [
      weekly([SUN], '00:00-02:30', 'Europe/Berlin'),
      weekly([SUN], '02:30-05:00', 'Europe/Berlin'),
    ];

    expect(openUntil(windows, '2027-10-30T22:00Z')).toBe('2027-10-31T04:00Z');
    expect(openUntil(windows, '2027-10-31T01:15Z')).toBe('2027-10-31T04:00Z');
  });

  it('that begin at a midnight that comes twice begin once', () => {
    const windows = [weekly([SUN], '00:00-01:00', 'America/St_Johns')];

    expect(nextOpening(windows, '2010-11-06T12:00Z')).toBe('2010-11-07T02:30Z');
    expect(openUntil(windows, '2010-11-07T03:00Z')).toBe('2010-11-07T04:30Z');
  });
});
