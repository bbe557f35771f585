/** The rows in which the embedded EC2 keeps what exists. Only services/ec2 changes them. */
import type { DiskRow, ProductCode, Reason, Tags } from './row-parts.ts';
import type { SnapshotCopy, SnapshotLock, Tiering } from './snapshot-facts.ts';

export type { InstanceRow, InstanceState } from './instance-rows.ts';
export type { DiskRow, ProductCode, Reason, Tags } from './row-parts.ts';
export type { TemplateRow, TemplateVersionRow } from './template-rows.ts';
export type { VolumeRow } from './volume-rows.ts';

/** `deregistered` only in what describes show of an image that is gone. */
export type ImageState = 'pending' | 'available' | 'failed' | 'disabled' | 'deregistered';

export interface ImageRow {
  readonly imageId: string;
  readonly ownerId: string;
  readonly region: string;
  readonly name: string;
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
  readonly sriovNetSupport?: string | undefined;
  readonly kernelId?: string | undefined;
  readonly ramdiskId?: string | undefined;
  readonly uefiData?: string | undefined;
  readonly ownerAlias?: string | undefined;
  readonly productCodes?: readonly ProductCode[] | undefined;
  readonly sourceInstanceId?: string | undefined;
  readonly sourceImageId?: string | undefined;
  readonly sourceImageRegion?: string | undefined;
  readonly madeBy: 'CreateImage' | 'CopyImage' | 'RegisterImage' | 'seed';
  readonly tags: Tags;
  /** Account ids, and ARNs of organizations and their units. */
  readonly launchPermissions: Set<string>;
  isPublic: boolean;
  description?: string | undefined;
  imdsSupport?: string | undefined;
  state: ImageState;
  stateReason?: Reason | undefined;
  /** `disabled`, `enabled-with-cooldown`, `enabled-without-cooldown`. */
  protection: string;
  /** While the cooldown runs: when it ends. */
  protectedUntilMs?: number | undefined;
  /** Launches that the owner has yet to be told of, and the last one before: see noteLaunch. */
  launchesAtMs?: readonly number[] | undefined;
  deprecatedAtMs?: number | undefined;
  /** See Taggable. */
  tagVersion?: number | undefined;
}

/** What is still known of an image that was deregistered. */
export interface GoneImageRow
  extends Pick<
    ImageRow,
    | 'imageId'
    | 'ownerId'
    | 'ownerAlias'
    | 'name'
    | 'createdAtMs'
    | 'deprecatedAtMs'
    | 'isPublic'
    | 'sourceImageId'
    | 'sourceImageRegion'
    | 'imdsSupport'
    | 'tpmSupport'
    | 'sriovNetSupport'
  > {}

export interface SnapshotRow {
  readonly snapshotId: string;
  readonly ownerId: string;
  /** `amazon`, of a few. */
  readonly ownerAlias?: string | undefined;
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly description: string;
  readonly startedAtMs: number;
  readonly visibleAtMs: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  /** Of a copy: the volume, and its Region, that the data came from in the first place. */
  readonly lineage?: string | undefined;
  /** Of a copy: what it is of, and how it is made. */
  readonly copy?: SnapshotCopy | undefined;
  readonly tags: Tags;
  /** Accounts, other than its owner, that may make volumes and copies of it. */
  readonly createVolumePermissions: Set<string>;
  /** Whether every account may: the group `all` has the permission. */
  isPublic: boolean;
  /** When it is no longer `pending`; it is then `completed`, or `error` if there is a message. */
  endsAtMs: number;
  error?: string | undefined;
  /** Somebody asked to delete it while it was `pending`: it goes when it is no longer. */
  isDoomed?: boolean | undefined;
  /** Of one that was archived or restored, or is being so. */
  tiering?: Tiering | undefined;
  lock?: SnapshotLock | undefined;
  /** See Taggable. */
  tagVersion?: number | undefined;
}

/** What a call with a client token made. */
export interface TokenRow {
  /** The request in a form that can be compared. */
  readonly request: string;
  readonly madeId: string;
  readonly atMs: number;
}
