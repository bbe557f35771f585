import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoOf, isoSecondsOf } from '../../simulator/kernel/iso.ts';

const YEAR_10000_MS = 253_402_300_800_000;

describe('an instant as text', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [1_793_491_199_007, '2026-10-31T23:59:59.007Z'],
    [YEAR_10000_MS, '+010000-01-01T00:00:00.000Z'],
  ])('is of %i %s', (atMs, text) => {
    expect(isoOf(atMs)).toBe(text);
  });

  it('is what a Date says, to the millisecond or to the second', () => {
    const instants = integer({ min: -YEAR_10000_MS / 10, max: YEAR_10000_MS });
    assert(
      property(instants, (atMs) => {
        const text = new Date(atMs).toISOString();
        expect(isoOf(atMs)).toBe(text);
        expect(isoSecondsOf(atMs)).toBe(text.replace(/\.\d+Z$/, 'Z'));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is refused of what is no instant', () => {
    expect(() => isoOf(Number.NaN)).toThrow(RangeError);
  });
});
