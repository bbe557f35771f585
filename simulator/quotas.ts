/**
 * How much EC2 lets one account have in one Region. The figures are AWS's published defaults, which
 * an account can have raised; the EC2 User Guide ("AMI quotas") and the EBS User Guide have them.
 */
export interface Quotas {
  /** Images that are pending, available or disabled. */
  readonly imageQuota: number;
  readonly publicImageQuota: number;
  /** Accounts, organizations and organizational units that one image is shared with. */
  readonly sharingQuota: number;
  readonly snapshotQuota: number;
  /** Copies of images that may be pending at once in the destination Region. */
  readonly concurrentCopies: number;
  /** Snapshots of one volume that may be pending at once; one only of an `st1` or `sc1` volume. */
  readonly pendingSnapshotsPerVolume: number;
  /** Copies of single snapshots that may be pending at once in the destination Region. */
  readonly concurrentSnapshotCopies: number;
  /** Snapshots of one volume that may be in the archive. */
  readonly archivedSnapshotsPerVolume: number;
  readonly concurrentArchives: number;
  readonly concurrentRestores: number;
  readonly templateQuota: number;
  /** Versions of one launch template. */
  readonly templateVersionQuota: number;
  /** Least time between the beginnings of two snapshots of one volume. */
  readonly snapshotIntervalMs: number;
}

export const PUBLISHED_QUOTAS: Quotas = {
  imageQuota: 50_000,
  publicImageQuota: 5,
  sharingQuota: 1_000,
  snapshotQuota: 100_000,
  concurrentCopies: 300,
  pendingSnapshotsPerVolume: 5,
  concurrentSnapshotCopies: 20,
  archivedSnapshotsPerVolume: 25,
  concurrentArchives: 25,
  concurrentRestores: 5,
  templateQuota: 5_000,
  templateVersionQuota: 10_000,
  snapshotIntervalMs: 15_000,
};
