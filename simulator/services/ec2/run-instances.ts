/** RunInstances. */
import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { noteLaunch } from './image-launches.ts';
import { assertImageState, findImage } from './images.ts';
import { instanceOut, reservationOut } from './instance-output.ts';
import { enter, settleIn } from './instance-life.ts';
import { assertInstanceType } from './instance-types.ts';
import { isKeyUnusable } from './keys.ts';
import { launchedDisks } from './launch-disks.ts';
import { resolveImageId } from './image-parameters.ts';
import {
  assertCounts,
  assertOptions,
  metadataOf,
  profileOf,
  userDataOf,
  withTemplate,
} from './launch-request.ts';
import { attachVolumes } from './launch-volumes.ts';
import { addressIn, assertKeyPair, defaultSubnetOf, findGroups, findSubnet } from './network.ts';
import type { SubnetRow } from './network-memory.ts';
import { required } from './parameters.ts';
import { findZone } from './places.ts';
import type { DiskRow, ImageRow, InstanceRow, Tags } from './rows.ts';
import { assertMetadataKeys, readTagSpecifications } from './tags.ts';

/** An image to launch from: `available`, and the caller's to use. */
const launchable = (ec2: Ec2, given: string | undefined, call: Call): ImageRow => {
  const imageId = resolveImageId(ec2, required('ImageId', given), call);
  const image = findImage(ec2, call.region, imageId, call);
  assertImageState(image, 'available');
  return image;
};

/** The zone that the request names. @throws ApiError for one that the Region has not. */
const zoneOf = ({ Placement }: RunInstancesRequest, call: Call): string | undefined => {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = Placement ?? {};
  if (name === undefined && id === undefined) return undefined;
  const zone = findZone({ name, id }, call);
  if (zone !== undefined) return zone.name;
  throw new ApiError('InvalidParameterValue', `Invalid availability zone: [${name ?? id}]`);
};

const subnetIdOf = ({ NetworkInterfaces, SubnetId }: RunInstancesRequest): string | undefined =>
  SubnetId ?? NetworkInterfaces?.[0]?.SubnetId;

const subnetOf = (ec2: Ec2, input: RunInstancesRequest, call: Call): SubnetRow => {
  const zone = zoneOf(input, call);
  const id = subnetIdOf(input);
  if (id === undefined) return defaultSubnetOf(ec2, zone, call);
  const subnet = findSubnet(ec2, id, call);
  if (zone === undefined || zone === subnet.availabilityZone) return subnet;
  throw new ApiError(
    'InvalidParameterValue',
    `The availability zone '${zone}' does not match that of the subnet '${id}', ` +
      `'${subnet.availabilityZone}'`,
  );
};

/** All that the instances of one launch have in common. */
interface Launch {
  readonly input: RunInstancesRequest;
  readonly image: ImageRow;
  readonly subnet: SubnetRow;
  readonly groupIds: readonly string[];
  readonly disks: readonly DiskRow[];
  readonly tagsFor: (type: string) => Tags;
  readonly reservationId: string;
}

const INTERFACE_IDS = 'ids of network interfaces';

const interfaceOf = (ec2: Ec2, { input, tagsFor }: Launch) => {
  const [given] = input.NetworkInterfaces ?? [];
  const digits = ec2.kernel.random(INTERFACE_IDS).hex(10);
  return {
    networkInterfaceId: newId(ec2.kernel, 'eni', INTERFACE_IDS),
    attachmentId: newId(ec2.kernel, 'eni-attach', INTERFACE_IDS),
    macAddress: `02:${digits.replace(/(..)(?=.)/g, '$1:')}`,
    description: given?.Description ?? '',
    deleteOnTermination: given?.DeleteOnTermination ?? true,
    tags: tagsFor('network-interface'),
  };
};

const attributesOf = ({ input, image, groupIds }: Launch): InstanceRow['attributes'] => ({
  instanceType: input.InstanceType ?? 'm1.small',
  securityGroupIds: groupIds,
  disableApiTermination: input.DisableApiTermination ?? false,
  disableApiStop: input.DisableApiStop ?? false,
  shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
  ebsOptimized: input.EbsOptimized ?? false,
  enaSupport: image.enaSupport,
  sourceDestCheck: true,
  userData: userDataOf(input.UserData),
});

const instanceOf = (ec2: Ec2, launch: Launch, launchIndex: number, call: Call): InstanceRow => {
  const { input, image, subnet, reservationId } = launch;
  const address = input.PrivateIpAddress ?? input.NetworkInterfaces?.[0]?.PrivateIpAddress;
  return {
    instanceId: newId(ec2.kernel, 'i'),
    reservationId,
    launchIndex,
    clientToken: input.ClientToken,
    ownerId: call.account,
    imageId: image.imageId,
    architecture: image.architecture,
    platformDetails: image.platformDetails,
    productCodes: image.productCodes,
    virtualizationType: image.virtualizationType,
    bootMode: image.bootMode,
    rootDeviceName: image.rootDeviceName,
    rootDeviceType: image.rootDeviceType,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    availabilityZone: subnet.availabilityZone,
    privateIp: address ?? addressIn(ec2, subnet),
    networkInterface: interfaceOf(ec2, launch),
    keyName: input.KeyName,
    instanceProfile: profileOf(input, call),
    metadata: metadataOf(input.MetadataOptions, image),
    isMonitored: input.Monitoring?.Enabled ?? false,
    autoRecovery: input.MaintenanceOptions?.AutoRecovery ?? 'default',
    tags: launch.tagsFor('instance'),
    attributes: attributesOf(launch),
    disks: [],
    launchedAtMs: call.nowMs,
    state: 'pending',
    transitionReason: '',
    turn: 0,
  };
};

