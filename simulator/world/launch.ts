/** Launches instances of the mix through RunInstances. */
import type { BlockDeviceMapping, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { EmbeddedCloud } from '../cloud.ts';
import type { BaseImages } from './base-images.ts';
import type { InstancePlan, VolumePlan } from './mix.ts';
import { groupIdOf, KEY_NAME, seedNetwork, subnetIdOf } from './network.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly images: BaseImages;
}

const mappingOf = ({ device, sizeGib, type, iops }: VolumePlan): BlockDeviceMapping => ({
  DeviceName: device,
  Ebs: { VolumeSize: sizeGib, VolumeType: type, Iops: iops, DeleteOnTermination: true },
});

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const requestOf = (plan: InstancePlan, place: Place): RunInstancesRequest => ({
  ImageId: plan.hasInstanceStoreRoot ? place.images.instanceStore : place.images.ubuntu,
  InstanceType: plan.instanceType as 't3.small',
  MinCount: 1,
  MaxCount: 1,
  SubnetId: subnetIdOf(plan.zone),
  SecurityGroupIds: [groupIdOf(plan.role)],
  KeyName: KEY_NAME,
  IamInstanceProfile: { Name: `${plan.role}-profile` },
  Placement: { AvailabilityZone: `${place.region}${plan.zone}` },
  BlockDeviceMappings: plan.volumes.map(mappingOf),
  TagSpecifications: [
    { ResourceType: 'instance', Tags: tagList({ Name: plan.name, ...plan.tags }) },
  ],
});

const tagVolumes = (cloud: EmbeddedCloud, region: string, id: string, plan: InstancePlan): void => {
  const store = cloud.ec2Core.store(region);
  for (const disk of store.instances.get(id)?.disks ?? []) {
    const volume = plan.volumes.find((one) => one.device === disk.deviceName);
    const tags = store.volumes.get(disk.volumeId ?? '')?.tags;
    for (const [key, value] of Object.entries(volume?.tags ?? {})) tags?.set(key, value);
  }
};

/** Tags of AWS's own, which no caller can write. */
const tagAsMember = (cloud: EmbeddedCloud, region: string, id: string, group: string): void => {
  cloud.ec2Core.store(region).instances.get(id)?.tags.set('aws:autoscaling:groupName', group);
};

/** Launches one; it is `pending` now. Returns its id. */
export const launch = (cloud: EmbeddedCloud, place: Place, plan: InstancePlan): string => {
  seedNetwork(cloud, place);
  const call = cloud.callAs(place.account, place.region);
  const { Instances: [instance] = [] } = cloud.ec2.RunInstances(requestOf(plan, place), call);
  const id = instance?.InstanceId ?? '';
  tagVolumes(cloud, place.region, id, plan);
  if (plan.autoScalingGroup !== undefined) {
    tagAsMember(cloud, place.region, id, plan.autoScalingGroup);
  }
  return id;
};
