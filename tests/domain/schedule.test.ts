import { describe, expect, it } from 'vitest';
import { isTimezone, longestGapMs } from '../../shared/domain/schedule.ts';
import { aSchedule, at } from '../support/builders.ts';
import { minuteOf, slotsAfter, slotsBefore } from '../support/slots.ts';

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
    [' rate( 6   hours ) ', '2026-11-20T06:00Z', '2026-11-20T12:00Z'],
    ['rate(366 days)', '2026-02-12T00:00Z', '2027-02-13T00:00Z'],
  ])('%s: the newest slot at %s-ish, and the next', (expression, newest, next) => {
    const schedule = aSchedule(expression);
    const nowMs = at(newest) + 59_999;

    expect(minuteOf(schedule.newestSlot(nowMs))).toBe(newest);
    expect(minuteOf(schedule.nextSlot(nowMs))).toBe(next);
  });

  it('do not depend on the time zone', () => {
    const schedule = aSchedule('rate(1 day)', 'Asia/Tokyo');

    expect(minuteOf(schedule.nextSlot(at('2026-11-20T01:00Z')))).toBe('2026-11-21T00:00Z');
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
    ['cron(0 2 *,5 * ? *)', ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']],
    ['cron(0 2 25/3 * ? *)', ['2026-11-25', '2026-11-28', '2026-12-25', '2026-12-28']],
    ['cron(0 2 ? * TUE/2 *)', ['2026-11-21', '2026-11-24', '2026-11-26', '2026-11-28']],
    ['cron(0 2 ? DEC,FEB MON *)', ['2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28']],
    ['cron(0 2 1 1 ? 2027/5)', ['2027-01-01', '2032-01-01', '2037-01-01', '2042-01-01']],
    ['cron(0 2 1 1 ? */100)', ['2070-01-01', '2170-01-01', 'never']],
    ['cron( 0  2   1 1 ?  2028-2029 )', ['2028-01-01', '2029-01-01', 'never']],
    ['cron(00 02 09 01 ? 2027,2029)', ['2027-01-09', '2029-01-09', 'never']],
  ])('%s fires on %j', (expression, expected) => {
    expect(days(expression)).toEqual(expected);
  });

  it.each([
    ['cron(5/15 2 * * ? *)', ['02:05', '02:20', '02:35', '02:50']],
    ['cron(0,30 2-3 * * ? *)', ['02:00', '02:30', '03:00', '03:30']],
    ['cron(0 */6 * * ? *)', ['06:00', '12:00', '18:00', '00:00']],
    ['cron(0 2-8/3 * * ? *)', ['02:00', '05:00', '08:00', '02:00']],
    ['cron(59 23 * * ? *)', ['23:59', '23:59', '23:59', '23:59']],
    ['cron(0/59 7 * * ? *)', ['07:00', '07:59', '07:00', '07:59']],
    ['cron(45/20,10 7 * * ? *)', ['07:10', '07:45', '07:10', '07:45']],
  ])('%s fires at %j', (expression, expected) => {
    const slots = slotsAfter(aSchedule(expression), '2026-11-20T00:00Z', 4);

    expect(slots.map((slot) => slot.slice(11, 16))).toEqual(expected);
  });
});

