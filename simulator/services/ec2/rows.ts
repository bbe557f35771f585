/** The rows in which the embedded EC2 keeps what exists. Only services/ec2 changes them. */

export type Tags = Map<string, string>;

/** A disk of an image or of an instance, in the order of its mapping. */
export interface DiskRow {
  readonly deviceName: string;
  /** An EBS disk of an image has one; an ephemeral disk has not. */
  readonly snapshotId?: string | undefined;
  /** An attached disk of an instance has one. */
  readonly volumeId?: string | undefined;
  /** `ephemeral0`: instance store. */
  readonly virtualName?: string | undefined;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly deleteOnTermination: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
}

export type ImageState = 'pending' | 'available' | 'failed' | 'disabled';

export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface ImageRow {
  readonly imageId: string;
  readonly ownerId: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly createdAtMs: number;
  readonly visibleAtMs: number;
  /** Of the call that made it: its events carry it. */
  readonly requestId: string;
  readonly disks: readonly DiskRow[];
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly architecture: string;
  readonly platformDetails: string;
  readonly virtualizationType: 'hvm' | 'paravirtual';
  readonly enaSupport: boolean;
  readonly bootMode?: string | undefined;
  readonly tpmSupport?: string | undefined;
  readonly imdsSupport?: string | undefined;
  readonly ownerAlias?: string | undefined;
  readonly sourceInstanceId?: string | undefined;
  readonly sourceImageId?: string | undefined;
  readonly sourceImageRegion?: string | undefined;
  readonly madeBy: 'CreateImage' | 'CopyImage' | 'RegisterImage' | 'seed';
  readonly tags: Tags;
  readonly launchPermissions: Set<string>;
  isPublic: boolean;
  state: ImageState;
  stateReason?: Reason | undefined;
  /** `disabled`, `enabled-with-cooldown`, `enabled-without-cooldown`. */
  protection: string;
  /** While the cooldown runs: when it ends. */
  protectedUntilMs?: number | undefined;
  lastLaunchedAtMs?: number | undefined;
  deprecatedAtMs?: number | undefined;
}

export interface SnapshotRow {
  readonly snapshotId: string;
  readonly ownerId: string;
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly description: string;
  readonly startedAtMs: number;
  readonly visibleAtMs: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Tags;
  /** When it is no longer `pending`; it is then `completed`, or `error` if there is a message. */
  endsAtMs: number;
  error?: string | undefined;
}

export interface VolumeRow {
  readonly volumeId: string;
  readonly ownerId: string;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly availabilityZone: string;
  readonly createdAtMs: number;
  readonly tags: Tags;
  attachment?:
    | {
        readonly instanceId: string;
        readonly deviceName: string;
        readonly deleteOnTermination: boolean;
        readonly attachedAtMs: number;
      }
    | undefined;
}

export type InstanceState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

export interface InstanceRow {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly ownerId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly architecture: string;
  readonly platformDetails: string;
  readonly virtualizationType: 'hvm' | 'paravirtual';
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly privateIp: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName?: string | undefined;
  readonly instanceProfileArn?: string | undefined;
  readonly tags: Tags;
  disks: readonly DiskRow[];
  launchedAtMs: number;
  state: InstanceState;
  stateReason?: Reason | undefined;
  transitionReason: string;
  /** Counts changes of state: a timer of an older one has nothing more to say. */
  turn: number;
}

export interface TemplateVersionRow {
  readonly version: number;
  readonly description?: string | undefined;
  readonly createdAtMs: number;
  readonly data: object;
  readonly imageId?: string | undefined;
}

export interface TemplateRow {
  readonly templateId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly versions: TemplateVersionRow[];
  readonly tags: Tags;
  defaultVersion: number;
}

/** What a call with a client token made. */
export interface TokenRow {
  /** The request in a form that can be compared. */
  readonly request: string;
  readonly madeId: string;
  readonly atMs: number;
}
