import type { TestOutcome } from './tally.mjs';

export interface FoundJudge {
  readonly name: string;
  /** What is lacking, in words; undefined for a judge that is here. */
  readonly lacks: string | undefined;
}

export interface JudgesReport {
  /** Whether every judge that is here has judged. */
  readonly isSound: boolean;
  readonly lines: readonly string[];
}

export declare const judgesReport: (
  found: readonly FoundJudge[],
  tests: readonly TestOutcome[],
) => JudgesReport;
