/** DescribeAutoScalingGroups and DescribeAutoScalingInstances. */
import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstanceDetails,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  Filter,
  Instance,
  LifecycleState,
} from '@aws-sdk/client-auto-scaling';
import type { Call } from '../../wire/api.ts';
import type { InstanceState } from '../ec2/rows.ts';
import { stateOf } from './capacity.ts';
import { type AutoScaling, invalid } from './groups.ts';
import { pageOf } from './pages.ts';
import { groupArnOf, type GroupRow, type MemberRow } from './rows.ts';
import { tagsOut } from './tags.ts';

const lifecycleOf = (
  { isTerminating }: MemberRow,
  state: InstanceState | undefined,
): LifecycleState => {
  if (isTerminating) return 'Terminating';
  return state === 'pending' ? 'Pending' : 'InService';
};

/** What a group and the list of all instances tell of an instance alike. */
const memberOut = (scaling: AutoScaling, group: GroupRow, member: MemberRow) => {
  const state = stateOf(scaling, group, member);
  const LifecycleState = lifecycleOf(member, state);
  return {
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    AvailabilityZone: member.zone,
    LifecycleState,
    HealthStatus: state === 'pending' || state === 'running' ? 'Healthy' : 'Unhealthy',
    LaunchConfigurationName: member.launchConfigurationName,
    LaunchTemplate: member.template,
    ImageId: member.imageId,
    ProtectedFromScaleIn: member.isProtected,
    WeightedCapacity: member.weight === undefined ? undefined : String(member.weight),
  } satisfies Instance;
};

const groupOut = (scaling: AutoScaling, row: GroupRow, hasInstances: boolean): AutoScalingGroup => {
  const { size, placement, members } = row;
  return {
    ...row.settings,
    AutoScalingGroupName: row.name,
    AutoScalingGroupARN: groupArnOf(row),
    ...row.source,
    MinSize: size.min,
    MaxSize: size.max,
    DesiredCapacity: size.desired,
    DefaultCooldown: row.settings.DefaultCooldown,
    AvailabilityZones: [...placement.zones],
    LoadBalancerNames: [],
    TargetGroupARNs: [],
    HealthCheckType: row.settings.HealthCheckType,
    Instances: hasInstances
      ? Array.from(members.values(), (member) => memberOut(scaling, row, member))
      : [],
    CreatedTime: new Date(row.createdAtMs),
    SuspendedProcesses: [],
    VPCZoneIdentifier: placement.subnetIds.join(','),
    EnabledMetrics: [],
    Status: row.isDeleting ? 'Delete in progress' : undefined,
    Tags: [...tagsOut(row)],
    TrafficSources: [],
  };
};

type Test = (group: GroupRow) => boolean;

const testOf = ({ Name: name = '', Values: values = [] }: Filter): Test => {
  if (name === 'tag-key') return ({ tags }) => values.some((key) => tags.has(key));
  if (name === 'tag-value') {
    return ({ tags }) => [...tags.values()].some(({ value }) => values.includes(value));
  }
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return ({ tags }) => values.includes(tags.get(key)?.value ?? '') && tags.has(key);
  }
  throw invalid(`Invalid filter: ${name}. Valid filters: tag-key, tag-value, tag:<key>.`);
};

/** Names that there are not are left out. @throws ApiError `ValidationError` */
export const describeGroups = (
  scaling: AutoScaling,
  input: AutoScalingGroupNamesType,
  call: Call,
): AutoScalingGroupsType => {
  const { AutoScalingGroupNames: names = [], Filters: filters = [] } = input;
  const tests = filters.map(testOf);
  const all = scaling
    .groupsOf(call)
    .filter((row) => names.length === 0 || names.includes(row.name))
    .filter((row) => tests.every((holds) => holds(row)));
  const { rows, next } = pageOf(all, ({ name }) => name, input, 100);
  const hasInstances = input.IncludeInstances ?? true;
  return {
    AutoScalingGroups: rows.map((row) => groupOut(scaling, row, hasInstances)),
    NextToken: next,
  };
};

/** Here health is in capitals. */
const detailsOut = (
  scaling: AutoScaling,
  group: GroupRow,
  member: MemberRow,
): AutoScalingInstanceDetails => {
  const out = memberOut(scaling, group, member);
  return {
    ...out,
    AutoScalingGroupName: group.name,
    HealthStatus: out.HealthStatus.toUpperCase(),
  };
};

/** Instances that are in no group are left out. */
export const describeInstances = (
  scaling: AutoScaling,
  input: DescribeAutoScalingInstancesType,
  call: Call,
): AutoScalingInstancesType => {
  const { InstanceIds: ids = [] } = input;
  const all = scaling
    .groupsOf(call)
    .flatMap((group) => Array.from(group.members.values(), (member) => ({ group, member })))
    .filter(({ member }) => ids.length === 0 || ids.includes(member.instanceId))
    .toSorted((a, b) => (a.member.instanceId < b.member.instanceId ? -1 : 1));
  const { rows, next } = pageOf(all, ({ member }) => member.instanceId, input, 50);
  return {
    AutoScalingInstances: rows.map(({ group, member }) => detailsOut(scaling, group, member)),
    NextToken: next,
  };
};
