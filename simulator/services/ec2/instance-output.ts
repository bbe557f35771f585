/** What EC2 tells of an instance: the same when it is launched as when it is described. */
import type {
  Instance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
  Reservation,
} from '@aws-sdk/client-ec2';
import { productCodesOut, usageOperationOf } from './billing.ts';
import type { Ec2 } from './ec2.ts';
import { groupNameOf } from './network.ts';
import { findZone } from './places.ts';
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

/** A disk as it is attached; an ephemeral one is not told of. */
export const instanceDiskOut = (
  ec2: Ec2,
  region: string,
  disk: DiskRow,
): InstanceBlockDeviceMapping[] => {
  const attachment = ec2.store(region).volumes.get(disk.volumeId ?? '')?.attachment;
  if (attachment === undefined) return [];
  return [
    {
      DeviceName: disk.deviceName,
      Ebs: {
        VolumeId: disk.volumeId,
        Status: attachment.state,
        DeleteOnTermination: attachment.deleteOnTermination,
        AttachTime: new Date(attachment.attachedAtMs),
      },
    },
  ];
};

export const privateNameOf = (row: InstanceRow, region: string): string => {
  const suffix = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${row.privateIp.replaceAll('.', '-')}.${suffix}`;
};

const groupsOut = (ec2: Ec2, region: string, row: InstanceRow) =>
  row.attributes.securityGroupIds.map((GroupId) => ({
    GroupId,
    GroupName: groupNameOf(ec2, region, GroupId),
  }));

const interfaceOut = (ec2: Ec2, region: string, row: InstanceRow): InstanceNetworkInterface => {
  const { networkInterface: one, attributes } = row;
  const PrivateDnsName = privateNameOf(row, region);
  return {
    NetworkInterfaceId: one.networkInterfaceId,
    Description: one.description,
    MacAddress: one.macAddress,
    InterfaceType: 'interface',
    OwnerId: row.ownerId,
    Status: 'in-use',
    SubnetId: row.subnetId,
    VpcId: row.vpcId,
    SourceDestCheck: attributes.sourceDestCheck,
    Groups: groupsOut(ec2, region, row),
    Ipv6Addresses: [],
    PrivateDnsName,
    PrivateIpAddress: row.privateIp,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName, PrivateIpAddress: row.privateIp }],
    Attachment: {
      AttachmentId: one.attachmentId,
      AttachTime: new Date(row.launchedAtMs),
      DeleteOnTermination: one.deleteOnTermination,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: 'attached',
    },
  };
};

/** What is left of a terminated instance is its identity, its tags and its state. */
const placeOut = (ec2: Ec2, region: string, row: InstanceRow): Partial<Instance> =>
  row.state === 'terminated'
    ? { NetworkInterfaces: [], SecurityGroups: [], PrivateDnsName: '' }
    : {
        SubnetId: row.subnetId,
        VpcId: row.vpcId,
        PrivateIpAddress: row.privateIp,
        PrivateDnsName: privateNameOf(row, region),
        SecurityGroups: groupsOut(ec2, region, row),
        NetworkInterfaces: [interfaceOut(ec2, region, row)],
      };

const metadataOut = ({ metadata, state }: InstanceRow): Instance['MetadataOptions'] => ({
  State: state === 'pending' ? 'pending' : 'applied',
  HttpEndpoint: metadata.httpEndpoint as 'enabled',
  HttpTokens: metadata.httpTokens as 'optional',
  HttpPutResponseHopLimit: metadata.hopLimit,
  HttpProtocolIpv6: metadata.protocolIpv6 as 'disabled',
  InstanceMetadataTags: metadata.instanceTags as 'disabled',
});

/** What is the same for every instance here. */
const COMMON: Partial<Instance> = {
  CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
  EnclaveOptions: { Enabled: false },
  HibernationOptions: { Configured: false },
  Hypervisor: 'xen',
  Operator: { Managed: false },
  PublicDnsName: '',
  PrivateDnsNameOptions: {
    HostnameType: 'ip-name',
    EnableResourceNameDnsARecord: false,
    EnableResourceNameDnsAAAARecord: false,
  },
};

/** How an instance boots: as its image says, or as its type allows. */
export const currentBootMode = ({ bootMode, architecture }: InstanceRow) =>
  architecture === 'arm64' || bootMode?.startsWith('uefi') ? 'uefi' : 'legacy-bios';

const optionsOut = (row: InstanceRow): Partial<Instance> => ({
  ...COMMON,
  BootMode: row.bootMode as 'uefi' | undefined,
  CurrentInstanceBootMode: currentBootMode(row),
  ClientToken: row.clientToken ?? '',
  EbsOptimized: row.attributes.ebsOptimized,
  EnaSupport: row.attributes.enaSupport,
  KeyName: row.keyName,
  IamInstanceProfile: row.instanceProfile && {
    Arn: row.instanceProfile.arn,
    Id: row.instanceProfile.id,
  },
  MaintenanceOptions: { AutoRecovery: row.autoRecovery as 'default', RebootMigration: 'default' },
  MetadataOptions: metadataOut(row),
  Monitoring: { State: row.isMonitored ? 'enabled' : 'disabled' },
  SourceDestCheck: row.attributes.sourceDestCheck,
});

export const instanceOut = (ec2: Ec2, region: string, row: InstanceRow): Instance => ({
  ...optionsOut(row),
  InstanceId: row.instanceId,
  ImageId: row.imageId,
  InstanceType: row.attributes.instanceType as 't3.small',
  State: stateOut(row.state),
  StateReason: row.stateReason && { Code: row.stateReason.code, Message: row.stateReason.message },
  StateTransitionReason: row.transitionReason,
  LaunchTime: new Date(row.launchedAtMs),
  UsageOperationUpdateTime: new Date(row.launchedAtMs),
  AmiLaunchIndex: row.launchIndex,
  Architecture: row.architecture as 'x86_64',
  PlatformDetails: row.platformDetails,
  ProductCodes: productCodesOut(row),
  UsageOperation: usageOperationOf(row),
  Platform: row.platformDetails.startsWith('Windows') ? 'Windows' : undefined,
  VirtualizationType: row.virtualizationType,
  RootDeviceName: row.rootDeviceName,
  RootDeviceType: row.rootDeviceType,
  BlockDeviceMappings: row.disks.flatMap((disk) => instanceDiskOut(ec2, region, disk)),
  Placement: {
    AvailabilityZone: row.availabilityZone,
    AvailabilityZoneId: findZone({ name: row.availabilityZone }, { region })?.id,
    GroupName: '',
    Tenancy: 'default',
  },
  Tags: tagsOut(row.tags),
  ...placeOut(ec2, region, row),
});

/** Instances of one launch. */
export const reservationOut = (
  rows: readonly InstanceRow[],
  outputOf: (row: InstanceRow) => Instance,
): Reservation => ({
  ReservationId: rows[0]?.reservationId,
  OwnerId: rows[0]?.ownerId,
  Groups: [],
  Instances: rows.map((row) => outputOf(row)),
});
