import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { SHARE_PERCENT_DEFAULT } from '../../shared/aws/buckets.ts';
import { clientConfig } from '../../shared/aws/connection.ts';
import { createCloud } from '../../shared/aws/ec2.ts';
import { CallNotMadeError } from '../../shared/aws/failures.ts';
import {
  createLimiter,
  type Lane,
  limitCalls,
  type Limiter,
  PATIENCE_MS,
} from '../../shared/aws/limiter.ts';
import { MARGIN_MS } from '../../shared/loop/apply-backups.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { CREATE, createBench, ELSEWHERE, HOME } from './fixture.ts';

const START_MS = 1_000_000;
const CREATES: Lane = { ...HOME, action: 'CreateImage' };
const COPIES: Lane = { ...HOME, action: 'CopyImage' };

/** An error as the SDK gives it. */
const throttling = (): Error =>
  Object.assign(new Error('Request limit exceeded.'), {
    name: 'RequestLimitExceeded',
    $fault: 'server',
  });

const createLimited = (sharePercent = 100) => {
  const clock = new VirtualClock(START_MS);
  const limiter = createLimiter({ clock, jitter: () => 0, sharePercent });
  const afterMs = (): number => clock.nowMs() - START_MS;
  return { clock, limiter, afterMs };
};

/** Makes `count` calls at once; the instants at which each was made, in the order of asking. */
const callAll = async (
  { clock, limiter, afterMs }: ReturnType<typeof createLimited>,
  lane: Lane,
  count: number,
): Promise<readonly number[]> => {
  const call = (): Promise<number> => limiter.run(lane, {}, () => Promise.resolve(afterMs()));
  return clock.runFor(Promise.all(Array.from({ length: count }, call)));
};

