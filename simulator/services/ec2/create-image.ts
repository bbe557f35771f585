/** CreateImage. It has no client token: only the name makes it happen once. */
import type { CreateImageRequest, CreateImageResult } from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { drawFailure, startImage } from './image-life.ts';
import { imagedDisks } from './image-mappings.ts';
import { assertImageTexts, assertNameIsFree } from './image-names.ts';
import { currentBootMode } from './instance-output.ts';
import { assertRootVolumes, findInstance } from './instances.ts';
import { assertImageRoom, keepImage, newImage, newSnapshot } from './new-image.ts';
import { assertOneOf, refuseParameters } from './parameters.ts';
import type { DiskRow, InstanceRow, SnapshotRow, Tags, VolumeRow } from './rows.ts';
import { assertSnapshotsAllowed, noteSnapshot } from './snapshot-limits.ts';
import { readTagSpecifications } from './tags.ts';

const assertImageable = (ec2: Ec2, instance: InstanceRow): void => {
  const { instanceStoreCode, stoppingInstancesCanBeImaged } = ec2.kernel.manners();
  if (instance.rootDeviceType === 'instance-store') {
    throw new ApiError(
      instanceStoreCode,
      `The instance '${instance.instanceId}' does not have an 'ebs' root device type`,
    );
  }
  if (instance.state === 'running' || instance.state === 'stopped') return;
  if (instance.state === 'stopping' && stoppingInstancesCanBeImaged) return;
  throw new ApiError(
    'IncorrectInstanceState',
    `Instance '${instance.instanceId}' is not in a state from which it can be imaged ` +
      `(${instance.state})`,
  );
};

/** There are no Local Zones and no Outposts here, so that no instance is in one. */
const assertOptions = (input: CreateImageRequest, instance: InstanceRow): void => {
  assertOneOf('SnapshotLocation', input.SnapshotLocation, ['local', 'regional']);
  refuseParameters(input, ['SnapshotLocation']);
  assertOneOf('BootModeOverride', input.BootModeOverride, ['uefi']);
  if (input.BootModeOverride === undefined || currentBootMode(instance) === 'uefi') return;
  throw new ApiError(
    'InvalidParameterCombination',
    `The current boot mode of the instance '${instance.instanceId}' is not uefi`,
  );
};

/** @throws ApiError `ConcurrentCreateImageNoRebootLimitExceeded` */
const assertNoRebootRoom = (ec2: Ec2, input: CreateImageRequest, call: Call): void => {
  if (input.NoReboot !== true) return;
  const underWay = ec2
    .store(call.region)
    .pendingImages()
    .filter((row) => row.madeBy === 'CreateImage' && row.sourceInstanceId === input.InstanceId);
  if (underWay.length < ec2.kernel.manners().noRebootImagesPerInstance) return;
  throw new ApiError(
    'ConcurrentCreateImageNoRebootLimitExceeded',
    'The maximum number of concurrent CreateImage requests for the instance has been reached.',
  );
};

const volumeOf = (ec2: Ec2, disk: DiskRow, call: Call): VolumeRow | undefined =>
  ec2.store(call.region).volumes.get(disk.volumeId ?? '');

/** The disk as its volume is now; an ephemeral one as it is. */
const currentDisk = (ec2: Ec2, disk: DiskRow, call: Call): DiskRow => {
  const volume = volumeOf(ec2, disk, call);
  if (volume === undefined) return disk;
  const { encrypted, kmsKeyId, shape } = volume;
  return { ...disk, ...shape, encrypted, kmsKeyId };
};

/** A disk of the instance, and its volume if it has one. */
interface Source {
  readonly disk: DiskRow;
  readonly volume: VolumeRow | undefined;
}

/** Begins the snapshot of a disk's volume; its description names the instance and the image. */
const snapshotOf = (
  ec2: Ec2,
  { disk, volume }: Source,
  of: { readonly imageId: string; readonly instanceId: string; readonly tags: Tags },
  call: Call,
): SnapshotRow[] => {
  if (volume === undefined) return [];
  const { volumeId } = volume;
  const description = `Created by CreateImage(${of.instanceId}) for ${of.imageId}`;
  const row = newSnapshot(ec2, call, disk, { volumeId, description, tags: of.tags });
  noteSnapshot(ec2, volume, row, call);
  return [row];
};

