import { describe, expect, test } from 'vitest';
import { createLaunchReads, type LaunchReads } from '../../shared/aws/launch-reads.ts';
import { createLimiter, type Lane } from '../../shared/aws/limiter.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Bench, createBench, HOME } from './fixture.ts';

const readsOf = (bench: Bench): LaunchReads =>
  createLaunchReads(
    bench.connection,
    createLimiter({ ...bench.connection, sharePercent: 100 }),
    HOME,
  );

describe('clients of Auto Scaling and SSM', () => {
  test('draw from one bucket for all of Auto Scaling, and from one for each action of SSM', async () => {
    const bench = createBench({
      DescribeAutoScalingGroups: () => ({}),
      DescribeLaunchConfigurations: () => ({}),
      DescribeParameters: () => ({ Parameters: [{ Name: '/a', Type: 'String' }] }),
      GetParameters: () => ({}),
    });
    const lanes: Lane[] = [];
    const reads = createLaunchReads(
      bench.connection,
      {
        run: (lane, _request, call) => {
          lanes.push(lane);
          return call();
        },
      },
      HOME,
    );

    await bench.run(reads.groups());
    await bench.run(reads.configurations());
    await bench.run(reads.parameters([]));

    expect(lanes).toEqual(
      ['AutoScaling', 'AutoScaling', 'DescribeParameters', 'GetParameters'].map((action) => ({
        ...HOME,
        action,
      })),
    );
  });

  test('come five a second after a burst', async () => {
    const bench = createBench({
      DescribeAutoScalingGroups: (_input, count) => ({
        AutoScalingGroups: [],
        ...(count < 12 ? { NextToken: `page ${count}` } : {}),
      }),
    });

    await bench.run(readsOf(bench).groups());

    expect(bench.calls.map(({ afterMs }) => afterMs).slice(8)).toEqual([0, 200, 400, 600]);
  });

  test.each(['Throttling', 'ThrottlingException'])(
    'repeat a call that is refused with %s until it goes through',
    async (code) => {
      const bench = createBench({
        DescribeAutoScalingGroups: (_input, count) => {
          if (count < 9) throw new ApiError(code, 'Rate exceeded', 400);
          return { AutoScalingGroups: [{ AutoScalingGroupName: 'blue' }] };
        },
      });

      const { pages, problem } = await bench.run(readsOf(bench).groups());

      expect(problem).toBeUndefined();
      expect(pages).toEqual([{ AutoScalingGroups: [{ AutoScalingGroupName: 'blue' }] }]);
      expect(bench.calls).toHaveLength(9);
    },
  );

  test('name what SSM threw where it goes on for half a minute', async () => {
    const bench = createBench({
      DescribeParameters: () => {
        throw new ApiError('ThrottlingException', 'Rate exceeded', 400);
      },
    });

    const { problem } = await bench.run(readsOf(bench).parameters([]));

    expect(problem).toBe('ThrottlingException: Rate exceeded');
    expect(bench.afterMs()).toBeGreaterThanOrEqual(30_000);
    expect(bench.afterMs()).toBeLessThan(40_000);
  });
});
