/** The manners of the embedded cloud: how slow it is, and how often it lets a caller down. */

import {
  CALM_EBS_MANNERS,
  DEFAULT_EBS_MANNERS,
  type EbsManners,
  type Span,
} from './ebs-manners.ts';
import {
  CALM_MESSAGE_MANNERS,
  DEFAULT_MESSAGE_MANNERS,
  type MessageManners,
} from './message-manners.ts';
import { PUBLISHED_QUOTAS, type Quotas } from './quotas.ts';
import { LIKELY_FACTS, type UnverifiedFacts } from './unverified.ts';

export type { Span } from './ebs-manners.ts';

export interface Manners extends UnverifiedFacts, Quotas, EbsManners, MessageManners {
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
  /** Until when a describe does not see a change of a row: its tags, its state, its removal. */
  readonly readLagMs: Span;
  /** Customer keys (id, alias or ARN) with which a copy fails after the call has succeeded. */
  readonly unusableKmsKeys: readonly string[];
  /** The part of a snapshot's size that a copy of it moves when the one before it is still there. */
  readonly incrementalCopyPart: number;
  /** Whether an account that never said otherwise may not share its images with everyone. */
  readonly blocksPublicImages: boolean;
  /** How long it takes until a change of block public access for images counts. */
  readonly blockPublicAccessMs: Span;
  /** ARNs of the organization, and of its units, that an account belongs to, by account id. */
  readonly membershipsOf: Readonly<Record<string, readonly string[]>>;

  readonly instanceStartMs: Span;
  readonly instanceStopMs: Span;
  readonly instanceTerminateMs: Span;
  /** How long a terminated instance is still described. */
  readonly terminatedVisibleMs: number;
  /** From a change, of its own or of its instances, until an Auto Scaling group acts. */
  readonly scalingMs: Span;

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
  ...PUBLISHED_QUOTAS,
  ...DEFAULT_EBS_MANNERS,
  ...DEFAULT_MESSAGE_MANNERS,
  imagePendingMs: { min: 2 * MINUTE, max: 8 * MINUTE },
  copyPendingMs: { min: 3 * MINUTE, max: 10 * MINUTE },
  copyPendingPerGibMs: 2 * SECOND,
  registerPendingMs: { min: 1 * SECOND, max: 5 * SECOND },
  imageFailure: 0.02,
  copyFailure: 0.02,
  terminationFailsPendingImages: true,
  snapshotDeleteFailure: 0.01,
  visibilityLagMs: { min: 0, max: 1_500 },
  readLagMs: { min: 0, max: 0 },
  unusableKmsKeys: [],
  incrementalCopyPart: 0.1,
  blocksPublicImages: true,
  blockPublicAccessMs: { min: 0, max: 10 * MINUTE },
  membershipsOf: {},
  instanceStartMs: { min: 15 * SECOND, max: 60 * SECOND },
  instanceStopMs: { min: 15 * SECOND, max: 90 * SECOND },
  instanceTerminateMs: { min: 20 * SECOND, max: 90 * SECOND },
  terminatedVisibleMs: HOUR,
  scalingMs: { min: 2 * SECOND, max: 20 * SECOND },
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
  ...CALM_EBS_MANNERS,
  ...CALM_MESSAGE_MANNERS,
  imagePendingMs: always(5 * MINUTE),
  copyPendingMs: always(8 * MINUTE),
  copyPendingPerGibMs: 0,
  registerPendingMs: always(2 * SECOND),
  imageFailure: 0,
  copyFailure: 0,
  snapshotDeleteFailure: 0,
  snapshotIntervalMs: 0,
  blockPublicAccessMs: always(0),
  visibilityLagMs: always(0),
  readLagMs: always(0),
  instanceStartMs: always(30 * SECOND),
  instanceStopMs: always(30 * SECOND),
  instanceTerminateMs: always(30 * SECOND),
  scalingMs: always(5 * SECOND),
  lambdaStartMs: always(50),
  callLatencyMs: always(50),
};
