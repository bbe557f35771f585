import { describe, expect, it } from 'vitest';
import { aSchedule } from '../support/builders.ts';
import { slotsAfter } from '../support/slots.ts';

/**
 * Every example of "Schedule types in EventBridge Scheduler" and of "Setting a schedule pattern for
 * scheduled rules" in AWS's documentation. 2026-11-20 is a Friday.
 */
const EXAMPLES: readonly (readonly [string, string, readonly string[]])[] = [
  // At 10:00 every day.
  ['cron(0 10 * * ? *)', '2026-11-20T10:00Z', ['2026-11-21T10:00Z', '2026-11-22T10:00Z']],
  // At 12:15 every day.
  ['cron(15 12 * * ? *)', '2026-11-20T12:14Z', ['2026-11-20T12:15Z', '2026-11-21T12:15Z']],
  // At 18:00 every Monday through Friday.
  [
    'cron(0 18 ? * MON-FRI *)',
    '2026-11-20T12:00Z',
    ['2026-11-20T18:00Z', '2026-11-23T18:00Z', '2026-11-24T18:00Z'],
  ],
  // At 8:00 every 1st day of the month.
  ['cron(0 8 1 * ? *)', '2026-11-20T00:00Z', ['2026-12-01T08:00Z', '2027-01-01T08:00Z']],
  // Every 15 minutes.
  [
    'cron(0/15 * * * ? *)',
    '2026-11-20T12:30Z',
    ['2026-11-20T12:45Z', '2026-11-20T13:00Z', '2026-11-20T13:15Z'],
  ],
  // Every 10 minutes Monday through Friday.
  [
    'cron(0/10 * ? * MON-FRI *)',
    '2026-11-20T23:35Z',
    ['2026-11-20T23:40Z', '2026-11-20T23:50Z', '2026-11-23T00:00Z', '2026-11-23T00:10Z'],
  ],
  // Every 5 minutes Monday through Friday between 8:00 and 17:55.
  [
    'cron(0/5 8-17 ? * MON-FRI *)',
    '2026-11-20T17:49Z',
    ['2026-11-20T17:50Z', '2026-11-20T17:55Z', '2026-11-23T08:00Z', '2026-11-23T08:05Z'],
  ],
  // Every 30 minutes Monday through Friday from 20:00 to 2:30 on the following day: Saturday is none
  // of the days, and Monday begins with the hours up to 2:30.
  [
    'cron(0/30 20-2 ? * MON-FRI *)',
    '2026-11-20T02:00Z',
    [
      '2026-11-20T02:30Z',
      '2026-11-20T20:00Z',
      '2026-11-20T20:30Z',
      '2026-11-20T21:00Z',
      '2026-11-20T21:30Z',
      '2026-11-20T22:00Z',
      '2026-11-20T22:30Z',
      '2026-11-20T23:00Z',
      '2026-11-20T23:30Z',
      '2026-11-23T00:00Z',
      '2026-11-23T00:30Z',
      '2026-11-23T01:00Z',
      '2026-11-23T01:30Z',
      '2026-11-23T02:00Z',
      '2026-11-23T02:30Z',
      '2026-11-23T20:00Z',
    ],
  ],
  // At 12:00 every day.
  ['cron(0 12 * * ? *)', '2026-11-20T12:00Z', ['2026-11-21T12:00Z', '2026-11-22T12:00Z']],
  // At 14:05 and 14:35 every day.
  [
    'cron(5,35 14 * * ? *)',
    '2026-11-20T12:00Z',
    ['2026-11-20T14:05Z', '2026-11-20T14:35Z', '2026-11-21T14:05Z'],
  ],
  // At 10:15 on the last Friday of each month of these years.
  [
    'cron(15 10 ? * 6L 2019-2022)',
    '2022-10-01T00:00Z',
    ['2022-10-28T10:15Z', '2022-11-25T10:15Z', '2022-12-30T10:15Z', 'never'],
  ],
  [
    'cron(15 10 ? * 6L 2022-2023)',
    '2022-12-01T00:00Z',
    ['2022-12-30T10:15Z', '2023-01-27T10:15Z', '2023-02-24T10:15Z'],
  ],
  // Of the list of wildcards: every tenth minute from the first on, the weekday closest to the third
  // day, the second Tuesday.
  [
    'cron(1/10 * * * ? *)',
    '2026-11-20T00:01Z',
    ['2026-11-20T00:11Z', '2026-11-20T00:21Z', '2026-11-20T00:31Z', '2026-11-20T00:41Z'],
  ],
  [
    'cron(0 0 3W * ? *)',
    '2026-11-20T00:00Z',
    ['2026-12-03T00:00Z', '2027-01-04T00:00Z', '2027-02-03T00:00Z'],
  ],
  ['cron(0 0 ? * 3#2 *)', '2026-11-20T00:00Z', ['2026-12-08T00:00Z', '2027-01-12T00:00Z']],
  ['rate(1 minute)', '2026-11-20T00:00Z', ['2026-11-20T00:01Z', '2026-11-20T00:02Z']],
  ['rate(5 minutes)', '2026-11-20T00:00Z', ['2026-11-20T00:05Z', '2026-11-20T00:10Z']],
  ['rate(1 hour)', '2026-11-20T00:00Z', ['2026-11-20T01:00Z', '2026-11-20T02:00Z']],
  ['rate(1 day)', '2026-11-20T00:00Z', ['2026-11-21T00:00Z', '2026-11-22T00:00Z']],
];

