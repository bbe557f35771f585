import { describe, expect, test } from 'vitest';
import { type AdaptiveBucket, createAdaptiveBucket } from '../../shared/aws/adaptive-bucket.ts';
import { publishedBucket, shareOf } from '../../shared/aws/buckets.ts';

const START_MS = 1_000_000;

/** Five a second, ten at once. */
const aBucket = (jitter: () => number = () => 0): AdaptiveBucket =>
  createAdaptiveBucket({ capacity: 10, perSecond: 5 }, jitter, START_MS);

/** Takes what is there at that instant. */
const drain = (bucket: AdaptiveBucket, nowMs: number): number => {
  let taken = 0;
  for (; bucket.waitMs(nowMs) === 0; taken += 1) bucket.take(nowMs);
  return taken;
};

/** Calls a second at an instant: what the wait for a whole token says when none is left. */
const rateAt = (bucket: AdaptiveBucket, nowMs: number): number => {
  drain(bucket, nowMs);
  const before = bucket.waitMs(nowMs);
  bucket.take(nowMs);
  return 1_000 / (bucket.waitMs(nowMs) - before);
};

describe('a bucket that nobody else draws from', () => {
  test('gives its capacity at once, then a token each time one has trickled in', () => {
    const bucket = aBucket();

    expect(drain(bucket, START_MS)).toBe(10);
    expect(bucket.waitMs(START_MS)).toBe(200);
    expect(bucket.waitMs(START_MS + 150)).toBe(50);
    expect(drain(bucket, START_MS + 200)).toBe(1);
  });

  test('fills up again with time, and never beyond its capacity', () => {
    const bucket = aBucket();
    drain(bucket, START_MS);

    expect(drain(bucket, START_MS + 1_000)).toBe(5);
    expect(drain(bucket, START_MS + 3_600_000)).toBe(10);
  });

  test('loses nothing when the clock is set back', () => {
    const bucket = aBucket();
    drain(bucket, START_MS);

    expect(bucket.waitMs(START_MS - 60_000)).toBe(200);
    expect(drain(bucket, START_MS - 59_000)).toBe(5);
  });
});

describe('a throttled call', () => {
  test('empties the bucket and takes a fifth off its rate', () => {
    const bucket = aBucket();

    bucket.throttled(START_MS, START_MS + 100);

    expect(bucket.waitMs(START_MS + 100)).toBe(250);
    expect(rateAt(bucket, START_MS + 100)).toBeCloseTo(4, 5);
  });

  test('makes the next one wait longer by chance, for up to a token more', () => {
    const bucket = aBucket(() => 0.5);

    bucket.throttled(START_MS, START_MS + 100);

    expect(bucket.waitMs(START_MS + 100)).toBe(375);
  });

  test('counts once together with those that were under way with it', () => {
    const bucket = aBucket();

    for (let call = 0; call < 8; call += 1) bucket.throttled(START_MS + call, START_MS + 100);

    expect(rateAt(bucket, START_MS + 100)).toBeCloseTo(4, 5);
    bucket.throttled(START_MS + 101, START_MS + 200); // left after it: that is news
    expect(rateAt(bucket, START_MS + 200)).toBeCloseTo(3.2, 1);
  });

  test('never brings the rate below a tenth of what it is at most', () => {
    const bucket = aBucket();

    for (let call = 0; call < 50; call += 1) bucket.throttled(START_MS + call, START_MS + call);

    expect(rateAt(bucket, START_MS + 49)).toBeCloseTo(0.5, 5);
  });
});

describe('a rate that was cut', () => {
  // Five a second: the whole rate is made good in the time of 300 calls, a minute.
  test.each([
    [10, 4.02],
    [20, 4.19],
    [30, 4.63],
    [36, 5],
    [3_600, 5],
  ])('is level at first, and grows ever faster: after %i s it is %d', (seconds, rate) => {
    const bucket = aBucket();
    bucket.throttled(START_MS, START_MS);

    expect(rateAt(bucket, START_MS + seconds * 1_000)).toBeCloseTo(rate, 1);
  });

  test('comes back from the least there is within a minute', () => {
    const bucket = aBucket();
    for (let call = 0; call < 50; call += 1) bucket.throttled(START_MS + call, START_MS + call);

    expect(rateAt(bucket, START_MS + 30_000)).toBeCloseTo(1.125, 1);
    expect(rateAt(bucket, START_MS + 60_000)).toBe(5);
  });
});

describe("the share of EC2's buckets", () => {
  // As published, less a fifth of a second's refill, by which calls may bunch up on the way.
  test.each([
    ['CreateImage', 100, 49, 5],
    ['CopyImage', 100, 99.8, 1],
    ['DeregisterImage', 100, 99, 5],
    ['DeleteSnapshot', 100, 99, 5],
    ['CreateTags', 100, 98, 10],
    ['DescribeImages', 100, 96, 20],
    ['DescribeInstances', 100, 96, 20],
    ['CreateImage', 80, 39.2, 4],
    ['CopyImage', 80, 79.84, 0.8],
    ['DescribeImages', 10, 9.6, 2],
  ])('%s at %i percent: %d at once, %d a second', (action, percent, capacity, perSecond) => {
    const share = shareOf(publishedBucket(action), percent);

    expect(share.capacity).toBeCloseTo(capacity, 6);
    expect(share.perSecond).toBeCloseTo(perSecond, 6);
  });

  test('holds a whole call, however small it is', () => {
    expect(shareOf({ capacity: 5, perSecond: 2 }, 10)).toEqual({ capacity: 1, perSecond: 0.2 });
  });
});
