import { describe, expect, test } from 'vitest';
import { levelFrom } from '../../shared/domain/forecast-level.ts';

const upTo = (length: number, of: (index: number) => number): readonly number[] =>
  Array.from({ length }, (_, index) => of(index));

describe('from when on numbers stay level', () => {
  test('is where a fleet has as many points as its policy keeps', () => {
    expect(levelFrom([0, 10, 20, 30, 30, 30, 30, 30])).toBe(3);
  });

  test('is at once where nothing changes', () => {
    expect(levelFrom([7, 7, 7, 7, 7])).toBe(0);
  });

  test('is where tiers only make them swing by a few percent', () => {
    const swinging = upTo(60, (day) => (day < 20 ? day * 5 : 100 + (day % 7 === 0 ? 4 : 0)));

    expect(levelFrom(swinging)).toBe(20);
  });

  test('is nowhere where they swing by more', () => {
    expect(levelFrom(upTo(60, (day) => 100 + (day % 7 === 0 ? 6 : 0)))).toBeUndefined();
  });

  test('is nowhere while they grow, however slowly', () => {
    expect(levelFrom(upTo(366, (day) => 1_000 + day))).toBeUndefined();
  });

  test('is nowhere while they shrink, however slowly', () => {
    expect(levelFrom(upTo(366, (day) => 1_000 - day))).toBeUndefined();
  });

  test('is nowhere where only the last few are level: that may be a step', () => {
    expect(levelFrom(upTo(101, (day) => (day < 80 ? 50 : 70)))).toBeUndefined();
    expect(levelFrom(upTo(101, (day) => (day < 70 ? 50 : 70)))).toBe(70);
  });

  test('is nowhere in too few numbers to tell', () => {
    expect(levelFrom([5, 5, 5])).toBeUndefined();
    expect(levelFrom([5])).toBeUndefined();
  });
});
