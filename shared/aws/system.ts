import type { Clock } from '../loop/ports.ts';

/** Real time: the one place of the product that reads the clock, waits, or draws by chance. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};

/** Uniform in [0, 1): spreads the retries of many workers, and decides nothing. */
export const systemJitter = (): number => Math.random();
