/** Creating, updating and deleting groups, and setting their desired capacity. */
import type {
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { ApiError, type Call } from '../../wire/api.ts';
import { actSoon, isBusy } from './capacity.ts';
import { type AutoScaling, invalid } from './groups.ts';
import { checkSize, readPlacement, readSettings, refuseUnsupported, resize } from './groups-in.ts';
import { createConfiguration } from './launch-configurations.ts';
import { countSources, readSource } from './launch-source.ts';
import { assertLaunchable } from './offers.ts';
import type { GroupRow, GroupSettings, LaunchSource } from './rows.ts';
import { readTags } from './tags.ts';
import { assertName } from './values.ts';

const COOLDOWN_SECONDS = 300;

const defaultSettings = ({ account }: Call): GroupSettings => ({
  DefaultCooldown: COOLDOWN_SECONDS,
  HealthCheckType: 'EC2',
  HealthCheckGracePeriod: 0,
  TerminationPolicies: ['Default'],
  NewInstancesProtectedFromScaleIn: false,
  ServiceLinkedRoleARN:
    `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/` +
    'AWSServiceRoleForAutoScaling',
  AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
});

const assertNewName = (scaling: AutoScaling, name: string, call: Call): void => {
  assertName('autoScalingGroupName', name);
  if (scaling.lookUp(call, name) === undefined) return;
  throw new ApiError(
    'AlreadyExists',
    `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
  );
};

/** Of an instance, Auto Scaling makes a launch configuration that is called like the group. */
const sourceOf = (
  scaling: AutoScaling,
  input: CreateAutoScalingGroupType,
  call: Call,
): LaunchSource => {
  const { InstanceId, AutoScalingGroupName: name } = input;
  if (InstanceId === undefined || countSources(input) > 0) {
    const isTwofold = InstanceId !== undefined;
    return readSource(scaling, isTwofold ? {} : input, undefined, call);
  }
  createConfiguration(scaling, { LaunchConfigurationName: name, InstanceId }, call);
  return { LaunchConfigurationName: name };
};

/** @throws ApiError `AlreadyExists`, `ValidationError` */
export const createGroup = (
  scaling: AutoScaling,
  input: CreateAutoScalingGroupType,
  call: Call,
): void => {
  const { AutoScalingGroupName: name = '', MinSize: min = 0, MaxSize: max = 0 } = input;
  const { account, region, nowMs: createdAtMs } = call;
  assertNewName(scaling, name, call);
  refuseUnsupported(input);
  const size = checkSize({ min, max, desired: input.DesiredCapacity ?? min });
  const placement = readPlacement(scaling, input, call);
  const settings = readSettings(defaultSettings(call), input);
  const tags = readTags(new Map(), input.Tags ?? [], name);
  const source = sourceOf(scaling, input, call);
  assertLaunchable(scaling, { source, placement, tags }, call);
  const group: GroupRow = {
    account,
    region,
    name,
    uuid: scaling.newUuid(),
    createdAtMs,
    source,
    size,
    placement,
    settings,
    tags,
    members: new Map(),
    isDeleting: false,
    scaledAtMs: undefined,
    dueAtMs: undefined,
    failure: undefined,
  };
  scaling.add(group);
  if (size.desired > 0) actSoon(scaling, group);
};

/** @throws ApiError `ValidationError` for a group that there is not, or that is being deleted */
const findOpen = (scaling: AutoScaling, name: string, call: Call): GroupRow => {
  const group = scaling.find(call, name);
  if (!group.isDeleting) return group;
  throw invalid('The AutoScaling group may not be modified while it is pending delete');
};

const placementOf = (
  scaling: AutoScaling,
  { placement }: GroupRow,
  input: UpdateAutoScalingGroupType,
  call: Call,
) => {
  const { AvailabilityZones, VPCZoneIdentifier } = input;
  const isMoved = AvailabilityZones !== undefined || VPCZoneIdentifier !== undefined;
  return isMoved ? readPlacement(scaling, input, call) : placement;
};

/** Instances that run stay as they are: what is new counts for those launched from now on. */
export const updateGroup = (
  scaling: AutoScaling,
  input: UpdateAutoScalingGroupType,
  call: Call,
): void => {
  const group = findOpen(scaling, input.AutoScalingGroupName ?? '', call);
  refuseUnsupported(input);
  const size = resize(group.size, input);
  const placement = placementOf(scaling, group, input, call);
  const settings = readSettings(group.settings, input);
  const hasSource = countSources(input) > 0;
  const source = hasSource ? readSource(scaling, input, group.source, call) : group.source;
  if (hasSource) assertLaunchable(scaling, { source, placement, tags: group.tags }, call);
  Object.assign(group, { size, placement, settings, source, failure: undefined });
  if (isBusy(group)) actSoon(scaling, group);
};

/** @throws ApiError `ScalingActivityInProgress` for a cooldown that the request honours */
const assertCooledDown = ({ settings, scaledAtMs }: GroupRow, { nowMs }: Call): void => {
  const { DefaultCooldown: seconds = COOLDOWN_SECONDS } = settings;
  if (scaledAtMs === undefined || nowMs >= scaledAtMs + seconds * 1_000) return;
  throw new ApiError(
    'ScalingActivityInProgress',
    'A scaling activity is in progress, or its cooldown is not over, and blocks this action',
  );
};

/** @throws ApiError `ValidationError` for a capacity out of bounds, `ScalingActivityInProgress` */
export const setDesiredCapacity = (
  scaling: AutoScaling,
  input: SetDesiredCapacityType,
  call: Call,
): void => {
  const { AutoScalingGroupName: name = '', DesiredCapacity: desired = 0 } = input;
  const group = findOpen(scaling, name, call);
  const { min, max } = group.size;
  const refusal = `New SetDesiredCapacity value ${desired} is`;
  if (desired > max) {
    throw invalid(`${refusal} above max value ${max} for the AutoScalingGroup.`);
  }
  if (desired < min) {
    throw invalid(`${refusal} below min value ${min} for the AutoScalingGroup.`);
  }
  if (input.HonorCooldown === true) assertCooledDown(group, call);
  group.size = checkSize({ min, max, desired });
  group.failure = undefined;
  if (isBusy(group)) actSoon(scaling, group);
};

/** Without force, a group goes when it has no instance and is not about to launch one. */
const assertDeletable = (group: GroupRow): void => {
  if (group.members.size > 0) {
    throw new ApiError(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance ' +
        'request(s) still in the group.',
    );
  }
  const isLaunching = group.dueAtMs !== undefined && group.failure === undefined;
  if (!isLaunching || !isBusy(group)) return;
  throw new ApiError(
    'ScalingActivityInProgress',
    'You cannot delete an AutoScalingGroup while there are scaling activities in progress for ' +
      'that group.',
  );
};

/** By force it is there, with a status, until its instances have gone. */
export const deleteGroup = (
  scaling: AutoScaling,
  { AutoScalingGroupName: name = '', ForceDelete: isForced = false }: DeleteAutoScalingGroupType,
  call: Call,
): void => {
  const group = scaling.find(call, name);
  if (!isForced) assertDeletable(group);
  if (group.members.size === 0) {
    scaling.remove(group);
    return;
  }
  group.isDeleting = true;
  group.size = { min: 0, max: 0, desired: 0 };
  actSoon(scaling, group);
};
