/** What the block device mapping of CreateImage and RegisterImage may say. */
import type { BlockDeviceMapping, EbsBlockDevice } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import {
  assertHolds,
  assertVirtualName,
  ephemeralDisk,
  invalidMapping,
  invalidVirtualName,
  sizeIsMissing,
} from './block-devices.ts';
import type { Ec2 } from './ec2.ts';
import { assertOneOf, assertWithin, required } from './parameters.ts';
import type { DiskRow, InstanceRow } from './rows.ts';
import { findReadableSnapshot } from './snapshots.ts';

const VOLUME_TYPES = ['standard', 'io1', 'io2', 'gp2', 'gp3', 'sc1', 'st1'];
const DEFAULT_VOLUME_TYPE = 'gp2';
/** Volume types whose IOPS have to be said. */
const PROVISIONED_TYPES = ['io1', 'io2'];
/** MiB per second that a `gp3` volume may be given. */
const GP3_THROUGHPUT = { min: 125, max: 2_000 };

/** Of an EbsBlockDevice: what other operations take, and these two do not. */
const UNSUPPORTED = [
  'AvailabilityZone',
  'AvailabilityZoneId',
  'EbsCardIndex',
  'KmsKeyId',
  'OutpostArn',
  'VolumeInitializationRate',
] as const satisfies readonly (keyof EbsBlockDevice)[];

const assertMapping = (mapping: BlockDeviceMapping): void => {
  const device = required('BlockDeviceMapping.DeviceName', mapping.DeviceName);
  const unsupported = UNSUPPORTED.find((name) => mapping.Ebs?.[name] !== undefined);
  if (unsupported !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      `The parameter ${unsupported} is not supported for the device ${device}`,
    );
  }
  assertOneOf('BlockDeviceMapping.Ebs.VolumeType', mapping.Ebs?.VolumeType, VOLUME_TYPES);
  if (mapping.VirtualName === undefined) return;
  assertVirtualName(device, mapping.VirtualName);
  if (mapping.Ebs !== undefined) throw invalidVirtualName(device, mapping.VirtualName);
};

/** The mappings by their device. @throws ApiError for a device that is named twice, and the like. */
const byDevice = (
  mappings: readonly BlockDeviceMapping[] | undefined,
): ReadonlyMap<string, BlockDeviceMapping> => {
  const known = new Map<string, BlockDeviceMapping>();
  for (const mapping of mappings ?? []) {
    assertMapping(mapping);
    const device = mapping.DeviceName ?? '';
    if (known.has(device)) throw invalidMapping(`The device ${device} is used more than once`);
    known.set(device, mapping);
  }
  return known;
};

const performanceOf = (ebs: EbsBlockDevice) => {
  const { VolumeType: volumeType = DEFAULT_VOLUME_TYPE, Iops, Throughput } = ebs;
  if (PROVISIONED_TYPES.includes(volumeType)) required('BlockDeviceMapping.Ebs.Iops', Iops);
  assertWithin('BlockDeviceMapping.Ebs.Throughput', Throughput, GP3_THROUGHPUT);
  if (Throughput !== undefined && volumeType !== 'gp3') {
    throw new ApiError(
      'InvalidParameterCombination',
      `The parameter throughput is not supported for ${volumeType} volumes`,
    );
  }
  return { volumeType, iops: Iops, throughput: Throughput };
};

const diskOfSnapshot = (ec2: Ec2, device: string, ebs: EbsBlockDevice, call: Call) => {
  const snapshot = findReadableSnapshot(ec2, ebs.SnapshotId, call);
  const { snapshotId, sizeGib, encrypted, kmsKeyId } = snapshot;
  if (ebs.Encrypted !== undefined) {
    throw invalidMapping(
      `the encrypted flag cannot be specified since device ${device} has a snapshot specified.`,
    );
  }
  const { VolumeSize: size = sizeGib } = ebs;
  assertHolds(size, snapshot);
  return { snapshotId, sizeGib: size, encrypted, kmsKeyId };
};

