/** What requests say of a group, checked: its size, its place, its settings, its tags. */
import type {
  CreateAutoScalingGroupType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { ApiError, type Call } from '../../wire/api.ts';
import { findSubnet } from '../ec2/network.ts';
import { findZone } from '../ec2/places.ts';
import { type AutoScaling, invalid } from './groups.ts';
import type { GroupSettings, GroupSize, Placement } from './rows.ts';
import { TERMINATION_POLICIES } from './termination.ts';
import { assertOneOf, refuseParameters } from './values.ts';

type GroupRequest = Partial<CreateAutoScalingGroupType> & UpdateAutoScalingGroupType;

/** Of load balancers and the like there are none here, so none that is named can exist. */
const ABSENT: readonly (readonly [keyof CreateAutoScalingGroupType, string])[] = [
  ['LoadBalancerNames', 'Load Balancers'],
  ['TargetGroupARNs', 'Target Groups'],
  ['TrafficSources', 'Traffic Sources'],
];

const UNSUPPORTED = [
  'AvailabilityZoneIds',
  'AvailabilityZoneImpairmentPolicy',
  'CapacityReservationSpecification',
  'DeletionProtection',
  'InstanceLifecyclePolicy',
  'LifecycleHookSpecificationList',
  'Operator',
  'PlacementGroup',
  'SkipZonalShiftValidation',
];

/** @throws ApiError `ValidationError` for what no group here can have */
export const refuseUnsupported = (input: GroupRequest): void => {
  for (const [parameter, noun] of ABSENT) {
    const value: unknown = input[parameter];
    if (!Array.isArray(value) || value.length === 0) continue;
    throw invalid(`Provided ${noun} may not be valid. Please ensure they exist and try again.`);
  }
  refuseParameters(input, UNSUPPORTED);
  assertOneOf('DesiredCapacityType', input.DesiredCapacityType, ['units']);
  if ((input.MaxInstanceLifetime ?? 0) !== 0) refuseParameters(input, ['MaxInstanceLifetime']);
};

const assertCount = (parameter: string, value: number): void => {
  if (Number.isInteger(value) && value >= 0) return;
  throw invalid(`${parameter} must be a whole number of 0 or more, found ${value}`);
};

/** @throws ApiError `ValidationError` unless the desired capacity is between the bounds */
export const checkSize = (size: GroupSize): GroupSize => {
  const { min, max, desired } = size;
  assertCount('MinSize', min);
  assertCount('MaxSize', max);
  assertCount('DesiredCapacity', desired);
  if (min > max) {
    throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  }
  if (desired >= min && desired <= max) return size;
  throw invalid(
    `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
  );
};

/** A new bound moves the desired capacity with it, unless the request says where to (API reference). */
export const resize = (before: GroupSize, input: UpdateAutoScalingGroupType): GroupSize => {
  const { MinSize: min = before.min, MaxSize: max = before.max, DesiredCapacity } = input;
  const moved = Math.min(Math.max(before.desired, min), max);
  return checkSize({ min, max, desired: DesiredCapacity ?? moved });
};

const subnetIdsOf = (identifier: string | undefined): readonly string[] =>
  (identifier ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');

const assertZones = (zones: readonly string[], call: Call): void => {
  const unknown = zones.filter((name) => findZone({ name, id: undefined }, call) === undefined);
  if (unknown.length === 0) return;
  throw invalid(`Invalid Availability Zones are provided: [${unknown.join(', ')}]`);
};

const zoneOfSubnet = ({ surroundings }: AutoScaling, id: string, call: Call): string => {
  try {
    return findSubnet(surroundings.ec2Core, id, call).availabilityZone;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw invalid(error.message);
  }
};

/** @throws ApiError `ValidationError` for zones or subnets that there are not, or that do not match */
export const readPlacement = (
  scaling: AutoScaling,
  { AvailabilityZones: zones = [], VPCZoneIdentifier: identifier }: GroupRequest,
  call: Call,
): Placement => {
  const subnetIds = subnetIdsOf(identifier);
  if (zones.length === 0 && subnetIds.length === 0) {
    throw invalid('At least one Availability Zone or VPC Subnet is required.');
  }
  assertZones(zones, call);
  if (subnetIds.length === 0) return { zones: [...new Set(zones)], subnetIds };
  const held = [...new Set(subnetIds.map((id) => zoneOfSubnet(scaling, id, call)))].toSorted();
  const isSame = zones.length === 0 || String([...new Set(zones)].toSorted()) === String(held);
  if (isSame) return { zones: held, subnetIds };
  throw invalid(
    'The availability zones of the specified subnets and the AutoScalingGroup do not match',
  );
};

const SETTINGS = [
  'DefaultCooldown',
  'HealthCheckType',
  'HealthCheckGracePeriod',
  'TerminationPolicies',
  'NewInstancesProtectedFromScaleIn',
  'CapacityRebalance',
  'ServiceLinkedRoleARN',
  'Context',
  'DefaultInstanceWarmup',
  'InstanceMaintenancePolicy',
  'AvailabilityZoneDistribution',
] as const satisfies readonly (keyof GroupSettings)[];

const HEALTH_CHECKS = ['EC2', 'ELB', 'EBS', 'VPC_LATTICE'];
const DISTRIBUTIONS = ['balanced-only', 'balanced-best-effort'];

/** The settings as they were, with those that the request names. @throws ApiError */
export const readSettings = (before: GroupSettings, input: GroupRequest): GroupSettings => {
  for (const type of input.HealthCheckType?.split(',') ?? []) {
    assertOneOf('HealthCheckType', type, HEALTH_CHECKS);
  }
  for (const policy of input.TerminationPolicies ?? []) {
    assertOneOf('TerminationPolicies', policy, TERMINATION_POLICIES);
  }
  const { CapacityDistributionStrategy: strategy } = input.AvailabilityZoneDistribution ?? {};
  assertOneOf('CapacityDistributionStrategy', strategy, DISTRIBUTIONS);
  for (const name of ['DefaultCooldown', 'HealthCheckGracePeriod'] as const) {
    assertCount(name, input[name] ?? 0);
  }
  const given = SETTINGS.filter((name) => input[name] !== undefined);
  return { ...before, ...Object.fromEntries(given.map((name) => [name, input[name]])) };
};
