import type { PutEventsRequestEntry, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import { compilePattern } from '../../simulator/services/event-pattern.ts';
import { parseSchedule } from '../../simulator/services/schedule-expression.ts';
import {
  ACCOUNT,
  createBench,
  HOME,
  HOUR,
  listen,
  makeImage,
  MINUTE,
  START_MS,
} from './fixture.ts';

const event = {
  source: 'aws.ec2',
  account: '111122223333',
  resources: ['arn:aws:ec2:eu-central-1::image/ami-1', 'other'],
  detail: { State: 'available', ErrorMessage: '', nested: { deep: 7 } },
};

describe('event patterns', () => {
  it.each([
    [{ source: ['aws.ec2'] }, true],
    [{ source: ['aws.s3', 'aws.ec2'] }, true],
    [{ source: ['aws.s3'] }, false],
    [{ source: ['aws.ec2'], detail: { State: ['failed'] } }, false],
    [{ detail: { State: ['available', 'failed'], nested: { deep: [7] } } }, true],
    [{ detail: { nested: { deep: ['7'] } } }, false],
    [{ detail: { state: ['available'] } }, false],
    [{ resources: [{ suffix: '/ami-1' }] }, true],
    [{ source: [{ prefix: 'aws.' }] }, true],
    [{ source: [{ prefix: 'imago.' }] }, false],
    [{ detail: { ErrorMessage: [{ exists: true }] } }, true],
    [{ detail: { Missing: [{ exists: false }] } }, true],
    [{ detail: { Missing: [{ exists: true }] } }, false],
    [{ detail: { State: [{ 'anything-but': ['failed', 'disabled'] }] } }, true],
    [{ detail: { State: [{ 'anything-but': 'available' }] } }, false],
    [{ detail: { State: [{ 'anything-but': { prefix: 'avail' } }] } }, false],
    [{ detail: { Missing: [{ 'anything-but': 'available' }] } }, false],
    [{ detail: { State: [{ 'equals-ignore-case': 'AVAILABLE' }] } }, true],
    [{ resources: [{ wildcard: 'arn:aws:ec2:*::image/*' }] }, true],
  ])('%j matches: %s', (pattern, isMatch) => {
    expect(compilePattern(pattern)(event)).toBe(isMatch);
  });

  it.each([
    [{ detail: { size: [{ numeric: ['>', 1] }] } }, "at detail.size: the operator 'numeric'"],
    [{ $or: [{ source: ['a'] }] }, "at the top: '$or' is not served"],
    [{ source: 'aws.ec2' }, 'at source: a list of alternatives'],
    [{ source: [{ exists: 'yes' }] }, 'at source: exists takes true or false'],
    [{ source: [] }, 'at source: an empty list'],
  ])('%j is refused when the rule is made', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});

describe('schedules', () => {
  it.each([
    ['rate(5 minutes)', '2026-11-21T03:05:00.000Z', '2026-11-21T03:10:00.000Z'],
    ['rate(1 hour)', '2026-11-21T04:00:00.000Z', '2026-11-21T05:00:00.000Z'],
    ['cron(0 6 * * ? *)', '2026-11-21T06:00:00.000Z', '2026-11-22T06:00:00.000Z'],
    ['cron(30 2 * * ? *)', '2026-11-22T02:30:00.000Z', '2026-11-23T02:30:00.000Z'],
    ['cron(0/20 * * * ? *)', '2026-11-21T03:20:00.000Z', '2026-11-21T03:40:00.000Z'],
  ])('%s is due at %s and then at %s', (expression, first, second) => {
    const next = parseSchedule(expression, START_MS);
    const firstMs = next(START_MS);
    expect(new Date(firstMs).toISOString()).toBe(first);
    expect(new Date(next(firstMs)).toISOString()).toBe(second);
  });

  it.each(['rate(1 minutes)', 'rate(5 minute)', 'rate(0 hours)', 'cron(0 6 1 * ? *)', 'at(2026)'])(
    '%s is refused by name',
    (expression) => {
      expect(() => parseSchedule(expression, START_MS)).toThrow(`'${expression}' is not served`);
    },
  );

  it('fire for ever, with the nominal time in the event', async () => {
    const bench = createBench({ scheduleDelayMs: { min: 7_000, max: 7_000 } });
    const heard: unknown[] = [];
    bench.cloud.events.putRule({
      account: ACCOUNT,
      region: HOME,
      bus: 'default',
      name: 'tick',
      schedule: 'rate(5 minutes)',
      deliver: (tick) => heard.push(tick),
    });
    await bench.pass(HOUR + 10_000);
    expect(heard).toHaveLength(12);
    expect(heard[11]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-11-21T04:00:00Z',
      resources: ['arn:aws:events:eu-central-1:111122223333:rule/tick'],
      detail: {},
    });
  });

  it('send the input of the rule instead of an event', async () => {
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

describe('delivery of EC2 events', () => {
  it('loses and remembers every event when all are lost', async () => {
    const bench = createBench({ eventLoss: 1 });
    const heard = listen(bench);
    const imageId = makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toEqual([]);
    expect(bench.cloud.lostEvents).toMatchObject([
      { rule: 'listener', event: { detail: { ImageId: imageId, State: 'available' } } },
    ]);
  });

  it('brings an event twice, with the same id, when all are doubled', async () => {
    const bench = createBench({ eventDuplicate: 1 });
    const heard = listen(bench);
    makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toHaveLength(2);
    expect(heard[0]?.id).toBe(heard[1]?.id);
  });

  it('does not reach a rule of another Region', async () => {
    const bench = createBench();
    const heard = listen(bench, 'eu-west-1');
    makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toEqual([]);
  });
});

const putEvents = (cloud: EmbeddedCloud, Entries: readonly PutEventsRequestEntry[]) =>
  cloud.services
    .find((service) => service.id === 'events')
    ?.operations.PutEvents?.answer({ Entries }, cloud.callAs(ACCOUNT, HOME)) as PutEventsResponse;

const entry = { Source: 'imago', DetailType: 'done', Detail: '{"n":1}', EventBusName: 'outcomes' };

describe('PutEvents', () => {
  it('brings a custom event to the rules of its bus even when EC2 events are lost', async () => {
    const { cloud, pass } = createBench({ eventLoss: 1 });
    cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
    const heard: unknown[] = [];
    cloud.events.putRule({
      account: ACCOUNT,
      region: HOME,
      bus: 'outcomes',
      name: 'all',
      pattern: { source: ['imago'] },
      deliver: (done) => heard.push(done),
    });
    const result = putEvents(cloud, [entry]);
    await pass(MINUTE);
    expect(result.FailedEntryCount).toBe(0);
    expect(heard).toMatchObject([{ id: result.Entries?.[0]?.EventId, detail: { n: 1 } }]);
    expect(cloud.events.putEvents).toMatchObject([{ bus: 'outcomes', event: { source: 'imago' } }]);
  });

  it.each([
    [{ Detail: 'no json' }, 'MalformedDetail'],
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Source: 'aws.ec2' }, 'NotAuthorizedForSourceException'],
    [{ EventBusName: 'nowhere' }, 'InvalidArgument'],
    [{ DetailType: '' }, 'InvalidArgument'],
  ])('refuses the entry with %j alone, with %s', (more, code) => {
    const { cloud } = createBench();
    cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
    const { FailedEntryCount, Entries } = putEvents(cloud, [entry, { ...entry, ...more }]);
    expect(FailedEntryCount).toBe(1);
    expect(Entries?.map((one) => one.ErrorCode)).toEqual([undefined, code]);
  });

  it('fails entries of its own accord as often as the manners say', () => {
    const { cloud } = createBench({ putEventsEntryFailure: 1 });
    cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
    expect(putEvents(cloud, [entry]).Entries?.[0]?.ErrorCode).toBe('InternalFailure');
    expect(cloud.events.putEvents).toEqual([]);
  });

  it('takes neither eleven entries nor more than 256 KiB', () => {
    const { cloud } = createBench();
    const big = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(256 * 1_024) }) };
    expect(() =>
      putEvents(
        cloud,
        Array.from({ length: 11 }, () => entry),
      ),
    ).toThrow('1 to 10');
    expect(() => putEvents(cloud, [big])).toThrow('Total size of the entries');
  });
});
