import { describe, expect, test } from 'vitest';
import { ApiError } from '../../simulator/wire/api.ts';
import { createBench } from './fixture.ts';

const throttled = (): ApiError =>
  new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
const serverError = (): ApiError => new ApiError('InternalError', 'An internal error', 500);

/** Instants at which EC2 was called, when it fails the first `failures` calls of a read so. */
const callsWhen = async (error: () => ApiError, failures: number, jitter?: () => number) => {
  const bench = createBench(
    {
      DescribeImages: (_input, count) => {
        if (count <= failures) throw error();
        return {};
      },
    },
    jitter,
  );
  const part = await bench.run(bench.ec2.images('prod'));
  return { part, instants: bench.calls.map(({ afterMs }) => afterMs) };
};

describe('a call that fails for a while', () => {
  test('is tried again after waits that double, from one second when throttled', async () => {
    const { part, instants } = await callsWhen(throttled, 3);

    // Half of 1, 2 and 4 s, as the jitter says.
    expect(instants).toEqual([0, 500, 1_500, 3_500]);
    expect(part.isComplete).toBe(true);
  });

  test('is tried again from a tenth of a second on after a server error', async () => {
    const { part, instants } = await callsWhen(serverError, 3);

    expect(instants).toEqual([0, 50, 150, 350]);
    expect(part.isComplete).toBe(true);
  });

  test('is tried six times in all, and then comes to what EC2 said', async () => {
    const { part, instants } = await callsWhen(throttled, Number.POSITIVE_INFINITY);

    expect(instants).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500]);
    expect(part).toEqual({
      items: [],
      isComplete: false,
      problem: 'RequestLimitExceeded: Request limit exceeded.',
    });
  });

  test('waits for anything from no time to the whole bound, by chance alone', async () => {
    const draws = [0, 0.25, 0.999_9];
    const { instants } = await callsWhen(throttled, 3, () => draws.shift() ?? 0);

    expect(instants).toEqual([0, 0, 500, 4_499]);
  });

  test('draws a chance for each wait, and for nothing else', async () => {
    let draws = 0;
    const count = (): number => {
      draws += 1;
      return 0.5;
    };

    await callsWhen(throttled, 0, count);
    expect(draws).toBe(0);
    await callsWhen(serverError, 2, count);
    expect(draws).toBe(2);
  });

  test('waits on our clock alone: time stands still while it waits', async () => {
    const bench = createBench({
      DescribeImages: (_input, count) => {
        if (count === 1) throw throttled();
        return {};
      },
    });
    const pending = bench.ec2.images('prod');

    await bench.clock.runUntil(bench.clock.nowMs() + 499);
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

describe('many calls that fail', () => {
  test("spend their client's quota of retries, and are then made once each", async () => {
    const bench = createBench({
      DescribeImages: () => {
        throw throttled();
      },
    });

    for (let call = 1; call <= 22; call += 1) await bench.run(bench.ec2.images('prod'));

    // 500 tokens, 5 for each retry of a throttled call: twenty calls of six attempts.
    expect(bench.calls).toHaveLength(20 * 6 + 2);
  });

  test('win their tokens back when a retry succeeds', async () => {
    const bench = createBench({
      DescribeImages: (_input, count) => {
        if (count % 6 !== 0) throw throttled();
        return {};
      },
    });

    const parts = [];
    for (let call = 1; call <= 25; call += 1) {
      parts.push(await bench.run(bench.ec2.images('prod')));
    }

    // Only what the last retry cost comes back, so some of them run dry.
    expect(parts.filter(({ isComplete }) => isComplete).length).toBeGreaterThan(20);
  });
});
