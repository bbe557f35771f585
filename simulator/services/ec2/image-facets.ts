/** What DescribeImages can filter by. */
import { isoOf } from '../../kernel/kernel.ts';
import { PRODUCT_CODE_FACETS } from './billing.ts';
import { type Facets, matchNothing } from './filters.ts';
import type { DiskRow, ImageRow } from './rows.ts';

/** EBS disks; an ephemeral one has a virtual name and nothing else. */
export const isEbs = (disk: DiskRow): boolean => disk.virtualName === undefined;

/** As EC2 writes the creation of an image: in whole seconds, with three noughts behind. */
export const creationOf = (row: { readonly createdAtMs: number }): string =>
  isoOf(Math.floor(row.createdAtMs / 1_000) * 1_000);

/** An owner with an alias stands there by it. */
export const locationOf = (row: ImageRow): string => `${row.ownerAlias ?? row.ownerId}/${row.name}`;

/** `windows`, or nothing. */
export const platformOf = (row: ImageRow): 'windows' | undefined =>
  row.platformDetails.startsWith('Windows') ? 'windows' : undefined;

const ofDisks = (row: ImageRow, valueOf: (disk: DiskRow) => unknown): string[] =>
  row.disks.filter(isEbs).map((disk) => String(valueOf(disk)));

const DISK_FACETS: Facets<ImageRow> = {
  'block-device-mapping.device-name': (row) => row.disks.map((disk) => disk.deviceName),
  'block-device-mapping.snapshot-id': (row) => row.disks.map((disk) => disk.snapshotId),
  'block-device-mapping.volume-size': (row) => ofDisks(row, (disk) => disk.sizeGib),
  'block-device-mapping.volume-type': (row) => ofDisks(row, (disk) => disk.volumeType),
  'block-device-mapping.encrypted': (row) => ofDisks(row, (disk) => disk.encrypted),
  'block-device-mapping.delete-on-termination': (row) =>
    ofDisks(row, (disk) => disk.deleteOnTermination),
};

/** Watermarks, Allowed AMIs, Amazon Inspector and the Free Tier: not here. */
const OF_ABSENT_FEATURES = [
  'free-tier-eligible',
  'image-allowed',
  'image-watermark.source-image-creation-time',
  'image-watermark.source-image-id',
  'image-watermark.source-image-region',
  'image-watermark.watermark-creation-time',
  'image-watermark.watermark-key',
  'instance-type-specification.supported-instance-type',
  'instance-type-specification.unsupported-instance-type',
  'public-ssm-parameter-name',
  'scan-result.critical-fix-available-since',
  'scan-result.finding-scan-date',
  'scan-result.high-fix-available-since',
  'scan-result.highest-finding-severity-label',
  'scan-result.informational-fix-available-since',
  'scan-result.low-fix-available-since',
  'scan-result.medium-fix-available-since',
];

/** Every filter of the API reference, and `platform-details`, which EC2 takes as well. */
export const IMAGE_FACETS: Facets<ImageRow> = {
  ...DISK_FACETS,
  ...matchNothing(OF_ABSENT_FEATURES),
  architecture: (row) => [row.architecture],
  'boot-mode': (row) => [row.bootMode],
  'creation-date': (row) => [creationOf(row)],
  description: (row) => [row.description],
  'ena-support': (row) => [String(row.enaSupport)],
  hypervisor: () => ['xen'],
  'image-id': (row) => [row.imageId],
  'image-type': () => ['machine'],
  'is-public': (row) => [String(row.isPublic)],
  'kernel-id': (row) => [row.kernelId],
  'manifest-location': (row) => [locationOf(row)],
  name: (row) => [row.name],
  'owner-alias': (row) => [row.ownerAlias],
  'owner-id': (row) => [row.ownerId],
  platform: (row) => [platformOf(row)],
  'platform-details': (row) => [row.platformDetails],
  ...PRODUCT_CODE_FACETS,
  'ramdisk-id': (row) => [row.ramdiskId],
  'root-device-name': (row) => [row.rootDeviceName],
  'root-device-type': (row) => [row.rootDeviceType],
  'source-image-id': (row) => [row.sourceImageId],
  'source-image-region': (row) => [row.sourceImageRegion],
  'source-instance-id': (row) => [row.sourceInstanceId],
  'sriov-net-support': (row) => [row.sriovNetSupport],
  state: (row) => [row.state],
  'state-reason-code': (row) => [row.stateReason?.code],
  'state-reason-message': (row) => [row.stateReason?.message],
  'virtualization-type': (row) => [row.virtualizationType],
};
