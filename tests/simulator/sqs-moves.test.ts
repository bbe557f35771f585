import { describe, expect, it } from 'vitest';
import { ACCOUNT, createBench, HOME, SECOND } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const AT = { account: ACCOUNT, region: HOME };

describe('a message move task', () => {
  const withDead = () => {
    const bench = createBench();
    const { queues } = bench.cloud;
    const dead = queues.create({ ...AT, name: 'dead' });
    const redrive = { deadLetterArn: dead.arn, maxReceiveCount: 1 };
    const work = queues.create({ ...AT, name: 'work', visibilityTimeoutSeconds: 0, redrive });
    for (const body of ['a', 'b', 'c']) work.send({ body });
    work.receive(10);
    work.receive(10);
    const ask = askOf(bench.cloud, 'sqs');
    const tasks = () => ask('ListMessageMoveTasks', { SourceArn: dead.arn }).Results;
    return { ...bench, ask, dead, work, tasks };
  };

  it('brings dead letters back to where they came from, some each second', async () => {
    const { ask, dead, work, tasks, pass } = withDead();
    expect(dead.messages).toHaveLength(3);
    ask('StartMessageMoveTask', { SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 2 });
    await pass(SECOND);
    expect(tasks()).toMatchObject([
      {
        Status: 'RUNNING',
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 3,
      },
    ]);
    await pass(SECOND);
    expect(tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 }]);
    expect(work.messages.map(({ body, receivedHere }) => [body, receivedHere])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
  });

  it('is cancelled, and fails when its destination goes', async () => {
    const { ask, cloud, dead, tasks, pass } = withDead();
    const start = { SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = ask('StartMessageMoveTask', start);
    await pass(SECOND);
    expect(ask('CancelMessageMoveTask', { TaskHandle })).toEqual({
      ApproximateNumberOfMessagesMoved: 1,
    });
    await pass(SECOND);
    expect(tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 1 }]);
    const other = cloud.queues.create({ ...AT, name: 'other' });
    ask('StartMessageMoveTask', { ...start, DestinationArn: other.arn });
    ask('DeleteQueue', { QueueUrl: other.url });
    await pass(SECOND);
    expect(tasks()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' },
    ]);
  });

  it('is refused for what is no dead-letter queue, and while another runs', () => {
    const { ask, dead, work } = withDead();
    const start = (input: object) => () => ask('StartMessageMoveTask', input);
    expect(refusalOf(start({ SourceArn: work.arn }))).toBe(
      'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
    );
    expect(refusalOf(start({ SourceArn: `${dead.arn}-2` }))).toBe(
      "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
    );
    start({ SourceArn: dead.arn })();
    expect(refusalOf(start({ SourceArn: dead.arn }))).toContain('There is already a task running.');
    expect(refusalOf(() => ask('CancelMessageMoveTask', { TaskHandle: 'x' }))).toBe(
      'InvalidParameterValue: Value for parameter TaskHandle is invalid.',
    );
  });
});
