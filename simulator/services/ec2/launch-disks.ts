/** The disks that an instance is launched with: those of its image, and what the request says of them. */
import type { BlockDeviceMapping, EbsBlockDevice } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import {
  assertHolds,
  assertVirtualName,
  ephemeralDisk,
  invalidMapping,
  sizeIsMissing,
} from './block-devices.ts';
import type { Ec2 } from './ec2.ts';
import { type Encryption, volumeEncryption } from './encryption-defaults.ts';
import { refuseParameters, required } from './parameters.ts';
import type { DiskRow, ImageRow } from './rows.ts';
import { findReadableSnapshot } from './snapshots.ts';
import type { VolumeShape } from './volume-rows.ts';
import { completeShape } from './volume-shapes.ts';

const DEFAULT_TYPE = 'gp2';
/** Volumes that an instance cannot boot from. */
const HDD_TYPES = ['st1', 'sc1'];

/** What a volume is made of, as far as it is made of anything. */
interface Source extends Encryption {
  readonly snapshotId: string | undefined;
  /** GiB that the volume has to have at least. */
  readonly sizeGib: number | undefined;
  readonly ownerId: string;
}

const EMPTY: Source = { snapshotId: undefined, sizeGib: undefined, encrypted: false, ownerId: '' };

const namedSource = (ec2: Ec2, id: string, call: Call): Source => {
  const { snapshotId, sizeGib, encrypted, kmsKeyId, ownerId } = findReadableSnapshot(ec2, id, call);
  return { snapshotId, sizeGib, encrypted, kmsKeyId, ownerId };
};

/** The snapshot that the image has for the disk. */
const imageSource = (ec2: Ec2, image: ImageRow, disk: DiskRow, call: Call): Source => {
  const { snapshotId, encrypted, kmsKeyId } = disk;
  const row = ec2.store(call.region).snapshots.get(snapshotId ?? '');
  return { snapshotId, encrypted, kmsKeyId, sizeGib: row?.sizeGib, ownerId: image.ownerId };
};

const sourceOf = (
  ec2: Ec2,
  image: ImageRow,
  disk: DiskRow | undefined,
  ebs: EbsBlockDevice,
  call: Call,
): Source => {
  const isSame =
    disk?.snapshotId !== undefined && (ebs.SnapshotId ?? disk.snapshotId) === disk.snapshotId;
  if (isSame && disk !== undefined) return imageSource(ec2, image, disk, call);
  if (ebs.SnapshotId === undefined) return EMPTY;
  if (disk?.deviceName === image.rootDeviceName) {
    throw invalidMapping('snapshotId cannot be modified on root device');
  }
  return namedSource(ec2, ebs.SnapshotId, call);
};

const sizeOf = (
  device: string,
  ebs: EbsBlockDevice,
  source: Source,
  disk: DiskRow | undefined,
): number => {
  const sizeGib = ebs.VolumeSize ?? disk?.sizeGib ?? source.sizeGib;
  if (sizeGib === undefined) throw sizeIsMissing(device);
  assertHolds(sizeGib, source);
  return sizeGib;
};

const assertKey = (ebs: EbsBlockDevice): void => {
  if (ebs.KmsKeyId === undefined || ebs.Encrypted === true) return;
  throw new ApiError(
    'InvalidParameterDependency',
    'The parameter KmsKeyId requires the parameter Encrypted to be set.',
  );
};

/** What the request says of a disk, and the disk of the image that it says it of. */
interface Wanted {
  readonly device: string;
  readonly ebs: EbsBlockDevice;
  readonly disk: DiskRow | undefined;
}

/** What the request leaves out is as the image has it, as long as the type is the same. */
const shapeOf = ({ device, ebs, disk }: Wanted, source: Source): VolumeShape => {
  const volumeType = ebs.VolumeType ?? disk?.volumeType ?? DEFAULT_TYPE;
  const same = volumeType === disk?.volumeType ? disk : undefined;
  return completeShape({
    volumeType,
    sizeGib: sizeOf(device, ebs, source, disk),
    iops: ebs.Iops ?? (volumeType === 'gp2' ? undefined : same?.iops),
    throughput: ebs.Throughput ?? same?.throughput,
  });
};

