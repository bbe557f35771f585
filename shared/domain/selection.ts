import type { Instance, Tags } from './model.ts';
import type { Policy, TagPatterns } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { matchesWildcard } from './wildcard.ts';

export interface SelectionResult {
  readonly isSelected: boolean;
  readonly reason: Reason;
}

const select = (why: Reason): SelectionResult => ({ isSelected: true, reason: why });
const leaveOut = (why: Reason): SelectionResult => ({ isSelected: false, reason: why });

/** EC2 Auto Scaling puts this tag on every member, and only it can. */
const AUTO_SCALING_GROUP_TAG = 'aws:autoscaling:groupName';

/** Whether a policy makes points of an instance, and why or why not. */
export const selectInstance = (instance: Instance, { select: rules }: Policy): SelectionResult => {
  const missing = firstUnmatched(rules.tags, instance.tags);
  if (missing !== undefined) return leaveOut(reason('SEL-02', missing));
  const excluding = firstMatched(rules.not.tags, instance.tags);
  if (excluding !== undefined) return leaveOut(reason('SEL-03', excluding));
  const group = instance.tags[AUTO_SCALING_GROUP_TAG];
  if (group !== undefined && !rules.autoScalingMembers) return leaveOut(reason('SEL-04', group));
  if (instance.rootDeviceType !== 'ebs') return leaveOut(reason('SEL-07', 'cannot be imaged'));
  const state = steadyStateOf(instance);
  if (state === undefined) return leaveOut(reason('SEL-06', instance.state));
  if (!rules.states.includes(state)) return leaveOut(reason('SEL-05', instance.state));
  return select(reason('SEL-01'));
};

/** Where an instance is going, as far as its being selected is concerned. */
const steadyStateOf = ({ state }: Instance): 'running' | 'stopped' | undefined => {
  switch (state) {
    case 'pending':
    case 'running':
      return 'running';
    case 'stopping':
    case 'stopped':
      return 'stopped';
    case 'shutting-down':
    case 'terminated':
      return undefined;
  }
};

const matches = (patterns: readonly string[], value: string | undefined): boolean =>
  value !== undefined && patterns.some((pattern) => matchesWildcard(pattern, value));

/** `no tag Backup` or `tag Backup=weekly`: the first demand that the tags do not meet. */
const firstUnmatched = (demands: TagPatterns, tags: Tags): string | undefined => {
  for (const [key, patterns] of Object.entries(demands)) {
    const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
    if (!matches(patterns, value)) {
      return value === undefined ? `no tag ${key}` : `tag ${key}=${value}`;
    }
  }
  return undefined;
};

const firstMatched = (demands: TagPatterns, tags: Tags): string | undefined => {
  for (const [key, patterns] of Object.entries(demands)) {
    if (Object.hasOwn(tags, key) && matches(patterns, tags[key])) return `tag ${key}=${tags[key]}`;
  }
  return undefined;
};
