import { isSourceTag, waitsFor } from '../domain/event-triggers.ts';
import type { Instance, Tags, Target } from '../domain/model.ts';
import type { Policy } from '../domain/policy.ts';
import { createSelector, looksAt, selectInstance } from '../domain/selection.ts';
import { reconcileSoon, toMessage } from './commands.ts';
import { type Loop, destinationsOf, isHome } from './loop.ts';

/** Events of images and instances, narrowed to what matters here. */
export type Ec2Event =
  | {
      readonly kind: 'image';
      readonly place: Target;
      readonly imageId: string;
      readonly state: 'available' | 'failed' | 'deregistered' | 'disabled';
    }
  | {
      readonly kind: 'instance';
      readonly place: Target;
      readonly instanceId: string;
      readonly state: string;
    }
  | {
      readonly kind: 'tags';
      readonly place: Target;
      readonly instanceId: string;
      /** Keys that are new, gone or have another value. */
      readonly changedKeys: readonly string[];
      /** All that the instance had when the event was sent. */
      readonly tags: Tags;
    };

export interface WakeSummary {
  /** Targets that were woken; none, if no policy could want anything of the object. */
  readonly woken: readonly Target[];
  readonly because: string;
}

/**
 * Wakes the targets that an event concerns. Events are only hints: they are lost, doubled and late,
 * and the sweep finds whatever they miss.
 */
export const onEc2Event = async (loop: Loop, event: Ec2Event): Promise<WakeSummary> => {
  const summary = await consider(loop, event);
  const nowMs = loop.clock.nowMs();
  await loop.backupQueue.send(
    summary.woken.map((target) => toMessage(reconcileSoon(target, nowMs))),
  );
  return summary;
};

const consider = async (loop: Loop, event: Ec2Event): Promise<WakeSummary> => {
  if (!isHome(loop, event.place)) return nobody('not at a home');
  switch (event.kind) {
    case 'image':
      return onImage(loop, event);
    case 'instance':
      return onInstance(loop, event);
    case 'tags':
      return onTags(loop, event);
  }
};

const nobody = (because: string): WakeSummary => ({ woken: [], because });

/**
 * The image is not looked up: a night's backups would cost a read each, where one pass of the
 * destination, which all events of a bucket share, reads them all in pages.
 */
const onImage = (loop: Loop, { place, state }: Ec2Event & { kind: 'image' }): WakeSummary => {
  switch (state) {
    case 'available':
      return { woken: destinationsOf(loop.policySet, place), because: 'a point may be copied' };
    case 'failed':
      return { woken: [place], because: 'a point may have to be made again' };
    case 'deregistered':
    case 'disabled':
      return nobody(`nothing follows from ${state}`);
  }
};

/** Most instances that start and stop are nobody's sources: one read, and their churn ends here. */
const onInstance = async (
  loop: Loop,
  { place, instanceId, state }: Ec2Event & { kind: 'instance' },
): Promise<WakeSummary> => {
  if (state !== 'running' && state !== 'stopped') return nobody(`nothing follows from ${state}`);
  return wakeFor(loop, { place, instanceId }, loop.policySet.policies);
};

/**
 * Tags change far more often than they matter, and the event brings all that the instance has. So it
 * is looked up only if a policy that the change concerns would take an instance with these tags.
 */
const onTags = async (
  loop: Loop,
  { place, instanceId, changedKeys, tags }: Ec2Event & { kind: 'tags' },
): Promise<WakeSummary> => {
  const nowMs = loop.clock.nowMs();
  const concerned = loop.policySet.policies.filter(
    (policy) =>
      isConcerned(policy, changedKeys) &&
      createSelector(policy.select, nowMs).wantsTagged({ id: instanceId, tags }),
  );
  if (concerned.length === 0) return nobody('the change concerns no policy');
  return wakeFor(loop, { place, instanceId }, concerned);
};

/** A policy waits for changed tags, our own aside, or selects by one of those that changed. */
const isConcerned = (policy: Policy, changed: readonly string[]): boolean =>
  (waitsFor(policy, 'tag-changed') && changed.some(isSourceTag)) ||
  changed.some((key) => looksAt(policy.select, key));

/** Wakes the home if one of the policies selects the instance as it is now. */
const wakeFor = async (
  loop: Loop,
  { place, instanceId }: { readonly place: Target; readonly instanceId: string },
  policies: readonly Policy[],
): Promise<WakeSummary> => {
  const found = await loop.cloud.at(place).instance(instanceId);
  if (!found.isComplete) throw new Error(`${instanceId} could not be read: ${found.problem}`);
  const nowMs = loop.clock.nowMs();
  const isWanted = (instance: Instance): boolean =>
    policies.some((policy) => selectInstance(instance, policy, nowMs).isSelected);
  return found.items.some(isWanted)
    ? { woken: [place], because: 'a source may need a point' }
    : nobody('no policy selects it');
};
