import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import type { Limits } from '../../shared/domain/policy.ts';
import {
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  type PlanParts,
  type PointParts,
} from '../support/builders.ts';

const NOW = '2026-11-21T04:30Z';

const point = (source: string, day: number, parts: PointParts = {}): Image =>
  aPoint({
    id: `${source}-${day}`,
    source,
    slot: `2026-11-${String(day).padStart(2, '0')}T02:00Z`,
    ...parts,
  });

/** Points of one source, one for each day from the first to the last. */
const points = (source: string, firstDay: number, lastDay: number): readonly Image[] =>
  Array.from({ length: lastDay - firstDay + 1 }, (_, index) => point(source, firstDay + index));

const atMost = (count: number, percent: number): Limits => ({
  maxRemovals: { count, percent },
  keepAtLeast: 1,
});

const planFor = (parts: PlanParts): ReturnType<typeof plan> =>
  plan(aPlanInput({ now: NOW, policies: [aPolicy({ keep: { last: 3 } })], ...parts }));

const removedFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).removals.map((one) => (one.kind === 'retire' ? one.imageId : one.snapshotId));

const deferredFor = (parts: PlanParts): readonly string[] =>
  planFor(parts)
    .decisions.filter(({ verdict }) => verdict === 'defer')
    .map(({ id, reasons }) => `${id} ${reasons.map((why) => why.id).join(' ')}`);

describe('what a run may remove', () => {
  it('LIM-02 is a part of what retention may let go, not of points kept by a date of their own', () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      point('i-0bb', index + 1, { policyId: 'on-demand' }),
    );
    const policies = [aPolicy({ keep: { last: 1 } })];
    const parts = { policies, limits: atMost(100, 10) };

    expect(removedFor({ ...parts, images: points('i-0aa', 2, 21) })).toHaveLength(3);
    expect(removedFor({ ...parts, images: [...points('i-0aa', 2, 21), ...asked] })).toHaveLength(3);
  });

  it('LIM-01 is the oldest first, and the rest is deferred and said', () => {
    const parts = { images: points('i-0aa', 15, 21), limits: atMost(2, 100) };

    expect(removedFor(parts)).toEqual(['i-0aa-15', 'i-0aa-16']);
    expect(deferredFor(parts)).toEqual(['i-0aa-17 RET-10 LIM-01', 'i-0aa-18 RET-10 LIM-01']);
  });

  it('LIM-02 is a part of all good points of the target, where a rule was made shorter', () => {
    // Twenty points, none of them new: 10 % are two.
    const images = [...points('i-0aa', 1, 10), ...points('i-0bb', 11, 20)];
    const parts = { images, limits: atMost(100, 10) };

    expect(removedFor(parts)).toEqual(['i-0aa-1', 'i-0aa-2']);
    expect(deferredFor(parts)).toHaveLength(12);
    expect(deferredFor(parts)[0]).toBe('i-0aa-3 RET-10 LIM-02');
  });

  it('is not of points that are pending, failed or of others', () => {
    const images = [
      ...points('i-0aa', 1, 9),
      point('i-0aa', 20, { state: 'pending' }),
      point('i-0bb', 1, { state: 'failed' }),
      point('i-0cc', 1, { name: 'mine' }),
    ];

    expect(removedFor({ images, limits: atMost(100, 30) })).toEqual(['i-0aa-1', 'i-0aa-2']);
  });

  it('carries over from hop to hop of one run', () => {
    const images = points('i-0aa', 1, 10);
    const limits = atMost(5, 30);

    expect(removedFor({ images, limits, spent: { removed: 2, counted: 2 } })).toEqual(['i-0aa-1']);
    expect(removedFor({ images, limits, spent: { removed: 5, counted: 0 } })).toEqual([]);
    expect(removedFor({ images, limits, spent: { removed: 3, counted: 3 } })).toEqual([]);
  });
});

describe('turnover', () => {
  const fleet = Array.from({ length: 10 }, (_, index) => `i-0${index}`);

  it('is not counted: a fleet whose every source got a point loses one of each', () => {
    const images = fleet.flatMap((source) => points(source, 18, 21));
    const parts = { images, limits: atMost(100, 10) };

    expect([...removedFor(parts)].sort()).toEqual(fleet.map((source) => `${source}-18`));
    expect(deferredFor(parts)).toEqual([]);
    expect(planFor(parts).removals.map((one) => one.kind === 'retire' && one.isCounted)).toEqual(
      fleet.map(() => false),
    );
  });

  it('is as much as came in during a day: what goes beyond it is counted', () => {
    const images = [...points('i-0aa', 14, 21), ...points('i-0bb', 20, 21)];
    const parts = { images, limits: atMost(100, 10) };

    // Five have expired. One makes room for that of the 21st, and 10 % of ten points is one more.
    expect(removedFor(parts)).toEqual(['i-0aa-14', 'i-0aa-15']);
    expect(deferredFor(parts)).toEqual([
      'i-0aa-16 RET-10 LIM-02',
      'i-0aa-17 RET-10 LIM-02',
      'i-0aa-18 RET-10 LIM-02',
    ]);
  });

  it('is of each source alone: a new point of one makes no room for those of another', () => {
    const images = [...points('i-0aa', 15, 20), ...points('i-0bb', 19, 21)];

    expect(removedFor({ images, limits: atMost(100, 0) })).toEqual([]);
  });

  it('is not what replaces nothing: no new point came in', () => {
    expect(removedFor({ images: points('i-0aa', 15, 19), limits: atMost(100, 0) })).toEqual([]);
  });

  it('is also a failed image that a good point has made needless', () => {
    const images = [point('i-0aa', 20, { state: 'failed' }), point('i-0aa', 21)];

    expect(removedFor({ images, limits: atMost(100, 0) })).toEqual(['i-0aa-20']);
  });
});

describe('orphan snapshots', () => {
  const orphans = [
    aSnapshot({ id: 'snap-b', startedMs: Date.parse('2026-11-02T02:00Z') }),
    aSnapshot({ id: 'snap-a', startedMs: Date.parse('2026-11-03T02:00Z') }),
    aSnapshot({ id: 'snap-c', startedMs: Date.parse('2026-11-01T02:00Z') }),
  ];

  it('share the count of the run with the images, which go first', () => {
    const parts = {
      images: points('i-0aa', 17, 21),
      snapshots: orphans,
      limits: atMost(4, 100),
    };

    expect(removedFor(parts)).toEqual(['i-0aa-17', 'i-0aa-18', 'snap-c', 'snap-b']);
    expect(deferredFor(parts)).toEqual(['snap-a RET-16 LIM-01']);
  });

  it('are held back by what earlier hops removed', () => {
    const parts = {
      images: points('i-0aa', 20, 21),
      snapshots: orphans,
      limits: atMost(4, 100),
      spent: { removed: 3, counted: 0 },
    };

    expect(removedFor(parts)).toEqual(['snap-c']);
  });
});
