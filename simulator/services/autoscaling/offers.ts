/** What a group may launch, in the order in which it would. */
import type {
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import { launchDataOf } from '../ec2/launch-data.ts';
import { findTemplate, versionOf } from '../ec2/launch-templates.ts';
import { defaultSubnetOf, findSubnet } from '../ec2/network.ts';
import { type AutoScaling, invalid } from './groups.ts';
import { asTemplateError } from './launch-source.ts';
import { requestOf } from './launch-configurations.ts';
import type { GroupRow, LaunchSource, MemberRow, Placement } from './rows.ts';

type Request = Omit<RunInstancesRequest, 'MinCount' | 'MaxCount'>;

/** A request for one instance, but for where, and what the group notes of what comes of it. */
export interface Offer {
  readonly request: Request;
  /** Whether the request is by a template whose network interface has to name the subnet. */
  readonly hasInterface: boolean;
  readonly member: Pick<MemberRow, 'launchConfigurationName' | 'template' | 'imageId' | 'weight'>;
}

const templateOffer = (
  { surroundings: { ec2Core } }: AutoScaling,
  spec: LaunchTemplateSpecification,
  override: LaunchTemplateOverrides,
  call: Call,
): Offer => {
  const { LaunchTemplateId, Version = '$Default' } = spec;
  const row = findTemplate(ec2Core, { LaunchTemplateId }, call);
  const by = { LaunchTemplateId: row.templateId, Version: `${versionOf(row, Version).version}` };
  const { NetworkInterfaces: interfaces = [] } = launchDataOf(ec2Core, by, call);
  const { InstanceType, ImageId, WeightedCapacity: weight } = override;
  return {
    request: {
      LaunchTemplate: by,
      ...(InstanceType !== undefined && { InstanceType: InstanceType as 't3.small' }),
      ...(ImageId !== undefined && { ImageId }),
      ...(interfaces.length > 0 && { NetworkInterfaces: interfaces }),
    },
    hasInterface: interfaces.length > 0,
    member: {
      template: { ...by, LaunchTemplateName: row.name },
      imageId: ImageId,
      weight: weight === undefined ? undefined : Number(weight),
    },
  };
};

const offersByTemplate = (
  scaling: AutoScaling,
  { LaunchTemplate: template, MixedInstancesPolicy: policy }: LaunchSource,
  call: Call,
): readonly Offer[] => {
  const spec = template ?? policy?.LaunchTemplate?.LaunchTemplateSpecification ?? {};
  const overrides = policy?.LaunchTemplate?.Overrides ?? [];
  const wanted = overrides.length === 0 ? [{}] : overrides;
  return wanted.map((override: LaunchTemplateOverrides) =>
    templateOffer(scaling, override.LaunchTemplateSpecification ?? spec, override, call),
  );
};

/** @throws ApiError of EC2 for a template, or a version, that is not there any more */
export const offersOf = (
  scaling: AutoScaling,
  source: LaunchSource,
  call: Call,
): readonly Offer[] => {
  const { LaunchConfigurationName: name } = source;
  if (name === undefined) return offersByTemplate(scaling, source, call);
  const row = scaling.configuration(call, name);
  if (row === undefined) throw invalid(`There is no launch configuration ${name}`);
  const member = { launchConfigurationName: name };
  return [{ request: requestOf(row), hasInterface: false, member }];
};

/** Where one instance goes. */
export interface Spot {
  readonly zone: string;
  readonly subnetId: string;
}

/** All the places of a group: its subnets, or the default ones of its zones. */
export const spotsOf = (
  { surroundings: { ec2Core } }: AutoScaling,
  { zones, subnetIds }: Placement,
  call: Call,
): readonly Spot[] =>
  subnetIds.length > 0
    ? subnetIds.map((subnetId) => ({
        subnetId,
        zone: findSubnet(ec2Core, subnetId, call).availabilityZone,
      }))
    : zones.map((zone) => ({ zone, subnetId: defaultSubnetOf(ec2Core, zone, call).subnetId }));

/** Tags of the group that go to what it launches. */
const propagatedTags = ({ tags }: Pick<GroupRow, 'tags'>) =>
  [...tags]
    .filter(([, { isPropagated }]) => isPropagated)
    .map(([Key, { value: Value }]) => ({ Key, Value }));

/** The whole request for one instance at that place. */
export const launchRequestOf = (
  group: Pick<GroupRow, 'tags'>,
  { request, hasInterface }: Offer,
  { subnetId }: Spot,
): RunInstancesRequest => {
  const Tags = propagatedTags(group);
  const interfaces = request.NetworkInterfaces ?? [];
  return {
    ...request,
    MinCount: 1,
    MaxCount: 1,
    ...(hasInterface
      ? { NetworkInterfaces: interfaces.map((one) => ({ ...one, SubnetId: subnetId })) }
      : { SubnetId: subnetId }),
    ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
  };
};

/**
 * Tries every launch that templates would lead to.
 * @throws ApiError `ValidationError` for one that EC2 would refuse
 */
export const assertLaunchable = (
  scaling: AutoScaling,
  group: Pick<GroupRow, 'source' | 'placement' | 'tags'>,
  call: Call,
): void => {
  if (group.source.LaunchConfigurationName !== undefined) return;
  const { ec2Core, ec2 } = scaling.surroundings;
  const [spot] = spotsOf(scaling, group.placement, call);
  if (spot === undefined) return;
  try {
    for (const offer of offersOf(scaling, group.source, call)) {
      const request = launchRequestOf(group, offer, spot);
      ec2Core.rehearsal.tryOut(() => ec2.RunInstances(request, call));
    }
  } catch (error) {
    throw asTemplateError(error);
  }
};
