import type { Observation, ReferenceSource, Tags, Target } from './model.ts';
import type { PointName } from './naming.ts';
import type { PolicySet } from './policy.ts';
import type { Reason } from './reasons.ts';

/** Everything that a plan depends on. Nothing else may decide: no clock, no chance, no I/O. */
export interface PlanInput {
  readonly observation: Observation;
  readonly policySet: PolicySet;
  readonly deployment: string;
  /** Targets whose instances this deployment backs up. Any other target is only copied to. */
  readonly homes: readonly Target[];
  readonly nowMs: number;
  /** Who must have been asked before an image may go: one that is not in `uses` protects. */
  readonly sources: readonly ReferenceSource[];
  /** What earlier hops of the same retirement run have removed already. */
  readonly spent: Spent;
}

export interface Spent {
  readonly removed: number;
  /** Of `removed`, those that count towards the percentage. */
  readonly counted: number;
}

export const NOTHING_SPENT: Spent = { removed: 0, counted: 0 };

export type Verdict =
  | 'create'
  | 'copy'
  | 'tag'
  | 'adopt'
  | 'retire'
  | 'delete-snapshot'
  | 'keep'
  | 'protect'
  | 'defer'
  | 'wait'
  | 'ignore';

/** What is to become of one object, and why. "Nothing" is a decision too. */
export interface Decision {
  readonly kind: 'instance' | 'image' | 'snapshot';
  readonly id: string;
  readonly policyId?: string;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

export interface CreateAction {
  readonly kind: 'create';
  readonly point: PointName;
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  readonly reboot: boolean;
  /** Devices that the image leaves out. */
  readonly excludedDevices: readonly string[];
  /** The failed image that this try follows, if there is one. */
  readonly failedImage?: FailedImage;
  readonly reasons: readonly Reason[];
}

export interface FailedImage {
  readonly imageId: string;
  readonly message: string;
}

export interface CopyAction {
  readonly kind: 'copy';
  readonly point: PointName;
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  readonly sourceImageId: string;
  readonly sourceRegion: string;
  /** When it was planned. The same copy asked for much later is another one. */
  readonly plannedMs: number;
  readonly kmsKey?: string;
  readonly failedImage?: FailedImage;
  readonly reasons: readonly Reason[];
}

/** Tags to be written: what is missing or differs, and no more. */
export interface TagAction {
  readonly kind: 'tag';
  /** An image, or a snapshot of one. */
  readonly resourceId: string;
  readonly tags: Tags;
  readonly reasons: readonly Reason[];
}

export interface RetireAction {
  readonly kind: 'retire';
  readonly point: PointName;
  readonly imageId: string;
  readonly snapshots: 'delete' | 'keep';
  readonly snapshotIds: readonly string[];
  /** What removal frees at most: snapshots are incremental, so it may be far less. */
  readonly sizeGiB: number;
  /** Whether it is a failed image, which was never a point to restore from. */
  readonly isFailed: boolean;
  /** Whether it counts towards the percentage of the run. */
  readonly isCounted: boolean;
  /** Good points that must still be there when this one goes: those that retention keeps. */
  readonly survivorIds: readonly string[];
  /** Good copies, by Region, for which this one is no longer owed: they must be there too. */
  readonly copyIds: Readonly<Record<string, readonly string[]>>;
  /** Set if it goes because its source is gone: the home where that must be proven once more. */
  readonly goneFrom?: Target;
  readonly reasons: readonly Reason[];
}

export interface DeleteSnapshotAction {
  readonly kind: 'delete-snapshot';
  readonly snapshotId: string;
  readonly sizeGiB: number;
  /** Set if it goes because its source is gone: the home where that must be proven once more. */
  readonly goneFrom?: Target;
  readonly reasons: readonly Reason[];
}

export type BackupAction = CreateAction | CopyAction;
export type RemovalAction = RetireAction | DeleteSnapshotAction;

/** Whatever a plan may want done. */
export type AnyAction = BackupAction | TagAction | RemovalAction;

export interface Plan {
  readonly target: Target;
  readonly instantMs: number;
  readonly decisions: readonly Decision[];
  /** In the order in which they are to be done: what is due, then copies. */
  readonly backups: readonly BackupAction[];
  /** Tags that differ from what the policies say, on what is there. */
  readonly repairs: readonly TagAction[];
  readonly removals: readonly RemovalAction[];
  /** Destinations that this home should wake: they lack copies that they want. */
  readonly wakes: readonly Target[];
  /** Reads that fell short, and what was therefore not decided. */
  readonly problems: readonly string[];
}

/** The part of a plan that makes points. */
export type BackupPlan = Pick<Plan, 'decisions' | 'backups' | 'repairs' | 'wakes' | 'problems'>;

/** The part of a plan that removes. */
export type RemovalPlan = Pick<Plan, 'decisions' | 'removals' | 'problems'>;

/** A part of a plan, as one of its planners makes it. */
export interface PlanPart<Action> {
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
}