/** What an image has of the instance, and of the image that the instance was launched from. */
const inherited = (ec2: Ec2, instance: InstanceRow, call: Call) => {
  const { images, imageMemory } = ec2.store(call.region);
  const source = images.get(instance.imageId) ?? imageMemory.gone.get(instance.imageId);
  return {
    rootDeviceName: instance.rootDeviceName,
    rootDeviceType: 'ebs' as const,
    architecture: instance.architecture,
    platformDetails: instance.platformDetails,
    productCodes: instance.productCodes,
    virtualizationType: instance.virtualizationType,
    enaSupport: instance.attributes.enaSupport,
    bootMode: instance.bootMode,
    tpmSupport: source?.tpmSupport,
    imdsSupport: source?.imdsSupport,
    sriovNetSupport: source?.sriovNetSupport,
    sourceInstanceId: instance.instanceId,
    sourceImageId: instance.imageId,
    sourceImageRegion: call.region,
  };
};

interface ImagePlan {
  readonly instance: InstanceRow;
  readonly name: string;
  readonly tagsFor: (type: string) => Tags;
  /** Disks of the instance that the image has. */
  readonly kept: readonly Source[];
  /** Disks of the instance of which a snapshot is taken, but no more. */
  readonly orphaned: readonly Source[];
  readonly added: readonly DiskRow[];
}

/** Everything that can be wrong with the request is found here. */
const planImage = (ec2: Ec2, input: CreateImageRequest, call: Call): ImagePlan => {
  const instance = findInstance(ec2, input.InstanceId ?? '', call);
  assertImageable(ec2, instance);
  assertRootVolumes(ec2, [instance]);
  assertOptions(input, instance);
  const name = assertImageTexts(input.Name, input.Description);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image', 'snapshot']);
  const disks = instance.disks.map((disk) => currentDisk(ec2, disk, call));
  const { rootDeviceName } = instance;
  const { kept, excluded, added } = imagedDisks(
    ec2,
    { disks, rootDeviceName },
    input.BlockDeviceMappings,
    call,
  );
  const sourcesOf = (some: readonly DiskRow[]): Source[] =>
    some.map((disk) => ({ disk, volume: volumeOf(ec2, disk, call) }));
  const orphaned = ec2.kernel.manners().excludedVolumesAreSnapshotted ? sourcesOf(excluded) : [];
  const plan = { instance, name, tagsFor, kept: sourcesOf(kept), orphaned, added };
  assertNameIsFree(ec2, call, name);
  assertImageRoom(ec2, call);
  assertNoRebootRoom(ec2, input, call);
  const volumes = [...plan.kept, ...orphaned].flatMap(({ volume }) => volume ?? []);
  assertSnapshotsAllowed(ec2, volumes, call);
  return plan;
};

const createImage = (ec2: Ec2, input: CreateImageRequest, call: Call): CreateImageResult => {
  const { instance, name, tagsFor, kept, orphaned, added } = planImage(ec2, input, call);
  const imageId = newId(ec2.kernel, 'ami');
  const of = { imageId, instanceId: instance.instanceId, tags: tagsFor('snapshot') };
  const pairs = kept.map((source) => {
    const [snapshot] = snapshotOf(ec2, source, of, call);
    const disk = { ...source.disk, volumeId: undefined, snapshotId: snapshot?.snapshotId };
    return { disk, snapshot };
  });
  const snapshots = [
    ...pairs.flatMap(({ snapshot }) => snapshot ?? []),
    ...orphaned.flatMap((source) => snapshotOf(ec2, source, of, call)),
  ];
  const facts = inherited(ec2, instance, call);
  const image = newImage(ec2, call, {
    ...facts,
    imageId,
    name,
    description: input.Description,
    disks: [...pairs.map(({ disk }) => disk), ...added],
    bootMode: input.BootModeOverride ?? facts.bootMode,
    madeBy: 'CreateImage',
    tags: tagsFor('image'),
  });
  keepImage(ec2, image, snapshots, 'CreateImage');
  const { imagePendingMs, imageFailure } = ec2.kernel.manners();
  startImage(ec2, image, snapshots, {
    pendingMs: draw(ec2.kernel.random('images'), imagePendingMs),
    failure: drawFailure(ec2, imageFailure, 'An internal error has occurred during AMI creation'),
  });
  return { ImageId: imageId };
};

export const createImageOperation = (ec2: Ec2) => ({
  /**
   * Of a running instance too, with a reboot or without: a reboot leaves an instance `running` all
   * the while, and EC2 announces none, so that nothing is to be seen of it here.
   */
  CreateImage: (input: CreateImageRequest, call: Call) => createImage(ec2, input, call),
});
