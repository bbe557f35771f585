import { describe, expect, test } from 'vitest';
import type { Document } from 'yaml';
import { ApiError } from '../../simulator/wire/api.ts';
import { HOME, type ScenarioOptions, aScenario } from '../support/scenario.ts';

const policyWith = (count: number, percent: number): string => `
version: 1
limits: { maxRemovals: { count: ${count}, percent: ${percent} }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 2 }
`;

interface Limits {
  readonly count: number;
  readonly percent: number;
  /** Points of one instance; all but two have expired. */
  readonly points: number;
}

const DAY_MS = 86_400_000;
const NEWEST_SLOT_MS = Date.UTC(2026, 10, 2, 2);

/** So many daily points, none of the last day: no removal is the turnover of a new one. */
const pastPoints = ({ count, percent, points }: Limits, options: Partial<ScenarioOptions> = {}) => {
  const scenario = aScenario({
    policy: policyWith(count, percent),
    startsAt: '2026-11-03T04:10:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    ...options,
  });
  const ids = Array.from({ length: points }, (_, index) => {
    const slotMs = NEWEST_SLOT_MS - (points - 1 - index) * DAY_MS;
    const slot = `${new Date(slotMs).toISOString().slice(0, 19)}Z`;
    return scenario.aPoint({ of: 'web-1', policy: 'daily', slot });
  });
  const isThere = (id: string): boolean => scenario.images().some(({ imageId }) => imageId === id);
  return { ...scenario, ids, removed: () => ids.filter((id) => !isThere(id)) };
};

/** Time for one or two rounds of removals in each invocation. */
const HURRIED = {
  manners: { callLatencyMs: { min: 250, max: 250 } },
  rewire: (wiring: Document) => {
    wiring.setIn(['functions', 'retire', 'timeout'], 46);
  },
};

describe('the count', () => {
  test('holds back the newest, and says so', async () => {
    const { until, ids, removed, reasonsFor } = pastPoints({ count: 3, percent: 100, points: 8 });

    await until('2026-11-03T04:31:00Z');

    expect(removed()).toEqual(ids.slice(0, 3));
    expect(ids.map(reasonsFor)).toEqual([
      [['RET-10 expired 8 of 8']],
      [['RET-10 expired 7 of 8']],
      [['RET-10 expired 6 of 8']],
      [['RET-10 expired 5 of 8', 'LIM-01 over-the-count-of-one-run 3 a run']],
      [['RET-10 expired 4 of 8', 'LIM-01 over-the-count-of-one-run 3 a run']],
      [['RET-10 expired 3 of 8', 'LIM-01 over-the-count-of-one-run 3 a run']],
      [],
      [],
    ]);
  });

  test('is that of a run: the next day as many go again', async () => {
    const { until, ids, removed } = pastPoints({ count: 3, percent: 100, points: 8 });

    await until('2026-11-04T04:31:00Z');

    expect(removed()).toEqual(ids.slice(0, 6));
  });

  test('holds over all continuations of a run', async () => {
    const limits = { count: 12, percent: 100, points: 40 };
    const { until, ids, removed, logged } = pastPoints(limits, HURRIED);

    await until('2026-11-03T05:30:00Z');

    expect(logged('retired').length).toBeGreaterThan(1);
    expect(removed().sort()).toEqual(ids.slice(0, 12).sort());
  });
});

describe('the percentage', () => {
  test('holds back what is no turnover, and says so', async () => {
    const { until, ids, removed, reasonsFor } = pastPoints({ count: 50, percent: 10, points: 20 });

    await until('2026-11-03T04:31:00Z');

    expect(removed()).toEqual(ids.slice(0, 2));
    expect(reasonsFor(ids[2] ?? '')).toEqual([
      ['RET-10 expired 18 of 20', 'LIM-02 over-the-percentage-of-one-run 10 % of 20 points a run'],
    ]);
  });

  test('holds over all continuations of a run', async () => {
    const limits = { count: 100, percent: 30, points: 40 };
    const { until, ids, removed, logged } = pastPoints(limits, HURRIED);

    await until('2026-11-03T04:59:00Z');

    expect(logged('retired').length).toBeGreaterThan(1);
    expect(removed().sort()).toEqual(ids.slice(0, 12).sort());
  });

  test('of nothing removes nothing but the turnover', async () => {
    const { until, removed, ids } = pastPoints({ count: 50, percent: 0, points: 20 });
    await until('2026-11-03T04:31:00Z');
    expect(removed()).toEqual([]);

    await until('2026-11-04T04:31:00Z'); // two new points in a day
    expect(removed()).toEqual(ids.slice(0, 2));
  });
});

test('a run that needs continuations removes all that expired, once each', async () => {
  const limits = { count: 100, percent: 100, points: 40 };
  const { until, ids, removed, logged, calls, published } = pastPoints(limits, HURRIED);

  await until('2026-11-03T04:59:00Z');

  expect(removed()).toEqual(ids.slice(0, 38));
  expect(calls('DeregisterImage')).toBe(38);
  expect(new Set(published().flatMap(({ resources }) => resources))).toEqual(
    new Set(ids.slice(0, 38)),
  );
  expect(published()).toHaveLength(38);
  expect(logged('retired').filter(({ isFinished }) => isFinished)).toHaveLength(1);
});

test('a retire command that comes again only plans, since what it removed is not known', async () => {
  const limits = { count: 12, percent: 100, points: 40 };
  const { until, removed, beforeCall, logged } = pastPoints(limits, HURRIED);
  await until('2026-11-03T04:29:00Z');
  // The first is dispatch's own, the second the continuation.
  beforeCall({ action: 'SendMessageBatch', region: HOME, nth: 2 }, () => {
    throw new ApiError('AccessDenied', 'No', 403);
  });
  await until('2026-11-03T04:40:00Z');
  const removedFirst = removed();

  await until('2026-11-04T04:29:00Z');

  expect(removedFirst.length).toBeGreaterThan(0);
  expect(removedFirst.length).toBeLessThan(12);
  expect(removed()).toEqual(removedFirst);
  expect(logged('retired')).toMatchObject([{ mode: 'plan', removed: 0, isFinished: true }]);
});

test('a deployment that only plans removes nothing, and logs what it would remove', async () => {
  const limits = { count: 3, percent: 100, points: 8 };
  const { until, removed, ids, logged, calls } = pastPoints(limits, { retireMode: 'plan' });

  await until('2026-11-03T04:31:00Z');

  expect([removed(), calls('DeregisterImage')]).toEqual([[], 0]);
  expect(logged('retire ').map(({ message, mode }) => [message, mode])).toEqual(
    ids.slice(0, 3).map((id) => [`retire ${id}`, 'plan']),
  );
  expect(logged('retired')).toMatchObject([{ mode: 'plan', planned: 3, removed: 0, deferred: 3 }]);
});
