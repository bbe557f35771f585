import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-ec2';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import type { Target } from '../domain/model.ts';
import type { Clock } from '../loop/ports.ts';
import { type AdaptiveBucket, createAdaptiveBucket } from './adaptive-bucket.ts';
import { publishedBucket, shareOf } from './buckets.ts';
import { CallNotMadeError, toFailure } from './failures.ts';

/** Whose bucket a call draws from. */
export interface Lane {
  readonly account: string;
  readonly region: string;
  readonly action: string;
}

export interface Limiter {
  /**
   * Makes a call when its turn comes, and again for as long as EC2 throttles it. Turns come first come
   * first served, and a throttled call keeps its place.
   * @param request what all tries of one request have in common: they keep its place, and its patience
   * @throws CallNotMadeError if its turn did not come in time; else what the call throws
   */
  run<T>(lane: Lane, request: object, call: () => Promise<T>): Promise<T>;
}

export interface LimiterOptions {
  readonly clock: Clock;
  readonly jitter: () => number;
  /** How much of EC2's published buckets is ours. */
  readonly sharePercent: number;
}

/**
 * How long a call waits for its turns, all its tries together. Less than the margin that the loop
 * keeps before its deadline: a worker that began a call can still tell what became of it.
 */
export const PATIENCE_MS = 30_000;

const isThrottling = (error: Error): boolean => toFailure(error).kind === 'throttled';

/** One limiter for all that a process calls: EC2 counts by account, Region and action as well. */
export const createLimiter = ({ clock, jitter, sharePercent }: LimiterOptions): Limiter => {
  const queues = new Map<string, Queue>();
  const queueOf = ({ account, region, action }: Lane): Queue => {
    const key = `${account} ${region} ${action}`;
    const known = queues.get(key);
    if (known !== undefined) return known;
    const limit = shareOf(publishedBucket(action), sharePercent);
    const made = createQueue(clock, createAdaptiveBucket(limit, jitter, clock.nowMs()));
    queues.set(key, made);
    return made;
  };
  const places = new WeakMap<object, Place>();
  let requests = 0;
  const placeOf = (request: object): Place => {
    const known = places.get(request);
    if (known !== undefined) return known;
    const made = { number: (requests += 1), expiresMs: clock.nowMs() + PATIENCE_MS };
    places.set(request, made);
    return made;
  };
  return {
    run: async (lane, request, call) => {
      const { bucket, turn } = queueOf(lane);
      const place = placeOf(request);
      let refusal: Error | undefined;
      while (await turn(place)) {
        const leftMs = clock.nowMs();
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof Error) || !isThrottling(error)) throw error;
          bucket.throttled(leftMs, clock.nowMs());
          refusal = error;
        }
      }
      throw refusal ?? notMade(lane);
    },
  };
};

type LimitedClient = AutoScalingClient | EC2Client | SSMClient;

/**
 * Lets every try of every call of a client wait for its turn: inside the SDK's retries, which would
 * otherwise pass the bucket by, and before the signature, which a long wait would make too old.
 * @param bucketOf the bucket that an action's calls draw from, where several have one
 */
export const limitCalls = (
  client: LimitedClient,
  limiter: Limiter,
  target: Target,
  bucketOf = (action: string): string => action,
): void => {
  const waitForTurn: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next, { commandName = '' }) =>
    (args) => {
      const lane = { ...target, action: bucketOf(commandName.replace(/Command$/, '')) };
      return limiter.run(lane, args, () => next(args));
    };
  // The services' stacks differ in types only: what passes through is not looked at.
  const stack = client.middlewareStack as unknown as EC2Client['middlewareStack'];
  stack.addRelativeTo(waitForTurn, {
    name: 'limiter',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
};

const notMade = ({ account, region, action }: Lane): Error =>
  new CallNotMadeError(
    `${action} in ${account}/${region} had no turn within ${PATIENCE_MS / 1_000} seconds`,
  );

/** A request's place among those of its lane: lower numbers first, each until it expires. */
interface Place {
  readonly number: number;
  readonly expiresMs: number;
}

interface Queue {
  readonly bucket: AdaptiveBucket;
  /** Resolves to true with a token taken, or to false: an expired place waits no longer for one. */
  readonly turn: (place: Place) => Promise<boolean>;
}

interface Waiting extends Place {
  readonly resolve: (hasTurn: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const createQueue = (clock: Clock, bucket: AdaptiveBucket): Queue => {
  const waiting: Waiting[] = [];
  let isServed = false;
  const serve = async (): Promise<void> => {
    isServed = true;
    try {
      for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
        const nowMs = clock.nowMs();
        const waitMs = bucket.waitMs(nowMs);
        if (nowMs < head.expiresMs && waitMs > 0) {
          await clock.sleep(Math.min(waitMs, head.expiresMs - nowMs));
          continue; // meanwhile a throttled call may have come back to the front
        }
        waiting.shift();
        if (waitMs === 0) bucket.take(nowMs);
        head.resolve(waitMs === 0);
      }
    } finally {
      isServed = false;
    }
  };
  const rejectAll = (error: unknown): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  return {
    bucket,
    turn: (place) =>
      new Promise((resolve, reject) => {
        const after = waiting.findIndex(({ number }) => number > place.number);
        waiting.splice(after === -1 ? waiting.length : after, 0, { ...place, resolve, reject });
        if (!isServed) serve().catch(rejectAll);
      }),
  };
};
