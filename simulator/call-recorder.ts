/** Counts what came over the wire, and how it went. */
import type { CallRecord } from './wire/router.ts';

/** Calls of one action in one Region. */
export interface CallCount {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly succeeded: number;
  readonly failed: number;
}

export interface CallRecorder {
  /** Fits the router's `onCall`. */
  readonly record: (call: CallRecord) => void;
  /** By service, action and Region. */
  readonly counts: () => readonly CallCount[];
  /** All calls of an action, failed ones included, in all Regions or in one. */
  readonly count: (action: string, region?: string) => number;
  /** Failed calls by error code. */
  readonly failures: () => ReadonlyMap<string, number>;
}

interface Tally {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  succeeded: number;
  failed: number;
}

/** What an operator does beside the wire is not counted: it never gets here. */
export const createCallRecorder = (): CallRecorder => {
  const tallies = new Map<string, Tally>();
  const failures = new Map<string, number>();
  const tallyOf = ({ service, action, region }: CallRecord): Tally => {
    const key = `${service} ${action} ${region}`;
    const tally = tallies.get(key) ?? { service, action, region, succeeded: 0, failed: 0 };
    tallies.set(key, tally);
    return tally;
  };
  return {
    record: (call) => {
      const tally = tallyOf(call);
      if (call.errorCode === undefined) tally.succeeded += 1;
      else {
        tally.failed += 1;
        failures.set(call.errorCode, (failures.get(call.errorCode) ?? 0) + 1);
      }
    },
    counts: () => Array.from(tallies.values(), (tally) => ({ ...tally })),
    count: (action, region) =>
      [...tallies.values()]
        .filter((tally) => tally.action === action && (region ?? tally.region) === tally.region)
        .reduce((total, tally) => total + tally.succeeded + tally.failed, 0),
    failures: () => failures,
  };
};
