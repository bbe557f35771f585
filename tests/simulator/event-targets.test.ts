import type { Target } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import type { Manners } from '../../simulator/manners.ts';
import type { Queue } from '../../simulator/services/sqs/queue.ts';
import { ACCOUNT, createBench, DR, HOME, HOUR, MINUTE, SECOND } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const AT = { account: ACCOUNT, region: HOME };
const OTHER = '444455556666';

/** A rule for events of `a`, and a queue as its target. */
const aRule = (target: Partial<Target> = {}, manners: Partial<Manners> = {}) => {
  const bench = createBench(manners);
  const { cloud } = bench;
  const ask = askOf(cloud, 'events');
  const queue = cloud.queues.create({ ...AT, name: 'heard' });
  const dead = cloud.queues.create({ ...AT, name: 'dead' });
  const EventPattern = '{"source":["a"]}';
  ask('PutRule', { Name: 'rule', EventPattern });
  ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 't', Arn: queue.arn, ...target }] });
  const put = (detail: object = { n: 1 }, call = bench.home()) =>
    ask(
      'PutEvents',
      { Entries: [{ Source: 'a', DetailType: 'd', Detail: JSON.stringify(detail) }] },
      call,
    );
  return { ...bench, ask, queue, dead, put };
};

const bodiesOf = (queue: Queue): unknown[] =>
  queue.messages.map(({ body }): unknown => JSON.parse(body));

describe('a queue as a target', () => {
  it('receives the event after its delay', async () => {
    const { put, queue, pass } = aRule();
    put({ n: 1 });
    await pass(SECOND - 1);
    expect(queue.messages).toEqual([]);
    await pass(1);
    expect(bodiesOf(queue)).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'd',
        source: 'a',
        account: '111122223333',
        time: '2026-11-21T03:00:00Z',
        region: 'eu-central-1',
        resources: [],
        detail: { n: 1 },
      },
    ]);
  });

  it('that is FIFO receives it in the group of the target', async () => {
    const { cloud, ask, put, pass } = aRule();
    const fifo = cloud.queues.create({
      ...AT,
      name: 'heard.fifo',
      isFifo: true,
      contentBasedDeduplication: true,
    });
    const SqsParameters = { MessageGroupId: 'g' };
    ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 't', Arn: fifo.arn, SqsParameters }] });
    put();
    await pass(SECOND);
    expect(fifo.messages).toMatchObject([{ groupId: 'g' }]);
  });

  it('hears nothing of a rule that is disabled, or of events of another account', async () => {
    const { cloud, ask, put, queue, pass } = aRule();
    put({}, cloud.callAs(OTHER, HOME));
    ask('DisableRule', { Name: 'rule' });
    put();
    await pass(MINUTE);
    expect(queue.messages).toEqual([]);
  });

  it('is asked for its policy when policies are enforced, and not when they are ignored', async () => {
    const { cloud, put, queue, pass } = aRule({}, { queuePolicies: 'enforced' });
    put({ n: 1 });
    await pass(SECOND);
    expect(queue.messages).toEqual([]);
    expect(cloud.events.failedDeliveries).toMatchObject([{ rule: 'rule', code: 'NO_PERMISSIONS' }]);
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue.arn,
      Condition: {
        ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-central-1:111122223333:rule/rule' },
      },
    };
    askOf(cloud, 'sqs')('SetQueueAttributes', {
      QueueUrl: queue.url,
      Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
    });
    put({ n: 2 });
    await pass(SECOND);
    expect(bodiesOf(queue)).toMatchObject([{ detail: { n: 2 } }]);
  });
});

