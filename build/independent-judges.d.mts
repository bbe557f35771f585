import type { SkippedTest } from './tally.mjs';

export interface FoundJudges {
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

export declare const judgesReport: (
  found: FoundJudges,
  skipped: readonly SkippedTest[],
) => readonly string[];
