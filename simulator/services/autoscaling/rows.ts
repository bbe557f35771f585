/** Auto Scaling groups and launch configurations as they are saved. */
import type {
  CreateAutoScalingGroupType,
  LaunchConfiguration,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling';
import type { Place } from '../events/rows.ts';

/** What a group launches by: exactly one of them, with templates by id, name and version. */
export interface LaunchSource {
  readonly LaunchConfigurationName?: string | undefined;
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly MixedInstancesPolicy?: MixedInstancesPolicy | undefined;
}

/** What is only told of a group, or decides in small how it acts. */
export type GroupSettings = Pick<
  CreateAutoScalingGroupType,
  | 'DefaultCooldown'
  | 'HealthCheckType'
  | 'HealthCheckGracePeriod'
  | 'TerminationPolicies'
  | 'NewInstancesProtectedFromScaleIn'
  | 'CapacityRebalance'
  | 'ServiceLinkedRoleARN'
  | 'Context'
  | 'DefaultInstanceWarmup'
  | 'InstanceMaintenancePolicy'
  | 'AvailabilityZoneDistribution'
>;

export interface GroupSize {
  readonly min: number;
  readonly max: number;
  /** In instances, or in the weights of a mixed instances policy. */
  readonly desired: number;
}

/** Where instances are launched: into the subnets if there are any, else into the zones' default ones. */
export interface Placement {
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
}

export interface TagRow {
  readonly value: string;
  readonly isPropagated: boolean;
}

/** An instance of a group. What state it is in is EC2's to say. */
export interface MemberRow {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly launchConfigurationName?: string | undefined;
  /** With the version that `$Default` or `$Latest` stood for. */
  readonly template?: LaunchTemplateSpecification | undefined;
  /** Of an override that names its own. */
  readonly imageId?: string | undefined;
  readonly weight?: number | undefined;
  readonly isProtected: boolean;
  readonly launchedAtMs: number;
  readonly isTerminating: boolean;
}

/** Since when launches have failed, and how long it waits before it tries again. */
export interface LaunchFailure {
  readonly sinceMs: number;
  readonly delayMs: number;
}

export interface GroupRow extends Place {
  readonly name: string;
  /** A UUID: part of its ARN. */
  readonly uuid: string;
  readonly createdAtMs: number;
  source: LaunchSource;
  size: GroupSize;
  placement: Placement;
  settings: GroupSettings;
  readonly tags: Map<string, TagRow>;
  /** By instance id, in the order in which they were launched. */
  readonly members: Map<string, MemberRow>;
  isDeleting: boolean;
  /** When it last launched or terminated on its own: the cooldown counts from then. */
  scaledAtMs: number | undefined;
  /** When it looks after its instances next, if that is on the agenda. */
  dueAtMs: number | undefined;
  failure: LaunchFailure | undefined;
}

export interface ConfigurationRow extends Place {
  readonly name: string;
  readonly uuid: string;
  readonly createdAtMs: number;
  /** As it is described. */
  readonly data: Omit<
    LaunchConfiguration,
    'LaunchConfigurationName' | 'LaunchConfigurationARN' | 'CreatedTime'
  >;
}

export const groupArnOf = ({ account, region, uuid, name }: GroupRow): string =>
  `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${uuid}:autoScalingGroupName/${name}`;

export const configurationArnOf = ({ account, region, uuid, name }: ConfigurationRow): string =>
  `arn:aws:autoscaling:${region}:${account}:launchConfiguration:${uuid}:` +
  `launchConfigurationName/${name}`;
