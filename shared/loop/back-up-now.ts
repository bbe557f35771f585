import type { Instance, Target } from '../domain/model.ts';
import { type OnDemandRequest, onDemandAction } from '../domain/on-demand.ts';
import { type Reason, describeReason, reason } from '../domain/reasons.ts';
import { TAG } from '../domain/tags.ts';
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

/** Whether the instance can be backed up could not be seen: nothing was done. */
export class UnreadInstanceError extends Error {
  constructor(instanceId: string, problem: string) {
    super(`${instanceId}: it could not be read: ${problem}\nNothing was changed.`);
    this.name = 'UnreadInstanceError';
  }
}

export type BackUpNow = Pick<OnDemandRequest, 'keepMs' | 'reboot'> & {
  readonly home: Target;
  readonly instanceId: string;
};

/** What came of it. */
export interface BackedUp {
  readonly outcome: BackupOutcome;
  /** The point's tag `imago:keep-until`; absent if it has none, or was not made or read. */
  readonly keepUntil?: string;
  /** Why a point that is there is not known to be kept for as long as was asked. */
  readonly objection?: string;
}

/**
 * Makes a point of one instance now, because somebody asks for it. It is no point of any policy; its
 * name holds the second, so that asking twice within it makes one point.
 * @throws UnusableInstanceError if there is no such instance, or EC2 could not make an image of it
 * @throws UnreadInstanceError if the instance could not be read
 */
export const backUpNow = async (
  loop: Loop,
  { home, instanceId, ...request }: BackUpNow,
  deadline: Deadline,
): Promise<BackedUp> => {
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
  const asked = action.tags[TAG.keepUntil];
  if (outcome.status === 'already-so') {
    return { outcome, ...(await keptAlready(loop, home, outcome.id, asked)) };
  }
  return outcome.status === 'done' ? { outcome, ...keptUntil(asked) } : { outcome };
};

/** Of a point that was there already, since whoever made it may have asked for another end. */
const keptAlready = async (
  { cloud }: Loop,
  home: Target,
  imageId: string,
  asked: string | undefined,
): Promise<Omit<BackedUp, 'outcome'>> => {
  const { items, isComplete, problem } = await cloud.at(home).imagesById([imageId]);
  const [image] = items;
  if (image === undefined) {
    const why = isComplete ? 'EC2 does not show it' : problem;
    return { objection: `how long it is kept could not be read: ${why}` };
  }
  const found = image.tags[TAG.keepUntil];
  if (found === asked) return keptUntil(found);
  const objection = `an earlier request made it: it is kept ${endOf(found)}, not ${endOf(asked)}`;
  return { ...keptUntil(found), objection };
};

const keptUntil = (keepUntil: string | undefined): Pick<BackedUp, 'keepUntil'> =>
  keepUntil === undefined ? {} : { keepUntil };

const endOf = (keepUntil: string | undefined): string =>
  `until ${keepUntil ?? 'somebody removes it'}`;

const findInstance = async (loop: Loop, home: Target, instanceId: string): Promise<Instance> => {
  const { items, isComplete, problem } = await loop.cloud.at(home).instance(instanceId);
  if (items[0] !== undefined) return items[0];
  if (!isComplete) throw new UnreadInstanceError(instanceId, problem);
  throw new UnusableInstanceError(instanceId, `there is no such instance in ${home.region}`);
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
