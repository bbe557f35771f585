import { describe, expect, test } from 'vitest';
import { createQueue } from '../../shared/aws/queue.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { answerBatch, createBench } from './fixture.ts';

const throttled = (): ApiError => new ApiError('ThrottlingException', 'Rate exceeded.', 400);
const serverError = (): ApiError => new ApiError('InternalError', 'An internal error', 500);

/** Instants at which EC2 was called, when it fails the first `failures` calls of a read so. */
const callsWhen = async (error: () => ApiError, failures: number, jitter?: () => number) => {
  const bench = createBench(
    {
      DescribeImages: (_input, count) => {
        if (count <= failures) throw error();
        return { Images: [] };
      },
    },
    jitter,
  );
  const part = await bench.run(bench.ec2.images('prod'));
  return { part, instants: bench.calls.map(({ afterMs }) => afterMs) };
};

describe('a call that fails for a while', () => {
  test('is tried again after waits that double, from a tenth of a second on', async () => {
    const { part, instants } = await callsWhen(serverError, 3);

    // Half of 100, 200 and 400 ms, as the jitter says.
    expect(instants).toEqual([0, 50, 150, 350]);
    expect(part.isComplete).toBe(true);
  });

  test('is tried six times in all, and then comes to what EC2 said', async () => {
    const { part, instants } = await callsWhen(serverError, Number.POSITIVE_INFINITY);

    expect(instants).toEqual([0, 50, 150, 350, 750, 1_550]);
    expect(part).toEqual({
      items: [],
      isComplete: false,
      problem: 'InternalError: An internal error',
    });
  });

  test('waits for anything from no time to the whole bound, by chance alone', async () => {
    const draws = [0, 0.25, 0.999_9];
    const { instants } = await callsWhen(serverError, 3, () => draws.shift() ?? 0);

    expect(instants).toEqual([0, 0, 50, 449]);
  });

  test('draws a chance for each wait, and for nothing else', async () => {
    let draws = 0;
    const count = (): number => {
      draws += 1;
      return 0.5;
    };

    await callsWhen(serverError, 0, count);
    expect(draws).toBe(0);
    await callsWhen(serverError, 2, count);
    expect(draws).toBe(2);
  });

  test('waits on our clock alone: time stands still while it waits', async () => {
    const bench = createBench({
      DescribeImages: (_input, count) => {
        if (count === 1) throw serverError();
        return { Images: [] };
      },
    });
    const pending = bench.ec2.images('prod');

    await bench.clock.runUntil(bench.clock.nowMs() + 49);
    expect(bench.calls).toHaveLength(1);
    await bench.clock.runUntil(bench.clock.nowMs() + 1);
    expect(bench.calls).toHaveLength(2);
    await expect(pending).resolves.toMatchObject({ isComplete: true });
  });
});

describe('a call that fails for good', () => {
  test.each([
    ['UnauthorizedOperation', 403],
    ['InvalidParameterValue', 400],
    ['ResourceLimitExceeded', 400],
    ['ConcurrentTagAccess', 400],
  ])('is made once when EC2 says %s', async (code, status) => {
    const { instants } = await callsWhen(() => new ApiError(code, 'No.', status), 9);

    expect(instants).toEqual([0]);
  });
});

/** Instants at which SQS was called, when it fails the first `failures` calls of a send so. */
const sendsWhen = (refusal: () => ApiError, failures: number) => {
  const bench = createBench({
    SendMessageBatch: (input, count) => {
      if (count <= failures) throw refusal();
      return answerBatch(input);
    },
  });
  const queue = createQueue(
    bench.connection,
    'eu-central-1',
    'https://sqs.eu-central-1.amazonaws.com/111122223333/backup.fifo',
  );
  const send = async (): Promise<string> => {
    try {
      await queue.send([{ body: 'x', groupId: 'g', deduplicationId: 'd' }]);
      return 'sent';
    } catch (error) {
      return String(error);
    }
  };
  return { bench, send, instants: () => bench.calls.map(({ afterMs }) => afterMs) };
};

describe('a throttled call to a service without a limiter', () => {
  test('is tried again after waits that double, from one second on', async () => {
    const { bench, send, instants } = sendsWhen(throttled, 3);

    expect(await bench.run(send())).toBe('sent');
    expect(instants()).toEqual([0, 500, 1_500, 3_500]);
  });

  test('is tried six times in all, and then comes to what the service said', async () => {
    const { bench, send, instants } = sendsWhen(throttled, Number.POSITIVE_INFINITY);

    expect(await bench.run(send())).toBe('ThrottlingException: Rate exceeded.');
    expect(instants()).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500]);
  });

  test("spends its client's quota of retries, after which calls are made once each", async () => {
    const { bench, send } = sendsWhen(throttled, Number.POSITIVE_INFINITY);

    for (let call = 1; call <= 22; call += 1) await bench.run(send());

    // 500 tokens, 5 for each retry of a throttled call: twenty calls of six attempts.
    expect(bench.calls).toHaveLength(20 * 6 + 2);
  });
});

describe('a throttled call to EC2', () => {
  test("costs nothing of its client's quota, since the limiter repeats it", async () => {
    let isThrottled = true;
    const bench = createBench({
      DescribeImages: () => {
        throw isThrottled
          ? new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503)
          : serverError();
      },
    });
    await bench.run(bench.ec2.images('prod'));
    const throttledTries = bench.calls.length;
    isThrottled = false;

    for (let call = 1; call <= 9; call += 1) await bench.run(bench.ec2.images('prod'));

    expect(throttledTries).toBeGreaterThan(6);
    expect(bench.calls).toHaveLength(throttledTries + 7 * 6 + 2);
  });
});

describe('many calls that fail', () => {
  test("spend their client's quota of retries, and are then made once each", async () => {
    const bench = createBench({
      DescribeImages: () => {
        throw serverError();
      },
    });

    for (let call = 1; call <= 9; call += 1) await bench.run(bench.ec2.images('prod'));

    // 500 tokens, 14 for each retry: 35 retries, which is seven calls of six attempts.
    expect(bench.calls).toHaveLength(7 * 6 + 2);
  });

  test('win their tokens back when a retry succeeds', async () => {
    const bench = createBench({
      DescribeImages: (_input, count) => {
        if (count % 6 !== 0) throw serverError();
        return { Images: [] };
      },
    });

    const parts = [];
    for (let call = 1; call <= 9; call += 1) parts.push(await bench.run(bench.ec2.images('prod')));

    // Only what the last retry cost comes back: 500 pay for eight such calls instead of seven.
    expect(parts.map(({ isComplete }) => isComplete)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});