describe('the input of a target', () => {
  const paths = {
    id: '$.detail.id',
    all: '$.detail',
    first: '$.detail.list[0]',
    none: '$.detail.none',
  };
  const detail = { id: 'x-1', list: ['HIGH'], isOk: true };
  const transformed = (InputTemplate: string) => ({
    InputTransformer: { InputPathsMap: paths, InputTemplate },
  });

  it.each([
    [{ Input: '{"sweep":true}' }, '{"sweep":true}'],
    [{ InputPath: '$.detail.list' }, '["HIGH"]'],
    [{ InputPath: "$.detail['id']" }, '"x-1"'],
    [transformed('{"id": <id>, "all": <all>}'), `{"id": "x-1", "all": ${JSON.stringify(detail)}}`],
    [transformed('{"path": "users/<id>/<id>"}'), '{"path": "users/x-1/x-1"}'],
    [transformed('{"none": <none>}'), '{"none": ""}'],
    [transformed('"<id> is <first><none>!"'), '"x-1 is HIGH!"'],
    [transformed('"all: <all>"'), '"all: {id:x-1,list:[HIGH],isOk:true}"'],
    [
      transformed('{"by": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>}'),
      '{"by": "rule", "at": "2026-11-21T03:00:00.000Z"}',
    ],
    [
      transformed('"<aws.events.rule-arn>"'),
      '"arn:aws:events:eu-central-1:111122223333:rule/rule"',
    ],
  ])('%j makes %s', async (target, body) => {
    const { put, queue, pass } = aRule(target);
    put(detail);
    await pass(SECOND);
    expect(queue.messages.map((message) => message.body)).toEqual([body]);
  });

  it('can be the whole event', async () => {
    const { put, queue, pass } = aRule(transformed('{"event": <aws.events.event.json>}'));
    put(detail);
    await pass(SECOND);
    expect(bodiesOf(queue)).toMatchObject([{ event: { source: 'a', detail } }]);
  });

  it('is not delivered when the template makes something that is no JSON', async () => {
    const { cloud, put, queue, pass } = aRule(transformed('{"all": "<all>"}'));
    put(detail);
    await pass(HOUR);
    expect(queue.messages).toEqual([]);
    expect(cloud.events.failedDeliveries).toMatchObject([{ code: 'INVALID_JSON' }]);
  });
});

