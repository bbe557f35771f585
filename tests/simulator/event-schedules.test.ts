import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../simulator/services/events/schedule-expression.ts';
import { ACCOUNT, createBench, HOME, HOUR, MINUTE, SECOND, START_MS } from './fixture.ts';
import { refusalOf } from './services.ts';

/** The next instants, from Saturday, 21 November 2026, 03:00 UTC. */
const dueAfter = (expression: string, count: number): string[] => {
  const next = parseSchedule(expression, START_MS);
  const due: string[] = [];
  for (let atMs = next(START_MS); atMs !== undefined && due.length < count; atMs = next(atMs)) {
    due.push(new Date(atMs).toISOString().replace(':00.000Z', ''));
  }
  return due;
};

describe('a schedule expression', () => {
  it.each([
    ['rate(5 minutes)', ['2026-11-21T03:05', '2026-11-21T03:10']],
    ['rate(1 hour)', ['2026-11-21T04:00', '2026-11-21T05:00']],
    ['rate(2 days)', ['2026-11-23T03:00', '2026-11-25T03:00']],
    ['cron(0 6 * * ? *)', ['2026-11-21T06:00', '2026-11-22T06:00']],
    ['cron(0/20 * * * ? *)', ['2026-11-21T03:20', '2026-11-21T03:40']],
    ['cron(5,35 14 * * ? *)', ['2026-11-21T14:05', '2026-11-21T14:35']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-11-23T18:00', '2026-11-24T18:00']],
    ['cron(0 18 ? * 2 *)', ['2026-11-23T18:00', '2026-11-30T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-12-01T08:00', '2027-01-01T08:00']],
    ['cron(0 8 1 jan/3 ? *)', ['2027-01-01T08:00', '2027-04-01T08:00']],
    ['cron(10-30/10 4 * * ? *)', ['2026-11-21T04:10', '2026-11-21T04:20', '2026-11-21T04:30']],
  ])('%s is due at %j', (expression, due) => {
    expect(dueAfter(expression, due.length)).toEqual(due);
  });

  it.each([
    ['cron(0 0 L * ? *)', ['2026-11-30T00:00', '2026-12-31T00:00']],
    ['cron(0 0 LW * ? *)', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-29T00:00']],
    [
      'cron(0 0 1W * ? *)',
      [
        '2026-12-01T00:00',
        '2027-01-01T00:00',
        '2027-02-01T00:00',
        '2027-03-01T00:00',
        '2027-04-01T00:00',
        '2027-05-03T00:00',
      ],
    ],
    ['cron(0 0 22W * ? *)', ['2026-11-23T00:00', '2026-12-22T00:00']],
    ['cron(0 0 ? * L *)', ['2026-11-28T00:00', '2026-12-05T00:00']],
    ['cron(15 10 ? * 6L *)', ['2026-11-27T10:15', '2026-12-25T10:15']],
    ['cron(0 2 ? * SAT#3 *)', ['2026-12-19T02:00', '2027-01-16T02:00']],
    ['cron(0 2 ? * 3#5 *)', ['2026-12-29T02:00', '2027-03-30T02:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['cron(0 0 1 1 ? 2030/10)', ['2030-01-01T00:00', '2040-01-01T00:00']],
  ])('%s finds the day: %j', (expression, due) => {
    expect(dueAfter(expression, due.length)).toEqual(due);
  });

  it('goes on past midnight in a range that ends before it begins, on the days that it names', () => {
    expect(dueAfter('cron(0/30 23-0 ? * MON-FRI *)', 6)).toEqual([
      '2026-11-23T00:00',
      '2026-11-23T00:30',
      '2026-11-23T23:00',
      '2026-11-23T23:30',
      '2026-11-24T00:00',
      '2026-11-24T00:30',
    ]);
  });

  it.each(['cron(15 10 ? * 6L 2002-2005)', 'cron(0 0 31 2 ? *)'])(
    '%s is accepted, and never due',
    (expression) => {
      expect(dueAfter(expression, 1)).toEqual([]);
    },
  );

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 hours)',
    'rate(5 weeks)',
    'at(2026-11-21T03:00:00)',
    'cron(INVALID)',
    'cron(0 dummy ? * MON-FRI *)',
    'cron(7 20 * * NOT *)',
    'cron(71 8 1 * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 1 * * * *)',
    'cron(0 1 ? * ? *)',
    'cron(0 1 1 * MON *)',
    'cron(0 1 * * ?)',
    'cron(0 1 * * ? * *)',
    'cron(0/0 1 * * ? *)',
    'cron(0 1 ? * 3#1,6#3 *)',
    'cron(0 1 ? * 3#6 *)',
    'cron(0 1 ? * 0 *)',
    'cron(0 1 32 * ? *)',
    'cron(0 1 * 13 ? *)',
    'cron(0 1 * * ? 2200)',
  ])('%s is refused', (expression) => {
    expect(refusalOf(() => parseSchedule(expression, START_MS))).toBe(
      'ValidationException: Parameter ScheduleExpression is not valid.',
    );
  });
});

describe('a schedule that somebody looks on at', () => {
  it('fires for ever, with the nominal time in the event', async () => {
    const bench = createBench({ scheduleDelayMs: { min: 7 * SECOND, max: 7 * SECOND } });
    const heard: unknown[] = [];
    bench.cloud.events.putRule({
      account: ACCOUNT,
      region: HOME,
      bus: 'default',
      name: 'tick',
      schedule: 'rate(5 minutes)',
      deliver: (tick) => heard.push(tick),
    });
    await bench.pass(HOUR + 10 * SECOND);
    expect(heard).toHaveLength(12);
    expect(heard[11]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-11-21T04:00:00Z',
      resources: ['arn:aws:events:eu-central-1:111122223333:rule/tick'],
      detail: {},
    });
  });

  it('sends the input of the rule instead of an event', async () => {
    const bench = createBench();
    const heard: unknown[] = [];
    bench.cloud.events.putRule({
      account: ACCOUNT,
      region: HOME,
      bus: 'default',
      name: 'tick',
      schedule: 'rate(1 minute)',
      input: { sweep: true },
      deliver: (tick) => heard.push(tick),
    });
    await bench.pass(MINUTE);
    expect(heard).toEqual([{ sweep: true }]);
  });
});
