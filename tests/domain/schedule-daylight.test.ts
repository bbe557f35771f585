import { describe, expect, it } from 'vitest';
import { aSchedule, at } from '../support/builders.ts';
import { minuteOf, slotsAfter, slotsBefore } from '../support/slots.ts';

describe('daylight saving', () => {
  it('moves a local time, and keeps it where nothing changes', () => {
    const schedule = aSchedule('cron(0 5 * * ? *)', 'Europe/Berlin');

    expect(slotsAfter(schedule, '2027-03-27T00:00Z', 3)).toEqual([
      '2027-03-27T04:00Z',
      '2027-03-28T03:00Z',
      '2027-03-29T03:00Z',
    ]);
  });

  it.each([
    ['Europe/Berlin', '2027-03-26T12:00Z', ['2027-03-27T01:30Z', '2027-03-29T00:30Z']],
    ['America/New_York', '2027-03-12T12:00Z', ['2027-03-13T07:30Z', '2027-03-15T06:30Z']],
  ])('skips a local time that does not exist, in %s', (timezone, from, expected) => {
    expect(slotsAfter(aSchedule('cron(30 2 * * ? *)', timezone), from, 2)).toEqual(expected);
  });

  it('skips a midnight that does not exist, in America/Sao_Paulo', () => {
    const schedule = aSchedule('cron(0 0 * * ? *)', 'America/Sao_Paulo');

    expect(slotsAfter(schedule, '2018-11-03T12:00Z', 1)).toEqual(['2018-11-05T02:00Z']);
  });

  it('skips a whole hour of many slots that does not exist', () => {
    const schedule = aSchedule('cron(* 2 * * ? *)', 'Europe/Berlin');

    expect(slotsAfter(schedule, '2027-03-27T01:58Z', 2)).toEqual([
      '2027-03-27T01:59Z',
      '2027-03-29T00:00Z',
    ]);
    expect(minuteOf(schedule.newestSlot(at('2027-03-28T20:00Z')))).toBe('2027-03-27T01:59Z');
  });

  it.each([
    ['Europe/Berlin', '2027-10-30T12:00Z', ['2027-10-31T00:30Z', '2027-11-01T01:30Z']],
    ['America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
  ])('runs once at a local time that exists twice, in %s', (timezone, from, expected) => {
    const hour = timezone === 'Europe/Berlin' ? 2 : 1;
    const schedule = aSchedule(`cron(30 ${hour} * * ? *)`, timezone);

    expect(slotsAfter(schedule, from, 2)).toEqual(expected);
  });

  it('keeps the first of two same local times as the newest slot through the second', () => {
    const schedule = aSchedule('cron(30 2 * * ? *)', 'Europe/Berlin');

    expect(minuteOf(schedule.newestSlot(at('2027-10-31T00:29:59.999Z')))).toBe('2027-10-30T00:30Z');
    expect(minuteOf(schedule.newestSlot(at('2027-10-31T00:30Z')))).toBe('2027-10-31T00:30Z');
    expect(minuteOf(schedule.newestSlot(at('2027-10-31T01:30Z')))).toBe('2027-10-31T00:30Z');
  });

  it('shifts by half an hour in Australia/Lord_Howe', () => {
    const schedule = aSchedule('cron(0 2 * * ? *)', 'Australia/Lord_Howe');

    expect(slotsAfter(schedule, '2027-04-02T16:00Z', 2)).toEqual([
      '2027-04-03T15:30Z',
      '2027-04-04T15:30Z',
    ]);
  });
});

/** Expression, zone, an instant, and all slots from there to the last one given. */
const CHANGES: readonly (readonly [string, string, string, readonly string[]])[] = [
  // Put back by an hour at 3:00: each quarter is a slot once, the first time, so for an hour none is.
  [
    'cron(0/15 * * * ? *)',
    'Europe/Berlin',
    '2027-10-30T23:45Z',
    [
      '2027-10-31T00:00Z',
      '2027-10-31T00:15Z',
      '2027-10-31T00:30Z',
      '2027-10-31T00:45Z',
      '2027-10-31T02:00Z',
      '2027-10-31T02:15Z',
    ],
  ],
  // Put forward over the hour from 2:00: nothing is late, there is no such hour.
  [
    'cron(0/15 * * * ? *)',
    'Europe/Berlin',
    '2027-03-28T00:30Z',
    ['2027-03-28T00:45Z', '2027-03-28T01:00Z', '2027-03-28T01:15Z'],
  ],
  // Lists of hours are no other matter than single ones.
  [
    'cron(30 1,2,3 * * ? *)',
    'America/New_York',
    '2026-11-01T04:00Z',
    ['2026-11-01T05:30Z', '2026-11-01T07:30Z', '2026-11-01T08:30Z', '2026-11-02T06:30Z'],
  ],
  [
    'cron(30 1,2,3 * * ? *)',
    'America/New_York',
    '2027-03-14T05:00Z',
    ['2027-03-14T06:30Z', '2027-03-14T07:30Z', '2027-03-15T05:30Z'],
  ],
  // Put back by half an hour at 2:00, and forward by half an hour at 2:00.
  [
    'cron(0/15 1-2 * * ? *)',
    'Australia/Lord_Howe',
    '2027-04-03T14:15Z',
    [
      '2027-04-03T14:30Z',
      '2027-04-03T14:45Z',
      '2027-04-03T15:30Z',
      '2027-04-03T15:45Z',
      '2027-04-03T16:00Z',
      '2027-04-03T16:15Z',
      '2027-04-04T14:30Z',
    ],
  ],
  [
    'cron(0/15 1-2 * * ? *)',
    'Australia/Lord_Howe',
    '2027-10-02T15:00Z',
    ['2027-10-02T15:15Z', '2027-10-02T15:30Z', '2027-10-02T15:45Z', '2027-10-03T14:00Z'],
  ],
  // Friday, 30 December 2011 was left out.
  [
    'cron(0 12 * * ? *)',
    'Pacific/Apia',
    '2011-12-28T12:00Z',
    ['2011-12-28T22:00Z', '2011-12-29T22:00Z', '2011-12-30T22:00Z', '2011-12-31T22:00Z'],
  ],
  [
    'cron(0 12 ? * FRI *)',
    'Pacific/Apia',
    '2011-12-20T12:00Z',
    ['2011-12-23T22:00Z', '2012-01-05T22:00Z'],
  ],
  [
    'cron(* * 29-31 DEC ? 2011)',
    'Pacific/Apia',
    '2011-12-30T09:58Z',
    ['2011-12-30T09:59Z', '2011-12-30T10:00Z', '2011-12-30T10:01Z'],
  ],
  // Summer time all year but in Ramadan: put back by an hour at 3:00, forward at 2:00.
  [
    'cron(30 2 * * ? *)',
    'Africa/Casablanca',
    '2026-02-13T12:00Z',
    ['2026-02-14T01:30Z', '2026-02-15T01:30Z', '2026-02-16T02:30Z'],
  ],
  [
    'cron(30 2 * * ? *)',
    'Africa/Casablanca',
    '2026-03-20T12:00Z',
    ['2026-03-21T02:30Z', '2026-03-23T01:30Z'],
  ],
  // Put forward at midnight, and back at midnight: then 23:00 comes twice.
  [
    'cron(0/30 0,23 * * ? *)',
    'America/Sao_Paulo',
    '2018-11-04T01:30Z',
    ['2018-11-04T02:00Z', '2018-11-04T02:30Z', '2018-11-05T01:00Z', '2018-11-05T01:30Z'],
  ],
  [
    'cron(0/30 0,23 * * ? *)',
    'America/Sao_Paulo',
    '2018-02-18T00:00Z',
    ['2018-02-18T01:00Z', '2018-02-18T01:30Z', '2018-02-18T03:00Z', '2018-02-18T03:30Z'],
  ],
  // Put back at one minute past midnight: midnight has been, and comes again after 23:59.
  [
    'cron(0/30 0,23 * * ? *)',
    'America/St_Johns',
    '2010-11-07T01:00Z',
    ['2010-11-07T01:30Z', '2010-11-07T02:00Z', '2010-11-07T02:30Z', '2010-11-07T04:00Z'],
  ],
  // Put back by two hours at 3:00.
  [
    'cron(0 1-3 * * ? *)',
    'Antarctica/Troll',
    '2027-10-30T12:00Z',
    ['2027-10-30T23:00Z', '2027-10-31T00:00Z', '2027-10-31T03:00Z', '2027-11-01T01:00Z'],
  ],
];

describe('clock changes', () => {
  it.each(CHANGES)('%s in %s, after %s: %j', (expression, timezone, from, expected) => {
    const schedule = aSchedule(expression, timezone);

    expect(slotsAfter(schedule, from, expected.length)).toEqual(expected);
  });

  it.each(CHANGES)('%s in %s is the same looked back at', (expression, timezone, _, expected) => {
    const schedule = aSchedule(expression, timezone);

    expect(slotsBefore(schedule, expected.at(-1) ?? '', expected.length)).toEqual(
      expected.toReversed(),
    );
  });

  it('leave the newest slot where it is all through a repeated hour', () => {
    const { newestSlot, nextSlot } = aSchedule('cron(0/15 * * * ? *)', 'Europe/Berlin');

    for (const now of ['2027-10-31T00:45Z', '2027-10-31T01:00Z', '2027-10-31T01:59:59.999Z']) {
      expect(minuteOf(newestSlot(at(now)))).toBe('2027-10-31T00:45Z');
      expect(minuteOf(nextSlot(at(now)))).toBe('2027-10-31T02:00Z');
    }
  });
});