/** A disk that is there only because the request says so. */
const diskOf = (ec2: Ec2, mapping: BlockDeviceMapping, call: Call): DiskRow => {
  const { DeviceName: deviceName = '', VirtualName, Ebs: ebs = {} } = mapping;
  if (VirtualName !== undefined) return ephemeralDisk(deviceName, VirtualName);
  if (ebs.SnapshotId === undefined && ebs.VolumeSize === undefined) {
    throw sizeIsMissing(deviceName);
  }
  const { VolumeSize: sizeGib = 0, Encrypted: encrypted = false } = ebs;
  return {
    deviceName,
    ...performanceOf(ebs),
    deleteOnTermination: ebs.DeleteOnTermination ?? true,
    ...(ebs.SnapshotId === undefined
      ? { sizeGib, encrypted }
      : diskOfSnapshot(ec2, deviceName, ebs, call)),
  };
};

/**
 * The disks of an image that is registered.
 * @throws ApiError `InvalidBlockDeviceMapping`, and those of a snapshot that cannot be used
 */
export const registeredDisks = (
  ec2: Ec2,
  mappings: readonly BlockDeviceMapping[] | undefined,
  call: Call,
): DiskRow[] =>
  [...byDevice(mappings).values()]
    .filter((mapping) => mapping.NoDevice === undefined)
    .map((mapping) => diskOf(ec2, mapping, call));

/** Of a device that the instance has, nothing but DeleteOnTermination can be changed. */
const isChange = (disk: DiskRow, { VirtualName, Ebs: ebs = {} }: BlockDeviceMapping): boolean => {
  const given = [
    [VirtualName, disk.virtualName],
    [ebs.SnapshotId, undefined],
    [ebs.VolumeSize, disk.sizeGib],
    [ebs.VolumeType, disk.volumeType],
    [ebs.Iops, disk.iops],
    [ebs.Throughput, disk.throughput],
  ];
  const isOther = given.some(([value, present]) => value !== undefined && value !== present);
  return isOther || (ebs.Encrypted === true && !disk.encrypted);
};

const overridden = (disk: DiskRow, mapping: BlockDeviceMapping | undefined): DiskRow => {
  if (mapping === undefined) return disk;
  if (isChange(disk, mapping)) {
    throw invalidMapping(
      `Only DeleteOnTermination can be changed for the existing device ${disk.deviceName}`,
    );
  }
  const { DeleteOnTermination: deleteOnTermination = disk.deleteOnTermination } = mapping.Ebs ?? {};
  return { ...disk, deleteOnTermination };
};

/** What becomes of the disks of an instance that is imaged. */
export interface ImagedDisks {
  /** Those of the instance; none has a snapshot yet. */
  readonly kept: readonly DiskRow[];
  /** Those of the instance that the request leaves out by `NoDevice`. */
  readonly excluded: readonly DiskRow[];
  /** Those that the request adds. */
  readonly added: readonly DiskRow[];
}

/** @throws ApiError `InvalidBlockDeviceMapping`, and those of a snapshot that cannot be used */
export const imagedDisks = (
  ec2: Ec2,
  instance: Pick<InstanceRow, 'disks' | 'rootDeviceName'>,
  mappings: readonly BlockDeviceMapping[] | undefined,
  call: Call,
): ImagedDisks => {
  const given = byDevice(mappings);
  const isExcluded = (device: string): boolean => given.get(device)?.NoDevice !== undefined;
  if (isExcluded(instance.rootDeviceName)) {
    const { rootExclusionCode } = ec2.kernel.manners();
    throw new ApiError(rootExclusionCode, 'The root device cannot be left out');
  }
  const present = new Set(instance.disks.map((disk) => disk.deviceName));
  return {
    kept: instance.disks
      .filter((disk) => !isExcluded(disk.deviceName))
      .map((disk) => overridden(disk, given.get(disk.deviceName))),
    excluded: instance.disks.filter((disk) => isExcluded(disk.deviceName)),
    added: [...given.values()]
      .filter((one) => one.NoDevice === undefined && !present.has(one.DeviceName ?? ''))
      .map((mapping) => diskOf(ec2, mapping, call)),
  };
};
