/** The manners of the embedded cloud: how slow it is, and how often it lets a caller down. */

import { LIKELY_FACTS, type UnverifiedFacts } from './unverified.ts';

/** A span to draw from, uniformly; both ends belong to it. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

export interface Manners extends UnverifiedFacts {
  /** How long an image made from an instance is `pending`, in milliseconds. */
  readonly imagePendingMs: Span;
  /** How long a copy is `pending`: a fixed part, and a part for every GiB of its largest snapshot. */
  readonly copyPendingMs: Span;
  readonly copyPendingPerGibMs: number;
  /** How long an image registered from snapshots is `pending`. */
  readonly registerPendingMs: Span;
  /** Probability that a CreateImage or RegisterImage ends in `failed`. */
  readonly imageFailure: number;
  /** Probability that a CopyImage ends in `failed`. */
  readonly copyFailure: number;
  /** An image being made fails when its instance is terminated meanwhile. */
  readonly terminationFailsPendingImages: boolean;
  /** Probability, per snapshot, that DeregisterImage leaves it behind with `internal-error`. */
  readonly snapshotDeleteFailure: number;
  /** Until when a new image or snapshot is not seen by a describe (reads lag writes). */
  readonly visibilityLagMs: Span;
  /** Customer keys (id, alias or ARN) with which a copy fails after the call has succeeded. */
  readonly unusableKmsKeys: readonly string[];
  /** Copies that may be pending at once in one destination Region and account. */
  readonly concurrentCopies: number;

  readonly instanceStartMs: Span;
  readonly instanceStopMs: Span;
  readonly instanceTerminateMs: Span;
  /** How long a terminated instance is still described. */
  readonly terminatedVisibleMs: number;

  /** Probability that an EC2 event never arrives. EC2's events are best effort. */
  readonly eventLoss: number;
  /** Probability that an EC2 event arrives twice. */
  readonly eventDuplicate: number;
  /** From the event to its target. Two events may therefore swap places. */
  readonly eventDelayMs: Span;
  /** From the nominal time of a schedule to its target. */
  readonly scheduleDelayMs: Span;
  /** Probability, per entry, that PutEvents refuses it with `InternalFailure`. */
  readonly putEventsEntryFailure: number;

  /** From a trigger to the first line of a Lambda handler. */
  readonly lambdaStartMs: Span;

  /** The most rows in one page, whatever `MaxResults` asks for. */
  readonly pageSizeMax: number;
  /** How long a call over the wire takes; waited by the in-process handler. */
  readonly callLatencyMs: Span;
  /** Whether each account, Region and action has the token buckets that EC2 publishes. */
  readonly buckets: 'none' | 'published';
  /** Probability that a call is throttled, before anything is done. */
  readonly throttled: number;
  /** Probability that a call fails with a server error, before anything is done. */
  readonly serverError: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** An ordinary day: everything takes a while, and a little of it goes wrong. */
export const DEFAULT_MANNERS: Manners = {
  ...LIKELY_FACTS,
  imagePendingMs: { min: 2 * MINUTE, max: 8 * MINUTE },
  copyPendingMs: { min: 3 * MINUTE, max: 10 * MINUTE },
  copyPendingPerGibMs: 2 * SECOND,
  registerPendingMs: { min: 1 * SECOND, max: 5 * SECOND },
  imageFailure: 0.02,
  copyFailure: 0.02,
  terminationFailsPendingImages: true,
  snapshotDeleteFailure: 0.01,
  visibilityLagMs: { min: 0, max: 1_500 },
  unusableKmsKeys: [],
  concurrentCopies: 300,
  instanceStartMs: { min: 15 * SECOND, max: 60 * SECOND },
  instanceStopMs: { min: 15 * SECOND, max: 90 * SECOND },
  instanceTerminateMs: { min: 20 * SECOND, max: 90 * SECOND },
  terminatedVisibleMs: HOUR,
  eventLoss: 0.05,
  eventDuplicate: 0.02,
  eventDelayMs: { min: 200, max: 5 * SECOND },
  scheduleDelayMs: { min: 0, max: 2 * SECOND },
  putEventsEntryFailure: 0,
  lambdaStartMs: { min: 20, max: 400 },
  pageSizeMax: 1_000,
  callLatencyMs: { min: 40, max: 120 },
  buckets: 'none',
  throttled: 0,
  serverError: 0,
};

const always = (value: number): Span => ({ min: value, max: value });

/** A cloud in which every wait is fixed and nothing goes wrong: what tests begin with. */
export const CALM_MANNERS: Manners = {
  ...DEFAULT_MANNERS,
  imagePendingMs: always(5 * MINUTE),
  copyPendingMs: always(8 * MINUTE),
  copyPendingPerGibMs: 0,
  registerPendingMs: always(2 * SECOND),
  imageFailure: 0,
  copyFailure: 0,
  snapshotDeleteFailure: 0,
  visibilityLagMs: always(0),
  instanceStartMs: always(30 * SECOND),
  instanceStopMs: always(30 * SECOND),
  instanceTerminateMs: always(30 * SECOND),
  eventLoss: 0,
  eventDuplicate: 0,
  eventDelayMs: always(SECOND),
  scheduleDelayMs: always(0),
  lambdaStartMs: always(50),
  callLatencyMs: always(50),
};
