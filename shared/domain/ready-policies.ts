import type { Moment } from './judge-source.ts';
import type { Instance } from './model.ts';
import { type CountingTriggers, countingTriggers, pickedName } from './overrides.ts';
import type { Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { newestSlot } from './schedule-triggers.ts';
import { createSelector, isSelecting, type Selector, type Step } from './selection.ts';
import { openUntilMs } from './windows.ts';

/** A policy with what holds of all its sources at one instant, found out once. */
export interface ReadyPolicy {
  readonly policy: Policy;
  readonly selector: Selector;
  readonly momentOf: (triggers: CountingTriggers) => Moment;
  /** Of instances that pick no triggers of their own, and so of most. */
  readonly ownMoment: Moment;
}

export const makeReady = (policy: Policy, nowMs: number): ReadyPolicy => {
  const blackoutUntilMs = openUntilMs(policy.blackout, nowMs);
  const momentOf = (triggers: CountingTriggers): Moment => ({
    triggers,
    newest: newestSlot(triggers.schedules, nowMs),
    blackoutUntilMs,
  });
  return {
    policy,
    selector: createSelector(policy.select, nowMs),
    momentOf,
    ownMoment: momentOf(countingTriggers(policy, undefined, [])),
  };
};

/** A policy that selects an instance. */
export interface Selecting {
  readonly policy: Policy;
  readonly moment: Moment;
  /** What else the reader should know of this source. */
  readonly notes: readonly Reason[];
}

export type Selected =
  | { readonly isSelected: true; readonly by: readonly Selecting[] }
  /** The reason is that of the policy in which the instance came furthest. */
  | { readonly isSelected: false; readonly why: Reason };

interface Reached {
  readonly ready: ReadyPolicy;
  readonly step: Step;
}

/** Which policies make points of an instance, in their order. */
export const selectedBy = (policies: readonly ReadyPolicy[], instance: Instance): Selected => {
  const selecting: Reached[] = [];
  let furthest: Reached | undefined;
  for (const ready of policies) {
    const step = ready.selector.stepOf(instance);
    if (isSelecting(step)) selecting.push({ ready, step });
    else if (furthest === undefined || step > furthest.step) furthest = { ready, step };
  }
  if (selecting.length === 0) return { isSelected: false, why: missOf(furthest, instance) };
  const picked = pickedName(instance);
  const all = picked === undefined ? [] : selecting.map(({ ready }) => ready.policy);
  return {
    isSelected: true,
    by: selecting.map((reached): Selecting => {
      const { policy, ownMoment, momentOf } = reached.ready;
      const moment =
        picked === undefined ? ownMoment : momentOf(countingTriggers(policy, picked, all));
      return { policy, moment, notes: notesOf(reached, moment, instance) };
    }),
  };
};

const missOf = (furthest: Reached | undefined, instance: Instance): Reason =>
  furthest === undefined
    ? reason('SEL-02', 'no policy')
    : furthest.ready.selector.explain(instance, furthest.step);

const notesOf = ({ ready, step }: Reached, { triggers }: Moment, instance: Instance): Reason[] => {
  const { policy, selector } = ready;
  const missing = policy.tags.required.filter((key) => !Object.hasOwn(instance.tags, key));
  const selection = selector.explain(instance, step);
  return [
    ...(triggers.note === undefined ? [] : [triggers.note]),
    ...(selection.id === 'SEL-01' ? [] : [selection]),
    ...(missing.length === 0 ? [] : [reason('TAG-04', missing.join(', '))]),
  ];
};
