/** What a fleet may launch, in the order in which it would. */
import type {
  FleetLaunchTemplateOverrides,
  FleetLaunchTemplateSpecification,
  LaunchTemplateAndOverridesResponse,
  LaunchTemplateOverrides,
  RunInstancesRequest,
  SpotFleetLaunchSpecification,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { FleetRow } from './fleet-rows.ts';
import { launchDataOf, withValues } from './launch-data.ts';
import { findTemplate, versionOf } from './launch-templates.ts';

/** Requests for instances, all but how many. */
export interface FleetOffer {
  readonly request: Omit<RunInstancesRequest, 'MinCount' | 'MaxCount'>;
  readonly weight: number;
  /** Low numbers first; those without one come last (API reference). */
  readonly priority: number;
  readonly source: LaunchTemplateAndOverridesResponse;
}

type Override = FleetLaunchTemplateOverrides & LaunchTemplateOverrides;

/** `SubnetId` and zones may be lists in one text: each is a place of its own. */
const listed = (text: string | undefined): readonly (string | undefined)[] =>
  text === undefined ? [undefined] : text.split(',').map((one) => one.trim());

const placementOf = ({ Placement, AvailabilityZone, AvailabilityZoneId }: Override) => {
  const placement = withValues({ ...Placement, AvailabilityZone, AvailabilityZoneId });
  return Object.keys(placement).length === 0 ? undefined : placement;
};

/** Where a template has a network interface, that interface names the subnet. */
const subnetParts = (
  interfaces: RunInstancesRequest['NetworkInterfaces'],
  SubnetId: string | undefined,
): Partial<RunInstancesRequest> => {
  if (SubnetId === undefined) return {};
  if (interfaces === undefined || interfaces.length === 0) return { SubnetId };
  return { NetworkInterfaces: interfaces.map((one) => ({ ...one, SubnetId })) };
};

/** @throws ApiError of EC2 for a template, or a version, that is not there any more */
const templateOffer = (
  ec2: Ec2,
  spec: FleetLaunchTemplateSpecification,
  override: Override,
  call: Call,
): FleetOffer => {
  const { LaunchTemplateId, Version = '$Default' } = spec;
  const row = findTemplate(ec2, { LaunchTemplateId }, call);
  const by = { LaunchTemplateId: row.templateId, Version: `${versionOf(row, Version).version}` };
  const { NetworkInterfaces } = launchDataOf(ec2, by, call);
  const { InstanceType, ImageId, BlockDeviceMappings, WeightedCapacity, Priority } = override;
  return {
    request: withValues({
      LaunchTemplate: by,
      InstanceType,
      ImageId,
      BlockDeviceMappings,
      Placement: placementOf(override),
      ...subnetParts(NetworkInterfaces, override.SubnetId),
    }),
    weight: WeightedCapacity ?? 1,
    priority: Priority ?? Number.POSITIVE_INFINITY,
    source: { LaunchTemplateSpecification: spec, Overrides: override },
  };
};

const securityGroupIds = ({ SecurityGroups }: SpotFleetLaunchSpecification) =>
  SecurityGroups?.flatMap(({ GroupId }) => (GroupId === undefined ? [] : [GroupId]));

const specificationOffer = (
  specification: SpotFleetLaunchSpecification,
  SubnetId: string | undefined,
  AvailabilityZone: string | undefined,
): FleetOffer => {
  const { ImageId, InstanceType, KeyName, EbsOptimized, UserData, Placement } = specification;
  const { BlockDeviceMappings, IamInstanceProfile, Monitoring, NetworkInterfaces } = specification;
  const { TagSpecifications, WeightedCapacity } = specification;
  const place = withValues({ ...Placement, AvailabilityZone });
  return {
    request: withValues({
      ImageId,
      InstanceType,
      KeyName,
      EbsOptimized,
      UserData,
      BlockDeviceMappings,
      IamInstanceProfile,
      NetworkInterfaces,
      TagSpecifications,
      SubnetId,
      Monitoring: Monitoring && { Enabled: Monitoring.Enabled },
      SecurityGroupIds: securityGroupIds(specification),
      Placement: Object.keys(place).length === 0 ? undefined : place,
    }),
    weight: WeightedCapacity ?? 1,
    priority: Number.POSITIVE_INFINITY,
    source: { Overrides: withValues({ InstanceType, ImageId, SubnetId, AvailabilityZone }) },
  };
};

const specificationOffers = (one: SpotFleetLaunchSpecification): readonly FleetOffer[] =>
  listed(one.SubnetId).flatMap((subnetId) =>
    listed(one.Placement?.AvailabilityZone).map((zone) => specificationOffer(one, subnetId, zone)),
  );

/**
 * All that the fleet may launch.
 * @throws ApiError of EC2 for a template, or a version, that is not there any more
 */
export const fleetOffersOf = (
  ec2: Ec2,
  { source, isPrioritized }: Pick<FleetRow, 'source' | 'isPrioritized'>,
  call: Call,
): readonly FleetOffer[] => {
  const { configs = [], specifications = [] } = source;
  const offers = [
    ...specifications.flatMap(specificationOffers),
    ...configs.flatMap(({ LaunchTemplateSpecification: spec = {}, Overrides }) =>
      (Overrides === undefined || Overrides.length === 0 ? [{}] : Overrides).map((one) =>
        templateOffer(ec2, spec, one, call),
      ),
    ),
  ];
  return isPrioritized ? offers.toSorted((a, b) => a.priority - b.priority) : offers;
};
