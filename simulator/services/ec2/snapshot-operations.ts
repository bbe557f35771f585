/** All that is served on snapshots, and on the settings of EBS. */
import { copySnapshotOperation } from './copy-snapshot.ts';
import { createSnapshotOperations } from './create-snapshot.ts';
import { deleteSnapshotOperation } from './delete-snapshot.ts';
import type { Ec2 } from './ec2.ts';
import { encryptionDefaultOperations } from './encryption-defaults.ts';
import { defineSnapshotLife } from './snapshot-life.ts';
import { snapshotLockOperations } from './snapshot-locks.ts';
import { snapshotSharingOperations } from './snapshot-sharing.ts';
import { snapshotTierOperations } from './snapshot-tiers.ts';
import { describeSnapshotsOperation } from './snapshots.ts';

export const snapshotOperations = (ec2: Ec2) => {
  defineSnapshotLife(ec2);
  return {
    ...copySnapshotOperation(ec2),
    ...createSnapshotOperations(ec2),
    ...deleteSnapshotOperation(ec2),
    ...describeSnapshotsOperation(ec2),
    ...encryptionDefaultOperations(ec2),
    ...snapshotLockOperations(ec2),
    ...snapshotSharingOperations(ec2),
    ...snapshotTierOperations(ec2),
  };
};
