export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface SkippedTest {
  readonly file: string;
  readonly title: string;
}

export declare const tallyOf: (report: unknown) => Tally;
export declare const closingLine: (tally: Tally) => string;
export declare const skippedTests: (report: unknown) => readonly SkippedTest[];
