import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Handler } from '../../simulator/services/lambda/function.ts';
import type { QueueSourceSpec } from '../../simulator/services/lambda/queue-source.ts';
import { ACCOUNT, createBench, HOME, HOUR, MINUTE, SECOND } from './fixture.ts';

const AT = { account: ACCOUNT, region: HOME };

const withFunction = (handler: Handler, timeoutSeconds = 60) => {
  const bench = createBench({ lambdaStartMs: { min: 0, max: 0 } });
  const target = bench.cloud.lambda.create({
    ...AT,
    name: 'worker',
    handler,
    timeoutSeconds,
    memoryMb: 256,
  });
  return { ...bench, target };
};

/** A function behind a FIFO queue with a dead-letter queue. */
const withSource = (handler: Handler, source: Partial<QueueSourceSpec> = {}) => {
  const setup = withFunction(handler);
  const { queues, lambda } = setup.cloud;
  const deadLetter = queues.create({ ...AT, name: 'dead.fifo', isFifo: true });
  const queue = queues.create({
    ...AT,
    name: 'work.fifo',
    isFifo: true,
    visibilityTimeoutSeconds: 120,
    redrive: { deadLetterArn: deadLetter.arn, maxReceiveCount: 3 },
  });
  const mapping = lambda.addSource({
    queue,
    target: setup.target,
    reportsBatchItemFailures: true,
    ...source,
  });
  const send = (body: string, groupId = 'a') =>
    queue.send({ body, groupId, deduplicationId: body });
  return { ...setup, queue, deadLetter, mapping, send };
};

const bodies = (event: unknown): string[] =>
  (event as SQSEvent).Records.map((record) => record.body);

describe('an asynchronous invocation', () => {
  it('is tried again after one and two minutes, and then dropped', async () => {
    const triedAtMs: number[] = [];
    const { cloud, target, pass } = withFunction(() => {
      triedAtMs.push(cloud.clock.nowMs());
      return Promise.reject(new Error('broken'));
    });
    const startMs = cloud.clock.nowMs();
    cloud.lambda.invokeAsync(target, { n: 1 });
    await pass(HOUR);
    expect(triedAtMs.map((atMs) => atMs - startMs)).toEqual([0, 60_000, 180_000]);
    expect(target.counts).toEqual({ invocations: 3, failures: 3, timeOuts: 0, running: 0 });
    expect(cloud.lambda.droppedEvents).toMatchObject([
      { functionName: 'worker', event: { n: 1 }, error: new Error('broken') },
    ]);
  });

  it('goes to the onFailure queue when it is given up', async () => {
    const bench = createBench();
    const onFailure = bench.cloud.queues.create({ ...AT, name: 'failed' });
    const handler = () => Promise.reject(new Error('broken'));
    const target = bench.cloud.lambda.create(
      { ...AT, name: 'worker', handler, timeoutSeconds: 60, memoryMb: 256 },
      { onFailure, maximumRetryAttempts: 0 },
    );
    bench.cloud.lambda.invokeAsync(target, { n: 1 });
    await bench.pass(MINUTE);
    expect(JSON.parse(onFailure.messages[0]?.body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { n: 1 },
      responsePayload: { errorMessage: 'broken' },
    });
  });

  it('fails as one that rejects when the handler throws at once', async () => {
    const { cloud, target, pass } = withFunction(() => {
      throw new Error('at once');
    });
    cloud.lambda.invokeAsync(target, {});
    await pass(1);
    expect(target.counts.failures).toBe(1);
  });

  it('times out at its deadline, and what the handler says later is not heard', async () => {
    const { cloud, target, pass } = withFunction(async () => {
      await cloud.clock.sleep(90 * SECOND);
      return 'late';
    });
    cloud.lambda.invokeAsync(target, {});
    await pass(60 * SECOND);
    expect(target.counts).toEqual({ invocations: 1, failures: 1, timeOuts: 1, running: 0 });
    expect(String(target.failures[0]?.error)).toContain('Task timed out after 60.00 seconds');
    await pass(40 * SECOND);
    expect(target.counts.failures).toBe(1);
  });

  it('tells the handler, in virtual time, what is left of its time', async () => {
    const seen: unknown[] = [];
    const { cloud, target } = withFunction(async (_, context: Context) => {
      seen.push(context.functionName, context.invokedFunctionArn, context.memoryLimitInMB);
      seen.push(context.getRemainingTimeInMillis());
      await cloud.clock.sleep(20 * SECOND);
      return context.getRemainingTimeInMillis();
    });
    expect(await cloud.clock.runFor(cloud.lambda.invoke(target, {}))).toBe(40_000);
    expect(seen).toEqual([
      'worker',
      'arn:aws:lambda:eu-central-1:111122223333:function:worker',
      '256',
      60_000,
    ]);
  });
});