describe('a delivery that fails', () => {
  it('is tried again until the target can be reached', async () => {
    const { cloud, put, queue, pass } = aRule({}, { deliveryFailure: 1 });
    put();
    await pass(HOUR);
    expect(queue.messages).toEqual([]);
    cloud.behave({ deliveryFailure: 0 });
    await pass(8 * MINUTE);
    expect(queue.messages).toHaveLength(1);
    expect(cloud.events.failedDeliveries).toEqual([]);
  });

  it.each([
    [{ MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts', '3'],
    [{ MaximumEventAgeInSeconds: 60 }, 'MaximumEventAgeInSeconds', '3'],
    [{}, 'MaximumRetryAttempts', '185'],
  ])(
    'with the retry policy %j goes to the dead-letter queue by %s',
    async (RetryPolicy, condition, attempts) => {
      const DeadLetterConfig = { Arn: 'arn:aws:sqs:eu-central-1:111122223333:dead' };
      const { put, dead, pass } = aRule({ RetryPolicy, DeadLetterConfig }, { deliveryFailure: 1 });
      put({ n: 1 });
      await pass(25 * HOUR);
      expect(bodiesOf(dead)).toMatchObject([{ source: 'a', detail: { n: 1 } }]);
      const [message] = dead.messages;
      expect(message?.attributes).toMatchObject({
        RULE_ARN: { StringValue: 'arn:aws:events:eu-central-1:111122223333:rule/rule' },
        TARGET_ARN: { StringValue: 'arn:aws:sqs:eu-central-1:111122223333:heard' },
        ERROR_CODE: { StringValue: 'THROTTLING' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: condition },
        RETRY_ATTEMPTS: { StringValue: attempts },
      });
    },
  );

  it('is not repeated for a target that is not there: it is lost, or a dead letter', async () => {
    const { cloud, ask, put, dead, pass } = aRule({
      Arn: 'arn:aws:sns:eu-central-1:111122223333:t',
    });
    put({ n: 1 });
    await pass(SECOND);
    expect(cloud.events.failedDeliveries).toMatchObject([
      { rule: 'rule', code: 'NO_RESOURCE', event: { detail: { n: 1 } } },
    ]);
    const gone = 'arn:aws:lambda:eu-central-1:111122223333:function:gone';
    const target = { Id: 't', Arn: gone, DeadLetterConfig: { Arn: dead.arn } };
    ask('PutTargets', { Rule: 'rule', Targets: [target] });
    put({ n: 2 });
    await pass(SECOND);
    expect(bodiesOf(dead)).toMatchObject([{ detail: { n: 2 } }]);
    expect(dead.messages[0]?.attributes).toMatchObject({
      ERROR_CODE: { StringValue: 'NO_RESOURCE' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
  });

  it('happens twice as often as the manners say', async () => {
    const { put, queue, pass } = aRule({}, { deliveryDuplicate: 1 });
    put();
    await pass(SECOND);
    expect(queue.messages).toHaveLength(2);
    const ids = bodiesOf(queue).map((event) => (event as { id: string }).id);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('a function as a target', () => {
  it('is invoked with the event, by a schedule as well', async () => {
    const { cloud, ask, put, pass } = aRule();
    const heard: unknown[] = [];
    const target = cloud.lambda.create({
      ...AT,
      name: 'worker',
      timeoutSeconds: 3,
      memoryMb: 128,
      handler: (event) => Promise.resolve(heard.push(event)),
    });
    ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 't', Arn: target.arn }] });
    ask('PutRule', { Name: 'tick', ScheduleExpression: 'rate(1 minute)' });
    ask('PutTargets', {
      Rule: 'tick',
      Targets: [{ Id: 't', Arn: `${target.arn}:$LATEST`, Input: '{"tick":true}' }],
    });
    put({ n: 1 });
    await pass(2 * MINUTE + SECOND);
    expect(heard).toMatchObject([{ detail: { n: 1 } }, { tick: true }, { tick: true }]);
  });
});

describe('a bus as a target', () => {
  /** A second rule, on the default bus of another place, that fills a queue there. */
  const passedOn = (account: string, region: string) => {
    const setup = aRule();
    const { cloud, ask } = setup;
    const there = cloud.callAs(account, region);
    const heardThere = cloud.queues.create({ account, region, name: 'there' });
    ask('PutRule', { Name: 'rule', EventPattern: '{"source":["a"]}' }, there);
    ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 't', Arn: heardThere.arn }] }, there);
    const Arn = `arn:aws:events:${region}:${account}:event-bus/default`;
    ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 'bus', Arn }] });
    return { ...setup, heardThere, there };
  };

  it('in another Region receives the event under a new id, with its own Region', async () => {
    const { put, queue, heardThere, pass } = passedOn(ACCOUNT, DR);
    put({ n: 1 });
    await pass(2 * SECOND);
    const [here, there] = [bodiesOf(queue)[0], bodiesOf(heardThere)[0]] as { id: string }[];
    expect(there).toMatchObject({ region: 'eu-central-1', detail: { n: 1 } });
    expect(there?.id).not.toBe(here?.id);
  });

  it('of another account receives it only with permission, under its id', async () => {
    const { cloud, ask, put, queue, heardThere, there, pass } = passedOn(OTHER, HOME);
    put({ n: 1 });
    await pass(2 * SECOND);
    expect(heardThere.messages).toEqual([]);
    expect(cloud.events.failedDeliveries).toMatchObject([{ code: 'NO_PERMISSIONS' }]);
    const permission = { StatementId: 's', Action: 'events:PutEvents', Principal: ACCOUNT };
    ask('PutPermission', permission, there);
    put({ n: 2 });
    await pass(2 * SECOND);
    expect(bodiesOf(heardThere)).toMatchObject([{ account: ACCOUNT, detail: { n: 2 } }]);
    const idOf = (event: unknown) => (event as { id: string }).id;
    expect(bodiesOf(heardThere).map(idOf)).toEqual([idOf(bodiesOf(queue)[1])]);
  });

  it('does not pass an event of another account on to a third', async () => {
    const { cloud, ask, put, heardThere, there, pass } = passedOn(OTHER, HOME);
    const third = cloud.callAs('777788889999', HOME);
    const everyone = { StatementId: 's', Action: 'events:PutEvents', Principal: '*' };
    ask('PutPermission', everyone, there);
    ask('PutPermission', everyone, third);
    const Arn = 'arn:aws:events:eu-central-1:777788889999:event-bus/default';
    ask('PutTargets', { Rule: 'rule', Targets: [{ Id: 'third', Arn }] }, there);
    put();
    await pass(MINUTE);
    expect(heardThere.messages).toHaveLength(1);
    expect(cloud.events.failedDeliveries).toMatchObject([{ code: 'THIRD_ACCOUNT_HOP_DETECTED' }]);
  });

  it('takes events that another account puts only with permission, and until it is taken back', () => {
    const { cloud, ask } = aRule();
    const other = cloud.callAs(OTHER, HOME);
    const EventBusName = 'arn:aws:events:eu-central-1:111122223333:event-bus/default';
    const Entries = [{ Source: 'a', DetailType: 'd', Detail: '{}', EventBusName }];
    const putAsOther = () => ask('PutEvents', { Entries }, other);
    expect(refusalOf(putAsOther)).toContain(
      'AccessDeniedException: User: arn:aws:iam::444455556666:',
    );
    ask('PutPermission', { StatementId: 's', Action: 'events:PutEvents', Principal: OTHER });
    expect(putAsOther()).toMatchObject({ FailedEntryCount: 0 });
    ask('RemovePermission', { StatementId: 's' });
    expect(refusalOf(putAsOther)).toContain('AccessDeniedException');
    expect(refusalOf(() => ask('RemovePermission', { StatementId: 's' }))).toBe(
      'ResourceNotFoundException: Statement with the provided id does not exist.',
    );
  });
});