/** With a key that cannot be used the instance never runs; EC2 finds that out only then. */
const begin = (ec2: Ec2, launch: Launch, row: InstanceRow, call: Call): void => {
  const { instanceStartMs: span } = ec2.kernel.manners();
  const isDoomed = launch.disks.some((disk) => isKeyUnusable(ec2, disk.kmsKeyId, call.region));
  const message = 'Client.InternalError: Client error on launch';
  enter(ec2, call.region, row, 'pending');
  if (isDoomed) {
    const reason = { code: 'Client.InternalError', message };
    settleIn(ec2, call.region, row, { state: 'terminated', span, reason });
  } else settleIn(ec2, call.region, row, { state: 'running', span });
};

const launchOne = (ec2: Ec2, launch: Launch, index: number, call: Call): InstanceRow => {
  const row = instanceOf(ec2, launch, index, call);
  row.disks = attachVolumes(ec2, row, launch.disks, launch.tagsFor('volume'), call);
  ec2.store(call.region).instances.set(row.instanceId, row);
  begin(ec2, launch, row, call);
  return row;
};

/** Everything that can be wrong with the request is found here. */
const planLaunch = (
  ec2: Ec2,
  given: RunInstancesRequest,
  call: Call,
): Omit<Launch, 'reservationId'> => {
  const input = withTemplate(ec2, given, call);
  assertCounts(input);
  assertOptions(input);
  const image = launchable(ec2, input.ImageId, call);
  assertInstanceType(input.InstanceType ?? 'm1.small', image.architecture);
  const tagsFor = readTagSpecifications(input.TagSpecifications, [
    'instance',
    'volume',
    'network-interface',
  ]);
  const metadata = metadataOf(input.MetadataOptions, image);
  if (metadata.instanceTags === 'enabled') assertMetadataKeys(tagsFor('instance').keys());
  const subnet = subnetOf(ec2, input, call);
  const by = {
    ids: input.SecurityGroupIds ?? input.NetworkInterfaces?.[0]?.Groups,
    names: input.SecurityGroups,
  };
  const groupIds = findGroups(ec2, by, subnet.vpcId, call).map((row) => row.groupId);
  assertKeyPair(ec2, input.KeyName, call);
  const disks = launchedDisks(ec2, image, input.BlockDeviceMappings ?? [], call);
  return { input, image, subnet, groupIds, disks, tagsFor };
};

/** Tokens count for one zone where the request says which, else for the Region. */
const tokenScope = (input: RunInstancesRequest): string =>
  ['RunInstances', input.Placement?.AvailabilityZone ?? subnetIdOf(input) ?? ''].join(' ');

/** What an earlier call with the same token launched. @throws ApiError if that is no longer there. */
const launchedBefore = (
  ec2: Ec2,
  reservationId: string,
  count: number,
  call: Call,
): Reservation => {
  const rows = [...ec2.store(call.region).instances.values()].filter(
    (row) => row.reservationId === reservationId,
  );
  const isGone = (row: InstanceRow) => row.state === 'terminated' || row.state === 'shutting-down';
  if (rows.length < count || rows.some(isGone)) {
    throw new ApiError(
      'IdempotentInstanceTerminated',
      'The client token you have provided is associated with a terminated instance. ' +
        'Please use a different client token.',
    );
  }
  return reservationOut(rows, (row) => instanceOut(ec2, call.region, row));
};

/** The operation, for other parts of EC2 too. */
export const runInstances = (ec2: Ec2, given: RunInstancesRequest, call: Call): Reservation => {
  const scope = tokenScope(given);
  const count = given.MaxCount ?? 1;
  const known = madeByToken(ec2, scope, given, call);
  if (known !== undefined) return launchedBefore(ec2, known, count, call);
  const plan = planLaunch(ec2, given, call);
  const launch: Launch = { ...plan, reservationId: newId(ec2.kernel, 'r') };
  const rows = Array.from({ length: count }, (_, index) => launchOne(ec2, launch, index, call));
  ec2.store(call.region).images.changing(launch.image.imageId);
  noteLaunch(launch.image, call.nowMs);
  rememberToken(ec2, scope, given, call, launch.reservationId);
  return reservationOut(rows, (row) => instanceOut(ec2, call.region, row));
};

export const runInstancesOperation = (ec2: Ec2) => ({
  RunInstances: (input: RunInstancesRequest, call: Call) => runInstances(ec2, input, call),
});
