import { localClock } from './calendar.ts';
import { firstReachedMs, furthestWallMs } from './clock-changes.ts';

/** A stretch of time that comes again each week, or comes once. */
export type Window = WeeklyWindow | OneWindow;

export interface WeeklyWindow {
  readonly kind: 'weekly';
  /** 0 for Sunday to 6 for Saturday: the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes after local midnight. Where the end is not later than the start, it is the next day's. */
  readonly startMinute: number;
  readonly endMinute: number;
  /** IANA name. */
  readonly timezone: string;
}

export interface OneWindow {
  readonly kind: 'once';
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/**
 * Weekly windows that leave no pause for so long never will. In two weeks the clocks of a zone show every
 * time of a week, whatever they leave out in one; clocks of several zones take a year.
 */
const OPEN_MAX_MS = 16 * DAY_MS;
const OPEN_MAX_OF_ZONES_MS = 400 * DAY_MS;
/** Two weeks: the clocks may be put forward over the whole of one window. */
const OPENING_DAYS_MAX = 14;

/**
 * When the windows that are open at an instant end, those that follow without a pause included. A
 * time that the clocks show twice is meant the first time; one that they leave out is the moment at
 * which they do.
 * @returns undefined if none is open, Infinity if they never end
 */
export const openUntilMs = (windows: readonly Window[], atMs: number): number | undefined => {
  let untilMs = endMsAt(windows, atMs);
  if (untilMs === undefined) return undefined;
  const pauseByMs = latestPauseMs(windows, atMs);
  while (untilMs <= pauseByMs) {
    const furtherMs = endMsAt(windows, untilMs);
    if (furtherMs === undefined) return untilMs;
    untilMs = furtherMs;
  }
  return Number.POSITIVE_INFINITY;
};

/** Up to when they have a pause, if they ever have one. */
const latestPauseMs = (windows: readonly Window[], atMs: number): number => {
  const zones = new Set(
    windows.flatMap((window) => (window.kind === 'weekly' ? window.timezone : [])),
  );
  const onceMs = windows.flatMap((window) => (window.kind === 'once' ? window.endMs : []));
  return Math.max(atMs, ...onceMs) + (zones.size > 1 ? OPEN_MAX_OF_ZONES_MS : OPEN_MAX_MS);
};

/**
 * The first instant after this one at which windows open that were all closed just before.
 * @returns undefined if there is none
 */
export const nextOpeningMs = (windows: readonly Window[], afterMs: number): number | undefined => {
  const closedMs = openUntilMs(windows, afterMs) ?? afterMs;
  if (closedMs === Number.POSITIVE_INFINITY) return undefined;
  const openings = windows.flatMap((window) => beginningAfter(window, closedMs) ?? []);
  return openings.length === 0 ? undefined : Math.min(...openings);
};

/** When the last to end of the windows that are open at an instant ends. */
const endMsAt = (windows: readonly Window[], atMs: number): number | undefined => {
  const ends = windows.flatMap((window) => {
    if (window.kind === 'weekly') return weeklyEndMsAt(window, atMs) ?? [];
    return window.startMs <= atMs && atMs < window.endMs ? window.endMs : [];
  });
  return ends.length === 0 ? undefined : Math.max(...ends);
};

const weeklyEndMsAt = (window: WeeklyWindow, atMs: number): number | undefined => {
  const clock = localClock(window.timezone);
  const wallMs = furthestWallMs(clock, atMs);
  const today = Math.floor(wallMs / DAY_MS);
  const open = [today - 1, today]
    .flatMap((day) => wallTimesOf(window, day) ?? [])
    .find(({ startMs, endMs }) => startMs <= wallMs && wallMs < endMs);
  return open === undefined ? undefined : firstReachedMs(clock, open.endMs);
};

const beginningAfter = (window: Window, afterMs: number): number | undefined => {
  if (window.kind === 'weekly') return weeklyBeginningAfter(window, afterMs);
  return window.startMs > afterMs && window.endMs > window.startMs ? window.startMs : undefined;
};

const weeklyBeginningAfter = (window: WeeklyWindow, afterMs: number): number | undefined => {
  const clock = localClock(window.timezone);
  const wallMs = furthestWallMs(clock, afterMs);
  const today = Math.floor(wallMs / DAY_MS);
  for (let day = today; day <= today + OPENING_DAYS_MAX; day += 1) {
    const times = wallTimesOf(window, day);
    if (times === undefined || times.startMs <= wallMs) continue;
    const startMs = firstReachedMs(clock, times.startMs);
    if (startMs < firstReachedMs(clock, times.endMs)) return startMs;
  }
  return undefined;
};

/** When the window begins and ends that begins on a day, in wall time; undefined on other weekdays. */
const wallTimesOf = (
  { days, startMinute, endMinute }: WeeklyWindow,
  day: number,
): { readonly startMs: number; readonly endMs: number } | undefined => {
  const midnightMs = day * DAY_MS;
  if (!days.includes(new Date(midnightMs).getUTCDay())) return undefined;
  const endsOn = midnightMs + (endMinute <= startMinute ? DAY_MS : 0);
  return {
    startMs: midnightMs + startMinute * MINUTE_MS,
    endMs: endsOn + endMinute * MINUTE_MS,
  };
};
