/** How long volumes and snapshots take, and how often they fail. */

/** A span to draw from, uniformly; both ends belong to it. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

export interface EbsManners {
  /** How long a snapshot is `pending`: a fixed part, and a part for every GiB of its volume. */
  readonly snapshotPendingMs: Span;
  readonly snapshotPendingPerGibMs: number;
  /** Probability that a CreateSnapshot ends in `error`. */
  readonly snapshotFailure: number;
  readonly snapshotArchiveMs: Span;
  readonly snapshotRestoreMs: Span;
  readonly volumeCreateMs: Span;
  readonly volumeAttachMs: Span;
  readonly volumeDetachMs: Span;
  readonly volumeDeleteMs: Span;
  /** How long a modification is `modifying`, and then `optimizing`. */
  readonly volumeModifyMs: Span;
  readonly volumeOptimizeMs: Span;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const DEFAULT_EBS_MANNERS: EbsManners = {
  snapshotPendingMs: { min: 1 * MINUTE, max: 5 * MINUTE },
  snapshotPendingPerGibMs: 1 * SECOND,
  snapshotFailure: 0.01,
  snapshotArchiveMs: { min: 20 * MINUTE, max: 2 * HOUR },
  snapshotRestoreMs: { min: 6 * HOUR, max: 72 * HOUR },
  volumeCreateMs: { min: 2 * SECOND, max: 15 * SECOND },
  volumeAttachMs: { min: 1 * SECOND, max: 10 * SECOND },
  volumeDetachMs: { min: 2 * SECOND, max: 20 * SECOND },
  volumeDeleteMs: { min: 1 * SECOND, max: 20 * SECOND },
  volumeModifyMs: { min: 5 * SECOND, max: 1 * MINUTE },
  volumeOptimizeMs: { min: 5 * MINUTE, max: 1 * HOUR },
};

const always = (value: number): Span => ({ min: value, max: value });

export const CALM_EBS_MANNERS: EbsManners = {
  snapshotPendingMs: always(5 * MINUTE),
  snapshotPendingPerGibMs: 0,
  snapshotFailure: 0,
  snapshotArchiveMs: always(1 * HOUR),
  snapshotRestoreMs: always(24 * HOUR),
  volumeCreateMs: always(10 * SECOND),
  volumeAttachMs: always(5 * SECOND),
  volumeDetachMs: always(5 * SECOND),
  volumeDeleteMs: always(10 * SECOND),
  volumeModifyMs: always(10 * SECOND),
  volumeOptimizeMs: always(10 * MINUTE),
};

/** Everything is ready at once. */
export const PROMPT_EBS_MANNERS: EbsManners = {
  ...CALM_EBS_MANNERS,
  snapshotPendingMs: always(0),
  snapshotArchiveMs: always(0),
  snapshotRestoreMs: always(0),
  volumeCreateMs: always(0),
  volumeAttachMs: always(0),
  volumeDetachMs: always(0),
  volumeDeleteMs: always(0),
  volumeModifyMs: always(0),
  volumeOptimizeMs: always(0),
};
