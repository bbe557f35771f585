import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { turnoverPeriodMs } from '../../shared/domain/turnover.ts';
import type { Window } from '../../shared/domain/windows.ts';
import { aPlanInput, aPoint, aPolicy, at, type PlanParts } from '../support/builders.ts';

const HOUR_MS = 3_600_000;

/** From three to five in the morning, UTC; the days are 0 for Sunday to 6 for Saturday. */
const window = (...days: readonly number[]): Window => ({
  kind: 'weekly',
  days,
  startMinute: 180,
  endMinute: 300,
  timezone: 'UTC',
});

describe('the period of the turnover', () => {
  const hoursAt = (now: string, ...during: readonly Window[]): number =>
    turnoverPeriodMs(during, at(now)) / HOUR_MS;

  it('is a day, where retirement may remove at any time', () => {
    expect(hoursAt('2026-11-21T04:30Z')).toBe(24);
  });

  it('reaches back to the opening before this one', () => {
    // The 22nd is a Sunday.
    expect(hoursAt('2026-11-22T03:00Z', window(0))).toBe(168);
    expect(hoursAt('2026-11-22T04:30Z', window(0))).toBe(169.5);
    expect(hoursAt('2026-11-22T03:00Z', window(0), window(4))).toBe(72);
  });

  it('is never less than a day', () => {
    const each = { ...window(0, 1, 2, 3, 4, 5, 6), startMinute: 60, endMinute: 120 };
    const every = [window(0, 1, 2, 3, 4, 5, 6), each];

    expect(hoursAt('2026-11-22T03:00Z', ...every)).toBe(24);
  });

  it('is a day before a window has opened twice, and where it opens once', () => {
    const once: Window = {
      kind: 'once',
      startMs: at('2026-11-20T00:00Z'),
      endMs: at('2026-11-23T00:00Z'),
    };

    expect(hoursAt('2026-11-22T03:00Z', once)).toBe(24);
    expect(hoursAt('2026-11-22T03:00Z', { ...once, startMs: at('2027-01-01T00:00Z') })).toBe(24);
  });
});

describe('a policy that retires on Sundays only', () => {
  const points = (days: readonly number[]): readonly Image[] =>
    days.map((day) =>
      aPoint({ id: `ami-${day}`, slot: `2026-11-${String(day).padStart(2, '0')}T02:00Z` }),
    );
  const from = (first: number, last: number): readonly number[] =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const during = [window(0)];
  const sundays: PlanParts = {
    policies: [aPolicy({ keep: { last: 3 }, retire: { snapshots: 'delete', during } })],
    limits: { maxRemovals: { count: 100, percent: 0 }, keepAtLeast: 1 },
    images: points(from(13, 22)),
  };

  const planAt = (now: string): ReturnType<typeof planRetirement> =>
    planRetirement(aPlanInput({ ...sundays, now }));

  it('lets go as many as came in the week, without a part of the percentage', () => {
    expect(planAt('2026-11-22T03:00Z').actions.map(({ imageId }) => imageId)).toEqual(
      from(13, 19).map((day) => `ami-${day}`),
    );
    expect(planAt('2026-11-22T03:00Z').actions.every(({ isCounted }) => !isCounted)).toBe(true);
  });

  it('PRO-07 lets nothing go outside its window, and says when it opens', () => {
    const { actions, decisions } = planAt('2026-11-22T05:00Z');

    expect(actions).toEqual([]);
    expect(decisions.find(({ id }) => id === 'ami-13')).toMatchObject({
      verdict: 'protect',
      reasons: [
        { id: 'RET-10', evidence: '10 of 10' },
        { id: 'PRO-07', evidence: 'until 2026-11-29T03-00-00Z' },
      ],
    });
  });

  it('PRO-07 lets nothing go once its last window is over', () => {
    const once = [
      { kind: 'once', startMs: at('2026-11-01T00:00Z'), endMs: at('2026-11-22T03:00Z') },
    ] as const;
    const policies = [
      aPolicy({ keep: { last: 3 }, retire: { snapshots: 'delete', during: once } }),
    ];
    const { decisions } = planRetirement(
      aPlanInput({ ...sundays, policies, now: '2026-11-22T03:00Z' }),
    );

    expect(decisions.find(({ id }) => id === 'ami-13')?.reasons[1]).toEqual({
      id: 'PRO-07',
      evidence: 'never again',
    });
  });

  it('PRO-07 holds for failed images too, but for no other policy', () => {
    const images = [
      ...points([22, 21, 20, 19]),
      aPoint({ id: 'ami-f', slot: '2026-11-22T02:00Z', retry: 1, state: 'failed' }),
      aPoint({ id: 'db-2', policyId: 'db', slot: '2026-11-22T02:00Z' }),
      aPoint({ id: 'db-1', policyId: 'db', slot: '2026-11-21T02:00Z' }),
    ];
    const policies = [...(sundays.policies ?? []), aPolicy({ id: 'db', keep: { last: 1 } })];
    const parts = { images, policies, limits: { ...NO_PERCENT, keepAtLeast: 1 } };
    const { actions } = planRetirement(aPlanInput({ ...parts, now: '2026-11-23T03:30Z' }));

    expect(actions.map(({ imageId }) => imageId)).toEqual(['db-1']);
  });
});

const NO_PERCENT = { maxRemovals: { count: 100, percent: 100 } };