describe('a queue source', () => {
  it('gives records in the exact shape, and deletes what was done', async () => {
    const seen: SQSEvent[] = [];
    const { send, queue, pass } = withSource((event) => {
      seen.push(event as SQSEvent);
      return Promise.resolve({ batchItemFailures: [] });
    });
    const sent = send('hello');
    await pass(1);
    expect(seen[0]?.Records).toEqual([
      {
        messageId: sent.messageId,
        receiptHandle: expect.stringMatching(/./),
        body: 'hello',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1795230000000',
          SenderId: '111122223333',
          ApproximateFirstReceiveTimestamp: '1795230000000',
          SequenceNumber: sent.sequenceNumber,
          MessageGroupId: 'a',
          MessageDeduplicationId: 'hello',
        },
        messageAttributes: {},
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:work.fifo',
        awsRegion: 'eu-central-1',
      },
    ]);
    expect(queue.messages).toEqual([]);
  });

  it('keeps the order of a group, and never gives it to two invocations at once', async () => {
    const batches: string[][] = [];
    const { cloud, send, pass } = withSource(async (event) => {
      batches.push(bodies(event));
      await cloud.clock.sleep(10 * SECOND);
      return {};
    });
    send('a1');
    await pass(1);
    send('a2');
    send('a3');
    send('b1', 'b');
    await pass(1);
    expect(batches).toEqual([['a1'], ['b1']]);
    await pass(20 * SECOND);
    expect(batches).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
  });

  it('brings back only the messages that the handler reported, after the visibility timeout', async () => {
    const batches: string[][] = [];
    const { send, pass } = withSource((event) => {
      batches.push(bodies(event));
      const { Records: records } = event as SQSEvent;
      const failed = records.filter((record) => record.body === 'bad' && batches.length === 1);
      const items = failed.map((record) => ({ itemIdentifier: record.messageId }));
      return Promise.resolve({ batchItemFailures: items });
    });
    send('good');
    send('bad');
    await pass(119 * SECOND);
    expect(batches).toEqual([['good', 'bad']]);
    await pass(SECOND);
    expect(batches).toEqual([['good', 'bad'], ['bad']]);
  });

  it.each([
    ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: 'x' }] }],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a list that is none', { batchItemFailures: 'all' }],
    ['items that are none', { batchItemFailures: [null] }],
    ['a text', 'done'],
  ])('brings back the whole batch for a reply with %s', async (_, reply) => {
    const { queue, mapping, send, pass } = withSource(() => Promise.resolve(reply));
    send('one');
    send('two');
    await pass(MINUTE);
    expect(queue.messages).toHaveLength(2);
    expect(mapping.malformedReplies).toBe(1);
  });

  it('takes the whole batch as failed when the handler throws, and at last as dead', async () => {
    const { queue, deadLetter, target, send, pass } = withSource(() =>
      Promise.reject(new Error('broken')),
    );
    send('one');
    send('two');
    await pass(HOUR);
    expect(target.counts.invocations).toBe(3);
    expect(queue.messages).toEqual([]);
    expect(deadLetter.messages.map((message) => message.body)).toEqual(['one', 'two']);
  });

  it('runs no more invocations at once than its maximum', async () => {
    let running = 0;
    let most = 0;
    const { cloud, target, send, pass } = withSource(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await cloud.clock.sleep(10 * SECOND);
        running -= 1;
        return {};
      },
      { batchSize: 1, maximumConcurrency: 2 },
    );
    for (let group = 0; group < 7; group += 1) send(`m${group}`, `g${group}`);
    await pass(HOUR);
    expect([most, target.counts.invocations]).toEqual([2, 7]);
  });

  it('is refused when the queue hides messages for less long than the function may run', () => {
    const { cloud, target } = withFunction(() => Promise.resolve({}), 60);
    const queue = cloud.queues.create({ ...AT, name: 'short', visibilityTimeoutSeconds: 59 });
    expect(() => cloud.lambda.addSource({ queue, target })).toThrow('visibility timeout is less');
  });
});
