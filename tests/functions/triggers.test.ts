import { describe, expect, test } from 'vitest';
import { createHandler as dispatch } from '../../functions/dispatch.ts';
import { createHandler as onEc2Event } from '../../functions/on-ec2-event.ts';
import { createHandler as report } from '../../functions/report.ts';
import { MalformedError } from '../../shared/config/messages.ts';
import { ACCOUNT, createStage, HOME, scheduledEvent, type Stage } from './fixture.ts';

const bodiesOf = (stage: Stage, queue: 'backup' | 'retire') =>
  stage.queue(queue).messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

const imageEvent = (detail: Readonly<Record<string, unknown>> = {}, region = HOME.region) => ({
  version: '0',
  id: 'event-2',
  'detail-type': 'EC2 AMI State Change',
  source: 'aws.ec2',
  account: ACCOUNT,
  time: '2026-11-21T01:03:00Z',
  region,
  resources: [],
  detail: { ImageId: 'ami-0123456789abcdef0', State: 'available', ...detail },
});

const instanceEvent = (id: string, state = 'running') => ({
  ...imageEvent(),
  'detail-type': 'EC2 Instance State-change Notification',
  detail: { 'instance-id': id, state },
});

describe('dispatch', () => {
  test('wakes the home in the period of a slot, and says whom it woke', async () => {
    const stage = createStage();

    const reply = await stage.invoke(dispatch, scheduledEvent('2026-11-21T01:00:00Z'));

    expect(reply).toEqual({ reconcile: ['111122223333/eu-central-1'], retire: [] });
    expect(bodiesOf(stage, 'backup')).toMatchObject([
      { kind: 'reconcile', target: HOME, runId: 'slot-2026-11-21T01-00-00Z' },
    ]);
  });

  test("goes by the time that the schedule meant, not by the clock's", async () => {
    const stage = createStage({ start: '2026-11-21T09:17:00Z' });

    await stage.invoke(dispatch, scheduledEvent('2026-11-21T04:30:00Z'));

    expect(bodiesOf(stage, 'retire').map(({ runId, target }) => [runId, target])).toEqual([
      ['retire-2026-11-21T04-30-00Z', HOME],
      ['retire-2026-11-21T04-30-00Z', { account: ACCOUNT, region: 'eu-west-1' }],
    ]);
  });

  test('sends the same messages when its event comes twice, of which the queue keeps one', async () => {
    const stage = createStage();

    await stage.invoke(dispatch, scheduledEvent('2026-11-21T01:00:00Z'));
    await stage.invoke(dispatch, scheduledEvent('2026-11-21T01:00:00Z'));

    expect(bodiesOf(stage, 'backup')).toHaveLength(1);
  });

  test('calls nothing but its queues', async () => {
    const stage = createStage();

    await stage.invoke(dispatch, scheduledEvent('2026-11-21T01:00:00Z'));

    expect(stage.cloud.calls.counts().map(({ action }) => action)).toEqual(['SendMessageBatch']);
  });

  test.each([
    ['time', { ...scheduledEvent('x'), time: undefined }, 'time'],
    ['time', scheduledEvent('at two'), 'time'],
    ['type', { ...scheduledEvent('2026-11-21T01:00:00Z'), 'detail-type': 'Other' }, 'detail-type'],
  ])('refuses an event with another %s, and names the field', async (_what, event, field) => {
    const invoked = createStage().invoke(dispatch, event);

    await expect(invoked).rejects.toThrow(MalformedError);
    await expect(invoked).rejects.toThrow(`malformed scheduled event: ${field}: `);
  });
});

describe('on-ec2-event', () => {
  test('wakes the destinations when an image at home becomes available', async () => {
    const stage = createStage();

    const reply = await stage.invoke(onEc2Event, imageEvent());

    expect(reply).toEqual({
      woken: [{ account: ACCOUNT, region: 'eu-west-1' }],
      because: 'a point may be copied',
    });
    expect(bodiesOf(stage, 'backup')).toMatchObject([{ target: { region: 'eu-west-1' } }]);
  });

  test('wakes the home when one of its images fails', async () => {
    const stage = createStage();

    await stage.invoke(onEc2Event, imageEvent({ State: 'failed' }));

    expect(bodiesOf(stage, 'backup')).toMatchObject([{ target: HOME, isSweep: false }]);
  });

  test('wakes the home when an instance that a policy selects starts', async () => {
    const stage = createStage();

    await stage.invoke(onEc2Event, instanceEvent(stage.id('web-1')));

    expect(bodiesOf(stage, 'backup')).toMatchObject([{ target: HOME }]);
    expect(stage.cloud.calls.count('DescribeInstances')).toBe(1);
  });

  test('wakes nobody when the instance is of no policy, after one read', async () => {
    const stage = createStage();

    const reply = await stage.invoke(onEc2Event, instanceEvent(stage.id('legacy')));

    expect(reply).toEqual({ woken: [], because: 'no policy selects it' });
    expect(bodiesOf(stage, 'backup')).toEqual([]);
    expect(stage.cloud.calls.count('DescribeInstances')).toBe(1);
  });

  test('fails when the instance cannot be read, so that the event comes again', async () => {
    const stage = createStage();
    stage.cloud.inject({ action: 'DescribeInstances', code: 'UnauthorizedOperation', status: 403 });

    await expect(stage.invoke(onEc2Event, instanceEvent(stage.id('web-1')))).rejects.toThrow(
      'could not be read: UnauthorizedOperation',
    );
  });

  test.each([
    ['of another kind', { ...imageEvent(), 'detail-type': 'EBS Volume Notification' }],
    ['of an image without its id', imageEvent({ ImageId: undefined })],
    ['of an unknown state', imageEvent({ State: 'sleeping' })],
    ['of an instance whose id is none', instanceEvent('web-1')],
  ])('refuses an event %s, and says what it expects', async (_what, event) => {
    const invoked = createStage().invoke(onEc2Event, event);

    await expect(invoked).rejects.toThrow(MalformedError);
    await expect(invoked).rejects.toThrow(
      'malformed EC2 event: expected an EC2 AMI State Change, an EC2 Instance State-change',
    );
  });
});

describe('report', () => {
  test('tells how well the home is covered, on the bus and in metrics', async () => {
    const stage = createStage();

    const reply = await stage.invoke(report, scheduledEvent('2026-11-21T06:00:00Z'));

    const summary = {
      home: '111122223333/eu-central-1',
      ok: 0,
      breaches: 9,
      unprotected: 2,
      excluded: 1,
      withoutCopy: 9,
      unread: [],
    };
    expect(reply).toEqual([summary]);
    expect(stage.cloud.events.putEvents).toMatchObject([
      {
        bus: 'outcomes',
        event: {
          source: 'imago',
          'detail-type': 'Imago Coverage Report',
          detail: { version: 1, deployment: 'prod', ...summary },
        },
      },
    ]);
    expect(stage.metrics()).toMatchObject([{ deployment: 'prod', RpoBreaches: 9 }]);
  });

  test('fails when it cannot see its home whole: half a report would look like a good one', async () => {
    const stage = createStage();
    stage.cloud.inject({ action: 'DescribeImages', region: HOME.region, code: 'AuthFailure' });

    await expect(stage.invoke(report, scheduledEvent('2026-11-21T06:00:00Z'))).rejects.toThrow(
      '111122223333/eu-central-1 could not be read whole',
    );
  });

  test('refuses an event without its time, and names the field', async () => {
    const invoked = createStage().invoke(report, { 'detail-type': 'Scheduled Event' });

    await expect(invoked).rejects.toThrow('malformed scheduled event: time: ');
  });
});
