import { describe, expect, it } from 'vitest';
import { isTimezone, longestGapMs, type Schedule } from '../../shared/domain/schedule.ts';
import { aSchedule, at } from '../support/builders.ts';

const minutes = (atMs: number | undefined): string =>
  atMs === undefined ? 'never' : `${new Date(atMs).toISOString().slice(0, 16)}Z`;

/** The next slots after an instant, as far as there are that many. */
const slotsAfter = (schedule: Schedule, from: string, count: number): readonly string[] => {
  const slots: string[] = [];
  let afterMs = at(from);
  while (slots.length < count) {
    const slotMs = schedule.nextSlot(afterMs);
    slots.push(minutes(slotMs));
    if (slotMs === undefined) break;
    afterMs = slotMs;
  }
  return slots;
};

const days = (expression: string, from = '2026-11-20T00:00Z'): readonly string[] =>
  slotsAfter(aSchedule(expression), from, 4).map((slot) => slot.slice(0, 10));

describe('rates', () => {
  it('have their slots at whole multiples of the period since the epoch', () => {
    expect(slotsAfter(aSchedule('rate(6 hours)'), '2026-11-20T05:59Z', 3)).toEqual([
      '2026-11-20T06:00Z',
      '2026-11-20T12:00Z',
      '2026-11-20T18:00Z',
    ]);
  });

  it.each([
    ['rate(1 minute)', '2026-11-20T10:07Z', '2026-11-20T10:08Z'],
    ['rate(5 minutes)', '2026-11-20T10:05Z', '2026-11-20T10:10Z'],
    ['rate(1 hour)', '2026-11-20T10:00Z', '2026-11-20T11:00Z'],
    ['rate(1 day)', '2026-11-20T00:00Z', '2026-11-21T00:00Z'],
    ['rate(7 days)', '2026-11-19T00:00Z', '2026-11-26T00:00Z'],
  ])('%s: the newest slot at %s-ish, and the next', (expression, newest, next) => {
    const schedule = aSchedule(expression);
    const nowMs = at(newest) + 59_999;

    expect(minutes(schedule.newestSlot(nowMs))).toBe(newest);
    expect(minutes(schedule.nextSlot(nowMs))).toBe(next);
  });

  it('do not depend on the time zone', () => {
    const schedule = aSchedule('rate(1 day)', 'Asia/Tokyo');

    expect(minutes(schedule.nextSlot(at('2026-11-20T01:00Z')))).toBe('2026-11-21T00:00Z');
  });
});

