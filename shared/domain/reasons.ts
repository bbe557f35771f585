/**
 * Every reason that a decision can carry, by stable id. An id is never used again for something
 * else: logs, reports and users' own alarms hold on to it.
 */
export const REASONS = {
  'SEL-01': 'selected',
  'SEL-02': 'no-policy-selects-it',
  'SEL-03': 'excluded-by-not',
  'SEL-04': 'auto-scaling-member',
  'SEL-05': 'state-not-selected',
  'SEL-06': 'going-away',
  'SEL-07': 'instance-store-root',
  'SCH-01': 'slot-due',
  'SCH-02': 'slot-served',
  'SCH-03': 'slot-in-progress',
  'SCH-04': 'backing-off-after-failure',
  'SCH-05': 'no-slot-yet',
  'SCH-06': 'slot-missed',
  'SCH-07': 'no-point-inside-rpo',
  'SCH-08': 'unknown-points',
  'SCH-09': 'instance-in-transition',
  'SCH-10': 'asked-for',
  'COP-01': 'copy-due',
  'COP-02': 'copy-exists',
  'COP-03': 'copy-in-progress',
  'COP-04': 'copy-not-wanted',
  'COP-05': 'backing-off-after-failed-copy',
  'COP-06': 'unknown-points-elsewhere',
  'RET-01': 'kept-as-last',
  'RET-02': 'kept-within',
  'RET-10': 'expired',
  'RET-11': 'failed-and-superseded',
  'RET-12': 'failed-kept-as-memory',
  'RET-13': 'pending',
  'RET-14': 'policy-gone',
  'RET-15': 'state-not-judged',
  'RET-16': 'orphan-snapshot',
  'RET-17': 'snapshot-in-use',
  'RET-18': 'snapshots-kept-by-policy',
  'RET-19': 'too-young-to-judge',
  'RET-20': 'kept-on-demand-until',
  'RET-21': 'kept-on-demand',
  'PRO-01': 'in-use-by-instance',
  'PRO-02': 'in-use-by-launch-template',
  'PRO-03': 'held',
  'PRO-04': 'deregistration-protected',
  'PRO-05': 'owed-a-copy',
  'PRO-06': 'last-good-point',
  'PRO-20': 'unknown-instances',
  'PRO-21': 'unknown-images',
  'PRO-22': 'unknown-launch-templates',
  'PRO-23': 'unknown-copies',
  'PRO-24': 'empty-observation',
  'PRO-25': 'unknown-snapshots',
  'PRO-26': 'unknown-keep-until',
  'OWN-01': 'ours',
  'OWN-02': 'not-ours',
  'OWN-03': 'away-from-home',
  'OWN-04': 'name-does-not-match-tags',
  'OWN-05': 'copied-by-others',
  'OWN-06': 'of-another-home',
  'LIM-01': 'over-the-count-of-one-run',
  'LIM-02': 'over-the-percentage-of-one-run',
} as const;

export type ReasonId = keyof typeof REASONS;

export interface Reason {
  readonly id: ReasonId;
  /** What shows it: an id, an instant, EC2's own words. */
  readonly evidence?: string;
}

export const reason = (id: ReasonId, evidence?: string): Reason =>
  evidence === undefined || evidence === '' ? { id } : { id, evidence };

/** `PRO-01 in-use-by-instance i-0aa (stopped)`: the form in reports and logs. */
export const describeReason = ({ id, evidence }: Reason): string =>
  evidence === undefined ? `${id} ${REASONS[id]}` : `${id} ${REASONS[id]} ${evidence}`;
