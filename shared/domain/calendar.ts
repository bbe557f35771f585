import { remember } from './remember.ts';

/**
 * Local time in bulk. A call of Intl costs a microsecond, and a million points are judged at a
 * time, so what it says of a zone is remembered by stretches of a few days.
 *
 * A *wall time* is what the clocks on the wall show, in milliseconds as if it were UTC.
 */
export interface LocalClock {
  readonly wallOf: (instantMs: number) => number;
  /**
   * The instant at which the clocks show a wall time. If they show it twice, or are put forward
   * over it and never show it, the earlier of the two instants that it may stand for.
   */
  readonly instantOf: (wallMs: number) => number;
}

export type Period = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

interface PeriodKind {
  /** A number of its own for each period, by any wall time in it. */
  readonly keyOf: (wallMs: number) => number;
  /** How people write the period of that number, for the years 1000 to 9999. */
  readonly nameOf: (key: number) => string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** Of days, eleven years. */
const PERIODS_MAX = 4_096;

const dayOf = (wallMs: number): number => Math.floor(wallMs / DAY_MS);

const monthOfDay = remember(PERIODS_MAX, (day: number) => {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
});

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** ISO 8601: a week belongs to the year that its Thursday is in. */
const weekName = (week: number): string => {
  const thursdayMs = week * WEEK_MS;
  const year = new Date(thursdayMs).getUTCFullYear();
  const weeksBefore = Math.floor((thursdayMs - Date.UTC(year, 0, 1)) / WEEK_MS);
  return `${year}-W${twoDigits(weeksBefore + 1)}`;
};

/**
 * Names are `2026-11-21T02`, `2026-11-21`, `2026-W47` (an ISO week), `2026-11` and `2026`. The hour
 * that autumn repeats is one period, as it is for restic, which goes by the number on the clock.
 */
export const PERIODS: Readonly<Record<Period, PeriodKind>> = {
  hourly: {
    keyOf: (wallMs) => Math.floor(wallMs / HOUR_MS),
    nameOf: remember(PERIODS_MAX, (hour) => new Date(hour * HOUR_MS).toISOString().slice(0, 13)),
  },
  daily: {
    keyOf: dayOf,
    nameOf: remember(PERIODS_MAX, (day) => new Date(day * DAY_MS).toISOString().slice(0, 10)),
  },
  weekly: {
    // Weeks begin on Mondays, and the epoch was a Thursday.
    keyOf: (wallMs) => Math.floor((dayOf(wallMs) + 3) / 7),
    nameOf: remember(PERIODS_MAX, weekName),
  },
  monthly: {
    keyOf: (wallMs) => monthOfDay(dayOf(wallMs)),
    nameOf: (month) => `${Math.floor(month / 12)}-${twoDigits((month % 12) + 1)}`,
  },
  yearly: {
    keyOf: (wallMs) => Math.floor(monthOfDay(dayOf(wallMs)) / 12),
    nameOf: String,
  },
};

/** Of the clocks of a zone: one offset until `changeMs`, another from then on. */
interface Stretch {
  readonly beforeMs: number;
  readonly changeMs: number;
  readonly afterMs: number;
}

/**
 * Four days, so short that a zone changes its offset once in them at most: since 1970 no two changes
 * have been closer than a week less an hour (Recife in October 2000).
 */
const STRETCH_MS = 345_600_000;
/** Forty years. */
const STRETCHES_MAX = 3_650;
const ZONES_MAX = 32;
/** How far from the epoch, either way, Date and Intl reach. */
const DATE_MAX_MS = 8.64e15;

/** The clocks of an IANA zone; throws RangeError for a name that Intl does not know. */
export const localClock = remember(ZONES_MAX, (timezone: string): LocalClock => {
  const offsetAt = offsetsOf(timezone);
  const instantOf = (wallMs: number): number => {
    const around = [wallMs - DAY_MS, wallMs + DAY_MS];
    const candidates = around.map((nearMs) => wallMs - offsetAt(nearMs));
    const shown = candidates.filter((atMs) => atMs + offsetAt(atMs) === wallMs);
    return Math.min(...(shown.length === 0 ? candidates : shown));
  };
  return { wallOf: (instantMs) => instantMs + offsetAt(instantMs), instantOf };
});

const offsetsOf = (timezone: string): ((instantMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    timeZoneName: 'longOffset',
  });
  const ask = (instantMs: number): number =>
    parseOffset(format.format(Math.max(-DATE_MAX_MS, Math.min(instantMs, DATE_MAX_MS))));
  const stretchAt = remember(STRETCHES_MAX, (number: number) =>
    findChange(ask, number * STRETCH_MS, (number + 1) * STRETCH_MS),
  );
  return (instantMs) => {
    const { beforeMs, changeMs, afterMs } = stretchAt(Math.floor(instantMs / STRETCH_MS));
    return instantMs < changeMs ? beforeMs : afterMs;
  };
};

/**
 * Milliseconds of the end of `11/21/2026, GMT+05:30`. Offsets of long ago have seconds; some releases
 * of ICU write UTC's as a bare `GMT`.
 */
const parseOffset = (text: string): number => {
  const offset = text.slice(text.indexOf('GMT') + 3);
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number);
  const offsetMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return offset.startsWith('-') ? -offsetMs : offsetMs;
};

const findChange = (
  ask: (instantMs: number) => number,
  startMs: number,
  endMs: number,
): Stretch => {
  const beforeMs = ask(startMs);
  const afterMs = ask(endMs);
  let fromMs = startMs;
  let changeMs = endMs;
  while (beforeMs !== afterMs && changeMs - fromMs > 1) {
    const middleMs = Math.floor((fromMs + changeMs) / 2);
    if (ask(middleMs) === beforeMs) fromMs = middleMs;
    else changeMs = middleMs;
  }
  return { beforeMs, changeMs, afterMs };
};
