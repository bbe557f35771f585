/** DescribeInstances, and how an instance is found by its id. */
import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceBlockDeviceMapping,
  Reservation,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { assertShape, INSTANCE, notFound } from './ids.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import type { DiskRow, InstanceRow, InstanceState } from './rows.ts';
import { tagsOut } from './tags.ts';

const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state as EC2 gives it: a code and a name. */
export const stateOut = (state: InstanceState) => ({ Code: STATE_CODES[state], Name: state });

const FACETS: Facets<InstanceRow> = {
  'instance-id': (row) => [row.instanceId],
  'instance-state-name': (row) => [row.state],
  'instance-state-code': (row) => [String(STATE_CODES[row.state])],
  'image-id': (row) => [row.imageId],
  'instance-type': (row) => [row.instanceType],
  architecture: (row) => [row.architecture],
  'availability-zone': (row) => [row.availabilityZone],
  'owner-id': (row) => [row.ownerId],
  'reservation-id': (row) => [row.reservationId],
  'subnet-id': (row) => [row.subnetId],
  'vpc-id': (row) => [row.vpcId],
  'key-name': (row) => [row.keyName],
  'private-ip-address': (row) => [row.privateIp],
  'instance.group-id': (row) => row.securityGroupIds,
  'iam-instance-profile.arn': (row) => [row.instanceProfileArn],
  'root-device-type': (row) => [row.rootDeviceType],
  'root-device-name': (row) => [row.rootDeviceName],
  'launch-time': (row) => [isoOf(row.launchedAtMs)],
  'block-device-mapping.volume-id': (row) => row.disks.map((disk) => disk.volumeId),
  'block-device-mapping.device-name': (row) => row.disks.map((disk) => disk.deviceName),
};

const diskOut = (row: InstanceRow, disk: DiskRow): InstanceBlockDeviceMapping[] =>
  disk.volumeId === undefined
    ? []
    : [
        {
          DeviceName: disk.deviceName,
          Ebs: {
            VolumeId: disk.volumeId,
            Status: 'attached',
            DeleteOnTermination: disk.deleteOnTermination,
            AttachTime: new Date(row.launchedAtMs),
          },
        },
      ];

/** What is left of a terminated instance is its identity, its tags and its state. */
const placeOut = (row: InstanceRow): Partial<Instance> =>
  row.state === 'terminated'
    ? {}
    : {
        SubnetId: row.subnetId,
        VpcId: row.vpcId,
        PrivateIpAddress: row.privateIp,
        SecurityGroups: row.securityGroupIds.map((id) => ({ GroupId: id, GroupName: id })),
      };

const instanceOut = (row: InstanceRow): Instance => ({
  InstanceId: row.instanceId,
  ImageId: row.imageId,
  InstanceType: row.instanceType as 't3.small',
  State: stateOut(row.state),
  StateReason: row.stateReason && { Code: row.stateReason.code, Message: row.stateReason.message },
  StateTransitionReason: row.transitionReason,
  LaunchTime: new Date(row.launchedAtMs),
  AmiLaunchIndex: 0,
  Architecture: row.architecture as 'x86_64',
  PlatformDetails: row.platformDetails,
  Hypervisor: 'xen',
  VirtualizationType: row.virtualizationType,
  EnaSupport: true,
  RootDeviceName: row.rootDeviceName,
  RootDeviceType: row.rootDeviceType,
  BlockDeviceMappings: row.disks.flatMap((disk) => diskOut(row, disk)),
  Placement: { AvailabilityZone: row.availabilityZone, Tenancy: 'default' },
  KeyName: row.keyName,
  IamInstanceProfile:
    row.instanceProfileArn === undefined ? undefined : { Arn: row.instanceProfileArn },
  Monitoring: { State: 'disabled' },
  Tags: tagsOut(row.tags),
  ...placeOut(row),
});

/** The caller's instance of that id. */
export const findInstance = (ec2: Ec2, id: string, call: Call): InstanceRow => {
  assertShape(INSTANCE, id);
  const row = ec2.store(call.region).instances.get(id);
  if (row?.ownerId === call.account) return row;
  throw notFound(INSTANCE, [id]);
};

/** All of them, or none: one bad id fails the whole call. */
export const findInstances = (
  ec2: Ec2,
  ids: readonly string[] | undefined,
  call: Call,
): InstanceRow[] => (ids ?? []).map((id) => findInstance(ec2, id, call));

const candidates = (ec2: Ec2, input: DescribeInstancesRequest, call: Call): InstanceRow[] =>
  input.InstanceIds !== undefined && input.InstanceIds.length > 0
    ? [...new Set(findInstances(ec2, input.InstanceIds, call))]
    : [...ec2.store(call.region).instances.values()].filter((row) => row.ownerId === call.account);

const reservationsOut = (rows: readonly InstanceRow[]): Reservation[] =>
  Array.from(
    Map.groupBy(rows, (row) => row.reservationId),
    ([ReservationId, members]) => ({
      ReservationId,
      OwnerId: members[0]?.ownerId,
      Instances: members.map(instanceOut),
    }),
  );

export const describeInstancesOperation = (ec2: Ec2) => ({
  DescribeInstances: (input: DescribeInstancesRequest, call: Call): DescribeInstancesResult => {
    assertNoIdsWithPage(input, input.InstanceIds, 'instanceIds');
    const holds = compileFilters(input.Filters, FACETS);
    const rows = candidates(ec2, input, call).filter(holds);
    const bounds = { min: 5, max: 1_000 };
    const page = pageOf(ec2.kernel, rows, (row) => row.instanceId, input, bounds);
    return { Reservations: reservationsOut(page.rows), NextToken: page.nextToken };
  },
});
