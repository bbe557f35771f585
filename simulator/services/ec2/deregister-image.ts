/** DeregisterImage: the image goes at once; of its snapshots, each has its own outcome. */
import type {
  DeleteSnapshotReturnCode,
  DeregisterImageRequest,
  DeregisterImageResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { announceImage } from './events.ts';
import { reserveName } from './image-names.ts';
import { isProtected, protectedError } from './image-states.ts';
import { assertImageState, findOwnImage } from './images.ts';
import type { ImageRow } from './rows.ts';
import { removeWhenEnded } from './snapshot-life.ts';
import { isLocked } from './snapshot-states.ts';

const isManagedByBackup = (image: ImageRow): boolean =>
  image.ownerAlias === 'aws-backup-vault' || image.tags.has('aws:backup:source-resource');

const assertRemovable = (ec2: Ec2, image: ImageRow, call: Call): void => {
  if (isProtected(image, call.nowMs)) throw protectedError(ec2, image);
  if (isManagedByBackup(image)) {
    throw new ApiError(
      'AuthFailure',
      'This image is managed by AWS Backup and cannot be deleted via EC2 APIs. To delete this ' +
        'image, please use the AWS Backup APIs, CLI, or console.',
    );
  }
  // To deregister a pending copy is how it is canceled.
  if (image.madeBy === 'CopyImage' || ec2.kernel.manners().imagesBeingMadeCanBeDeregistered) return;
  assertImageState(image, 'available', 'disabled', 'failed');
};

type ReturnCode = NonNullable<DeleteSnapshotReturnCode['ReturnCode']>;

const deleteIfUnused = (ec2: Ec2, snapshotId: string, call: Call): ReturnCode => {
  const { snapshotDeleteFailure, lockedSnapshotReturnCode } = ec2.kernel.manners();
  const store = ec2.store(call.region);
  const row = store.snapshots.get(snapshotId);
  if (store.imagesOn(snapshotId).length > 0) return 'skipped';
  if (row === undefined) return 'success';
  if (row.ownerId !== call.account) return 'missing-permissions';
  if (isLocked(row, call.nowMs)) return lockedSnapshotReturnCode;
  if (ec2.kernel.random('deregister').chance(snapshotDeleteFailure)) return 'internal-error';
  removeWhenEnded(ec2, row, call);
  return 'success';
};

const deleteSnapshots = (ec2: Ec2, image: ImageRow, call: Call): DeleteSnapshotReturnCode[] => {
  const ids = new Set(image.disks.flatMap((disk) => disk.snapshotId ?? []));
  return Array.from(ids, (id) => ({
    SnapshotId: id,
    ReturnCode: deleteIfUnused(ec2, id, call),
  }));
};

/** What lingers of an image that is gone, as far as the manners say so: its name, and a last look. */
const leaveTraces = (ec2: Ec2, row: ImageRow, { region, nowMs }: Call): void => {
  const { nameReuseDelayMs, deregisteredShownMs } = ec2.kernel.manners();
  const store = ec2.store(region);
  const { shown } = store.imageMemory;
  for (const [id, { untilMs }] of shown) if (untilMs <= nowMs) shown.delete(id);
  if (deregisteredShownMs > 0)
    shown.set(row.imageId, { row, untilMs: nowMs + deregisteredShownMs });
  if (nameReuseDelayMs > 0) reserveName(store, row, { nowMs, delayMs: nameReuseDelayMs });
};

export const deregisterImageOperation = (ec2: Ec2) => ({
  /**
   * A snapshot that is not deleted does not keep the image: `Return` is true all the same. There are
   * no retention rules here, so that no image goes to the Recycle Bin.
   */
  DeregisterImage: (input: DeregisterImageRequest, call: Call): DeregisterImageResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    assertRemovable(ec2, image, call);
    const { account, region, requestId, nowMs: atMs } = call;
    const { imageId } = image;
    ec2.store(region).beforeChange();
    ec2.kernel.hooks.tell('deregistering', { atMs, account, region, requestId, imageId });
    ec2.store(region).removeImage(image);
    leaveTraces(ec2, image, call);
    announceImage(ec2, image, 'deregistered', requestId);
    return input.DeleteAssociatedSnapshots === true
      ? { Return: true, DeleteSnapshotResults: deleteSnapshots(ec2, image, call) }
      : { Return: true };
  },
});
