import type { Unknown } from './audit-report.ts';
import type { Verdict } from './decision.ts';
import type { ReasonId } from './reasons.ts';

/** What an explanation tells: plain data, of which text and JSON show the same. */

export type ExplainedKind = 'image' | 'instance' | 'snapshot';

export interface Explanation {
  readonly id: string;
  readonly kind: ExplainedKind;
  /** The AMI name of an image, the Name tag of anything else; empty where there is none. */
  readonly name: string;
  /** `others`: somebody else's, seen since something here launches from it. */
  readonly presence: 'own' | 'others' | 'not-seen';
  /** Of one that was not seen: whether that proves that it is not there. */
  readonly absence?: 'proven' | 'unproven';
  /** `account/region` that it was seen in. */
  readonly target?: string;
  /** What becomes of it, in a sentence. */
  readonly headline: string;
  /** What is to be known besides, in sentences. */
  readonly notes: readonly string[];
  readonly facts: readonly Fact[];
  /** What the planner decides about it, what matters most first; empty where no policy was read. */
  readonly decisions: readonly ExplainedDecision[];
  /** Of an instance: whether each policy selects it. */
  readonly selections: readonly ExplainedSelection[];
  /** Of an instance: what each policy that selects it has of it. */
  readonly coverage: readonly ExplainedCoverage[];
  readonly references: readonly ExplainedReference[];
  readonly related: readonly Related[];
  /** What would change, those with an instant first, in their order. */
  readonly timeline: readonly TimelineEvent[];
  /** What could not be read whole, so that what it does not show is not known. */
  readonly unknown: readonly Unknown[];
}

export interface Fact {
  /** A word or a few, such as `created`. */
  readonly name: string;
  readonly value: string;
}

export interface ExplainedReason {
  readonly id: ReasonId;
  /** Such as `kept-as-daily`. */
  readonly name: string;
  readonly evidence?: string;
  /** What it means and what a reader can do. */
  readonly meaning: string;
}

export interface ExplainedDecision {
  /** `account/region` whose plan says so. */
  readonly target: string;
  readonly policy?: string;
  readonly verdict: Verdict;
  readonly reasons: readonly ExplainedReason[];
}

export interface ExplainedSelection {
  readonly policy: string;
  readonly isSelected: boolean;
  readonly reason: ExplainedReason;
}

export interface ExplainedCoverage {
  readonly policy: string;
  readonly isInsideRpo: boolean;
  readonly rpoHours: number;
  /** The newest good point; absent if there is none. */
  readonly newest?: { readonly imageId: string; readonly capturedAt: string };
  readonly copies: readonly { readonly region: string; readonly hasCopy: boolean }[];
}

/** How much a reference means: whether something may launch by it, and by which version. */
export type ReferenceLabel =
  | 'can launch now'
  | 'pinned'
  | 'only old'
  | 'others may launch'
  | 'told only';

export interface ExplainedReference {
  readonly target: string;
  /** Who was asked, such as `launch-templates`. */
  readonly source: string;
  /** Evidence, such as `i-0aa (stopped)`. */
  readonly by: string;
  readonly label: ReferenceLabel;
  /** Whether it forbids a removal. */
  readonly holds: boolean;
}

/** Another object that has to do with it. */
export interface Related {
  readonly target: string;
  readonly id: string;
  readonly name: string;
  /** What it is to the explained one, such as `copied from it`. */
  readonly how: string;
}

export interface TimelineEvent {
  /** ISO 8601; absent of what waits for somebody, not for a time. */
  readonly at?: string;
  readonly what: string;
  /** What the planner would then say of it. */
  readonly verdict?: Verdict;
  readonly reasons: readonly ExplainedReason[];
}
