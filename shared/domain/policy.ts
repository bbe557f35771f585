import type { Duration } from './duration.ts';
import type { Schedule } from './schedule.ts';
import type { Window } from './windows.ts';

/** Policy documents, validated and joined: what every planner works from. Frozen by their loader. */
export interface PolicySet {
  readonly limits: Limits;
  readonly policies: readonly Policy[];
  readonly adoptions: readonly Adoption[];
  readonly tagPolicies: readonly TagPolicy[];
}

export interface Limits {
  /** The most that one retirement run may remove from one target. */
  readonly maxRemovals: { readonly count: number; readonly percent: number };
  /** Available points that stay, per policy, source and place, whatever else is said. */
  readonly keepAtLeast: number;
}

/** What backups and adopted images have in common: a lineage, and how long it is kept. */
export interface RetentionRules {
  readonly id: string;
  /** Earlier ids, whose points this policy takes over. */
  readonly formerly: readonly string[];
  /** IANA name of the zone in which the periods of `keep` are counted. */
  readonly timezone: string;
  readonly keep: Keep;
  readonly retire: RetireRules;
}

export interface Policy extends RetentionRules {
  readonly select: Selection;
  readonly when: readonly Trigger[];
  /** While one of them lasts, no point is begun; a slot that falls into one waits for its end. */
  readonly blackout: readonly Window[];
  /** The greatest tolerated age of a source's newest point, by capture time. */
  readonly rpoMs: number;
  readonly image: ImageOptions;
  readonly tags: TagRules;
  /** A tag of the instance, or of the image, in which people write how long a point is kept. */
  readonly keepFrom?: KeepFrom;
  readonly whenSourceGone?: WhenSourceGone;
  readonly copyTo: readonly CopyDestination[];
}

/** Images that others built, taken over where they are. */
export interface Adoption extends RetentionRules {
  readonly images: ImageCriteria;
  /** The tag whose value says which images belong together; without it all are one group. */
  readonly groupByTag?: string;
}

/** Tags that images ought to have, whoever made them. It only adds and corrects. */
export interface TagPolicy {
  readonly id: string;
  readonly images: ImageCriteria;
  /** Values are templates. Never a key that begins with `imago:` or `aws:`. */
  readonly set: Readonly<Record<string, string>>;
  /** Whether a value that differs is corrected; else only a missing key is added. */
  readonly overwrite: boolean;
  /** Whether the snapshots of such an image get the same. */
  readonly snapshots: boolean;
}

/** All that are given must hold; an empty list demands nothing. */
export interface ImageCriteria {
  /** Wildcard patterns of the image's name, of which one must match. */
  readonly names: readonly string[];
  readonly tags: TagPatterns;
  readonly not: { readonly names: readonly string[]; readonly tags: TagPatterns };
}

export type Trigger = ScheduleTrigger | EventTrigger;

interface TriggerParts {
  /** By which an instance's tag `imago:schedule` picks it. */
  readonly name?: string;
  /** Whether it counts only for instances that pick it. */
  readonly isOptional: boolean;
  /** How late after its slot a point still counts as on time. */
  readonly startWithinMs: number;
}

export interface ScheduleTrigger extends TriggerParts {
  readonly kind: 'schedule';
  readonly schedule: Schedule;
  /** How late after its slot a missed point is still made. */
  readonly catchUpMs: number;
  /** Sources begin within this long after the slot, each at a moment of its own; 0 for at once. */
  readonly jitterMs: number;
}

export interface EventTrigger extends TriggerParts {
  readonly kind: 'event';
  readonly event: 'stopped' | 'running' | 'tag-changed';
  /** The slot of an event is the start of the interval, counted from the epoch, that it falls in. */
  readonly atMostEveryMs: number;
}

/** Key -> accepted values; `*` and `?` are wildcards. AND across keys, OR among values. */
export type TagPatterns = Readonly<Record<string, readonly string[]>>;

/** What one branch of a selection demands; all that is given must hold. */
export interface InstanceCriteria {
  /** Wildcard patterns of instance ids, of which one must match; none demands nothing. */
  readonly ids: readonly string[];
  readonly tags: TagPatterns;
}

