/** DescribeImages, and how an image is found by its id. */
import type { DescribeImagesRequest, DescribeImagesResult, Image } from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { assertShape, IMAGE, notFound } from './ids.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import type { DiskRow, ImageRow } from './rows.ts';
import { tagsOut } from './tags.ts';

const ebs = (disk: DiskRow): boolean => disk.virtualName === undefined;

const FACETS: Facets<ImageRow> = {
  'image-id': (row) => [row.imageId],
  name: (row) => [row.name],
  state: (row) => [row.state],
  description: (row) => [row.description],
  architecture: (row) => [row.architecture],
  'owner-id': (row) => [row.ownerId],
  'owner-alias': (row) => [row.ownerAlias],
  'is-public': (row) => [String(row.isPublic)],
  'image-type': () => ['machine'],
  hypervisor: () => ['xen'],
  'creation-date': (row) => [isoOf(row.createdAtMs)],
  'root-device-name': (row) => [row.rootDeviceName],
  'root-device-type': (row) => [row.rootDeviceType],
  'virtualization-type': (row) => [row.virtualizationType],
  'platform-details': (row) => [row.platformDetails],
  'ena-support': (row) => [String(row.enaSupport)],
  'source-instance-id': (row) => [row.sourceInstanceId],
  'source-image-id': (row) => [row.sourceImageId],
  'source-image-region': (row) => [row.sourceImageRegion],
  'state-reason-code': (row) => [row.stateReason?.code],
  'state-reason-message': (row) => [row.stateReason?.message],
  'block-device-mapping.device-name': (row) => row.disks.map((disk) => disk.deviceName),
  'block-device-mapping.snapshot-id': (row) => row.disks.map((disk) => disk.snapshotId),
  'block-device-mapping.volume-size': (row) => row.disks.map((disk) => String(disk.sizeGib)),
  'block-device-mapping.volume-type': (row) => row.disks.map((disk) => disk.volumeType),
  'block-device-mapping.encrypted': (row) => row.disks.map((disk) => String(disk.encrypted)),
  'block-device-mapping.delete-on-termination': (row) =>
    row.disks.map((disk) => String(disk.deleteOnTermination)),
};

const diskOut = (disk: DiskRow): NonNullable<Image['BlockDeviceMappings']>[number] =>
  ebs(disk)
    ? {
        DeviceName: disk.deviceName,
        Ebs: {
          DeleteOnTermination: disk.deleteOnTermination,
          SnapshotId: disk.snapshotId,
          VolumeSize: disk.sizeGib,
          VolumeType: disk.volumeType as 'gp3',
          Encrypted: disk.encrypted,
          KmsKeyId: disk.kmsKeyId,
        },
      }
    : { DeviceName: disk.deviceName, VirtualName: disk.virtualName };

const protectionOf = (row: ImageRow, nowMs: number): string =>
  row.protectedUntilMs !== undefined && row.protectedUntilMs > nowMs
    ? `disabled after ${isoOf(row.protectedUntilMs)}`
    : row.protection;

const isOwn = (row: ImageRow, call: Call): boolean => row.ownerId === call.account;

/** Facts that only the owner is told. */
const ownerFacts = (row: ImageRow, nowMs: number): Partial<Image> => ({
  SourceInstanceId: row.sourceInstanceId,
  DeregistrationProtection: protectionOf(row, nowMs),
  LastLaunchedTime: row.lastLaunchedAtMs === undefined ? undefined : isoOf(row.lastLaunchedAtMs),
  Tags: tagsOut(row.tags),
});

const imageOut = (row: ImageRow, call: Call): Image => ({
  ImageId: row.imageId,
  ImageLocation: `${row.ownerId}/${row.name}`,
  ImageType: 'machine',
  OwnerId: row.ownerId,
  ImageOwnerAlias: row.ownerAlias,
  Name: row.name,
  Description: row.description,
  CreationDate: isoOf(row.createdAtMs),
  State: row.state,
  StateReason: row.stateReason && { Code: row.stateReason.code, Message: row.stateReason.message },
  Public: row.isPublic,
  Architecture: row.architecture as 'x86_64',
  PlatformDetails: row.platformDetails,
  UsageOperation: 'RunInstances',
  Hypervisor: 'xen',
  VirtualizationType: row.virtualizationType,
  EnaSupport: row.enaSupport,
  BootMode: row.bootMode as 'uefi' | undefined,
  TpmSupport: row.tpmSupport as 'v2.0' | undefined,
  ImdsSupport: row.imdsSupport as 'v2.0' | undefined,
  RootDeviceName: row.rootDeviceName,
  RootDeviceType: row.rootDeviceType,
  BlockDeviceMappings: row.disks.map(diskOut),
  DeprecationTime: row.deprecatedAtMs === undefined ? undefined : isoOf(row.deprecatedAtMs),
  SourceImageId: row.sourceImageId,
  SourceImageRegion: row.sourceImageRegion,
  ...(isOwn(row, call) ? ownerFacts(row, call.nowMs) : {}),
});

