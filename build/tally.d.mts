export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestOutcome {
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}

export declare const tallyOf: (report: unknown) => Tally;
export declare const closingLine: (tally: Tally) => string;
export declare const outcomesOf: (report: unknown) => readonly TestOutcome[];
