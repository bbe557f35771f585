/** DescribeVolumes and DescribeVolumeStatus, and how a volume is found by its id. */
import type {
  DescribeVolumesRequest,
  DescribeVolumesResult,
  DescribeVolumeStatusRequest,
  DescribeVolumeStatusResult,
  Volume,
  VolumeAttachment,
  VolumeStatusItem,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, compileTaglessFilters, type Facets, matchNothing } from './filters.ts';
import { assertShape, notFound, VOLUME } from './ids.ts';
import { findZone } from './places.ts';
import type { VolumeRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';
import { tagsOut } from './tags.ts';
import type { Attachment } from './volume-rows.ts';

const BOUNDS = { min: 5, max: 1_000 };

const zoneIdOf = ({ availabilityZone }: VolumeRow, region: string): string | undefined =>
  findZone({ name: availabilityZone }, { region })?.id;

const facets = (region: string): Facets<VolumeRow> => ({
  'attachment.attach-time': (row) => [row.attachment && isoOf(row.attachment.attachedAtMs)],
  'attachment.delete-on-termination': (row) => [
    row.attachment && String(row.attachment.deleteOnTermination),
  ],
  'attachment.device': (row) => [row.attachment?.deviceName],
  'attachment.instance-id': (row) => [row.attachment?.instanceId],
  'attachment.status': (row) => [row.attachment?.state],
  'availability-zone': (row) => [row.availabilityZone],
  'availability-zone-id': (row) => [zoneIdOf(row, region)],
  'create-time': (row) => [isoOf(row.createdAtMs)],
  encrypted: (row) => [String(row.encrypted)],
  'fast-restored': () => ['false'],
  'multi-attach-enabled': (row) => [String(row.multiAttach)],
  'operator.managed': () => ['false'],
  size: (row) => [String(row.shape.sizeGib)],
  'snapshot-id': (row) => [row.snapshotId],
  status: (row) => [row.state],
  'volume-id': (row) => [row.volumeId],
  'volume-type': (row) => [row.shape.volumeType],
  ...matchNothing(['operator.principal']),
});

/** An attachment as it is told of; `detached` once it is over. */
export const attachmentOut = (
  volumeId: string,
  attachment: Attachment,
  state: VolumeAttachment['State'] = attachment.state,
): VolumeAttachment => ({
  VolumeId: volumeId,
  InstanceId: attachment.instanceId,
  Device: attachment.deviceName,
  State: state,
  DeleteOnTermination: attachment.deleteOnTermination,
  AttachTime: new Date(attachment.attachedAtMs),
});

export const volumeOut = (row: VolumeRow, region: string): Volume => ({
  VolumeId: row.volumeId,
  Size: row.shape.sizeGib,
  VolumeType: row.shape.volumeType as 'gp3',
  Iops: row.shape.iops,
  Throughput: row.shape.throughput,
  State: row.state,
  Encrypted: row.encrypted,
  KmsKeyId: row.kmsKeyId,
  SnapshotId: row.snapshotId ?? '',
  AvailabilityZone: row.availabilityZone,
  AvailabilityZoneId: zoneIdOf(row, region),
  CreateTime: new Date(row.createdAtMs),
  MultiAttachEnabled: row.multiAttach,
  Operator: { Managed: false },
  Attachments: row.attachment === undefined ? [] : [attachmentOut(row.volumeId, row.attachment)],
  Tags: tagsOut(row.tags),
});

/** The caller's volume of that id. */
export const findVolume = (ec2: Ec2, id: string, call: Call): VolumeRow => {
  assertShape(VOLUME, id);
  const row = ec2.store(call.region).volumes.get(id);
  if (row?.ownerId === call.account) return row;
  throw notFound(VOLUME, [id]);
};

/** What is the same in all that describes volumes. */
export const volumesSelection = (ec2: Ec2, ids: readonly string[] | undefined, call: Call) => ({
  table: ec2.store(call.region).volumes,
  kind: VOLUME,
  idOf: (row: VolumeRow): string => row.volumeId,
  ids,
  idsParameter: 'volumeIds',
  bounds: BOUNDS,
  isVisible: (row: VolumeRow): boolean => row.ownerId === call.account,
});

const STATUS_FACETS: Facets<VolumeRow> = {
  'availability-zone': (row) => [row.availabilityZone],
  'volume-status.details-name': () => ['io-enabled', 'io-performance'],
  'volume-status.details-status': () => ['passed', 'not-applicable'],
  'volume-status.status': () => ['ok'],
  ...matchNothing([
    'action.code',
    'action.description',
    'action.event-id',
    'event.description',
    'event.event-id',
    'event.event-type',
    'event.not-after',
    'event.not-before',
  ]),
};

/** Nothing ever happens to the host of a volume here. */
const statusOut = (row: VolumeRow, region: string): VolumeStatusItem => ({
  VolumeId: row.volumeId,
  AvailabilityZone: row.availabilityZone,
  AvailabilityZoneId: zoneIdOf(row, region),
  VolumeStatus: {
    Status: 'ok',
    Details: [
      { Name: 'io-enabled', Status: 'passed' },
      { Name: 'io-performance', Status: 'not-applicable' },
    ],
  },
  Actions: [],
  Events: [],
  AttachmentStatuses: [],
});

export const describeVolumesOperations = (ec2: Ec2) => ({
  DescribeVolumes: (input: DescribeVolumesRequest, call: Call): DescribeVolumesResult => {
    const holds = compileFilters(input.Filters, facets(call.region));
    const selection = volumesSelection(ec2, input.VolumeIds, call);
    const page = pageOfSelection(ec2, input, { ...selection, holds });
    return {
      Volumes: page.rows.map((row) => volumeOut(row, call.region)),
      NextToken: page.nextToken,
    };
  },

  DescribeVolumeStatus: (
    input: DescribeVolumeStatusRequest,
    call: Call,
  ): DescribeVolumeStatusResult => {
    const holds = compileTaglessFilters(input.Filters, STATUS_FACETS);
    const selection = volumesSelection(ec2, input.VolumeIds, call);
    const page = pageOfSelection(ec2, input, { ...selection, holds });
    return {
      VolumeStatuses: page.rows.map((row) => statusOut(row, call.region)),
      NextToken: page.nextToken,
    };
  },
});
