import type { Instance } from './model.ts';
import type { EventTrigger, Policy, ScheduleTrigger } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** The triggers of a policy that count for one instance. */
export interface CountingTriggers {
  readonly schedules: readonly ScheduleTrigger[];
  readonly events: readonly EventTrigger[];
  /** That a tag of the instance picks them, or fails to. */
  readonly note?: Reason;
}

/** What the instance's tag says, if it has one. */
export const pickedName = ({ tags }: Instance): string | undefined =>
  Object.hasOwn(tags, TAG.schedule) ? tags[TAG.schedule] : undefined;

const hasName = ({ when }: Policy, picked: string): boolean =>
  when.some(({ name }) => name === picked);

/**
 * The triggers that count where an instance's tag picks this name. One that the policy does not have
 * picks nothing: then the policy's own count, and it is reported, unless another policy that selects
 * the instance has it and so was meant.
 */
export const countingTriggers = (
  policy: Policy,
  picked: string | undefined,
  selecting: readonly Policy[],
): CountingTriggers => {
  if (picked === undefined) return ownTriggers(policy);
  if (hasName(policy, picked)) return pickedTriggers(policy, picked);
  if (selecting.some((other) => hasName(other, picked))) return ownTriggers(policy);
  return { ...ownTriggers(policy), note: reason('SCH-19', `"${picked}": ${namesOf(policy)}`) };
};

const ownTriggers = ({ when }: Policy): CountingTriggers => {
  const own = when.filter(({ isOptional }) => !isOptional);
  return { schedules: own.filter(isSchedule), events: own.filter(isEvent) };
};

/** Event triggers without a name are nobody's to pick, so they go on counting. */
const pickedTriggers = ({ when }: Policy, picked: string): CountingTriggers => ({
  schedules: when.filter(isSchedule).filter(({ name }) => name === picked),
  events: when
    .filter(isEvent)
    .filter(({ name, isOptional }) => name === picked || (name === undefined && !isOptional)),
  note: reason('SCH-18', picked),
});

const isSchedule = (trigger: ScheduleTrigger | EventTrigger): trigger is ScheduleTrigger =>
  trigger.kind === 'schedule';

const isEvent = (trigger: ScheduleTrigger | EventTrigger): trigger is EventTrigger =>
  trigger.kind === 'event';

/** The names that could be written instead. */
const namesOf = ({ when }: Policy): string => {
  const names = [...new Set(when.flatMap(({ name }) => name ?? []))].sort();
  return names.length === 0 ? 'no schedule has a name' : `expected ${names.join(' or ')}`;
};
