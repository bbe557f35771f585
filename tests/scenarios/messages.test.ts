import { describe, expect, test } from 'vitest';
import { ACCOUNT, DR, HOME, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 7 }
    copyTo: [{ region: eu-west-1, keep: { last: 7 } }]
`;

const GROUP = `${ACCOUNT}/${HOME}`;

const aNight = () =>
  aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
  });

describe('a message that cannot be read', () => {
  test.each([
    ['is no JSON', 'hello'],
    ['is another command', '{"version":1,"kind":"remove-everything"}'],
    ['is of a version to come', '{"version":2,"kind":"reconcile","runId":"x","hop":0}'],
    ['names no account', '{"version":1,"kind":"reconcile","target":{"account":"1","region":"x"}}'],
  ])('goes to the dead-letter queue where it %s, and its group goes on', async (_, body) => {
    const { until, send, images, deadLetters, logged } = aNight();
    await until('2026-11-03T02:00:00Z');
    send('backup', { body, groupId: GROUP, deduplicationId: 'bad' });

    await until('2026-11-03T02:01:00Z');

    expect(images()).toMatchObject([{ madeAt: '2026-11-03T02:00:30Z' }]);
    expect(deadLetters('backup')).toEqual([body]);
    expect(
      logged('').filter(({ message }) => message.endsWith('to the dead-letter queue')),
    ).toEqual([
      expect.objectContaining({ problem: expect.stringMatching(/^malformed command: /) }),
    ]);
  });

  test('goes there from the retirement queue too, and retirement goes on', async () => {
    const { until, send, deadLetters, logged } = aNight();
    await until('2026-11-03T04:30:00Z');
    send('retire', { body: '{}', groupId: GROUP, deduplicationId: 'bad' });

    await until('2026-11-03T04:31:00Z');

    expect(deadLetters('retire')).toEqual(['{}']);
    expect(new Set(logged('retired').map(({ target }) => target))).toEqual(
      new Set(['111122223333/eu-central-1', '111122223333/eu-west-1']),
    );
  });
});

test('an event of an unknown shape fails its invocation, is tried twice again, and is dropped', async () => {
  const { until, cloud } = aNight();
  cloud.events.announce({
    account: ACCOUNT,
    region: HOME,
    detailType: 'EC2 AMI State Change',
    resources: [],
    detail: { State: 'available', Image: 'none' },
  });

  await until('2026-11-03T01:34:00Z');

  expect(cloud.lambda.find(ACCOUNT, HOME, 'imago-dev-on-ec2-event').counts).toMatchObject({
    invocations: 3,
    failures: 3,
  });
  expect(cloud.lambda.droppedEvents).toMatchObject([
    {
      functionName: 'imago-dev-on-ec2-event',
      error: {
        message:
          'malformed EC2 event: expected an EC2 AMI State Change, an EC2 Instance State-change Notification or a Tag Change on Resource of an instance',
      },
    },
  ]);
});

describe('duplicates', () => {
  test('of every event make one point and one copy', async () => {
    const { until, cloud, images, calls } = aNight();
    cloud.behave({ eventDuplicate: 1 });

    await until('2026-11-03T03:30:00Z');

    expect([images().length, images(DR).length]).toEqual([1, 1]);
    expect([calls('CreateImage'), calls('CopyImage')]).toEqual([1, 1]);
  });

  test('of a command make one point', async () => {
    const { until, send, images, calls } = aNight();
    await until('2026-11-03T02:00:00Z');
    const target = { account: ACCOUNT, region: HOME };
    for (const runId of ['first', 'second', 'third']) {
      const command = { version: 1, kind: 'reconcile', target, isSweep: false, runId, hop: 0 };
      const body = JSON.stringify(command);
      send('backup', { body, groupId: GROUP, deduplicationId: runId });
    }

    await until('2026-11-03T02:04:00Z');

    expect([images().length, calls('CreateImage')]).toEqual([1, 1]);
  });

  test('of a dispatch make one point', async () => {
    const { until, cloud, images, calls } = aNight();
    const dispatch = cloud.lambda.find(ACCOUNT, HOME, 'imago-dev-dispatch');
    for (const time of ['2026-11-03T02:00:00Z', '2026-11-03T02:00:00Z', '2026-11-03T02:00:00Z']) {
      await until('2026-11-03T02:00:00Z');
      cloud.lambda.invokeAsync(dispatch, { 'detail-type': 'Scheduled Event', time });
    }

    await until('2026-11-03T02:04:00Z');

    expect([images().length, calls('CreateImage')]).toEqual([1, 1]);
  });
});

describe('a creation whose answer is lost', () => {
  const NAME = /\/2026-11-03T02-00-00Z$/;

  test('is adopted by the call that repeats it', async () => {
    const { until, loseAnswer, images, logged, calls } = aNight();
    loseAnswer({ action: 'CreateImage', nth: 1 }, { code: 'InternalError', status: 500 });

    await until('2026-11-03T03:30:00Z');

    expect(images().map(({ name, state }) => [name, state])).toEqual([
      [expect.stringMatching(NAME), 'available'],
    ]);
    expect(calls('CreateImage')).toBe(2);
    expect(logged('create already so')).toHaveLength(1);
  });

  test('is found by the next pass, where the call is not repeated', async () => {
    const { until, loseAnswer, images, calls } = aNight();
    loseAnswer({ action: 'CreateImage', nth: 1 }, { code: 'Unavailable', status: 400 });

    await until('2026-11-03T03:30:00Z');

    expect(images()).toMatchObject([{ name: expect.stringMatching(NAME), state: 'available' }]);
    expect(calls('CreateImage')).toBe(1);
  });

  test('is left to a later pass while its image cannot be seen yet', async () => {
    const { until, loseAnswer, images, logged, cloud } = aNight();
    cloud.behave({ visibilityLagMs: { min: 120_000, max: 120_000 } });
    loseAnswer({ action: 'CreateImage', nth: 1 }, { code: 'InternalError', status: 500 });

    await until('2026-11-03T03:30:00Z');

    expect(images()).toMatchObject([{ name: expect.stringMatching(NAME), state: 'available' }]);
    expect(logged('create later')).toMatchObject([{ code: 'InvalidAMIName.Duplicate' }]);
  });

  test('of a copy is one copy, by its client token', async () => {
    const { until, loseAnswer, images, calls } = aNight();
    loseAnswer({ action: 'CopyImage', nth: 1 }, { code: 'InternalError', status: 500 });

    await until('2026-11-03T03:30:00Z');

    expect(images(DR)).toMatchObject([{ name: expect.stringMatching(NAME), state: 'available' }]);
    expect(calls('CopyImage')).toBe(2);
  });
});

test("a name that a stranger's image has taken is reported, and never taken over", async () => {
  const { id, until, cloud, byHand, images, published } = aNight();
  const Name = `imago/dev/daily/${id('web-1')}/2026-11-03T02-00-00Z`;
  cloud.ec2.CreateImage({ InstanceId: id('web-1'), Name }, byHand());
  const [stranger] = images();

  await until('2026-11-03T02:04:00Z');

  expect(images().map(({ imageId }) => imageId)).toEqual([stranger?.imageId]);
  expect(published()).toMatchObject([
    {
      type: 'Imago Recovery Point Failed',
      detail: {
        error: {
          code: 'InvalidAMIName.Duplicate',
          message: `${Name} is taken by ${stranger?.imageId}: OWN-02 not-ours`,
        },
      },
    },
  ]);
});
