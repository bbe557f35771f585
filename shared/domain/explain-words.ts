import type { Decision, Verdict } from './decision.ts';
import type { ExplainedDecision, ExplainedReason, TimelineEvent } from './explain-report.ts';
import { type Target, targetKey } from './model.ts';
import { REASON_WORDS } from './reason-words.ts';
import { REASONS, type Reason, type ReasonId } from './reasons.ts';

export const explainReason = ({ id, evidence }: Reason): ExplainedReason => ({
  id,
  name: REASONS[id],
  ...(evidence === undefined ? {} : { evidence }),
  meaning: REASON_WORDS[id],
});

export const explainDecision = (
  target: Target,
  { policyId, verdict, reasons }: Decision,
): ExplainedDecision => ({
  target: targetKey(target),
  ...(policyId === undefined ? {} : { policy: policyId }),
  verdict,
  reasons: reasons.map(explainReason),
});

/** What matters most to whoever asks comes first. */
const WEIGHT: readonly Verdict[] = [
  'retire',
  'delete-snapshot',
  'defer',
  'protect',
  'adopt',
  'create',
  'copy',
  'wait',
  'keep',
  'tag',
  'ignore',
];

/** Of two that keep, what retention says comes before what tags and copies say. */
const isOfRetention = ({ reasons }: Pick<Decision, 'reasons'>): boolean =>
  reasons.some(({ id }) => /^(RET|PRO|LIM|OWN)-/.test(id));

const rankOf = (decision: Pick<Decision, 'verdict' | 'reasons'>): number =>
  WEIGHT.indexOf(decision.verdict) +
  (decision.verdict === 'wait' || decision.verdict === 'keep'
    ? isOfRetention(decision)
      ? -WEIGHT.length / 2
      : 0
    : 0);

export const byWeight = (
  a: Pick<Decision, 'verdict' | 'reasons'>,
  b: Pick<Decision, 'verdict' | 'reasons'>,
): number => rankOf(a) - rankOf(b);

/** What a verdict means for the object that it is about. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  retire: 'It has expired: the next retirement run removes it',
  'delete-snapshot': 'It is left over: the next retirement run deletes it',
  defer: 'It has expired, and waits for a later run: this one has reached its limit',
  protect: 'It has expired, and is held back',
  adopt: 'A policy would adopt it',
  create: 'A point of it is due now',
  copy: 'A copy of it is due now',
  wait: 'No point of it is due now',
  keep: 'It is kept',
  tag: 'Tags are to be written on it',
  ignore: 'Imago leaves it alone',
};

/** What would change what a reason says, where no date does. */
const CONDITIONS: Readonly<Partial<Record<ReasonId, string>>> = {
  'PRO-01': 'the instance that launched from it is terminated',
  'PRO-02': 'the launch template names another image, or nothing pins its version',
  'PRO-03': 'somebody takes the tag imago:hold off, or its date is over',
  'PRO-04': "somebody turns EC2's deregistration protection off",
  'PRO-05': 'the copy that is owed has arrived',
  'PRO-06': 'a newer good point of its source exists',
  'PRO-08': 'the Auto Scaling group launches from another image, or is deleted',
  'PRO-09': 'the launch configuration is deleted',
  'PRO-10': 'the parameter gets another value, or is deleted',
  'PRO-11': 'the fleet launches from another image, or is deleted',
  'PRO-12': 'the Spot Fleet request launches from another image, or is cancelled',
  'PRO-13': 'nobody else may launch it any more',
  'PRO-20': 'the instances can be read',
  'PRO-21': 'the images can be read',
  'PRO-22': 'the launch templates can be read and resolved',
  'PRO-23': 'the images of the destination can be read',
  'PRO-24': 'something is seen at the home',
  'PRO-25': 'the snapshots can be read',
  'PRO-26': 'the tag imago:keep-until holds an ISO date',
  'PRO-27': 'it can be found out whether the source exists',
  'PRO-28': 'the Auto Scaling groups can be read and resolved',
  'PRO-29': 'the launch configurations can be read',
  'PRO-30': 'the parameters can be read',
  'PRO-31': 'the fleets can be read and resolved',
  'PRO-32': 'the Spot Fleet requests can be read and resolved',
  'PRO-33': 'its launch permissions can be read',
  'RET-08': 'somebody takes off the tag that keeps it, or changes it',
  'RET-12': 'a good point of its slot or a later one exists',
  'RET-13': 'EC2 has made the image',
  'RET-14': 'a policy names its policy in `formerly`, or copies to this Region again',
  'RET-15': 'somebody enables the image, or deregisters it',
  'RET-21': 'somebody sets the tag imago:keep-until',
  'LIM-01': 'the next retirement run begins, or the limit is raised',
  'LIM-02': 'the next retirement run begins, or the limit is raised',
  'SEL-02': 'its tags match a policy, or a policy is widened',
  'SEL-03': 'the tag or id that excludes it is changed',
  'SEL-04': 'a policy says autoScalingMembers: true',
  'SEL-05': 'its state changes to one that a policy takes',
  'SCH-03': 'EC2 has made the image',
  'SCH-08': 'the images can be read',
  'SCH-09': 'the instance has settled',
  'SCH-12': 'the event that the policy waits for comes',
};

/** What is waited for, without a date: each thing once. */
export const conditionsOf = (reasons: readonly Reason[]): readonly TimelineEvent[] => {
  const byWhat = Map.groupBy(
    reasons.filter(({ id }) => CONDITIONS[id] !== undefined),
    ({ id }) => CONDITIONS[id] ?? '',
  );
  return [...byWhat].map(([what, all]) => ({
    what: `once ${what}`,
    reasons: all.map(explainReason),
  }));
};
