import type { Instance, Target } from '../domain/model.ts';
import { selectInstance } from '../domain/selection.ts';
import { reconcileSoon, toMessage } from './commands.ts';
import { type Loop, destinationsOf, isHome } from './loop.ts';

/** EC2's two state-change events, narrowed to what matters here. */
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
  const summary = event.kind === 'image' ? onImage(loop, event) : await onInstance(loop, event);
  const nowMs = loop.clock.nowMs();
  await loop.backupQueue.send(
    summary.woken.map((target) => toMessage(reconcileSoon(target, nowMs))),
  );
  return summary;
};

const nobody = (because: string): WakeSummary => ({ woken: [], because });

/**
 * The image is not looked up: a night's backups would cost a read each, where one pass of the
 * destination, which all events of a bucket share, reads them all in pages.
 */
const onImage = (loop: Loop, { place, state }: Ec2Event & { kind: 'image' }): WakeSummary => {
  if (!isHome(loop, place)) return nobody('not at a home');
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
  if (!isHome(loop, place)) return nobody('not at a home');
  if (state !== 'running' && state !== 'stopped') return nobody(`nothing follows from ${state}`);
  const found = await loop.cloud.at(place).instance(instanceId);
  if (!found.isComplete) throw new Error(`${instanceId} could not be read: ${found.problem}`);
  const isWanted = (instance: Instance): boolean =>
    loop.policySet.policies.some((policy) => selectInstance(instance, policy).isSelected);
  return found.items.some(isWanted)
    ? { woken: [place], because: 'a source may need a point' }
    : nobody('no policy selects it');
};
