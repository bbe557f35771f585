import type { Bucket } from './buckets.ts';

/** A token bucket of ours that stands for one of EC2's, and follows what of that is left to us. */
export interface AdaptiveBucket {
  /** Milliseconds until there is a token; 0 if there is one. */
  waitMs(nowMs: number): number;
  /** Takes a token, which must be there. */
  take(nowMs: number): void;
  /** EC2 throttled a call that left at `leftMs`. */
  throttled(leftMs: number, nowMs: number): void;
}

/** What a throttled call leaves of the rate. */
const CUT = 0.8;
/** The slowest that it goes, as part of its full rate: others stop, and nobody tells. */
const FLOOR = 0.1;
/** In the time that so many calls take at the full rate, any cut is made good. */
const RECOVERY_CALLS = 300;
/** Sums of fractions of tokens are off by less than this. */
const TOLERANCE = 1e-6;

/**
 * A throttled call says that EC2's bucket is empty although ours is not: somebody else draws from it,
 * or it is smaller than published. So ours is emptied and its rate cut. The rate then grows with the
 * cube of time, as in TCP CUBIC: nearly level at first, near what was found to be possible, and ever
 * faster up to the full rate. Growth does not depend on the rate, so that several clients of one
 * bucket come to equal parts of it.
 *
 * @param limit  what it has at most, and begins with
 * @param jitter uniform in [0, 1): keeps two clients of one bucket out of step
 */
export const createAdaptiveBucket = (
  limit: Bucket,
  jitter: () => number,
  startMs: number,
): AdaptiveBucket => {
  let tokens = limit.capacity;
  let updatedMs = startMs;
  let cut: { readonly perSecond: number; readonly atMs: number } | undefined;

  const rateAt = (nowMs: number): number => {
    if (cut === undefined) return limit.perSecond;
    const seconds = Math.max(0, nowMs - cut.atMs) / 1_000;
    const recovered = limit.perSecond * ((seconds * limit.perSecond) / RECOVERY_CALLS) ** 3;
    return Math.min(limit.perSecond, cut.perSecond + recovered);
  };
  const update = (nowMs: number): void => {
    const seconds = Math.max(0, nowMs - updatedMs) / 1_000;
    tokens = Math.min(limit.capacity, tokens + seconds * rateAt(nowMs));
    updatedMs = nowMs;
  };
  return {
    waitMs: (nowMs) => {
      update(nowMs);
      const lacking = 1 - TOLERANCE - tokens;
      return Math.max(0, Math.ceil((lacking / rateAt(nowMs)) * 1_000));
    },
    take: (nowMs) => {
      update(nowMs);
      tokens -= 1;
    },
    throttled: (leftMs, nowMs) => {
      // A call that was under way during the last cut tells nothing new.
      if (cut !== undefined && leftMs <= cut.atMs) return;
      update(nowMs);
      const perSecond = Math.max(limit.perSecond * FLOOR, rateAt(nowMs) * CUT);
      cut = { perSecond, atMs: nowMs };
      tokens = Math.min(tokens, -jitter());
    },
  };
};
