/** RunInstances. */
import type { BlockDeviceMapping, RunInstancesRequest, Reservation } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { findImage } from './images.ts';
import { enter, settleIn } from './instance-states.ts';
import { launchDataOf } from './launch-templates.ts';
import type { DiskRow, ImageRow, InstanceRow, Tags, VolumeRow } from './rows.ts';
import { readTagSpecifications } from './tags.ts';

/** An image to launch from: `available`, and the caller's to use. */
const launchable = (ec2: Ec2, imageId: string | undefined, call: Call): ImageRow => {
  if (imageId === undefined) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter ImageId');
  }
  const image = findImage(ec2, call.region, imageId, call);
  if (image.state === 'available') return image;
  throw new ApiError(
    'InvalidAMIID.Unavailable',
    `The image ID '${imageId}' is not available: it is ${image.state}`,
  );
};

const freshDisk = (mapping: BlockDeviceMapping): DiskRow => ({
  deviceName: mapping.DeviceName ?? '',
  virtualName: mapping.VirtualName,
  snapshotId: mapping.Ebs?.SnapshotId,
  sizeGib: mapping.Ebs?.VolumeSize ?? 8,
  volumeType: mapping.Ebs?.VolumeType ?? 'gp3',
  deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? false,
  encrypted: mapping.Ebs?.Encrypted ?? false,
  kmsKeyId: mapping.Ebs?.KmsKeyId,
});

const overridden = (disk: DiskRow, mapping: BlockDeviceMapping): DiskRow => ({
  ...disk,
  sizeGib: mapping.Ebs?.VolumeSize ?? disk.sizeGib,
  volumeType: mapping.Ebs?.VolumeType ?? disk.volumeType,
  deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? disk.deleteOnTermination,
  encrypted: mapping.Ebs?.Encrypted ?? disk.encrypted,
});

/** The image's disks, with the request's mappings over them. */
const launchedDisks = (image: ImageRow, mappings: readonly BlockDeviceMapping[]): DiskRow[] => {
  const byDevice = new Map(image.disks.map((disk) => [disk.deviceName, disk]));
  for (const mapping of mappings) {
    const device = mapping.DeviceName ?? '';
    const disk = byDevice.get(device);
    if (mapping.NoDevice !== undefined) byDevice.delete(device);
    else byDevice.set(device, disk === undefined ? freshDisk(mapping) : overridden(disk, mapping));
  }
  return [...byDevice.values()];
};

const attach = (ec2: Ec2, call: Call, row: InstanceRow, disk: DiskRow, tags: Tags): DiskRow => {
  if (disk.virtualName !== undefined) return disk;
  const volume: VolumeRow = {
    volumeId: newId(ec2.kernel, 'vol'),
    ownerId: call.account,
    sizeGib: disk.sizeGib,
    volumeType: disk.volumeType,
    encrypted: disk.encrypted,
    kmsKeyId: disk.kmsKeyId,
    snapshotId: disk.snapshotId,
    availabilityZone: row.availabilityZone,
    createdAtMs: call.nowMs,
    tags: new Map(tags),
    attachment: {
      instanceId: row.instanceId,
      deviceName: disk.deviceName,
      deleteOnTermination: disk.deleteOnTermination,
      attachedAtMs: call.nowMs,
    },
  };
  ec2.store(call.region).volumes.set(volume.volumeId, volume);
  return { ...disk, snapshotId: undefined, volumeId: volume.volumeId };
};

const privateIp = (ec2: Ec2): string => {
  const random = ec2.kernel.random('network');
  return `10.0.${random.integer(0, 255)}.${random.integer(4, 254)}`;
};

const profileArnOf = (
  { IamInstanceProfile: profile }: RunInstancesRequest,
  call: Call,
): string | undefined =>
  profile?.Arn ??
  (profile?.Name && `arn:aws:iam::${call.account}:instance-profile/${profile.Name}`);

const instanceOf = (
  ec2: Ec2,
  input: RunInstancesRequest,
  image: ImageRow,
  call: Call,
  reservationId: string,
): InstanceRow => {
  const { Groups, SubnetId } = input.NetworkInterfaces?.[0] ?? {};
  return {
    instanceId: newId(ec2.kernel, 'i'),
    reservationId,
    ownerId: call.account,
    imageId: image.imageId,
    instanceType: input.InstanceType ?? 'm1.small',
    architecture: image.architecture,
    platformDetails: image.platformDetails,
    virtualizationType: image.virtualizationType,
    rootDeviceName: image.rootDeviceName,
    rootDeviceType: image.rootDeviceType,
    subnetId: input.SubnetId ?? SubnetId ?? 'subnet-0default',
    vpcId: 'vpc-0default',
    availabilityZone: input.Placement?.AvailabilityZone ?? `${call.region}a`,
    privateIp: input.PrivateIpAddress ?? privateIp(ec2),
    securityGroupIds: input.SecurityGroupIds ?? Groups ?? ['sg-0default'],
    keyName: input.KeyName,
    instanceProfileArn: profileArnOf(input, call),
    tags: new Map(),
    disks: [],
    launchedAtMs: call.nowMs,
    state: 'pending',
    transitionReason: '',
    turn: 0,
  };
};

/** The request over the data of the launch template that it names, if it names one. */
const withTemplate = (ec2: Ec2, input: RunInstancesRequest, call: Call): RunInstancesRequest =>
  input.LaunchTemplate === undefined
    ? input
    : { ...launchDataOf(ec2, input.LaunchTemplate, call), ...input };

const runInstances = (ec2: Ec2, given: RunInstancesRequest, call: Call): Reservation => {
  const input = withTemplate(ec2, given, call);
  const image = launchable(ec2, input.ImageId, call);
  const types = ['instance', 'volume', 'network-interface', 'spot-instances-request'];
  const tagsFor = readTagSpecifications(given.TagSpecifications, types);
  const disks = launchedDisks(image, input.BlockDeviceMappings ?? []);
  const reservationId = newId(ec2.kernel, 'r');
  const rows = Array.from({ length: input.MaxCount ?? 1 }, () => {
    const row = instanceOf(ec2, input, image, call, reservationId);
    for (const [key, value] of tagsFor('instance')) row.tags.set(key, value);
    row.disks = disks.map((disk) => attach(ec2, call, row, disk, tagsFor('volume')));
    ec2.store(call.region).instances.set(row.instanceId, row);
    enter(ec2, call.region, row, 'pending');
    const span = ec2.kernel.manners().instanceStartMs;
    settleIn(ec2, call.region, row, { state: 'running', span });
    return row;
  });
  image.lastLaunchedAtMs = call.nowMs;
  return {
    ReservationId: reservationId,
    OwnerId: call.account,
    Instances: rows.map((row) => ({
      InstanceId: row.instanceId,
      ImageId: row.imageId,
      State: { Code: 0, Name: 'pending' },
    })),
  };
};

export const runInstancesOperation = (ec2: Ec2) => ({
  RunInstances: (input: RunInstancesRequest, call: Call) => runInstances(ec2, input, call),
});
