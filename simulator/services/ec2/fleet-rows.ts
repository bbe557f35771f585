/** The rows of EC2 Fleets and of Spot Fleet requests, which are kept alike. */
import type {
  FleetLaunchTemplateConfig,
  LaunchTemplateAndOverridesResponse,
  LaunchTemplateConfig,
  SpotFleetLaunchSpecification,
} from '@aws-sdk/client-ec2';
import type { Tags } from './row-parts.ts';

export type FleetType = 'instant' | 'request' | 'maintain';

/** Of an EC2 Fleet `ended` is told as `deleted`, of a Spot Fleet request as `cancelled`. */
export type FleetState =
  | 'submitted'
  | 'active'
  | 'modifying'
  | 'ended_running'
  | 'ended_terminating'
  | 'ended';

export type FleetLifecycle = 'on-demand' | 'spot';

/** In instances, or in the weights of the overrides. */
export interface FleetTarget {
  readonly total: number;
  readonly onDemand: number;
  readonly defaultType: FleetLifecycle;
}

/** What a fleet launches by: templates with their overrides, or launch specifications. */
export interface FleetSource {
  readonly configs?: readonly (FleetLaunchTemplateConfig & LaunchTemplateConfig)[] | undefined;
  /** Only of Spot Fleets. */
  readonly specifications?: readonly SpotFleetLaunchSpecification[] | undefined;
}

/** An instance of a fleet. What state it is in is in its own row. */
export interface FleetMemberRow {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly isWindows: boolean;
  readonly lifecycle: FleetLifecycle;
  readonly weight: number;
  readonly source: LaunchTemplateAndOverridesResponse;
}

/** A launch that EC2 refused. */
export interface FleetErrorRow {
  readonly source: LaunchTemplateAndOverridesResponse;
  readonly lifecycle: FleetLifecycle;
  readonly code: string;
  readonly message: string;
}

export interface FleetRow {
  /** `fleet-` or `sfr-`, and a UUID. */
  readonly fleetId: string;
  readonly ownerId: string;
  readonly createdAtMs: number;
  readonly type: FleetType;
  readonly tags: Tags;
  /** What is only told of it, in the words of the API that made it. */
  readonly settings: object;
  /** Whether launches go round the overrides, or take the first that can be launched. */
  readonly isDiversified: boolean;
  readonly isPrioritized: boolean;
  source: FleetSource;
  target: FleetTarget;
  /** Whether instances above a lower target stay. */
  keepsExcess: boolean;
  state: FleetState;
  /** By instance id, in the order in which they were launched. */
  readonly members: Map<string, FleetMemberRow>;
  /** Of the last launches; what an instant fleet tells of for good. */
  errors: readonly FleetErrorRow[];
  /** When it looks after its instances next, if that is on the agenda. */
  dueAtMs: number | undefined;
  /** Since when launches have failed, and how long it waits before it tries again. */
  failure: { readonly sinceMs: number; readonly delayMs: number } | undefined;
}
