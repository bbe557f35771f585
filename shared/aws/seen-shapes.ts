import type {
  Image as Ec2Image,
  ImageAttribute,
  LaunchPermission,
  Snapshot as Ec2Snapshot,
  Volume as Ec2Volume,
} from '@aws-sdk/client-ec2';
import type {
  LaunchPermissions,
  SeenImage,
  SeenSnapshot,
  SeenVolume,
} from '../domain/inventory.ts';
import { UnexpectedShapeError, requiredOf, toImage, toSnapshot, toVolume } from './shapes.ts';

/**
 * What EC2 tells of images, snapshots and volumes to whoever looks at them, as the domain's. Each
 * throws UnexpectedShapeError, as shapes.ts does.
 */
const required = requiredOf('EC2');

export const toSeenImage = (image: Ec2Image): SeenImage => {
  const seen = toImage(image);
  const { id } = seen;
  const deprecatedMs = instantOf(image.DeprecationTime, id, 'DeprecationTime');
  const lastLaunchedMs = instantOf(image.LastLaunchedTime, id, 'LastLaunchedTime');
  const isEncrypted = isEncryptedWhole(image);
  return {
    ...seen,
    ownerId: required(image.OwnerId, id, 'OwnerId'),
    description: image.Description ?? '',
    isPublic: image.Public ?? false,
    architecture: image.Architecture ?? '',
    platform: platformOf(image),
    rootDeviceType: image.RootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    productCodes: (image.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
    ...(isEncrypted === undefined ? {} : { isEncrypted }),
    ...(deprecatedMs === undefined ? {} : { deprecatedMs }),
    ...(lastLaunchedMs === undefined ? {} : { lastLaunchedMs }),
    ...(image.SourceImageRegion === undefined
      ? {}
      : { sourceImageRegion: image.SourceImageRegion }),
  };
};

/** Platform is `windows` or nothing; PlatformDetails came later (EC2 API Reference, "Image"). */
const platformOf = ({ PlatformDetails, Platform }: Ec2Image): string =>
  PlatformDetails ?? (Platform?.toLowerCase() === 'windows' ? 'Windows' : 'Linux/UNIX');

const isEncryptedWhole = ({ BlockDeviceMappings = [] }: Ec2Image): boolean | undefined => {
  const said = BlockDeviceMappings.flatMap(({ Ebs }) =>
    Ebs?.SnapshotId === undefined ? [] : [Ebs.Encrypted],
  );
  if (said.includes(false)) return false;
  return said.length === 0 || said.includes(undefined) ? undefined : true;
};

const instantOf = (text: string | undefined, id: string, name: string): number | undefined => {
  if (text === undefined || text === '') return undefined;
  const instantMs = Date.parse(text);
  if (Number.isNaN(instantMs)) throw new UnexpectedShapeError(id, `a readable ${name}`);
  return instantMs;
};

export const toSeenSnapshot = (snapshot: Ec2Snapshot): SeenSnapshot => {
  const seen = toSnapshot(snapshot);
  return {
    ...seen,
    ownerId: required(snapshot.OwnerId, seen.id, 'OwnerId'),
    description: snapshot.Description ?? '',
    state: required(snapshot.State, seen.id, 'State'),
    isEncrypted: snapshot.Encrypted ?? false,
    isArchived: snapshot.StorageTier === 'archive',
    ...(snapshot.FullSnapshotSizeInBytes === undefined
      ? {}
      : { fullSizeBytes: snapshot.FullSnapshotSizeInBytes }),
  };
};

export const toSeenVolume = (volume: Ec2Volume): SeenVolume => {
  const seen = toVolume(volume);
  return {
    ...seen,
    sizeGiB: required(volume.Size, seen.id, 'Size'),
    isEncrypted: volume.Encrypted ?? false,
    snapshotId: volume.SnapshotId ?? '',
    instanceIds: (volume.Attachments ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
  };
};

/** The answer for one image. One without LaunchPermissions answers for another attribute. */
export const toLaunchPermissions = (output: ImageAttribute): LaunchPermissions => {
  const imageId = required(output.ImageId, 'an image attribute', 'ImageId');
  const given = required(output.LaunchPermissions, imageId, 'LaunchPermissions');
  for (const permission of given) refuseUnknown(imageId, permission);
  return {
    imageId,
    isPublic: given.some(({ Group }) => Group === 'all'),
    accounts: given.flatMap(({ UserId }) => UserId ?? []),
    organizations: given.flatMap((permission) => [
      ...(permission.OrganizationArn === undefined ? [] : [permission.OrganizationArn]),
      ...(permission.OrganizationalUnitArn === undefined ? [] : [permission.OrganizationalUnitArn]),
    ]),
  };
};

/** Whom it shares the image with would else go unseen. */
const refuseUnknown = (imageId: string, permission: LaunchPermission): void => {
  const { Group, UserId, OrganizationArn, OrganizationalUnitArn } = permission;
  if (Group === 'all' || (UserId ?? OrganizationArn ?? OrganizationalUnitArn) !== undefined) return;
  throw new UnexpectedShapeError(`a launch permission of ${imageId}`, 'anybody who is known');
};
