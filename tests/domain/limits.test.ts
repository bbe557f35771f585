import { describe, expect, it } from 'vitest';
import { NOTHING_SPENT, type Spent } from '../../shared/domain/decision.ts';
import { createBudget } from '../../shared/domain/limits.ts';
import { freeze } from '../support/builders.ts';

/** The ids of the limits that hold back removals, one by one; `-` where none does. */
const take = (
  { count, percent }: { readonly count: number; readonly percent: number },
  goodPoints: number,
  removals: readonly ('counted' | 'turnover')[],
  spent: Spent = NOTHING_SPENT,
): string => {
  const limits = freeze({ maxRemovals: { count, percent }, keepAtLeast: 1 });
  const budget = createBudget(limits, spent, goodPoints);
  return removals.map((kind) => budget.take(kind === 'counted')?.id ?? '-').join(' ');
};

const counted = (times: number): 'counted'[] => Array.from({ length: times }, () => 'counted');

describe('the limits of one run', () => {
  it('LIM-01 hold back what goes beyond the count, whatever its kind', () => {
    expect(
      take({ count: 2, percent: 100 }, 100, ['counted', 'turnover', 'counted', 'turnover']),
    ).toBe('- - LIM-01 LIM-01');
  });

  it('LIM-02 hold back what goes beyond the percentage, rounded down', () => {
    expect(take({ count: 100, percent: 10 }, 39, counted(4))).toBe('- - - LIM-02');
    expect(take({ count: 100, percent: 10 }, 40, counted(5))).toBe('- - - - LIM-02');
  });

  it('let turnover through beyond the percentage, and it takes nothing of it', () => {
    expect(
      take({ count: 100, percent: 10 }, 20, ['turnover', 'turnover', 'turnover', ...counted(3)]),
    ).toBe('- - - - - LIM-02');
  });

  it('allow one at least, however few points there are', () => {
    expect(take({ count: 100, percent: 10 }, 3, counted(2))).toBe('- LIM-02');
    expect(take({ count: 100, percent: 0.1 }, 3, counted(2))).toBe('- LIM-02');
  });

  it('allow turnover alone at zero percent', () => {
    expect(take({ count: 100, percent: 0 }, 1_000, ['counted', 'turnover'])).toBe('LIM-02 -');
  });

  it('go on where an earlier hop of the run stopped', () => {
    expect(take({ count: 5, percent: 50 }, 6, counted(3), { removed: 3, counted: 2 })).toBe(
      '- LIM-02 LIM-02',
    );
    expect(take({ count: 5, percent: 50 }, 6, counted(1), { removed: 5, counted: 0 })).toBe(
      'LIM-01',
    );
  });

  it('say how far they go', () => {
    const limits = freeze({ maxRemovals: { count: 1, percent: 10 }, keepAtLeast: 1 });
    const spent = { removed: 0, counted: 5 };

    expect(createBudget(limits, { removed: 1, counted: 0 }, 50).take(true)).toEqual({
      id: 'LIM-01',
      evidence: '1 a run',
    });
    expect(createBudget(limits, spent, 50).take(true)).toEqual({
      id: 'LIM-02',
      evidence: '10 % of 50 points a run',
    });
  });
});
