import type { Instance, Target } from '../domain/model.ts';
import { type OnDemandRequest, onDemandAction } from '../domain/on-demand.ts';
import { type Reason, describeReason, reason } from '../domain/reasons.ts';
import { applyBackups } from './apply-backups.ts';
import { announce, backupEvents } from './domain-events.ts';
import type { Loop } from './loop.ts';
import type { BackupOutcome } from './outcomes.ts';
import type { Deadline } from './ports.ts';

/** The instance cannot be backed up: nothing was done. */
export class UnusableInstanceError extends Error {
  constructor(instanceId: string, problem: string) {
    super(`${instanceId}: ${problem}\nNothing was changed.`);
    this.name = 'UnusableInstanceError';
  }
}

export type BackUpNow = Pick<OnDemandRequest, 'keepMs' | 'reboot'> & {
  readonly home: Target;
  readonly instanceId: string;
};

/**
 * Makes a point of one instance now, because somebody asks for it. It is no point of any policy; its
 * name holds the second, so that asking twice within it makes one point.
 * @throws UnusableInstanceError if there is no such instance, or EC2 could not make an image of it
 */
export const backUpNow = async (
  loop: Loop,
  { home, instanceId, ...request }: BackUpNow,
  deadline: Deadline,
): Promise<BackupOutcome> => {
  const instance = await findInstance(loop, home, instanceId);
  const objection = objectionTo(instance);
  if (objection !== undefined) {
    throw new UnusableInstanceError(instanceId, describeReason(objection));
  }
  const { deployment, clock } = loop;
  const action = onDemandAction({ ...request, deployment, home, instance, nowMs: clock.nowMs() });
  const { outcomes, defect } = await applyBackups(loop, home, [action], deadline);
  if (defect !== undefined) throw defect;
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error(`no time was left to back up ${instanceId}`);
  await announce(loop, backupEvents(home, outcome));
  return outcome;
};

const findInstance = async (loop: Loop, home: Target, instanceId: string): Promise<Instance> => {
  const { items, isComplete, problem } = await loop.cloud.at(home).instance(instanceId);
  if (items[0] !== undefined) return items[0];
  throw new UnusableInstanceError(
    instanceId,
    isComplete ? `there is no such instance in ${home.region}` : `it could not be read: ${problem}`,
  );
};

const objectionTo = ({ state, rootDeviceType }: Instance): Reason | undefined => {
  if (rootDeviceType !== 'ebs') return reason('SEL-07', 'cannot be imaged');
  switch (state) {
    case 'running':
    case 'stopped':
      return undefined;
    case 'pending':
    case 'stopping':
      return reason('SCH-09', state);
    case 'shutting-down':
    case 'terminated':
      return reason('SEL-06', state);
  }
};
