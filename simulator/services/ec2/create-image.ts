/** CreateImage and RegisterImage. Neither has a client token: only the name makes it happen once. */
import type {
  BlockDeviceMapping,
  CreateImageRequest,
  CreateImageResult,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { drawFailure, startImage } from './image-life.ts';
import { assertImageTexts, assertNameIsFree } from './image-names.ts';
import { findInstance } from './instances.ts';
import type { DiskRow, ImageRow, InstanceRow, SnapshotRow, Tags } from './rows.ts';
import { findSnapshot, snapshotStateOf } from './snapshots.ts';
import { readTagSpecifications } from './tags.ts';

const assertImageable = (ec2: Ec2, instance: InstanceRow): void => {
  if (instance.rootDeviceType === 'instance-store') {
    throw new ApiError(
      ec2.kernel.manners().instanceStoreCode,
      `The instance '${instance.instanceId}' does not have an 'ebs' root device type`,
    );
  }
  if (instance.state === 'running' || instance.state === 'stopped') return;
  if (instance.state === 'stopping') return; // the documentation is silent; EC2 accepts it
  throw new ApiError(
    'IncorrectInstanceState',
    `Instance '${instance.instanceId}' is not in a state from which it can be imaged ` +
      `(${instance.state})`,
  );
};

/** `NoDevice` leaves a volume out; else only DeleteOnTermination may be changed. */
const overrideDisk = (disk: DiskRow, override: BlockDeviceMapping | undefined): DiskRow[] => {
  if (override === undefined) return [disk];
  if (override.NoDevice !== undefined) return [];
  const size = override.Ebs?.VolumeSize;
  if (override.Ebs?.Encrypted !== undefined || (size !== undefined && size !== disk.sizeGib)) {
    throw new ApiError(
      'InvalidBlockDeviceMapping',
      `Only DeleteOnTermination can be changed for the existing device ${disk.deviceName}`,
    );
  }
  const { DeleteOnTermination = disk.deleteOnTermination } = override.Ebs ?? {};
  return [{ ...disk, deleteOnTermination: DeleteOnTermination }];
};

const imagedDisks = (
  instance: InstanceRow,
  overrides: readonly BlockDeviceMapping[] | undefined,
): DiskRow[] => {
  const root = overrides?.find((one) => one.DeviceName === instance.rootDeviceName);
  if (root?.NoDevice !== undefined) {
    throw new ApiError('InvalidBlockDeviceMapping', 'The root device cannot be left out');
  }
  return instance.disks.flatMap((disk) =>
    overrideDisk(
      disk,
      overrides?.find((one) => one.DeviceName === disk.deviceName),
    ),
  );
};

/** Starts the snapshot of a disk; its description names the instance and the image. */
const snapshotOf =
  (ec2: Ec2, disk: DiskRow, imageId: string, instanceId: string, tags: Tags) =>
  (call: Call): SnapshotRow => ({
    snapshotId: newId(ec2.kernel, 'snap'),
    ownerId: call.account,
    volumeId: disk.volumeId ?? 'vol-ffffffff',
    sizeGib: disk.sizeGib,
    description: `Created by CreateImage(${instanceId}) for ${imageId}`,
    startedAtMs: call.nowMs,
    visibleAtMs: call.nowMs + draw(ec2.kernel.random('lag'), ec2.kernel.manners().visibilityLagMs),
    encrypted: disk.encrypted,
    kmsKeyId: disk.kmsKeyId,
    tags: new Map(tags),
    endsAtMs: Number.POSITIVE_INFINITY,
  });

/** What every new image has, whoever makes it. */
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
  visibleAtMs: call.nowMs + draw(ec2.kernel.random('lag'), ec2.kernel.manners().visibilityLagMs),
  requestId: call.requestId,
  launchPermissions: new Set(),
  isPublic: false,
  state: 'pending',
  protection: 'disabled',
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

const createImage = (ec2: Ec2, input: CreateImageRequest, call: Call): CreateImageResult => {
  const instance = findInstance(ec2, input.InstanceId ?? '', call);
  assertImageable(ec2, instance);
  const name = assertImageTexts(input.Name, input.Description);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image', 'snapshot']);
  const disks = imagedDisks(instance, input.BlockDeviceMappings);
  assertNameIsFree(ec2.store(call.region), call.account, name);
  const imageId = newId(ec2.kernel, 'ami');
  const pairs = disks.map((disk) => {
    if (disk.virtualName !== undefined) return { disk };
    const snapshot = snapshotOf(ec2, disk, imageId, instance.instanceId, tagsFor('snapshot'))(call);
    return { disk: { ...disk, volumeId: undefined, snapshotId: snapshot.snapshotId }, snapshot };
  });
  const snapshots = pairs.flatMap(({ snapshot }) => snapshot ?? []);
  const image = newImage(ec2, call, {
    imageId,
    name,
    description: input.Description,
    disks: pairs.map(({ disk }) => disk),
    rootDeviceName: instance.rootDeviceName,
    rootDeviceType: 'ebs',
    architecture: instance.architecture,
    platformDetails: instance.platformDetails,
    virtualizationType: instance.virtualizationType,
    enaSupport: true,
    sourceInstanceId: instance.instanceId,
    sourceImageId: instance.imageId,
    sourceImageRegion: call.region,
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

const registeredDisk = (ec2: Ec2, mapping: BlockDeviceMapping, call: Call): DiskRow => {
  const { DeviceName: deviceName = '', VirtualName: virtualName, Ebs: ebs } = mapping;
  if (ebs?.SnapshotId === undefined) {
    return {
      deviceName,
      virtualName: virtualName ?? 'ephemeral0',
      sizeGib: 0,
      volumeType: 'ephemeral',
      deleteOnTermination: true,
      encrypted: false,
    };
  }
  const snapshot = findSnapshot(ec2, ebs.SnapshotId, call);
  if (snapshotStateOf(snapshot, call.nowMs) !== 'completed') {
    throw new ApiError('IncorrectState', `Snapshot ${ebs.SnapshotId} is not completed`);
  }
  return {
    deviceName,
    snapshotId: snapshot.snapshotId,
    sizeGib: ebs.VolumeSize ?? snapshot.sizeGib,
    volumeType: ebs.VolumeType ?? 'gp2',
    deleteOnTermination: ebs.DeleteOnTermination ?? true,
    encrypted: snapshot.encrypted,
    kmsKeyId: snapshot.kmsKeyId,
  };
};

const assertRoot = (disks: readonly DiskRow[], root: string): void => {
  if (disks.some((disk) => disk.deviceName === root && disk.snapshotId !== undefined)) return;
  throw new ApiError(
    'InvalidBlockDeviceMapping',
    `A snapshot is needed for the root device ${root}`,
  );
};

const registerImage = (ec2: Ec2, input: RegisterImageRequest, call: Call): RegisterImageResult => {
  const name = assertImageTexts(input.Name, input.Description);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image']);
  const rootDeviceName = input.RootDeviceName ?? '/dev/sda1';
  const disks = (input.BlockDeviceMappings ?? []).map((one) => registeredDisk(ec2, one, call));
  assertRoot(disks, rootDeviceName);
  assertNameIsFree(ec2.store(call.region), call.account, name);
  const image = newImage(ec2, call, {
    imageId: newId(ec2.kernel, 'ami'),
    name,
    description: input.Description,
    disks,
    rootDeviceName,
    rootDeviceType: 'ebs',
    architecture: input.Architecture ?? 'i386',
    platformDetails: 'Linux/UNIX',
    virtualizationType: input.VirtualizationType === 'hvm' ? 'hvm' : 'paravirtual',
    enaSupport: input.EnaSupport ?? false,
    bootMode: input.BootMode,
    tpmSupport: input.TpmSupport,
    imdsSupport: input.ImdsSupport,
    madeBy: 'RegisterImage',
    tags: tagsFor('image'),
  });
  keepImage(ec2, image, [], 'RegisterImage');
  const { registerPendingMs, imageFailure } = ec2.kernel.manners();
  startImage(ec2, image, [], {
    pendingMs: draw(ec2.kernel.random('images'), registerPendingMs),
    failure: drawFailure(ec2, imageFailure, 'An internal error has occurred during registration'),
  });
  return { ImageId: image.imageId };
};

export const createImageOperations = (ec2: Ec2) => ({
  CreateImage: (input: CreateImageRequest, call: Call) => createImage(ec2, input, call),
  /** From snapshots only. Ancestry is not recorded, and the defaults are EC2's legacy ones. */
  RegisterImage: (input: RegisterImageRequest, call: Call) => registerImage(ec2, input, call),
});
