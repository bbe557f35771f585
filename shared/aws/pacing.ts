import type { Clock } from '../loop/ports.ts';

/** A token bucket: how many calls may come at once, and how many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Pacer {
  /** Resolves when the call may be made. */
  take(): Promise<void>;
}

/**
 * EC2's own buckets, per account, Region and action (EC2 Developer Guide, "Request throttling").
 * Other tools use the account too, so a worker takes only a share of each.
 */
const EC2_BUCKETS = {
  CreateImage: { burst: 50, perSecond: 5 },
  CopyImage: { burst: 100, perSecond: 1 },
  DeregisterImage: { burst: 100, perSecond: 5 },
  DeleteSnapshot: { burst: 100, perSecond: 5 },
} as const satisfies Readonly<Record<string, Rate>>;

const SHARE = 0.8;

export type PacedAction = keyof typeof EC2_BUCKETS;

/** A pacer for each action that has one, for one target. */
export const createPacers = (clock: Clock): Readonly<Record<PacedAction, Pacer>> => ({
  CreateImage: createPacer(clock, shareOf('CreateImage')),
  CopyImage: createPacer(clock, shareOf('CopyImage')),
  DeregisterImage: createPacer(clock, shareOf('DeregisterImage')),
  DeleteSnapshot: createPacer(clock, shareOf('DeleteSnapshot')),
});

const shareOf = (action: PacedAction): Rate => ({
  burst: EC2_BUCKETS[action].burst * SHARE,
  perSecond: EC2_BUCKETS[action].perSecond * SHARE,
});

/** Callers are served in the order in which they came: each takes the next free instant. */
export const createPacer = (clock: Clock, { burst, perSecond }: Rate): Pacer => {
  const intervalMs = 1_000 / perSecond;
  /** The instant at which the bucket would be empty of debt and full again. */
  let fullAtMs = Number.NEGATIVE_INFINITY;
  return {
    take: async () => {
      const nowMs = clock.nowMs();
      fullAtMs = Math.max(fullAtMs, nowMs) + intervalMs;
      const waitMs = fullAtMs - nowMs - burst * intervalMs;
      if (waitMs > 0) await clock.sleep(Math.ceil(waitMs));
    },
  };
};
