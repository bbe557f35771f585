/** CopyImage, called in the destination Region. */
import type { CopyImageRequest, CopyImageResult } from '@aws-sdk/client-ec2';
import { draw, isoSecondsOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import { keepImage, newImage } from './create-image.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { drawFailure, startImage, type Course } from './image-life.ts';
import { assertImageTexts, assertNameIsFree } from './image-names.ts';
import { findImage } from './images.ts';
import type { DiskRow, ImageRow, SnapshotRow, Tags } from './rows.ts';
import { assertTagCount, isSystemKey, readTagSpecifications } from './tags.ts';

const assertEncryption = (input: CopyImageRequest, source: ImageRow): void => {
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  if (input.Encrypted === false && source.disks.some((disk) => disk.encrypted)) {
    throw new ApiError(
      'InvalidRequest',
      'Creating unencrypted copy from an encrypted snapshot is not allowed',
    );
  }
};

const findSource = (ec2: Ec2, input: CopyImageRequest, call: Call): ImageRow => {
  const source = findImage(ec2, input.SourceRegion ?? '', input.SourceImageId ?? '', call);
  if (source.state === 'available') return source;
  throw new ApiError(
    ec2.kernel.manners().sourceUnavailableCode,
    `The source image ${source.imageId} is not available (${source.state})`,
  );
};

const assertRoom = (ec2: Ec2, call: Call): void => {
  let pending = 0;
  for (const image of ec2.store(call.region).images.values()) {
    if (image.state === 'pending' && image.madeBy === 'CopyImage') pending += 1;
  }
  if (pending < ec2.kernel.manners().concurrentCopies) return;
  throw new ApiError('ResourceLimitExceeded', 'Too many image copies in progress');
};

/** Only the user's own tags of the source; the call's own come on top. */
const copiedTags = (input: CopyImageRequest, source: ImageRow, own: Tags, call: Call): Tags => {
  const copies = input.CopyImageTags === true && source.ownerId === call.account;
  const carried = copies ? [...source.tags].filter(([key]) => !isSystemKey(key)) : [];
  const tags = new Map([...carried, ...own]);
  assertTagCount(tags);
  return tags;
};

/** Without a key of the caller's, an encrypted copy is under the Region's `aws/ebs`. */
const copiedDisk = (input: CopyImageRequest, disk: DiskRow, snapshotId: string, call: Call) => {
  const encrypted = disk.encrypted || input.Encrypted === true;
  const fallback = `arn:aws:kms:${call.region}:${call.account}:alias/aws/ebs`;
  return {
    ...disk,
    snapshotId,
    encrypted,
    kmsKeyId: encrypted ? (input.KmsKeyId ?? fallback) : undefined,
  };
};

const copiedSnapshot = (
  ec2: Ec2,
  source: DiskRow,
  disk: DiskRow & { readonly snapshotId: string },
  context: { imageId: string; sourceImageId: string; tags: Tags; call: Call },
): SnapshotRow => ({
  snapshotId: disk.snapshotId,
  ownerId: context.call.account,
  volumeId: 'vol-ffffffff',
  sizeGib: disk.sizeGib,
  description:
    `Copied for DestinationAmi ${context.imageId} from SourceAmi ${context.sourceImageId} ` +
    `for SourceSnapshot ${source.snapshotId}. ` +
    `Task created on ${isoSecondsOf(context.call.nowMs)}.`,
  startedAtMs: context.call.nowMs,
  visibleAtMs:
    context.call.nowMs + draw(ec2.kernel.random('lag'), ec2.kernel.manners().visibilityLagMs),
  encrypted: disk.encrypted,
  kmsKeyId: disk.kmsKeyId,
  tags: new Map(context.tags),
  endsAtMs: Number.POSITIVE_INFINITY,
});

/** A key of another Region, or one listed as unusable, is found out only after the call. */
const isKeyUnusable = (ec2: Ec2, key: string | undefined, region: string): boolean => {
  if (key === undefined) return false;
  const keyRegion = key.startsWith('arn:') ? key.split(':')[3] : region;
  return keyRegion !== region || ec2.kernel.manners().unusableKmsKeys.includes(key);
};

const courseOf = (
  ec2: Ec2,
  input: CopyImageRequest,
  disks: readonly DiskRow[],
  call: Call,
): Course => {
  const manners = ec2.kernel.manners();
  const largest = Math.max(0, ...disks.map((disk) => disk.sizeGib));
  const pendingMs =
    draw(ec2.kernel.random('images'), manners.copyPendingMs) +
    largest * manners.copyPendingPerGibMs;
  const message = 'Copy image failed with an internal error';
  const isUnusable = isKeyUnusable(ec2, input.KmsKeyId, call.region);
  return {
    pendingMs,
    failure: drawFailure(ec2, isUnusable ? 1 : manners.copyFailure, message),
    snapshotMessage: isUnusable ? 'Given key ID is not accessible' : undefined,
  };
};

const copyImage = (ec2: Ec2, input: CopyImageRequest, call: Call): CopyImageResult => {
  const name = assertImageTexts(input.Name, input.Description);
  const store = ec2.store(call.region);
  const known = madeByToken(store, 'CopyImage', input, call);
  if (known !== undefined) return { ImageId: known };
  const source = findSource(ec2, input, call);
  assertEncryption(input, source);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image', 'snapshot']);
  const tags = copiedTags(input, source, tagsFor('image'), call);
  if (ec2.kernel.manners().copyRefusesDuplicateNames) {
    assertNameIsFree(store, call.account, name);
  }
  assertRoom(ec2, call);
  const imageId = newId(ec2.kernel, 'ami');
  const context = { imageId, sourceImageId: source.imageId, tags: tagsFor('snapshot'), call };
  const pairs = source.disks.map((from) => {
    if (from.snapshotId === undefined) return { disk: from };
    const disk = copiedDisk(input, from, newId(ec2.kernel, 'snap'), call);
    return { disk, snapshot: copiedSnapshot(ec2, from, disk, context) };
  });
  const snapshots = pairs.flatMap(({ snapshot }) => snapshot ?? []);
  const image = newImage(ec2, call, {
    ...copiedFacts(source),
    imageId,
    name,
    description: input.Description ?? `[Copied ${source.imageId} from ${input.SourceRegion}]`,
    disks: pairs.map(({ disk }) => disk),
    tags,
  });
  keepImage(ec2, image, snapshots, 'CopyImage');
  rememberToken(store, 'CopyImage', input, call, imageId);
  startImage(ec2, image, snapshots, courseOf(ec2, input, image.disks, call));
  return { ImageId: imageId };
};

const copiedFacts = (source: ImageRow) => ({
  rootDeviceName: source.rootDeviceName,
  rootDeviceType: source.rootDeviceType,
  architecture: source.architecture,
  platformDetails: source.platformDetails,
  virtualizationType: source.virtualizationType,
  enaSupport: source.enaSupport,
  bootMode: source.bootMode,
  tpmSupport: source.tpmSupport,
  imdsSupport: source.imdsSupport,
  sourceImageId: source.imageId,
  sourceImageRegion: source.region,
  madeBy: 'CopyImage' as const,
});

export const copyImageOperation = (ec2: Ec2) => ({
  CopyImage: (input: CopyImageRequest, call: Call) => copyImage(ec2, input, call),
});
