import type { Duration } from '../../shared/domain/duration.ts';
import type { Keep } from '../../shared/domain/policy.ts';

/**
 * Retention once more, slow and plain, to compare with: written from restic's documentation, with
 * sets instead of counters, one call of Intl per point and period, and nothing of the code that it
 * judges.
 */
export interface SlowPoint {
  readonly id: string;
  readonly instantMs: number;
}

export interface SlowReason {
  readonly id: string;
  readonly evidence: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const FORMATS = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timezone: string): Intl.DateTimeFormat => {
  const format = FORMATS.get(timezone) ?? newFormat(timezone);
  FORMATS.set(timezone, format);
  return format;
};

const newFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });

/** What the clocks of the zone show, as ISO 8601 without an offset: `2026-11-21T02:00:00.000`. */
export const slowWallText = (instantMs: number, timezone: string): string => {
  const parts = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second, fractionalSecond } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}`;
};

const wallMsOf = (instantMs: number, timezone: string): number =>
  Date.parse(`${slowWallText(instantMs, timezone)}Z`);

/** The week that a date is in, by counting the Thursdays of its Thursday's year. */
export const slowWeek = (date: string): string => {
  let thursday = new Date(`${date}T00:00:00Z`);
  const step = (days: number): Date => new Date(thursday.getTime() + days * DAY_MS);
  while (thursday.getUTCDay() !== 1) thursday = step(-1);
  thursday = step(3);
  const year = thursday.getUTCFullYear();
  let week = 0;
  for (; thursday.getUTCFullYear() === year; thursday = step(-7)) week += 1;
  return `${year}-W${week < 10 ? '0' : ''}${week}`;
};

const NAMES: Readonly<Record<string, (wall: string) => string>> = {
  hourly: (wall) => wall.slice(0, 13),
  daily: (wall) => wall.slice(0, 10),
  weekly: (wall) => slowWeek(wall.slice(0, 10)),
  monthly: (wall) => wall.slice(0, 7),
  yearly: (wall) => wall.slice(0, 4),
};

/** No zone is further from UTC. */
const OFFSET_MAX_MS = 15 * HOUR_MS;
/** Of all offsets in use since 1972. */
const OFFSET_STEP_MS = 15 * MINUTE_MS;

/** Every instant that could be meant is tried, earliest first. */
const instantOf = (wallMs: number, timezone: string): number => {
  const offsets = new Set<number>();
  for (let atMs = wallMs - OFFSET_MAX_MS; atMs <= wallMs + OFFSET_MAX_MS; atMs += OFFSET_STEP_MS) {
    const shownMs = wallMsOf(atMs, timezone);
    if (shownMs === wallMs) return atMs;
    offsets.add(shownMs - atMs);
  }
  return wallMs - Math.max(...offsets);
};

export const slowBefore = (duration: Duration, atMs: number, timezone: string): number => {
  const { years, months, days, hours, minutes } = duration;
  const realMs = hours * HOUR_MS + minutes * MINUTE_MS;
  if (years === 0 && months === 0 && days === 0) return atMs - realMs;
  const wall = slowWallText(atMs, timezone);
  const month = Number(wall.slice(0, 4)) * 12 + Number(wall.slice(5, 7)) - 1 - years * 12 - months;
  const monthText = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  const firstOfMonthMs = Date.parse(`${monthText}-01T${wall.slice(11)}Z`);
  const dayMs = firstOfMonthMs + (Number(wall.slice(8, 10)) - 1 - days) * DAY_MS;
  return instantOf(dayMs, timezone) - realMs;
};

interface Kept {
  readonly point: SlowPoint;
  readonly evidence: string;
}

/** The newest of each run of points in one period. */
const newestOfEach = (
  points: readonly SlowPoint[],
  nameOf: (point: SlowPoint) => string,
): readonly Kept[] =>
  points
    .map((point) => ({ point, evidence: nameOf(point) }))
    .filter(({ evidence }, index, all) => evidence !== all[index - 1]?.evidence);

const withOldest = (kept: readonly Kept[], oldest: SlowPoint | undefined): readonly Kept[] =>
  oldest === undefined || kept.some(({ point }) => point === oldest)
    ? kept
    : [...kept, { point: oldest, evidence: 'oldest' }];

/** So many of the periods that have points; if there are fewer, the oldest point as well. */
const byCount = (
  points: readonly SlowPoint[],
  count: number | 'all',
  nameOf: (point: SlowPoint) => string,
): readonly Kept[] => {
  const firsts = newestOfEach(points, nameOf);
  if (count !== 'all' && firsts.length >= count) return firsts.slice(0, count);
  return withOldest(firsts, points.at(-1));
};

const durationText = (duration: Duration): string => {
  const units = { years: 'y', months: 'mo', days: 'd', hours: 'h', minutes: 'min' } as const;
  const keys = ['years', 'months', 'days', 'hours', 'minutes'] as const;
  return keys.flatMap((key) => (duration[key] ? [`${duration[key]}${units[key]}`] : [])).join('');
};

const TIERS = [
  ['hourly', 'RET-03', 'withinHourly', 'RET-22'],
  ['daily', 'RET-04', 'withinDaily', 'RET-23'],
  ['weekly', 'RET-05', 'withinWeekly', 'RET-24'],
  ['monthly', 'RET-06', 'withinMonthly', 'RET-25'],
  ['yearly', 'RET-07', 'withinYearly', 'RET-26'],
] as const;

/** What each rule keeps, by the id of its reason, in no order. */
const keptByRule = (
  points: readonly SlowPoint[],
  keep: Keep,
  timezone: string,
): readonly (readonly [string, readonly Kept[]])[] => {
  const since = (duration: Duration): readonly SlowPoint[] => {
    const startMs = slowBefore(duration, points[0]?.instantMs ?? 0, timezone);
    return points.filter(({ instantMs }) => instantMs > startMs);
  };
  const { last = 0, within } = keep;
  const lastOnes = points
    .slice(0, last === 'all' ? undefined : last)
    .map((point, index) => ({ point, evidence: `${index + 1} of ${last}` }));
  const recent = within ? since(within) : [];
  return [
    ['RET-01', lastOnes],
    ['RET-02', recent.map((point) => ({ point, evidence: within ? durationText(within) : '' }))],
    ...TIERS.map(([period, id]) => {
      const count = keep[period] ?? 0;
      const nameOf = (point: SlowPoint): string =>
        NAMES[period]?.(slowWallText(point.instantMs, timezone)) ?? '';
      return [id, count === 0 ? [] : byCount(points, count, nameOf)] as const;
    }),
    ...TIERS.map(([period, , key, id]) => {
      const duration = keep[key];
      const inside = duration ? since(duration) : [];
      const nameOf = (point: SlowPoint): string =>
        NAMES[period]?.(slowWallText(point.instantMs, timezone)) ?? '';
      const oldest = points.at(-1);
      const firsts = newestOfEach(inside, nameOf);
      return [id, oldest && inside.includes(oldest) ? withOldest(firsts, oldest) : firsts] as const;
    }),
  ];
};

/** Every kept point with its reasons, newest first, by the ids of the reasons. */
export const slowRetain = (
  points: readonly SlowPoint[],
  keep: Keep,
  timezone: string,
): readonly (readonly [string, readonly SlowReason[]])[] => {
  const newest = points.toSorted(
    (a, b) => b.instantMs - a.instantMs || a.id.localeCompare(b.id, 'en'),
  );
  const rules = keptByRule(newest, keep, timezone).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return newest.flatMap((point) => {
    const reasons = rules.flatMap(([id, kept]) =>
      kept.filter((one) => one.point === point).map(({ evidence }) => ({ id, evidence })),
    );
    return reasons.length === 0 ? [] : [[point.id, reasons] as const];
  });
};
