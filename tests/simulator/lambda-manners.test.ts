import { EC2Client, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createCheckers } from '../../simulator/checkers/checkers.ts';
import type { AsyncConfig } from '../../simulator/services/lambda/lambda.ts';
import type { FunctionSpec, Handler } from '../../simulator/services/lambda/function.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, type Bench, createBench, HOME, HOUR, MINUTE, SECOND } from './fixture.ts';
import { settingsFor as settingsOf } from './wire/clients.ts';

const AT = { account: ACCOUNT, region: HOME };

/** What a worker of the cloud makes its clients with. */
const settingsFor = ({ cloud }: Bench) => {
  const route = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
    onCall: cloud.calls.record,
  });
  return {
    ...settingsOf(() => {
      throw new Error('never asked');
    }),
    region: HOME,
    authSchemePreference: ['sigv4'],
    disableClockSkewCorrection: true,
    endpoint: `https://embedded.${HOME}.amazonaws.com`,
    requestHandler: cloud.lambda.asWorkersSee(
      createRequestHandler(route, { delay: cloud.latency }),
    ),
  };
};

type Work = (tools: {
  readonly bench: Bench;
  readonly look: () => Promise<unknown>;
  readonly send: (url: string, body: string) => Promise<unknown>;
}) => Handler;

/** A function that works with real clients, which answer after a twentieth of a second. */
const aFunction = (work: Work, spec: Partial<FunctionSpec> = {}, config: AsyncConfig = {}) => {
  const bench = createBench({ lambdaStartMs: { min: 0, max: 0 } });
  const settings = settingsFor(bench);
  const ec2 = new EC2Client(settings);
  const sqs = new SQSClient(settings);
  const tools = {
    bench,
    look: () => ec2.send(new DescribeImagesCommand({ Owners: ['self'] })),
    send: (QueueUrl: string, MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
  };
  const target = bench.cloud.lambda.create(
    { ...AT, name: 'worker', timeoutSeconds: 60, memoryMb: 256, handler: work(tools), ...spec },
    config,
  );
  return { ...bench, target };
};

/** What a handler does that forgets to wait. */
const leaveToItself = (work: Promise<unknown>): void => {
  work.catch(() => undefined);
};

describe('a worker', () => {
  it('is frozen when its handler returns: a call that it left to itself never reaches the cloud', async () => {
    let answered = 0;
    const { cloud, target } = aFunction(({ bench, look }) => async () => {
      const later = async () => {
        await bench.cloud.clock.sleep(5 * SECOND);
        await look();
        answered += 1;
      };
      leaveToItself(later());
      await look();
      return 'done';
    });
    expect(await cloud.clock.runFor(cloud.lambda.invoke(target, {}))).toBe('done');
    await cloud.clock.runUntil(cloud.clock.nowMs() + MINUTE);
    expect(answered).toBe(0);
    expect(cloud.calls.count('DescribeImages')).toBe(1);
    expect(cloud.lateCalls).toEqual([
      {
        atMs: Date.UTC(2026, 10, 21, 3, 0, 5),
        functionName: 'worker',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        action: 'DescribeImages',
        frozenBy: 'return',
        afterMs: 4_950,
        wasUnderWay: false,
      },
    ]);
  });

  it('breaks an invariant when it leaves a call to itself, and none when it is cut off', async () => {
    const afterwards: Work =
      ({ bench, look }) =>
      async (seconds) => {
        const later = async () => {
          await bench.cloud.clock.sleep(2 * SECOND);
          await look();
        };
        leaveToItself(later());
        await bench.cloud.clock.sleep(Number(seconds) * SECOND);
      };
    const lateCallsOf = async (seconds: number) => {
      const { cloud, target, pass } = aFunction(
        afterwards,
        { timeoutSeconds: 1 },
        { maximumRetryAttempts: 0 },
      );
      const checkers = createCheckers(cloud);
      cloud.lambda.invokeAsync(target, seconds);
      await pass(MINUTE);
      const { lateCalls, isClean } = checkers.report([HOME]);
      return { late: lateCalls.map(({ action }) => action), isClean, all: cloud.lateCalls.length };
    };
    expect(await lateCallsOf(0.5)).toEqual({ late: ['DescribeImages'], isClean: false, all: 1 });
    expect(await lateCallsOf(5)).toMatchObject({ late: [], isClean: true });
  });

  it('loses the answer of a call that is under way when its handler returns', async () => {
    let answered = 0;
    const { cloud, target, pass } = aFunction(({ bench, send }) => async () => {
      const queue = bench.cloud.queues.create({ ...AT, name: 'out' });
      leaveToItself(send(queue.url, 'left behind').then(() => (answered += 1)));
      await bench.cloud.clock.sleep(20);
    });
    await cloud.clock.runFor(cloud.lambda.invoke(target, {}));
    await pass(MINUTE);
    const queue = cloud.queues.find(ACCOUNT, HOME, 'out');
    expect(queue.messages.map(({ body }) => body)).toEqual(['left behind']);
    expect(answered).toBe(0);
    expect(cloud.lateCalls).toMatchObject([
      { action: 'SendMessage', frozenBy: 'return', afterMs: 30, wasUnderWay: true },
    ]);
  });

  it('is killed when its time is up: what it would have called later is not called', async () => {
    const { cloud, target, pass } = aFunction(
      ({ bench, look }) =>
        async () => {
          for (let n = 0; n < 10; n += 1) {
            await bench.cloud.clock.sleep(SECOND);
            await look();
          }
        },
      { timeoutSeconds: 3 },
    );
    cloud.lambda.invokeAsync(target, {});
    await pass(30 * SECOND);
    expect(target.counts).toMatchObject({ timeOuts: 1, running: 0 });
    expect(cloud.calls.count('DescribeImages')).toBe(2);
    expect(cloud.lateCalls).toMatchObject([
      { action: 'DescribeImages', frozenBy: 'time-out', afterMs: 100, wasUnderWay: false },
    ]);
  });

  it('leaves the calls of other invocations alone, and those of nobody', async () => {
    const { cloud, target, pass, ...bench } = aFunction(
      ({ bench: { cloud: own }, look }) =>
        async (event) => {
          const { seconds } = event as { seconds: number };
          await own.clock.sleep(seconds * SECOND);
          await look();
        },
    );
    cloud.lambda.invokeAsync(target, { seconds: 1 });
    cloud.lambda.invokeAsync(target, { seconds: 10 });
    await pass(5 * SECOND);
    const outside = new EC2Client(settingsFor({ cloud, pass, ...bench }));
    await cloud.clock.runFor(outside.send(new DescribeImagesCommand({ Owners: ['self'] })));
    await pass(10 * SECOND);
    expect(target.counts).toEqual({ invocations: 2, failures: 0, timeOuts: 0, running: 0 });
    expect(cloud.calls.count('DescribeImages')).toBe(3);
    expect(cloud.lateCalls).toEqual([]);
  });
});

/** A function that sends itself a message for each that it gets, through its own queue. */
const aLoop = (recursiveLoop?: 'Allow' | 'Terminate') => {
  const setup = aFunction(
    ({ send }) =>
      async (event) => {
        const [record] = (event as SQSEvent).Records;
        const arn = record?.eventSourceARN.split(':') ?? [];
        const url = `https://sqs.eu-central-1.amazonaws.com/${arn[4]}/${arn[5]}`;
        await send(url, String(Number(record?.body) + 1));
      },
    { recursiveLoop },
  );
  const { queues, lambda } = setup.cloud;
  const dead = queues.create({ ...AT, name: 'dead' });
  const queue = queues.create({
    ...AT,
    name: 'loop',
    visibilityTimeoutSeconds: 60,
    redrive: { deadLetterArn: dead.arn, maxReceiveCount: 3 },
  });
  lambda.addSource({ queue, target: setup.target, batchSize: 1 });
  return { ...setup, queue, dead };
};

describe('a recursion through a queue', () => {
  it('is stopped after sixteen invocations: its message is received again, and at last dead', async () => {
    const { target, queue, dead, pass } = aLoop();
    queue.send({ body: '1' });
    await pass(HOUR);
    expect(target.counts).toMatchObject({ invocations: 16, failures: 0 });
    expect(target.recursionsStopped).toBe(3);
    expect(queue.messages).toEqual([]);
    expect(dead.messages.map(({ body }) => body)).toEqual(['17']);
  });

  it('goes on where it is allowed', async () => {
    const { target, queue, pass } = aLoop('Allow');
    queue.send({ body: '1' });
    await pass(10 * SECOND - 1);
    expect(target.counts.invocations).toBe(200);
    expect(target.recursionsStopped).toBe(0);
  });

  it('is of one chain: messages from elsewhere begin another', async () => {
    const { target, queue, dead, pass } = aLoop();
    queue.send({ body: '1' });
    await pass(HOUR);
    queue.send({ body: '100' });
    await pass(HOUR);
    expect(target.counts.invocations).toBe(32);
    expect(dead.messages.map(({ body }) => body)).toEqual(['17', '116']);
  });

  it('is told by the tracing header of its messages', async () => {
    const { queue, pass } = aLoop();
    queue.send({ body: '1' });
    await pass(MINUTE);
    const header = queue.messages[0]?.traceHeader ?? '';
    expect(header).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=/,
    );
    expect(header.split('Lineage=')[1]).toMatch(/^[0-9a-f]{8}:16$/);
  });
});