const mayUse = (row: ImageRow, call: Call): boolean =>
  isOwn(row, call) || row.isPublic || row.launchPermissions.has(call.account);

const isVisible = (row: ImageRow, call: Call): boolean =>
  row.visibleAtMs <= call.nowMs &&
  mayUse(row, call) &&
  (isOwn(row, call) || row.state === 'available');

const isOwnedBy = (row: ImageRow, owners: readonly string[], call: Call): boolean =>
  owners.some(
    (owner) =>
      owner === row.ownerId || owner === row.ownerAlias || (owner === 'self' && isOwn(row, call)),
  );

const isExecutableBy = (row: ImageRow, users: readonly string[], call: Call): boolean =>
  users.some((user) =>
    user === 'all'
      ? row.isPublic
      : row.launchPermissions.has(user === 'self' ? call.account : user),
  );

const byIds = (ec2: Ec2, ids: readonly string[], call: Call): ImageRow[] => {
  for (const id of ids) assertShape(IMAGE, id);
  const store = ec2.store(call.region);
  const { deregisteredById } = ec2.kernel.manners();
  const rows = ids.flatMap((id) => {
    const row = store.images.get(id);
    if (row !== undefined && isVisible(row, call)) return [row];
    if (!store.deregistered.has(id) || deregisteredById === 'not-found') {
      throw notFound(IMAGE, [id]);
    }
    if (deregisteredById === 'empty') return [];
    throw new ApiError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
  });
  return [...new Set(rows)];
};

const candidates = (ec2: Ec2, input: DescribeImagesRequest, call: Call): ImageRow[] => {
  if (input.ImageIds !== undefined && input.ImageIds.length > 0) {
    return byIds(ec2, input.ImageIds, call);
  }
  const showsDisabled = input.IncludeDisabled === true;
  return [...ec2.store(call.region).images.values()].filter(
    (row) => isVisible(row, call) && (showsDisabled || row.state !== 'disabled'),
  );
};

/** An image that the caller may launch or copy; throws `InvalidAMIID.*` otherwise. */
export const findImage = (ec2: Ec2, region: string, id: string, call: Call): ImageRow => {
  assertShape(IMAGE, id);
  const store = ec2.store(region);
  const row = store.images.get(id);
  if (row !== undefined && mayUse(row, call)) return row;
  if (!store.deregistered.has(id)) throw notFound(IMAGE, [id]);
  throw new ApiError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
};

/** An image of the caller's own; throws `AuthFailure` for one that is another's. */
export const findOwnImage = (ec2: Ec2, id: string | undefined, call: Call): ImageRow => {
  const row = findImage(ec2, call.region, id ?? '', call);
  if (isOwn(row, call)) return row;
  throw new ApiError('AuthFailure', `Not authorized for image ${row.imageId}`, 403);
};

export const describeImagesOperation = (ec2: Ec2) => ({
  /** A disabled image is shown when asked for by id, or with `IncludeDisabled`. */
  DescribeImages: (input: DescribeImagesRequest, call: Call): DescribeImagesResult => {
    assertNoIdsWithPage(input, input.ImageIds, 'imageIds');
    const holds = compileFilters(input.Filters, FACETS);
    const rows = candidates(ec2, input, call).filter(
      (row) =>
        (input.Owners === undefined || isOwnedBy(row, input.Owners, call)) &&
        (input.ExecutableUsers === undefined || isExecutableBy(row, input.ExecutableUsers, call)) &&
        holds(row),
    );
    const bounds = { min: 1, max: Number.POSITIVE_INFINITY };
    const page = pageOf(ec2.kernel, rows, (row) => row.imageId, input, bounds);
    return { Images: page.rows.map((row) => imageOut(row, call)), NextToken: page.nextToken };
  },
});
