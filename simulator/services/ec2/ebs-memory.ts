/** What EBS remembers of an account in one Region beside volumes and snapshots. */

/** Whether snapshots may be shared with everyone. */
export type SnapshotAccess = 'unblocked' | 'block-new-sharing' | 'block-all-sharing';

export interface EncryptionRow {
  readonly isEnabled: boolean;
  /** ARN; absent for the key of AWS's own. */
  readonly kmsKeyId?: string | undefined;
}

/** As it is saved. */
export interface SavedEbsMemory {
  readonly encryption: ReadonlyMap<string, EncryptionRow>;
  readonly snapshotAccess: ReadonlyMap<string, SnapshotAccess>;
}

/** By account; one that never said anything has no entry. */
export class EbsMemory {
  readonly encryption = new Map<string, EncryptionRow>();
  readonly snapshotAccess = new Map<string, SnapshotAccess>();

  save(): SavedEbsMemory {
    return { encryption: this.encryption, snapshotAccess: this.snapshotAccess };
  }

  /** Takes what was saved over into a memory that has nothing. */
  load(saved: SavedEbsMemory): void {
    for (const [account, row] of saved.encryption) this.encryption.set(account, row);
    for (const [account, access] of saved.snapshotAccess) this.snapshotAccess.set(account, access);
  }
}
