import type { ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import type { Manners } from '../../simulator/manners.ts';
import { createRandom } from '../../simulator/random.ts';
import { ACCOUNT, createBench, HOME, HOUR, MINUTE, SECOND } from './fixture.ts';
import { createScalingBench } from './scaling-fixture.ts';
import { askOf, refusalOf } from './services.ts';

const AT = { account: ACCOUNT, region: HOME };

/** The same world again, in a cloud of its own that stands at the same instant. */
const saveAndLoad = (cloud: EmbeddedCloud) => {
  const saved = structuredClone(cloud.save());
  const clock = new VirtualClock(saved.nowMs);
  const loaded = createCloud({ clock, random: createRandom(1) });
  loaded.load(saved);
  const pass = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  const queue = (name: string) => loaded.queues.find(ACCOUNT, HOME, name);
  return { loaded, pass, queue };
};

const bodiesOf = (messages: readonly { readonly body: string }[]) =>
  messages.map(({ body }) => body);

describe('a saved FIFO queue', () => {
  it('has its messages, what is in flight and its memory when it is loaded', async () => {
    const { cloud } = createBench();
    const asked = { ...AT, name: 'work.fifo', isFifo: true, visibilityTimeoutSeconds: 60 };
    const queue = cloud.queues.create(asked);
    for (const body of ['a', 'b']) queue.send({ body, groupId: 'g', deduplicationId: body });
    queue.send({ body: 'c', groupId: 'other', deduplicationId: 'c' });
    const input = { QueueUrl: queue.url };
    const { Messages } = askOf(cloud, 'sqs')<ReceiveMessageResult>('ReceiveMessage', input);
    const { pass, queue: named } = saveAndLoad(cloud);
    const same = named('work.fifo');
    expect(same.messages).toEqual(queue.messages);
    expect(bodiesOf(same.receive(10))).toEqual(['c']);
    same.send({ body: 'again', groupId: 'g', deduplicationId: 'a' });
    expect(same.messages).toHaveLength(3);
    same.delete(Messages?.[0]?.ReceiptHandle ?? '');
    expect(bodiesOf(same.receive(10))).toEqual(['b']);
    await pass(HOUR);
    expect(bodiesOf(same.receive(10))).toEqual(['c', 'b']);
  });
});

describe('a saved message move task', () => {
  it('moves on when it is loaded', async () => {
    const { cloud, pass: passBefore } = createBench();
    const dead = cloud.queues.create({ ...AT, name: 'dead' });
    const redrive = { deadLetterArn: dead.arn, maxReceiveCount: 1 };
    cloud.queues.create({ ...AT, name: 'work', redrive });
    const other = cloud.queues.create({ ...AT, name: 'other' });
    for (const body of ['a', 'b', 'c']) dead.send({ body });
    askOf(cloud, 'sqs')('StartMessageMoveTask', {
      SourceArn: dead.arn,
      DestinationArn: other.arn,
      MaxNumberOfMessagesPerSecond: 1,
    });
    await passBefore(SECOND);
    expect(bodiesOf(other.messages)).toEqual(['a']);
    const { loaded, pass, queue } = saveAndLoad(cloud);
    await pass(MINUTE);
    expect(bodiesOf(queue('other').messages)).toEqual(['a', 'b', 'c']);
    const { Results } = askOf(loaded, 'sqs')('ListMessageMoveTasks', { SourceArn: dead.arn });
    expect(Results).toMatchObject([{ Status: 'COMPLETED' }]);
  });
});

describe('a saved event bus', () => {
  const aRule = (spec: object, manners: Partial<Manners> = {}) => {
    const { cloud, pass } = createBench(manners);
    const ask = askOf(cloud, 'events');
    const heard = cloud.queues.create({ ...AT, name: 'heard' });
    const put = (n: number) =>
      ask('PutEvents', {
        Entries: [
          { Source: 'a', DetailType: 'd', EventBusName: 'mine', Detail: JSON.stringify({ n }) },
        ],
      });
    ask('CreateEventBus', { Name: 'mine' });
    ask('PutRule', { Name: 'rule', ...spec });
    const { EventBusName } = spec as { EventBusName?: string };
    const Targets = [{ Id: 't', Arn: heard.arn, InputPath: '$.detail.n' }];
    ask('PutTargets', { Rule: 'rule', EventBusName, Targets });
    return { cloud, pass, ask, heard, put };
  };
  const ofMine = { EventBusName: 'mine', EventPattern: '{"source":["a"]}' };

  it('delivers an event that was under way, once, and those that come later', async () => {
    const { cloud, heard, put } = aRule(ofMine, { eventDelayMs: { min: MINUTE, max: MINUTE } });
    put(1);
    const { loaded, pass, queue } = saveAndLoad(cloud);
    expect(heard.messages).toEqual([]);
    await pass(2 * MINUTE);
    expect(bodiesOf(queue('heard').messages)).toEqual(['1']);
    askOf(loaded, 'events')('PutEvents', {
      Entries: [{ Source: 'a', DetailType: 'd', EventBusName: 'mine', Detail: '{"n":2}' }],
    });
    await pass(2 * MINUTE);
    expect(bodiesOf(queue('heard').messages)).toEqual(['1', '2']);
  });

  it('goes on trying to deliver what has failed so far', async () => {
    const { cloud, put, pass: passBefore } = aRule(ofMine, { deliveryFailure: 1 });
    put(1);
    await passBefore(MINUTE);
    const { loaded, pass, queue } = saveAndLoad(cloud);
    loaded.behave({ deliveryFailure: 0 });
    await pass(HOUR);
    expect(bodiesOf(queue('heard').messages)).toEqual(['1']);
  });

  it('keeps the beat of its schedules', async () => {
    const spec = { ScheduleExpression: 'rate(10 minutes)' };
    const { cloud, ask, heard, pass: passBefore } = aRule(spec);
    ask('PutTargets', {
      Rule: 'rule',
      Targets: [{ Id: 't', Arn: heard.arn, InputPath: '$.time' }],
    });
    await passBefore(16 * MINUTE);
    const { pass, queue } = saveAndLoad(cloud);
    await pass(16 * MINUTE);
    expect(bodiesOf(queue('heard').messages)).toEqual([
      '"2026-11-21T03:10:00Z"',
      '"2026-11-21T03:20:00Z"',
      '"2026-11-21T03:30:00Z"',
    ]);
  });
});

describe('saved sessions', () => {
  it('are known when they are loaded', () => {
    const { cloud } = createBench();
    const RoleArn = 'arn:aws:iam::444455556666:role/Reader';
    const assumed = askOf(cloud, 'sts')('AssumeRole', { RoleArn, RoleSessionName: 'run' });
    const { AccessKeyId: accessKeyId } = assumed['Credentials'] as { AccessKeyId: string };
    const { loaded } = saveAndLoad(cloud);
    const call = { ...loaded.callAs('444455556666', HOME), accessKeyId };
    expect(askOf(loaded, 'sts')('GetCallerIdentity', {}, call)).toMatchObject({
      Arn: 'arn:aws:sts::444455556666:assumed-role/Reader/run',
    });
  });
});

describe('a saved Auto Scaling group', () => {
  it('has its instances, and goes on with what it was about to do', async () => {
    const { ask, cloud, create, instancesOf, pass: passBefore } = createScalingBench();
    create('blue', { MinSize: 1 });
    await passBefore(MINUTE);
    const held = instancesOf('blue');
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 2 });
    const { loaded, pass } = saveAndLoad(cloud);
    const again = () => askOf(loaded, 'autoscaling')('DescribeAutoScalingGroups');
    expect(again()).toMatchObject({ AutoScalingGroups: [{ Instances: held }] });
    await pass(MINUTE);
    expect(again()).toMatchObject({ AutoScalingGroups: [{ Instances: [...held, {}] }] });
    const ofLoaded = askOf(loaded, 'autoscaling')('DescribeLaunchConfigurations');
    expect(ofLoaded).toMatchObject({
      LaunchConfigurations: [{ LaunchConfigurationName: 'old-web' }],
    });
  });
});

describe('saved parameters', () => {
  it('have their versions and labels when they are loaded', () => {
    const { cloud } = createBench();
    const ask = askOf(cloud, 'ssm');
    ask('PutParameter', { Name: 'a', Value: '1', Type: 'String' });
    ask('LabelParameterVersion', { Name: 'a', Labels: ['old'] });
    ask('PutParameter', { Name: 'a', Value: '2', Overwrite: true });
    const { loaded } = saveAndLoad(cloud);
    const again = askOf(loaded, 'ssm');
    const valueOf = (Name: string) => again('GetParameter', { Name })['Parameter'];
    expect(valueOf('a')).toMatchObject({ Value: '2', Version: 2 });
    expect(valueOf('a:old')).toMatchObject({ Value: '1', Version: 1 });
    expect(refusalOf(() => valueOf('a:3'))).toContain('ParameterVersionNotFound');
  });
});
