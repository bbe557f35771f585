/** DeregisterImage: the image goes at once; of its snapshots, each has its own outcome. */
import type {
  DeleteSnapshotReturnCode,
  DeregisterImageRequest,
  DeregisterImageResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { announceImage } from './events.ts';
import { findOwnImage } from './images.ts';
import type { ImageRow } from './rows.ts';
import { removeSnapshot } from './snapshots.ts';

const isProtected = (image: ImageRow, nowMs: number): boolean =>
  image.protection !== 'disabled' ||
  (image.protectedUntilMs !== undefined && image.protectedUntilMs > nowMs);

const assertRemovable = (ec2: Ec2, image: ImageRow, call: Call): void => {
  if (isProtected(image, call.nowMs)) {
    throw new ApiError(
      ec2.kernel.manners().protectedCode,
      `The image ${image.imageId} has deregistration protection enabled`,
    );
  }
  if (!image.tags.has('aws:backup:source-resource')) return;
  throw new ApiError(
    'OperationNotPermitted',
    `The image ${image.imageId} is managed by AWS Backup and cannot be deregistered via EC2`,
  );
};

type ReturnCode = 'success' | 'skipped' | 'internal-error';

const deleteIfUnused = (ec2: Ec2, snapshotId: string, call: Call): ReturnCode => {
  const { snapshotDeleteFailure } = ec2.kernel.manners();
  const store = ec2.store(call.region);
  if (store.imagesOn(snapshotId).length > 0) return 'skipped';
  if (ec2.kernel.random('deregister').chance(snapshotDeleteFailure)) return 'internal-error';
  if (store.snapshots.has(snapshotId)) removeSnapshot(ec2, snapshotId, call);
  return 'success';
};

const deleteSnapshots = (ec2: Ec2, image: ImageRow, call: Call): DeleteSnapshotReturnCode[] => {
  const ids = new Set(image.disks.flatMap((disk) => disk.snapshotId ?? []));
  return Array.from(ids, (id) => ({
    SnapshotId: id,
    ReturnCode: deleteIfUnused(ec2, id, call),
  }));
};

export const deregisterImageOperation = (ec2: Ec2) => ({
  /** A snapshot that is not deleted does not keep the image: `Return` is true all the same. */
  DeregisterImage: (input: DeregisterImageRequest, call: Call): DeregisterImageResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    assertRemovable(ec2, image, call);
    const { account, region, requestId, nowMs: atMs } = call;
    const { imageId } = image;
    ec2.kernel.hooks.tell('deregistering', { atMs, account, region, requestId, imageId });
    ec2.store(region).removeImage(image);
    announceImage(ec2, image, 'deregistered', requestId);
    return input.DeleteAssociatedSnapshots === true
      ? { Return: true, DeleteSnapshotResults: deleteSnapshots(ec2, image, call) }
      : { Return: true };
  },
});
