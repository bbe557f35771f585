import type { Coverage } from '../shared/domain/coverage.ts';
import type { Reason } from '../shared/domain/reasons.ts';

/** What a run of virtual days came to: the whole of out/run.json, and what the text is made from. */
export interface MonthResult {
  readonly seed: number;
  readonly days: number;
  readonly instances: number;
  readonly account: string;
  readonly home: string;
  readonly destinations: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly wiredFrom: string;
  readonly policyFile: string;
  readonly retireMode: string;
  /** What the embedded cloud was told to break: `none`, `mild`, `rough`. */
  readonly faults: string;
  readonly policies: readonly PolicyResult[];
  readonly coverage: readonly Coverage[];
  readonly expiredNotRemoved: readonly ExpiredImage[];
  readonly incidents: readonly Incident[];
  readonly checks: Checks;
  readonly calls: Calls;
  readonly invocations: Readonly<Record<string, Invocations>>;
}

export interface PolicyResult {
  readonly id: string;
  /** Sources that had a point made in the run. */
  readonly sources: number;
  readonly points: number;
  readonly copies: number;
  readonly retired: number;
  readonly vetoed: number;
  /** Upper bound: snapshots are incremental, so what is freed may be far less. */
  readonly freedGiBAtMost: number;
}

export interface ExpiredImage {
  readonly imageId: string;
  readonly region: string;
  readonly policy: string;
  readonly source: string;
  readonly label: string;
  readonly slot: string;
  readonly reasons: readonly Reason[];
}

export interface Incident {
  readonly what: string;
  readonly count: number;
  readonly mended: string;
}

/** What observers outside of the product found, with models of their own. */
export interface Checks {
  readonly referencedImagesLost: readonly string[];
  readonly orphanSnapshots: readonly string[];
  readonly rpoBreaches: readonly string[];
  readonly brokenInvariants: readonly string[];
}

export interface Calls {
  /** By action: calls by the product that change something, failed ones included. */
  readonly mutating: Readonly<Record<string, CallCount>>;
  readonly reads: number;
  /** All that were made over the fewest. */
  readonly ratio: number;
}

export interface CallCount {
  readonly made: number;
  /**
   * The fewest that EC2 permits for what was achieved: one call for each good point, good copy and
   * removed one, since EC2 has no call for several. What had failed needed none.
   */
  readonly fewest: number;
}

export interface Invocations {
  readonly count: number;
  readonly failed: number;
}
