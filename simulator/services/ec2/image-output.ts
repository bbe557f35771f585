/** An image as DescribeImages gives it, to its owner and to others. */
import type { BlockDeviceMapping, Image } from '@aws-sdk/client-ec2';
import { isoOf, isoSecondsOf } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import { productCodesOut, usageOperationOf } from './billing.ts';
import type { Ec2 } from './ec2.ts';
import { creationOf, isEbs, locationOf, platformOf } from './image-facets.ts';
import { lastLaunchOf } from './image-launches.ts';
import { isOwn, sharedTagsOf } from './images.ts';
import type { DiskRow, ImageRow } from './rows.ts';
import { tagsOut } from './tags.ts';

/** What EC2 gives every `gp3` volume that asks for nothing else. */
const GP3_IOPS = 3_000;
const GP3_THROUGHPUT_MIB = 125;

const diskOut = (disk: DiskRow, showsKey: boolean): BlockDeviceMapping => {
  if (!isEbs(disk)) return { DeviceName: disk.deviceName, VirtualName: disk.virtualName };
  const isGp3 = disk.volumeType === 'gp3';
  return {
    DeviceName: disk.deviceName,
    Ebs: {
      DeleteOnTermination: disk.deleteOnTermination,
      Iops: disk.iops ?? (isGp3 ? GP3_IOPS : undefined),
      SnapshotId: disk.snapshotId,
      VolumeSize: disk.sizeGib,
      VolumeType: disk.volumeType as 'gp3',
      KmsKeyId: showsKey ? disk.kmsKeyId : undefined,
      Throughput: disk.throughput ?? (isGp3 ? GP3_THROUGHPUT_MIB : undefined),
      Encrypted: disk.encrypted,
    },
  };
};

/** `disabled after <instant>` while the cooldown runs. */
export const protectionOf = (row: ImageRow, nowMs: number): string =>
  row.protection === 'disabled' && (row.protectedUntilMs ?? nowMs) > nowMs
    ? `disabled after ${isoOf(row.protectedUntilMs ?? nowMs)}`
    : row.protection;

/** The last launch that is reported, in whole seconds. */
export const lastLaunchOut = (row: ImageRow, nowMs: number): string | undefined => {
  const atMs = lastLaunchOf(row, nowMs);
  return atMs === undefined ? undefined : isoSecondsOf(atMs);
};

/** Facts that only the owner is told. */
const ownerFacts = (row: ImageRow, nowMs: number): Partial<Image> => ({
  DeregistrationProtection: protectionOf(row, nowMs),
  LastLaunchedTime: lastLaunchOut(row, nowMs),
});

/** The image as the caller knows it: others know neither its instance nor most of its tags. */
export const viewOf = (ec2: Ec2, row: ImageRow, call: Call): ImageRow => {
  if (isOwn(row, call)) return row;
  const { sharedTagsAreVisible } = ec2.kernel.manners();
  const tags = sharedTagsAreVisible ? sharedTagsOf(row.tags) : new Map<string, string>();
  return { ...row, tags, sourceInstanceId: undefined };
};

const machineOut = (row: ImageRow): Partial<Image> => ({
  Architecture: row.architecture as 'x86_64',
  BootMode: row.bootMode as 'uefi' | undefined,
  EnaSupport: row.enaSupport,
  Hypervisor: 'xen',
  ImageType: 'machine',
  ImdsSupport: row.imdsSupport as 'v2.0' | undefined,
  KernelId: row.kernelId,
  Platform: platformOf(row) as Image['Platform'],
  PlatformDetails: row.platformDetails,
  RamdiskId: row.ramdiskId,
  RootDeviceName: row.rootDeviceName,
  RootDeviceType: row.rootDeviceType,
  SriovNetSupport: row.sriovNetSupport,
  TpmSupport: row.tpmSupport as 'v2.0' | undefined,
  UsageOperation: usageOperationOf(row),
  VirtualizationType: row.virtualizationType,
});

/** @param view what `viewOf` gave for this caller */
export const imageOut = (ec2: Ec2, view: ImageRow, call: Call): Image => {
  const { imagesShowKmsKeys } = ec2.kernel.manners();
  const { stateReason, deprecatedAtMs } = view;
  return {
    ...machineOut(view),
    ...(isOwn(view, call) ? ownerFacts(view, call.nowMs) : {}),
    BlockDeviceMappings: view.disks.map((disk) => diskOut(disk, imagesShowKmsKeys)),
    CreationDate: creationOf(view),
    DeprecationTime: deprecatedAtMs === undefined ? undefined : isoOf(deprecatedAtMs),
    Description: view.description,
    ImageId: view.imageId,
    ImageLocation: locationOf(view),
    ImageOwnerAlias: view.ownerAlias,
    Name: view.name,
    OwnerId: view.ownerId,
    ProductCodes: view.productCodes && productCodesOut(view),
    Public: view.isPublic,
    SourceImageId: view.sourceImageId,
    SourceImageRegion: view.sourceImageRegion,
    SourceInstanceId: view.sourceInstanceId,
    State: view.state,
    StateReason: stateReason && { Code: stateReason.code, Message: stateReason.message },
    Tags: tagsOut(view.tags),
  };
};
