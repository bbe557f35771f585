import { Cron } from 'croner';
import { type LocalClock, localClock } from './calendar.ts';
import { firstReachedMs, furthestWallMs } from './clock-changes.ts';

/** The slots of a schedule, looked for from either side. */
export interface Slots {
  /** The newest slot at or before the instant, or undefined if there never was one. */
  readonly newestSlot: (atMs: number) => number | undefined;
  /** The first slot strictly after the instant, or undefined if there will be none. */
  readonly nextSlot: (afterMs: number) => number | undefined;
}

/** No cron expression has a slot beyond these; Intl and Date know no instant far beyond them. */
const EARLIEST_MS = Date.UTC(1969, 0, 1);
const LATEST_MS = Date.UTC(2201, 0, 1);

const within = (atMs: number): number => Math.min(Math.max(atMs, EARLIEST_MS), LATEST_MS);

/**
 * The slots of a cron pattern in a zone, by EventBridge Scheduler's rules for daylight saving: a wall
 * time that does not exist is skipped, and one that exists twice is a slot once, the first time.
 *
 * croner goes through the wall times, as if they were UTC, and never sees a clock change: by itself it
 * would move some slots out of a gap, and have others twice.
 * @param pattern croner's, six fields from minutes to year
 */
export const cronSlots = (pattern: string, timezone: string): Slots => {
  const cron = new Cron(`0 ${pattern}`, { utcOffset: 0 });
  const clock = localClock(timezone);
  const wallAfter = (wallMs: number): number | undefined =>
    cron.nextRun(new Date(wallMs))?.getTime();
  const wallBefore = (wallMs: number): number | undefined =>
    cron.previousRuns(1, new Date(wallMs))[0]?.getTime();
  return rememberLast({
    nextSlot: (afterMs) => findNext(clock, wallAfter, within(afterMs)),
    newestSlot: (atMs) => findNewest(clock, wallBefore, within(atMs)),
  });
};

type FindWall = (wallMs: number) => number | undefined;

/** Each turn goes over one gap of the clocks at least, and no schedule goes on for ever. */
const findNext = (clock: LocalClock, wallAfter: FindWall, afterMs: number): number | undefined => {
  let wallMs = wallAfter(furthestWallMs(clock, afterMs));
  while (wallMs !== undefined) {
    const slotMs = firstReachedMs(clock, wallMs);
    const shownMs = clock.wallOf(slotMs);
    if (shownMs === wallMs) return slotMs;
    wallMs = wallAfter(shownMs - 1);
  }
  return undefined;
};

const findNewest = (clock: LocalClock, wallBefore: FindWall, atMs: number): number | undefined => {
  let wallMs = wallBefore(furthestWallMs(clock, atMs) + 1);
  while (wallMs !== undefined) {
    const slotMs = firstReachedMs(clock, wallMs);
    if (clock.wallOf(slotMs) === wallMs) return slotMs;
    wallMs = wallBefore(clock.wallOf(slotMs - 1));
  }
  return undefined;
};

/** What a stretch of instants has in common. */
interface Known {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  readonly slotMs: number | undefined;
}

const isWithin = (known: Known | undefined, atMs: number): known is Known =>
  known !== undefined && known.fromMs <= atMs && atMs < known.untilMs;

/** Most questions fall between the same two slots: the last answers are remembered as far as they go. */
const rememberLast = ({ newestSlot, nextSlot }: Slots): Slots => {
  let newest: Known | undefined;
  let next: Known | undefined;
  const nextOf = (afterMs: number): number | undefined => {
    if (isWithin(next, afterMs)) return next.slotMs;
    const slotMs = nextSlot(afterMs);
    next = { fromMs: afterMs, untilMs: slotMs ?? Number.POSITIVE_INFINITY, slotMs };
    return slotMs;
  };
  const newestOf = (atMs: number): number | undefined => {
    if (isWithin(newest, atMs)) return newest.slotMs;
    const slotMs = newestSlot(atMs);
    const untilMs = nextOf(slotMs ?? atMs) ?? Number.POSITIVE_INFINITY;
    newest = { fromMs: slotMs ?? Number.NEGATIVE_INFINITY, untilMs, slotMs };
    return slotMs;
  };
  return { newestSlot: newestOf, nextSlot: nextOf };
};