const EXAMPLES_IN_ZONES: readonly (readonly [string, string, string, readonly string[]])[] = [
  // At 8:30 every day.
  [
    'cron(30 8 * * ? *)',
    'America/New_York',
    '2026-10-30T13:00Z',
    ['2026-10-31T12:30Z', '2026-11-01T13:30Z', '2026-11-02T13:30Z'],
  ],
  // At 8:00 on the first Monday of every month.
  [
    'cron(0 8 ? * 2#1 *)',
    'America/Los_Angeles',
    '2026-11-20T00:00Z',
    ['2026-12-07T16:00Z', '2027-01-04T16:00Z', '2027-02-01T16:00Z'],
  ],
  // Once, at 13:00 UTC-8.
  [
    'at(2022-11-20T13:00:00)',
    'America/Los_Angeles',
    '2022-11-01T00:00Z',
    ['2022-11-20T21:00Z', 'never'],
  ],
  // The example of daylight saving: skipped on the day that has no 2:30.
  [
    'cron(30 2 * * ? *)',
    'America/Los_Angeles',
    '2027-03-13T00:00Z',
    ['2027-03-13T10:30Z', '2027-03-15T09:30Z', '2027-03-16T09:30Z'],
  ],
  // And once on the day on which the clocks are put back.
  [
    'cron(30 1 * * ? *)',
    'America/Los_Angeles',
    '2026-10-31T00:00Z',
    ['2026-10-31T08:30Z', '2026-11-01T08:30Z', '2026-11-02T09:30Z'],
  ],
];

describe("AWS's own examples", () => {
  it.each(EXAMPLES)('%s after %s: %j', (expression, from, expected) => {
    expect(slotsAfter(aSchedule(expression), from, expected.length)).toEqual(expected);
  });

  it.each(EXAMPLES_IN_ZONES)('%s in %s after %s: %j', (expression, timezone, from, expected) => {
    expect(slotsAfter(aSchedule(expression, timezone), from, expected.length)).toEqual(expected);
  });

  // Reported of EventBridge: https://github.com/localstack/localstack/issues/13572
  it.each([
    ['cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)', '2026-11-20T08:14Z', '2026-11-20T08:15Z'],
    ['cron(30-30 13-13 ? * 2,4,6 *)', '2026-11-20T14:00Z', '2026-11-23T13:30Z'],
    ['cron(1-31/30 1-1 ? * 1,7 *)', '2026-11-21T01:01Z', '2026-11-21T01:31Z'],
  ])('%s, which EventBridge takes, fires after %s at %s', (expression, from, expected) => {
    expect(slotsAfter(aSchedule(expression), from, 1)).toEqual([expected]);
  });
});