describe('a schedule', () => {
  const ticking = (manners: Partial<Manners> = {}) => {
    const setup = aRule({}, manners);
    const { ask, queue } = setup;
    ask('PutRule', { Name: 'tick', ScheduleExpression: 'rate(10 minutes)' });
    ask('PutTargets', { Rule: 'tick', Targets: [{ Id: 't', Arn: queue.arn }] });
    const times = () => bodiesOf(queue).map((event) => (event as { time: string }).time);
    return { ...setup, times };
  };

  it('stops while its rule is disabled, and begins anew', async () => {
    const { ask, pass, times } = ticking();
    await pass(15 * MINUTE);
    ask('DisableRule', { Name: 'tick' });
    await pass(30 * MINUTE);
    ask('EnableRule', { Name: 'tick' });
    await pass(15 * MINUTE);
    expect(times()).toEqual(['2026-11-21T03:10:00Z', '2026-11-21T03:55:00Z']);
  });

  it('goes on as it was when its rule is put again unchanged', async () => {
    const { ask, pass, times } = ticking();
    await pass(5 * MINUTE);
    ask('PutRule', { Name: 'tick', ScheduleExpression: 'rate(10 minutes)', Description: 'x' });
    await pass(15 * MINUTE);
    expect(times()).toEqual(['2026-11-21T03:10:00Z', '2026-11-21T03:20:00Z']);
  });

  it('ends with its rule', async () => {
    const { ask, pass, times } = ticking();
    ask('RemoveTargets', { Rule: 'tick', Ids: ['t'] });
    ask('DeleteRule', { Name: 'tick' });
    await pass(HOUR);
    expect(times()).toEqual([]);
  });
});
