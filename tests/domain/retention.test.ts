import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Keep } from '../../shared/domain/policy.ts';
import { keepReasons } from '../../shared/domain/retention.ts';

const reasonsFor = (keep: Keep, rank: number, ageMs: number): readonly string[] =>
  keepReasons(keep, { rank, ageMs }).map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim());

describe('retention rules', () => {
  it.each([
    [{ last: 3 }, 0, 999, ['RET-01 1 of 3']],
    [{ last: 3 }, 2, 999, ['RET-01 3 of 3']],
    [{ last: 3 }, 3, 0, []],
    [{ withinMs: 1_000 }, 99, 1_000, ['RET-02']],
    [{ withinMs: 1_000 }, 0, 1_001, []],
    [{ withinMs: 1_000 }, 0, -5, ['RET-02']],
    [{ last: 1, withinMs: 1_000 }, 0, 500, ['RET-01 1 of 1', 'RET-02']],
    [{ last: 1, withinMs: 1_000 }, 1, 500, ['RET-02']],
    [{ last: 1, withinMs: 1_000 }, 0, 5_000, ['RET-01 1 of 1']],
    [{ last: 1, withinMs: 1_000 }, 1, 5_000, []],
    [{}, 0, 0, []],
  ])('%j for rank %d and an age of %d ms give %j', (keep, rank, ageMs, reasons) => {
    expect(reasonsFor(keep, rank, ageMs)).toEqual(reasons);
  });

  it('keep no less when one of them is added or made longer', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), (last, withinMs, rank, ageMs) => {
        const kept = reasonsFor({ last }, rank, ageMs).length > 0;
        const keptByMore = reasonsFor({ last: last + 1, withinMs }, rank, ageMs).length > 0;

        expect(keptByMore || !kept).toBe(true);
      }),
    );
  });
});
