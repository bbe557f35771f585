/** CopyImage, called in the destination Region. */
import type { CopyImageRequest, CopyImageResult } from '@aws-sdk/client-ec2';
import { draw, isoSecondsOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { invalidParameterValue } from '../../wire/errors.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import { isIncrementalCopy, lineageOf, noteCopy } from './copy-lineage.ts';
import { assertSnapshotCopyRoom } from './copy-snapshot.ts';
import type { Ec2 } from './ec2.ts';
import { copyEncryption } from './encryption-defaults.ts';
import { newId } from './ids.ts';
import { drawFailure, startImage, type Course } from './image-life.ts';
import { assertImageTexts, assertNameIsFree } from './image-names.ts';
import { findImage, isOwn, sharedTagsOf } from './images.ts';
import { isKeyUnusable, isManagedKey } from './keys.ts';
import { assertImageRoom, keepImage, newImage, newSnapshot } from './new-image.ts';
import { assertAtMostOne, refuseParameters, required } from './parameters.ts';
import { assertRegion } from './places.ts';
import { REGIONS } from './regions.ts';
import type { DiskRow, ImageRow, SnapshotRow, Tags } from './rows.ts';
import { maySeeSnapshot } from './snapshot-states.ts';
import { assertTagCount, isSystemKey, readTagSpecifications } from './tags.ts';

const MINUTE_MS = 60_000;
/** Minutes of a time-based copy: EBS User Guide, "Time-based copies". */
const DURATION = { min: 15, max: 2_880, step: 15 };
const ELSEWHERE = [
  'DestinationOutpostArn',
  'DestinationAvailabilityZone',
  'DestinationAvailabilityZoneId',
];

const assertDuration = (minutes: number | undefined): void => {
  if (minutes === undefined) return;
  const isStep = minutes % DURATION.step === 0;
  if (isStep && minutes >= DURATION.min && minutes <= DURATION.max) return;
  throw invalidParameterValue('SnapshotCopyCompletionDurationMinutes', String(minutes));
};

/** Images are not copied from one partition to another. */
const sourceRegionOf = (input: CopyImageRequest, call: Call): string => {
  const region = required('SourceRegion', input.SourceRegion);
  assertRegion(region);
  const partitions = new Set([region, call.region].map((name) => REGIONS.get(name)?.partition));
  if (partitions.size === 1) return region;
  throw new ApiError('InvalidRegion', `The region '${region}' is of another partition.`);
};

/** The snapshot under a disk of the source, if it has one and it is there. */
const snapshotUnder = (ec2: Ec2, source: ImageRow, disk: DiskRow): SnapshotRow | undefined =>
  ec2.store(source.region).snapshots.get(disk.snapshotId ?? '');

/** Whoever may launch an image may not copy it for that: its storage has to be shared as well. */
const assertStorageIsShared = (ec2: Ec2, source: ImageRow, call: Call): void => {
  if (isOwn(source, call)) return;
  const store = ec2.store(source.region);
  const isReadable = source.disks.every((disk) => {
    const row = snapshotUnder(ec2, source, disk);
    if (disk.snapshotId === undefined) return true;
    return (
      row !== undefined && maySeeSnapshot(store, row, call) && !isManagedKey(row.kmsKeyId ?? '')
    );
  });
  if (isReadable) return;
  throw new ApiError(
    'InvalidRequest',
    'You do not have permission to access the storage of this ami',
  );
};

const findSource = (ec2: Ec2, input: CopyImageRequest, call: Call): ImageRow => {
  const region = sourceRegionOf(input, call);
  const source = findImage(ec2, region, required('SourceImageId', input.SourceImageId), call);
  if (source.state !== 'available') {
    throw new ApiError(
      ec2.kernel.manners().sourceUnavailableCode,
      `The source image ${source.imageId} is not available (${source.state})`,
    );
  }
  assertStorageIsShared(ec2, source, call);
  return source;
};

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

const snapshotCountOf = ({ disks }: ImageRow): number =>
  disks.filter((disk) => disk.snapshotId !== undefined).length;

const assertRoom = (ec2: Ec2, source: ImageRow, call: Call): void => {
  const { concurrentCopies, imageCopiesCountAsSnapshotCopies } = ec2.kernel.manners();
  const copies = ec2
    .store(call.region)
    .pendingImages()
    .filter((row) => row.madeBy === 'CopyImage' && isOwn(row, call));
  if (copies.length >= concurrentCopies) {
    throw new ApiError(
      'ResourceLimitExceeded',
      `Too many image copies in progress. The limit is ${concurrentCopies} for this destination region.`,
    );
  }
  if (!imageCopiesCountAsSnapshotCopies) return;
  assertSnapshotCopyRoom(ec2, snapshotCountOf(source), call);
};

/**
 * Tags that the copy takes over: none unless asked for; of one's own image the user's tags, of
 * another's those that are shared. The call's own come on top.
 */
const copiedTags = (input: CopyImageRequest, source: ImageRow, own: Tags, call: Call): Tags => {
  const visible = isOwn(source, call) ? source.tags : sharedTagsOf(source.tags);
  const carried =
    input.CopyImageTags === true ? [...visible].filter(([key]) => !isSystemKey(key)) : [];
  const tags = new Map([...carried, ...own]);
  assertTagCount(tags);
  return tags;
};

interface CopyPlan {
  readonly source: ImageRow;
  readonly name: string;
  readonly tags: Tags;
  readonly snapshotTags: Tags;
}

/** Everything that EC2 finds wrong before it answers is found here. */
const planCopy = (ec2: Ec2, input: CopyImageRequest, call: Call): CopyPlan => {
  const name = assertImageTexts(input.Name, input.Description);
  assertAtMostOne(input, ELSEWHERE);
  refuseParameters(input, ELSEWHERE);
  assertDuration(input.SnapshotCopyCompletionDurationMinutes);
  const source = findSource(ec2, input, call);
  assertEncryption(input, source);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image', 'snapshot']);
  const tags = copiedTags(input, source, tagsFor('image'), call);
  if (ec2.kernel.manners().copyRefusesDuplicateNames) assertNameIsFree(ec2, call, name);
  assertRoom(ec2, source, call);
  assertImageRoom(ec2, call);
  return { source, name, tags, snapshotTags: tagsFor('snapshot') };
};

const descriptionOf = (imageId: string, source: ImageRow, disk: DiskRow, call: Call): string =>
  `Copied for DestinationAmi ${imageId} from SourceAmi ${source.imageId} ` +
  `for SourceSnapshot ${disk.snapshotId}. Task created on ${isoSecondsOf(call.nowMs)}.`;

/** The copy of a disk: of an ephemeral one, the mapping alone. */
const copiedDisk = (
  ec2: Ec2,
  input: CopyImageRequest,
  plan: CopyPlan & { readonly imageId: string },
  call: Call,
) => {
  const { source, imageId, snapshotTags: tags } = plan;
  return (from: DiskRow): { readonly disk: DiskRow; readonly snapshot?: SnapshotRow } => {
    const original = snapshotUnder(ec2, source, from);
    if (original === undefined) return { disk: from };
    const disk = { ...from, ...copyEncryption(ec2, input, from, call) };
    const of = { row: original, region: source.region };
    const snapshot = newSnapshot(ec2, call, disk, {
      volumeId: 'vol-ffffffff',
      description: descriptionOf(imageId, source, from, call),
      lineage: lineageOf(original, source.region),
      copy: {
        sourceRegion: source.region,
        sourceSnapshotId: original.snapshotId,
        isOfImage: true,
        isIncremental: isIncrementalCopy(ec2, of, disk, call),
        completionDurationMinutes: input.SnapshotCopyCompletionDurationMinutes,
      },
      tags,
    });
    noteCopy(ec2, snapshot, call);
    return { disk: { ...disk, snapshotId: snapshot.snapshotId }, snapshot };
  };
};

/** The longest of the snapshots decides; a time-based copy takes the time that it was given. */
const pendingMsOf = (
  ec2: Ec2,
  input: CopyImageRequest,
  snapshots: readonly SnapshotRow[],
): number => {
  const minutes = input.SnapshotCopyCompletionDurationMinutes;
  if (minutes !== undefined) return minutes * MINUTE_MS;
  const { copyPendingMs, copyPendingPerGibMs, incrementalCopyPart } = ec2.kernel.manners();
  const sizes = snapshots.map(
    ({ sizeGib, copy }) => sizeGib * (copy?.isIncremental === true ? incrementalCopyPart : 1),
  );
  const largest = Math.max(0, ...sizes);
  return (
    draw(ec2.kernel.random('images'), copyPendingMs) + Math.ceil(largest * copyPendingPerGibMs)
  );
};

/** A key that cannot be used, to read the source or to write the copy, is found out later. */
const courseOf = (
  ec2: Ec2,
  input: CopyImageRequest,
  source: ImageRow,
  snapshots: readonly SnapshotRow[],
  call: Call,
): Course => {
  const isUnusable =
    isKeyUnusable(ec2, input.KmsKeyId, call.region) ||
    source.disks.some((disk) => isKeyUnusable(ec2, disk.kmsKeyId, source.region)) ||
    snapshots.some((row) => isKeyUnusable(ec2, row.kmsKeyId, call.region));
  return {
    pendingMs: pendingMsOf(ec2, input, snapshots),
    failure: drawFailure(
      ec2,
      isUnusable ? 1 : ec2.kernel.manners().copyFailure,
      'Copy image failed with an internal error',
    ),
    snapshotMessage: isUnusable ? 'Given key ID is not accessible' : undefined,
  };
};

const copiedFacts = (source: ImageRow) => ({
  rootDeviceName: source.rootDeviceName,
  rootDeviceType: source.rootDeviceType,
  architecture: source.architecture,
  platformDetails: source.platformDetails,
  productCodes: source.productCodes,
  virtualizationType: source.virtualizationType,
  enaSupport: source.enaSupport,
  bootMode: source.bootMode,
  tpmSupport: source.tpmSupport,
  imdsSupport: source.imdsSupport,
  sriovNetSupport: source.sriovNetSupport,
  kernelId: source.kernelId,
  ramdiskId: source.ramdiskId,
  uefiData: source.uefiData,
  sourceImageId: source.imageId,
  sourceImageRegion: source.region,
  madeBy: 'CopyImage' as const,
});

const copyImage = (ec2: Ec2, input: CopyImageRequest, call: Call): CopyImageResult => {
  const known = madeByToken(ec2, 'CopyImage', input, call);
  if (known !== undefined) return { ImageId: known };
  const plan = planCopy(ec2, input, call);
  const { source, name, tags } = plan;
  const imageId = newId(ec2.kernel, 'ami');
  const pairs = source.disks.map(copiedDisk(ec2, input, { ...plan, imageId }, call));
  const snapshots = pairs.flatMap(({ snapshot }) => snapshot ?? []);
  const image = newImage(ec2, call, {
    ...copiedFacts(source),
    imageId,
    name,
    description: input.Description ?? `[Copied ${source.imageId} from ${source.region}]`,
    disks: pairs.map(({ disk }) => disk),
    tags,
  });
  if (ec2.kernel.manners().copiesKeepSettings) {
    image.deprecatedAtMs = source.deprecatedAtMs;
    image.protection = source.protection;
  }
  keepImage(ec2, image, snapshots, 'CopyImage');
  rememberToken(ec2, 'CopyImage', input, call, imageId);
  startImage(ec2, image, snapshots, courseOf(ec2, input, source, snapshots, call));
  return { ImageId: imageId };
};

export const copyImageOperation = (ec2: Ec2) => ({
  CopyImage: (input: CopyImageRequest, call: Call) => copyImage(ec2, input, call),
});