describe('names', () => {
  const MONTHS = [
    'JAN',
    'FEB',
    'MAR',
    'APR',
    'MAY',
    'JUN',
    'JUL',
    'AUG',
    'SEP',
    'OCT',
    'NOV',
    'DEC',
  ];

  it.each(MONTHS.map((name, index) => [name, String(index + 1).padStart(2, '0')]))(
    '%s is month %s',
    (name, month) => {
      expect(days(`cron(0 2 9 ${name} ? *)`, '2026-12-31T00:00Z')[0]).toBe(`2027-${month}-09`);
    },
  );

  // 2026-11-22 is a Sunday.
  it.each(['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'].map((name, index) => [name, index]))(
    '%s is a weekday, %d after Sunday',
    (name, index) => {
      expect(days(`cron(0 2 ? * ${name} *)`, '2026-11-22T00:00Z')[0]).toBe(`2026-11-${22 + index}`);
    },
  );
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
    ['cron(0 2 ? * SUN#1 *)', ['2026-12-06', '2027-01-03', '2027-02-07', '2027-03-07']],
    ['cron(0 2 ? * 7L *)', ['2026-11-28', '2026-12-26', '2027-01-30', '2027-02-27']],
    // In lists: the 15th and the last day, two nearest weekdays, Mondays and the last Friday.
    ['cron(0 2 15,L * ? *)', ['2026-11-30', '2026-12-15', '2026-12-31', '2027-01-15']],
    ['cron(0 2 1W,15W * ? *)', ['2026-12-01', '2026-12-15', '2027-01-01', '2027-01-15']],
    ['cron(0 2 ? * MON,6L *)', ['2026-11-23', '2026-11-27', '2026-11-30', '2026-12-07']],
    ['cron(0 2 ? * L,SUN *)', ['2026-11-21', '2026-11-22', '2026-11-28', '2026-11-29']],
    // No weekday is near to a day that the month has not.
    ['cron(0 2 29W 2 ? *)', ['2028-02-29', '2032-02-27', '2036-02-29', '2040-02-29']],
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

describe('the ends of a schedule', () => {
  it('has no newest slot before its first, and no next one after its last', () => {
    const schedule = aSchedule('cron(0 2 1 1 ? 2027)');

    expect(schedule.newestSlot(at('2027-01-01T01:59:59.999Z'))).toBeUndefined();
    expect(minuteOf(schedule.newestSlot(at('2027-01-01T02:00Z')))).toBe('2027-01-01T02:00Z');
    expect(schedule.nextSlot(at('2027-01-01T02:00Z'))).toBeUndefined();
  });

  it('has no slot at all for a day that never comes', () => {
    const schedule = aSchedule('cron(0 2 30 2 ? *)');

    expect(schedule.newestSlot(at('2026-11-20T00:00Z'))).toBeUndefined();
    expect(schedule.nextSlot(at('2026-11-20T00:00Z'))).toBeUndefined();
  });

  it('has its last in 2199', () => {
    const schedule = aSchedule('cron(59 23 * * ? *)');

    expect(slotsAfter(schedule, '2199-12-30T23:59Z', 2)).toEqual(['2199-12-31T23:59Z', 'never']);
    expect(minuteOf(schedule.newestSlot(at('2250-01-01T00:00Z')))).toBe('2199-12-31T23:59Z');
    expect(schedule.nextSlot(8.64e15)).toBeUndefined();
  });

  it('has its first in 1970', () => {
    const schedule = aSchedule('cron(0 0 * * ? *)');

    expect(schedule.newestSlot(-1)).toBeUndefined();
    expect(schedule.newestSlot(-8.64e15)).toBeUndefined();
    expect(slotsAfter(schedule, '1900-01-01T00:00Z', 1)).toEqual(['1970-01-01T00:00Z']);
  });

  it('finds a slot at the very instant as the newest, and not as the next', () => {
    const schedule = aSchedule('cron(0 2 * * ? *)');

    expect(minuteOf(schedule.newestSlot(at('2026-11-20T02:00Z')))).toBe('2026-11-20T02:00Z');
    expect(minuteOf(schedule.newestSlot(at('2026-11-20T02:00:00.001Z')))).toBe('2026-11-20T02:00Z');
    expect(minuteOf(schedule.newestSlot(at('2026-11-20T01:59:59.999Z')))).toBe('2026-11-19T02:00Z');
    expect(minuteOf(schedule.nextSlot(at('2026-11-20T02:00Z')))).toBe('2026-11-21T02:00Z');
    expect(minuteOf(schedule.nextSlot(at('2026-11-20T01:59:59.999Z')))).toBe('2026-11-20T02:00Z');
  });
});

describe('slots far apart', () => {
  it.each([
    // 29 February on a Monday: the fifth Monday of a February. 2100 has no 29 February.
    [
      'cron(0 2 ? 2 2#5 *)',
      'UTC',
      '2016-03-01T00:00Z',
      ['2044-02-29T02:00Z', '2072-02-29T02:00Z', '2112-02-29T02:00Z'],
    ],
    ['cron(0 2 29 2 ? *)', 'UTC', '2095-01-01T00:00Z', ['2096-02-29T02:00Z', '2104-02-29T02:00Z']],
    ['cron(0 2 1 1 ? 1999,2150)', 'UTC', '2026-01-01T00:00Z', ['2150-01-01T02:00Z', 'never']],
    // The hour that summer time leaves out, on the day on which it has done so since 1981.
    ['cron(30 2 ? 3 1L *)', 'Europe/Berlin', '1980-01-01T00:00Z', ['1980-03-30T01:30Z', 'never']],
    ['cron(0 2 30 2 ? *)', 'UTC', '1970-01-01T00:00Z', ['never']],
    ['cron(0 2 31W 4,6,9,11 ? *)', 'UTC', '1970-01-01T00:00Z', ['never']],
  ])('%s in %s after %s: %j', (expression, timezone, from, expected) => {
    expect(slotsAfter(aSchedule(expression, timezone), from, expected.length)).toEqual(expected);
  });

  it.each([
    ['cron(0 2 ? 2 2#5 *)', 'UTC', '2044-02-29T01:59Z', ['2016-02-29T02:00Z', '1988-02-29T02:00Z']],
    ['cron(0 2 1 1 ? 1999,2150)', 'UTC', '2149-01-01T00:00Z', ['1999-01-01T02:00Z', 'never']],
    ['cron(30 2 ? 3 1L *)', 'Europe/Berlin', '2199-01-01T00:00Z', ['1980-03-30T01:30Z']],
    ['cron(0 2 30 2 ? *)', 'UTC', '2199-01-01T00:00Z', ['never']],
  ])('%s in %s before %s: %j', (expression, timezone, from, expected) => {
    expect(slotsBefore(aSchedule(expression, timezone), from, expected.length)).toEqual(expected);
  });
});

describe('at', () => {
  it('has one slot, at that time of the zone', () => {
    const { newestSlot, nextSlot } = aSchedule('at(2026-11-21T02:30:15)', 'Europe/Berlin');
    const slotMs = at('2026-11-21T01:30:15Z');

    expect(nextSlot(slotMs - 1)).toBe(slotMs);
    expect(nextSlot(slotMs)).toBeUndefined();
    expect(newestSlot(slotMs - 1)).toBeUndefined();
    expect(newestSlot(slotMs)).toBe(slotMs);
    expect(newestSlot(at('2199-01-01T00:00Z'))).toBe(slotMs);
  });

  it('means the first of two times that are called the same', () => {
    const schedule = aSchedule('at(2027-10-31T02:30:00)', 'Europe/Berlin');

    expect(slotsAfter(schedule, '2027-01-01T00:00Z', 2)).toEqual(['2027-10-31T00:30Z', 'never']);
  });

  it('never comes at a time that does not exist', () => {
    const schedule = aSchedule('at(2027-03-28T02:30:00)', 'Europe/Berlin');

    expect(slotsAfter(schedule, '2027-01-01T00:00Z', 1)).toEqual(['never']);
    expect(schedule.newestSlot(at('2028-01-01T00:00Z'))).toBeUndefined();
  });

  it.each([
    ['at(1970-01-01T00:00:00)', '1970-01-01T00:00Z'],
    ['at(2199-12-31T23:59:00)', '2199-12-31T23:59Z'],
    ['at(2028-02-29T00:00:00)', '2028-02-29T00:00Z'],
    [' at( 2026-11-21T02:00:00 ) ', '2026-11-21T02:00Z'],
  ])('%j is %s', (expression, expected) => {
    expect(slotsAfter(aSchedule(expression), '1969-01-01T00:00Z', 1)).toEqual([expected]);
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
    ['cron(0 2 29 2 ? *)', 'UTC', (4 * 365 + 1) * 24],
    ['cron(0 2 1 1 ? 2150,2151)', 'UTC', 365 * 24],
    ['cron(0 2 1-4 1 ? 2150,2151)', 'UTC', 362 * 24],
    ['cron(0 1,8,9 * * ? *)', 'UTC', 16],
    ['cron(0 0,23 * * ? *)', 'UTC', 23],
    ['cron(0 0,1,2,3,20,21 2 * ? *)', 'UTC', 30 * 24 + 3],
    ['cron(0 0 ? * SUN *)', 'UTC', 168],
    // Not within the first days, nor the first of a month.
    ['cron(0/15 * 1-20 * ? *)', 'UTC', 11 * 24 + 0.25],
    // A quarter of an hour, but where the clocks are put back.
    ['cron(0/15 * * * ? *)', 'UTC', 0.25],
    ['cron(0/15 * * * ? *)', 'Europe/Berlin', 1.25],
    ['rate(15 minutes)', 'Europe/Berlin', 0.25],
  ])('of %s in %s is %d hours', (expression, timezone, hours) => {
    expect(longestGapMs(aSchedule(expression, timezone))).toBe(hours * HOUR_MS);
  });

  it('does not exist for fewer than two slots', () => {
    expect(longestGapMs(aSchedule('cron(0 2 1 1 ? 2027)'))).toBeUndefined();
    expect(longestGapMs(aSchedule('cron(0 2 30 2 ? *)'))).toBeUndefined();
    expect(longestGapMs(aSchedule('at(2027-01-01T02:00:00)'))).toBeUndefined();
  });
});

describe('time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('%s is one', (name) => {
    expect(isTimezone(name)).toBe(true);
  });

  it.each(['', 'Berlin', 'Europe/Berln', 'Mars/Olympus', '+01:00'])('%j is none', (name) => {
    expect(isTimezone(name)).toBe(false);
  });
});
