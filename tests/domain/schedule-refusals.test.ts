import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../shared/domain/schedule.ts';

const problemOf = (expression: string, timezone = 'UTC'): string => {
  const result = parseSchedule(expression, timezone);
  return result.ok ? 'accepted' : result.problem;
};

const FORM = 'expected rate(...), cron(...) or at(...), as EventBridge writes them';

describe('refused expressions', () => {
  it.each([
    ['', FORM],
    ['0 2 * * ? *', FORM],
    ['Cron(0 2 * * ? *)', FORM],
    ['cron[0 2 * * ? *]', FORM],
    ['cron(0 2 * * ? *', FORM],
    ['every(6 hours)', FORM],
    ['xcron(0 2 * * ? *)', FORM],
    ['cron(0 2 * * ? *) # daily', FORM],
    ['rate(1 minutes)', 'EventBridge wants the singular after 1'],
    ['rate(1 days)', 'EventBridge wants the singular after 1'],
    ['rate(2 minute)', 'EventBridge wants the plural after 2'],
    ['rate(0 hours)', 'a rate must be 1 or more'],
    ['rate(-1 hours)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(1.5 hours)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(2 weeks)', 'expected rate(<number> minutes|hours|days)'],
    ['rate()', 'expected rate(<number> minutes|hours|days)'],
    ['rate(6hours)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(6 hourss)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(0 minutes)', 'a rate must be 1 or more'],
    ['rate(367 days)', 'a rate must be a year or less'],
  ])('%j: %s', (expression, problem) => {
    expect(problemOf(expression)).toBe(problem);
  });

  it.each([
    ['cron(0 2 * * ?)', 5],
    ['cron(0 2 * * ? * *)', 7],
    ['cron()', 1],
  ])('%s has not six fields', (expression, count) => {
    expect(problemOf(expression)).toBe(
      `expected 6 cron fields (minutes hours day-of-month month day-of-week year), found ${count}`,
    );
  });

  it.each(['cron(0 2 * * * *)', 'cron(0 2 ? * ? *)', 'cron(0 2 1 * MON *)'])(
    '%s: one day field, and one only, is ?',
    (expression) => {
      expect(problemOf(expression)).toBe('exactly one of day-of-month and day-of-week must be ?');
    },
  );

  it.each([
    ['? 2 * * ? *', 'minutes: ? belongs to the two day fields'],
    ['0 ? * * ? *', 'hours: ? belongs to the two day fields'],
    ['0 2 * ? ? *', 'month: ? belongs to the two day fields'],
    ['0 2 * * ? ?', 'year: ? belongs to the two day fields'],
    ['0 2 1,? * ? *', 'day-of-month: ? cannot stand in a list'],
    ['0 2 ? * MON,? *', 'day-of-week: ? cannot stand in a list'],
    ['0 2 ?5 * ? *', 'day-of-month: ?5 is not a whole number from 1 to 31'],
  ])('cron(%s): %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each([
    ['60 2 * * ? *', 'minutes: 60 is not a whole number from 0 to 59'],
    ['0 24 * * ? *', 'hours: 24 is not a whole number from 0 to 23'],
    ['0 2 0 * ? *', 'day-of-month: 0 is not a whole number from 1 to 31'],
    ['0 2 32 * ? *', 'day-of-month: 32 is not a whole number from 1 to 31'],
    ['0 2 * 0 ? *', 'month: 0 is not a whole number from 1 to 12 or JAN to DEC'],
    ['0 2 * 13 ? *', 'month: 13 is not a whole number from 1 to 12 or JAN to DEC'],
    ['0 2 ? * 0 *', 'day-of-week: 0 is not a whole number from 1 to 7 or SUN to SAT'],
    ['0 2 ? * 8 *', 'day-of-week: 8 is not a whole number from 1 to 7 or SUN to SAT'],
    ['0 2 * * ? 1969', 'year: 1969 is not a whole number from 1970 to 2199'],
    ['0 2 * * ? 2200', 'year: 2200 is not a whole number from 1970 to 2199'],
    ['0 2 * * ? 26', 'year: 26 is not a whole number from 1970 to 2199'],
    ['00005 2 * * ? *', 'minutes: 00005 is not a whole number from 0 to 59'],
    ['0 2-24 * * ? *', 'hours: 24 is not a whole number from 0 to 23'],
    ['0 24-2 * * ? *', 'hours: 24 is not a whole number from 0 to 23'],
    ['0 2,25 * * ? *', 'hours: 25 is not a whole number from 0 to 23'],
    ['0 *-5 * * ? *', 'hours: * is not a whole number from 0 to 23'],
    ['0 0x5 * * ? *', 'hours: 0X5 is not a whole number from 0 to 23'],
    ['1.5 2 * * ? *', 'minutes: 1.5 is not a whole number from 0 to 59'],
  ])('cron(%s), out of range: %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each([
    ['0 MON * * ? *', 'hours: MON is not a whole number from 0 to 23'],
    ['JAN 2 * * ? *', 'minutes: JAN is not a whole number from 0 to 59'],
    ['0 2 MON * ? *', 'day-of-month: MON is not a whole number from 1 to 31'],
    ['0 2 * MON ? *', 'month: MON is not a whole number from 1 to 12 or JAN to DEC'],
    ['0 2 ? * JAN *', 'day-of-week: JAN is not a whole number from 1 to 7 or SUN to SAT'],
    ['0 2 ? * MONDAY *', 'day-of-week: MONDAY is not a whole number from 1 to 7 or SUN to SAT'],
    ['0 2 * * ? JAN', 'year: JAN is not a whole number from 1970 to 2199'],
    ['0 H * * ? *', 'hours: H is not a whole number from 0 to 23'],
    ['0 2 ? * */MON *', 'day-of-week: */MON: a step is a whole number from 1 to 7'],
  ])('cron(%s), a name where it has no meaning: %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each([
    ['*/0 2 * * ? *', 'minutes: */0: a step is a whole number from 1 to 59'],
    ['0/0 2 * * ? *', 'minutes: 0/0: a step is a whole number from 1 to 59'],
    // Reported of EventBridge: https://github.com/aws/aws-sdk-js/issues/4212
    ['*/60 2 * * ? *', 'minutes: */60: a step is a whole number from 1 to 59'],
    ['0 2-8/0 * * ? *', 'hours: 2-8/0: a step is a whole number from 1 to 23'],
    ['0 20-2/0 * * ? *', 'hours: 20-2/0: a step is a whole number from 1 to 23'],
    ['0 */24 * * ? *', 'hours: */24: a step is a whole number from 1 to 23'],
    ['0 2 */32 * ? *', 'day-of-month: */32: a step is a whole number from 1 to 31'],
    ['0 2 1 */13 ? *', 'month: */13: a step is a whole number from 1 to 12'],
    ['0 2 ? * */8 *', 'day-of-week: */8: a step is a whole number from 1 to 7'],
    ['*/ 2 * * ? *', 'minutes: */: a step is a whole number from 1 to 59'],
    ['*/-5 2 * * ? *', 'minutes: */-5: a step is a whole number from 1 to 59'],
    ['*/1.5 2 * * ? *', 'minutes: */1.5: a step is a whole number from 1 to 59'],
    ['*/5/5 2 * * ? *', 'minutes: */5/5: a step is a whole number from 1 to 59'],
    ['*/00005 2 * * ? *', 'minutes: */00005: a step is a whole number from 1 to 59'],
  ])('cron(%s), a step that leads nowhere: %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each([
    ['5- 2 * * ? *', 'minutes: a value is missing: expected a whole number from 0 to 59'],
    ['0 -5 * * ? *', 'hours: a value is missing: expected a whole number from 0 to 23'],
    ['5, 2 * * ? *', 'minutes: a value is missing: expected a whole number from 0 to 59'],
    ['1,,2 2 * * ? *', 'minutes: a value is missing: expected a whole number from 0 to 59'],
    ['/5 2 * * ? *', 'minutes: a value is missing: expected a whole number from 0 to 59'],
    ['1-2-3 2 * * ? *', 'minutes: 1-2-3 is no range'],
    ['0 2 * * ? 2030-2027', 'year: 2030-2027 goes back in time'],
  ])('cron(%s), half a list or range: %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each([
    ['0 2 L-3 * ? *', 'day-of-month: L-3 is none of L, LW and a day with W'],
    ['0 2 3L * ? *', 'day-of-month: 3L is none of L, LW and a day with W'],
    ['0 2 WL * ? *', 'day-of-month: WL is none of L, LW and a day with W'],
    ['0 2 3#1 * ? *', 'day-of-month: 3#1 is none of L, LW and a day with W'],
    ['0 2 1-5W * ? *', 'day-of-month: 1-5W is none of L, LW and a day with W'],
    ['0 2 1,LW * ? *', 'day-of-month: LW cannot stand in a list'],
    ['0 2 1,2LW * ? *', 'day-of-month: 2LW is none of L, LW and a day with W'],
    ['0 2 1,LW2 * ? *', 'day-of-month: LW2 is none of L, LW and a day with W'],
    ['0 2 32W * ? *', 'day-of-month: 32 is not a whole number from 1 to 31'],
    ['0 2 0W * ? *', 'day-of-month: 0 is not a whole number from 1 to 31'],
    ['0 2 W * ? *', 'day-of-month: a value is missing: expected a whole number from 1 to 31'],
    ['0 2 ? * 3#1,6#3 *', 'day-of-week: 3#1 cannot stand in a list'],
    ['0 2 ? * MON,6#3 *', 'day-of-week: 6#3 cannot stand in a list'],
    ['0 2 ? * 15W *', 'day-of-week: 15W is not a whole number from 1 to 7 or SUN to SAT'],
    ['0 2 ? * 8L *', 'day-of-week: 8 is not a whole number from 1 to 7 or SUN to SAT'],
    [
      '0 2 ? * #2 *',
      'day-of-week: a value is missing: expected a whole number from 1 to 7 or SUN to SAT',
    ],
    ['0 2 ? * 0#1 *', 'day-of-week: 0 is not a whole number from 1 to 7 or SUN to SAT'],
    ['L 2 * * ? *', 'minutes: L: L, W and # belong to the day fields'],
    ['0 3#1 * * ? *', 'hours: 3#1: L, W and # belong to the day fields'],
    ['0 2 * L ? *', 'month: L: L, W and # belong to the day fields'],
    ['0 2 * * ? 2030W', 'year: 2030W: L, W and # belong to the day fields'],
  ])('cron(%s), a wildcard where it has no meaning: %s', (fields, problem) => {
    expect(problemOf(`cron(${fields})`)).toBe(problem);
  });

  it.each(['6#6', '6#0', '2#', 'L-2', 'LL', '2LW', '6L#2', '6#22'])(
    '%s, which is no special weekday, is refused',
    (weekday) => {
      expect(problemOf(`cron(0 2 ? * ${weekday} *)`)).toBe(
        `day-of-week: ${weekday} is none of L, a weekday with L, and a weekday with #1 to #5`,
      );
    },
  );

  it.each([
    '2026-11-21',
    '2026-11-21T02:00',
    '2026-11-21T02:00:00Z',
    '2026-11-21T02:00:00+01:00',
    '2026-11-21T02:00:00.000',
    '2026-11-21 02:00:00',
    '2026-02-30T02:00:00',
    '2027-02-29T02:00:00',
    '2026-13-01T02:00:00',
    '2026-11-21T24:00:00',
    '2026-11-21T02:60:00',
    '2026-11-21T02:00:60',
    '1969-12-31T23:59:59',
    '2200-01-01T00:00:00',
    '',
  ])('at(%s) is refused', (time) => {
    expect(problemOf(`at(${time})`)).toBe(
      'expected at(yyyy-mm-ddThh:mm:ss), a time that exists, from 1970 to 2199',
    );
  });

  it.each(['cron(0 2 * * ? *)', 'rate(6 hours)', 'at(2026-11-21T02:00:00)'])(
    '%s names a time zone that it does not know',
    (expression) => {
      expect(problemOf(expression, 'Europe/Berln')).toBe(
        'unknown time zone Europe/Berln: expected an IANA name',
      );
    },
  );

  it('is all that ever comes of an expression that is no schedule: nothing throws', () => {
    const field = fc.stringMatching(/^[0-9A-Z*?,/#L W-]{0,6}$/);
    const anything = fc.oneof(
      fc.string(),
      fc.string().map((text) => `rate(${text})`),
      fc.string().map((text) => `at(${text})`),
      fc.array(field, { minLength: 6, maxLength: 6 }).map((parts) => `cron(${parts.join(' ')})`),
    );
    fc.assert(
      fc.property(anything, (expression) => {
        expect(() => parseSchedule(expression, 'UTC')).not.toThrow();
      }),
    );
  });
});