export interface Selection extends InstanceCriteria {
  /** Of these at least one must hold too, if there are any. */
  readonly anyOf: readonly InstanceCriteria[];
  /** An instance that matches any one of these ids or tag keys is left out. */
  readonly not: InstanceCriteria;
  readonly states: readonly ('running' | 'stopped')[];
  readonly autoScalingMembers: boolean;
  /** By the time since the instance was last launched. */
  readonly olderThanMs?: number;
  readonly youngerThanMs?: number;
}

export interface ImageOptions {
  readonly reboot: boolean;
  /** How many instances of the policy may be rebooted at once; all, if it is not said. */
  readonly batchSize?: number;
  /** How long after one batch the next begins. */
  readonly staggerMs: number;
  readonly excludeVolumes: VolumeExclusion;
  /** A template; the planner's own words, if it is not said. */
  readonly description?: string;
  /** A template for the tag `Name` of the image and its snapshots. */
  readonly name?: string;
  /** Patterns of tag keys that each snapshot carries on from its own volume. */
  readonly volumeTags: readonly string[];
}

/** Any rule leaves a volume out. The root volume is never left out. */
export interface VolumeExclusion {
  /** Of these a volume need match only one. */
  readonly tags: TagPatterns;
  /** Wildcard patterns of device names such as `/dev/sdf`. */
  readonly devices: readonly string[];
  readonly allButRoot: boolean;
}

export const NO_EXCLUSION: VolumeExclusion = { tags: {}, devices: [], allButRoot: false };

export interface TagRules {
  /** Patterns of instance tag keys that the point carries on; where room is short, earlier ones win. */
  readonly copy: readonly string[];
  /** Patterns of keys that are not carried on after all. */
  readonly exclude: readonly string[];
  /** Tags set on the point; values are templates. */
  readonly set: Readonly<Record<string, string>>;
  /** Keys that a source ought to have; one that lacks some is reported, and backed up all the same. */
  readonly required: readonly string[];
}

/** Numbers of periods; `all` for every period there is. */
export type PeriodCount = number | 'all';

/**
 * Any rule keeps. A rule that is absent keeps nothing; at least one is present. The semantics are
 * those of `restic forget` (restic's documentation, "Removing snapshots according to a policy").
 */
export interface Keep {
  readonly last?: PeriodCount;
  readonly hourly?: PeriodCount;
  readonly daily?: PeriodCount;
  readonly weekly?: PeriodCount;
  readonly monthly?: PeriodCount;
  readonly yearly?: PeriodCount;
  /** Durations count back from the newest good point of the group. */
  readonly within?: Duration;
  readonly withinHourly?: Duration;
  readonly withinDaily?: Duration;
  readonly withinWeekly?: Duration;
  readonly withinMonthly?: Duration;
  readonly withinYearly?: Duration;
}

/**
 * The value is a duration (`30d`), tiers (`daily=7,weekly=4`), or a bare number if there is a unit.
 * What a tag says is kept beside what `keep` keeps: it can only lengthen. With a floor it stands
 * instead of `keep`, and the floor is kept beside it.
 */
export interface KeepFrom {
  readonly tag: string;
  /** Of a bare number. */
  readonly unit?: 'y' | 'mo' | 'w' | 'd' | 'h';
  readonly floor?: Keep;
}

/** Of a source that is proven gone, this many of the newest points are kept, and only for so long. */
export interface WhenSourceGone {
  readonly keepLast: number;
  /** From the newest point's instant; for ever, if it is not said. */
  readonly for?: Duration;
}

export interface RetireRules {
  readonly snapshots: 'delete' | 'keep';
  /** Windows in which retirement may remove; at any time, if there are none. */
  readonly during: readonly Window[];
}

export interface CopyDestination {
  readonly region: string;
  readonly kmsKey?: string;
  readonly keep: Keep;
}

/** The policy that owns points written under `policyId`, now or under a former name. */
export const policyOf = (set: PolicySet, policyId: string): Policy | undefined =>
  set.policies.find((policy) => policy.id === policyId || policy.formerly.includes(policyId));
