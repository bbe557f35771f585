/** What every new image has, and how it comes into being with its snapshots. */
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import type { DiskRow, ImageRow, SnapshotRow } from './rows.ts';

/** Until when describes do not see what is made now. */
const visibleAt = ({ kernel }: Ec2, call: Call): number =>
  call.nowMs + draw(kernel.random('lag'), kernel.manners().visibilityLagMs);

/** A pending image of the caller's. */
export const newImage = (
  ec2: Ec2,
  call: Call,
  facts: Omit<
    ImageRow,
    | 'ownerId'
    | 'region'
    | 'createdAtMs'
    | 'visibleAtMs'
    | 'requestId'
    | 'launchPermissions'
    | 'isPublic'
    | 'state'
    | 'protection'
  >,
): ImageRow => ({
  ...facts,
  ownerId: call.account,
  region: call.region,
  createdAtMs: call.nowMs,
  visibleAtMs: visibleAt(ec2, call),
  requestId: call.requestId,
  launchPermissions: new Set(),
  isPublic: false,
  state: 'pending',
  protection: 'disabled',
});

/** A pending snapshot of the caller's, with the size and the encryption of the disk. */
export const newSnapshot = (
  ec2: Ec2,
  call: Call,
  disk: Pick<DiskRow, 'sizeGib' | 'encrypted' | 'kmsKeyId'>,
  facts: Pick<SnapshotRow, 'volumeId' | 'description' | 'lineage' | 'copy' | 'tags'>,
): SnapshotRow => ({
  ...facts,
  snapshotId: newId(ec2.kernel, 'snap'),
  ownerId: call.account,
  sizeGib: disk.sizeGib,
  startedAtMs: call.nowMs,
  visibleAtMs: visibleAt(ec2, call),
  encrypted: disk.encrypted,
  kmsKeyId: disk.kmsKeyId,
  tags: new Map(facts.tags),
  createVolumePermissions: new Set(),
  isPublic: false,
  endsAtMs: Number.POSITIVE_INFINITY,
});

/** Puts a new image and its new snapshots into the store, and tells the observers. */
export const keepImage = (
  ec2: Ec2,
  image: ImageRow,
  snapshots: readonly SnapshotRow[],
  by: 'CreateImage' | 'CopyImage' | 'RegisterImage',
): void => {
  const store = ec2.store(image.region);
  for (const snapshot of snapshots) store.snapshots.set(snapshot.snapshotId, snapshot);
  store.addImage(image);
  ec2.kernel.hooks.tell('imageMade', {
    atMs: image.createdAtMs,
    account: image.ownerId,
    region: image.region,
    imageId: image.imageId,
    name: image.name,
    by,
  });
};

/** @throws ApiError if the account has as many images in the Region as it may; failed ones are free. */
export const assertImageRoom = (ec2: Ec2, call: Call): void => {
  const { imageQuota, imageQuotaCode } = ec2.kernel.manners();
  const store = ec2.store(call.region);
  if (store.imageCount(call.account) < imageQuota) return;
  let count = 0;
  for (const row of store.images.values()) {
    if (row.ownerId === call.account && row.state !== 'failed') count += 1;
  }
  if (count < imageQuota) return;
  throw new ApiError(
    imageQuotaCode,
    `You have reached the limit of ${imageQuota} AMIs in this Region`,
  );
};