describe('cron fields', () => {
  it.each([
    ['cron(0 2 * * ? *)', ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']],
    ['cron(0 2 ? * * *)', ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']],
    ['cron(0 2 ? * MON-FRI *)', ['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']],
    ['cron(0 2 ? * 2-6 *)', ['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']],
    ['cron(0 2 ? * MON-FRI/2 *)', ['2026-11-20', '2026-11-23', '2026-11-25', '2026-11-27']],
    ['cron(0 2 ? * 1 *)', ['2026-11-22', '2026-11-29', '2026-12-06', '2026-12-13']],
    ['cron(0 2 ? * SUN *)', ['2026-11-22', '2026-11-29', '2026-12-06', '2026-12-13']],
    ['cron(0 2 ? * 7 *)', ['2026-11-21', '2026-11-28', '2026-12-05', '2026-12-12']],
    ['cron(0 2 ? jan-mar sun *)', ['2027-01-03', '2027-01-10', '2027-01-17', '2027-01-24']],
    ['cron(0 2 1,15 * ? *)', ['2026-12-01', '2026-12-15', '2027-01-01', '2027-01-15']],
    ['cron(0 2 1/10 * ? *)', ['2026-11-21', '2026-12-01', '2026-12-11', '2026-12-21']],
    ['cron(0 2 1 1/3 ? *)', ['2027-01-01', '2027-04-01', '2027-07-01', '2027-10-01']],
    ['cron(0 2 1 1 ? 2028-2029)', ['2028-01-01', '2029-01-01', 'never']],
    ['cron(0 2 29 2 ? *)', ['2028-02-29', '2032-02-29', '2036-02-29', '2040-02-29']],
    ['cron(0 2 31 * ? *)', ['2026-12-31', '2027-01-31', '2027-03-31', '2027-05-31']],
  ])('%s fires on %j', (expression, expected) => {
    expect(days(expression)).toEqual(expected);
  });

  it.each([
    ['cron(5/15 2 * * ? *)', ['02:05', '02:20', '02:35', '02:50']],
    ['cron(0,30 2-3 * * ? *)', ['02:00', '02:30', '03:00', '03:30']],
    ['cron(0 */6 * * ? *)', ['06:00', '12:00', '18:00', '00:00']],
  ])('%s fires at %j', (expression, expected) => {
    const slots = slotsAfter(aSchedule(expression), '2026-11-20T00:00Z', 4);

    expect(slots.map((slot) => slot.slice(11, 16))).toEqual(expected);
  });
});

describe('L, W and #', () => {
  it.each([
    // L is the last day of the month; as a weekday alone, the last of the week: Saturday.
    ['cron(0 2 L * ? *)', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']],
    ['cron(0 2 ? * L *)', ['2026-11-21', '2026-11-28', '2026-12-05', '2026-12-12']],
    ['cron(0 2 ? * 6L *)', ['2026-11-27', '2026-12-25', '2027-01-29', '2027-02-26']],
    ['cron(0 2 ? * FRIL *)', ['2026-11-27', '2026-12-25', '2027-01-29', '2027-02-26']],
    // W is the weekday nearest to the day, in the same month. 2026-11-15 is a Sunday.
    ['cron(0 2 15W * ? *)', ['2026-12-15', '2027-01-15', '2027-02-15', '2027-03-15']],
    ['cron(0 2 LW * ? *)', ['2026-11-30', '2026-12-31', '2027-01-29', '2027-02-26']],
    ['cron(0 2 31W * ? *)', ['2026-12-31', '2027-01-29', '2027-03-31', '2027-05-31']],
    ['cron(0 2 ? * 3#2 *)', ['2026-12-08', '2027-01-12', '2027-02-09', '2027-03-09']],
    ['cron(0 2 ? * TUE#2 *)', ['2026-12-08', '2027-01-12', '2027-02-09', '2027-03-09']],
    ['cron(0 2 ? * 6#5 *)', ['2027-01-29', '2027-04-30', '2027-07-30', '2027-10-29']],
  ])('%s fires on %j', (expression, expected) => {
    expect(days(expression)).toEqual(expected);
  });

  it.each([
    ['a Sunday, on the Monday after it', 'cron(0 2 15W * ? *)', '2026-11-01', '2026-11-16'],
    ['a Saturday, on the Friday before it', 'cron(0 2 15W * ? *)', '2026-08-01', '2026-08-14'],
    ['a Saturday the 1st, on Monday the 3rd', 'cron(0 2 1W * ? *)', '2026-08-01', '2026-08-03'],
    ['a Sunday the 31st, on Friday the 29th', 'cron(0 2 31W * ? *)', '2027-01-01', '2027-01-29'],
  ])('W fires for %s', (_, expression, from, expected) => {
    expect(days(expression, `${from}T00:00Z`)[0]).toBe(expected);
  });
});

describe('ranges that wrap around', () => {
  it.each([
    ['cron(0 20-2 * * ? *)', ['20:00', '21:00', '22:00', '23:00', '00:00', '01:00', '02:00']],
    ['cron(0 20-2/2 * * ? *)', ['20:00', '22:00', '00:00', '02:00', '20:00', '22:00', '00:00']],
    ['cron(50-10/10 2 * * ? *)', ['02:00', '02:10', '02:50', '02:00', '02:10', '02:50', '02:00']],
  ])('%s fires at %j', (expression, expected) => {
    const slots = slotsAfter(aSchedule(expression), '2026-11-20T12:00Z', 7);

    expect(slots.map((slot) => slot.slice(11, 16))).toEqual(expected);
  });

  it.each([
    ['cron(0 2 ? * FRI-MON *)', ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']],
    ['cron(0 2 ? * FRI-MON/2 *)', ['2026-11-20', '2026-11-22', '2026-11-27', '2026-11-29']],
    ['cron(0 2 ? * SAT-SUN *)', ['2026-11-21', '2026-11-22', '2026-11-28', '2026-11-29']],
    ['cron(0 2 ? * 7-1 *)', ['2026-11-21', '2026-11-22', '2026-11-28', '2026-11-29']],
    ['cron(0 2 1 NOV-FEB ? *)', ['2026-12-01', '2027-01-01', '2027-02-01', '2027-11-01']],
    ['cron(0 2 30-1 * ? *)', ['2026-11-30', '2026-12-01', '2026-12-30', '2026-12-31']],
  ])('%s fires on %j', (expression, expected) => {
    expect(days(expression)).toEqual(expected);
  });
});

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
    expect(minutes(schedule.newestSlot(at('2027-03-28T20:00Z')))).toBe('2027-03-27T01:59Z');
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

    expect(minutes(schedule.newestSlot(at('2027-10-31T00:29:59.999Z')))).toBe('2027-10-30T00:30Z');
    expect(minutes(schedule.newestSlot(at('2027-10-31T00:30Z')))).toBe('2027-10-31T00:30Z');
    expect(minutes(schedule.newestSlot(at('2027-10-31T01:30Z')))).toBe('2027-10-31T00:30Z');
  });

  it('shifts by half an hour in Australia/Lord_Howe', () => {
    const schedule = aSchedule('cron(0 2 * * ? *)', 'Australia/Lord_Howe');

    expect(slotsAfter(schedule, '2027-04-02T16:00Z', 2)).toEqual([
      '2027-04-03T15:30Z',
      '2027-04-04T15:30Z',
    ]);
  });
});

