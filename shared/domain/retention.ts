import type { Keep } from './policy.ts';
import { type Reason, reason } from './reasons.ts';

/** What a retention rule looks at: a point's rank among the good ones of its group, and its age. */
export interface RetentionInput {
  /** 0 for the newest good point of its policy, source and place. */
  readonly rank: number;
  readonly ageMs: number;
}

/** One row a rule: whether it keeps, and the reason that it then gives. */
type Rule = (keep: Keep, point: RetentionInput) => Reason | undefined;

const RULES: readonly Rule[] = [
  ({ last }, { rank }) =>
    last !== undefined && rank < last ? reason('RET-01', `${rank + 1} of ${last}`) : undefined,
  ({ withinMs }, { ageMs }) =>
    withinMs !== undefined && ageMs <= withinMs ? reason('RET-02') : undefined,
];

/** Every rule that keeps a point, for the reader to see; none means that it has expired. */
export const keepReasons = (keep: Keep, point: RetentionInput): readonly Reason[] =>
  RULES.flatMap((rule) => rule(keep, point) ?? []);
