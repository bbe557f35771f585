/** DescribeVolumes. */
import type { DescribeVolumesRequest, DescribeVolumesResult, Volume } from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { assertShape, notFound, VOLUME } from './ids.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import type { VolumeRow } from './rows.ts';
import { tagsOut } from './tags.ts';

const stateOf = (row: VolumeRow): 'in-use' | 'available' =>
  row.attachment === undefined ? 'available' : 'in-use';

const FACETS: Facets<VolumeRow> = {
  'volume-id': (row) => [row.volumeId],
  'volume-type': (row) => [row.volumeType],
  size: (row) => [String(row.sizeGib)],
  status: (row) => [stateOf(row)],
  encrypted: (row) => [String(row.encrypted)],
  'availability-zone': (row) => [row.availabilityZone],
  'snapshot-id': (row) => [row.snapshotId],
  'attachment.instance-id': (row) => [row.attachment?.instanceId],
  'attachment.device': (row) => [row.attachment?.deviceName],
  'attachment.delete-on-termination': (row) => [
    row.attachment && String(row.attachment.deleteOnTermination),
  ],
};

const attachmentsOut = (row: VolumeRow): Volume['Attachments'] =>
  row.attachment === undefined
    ? []
    : [
        {
          VolumeId: row.volumeId,
          InstanceId: row.attachment.instanceId,
          Device: row.attachment.deviceName,
          State: 'attached',
          DeleteOnTermination: row.attachment.deleteOnTermination,
          AttachTime: new Date(row.attachment.attachedAtMs),
        },
      ];

const volumeOut = (row: VolumeRow): Volume => ({
  VolumeId: row.volumeId,
  Size: row.sizeGib,
  VolumeType: row.volumeType as 'gp3',
  State: stateOf(row),
  Encrypted: row.encrypted,
  KmsKeyId: row.kmsKeyId,
  SnapshotId: row.snapshotId ?? '',
  AvailabilityZone: row.availabilityZone,
  CreateTime: new Date(row.createdAtMs),
  Attachments: attachmentsOut(row),
  Tags: tagsOut(row.tags),
});

const findVolume = (ec2: Ec2, id: string, call: Call): VolumeRow => {
  assertShape(VOLUME, id);
  const row = ec2.store(call.region).volumes.get(id);
  if (row?.ownerId === call.account) return row;
  throw notFound(VOLUME, [id]);
};

export const volumeOperations = (ec2: Ec2) => ({
  DescribeVolumes: (input: DescribeVolumesRequest, call: Call): DescribeVolumesResult => {
    assertNoIdsWithPage(input, input.VolumeIds, 'volumeIds');
    const holds = compileFilters(input.Filters, FACETS);
    const ids = input.VolumeIds ?? [];
    const all =
      ids.length > 0
        ? ids.map((id) => findVolume(ec2, id, call))
        : [...ec2.store(call.region).volumes.values()].filter(
            (row) => row.ownerId === call.account,
          );
    const bounds = { min: 5, max: 1_000 };
    const page = pageOf(ec2.kernel, all.filter(holds), (row) => row.volumeId, input, bounds);
    return { Volumes: page.rows.map(volumeOut), NextToken: page.nextToken };
  },
});
