import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import { type Point, pointsAt } from '../../shared/domain/point.ts';
import {
  earliestRetryMs,
  lastFailure,
  nextRetry,
  WAKE_OFFSETS_MS,
} from '../../shared/domain/retries.ts';
import { aPoint, at, DEPLOYMENT, HOME } from '../support/builders.ts';

const pointsOf = (images: readonly Image[]): readonly Point[] => pointsAt(images, DEPLOYMENT, HOME);

const failedAt = (...times: readonly string[]): readonly Point[] =>
  pointsOf(
    times.map((created, retry) =>
      aPoint({ id: `ami-${retry}`, state: 'failed', retry, created, stateMessage: `no ${retry}` }),
    ),
  );

describe('the earliest retry', () => {
  it('is any time, if nothing failed', () => {
    expect(earliestRetryMs([])).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is counted from the start of the last try, less a minute, however the failures are ordered', () => {
    const failed = failedAt('2026-11-21T02:00Z', '2026-11-21T02:06Z');

    expect(earliestRetryMs(failed)).toBe(at('2026-11-21T02:15Z'));
    expect(earliestRetryMs(failed.toReversed())).toBe(at('2026-11-21T02:15Z'));
  });
});

describe('the next retry', () => {
  it('is the plain name, if nothing failed', () => {
    expect(nextRetry([])).toBe(0);
  });

  it('is one more than the highest that is taken', () => {
    const failed = pointsOf([
      aPoint({ id: 'ami-a', state: 'failed', retry: 4 }),
      aPoint({ id: 'ami-b', state: 'failed', retry: 1 }),
    ]);

    expect(nextRetry(failed)).toBe(5);
  });
});

describe('the last failure', () => {
  it('is none, if nothing failed', () => {
    expect(lastFailure([])).toEqual({});
  });

  it("is the newest failed image, with EC2's own words", () => {
    const failed = failedAt('2026-11-21T02:00Z', '2026-11-21T02:06Z');

    expect(lastFailure(failed)).toEqual({ failedImage: { imageId: 'ami-1', message: 'no 1' } });
  });
});

it('a target is woken when a slot comes, and 5, 15 and 60 minutes later', () => {
  expect(WAKE_OFFSETS_MS).toEqual([0, 300_000, 900_000, 3_600_000]);
});
