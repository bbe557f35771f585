import { describe, expect, it } from 'vitest';
import { jitterOf } from '../../shared/domain/jitter.ts';

const HOUR_MS = 3_600_000;
const KEYS = Array.from({ length: 6_000 }, (_, index) => `daily/i-${index}/2026-11-21T02-00-00Z`);

describe('jitter', () => {
  it('is the same for the same key, on every machine', () => {
    expect(jitterOf('daily/i-0aa/2026-11-21T02-00-00Z', HOUR_MS)).toBe(2_919_000);
    expect(jitterOf('daily/i-0ab/2026-11-21T02-00-00Z', HOUR_MS)).toBe(1_854_000);
  });

  it('is whole seconds, from nothing to less than the most', () => {
    const jitters = KEYS.map((key) => jitterOf(key, 3_000));

    expect(new Set(jitters)).toEqual(new Set([0, 1_000, 2_000]));
  });

  it.each([
    [2_001, [0, 1_000, 2_000]],
    [2_000, [0, 1_000]],
    [1_001, [0, 1_000]],
    [1_000, [0]],
    [999, [0]],
    [0, [0]],
    [-1_000, [0]],
  ])('of at most %d ms is one of %j', (maxMs, expected) => {
    const jitters = new Set(KEYS.map((key) => jitterOf(key, maxMs)));

    expect([...jitters].toSorted((one, other) => one - other)).toEqual(expected);
  });

  it('is spread evenly: of sixty slices of an hour, none gets twice its share', () => {
    const slices = Map.groupBy(KEYS, (key) => Math.floor(jitterOf(key, HOUR_MS) / 60_000));
    const counts = [...slices.values()].map((keys) => keys.length);

    expect(slices.size).toBe(60);
    expect(Math.max(...counts)).toBeLessThan(150);
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });
});
