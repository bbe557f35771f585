import type { Path } from './policy-document.ts';

/**
 * What `imago validate` warns of: policies that can be used, and are most likely not what was meant.
 * An id is never given another meaning; docs/policy.md lists them, made of this.
 */
export const WARNINGS = {
  'WRN-01': {
    name: 'selects-nothing',
    means:
      'What the policy demands contradicts itself, or names ids that no instance has: nothing will ever be selected.',
  },
  'WRN-02': {
    name: 'policies-overlap',
    means:
      'Two policies can select the same instance, which then gets the points of both. Let one leave out in `select.not` what the other takes, if that is not meant.',
  },
  'WRN-03': {
    name: 'never-fires',
    means: 'The schedule has no slot to come: its year is over, or its date does not exist.',
  },
  'WRN-04': {
    name: 'always-blacked-out',
    means:
      'Every slot to come falls into a blackout, so points are made at its end, or never if that comes after `catchUp`. Move the schedule, or the windows.',
  },
  'WRN-05': {
    name: 'jitter-longer-than-start-within',
    means:
      'Sources begin up to `jitter` after the slot, and each may be late by `startWithin` on top of that. Make the jitter shorter if points must be near their slot.',
  },
  'WRN-06': {
    name: 'jitter-longer-than-gap',
    means:
      'The next slot comes before the jitter is over, so sources are spread over the time between slots only. Make the jitter shorter than that.',
  },
  'WRN-07': {
    name: 'start-within-longer-than-gap',
    means:
      'The next slot comes before a point of this one is late, so nothing is ever late. Make `startWithin` shorter than the time between slots.',
  },
  'WRN-08': {
    name: 'rpo-shorter-than-gap',
    means:
      'The time between two slots can be longer than the RPO, at weekends or where daylight saving leaves a local time out: then the RPO is breached until the next slot comes. Make the RPO longer, or the schedule denser.',
  },
  'WRN-09': {
    name: 'keeps-one-point',
    means:
      'Only the newest point is kept: what goes wrong and is noticed after the next one is made is in the only point there is. Keep two or more.',
  },
  'WRN-10': {
    name: 'keeps-less-than-a-gap',
    means:
      'The durations of `keep` are shorter than the time between slots, so only the newest point is ever kept. Make them longer, or keep a number of points.',
  },
  'WRN-11': {
    name: 'copies-under-default-key',
    means:
      "Without `kmsKey` EC2 encrypts copies of what is encrypted with the destination's default key for EBS, whatever key it has at home: `aws/ebs`, unless the account has set another. What is encrypted with `aws/ebs` cannot be shared with another account. What is not encrypted stays so, unless the Region encrypts by default.",
  },
  'WRN-12': {
    name: 'batches-without-reboot',
    means:
      '`batchSize` and `stagger` spread reboots, and this policy reboots nothing. Use `jitter` to spread points.',
  },
  'WRN-13': {
    name: 'tags-may-not-fit',
    means:
      'EC2 allows 50 tags. What Imago writes and what the policy sets leaves little room for what it copies; what finds none is left out and reported. Name in `tags.copy` what matters, first things first.',
  },
  'WRN-14': {
    name: 'bare-number-without-unit',
    means:
      'A tag value such as `30` is no rule without `keepFrom.unit`, and is reported as invalid. Say the unit.',
  },
  'WRN-15': {
    name: 'adoptions-overlap',
    means:
      'Two policies can adopt the same image, and then none of them does. Make their criteria exclude each other.',
  },
  'WRN-16': {
    name: 'tag-policies-disagree',
    means:
      'Two tag policies can want different values of one key on the same image: the one that stands first wins. Make them agree, or exclude each other.',
  },
} as const;

export type WarningId = keyof typeof WARNINGS;

/** A warning about a field of a policy; `below` is the field's path in it. */
export interface Remark {
  readonly id: WarningId;
  readonly below: Path;
  readonly message: string;
}