describe('a limiter', () => {
  test('lets a burst through at once, and the rest at the rate of its action', async () => {
    const creates = await callAll(createLimited(), CREATES, 53);
    const copies = await callAll(createLimited(), COPIES, 102);

    expect(creates.slice(48)).toEqual([0, 200, 400, 600, 800]);
    expect(copies.slice(98)).toEqual([0, 200, 1_200, 2_200]);
  });

  test('serves calls in the order in which they came', async () => {
    const { clock, limiter } = createLimited();
    const order: number[] = [];
    const call = (index: number): Promise<number> =>
      limiter.run(CREATES, {}, async () => order.push(index));

    await clock.runFor(Promise.all(Array.from({ length: 60 }, (_, index) => call(index))));

    expect(order).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  test('lets no call through before its time, though time comes in whole milliseconds', async () => {
    const instants = (await callAll(createLimited(75), CREATES, 66)).slice(36);

    // 36.75 tokens, and one more every 266.7 ms.
    const lateMs = instants.map((atMs, index) => atMs - (index + 0.25) * (1_000 / 3.75));
    expect(Math.min(...lateMs)).toBeGreaterThan(-0.001);
    expect(Math.max(...lateMs)).toBeLessThan(2);
  });

  test.each([
    ['account', { ...CREATES, account: '444455556666' }],
    ['Region', { ...CREATES, region: 'eu-west-1' }],
    ['action', { ...CREATES, action: 'RegisterImage' }],
  ])('keeps a bucket for each %s', async (_what, other) => {
    const limited = createLimited();
    await callAll(limited, CREATES, 49);

    expect(await callAll(limited, other, 49)).toEqual(Array.from({ length: 49 }, () => 0));
    expect(await callAll(limited, CREATES, 1)).toEqual([200]);
  });

  test('passes on at once what is no throttling', async () => {
    const { clock, limiter, afterMs } = createLimited();
    const denied = Object.assign(new Error('no'), { name: 'AuthFailure', $fault: 'client' });
    const defect = new TypeError('a defect of ours');

    for (const error of [denied, defect]) {
      const call = limiter.run(CREATES, {}, () => Promise.reject(error));
      await expect(clock.runFor(call)).rejects.toBe(error);
    }
    expect(afterMs()).toBe(0);
  });

  test('gives up on all that wait if the clock fails', async () => {
    const stopped = { nowMs: () => 0, sleep: () => Promise.reject(new Error('no clock')) };
    const limiter = createLimiter({ clock: stopped, jitter: () => 0, sharePercent: 100 });
    const call = () => limiter.run(CREATES, {}, () => Promise.resolve('made'));

    const results = await Promise.allSettled(Array.from({ length: 52 }, call));

    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
  });
});

/** Calls by name, of which the given ones are throttled so many times each. */
const named = (
  { limiter, afterMs }: ReturnType<typeof createLimited>,
  refusals: Readonly<Record<string, number>>,
) => {
  const left = new Map(Object.entries(refusals));
  const tries: (readonly [string, number])[] = [];
  const call = (name: string): Promise<string> =>
    limiter.run(COPIES, {}, async () => {
      tries.push([name, afterMs()]);
      const refused = left.get(name) ?? 0;
      left.set(name, refused - 1);
      if (refused > 0) throw throttling();
      return name;
    });
  return { call, tries };
};

describe('a throttled call', () => {
  test('comes before all that came after it, at four fifths of the rate', async () => {
    const limited = createLimited();
    const { call, tries } = named(limited, { a: 1, b: 1 });

    const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => call(name)));

    expect(await limited.clock.runFor(all)).toEqual(['a', 'b', 'c', 'd']);
    // All four left at once. Two were throttled; a token comes every 1.25 s from now on.
    expect(tries.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd', 'a', 'b']);
    expect(tries.slice(4).map(([, atMs]) => atMs)).toEqual([1_250, 2_500]);
  });

  test('keeps its place before those that wait already', async () => {
    const limited = createLimited();
    await callAll(limited, COPIES, 99);
    const { call, tries } = named(limited, { a: 1 });

    await limited.clock.runFor(Promise.all(['a', 'b', 'c'].map((name) => call(name))));

    expect(tries.map(([name]) => name)).toEqual(['a', 'a', 'b', 'c']);
  });

  test('is repeated for half a minute, and then comes to what EC2 said', async () => {
    const limited = createLimited();
    const { call, tries } = named(limited, { a: 1_000 });

    await expect(limited.clock.runFor(call('a'))).rejects.toThrow('Request limit exceeded.');
    expect(limited.afterMs()).toBe(30_000);
    // Each wait is a quarter longer than the one before.
    expect(tries.map(([, atMs]) => atMs)).toEqual([
      0, 1_250, 2_813, 4_767, 7_209, 10_261, 14_076, 18_845, 24_806,
    ]);
  });
});

describe('a call that waits', () => {
  test('is given up after half a minute, unmade, and says so', async () => {
    const limited = createLimited(10);
    await callAll(limited, COPIES, 9); // 0.98 tokens are left, and one more comes every ten seconds
    let made = 0;
    const call = () =>
      limited.limiter.run(COPIES, {}, async () => {
        made += 1;
      });

    const results = await limited.clock.runFor(
      Promise.allSettled(Array.from({ length: 8 }, () => call())),
    );

    const errors = results.flatMap((result) =>
      'reason' in result ? [result.reason as unknown] : [],
    );
    expect(made).toBe(3);
    expect(errors).toHaveLength(5);
    expect(errors[0]).toBeInstanceOf(CallNotMadeError);
    expect(String(errors[0])).toBe(
      'CallNotMadeError: CopyImage in 111122223333/eu-central-1 had no turn within 30 seconds',
    );
    expect(limited.afterMs()).toBe(30_000);
  });

  test('waits for less than the margin that the loop keeps before its deadline', () => {
    expect(PATIENCE_MS).toBeLessThan(MARGIN_MS);
  });

  test('keeps its place and its patience through all tries of its request', async () => {
    const limited = createLimited();
    const { clock, limiter, afterMs } = limited;
    await callAll(limited, COPIES, 99);
    const request = {};
    const order: string[] = [];
    const again = limiter
      .run(COPIES, request, () => Promise.reject(new Error('lost')))
      .catch(() => limiter.run(COPIES, request, async () => order.push('again')));
    const later = limiter.run(COPIES, {}, async () => order.push('later'));

    await clock.runFor(Promise.all([again, later]));
    expect(order).toEqual(['again', 'later']);

    await clock.runUntil(START_MS + 29_000);
    await callAll(limited, COPIES, 27);
    const last = limiter.run(COPIES, request, () => Promise.resolve('made'));
    await expect(clock.runFor(last)).rejects.toThrow(CallNotMadeError);
    expect(afterMs()).toBe(30_000);
  });
});

describe('an EC2 client', () => {
  test('waits inside its retries, and before it signs', () => {
    const { connection } = createBench({});
    const client = new EC2Client(clientConfig(connection, 'ec2', HOME.region));

    limitCalls(client, noLimiter, HOME);

    const names = client.middlewareStack.identify().map((line) => line.split(/[: ]/)[0]);
    const position = names.indexOf('limiter');
    expect(names[position - 1]).toBe('retryMiddleware');
    expect(names[position + 1]).toBe('httpSigningMiddleware');
  });

  test('names the account, the Region and the action of its calls', async () => {
    const bench = createBench({ DescribeImages: () => ({}) });
    const client = new EC2Client(clientConfig(bench.connection, 'ec2', HOME.region));
    const lanes: Lane[] = [];
    limitCalls(
      client,
      {
        run: (lane, _request, call) => {
          lanes.push(lane);
          return call();
        },
      },
      HOME,
    );

    await bench.run(client.send(new DescribeImagesCommand({})));

    expect(lanes).toEqual([
      { account: '111122223333', region: 'eu-central-1', action: 'DescribeImages' },
    ]);
  });

  test('takes a token for each try, those after a server error too', async () => {
    const bench = createBench({
      CreateImage: (_input, count) => {
        if (count === 50 || count === 51) throw new ApiError('InternalError', 'Again.', 500);
        return { ImageId: 'ami-1' };
      },
    });
    const ec2 = createCloud(bench.connection, 100).at(HOME);
    await bench.run(Promise.all(Array.from({ length: 49 }, () => ec2.createImage(CREATE))));

    expect(await bench.run(ec2.createImage(CREATE))).toMatchObject({ ok: true });
    expect(bench.calls.slice(49).map(({ afterMs }) => afterMs)).toEqual([200, 400, 600]);
  });

  test('reads no faster than its bucket lets it', async () => {
    const bench = createBench({ DescribeImages: () => ({}) });
    const ec2 = createCloud(bench.connection, 100).at(HOME);

    await bench.run(Promise.all(Array.from({ length: 98 }, () => ec2.images('prod'))));

    expect(bench.calls.slice(95).map(({ afterMs }) => afterMs)).toEqual([0, 50, 100]);
  });
});

const noLimiter: Limiter = { run: (_lane, _request, call) => call() };

describe('a cloud', () => {
  test('takes the share that a deployment names as its default', () => {
    const wiring = readFileSync(join(import.meta.dirname, '../../serverless.yml'), 'utf8');

    expect(wiring).toContain(`apiShare: '${SHARE_PERCENT_DEFAULT}'`);
  });

  test('takes four fifths of the buckets, if nothing else is said, in each Region', async () => {
    const bench = createBench({ CreateImage: () => ({ ImageId: 'ami-1' }) });
    const cloud = createCloud(bench.connection);
    const createAt = (target: typeof HOME, count: number) =>
      Promise.all(Array.from({ length: count }, () => cloud.at(target).createImage(CREATE)));

    await bench.run(Promise.all([createAt(HOME, 41), createAt(ELSEWHERE, 39)]));

    const late = bench.calls.filter(({ afterMs }) => afterMs > 0);
    expect(late.map(({ region, afterMs }) => [region, afterMs])).toEqual([
      ['eu-central-1', 200],
      ['eu-central-1', 450],
    ]);
  });

  test('gives a call that was never made as a failure that passes', async () => {
    const bench = createBench({
      CreateImage: () => {
        throw new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
      },
    });
    const ec2 = createCloud(bench.connection, 10).at(HOME);

    const results = await bench.run(
      Promise.all(Array.from({ length: 8 }, () => ec2.createImage(CREATE))),
    );

    const codes = results.map((result) => !result.ok && [result.failure.kind, result.failure.code]);
    expect(codes[0]).toEqual(['throttled', 'RequestLimitExceeded']);
    expect(codes.at(-1)).toEqual(['throttled', 'CallNotMadeError']);
  });
});
