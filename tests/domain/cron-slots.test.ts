import { Cron } from 'croner';
import { describe, expect, it, vi } from 'vitest';
import { cronSlots } from '../../shared/domain/cron-slots.ts';
import { at } from '../support/builders.ts';

const NIGHTLY = '0 2 * * * 2026-2027';

describe('slots of a cron pattern', () => {
  it('are looked for once for all the questions between two of them', () => {
    const lookBack = vi.spyOn(Cron.prototype, 'previousRuns');
    const lookAhead = vi.spyOn(Cron.prototype, 'nextRun');
    const { newestSlot, nextSlot } = cronSlots(NIGHTLY, 'UTC');
    const slotMs = at('2026-11-20T02:00Z');
    const nextMs = at('2026-11-21T02:00Z');

    for (const atMs of [slotMs + 7, slotMs, nextMs - 1]) {
      expect([newestSlot(atMs), nextSlot(atMs)]).toEqual([slotMs, nextMs]);
    }
    expect([lookBack, lookAhead].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect([newestSlot(nextMs), nextSlot(slotMs - 1)]).toEqual([nextMs, slotMs]);
    expect([lookBack, lookAhead].map(({ mock }) => mock.calls.length)).toEqual([2, 3]);
  });

  it('are looked for once where there are none', () => {
    const lookBack = vi.spyOn(Cron.prototype, 'previousRuns');
    const lookAhead = vi.spyOn(Cron.prototype, 'nextRun');
    const { newestSlot, nextSlot } = cronSlots(NIGHTLY, 'UTC');

    for (const now of ['2025-11-20T02:00Z', '2024-11-20T02:00Z', '2025-12-31T00:00Z']) {
      expect(newestSlot(at(now))).toBeUndefined();
    }
    for (const now of ['2028-11-20T02:00Z', '2029-11-20T02:00Z']) {
      expect(nextSlot(at(now))).toBeUndefined();
    }
    expect([lookBack, lookAhead].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
  });

  it('never depend on the zone of the machine', () => {
    const local = vi.spyOn(Date.prototype, 'getHours');
    const { newestSlot, nextSlot } = cronSlots(NIGHTLY, 'Europe/Berlin');

    expect(nextSlot(at('2026-11-20T12:00Z'))).toBe(at('2026-11-21T01:00Z'));
    expect(newestSlot(at('2026-11-20T12:00Z'))).toBe(at('2026-11-20T01:00Z'));
    expect(local).not.toHaveBeenCalled();
  });
});
