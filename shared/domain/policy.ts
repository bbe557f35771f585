import type { Schedule } from './schedule.ts';

/** A policy document, validated: what every planner works from. Frozen by its loader. */
export interface PolicySet {
  readonly limits: Limits;
  readonly policies: readonly Policy[];
}

export interface Limits {
  /** The most that one retirement run may remove from one target. */
  readonly maxRemovals: { readonly count: number; readonly percent: number };
  /** Available points that stay, per policy, source and place, whatever else is said. */
  readonly keepAtLeast: number;
}

export interface Policy {
  readonly id: string;
  /** Earlier ids, whose points this policy takes over. */
  readonly formerly: readonly string[];
  readonly select: Selection;
  readonly when: readonly Trigger[];
  /** The greatest tolerated age of a source's newest point, by capture time. */
  readonly rpoMs: number;
  readonly image: { readonly reboot: boolean };
  readonly tags: TagRules;
  readonly keep: Keep;
  readonly copyTo: readonly CopyDestination[];
  readonly retire: { readonly snapshots: 'delete' | 'keep' };
}

export interface Trigger {
  readonly schedule: Schedule;
  /** How late after its slot a point still counts as on time. */
  readonly startWithinMs: number;
  /** How late after its slot a missed point is still made. */
  readonly catchUpMs: number;
}

/** Key -> accepted values; `*` and `?` are wildcards. AND across keys, OR among values. */
export type TagPatterns = Readonly<Record<string, readonly string[]>>;

export interface Selection {
  readonly tags: TagPatterns;
  /** An instance that matches any one of these keys is left out. */
  readonly not: { readonly tags: TagPatterns };
  readonly states: readonly ('running' | 'stopped')[];
  readonly autoScalingMembers: boolean;
}

export interface TagRules {
  /** Patterns of instance tag keys that the point carries on. */
  readonly copy: readonly string[];
  /** Tags set on the point; values may hold `{slot}`, `{policy}`, `{source}` and `{deployment}`. */
  readonly set: Readonly<Record<string, string>>;
}

/** Any rule keeps. A rule that is absent keeps nothing; at least one is present. */
export interface Keep {
  readonly last?: number;
  readonly withinMs?: number;
}

export interface CopyDestination {
  readonly region: string;
  readonly kmsKey?: string;
  readonly keep: Keep;
}

/** The policy that owns points written under `policyId`, now or under a former name. */
export const policyOf = (set: PolicySet, policyId: string): Policy | undefined =>
  set.policies.find((policy) => policy.id === policyId || policy.formerly.includes(policyId));
