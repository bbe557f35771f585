/** DeleteSnapshot. */
import type { DeleteSnapshotRequest } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { SnapshotRow } from './rows.ts';
import { removeWhenEnded } from './snapshot-life.ts';
import { isLocked } from './snapshot-states.ts';
import { findSnapshot } from './snapshots.ts';

/** What forbids to delete a snapshot of the caller's, whoever asks. */
export const snapshotVeto = (ec2: Ec2, row: SnapshotRow, call: Call): ApiError | undefined => {
  const { snapshotId } = row;
  if (isLocked(row, call.nowMs)) {
    const { lockedSnapshotCode } = ec2.kernel.manners();
    return new ApiError(lockedSnapshotCode, `The snapshot ${snapshotId} is locked`);
  }
  if (!row.tags.has('aws:backup:source-resource')) return undefined;
  return new ApiError(
    'InvalidParameterValue',
    'This snapshot is managed by AWS Backup service and cannot be deleted via EC2 APIs. ' +
      'If you wish to delete this snapshot, please do so via the Backup console.',
  );
};

export const deleteSnapshotOperation = (ec2: Ec2) => ({
  /**
   * Refused while an image of any state, a disabled one too, is built on it. One that is `pending`
   * stays until it no longer is.
   */
  DeleteSnapshot: (input: DeleteSnapshotRequest, call: Call): void => {
    const row = findSnapshot(ec2, input.SnapshotId, call);
    const [user] = ec2.store(call.region).imagesOn(row.snapshotId);
    if (user !== undefined) {
      throw new ApiError(
        'InvalidSnapshot.InUse',
        `The snapshot ${row.snapshotId} is currently in use by ${user}`,
      );
    }
    const veto = snapshotVeto(ec2, row, call);
    if (veto !== undefined) throw veto;
    removeWhenEnded(ec2, row, call);
  },
});
