/** The rows of instances. */
import type { DiskRow, ProductCode, Reason, Tags } from './row-parts.ts';

export type InstanceState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

/** What can be changed with ModifyInstanceAttribute; always replaced as a whole. */
export interface InstanceAttributes {
  readonly instanceType: string;
  readonly securityGroupIds: readonly string[];
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly ebsOptimized: boolean;
  readonly enaSupport: boolean;
  readonly sourceDestCheck: boolean;
  /** Base64. */
  readonly userData?: string | undefined;
}

/** How the instance metadata service answers, in EC2's own words. */
export interface MetadataOptions {
  readonly httpEndpoint: string;
  readonly httpTokens: string;
  readonly hopLimit: number;
  readonly protocolIpv6: string;
  readonly instanceTags: string;
}

/** The one network interface that an instance has. */
export interface InterfaceRow {
  readonly networkInterfaceId: string;
  readonly attachmentId: string;
  readonly macAddress: string;
  readonly description: string;
  readonly deleteOnTermination: boolean;
  readonly tags: Tags;
}

export interface InstanceRow {
  readonly instanceId: string;
  readonly reservationId: string;
  /** Its place among those of one launch, from 0 on. */
  readonly launchIndex: number;
  readonly clientToken?: string | undefined;
  readonly ownerId: string;
  readonly imageId: string;
  readonly architecture: string;
  readonly platformDetails: string;
  /** Those of its image. */
  readonly productCodes?: readonly ProductCode[] | undefined;
  readonly virtualizationType: 'hvm' | 'paravirtual';
  readonly bootMode?: string | undefined;
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly privateIp: string;
  readonly networkInterface: InterfaceRow;
  readonly keyName?: string | undefined;
  readonly instanceProfile?: { readonly arn: string; readonly id: string } | undefined;
  readonly metadata: MetadataOptions;
  readonly isMonitored: boolean;
  /** `default` or `disabled`. */
  readonly autoRecovery: string;
  readonly tags: Tags;
  attributes: InstanceAttributes;
  disks: readonly DiskRow[];
  launchedAtMs: number;
  state: InstanceState;
  stateReason?: Reason | undefined;
  transitionReason: string;
  /** Counts changes of state: a timer of an older one has nothing more to say. */
  turn: number;
  /** See Taggable. */
  tagVersion?: number | undefined;
}
