import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import type { Clock } from '../loop/ports.ts';

/** Tries of one call, the first included. */
const ATTEMPTS_MAX = 6;
const TRANSIENT_BASE_MS = 100;
const THROTTLED_BASE_MS = 1_000;
const DELAY_MAX_MS = 20_000;

/** As in the SDK's standard mode: a client that only meets errors soon stops to repeat its calls. */
const QUOTA = 500;
const TRANSIENT_COST = 14;
const THROTTLED_COST = 5;

interface Token extends RetryToken {
  readonly cost: number;
}

const tokenOf = (retries: number, cost: number): Token => ({
  cost,
  getRetryCount: () => retries,
  getRetryDelay: () => 0, // waited for already, on our clock
});

export interface RetryOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly jitter: () => number;
  /** False where the limiter repeats throttled calls: it loses none for want of quota. */
  readonly repeatsThrottled: boolean;
}

/**
 * The SDK's standard retries, with its classification, full jitter and quota, waited for on our
 * clock: the stock strategy waits with a timer of its own, which virtual time cannot move. Retries
 * only what the SDK calls TRANSIENT, and THROTTLING where nothing else does.
 */
export const createRetryStrategy = ({
  clock,
  jitter,
  repeatsThrottled,
}: RetryOptions): RetryStrategyV2 => {
  let quota = QUOTA;
  return {
    acquireInitialRetryToken: () => Promise.resolve(tokenOf(0, 0)),
    refreshRetryTokenForRetry: async (token, { errorType }: RetryErrorInfo) => {
      const retries = token.getRetryCount() + 1;
      const isThrottled = errorType === 'THROTTLING';
      const cost = isThrottled ? THROTTLED_COST : TRANSIENT_COST;
      const isWorthIt = isThrottled ? repeatsThrottled : errorType === 'TRANSIENT';
      if (!isWorthIt || retries >= ATTEMPTS_MAX || quota < cost) {
        throw new Error('no more tries'); // the SDK then rejects with the error of the call itself
      }
      quota -= cost;
      const baseMs = isThrottled ? THROTTLED_BASE_MS : TRANSIENT_BASE_MS;
      const boundMs = Math.min(DELAY_MAX_MS, baseMs * 2 ** (retries - 1));
      await clock.sleep(Math.floor(jitter() * boundMs));
      return tokenOf(retries, cost);
    },
    recordSuccess: (token) => {
      quota = Math.min(QUOTA, quota + Math.max(1, 'cost' in token ? Number(token.cost) : 0));
    },
  };
};
