import { describe, expect, test } from 'vitest';
import { createCloud } from '../../shared/aws/ec2.ts';
import { createPacer, createPacers, type Pacer } from '../../shared/aws/pacing.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { CREATE, createBench, ELSEWHERE, HOME } from './fixture.ts';

const START_MS = 1_000_000;

/** Takes `count` times at once; the instants at which each may go on, in the order of arrival. */
const takeAll = async (clock: VirtualClock, pacer: Pacer, count: number) => {
  const instants: number[] = [];
  const order: number[] = [];
  const take = async (index: number): Promise<void> => {
    await pacer.take();
    instants[index] = clock.nowMs() - START_MS;
    order.push(index);
  };
  await clock.runFor(Promise.all(Array.from({ length: count }, (_, index) => take(index))));
  return { instants, order };
};

describe('a pacer', () => {
  test('lets a burst through at once, and the rest at its rate', async () => {
    const clock = new VirtualClock(START_MS);
    const pacer = createPacer(clock, { burst: 3, perSecond: 2 });

    const { instants } = await takeAll(clock, pacer, 7);

    expect(instants).toEqual([0, 0, 0, 500, 1_000, 1_500, 2_000]);
  });

  test('serves concurrent callers in the order in which they came', async () => {
    const clock = new VirtualClock(START_MS);
    const pacer = createPacer(clock, { burst: 2, perSecond: 10 });

    const { order } = await takeAll(clock, pacer, 12);

    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('fills up again with time, and never beyond its burst', async () => {
    const clock = new VirtualClock(START_MS);
    const pacer = createPacer(clock, { burst: 2, perSecond: 1 });
    await takeAll(clock, pacer, 4); // empty, at 2 s

    await clock.runUntil(START_MS + 3_000);
    const afterOneSecond = await takeAll(clock, pacer, 2);
    await clock.runUntil(START_MS + 3_600_000);
    const afterAnHour = await takeAll(clock, pacer, 4);

    expect(afterOneSecond.instants).toEqual([3_000, 4_000]);
    expect(afterAnHour.instants).toEqual([3_600_000, 3_600_000, 3_601_000, 3_602_000]);
  });

  test('lets no call through before its time, though time comes in whole milliseconds', async () => {
    const clock = new VirtualClock(START_MS);
    const pacer = createPacer(clock, { burst: 1, perSecond: 3 });

    const { instants } = await takeAll(clock, pacer, 30);

    const lateMs = instants.map((atMs, index) => atMs - (index * 1_000) / 3);
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...lateMs)).toBeLessThan(2);
  });
});

describe("the share of EC2's rates that a worker takes", () => {
  // Four fifths of EC2's buckets: 50 and 5 a second, 100 and 1, 100 and 5, 100 and 5.
  test.each([
    ['CreateImage', 40, 250],
    ['CopyImage', 80, 1_250],
    ['DeregisterImage', 80, 250],
    ['DeleteSnapshot', 80, 250],
  ] as const)('%s: %i at once, then one every %i ms', async (action, burst, intervalMs) => {
    const clock = new VirtualClock(START_MS);

    const { instants } = await takeAll(clock, createPacers(clock)[action], burst + 2);

    expect(instants.slice(burst - 1)).toEqual([0, intervalMs, 2 * intervalMs]);
  });

  test('is of its own for each action', async () => {
    const clock = new VirtualClock(START_MS);
    const pacers = createPacers(clock);
    await takeAll(clock, pacers.CopyImage, 80);

    const { instants } = await takeAll(clock, pacers.CreateImage, 40);

    expect(instants.at(-1)).toBe(0);
  });

  test('is of its own for each target', async () => {
    const bench = createBench({ CreateImage: () => ({ ImageId: 'ami-1' }) });
    const cloud = createCloud(bench.connection);
    const createAt = (target: typeof HOME, count: number) =>
      Promise.all(Array.from({ length: count }, () => cloud.at(target).createImage(CREATE)));

    await bench.run(Promise.all([createAt(HOME, 41), createAt(ELSEWHERE, 40)]));

    const lateMs = bench.calls.filter(({ afterMs }) => afterMs > 0);
    expect(lateMs.map(({ region, afterMs }) => [region, afterMs])).toEqual([['eu-central-1', 250]]);
    expect(bench.calls).toHaveLength(81);
  });
});
