import type {
  ArchitectureValues,
  DeviceType,
  Image,
  ImageAttribute,
  ImageState,
  Instance,
  InstanceStateName,
  PermissionGroup,
  PlatformValues,
  Snapshot,
  SnapshotState,
  StorageTier,
  Volume,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { flag, instant, list, text, whole, word } from './schema-fields.ts';

/**
 * Objects of EC2 as the AWS CLI prints them or the SDK gives them: of each, the fields that the
 * shapes in shared/aws read. Whatever else is there is let pass.
 */
const tags = list(z.object({ Key: text, Value: text }));

/** Whose an instance is stands in its reservation. */
export type OwnedInstance = Instance & { readonly OwnerId?: string | undefined };

export const instanceSchema: z.ZodType<OwnedInstance> = z.object({
  OwnerId: text,
  InstanceId: text,
  State: z.object({ Name: word<InstanceStateName>() }).optional(),
  Tags: tags,
  ImageId: text,
  RootDeviceType: word<DeviceType>(),
  RootDeviceName: text,
  LaunchTime: instant,
  BlockDeviceMappings: list(
    z.object({ DeviceName: text, Ebs: z.object({ VolumeId: text }).optional() }),
  ),
  InstanceType: word<_InstanceType>(),
  SubnetId: text,
  SecurityGroups: list(z.object({ GroupId: text })),
  IamInstanceProfile: z.object({ Arn: text }).optional(),
  KeyName: text,
  Placement: z.object({ AvailabilityZone: text }).optional(),
});

export const imageSchema: z.ZodType<Image> = z.object({
  ImageId: text,
  Name: text,
  State: word<ImageState>(),
  CreationDate: text,
  Tags: tags,
  BlockDeviceMappings: list(
    z.object({
      DeviceName: text,
      Ebs: z.object({ SnapshotId: text, VolumeSize: whole, Encrypted: flag }).optional(),
    }),
  ),
  DeregistrationProtection: text,
  SourceInstanceId: text,
  SourceImageId: text,
  SourceImageRegion: text,
  ImageOwnerAlias: text,
  StateReason: z.object({ Message: text }).optional(),
  OwnerId: text,
  Description: text,
  Public: flag,
  Architecture: word<ArchitectureValues>(),
  PlatformDetails: text,
  Platform: word<PlatformValues>(),
  RootDeviceType: word<DeviceType>(),
  ProductCodes: list(z.object({ ProductCodeId: text })),
  DeprecationTime: text,
  LastLaunchedTime: text,
});

export const snapshotSchema: z.ZodType<Snapshot> = z.object({
  SnapshotId: text,
  Tags: tags,
  VolumeSize: whole,
  StartTime: instant,
  VolumeId: text,
  OwnerId: text,
  Description: text,
  State: word<SnapshotState>(),
  Encrypted: flag,
  StorageTier: word<StorageTier>(),
  FullSnapshotSizeInBytes: whole,
  KmsKeyId: text,
});

export const volumeSchema: z.ZodType<Volume> = z.object({
  VolumeId: text,
  Tags: tags,
  Size: whole,
  Encrypted: flag,
  SnapshotId: text,
  Attachments: list(z.object({ InstanceId: text })),
  AvailabilityZone: text,
  KmsKeyId: text,
});

export const imageAttributeSchema: z.ZodType<ImageAttribute> = z.object({
  ImageId: text,
  LaunchPermissions: list(
    z.object({
      Group: word<PermissionGroup>(),
      UserId: text,
      OrganizationArn: text,
      OrganizationalUnitArn: text,
    }),
  ),
});
