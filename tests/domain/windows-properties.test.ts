import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOpeningMs, openUntilMs, type Window } from '../../shared/domain/windows.ts';
import { at } from '../support/builders.ts';
import { watchClock, type WallMinute } from '../support/slow-cron.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const WATCHED = [
  ['UTC', '2026-11-20T00:00Z'],
  ['Europe/Berlin', '2027-03-28T01:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
].map(([timezone = '', change = '']) => {
  const fromMs = at(change) - 1.5 * DAY_MS;
  const toMs = at(change) + 1.5 * DAY_MS;
  return { timezone, fromMs, toMs, walls: furthestWalls(timezone, fromMs, toMs) };
});

/** For each minute of [from, to) the last wall time that was shown for the first time. */
function furthestWalls(timezone: string, fromMs: number, toMs: number): readonly WallMinute[] {
  const shown = watchClock(timezone, fromMs, toMs);
  const minutes = Array.from(
    { length: (toMs - fromMs) / MINUTE_MS },
    (_, index) => fromMs + index * MINUTE_MS,
  );
  let last = -1;
  return minutes.flatMap((minuteMs) => {
    if (shown[last + 1]?.instantMs === minuteMs) last += 1;
    return shown[last] ?? [];
  });
}

/** Whether a day's window, or that of the day before, is open at a wall time. */
const isOpen = (window: Window, wall: WallMinute): boolean => {
  if (window.kind === 'once') return false;
  const { days, startMinute, endMinute } = window;
  const weekday = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
  const minute = wall.hour * 60 + wall.minute;
  const isPastMidnight = endMinute <= startMinute;
  return (
    (days.includes(weekday) && minute >= startMinute && (isPastMidnight || minute < endMinute)) ||
    (days.includes((weekday + 6) % 7) && isPastMidnight && minute < endMinute)
  );
};

const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 1_439 }),
  fc.constantFrom(0, 60, 90, 120, 135, 150, 180, 1_380),
);

const weeklyWindows = fc.array(
  fc.record({
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
    startMinute: minuteOfDay,
    endMinute: minuteOfDay,
  }),
  { minLength: 1, maxLength: 3 },
);

describe('windows, against a slow watch of the clocks', () => {
  it('open and end when they are seen to, wherever clocks are changed', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...WATCHED), weeklyWindows, share, (watched, parts, part) => {
        const { timezone, fromMs, toMs, walls } = watched;
        const windows = parts.map((each) => ({ kind: 'weekly' as const, timezone, ...each }));
        const opens = walls.map((wall) => windows.some((window) => isOpen(window, wall)));
        const now = Math.floor(walls.length * part);
        const nowMs = fromMs + now * MINUTE_MS;
        const next = (found: number): number | undefined =>
          found < 0 ? undefined : fromMs + found * MINUTE_MS;
        const inSight = (atMs: number | undefined): number | undefined =>
          atMs !== undefined && atMs < toMs ? atMs : undefined;
        const until = openUntilMs(windows, nowMs);

        expect(until !== undefined).toBe(opens[now]);
        expect(inSight(until)).toBe(
          opens[now] ? next(opens.findIndex((open, index) => index > now && !open)) : undefined,
        );
        expect(inSight(nextOpeningMs(windows, nowMs))).toBe(
          next(opens.findIndex((open, index) => index > now && open && !opens[index - 1])),
        );
      }),
      { numRuns: 300 },
    );
  });
});
