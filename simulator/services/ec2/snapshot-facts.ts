/** What there is to know of some snapshots beside what all of them have. */

/** Of a copy: its source, and how the copy is made. */
export interface SnapshotCopy {
  readonly sourceRegion: string;
  readonly sourceSnapshotId: string;
  /** Whether CopyImage made it; else CopySnapshot did. */
  readonly isOfImage: boolean;
  /** Whether only the blocks that an earlier copy lacks are copied. */
  readonly isIncremental: boolean;
  /** Of a time-based copy: within how many minutes it was to be completed. */
  readonly completionDurationMinutes?: number | undefined;
}

/** The last move of a snapshot between the standard and the archive tier. */
export interface Tiering {
  /** What is being done, or was done last. */
  readonly operation: 'archival' | 'temporary-restore' | 'permanent-restore';
  readonly startedAtMs: number;
  /** When the operation is or was completed. */
  readonly endsAtMs: number;
  /** When the snapshot was last moved into the archive. */
  readonly archivedAtMs?: number | undefined;
  /** Of a temporary restore: when the snapshot is in the archive alone again. */
  readonly restoreExpiresAtMs?: number | undefined;
}

/** A lock, in force or expired. */
export interface SnapshotLock {
  readonly mode: 'governance' | 'compliance';
  readonly createdAtMs: number;
  /** Of a lock for so many days: they begin when the snapshot is completed. */
  readonly durationDays?: number | undefined;
  /** Of a lock until an instant. */
  readonly expiresAtMs?: number | undefined;
  readonly coolOffHours?: number | undefined;
}
