import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import type { Keep } from '../../shared/domain/policy.ts';
import { aPlanInput, aPoint, aPolicy, at } from '../support/builders.ts';

const DAY_MS = 86_400_000;

const night = (date: string): Image => aPoint({ id: `ami-${date}`, slot: `${date}T02:00Z` });

const plan = (images: readonly Image[], keep: Keep, now: string, percent: number) =>
  planRetirement(
    aPlanInput({
      images,
      policies: [aPolicy({ keep })],
      limits: { maxRemovals: { count: 1_000, percent }, keepAtLeast: 1 },
      now,
    }),
  );

describe('points of tiers', () => {
  it('are displaced by the newest point, years after they came', () => {
    const images = ['2023-10-31', '2024-10-31', '2025-10-31', '2026-10-31'].map(night);
    const keep: Keep = { last: 1, yearly: 3 };
    const retired = (all: readonly Image[], now: string): readonly string[] =>
      plan(all, keep, now, 0).actions.map(({ imageId }) => imageId);

    // Nothing came, so nothing is displaced: each removal would count, and none is allowed to.
    expect(retired(images, '2026-11-20T04:30Z')).toEqual([]);
    expect(retired([...images, night('2026-11-21')], '2026-11-21T04:30Z')).toEqual([
      'ami-2023-10-31',
    ]);
  });

  it.each<[string, Keep, number]>([
    ['many', { daily: 7, weekly: 4, monthly: 12 }, 19],
    ['few', { daily: 2, weekly: 1, monthly: 1 }, 2],
    ['some of one day', { last: 1, daily: 3, weekly: 2 }, 3],
  ])('are held back by ten percent for some nights at most: %s', (_, keep, left) => {
    let images: readonly Image[] = [];
    let deferredMost = 0;
    let now = '';
    for (
      let nightMs = at('2025-01-01T00:00Z');
      nightMs < at('2026-06-16T00:00Z');
      nightMs += DAY_MS
    ) {
      const date = new Date(nightMs).toISOString().slice(0, 10);
      now = `${date}T04:30Z`;
      images = [...images, night(date)];
      const { actions, decisions } = plan(images, keep, now, 10);
      const gone = new Set(actions.map(({ imageId }) => imageId));
      images = images.filter(({ id }) => !gone.has(id));
      const deferred = decisions.filter(({ verdict }) => verdict === 'defer').length;
      deferredMost = Math.max(deferredMost, deferred);
    }

    expect(deferredMost).toBeLessThanOrEqual(1);
    expect(images).toHaveLength(left);
  });
});