describe('the ends of a schedule', () => {
  it('has no newest slot before its first, and no next one after its last', () => {
    const schedule = aSchedule('cron(0 2 1 1 ? 2027)');

    expect(schedule.newestSlot(at('2027-01-01T01:59:59.999Z'))).toBeUndefined();
    expect(minutes(schedule.newestSlot(at('2027-01-01T02:00Z')))).toBe('2027-01-01T02:00Z');
    expect(schedule.nextSlot(at('2027-01-01T02:00Z'))).toBeUndefined();
  });

  it('has no slot at all for a day that never comes', () => {
    const schedule = aSchedule('cron(0 2 30 2 ? *)');

    expect(schedule.newestSlot(at('2026-11-20T00:00Z'))).toBeUndefined();
    expect(schedule.nextSlot(at('2026-11-20T00:00Z'))).toBeUndefined();
  });

  it('finds a slot at the very instant as the newest, and not as the next', () => {
    const schedule = aSchedule('cron(0 2 * * ? *)');

    expect(minutes(schedule.newestSlot(at('2026-11-20T02:00Z')))).toBe('2026-11-20T02:00Z');
    expect(minutes(schedule.newestSlot(at('2026-11-20T02:00:00.001Z')))).toBe('2026-11-20T02:00Z');
    expect(minutes(schedule.newestSlot(at('2026-11-20T01:59:59.999Z')))).toBe('2026-11-19T02:00Z');
    expect(minutes(schedule.nextSlot(at('2026-11-20T02:00Z')))).toBe('2026-11-21T02:00Z');
    expect(minutes(schedule.nextSlot(at('2026-11-20T01:59:59.999Z')))).toBe('2026-11-20T02:00Z');
  });
});

describe('the longest gap', () => {
  const HOUR_MS = 3_600_000;

  it.each([
    ['rate(6 hours)', 'UTC', 6],
    ['cron(0 2 * * ? *)', 'UTC', 24],
    ['cron(0 5 * * ? *)', 'Europe/Berlin', 25],
    // Two in the morning does not exist on the last Sunday of March.
    ['cron(0 2 * * ? *)', 'Europe/Berlin', 47],
    ['cron(0 2 ? * MON-FRI *)', 'UTC', 72],
    ['cron(0 2 L * ? *)', 'UTC', 31 * 24],
  ])('of %s in %s is %d hours', (expression, timezone, hours) => {
    expect(longestGapMs(aSchedule(expression, timezone))).toBe(hours * HOUR_MS);
  });

  it('does not exist for fewer than two slots', () => {
    expect(longestGapMs(aSchedule('cron(0 2 1 1 ? 2027)'))).toBeUndefined();
    expect(longestGapMs(aSchedule('cron(0 2 30 2 ? *)'))).toBeUndefined();
  });
});

describe('time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('%s is one', (name) => {
    expect(isTimezone(name)).toBe(true);
  });

  it.each(['', 'Berlin', 'Europe/Berln', 'Mars/Olympus'])('%j is none', (name) => {
    expect(isTimezone(name)).toBe(false);
  });
});
