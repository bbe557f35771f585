import type { LocalClock } from './calendar.ts';

/**
 * What becomes of times of day where clocks are changed: one that exists twice counts once, at the
 * first of the two; one that does not exist counts for the moment of the change.
 */

/** No zone has ever put its clocks further at once (Pacific/Apia left out a day in 2011). */
const DAY_MS = 86_400_000;

const offsetAt = (clock: LocalClock, atMs: number): number => clock.wallOf(atMs) - atMs;

/** The first instant after `fromMs` with another offset than there. There is one, up to `toMs`. */
const changeBetween = (clock: LocalClock, fromMs: number, toMs: number): number => {
  const offsetMs = offsetAt(clock, fromMs);
  let beforeMs = fromMs;
  let changeMs = toMs;
  while (changeMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + changeMs) / 2);
    if (offsetAt(clock, middleMs) === offsetMs) beforeMs = middleMs;
    else changeMs = middleMs;
  }
  return changeMs;
};

/**
 * The furthest wall time that the clocks have shown by an instant. It never goes back: while the
 * clocks show an hour for the second time, it stands still at that hour's end.
 */
export const furthestWallMs = (clock: LocalClock, atMs: number): number => {
  const dayBeforeMs = atMs - DAY_MS;
  const wallMs = clock.wallOf(atMs);
  if (offsetAt(clock, dayBeforeMs) <= offsetAt(clock, atMs)) return wallMs;
  const changeMs = changeBetween(clock, dayBeforeMs, atMs);
  return Math.max(wallMs, clock.wallOf(changeMs - 1));
};

/** When the clocks first show a wall time, or are put forward over it. */
export const firstReachedMs = (clock: LocalClock, wallMs: number): number => {
  const instantMs = clock.instantOf(wallMs);
  return clock.wallOf(instantMs) === wallMs
    ? instantMs
    : changeBetween(clock, instantMs, instantMs + DAY_MS);
};

/** Every instant in (`fromMs`, `toMs`] from which on the clocks have another offset. */
export const clockChanges = (
  clock: LocalClock,
  fromMs: number,
  toMs: number,
): readonly number[] => {
  const changes: number[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += DAY_MS) {
    const endMs = Math.min(startMs + DAY_MS, toMs);
    if (offsetAt(clock, startMs) === offsetAt(clock, endMs)) continue;
    changes.push(changeBetween(clock, startMs, endMs));
  }
  return changes;
};
