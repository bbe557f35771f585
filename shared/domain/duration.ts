import { localClock } from './calendar.ts';

/**
 * A length of time as people write it. Years, months and days are the calendar's: how long they are
 * depends on where they are counted from, and on the time zone.
 */
export interface Duration {
  readonly years: number;
  readonly months: number;
  /** Weeks are seven days. */
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

export const NO_TIME: Duration = { years: 0, months: 0, days: 0, hours: 0, minutes: 0 };

const MINUTE_MS = 60_000;

export const DURATION_FORM =
  'whole numbers with y, mo, w, d, h or min, such as 30d, 36h or 1y6mo (mo for months, min for minutes, never m)';

/** Of what {@link fixedMs} takes. */
export const FIXED_DURATION_FORM =
  'whole numbers with w, d, h or min, such as 7d, 36h or 90min (min for minutes, never m)';

/**
 * Reads a sum such as `30d`, `36h`, `1d12h` or `1y6mo`: each unit at most once, in any order, of six
 * digits at most, and more than nothing in all. Undefined for anything else; `m` alone is refused,
 * since it might mean months or minutes.
 */
export const parseDuration = (text: string): Duration | undefined => {
  const parts = [...text.matchAll(/(\d{1,6})(y|mo|w|d|h|min)/g)];
  const amounts = new Map(parts.map(([, amount, unit]) => [unit, Number(amount)]));
  if (parts.map(([part]) => part).join('') !== text || amounts.size < parts.length)
    return undefined;
  const amountOf = (unit: string): number => amounts.get(unit) ?? 0;
  const duration: Duration = {
    years: amountOf('y'),
    months: amountOf('mo'),
    days: amountOf('w') * 7 + amountOf('d'),
    hours: amountOf('h'),
    minutes: amountOf('min'),
  };
  return Object.values(duration).some((amount) => amount > 0) ? duration : undefined;
};

/** As {@link parseDuration} reads it; weeks come out as days. `0d` for no time at all. */
export const formatDuration = ({ years, months, days, hours, minutes }: Duration): string => {
  const parts = [`${years}y`, `${months}mo`, `${days}d`, `${hours}h`, `${minutes}min`];
  return parts.filter((part) => !/^0\D/.test(part)).join('') || '0d';
};

/** Milliseconds, if the length is the same wherever it is counted from: no years and no months. */
export const fixedMs = ({ years, months, days, hours, minutes }: Duration): number | undefined =>
  years === 0 && months === 0 ? ((days * 24 + hours) * 60 + minutes) * MINUTE_MS : undefined;

/** The first instant that Date knows. */
const EARLIEST_MS = -8.64e15;

/**
 * The instant that lies so long before another, as restic counts: years, months and days are
 * subtracted in the calendar of the zone, and what is then no date runs over into the next month
 * (31 March less a month is 3 March, in a leap year 2 March); then hours and minutes, as real time.
 * A local time that the clocks show twice or never is the earlier instant of the two: restic leaves
 * open which it is, and the earlier one keeps more. Before all time is the first instant there is.
 */
export const before = (duration: Duration, atMs: number, timezone: string): number => {
  const realMs = (duration.hours * 60 + duration.minutes) * MINUTE_MS;
  const beforeMs = datesBefore(duration, atMs, timezone) - realMs;
  return Math.max(EARLIEST_MS, beforeMs);
};

const datesBefore = ({ years, months, days }: Duration, atMs: number, timezone: string): number => {
  // Not to the wall and back: in an hour that is shown twice, that need not be where it began.
  if (years + months + days === 0) return atMs;
  const clock = localClock(timezone);
  const wall = new Date(clock.wallOf(atMs));
  const wallMs = wall.setUTCFullYear(
    wall.getUTCFullYear() - years,
    wall.getUTCMonth() - months,
    wall.getUTCDate() - days,
  );
  return Number.isNaN(wallMs) ? EARLIEST_MS : clock.instantOf(wallMs);
};
