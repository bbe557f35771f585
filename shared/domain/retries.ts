import type { FailedImage } from './decision.ts';
import { type Point, newestFirst } from './point.ts';

/**
 * Failures are memory: a failed image stays, keeps its name, and so tells the next try what it may
 * be called and when it may be made.
 */

const MINUTE_MS = 60_000;

/** How often the clock looks whether anything is due: what becomes due in between waits so long. */
export const WAKE_PERIOD_MS = 5 * MINUTE_MS;

/** Moments after a slot at which a target is woken: for the slot, and for tries that failed. */
export const WAKE_OFFSETS_MS: readonly number[] = [0, 5, 15, 60].map((min) => min * MINUTE_MS);

/** Waits after the first, second, ... failed try, from wake-up to wake-up; then hourly for ever. */
const RETRY_DELAYS_MS: readonly number[] = [5, 10, 45, 60].map((min) => min * MINUTE_MS);

/** A try is made by the wake-up after its slot, which comes a little sooner after the last try. */
const TOLERANCE_MS = MINUTE_MS;

/** The wait after `failures` (1 or more) failed tries, counted from when the last was started. */
const retryDelayMs = (failures: number): number =>
  RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length) - 1] ?? 0;

/** When a point may be tried again whose tries so far left these failed images; at once, if none. */
export const earliestRetryMs = (failed: readonly Point[]): number =>
  failed.length === 0
    ? Number.NEGATIVE_INFINITY
    : Math.max(...failed.map(({ image }) => image.createdMs)) +
      retryDelayMs(failed.length) -
      TOLERANCE_MS;

/** A failed image keeps its name, so the next try needs another: one more than any that is taken. */
export const nextRetry = (failed: readonly Point[]): number =>
  failed.reduce((most, { name }) => Math.max(most, name.retry + 1), 0);

/** What the next try follows, for its report. */
export const lastFailure = (failed: readonly Point[]): { readonly failedImage?: FailedImage } => {
  const last = [...failed].sort(newestFirst)[0]?.image;
  return last === undefined
    ? {}
    : { failedImage: { imageId: last.id, message: last.stateMessage ?? '' } };
};