describe('a recursion of functions alone', () => {
  it('is stopped, and its event goes to the onFailure queue without another try', async () => {
    const bench = createBench({ lambdaStartMs: { min: 0, max: 0 } });
    const { lambda, queues } = bench.cloud;
    const onFailure = queues.create({ ...AT, name: 'failed' });
    const target = lambda.create(
      {
        ...AT,
        name: 'worker',
        timeoutSeconds: 60,
        memoryMb: 128,
        handler: (event) => {
          const { n } = event as { n: number };
          lambda.invokeAsync(target, { n: n + 1 });
          return Promise.resolve();
        },
      },
      { onFailure },
    );
    lambda.invokeAsync(target, { n: 1 });
    await bench.pass(HOUR);
    expect(target.counts).toMatchObject({ invocations: 16, failures: 0 });
    expect(JSON.parse(onFailure.messages[0]?.body ?? '')).toMatchObject({
      requestPayload: { n: 17 },
    });
    expect(target.recursionsStopped).toBe(1);
  });
});

describe('a retry of an asynchronous invocation', () => {
  const failing = (config: AsyncConfig) => {
    const ids: string[] = [];
    const setup = aFunction(
      () => (_event, context) => {
        ids.push(context.awsRequestId);
        return Promise.reject(new Error('broken'));
      },
      {},
      config,
    );
    return { ...setup, ids };
  };

  it('has the request id of the first try', async () => {
    const { cloud, target, ids, pass } = failing({});
    cloud.lambda.invokeAsync(target, {});
    await pass(HOUR);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('does not come when the event would be older than its maximum age by then', async () => {
    const onFailure = createBench().cloud.queues.create({ ...AT, name: 'failed' });
    const { cloud, target, ids, pass } = failing({ maximumEventAgeSeconds: 120, onFailure });
    cloud.lambda.invokeAsync(target, { n: 1 });
    await pass(HOUR);
    expect(ids).toHaveLength(2);
    expect(JSON.parse(onFailure.messages[0]?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 },
    });
  });
});