const assertBoots = (image: ImageRow, device: string, volumeType: string): void => {
  if (device !== image.rootDeviceName || !HDD_TYPES.includes(volumeType)) return;
  throw new ApiError(
    'BootForVolumeTypeUnsupported',
    `The volume type ${volumeType} cannot be used as a boot volume.`,
  );
};

/** A disk of the image as it is asked for, or a disk of the request alone. */
const ebsDisk = (ec2: Ec2, image: ImageRow, wanted: Wanted, call: Call): DiskRow => {
  const { device, ebs, disk } = wanted;
  refuseParameters(ebs, ['OutpostArn', 'AvailabilityZone', 'AvailabilityZoneId']);
  assertKey(ebs);
  const source = sourceOf(ec2, image, disk, ebs, call);
  const shape = shapeOf(wanted, source);
  assertBoots(image, device, shape.volumeType);
  return {
    deviceName: device,
    snapshotId: source.snapshotId,
    ...shape,
    ...volumeEncryption(ec2, ebs, source, call),
    deleteOnTermination: ebs.DeleteOnTermination ?? disk?.deleteOnTermination ?? true,
  };
};

const byDevice = (mappings: readonly BlockDeviceMapping[]): Map<string, BlockDeviceMapping> => {
  const known = new Map<string, BlockDeviceMapping>();
  for (const mapping of mappings) {
    const device = required('BlockDeviceMapping.DeviceName', mapping.DeviceName);
    if (known.has(device)) {
      throw invalidMapping(`The device '${device}' is used in more than one block-device mapping`);
    }
    known.set(device, mapping);
  }
  return known;
};

/** The disk that a mapping of the request makes, over the one that the image has there. */
const mappedDisk = (
  ec2: Ec2,
  image: ImageRow,
  mapping: BlockDeviceMapping,
  below: DiskRow | undefined,
  call: Call,
): DiskRow[] => {
  const { DeviceName: device = '', Ebs: ebs, VirtualName: virtualName } = mapping;
  if (mapping.NoDevice !== undefined) return [];
  if (virtualName !== undefined) {
    assertVirtualName(device, virtualName);
    return [ephemeralDisk(device, virtualName)];
  }
  if (below?.virtualName === undefined) {
    return [ebsDisk(ec2, image, { device, ebs: ebs ?? {}, disk: below }, call)];
  }
  return ebs === undefined
    ? [below]
    : [ebsDisk(ec2, image, { device, ebs, disk: undefined }, call)];
};

/** `NoDevice` does not leave out what the instance boots from. */
const assertRoot = (
  { rootDeviceName, rootDeviceType }: ImageRow,
  given: ReadonlyMap<string, BlockDeviceMapping>,
): void => {
  if (rootDeviceType !== 'ebs' || given.get(rootDeviceName)?.NoDevice === undefined) return;
  throw invalidMapping(`The root device ${rootDeviceName} cannot be left out`);
};

/**
 * The disks of a new instance, those of the image first. `NoDevice` leaves a disk out.
 * @throws ApiError `InvalidBlockDeviceMapping`, and those of volumes and snapshots that cannot be
 */
export const launchedDisks = (
  ec2: Ec2,
  image: ImageRow,
  mappings: readonly BlockDeviceMapping[],
  call: Call,
): DiskRow[] => {
  const given = byDevice(mappings);
  assertRoot(image, given);
  const devices = new Set([...image.disks.map((disk) => disk.deviceName), ...given.keys()]);
  return [...devices].flatMap((device) => {
    const disk = image.disks.find((one) => one.deviceName === device);
    return mappedDisk(ec2, image, given.get(device) ?? { DeviceName: device }, disk, call);
  });
};
