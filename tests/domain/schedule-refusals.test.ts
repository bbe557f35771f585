import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../shared/domain/schedule.ts';

const problemOf = (expression: string, timezone = 'UTC'): string => {
  const result = parseSchedule(expression, timezone);
  return result.ok ? 'accepted' : result.problem;
};

describe('refused expressions', () => {
  it.each([
    ['', 'expected rate(...) or cron(...), as EventBridge writes them'],
    ['0 2 * * ? *', 'expected rate(...) or cron(...), as EventBridge writes them'],
    ['Cron(0 2 * * ? *)', 'expected rate(...) or cron(...), as EventBridge writes them'],
    ['at(2026-11-21T02:00:00)', 'expected rate(...) or cron(...), as EventBridge writes them'],
    ['cron(0 2 * * ? *) # daily', 'expected rate(...) or cron(...), as EventBridge writes them'],
    ['rate(1 minutes)', 'EventBridge wants the singular after 1'],
    ['rate(1 days)', 'EventBridge wants the singular after 1'],
    ['rate(2 minute)', 'EventBridge wants the plural after 2'],
    ['rate(0 hours)', 'a rate must be 1 or more'],
    ['rate(-1 hours)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(1.5 hours)', 'expected rate(<number> minutes|hours|days)'],
    ['rate(2 weeks)', 'expected rate(<number> minutes|hours|days)'],
    ['rate()', 'expected rate(<number> minutes|hours|days)'],
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
    ['cron(? 2 * * ? *)', 'minutes: ? is not what EventBridge takes'],
    ['cron(0 ? * * ? *)', 'hours: ? is not what EventBridge takes'],
    ['cron(0 2 * ? ? *)', 'month: ? is not what EventBridge takes'],
    ['cron(0 2 * * ? ?)', 'year: ? is not what EventBridge takes'],
    ['cron(0 2 1,? * ? *)', 'day-of-month: 1,? is not what EventBridge takes'],
    ['cron(0 2 ? * 3#1,6#3 *)', 'day-of-week: 3#1,6#3 is not what EventBridge takes'],
    ['cron(0 2 3#1 * ? *)', 'day-of-month: 3#1 is not what EventBridge takes'],
  ])('%s: %s', (expression, problem) => {
    expect(problemOf(expression)).toBe(problem);
  });

  it.each([
    ['a minute that does not exist', 'cron(60 2 * * ? *)'],
    ['an hour that does not exist', 'cron(0 24 * * ? *)'],
    ['day 0', 'cron(0 2 0 * ? *)'],
    ['day 32', 'cron(0 2 32 * ? *)'],
    ['month 0', 'cron(0 2 * 0 ? *)'],
    ['month 13', 'cron(0 2 * 13 ? *)'],
    ['weekday 0', 'cron(0 2 ? * 0 *)'],
    ['a step of zero', 'cron(*/0 2 * * ? *)'],
    ['a step of zero after a start', 'cron(0/0 2 * * ? *)'],
    ['a step of zero after a range', 'cron(0 2-8/0 * * ? *)'],
    ['a step of zero after a range that wraps around', 'cron(0 20-2/0 * * ? *)'],
    ['a range without an end', 'cron(5- 2 * * ? *)'],
    ['a range without a start', 'cron(0 -5 * * ? *)'],
    ['an empty item at the end of a list', 'cron(5, 2 * * ? *)'],
    ['an empty item in a list', 'cron(1,,2 2 * * ? *)'],
    ['a sixth weekday of a month', 'cron(0 2 ? * 6#6 *)'],
    ['a zeroth weekday of a month', 'cron(0 2 ? * 6#0 *)'],
    ['a # without its number', 'cron(0 2 ? * 2# *)'],
    ['W without its day', 'cron(0 2 W * ? *)'],
    ['W among weekdays', 'cron(0 2 ? * 15W *)'],
    ['W after a range', 'cron(0 2 1-5W * ? *)'],
    ['L among months', 'cron(0 2 * L ? *)'],
    ['a whole weekday name', 'cron(0 2 ? * MONDAY *)'],
    ['a letter that means nothing', 'cron(0 H * * ? *)'],
    ['a hexadecimal number', 'cron(0 0x5 * * ? *)'],
  ])('%s is refused: %s', (_, expression) => {
    expect(problemOf(expression)).not.toBe('accepted');
  });

  it('names a time zone that it does not know', () => {
    expect(problemOf('cron(0 2 * * ? *)', 'Europe/Berln')).toBe(
      'unknown time zone Europe/Berln: expected an IANA name',
    );
  });

  it('is all that ever comes of an expression that is no schedule: nothing throws', () => {
    const field = fc.stringMatching(/^[0-9A-Z*?,/#L W-]{0,6}$/);
    const anything = fc.oneof(
      fc.string(),
      fc.string().map((text) => `rate(${text})`),
      fc.array(field, { minLength: 6, maxLength: 6 }).map((parts) => `cron(${parts.join(' ')})`),
    );
    fc.assert(
      fc.property(anything, (expression) => {
        expect(() => parseSchedule(expression, 'UTC')).not.toThrow();
      }),
    );
  });
});
