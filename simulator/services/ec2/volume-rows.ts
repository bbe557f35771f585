/** The rows of volumes. */
import type { Tags } from './row-parts.ts';

export type VolumeState = 'creating' | 'available' | 'in-use' | 'deleting';

export interface Attachment {
  readonly instanceId: string;
  readonly deviceName: string;
  readonly deleteOnTermination: boolean;
  readonly attachedAtMs: number;
  readonly state: 'attaching' | 'attached' | 'detaching';
}

/** What a volume can be modified in. */
export interface VolumeShape {
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly iops?: number | undefined;
  /** MiB per second. */
  readonly throughput?: number | undefined;
}

/** A modification: under way, or the last one. */
export interface VolumeModification {
  readonly from: VolumeShape;
  readonly to: VolumeShape;
  readonly startedAtMs: number;
  /** When it is no longer `modifying`, but `optimizing`: the new shape is in use from then on. */
  readonly appliedAtMs: number;
  readonly completedAtMs: number;
}

export interface VolumeRow {
  readonly volumeId: string;
  readonly ownerId: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly availabilityZone: string;
  readonly createdAtMs: number;
  readonly multiAttach: boolean;
  readonly tags: Tags;
  shape: VolumeShape;
  state: VolumeState;
  attachment?: Attachment | undefined;
  modification?: VolumeModification | undefined;
  /** Its snapshots that are unfinished, or were begun just now: see snapshot-limits. */
  recentSnapshotIds?: readonly string[] | undefined;
  /** See Taggable. */
  tagVersion?: number | undefined;
}
