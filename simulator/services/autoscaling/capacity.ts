/** How a group comes to its desired capacity, and stays there. */
import { agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Announcement } from '../events/event.ts';
import { liftProtection, setSystemTag } from '../ec2/managed-instances.ts';
import type { InstanceState } from '../ec2/rows.ts';
import type { AutoScaling } from './groups.ts';
import { launchRequestOf, offersOf, type Spot, spotsOf } from './offers.ts';
import type { GroupRow, MemberRow } from './rows.ts';
import { toTerminate } from './termination.ts';

const GROUP_ACTS = agendaKind<{
  readonly account: string;
  readonly region: string;
  readonly name: string;
}>('auto scaling group acts');

const GROUP_NAME_TAG = 'aws:autoscaling:groupName';

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
/** A group whose launches have failed for a day stops trying (User Guide, "administrative suspension"). */
const GIVES_UP_AFTER_MS = 86_400_000;

/** The state of a member's instance; undefined when EC2 knows it no more. */
export const stateOf = (
  { surroundings }: AutoScaling,
  { region }: GroupRow,
  { instanceId }: MemberRow,
): InstanceState | undefined => surroundings.ec2Core.store(region).instances.get(instanceId)?.state;

/** Counts what is there or on its way, not what goes. */
export const capacityOf = ({ members }: GroupRow): number =>
  [...members.values()]
    .filter(({ isTerminating }) => !isTerminating)
    .reduce((sum, { weight = 1 }) => sum + weight, 0);

/** Puts the group's next look at its instances on the agenda, unless an earlier one is there. */
const actAt = ({ surroundings }: AutoScaling, group: GroupRow, atMs: number): void => {
  if (group.dueAtMs !== undefined && group.dueAtMs <= atMs) return;
  group.dueAtMs = atMs;
  const { account, region, name } = group;
  surroundings.kernel.agenda.at(atMs, GROUP_ACTS, { account, region, name });
};

/** The group looks after its instances in a while. */
export const actSoon = (scaling: AutoScaling, group: GroupRow): void => {
  const { clock, random, manners } = scaling.surroundings.kernel;
  actAt(scaling, group, clock.nowMs() + draw(random('auto scaling'), manners().scalingMs));
};

/** Forgets what has gone, and sees what somebody else has stopped or terminated. */
const lookAfter = (scaling: AutoScaling, group: GroupRow): void => {
  for (const member of group.members.values()) {
    const state = stateOf(scaling, group, member);
    if (state === undefined || state === 'terminated') group.members.delete(member.instanceId);
    else if (state === 'shutting-down') markTerminating(group, member);
    else if (state === 'stopping' || state === 'stopped') terminate(scaling, group, [member]);
  }
};

const markTerminating = (group: GroupRow, member: MemberRow): void => {
  group.members.set(member.instanceId, { ...member, isTerminating: true });
};

/** Whatever protects an instance from termination by users: Auto Scaling terminates it. */
const terminate = (scaling: AutoScaling, group: GroupRow, members: readonly MemberRow[]): void => {
  const { ec2, ec2Core, callAs } = scaling.surroundings;
  const call = callAs(group.account, group.region);
  for (const member of members) {
    const { instanceId } = member;
    liftProtection(ec2Core, group.region, instanceId);
    ec2.TerminateInstances({ InstanceIds: [instanceId] }, call);
    markTerminating(group, member);
  }
  if (members.length > 0) group.scaledAtMs = call.nowMs;
};

/** Of the places, the one in whose zone the group has the fewest instances. */
const emptiest = (group: GroupRow, spots: readonly Spot[]): Spot | undefined => {
  const held = [...group.members.values()].filter(({ isTerminating }) => !isTerminating);
  const countIn = (zone: string): number => held.filter((one) => one.zone === zone).length;
  return spots.toSorted((a, b) => countIn(a.zone) - countIn(b.zone))[0];
};

/**
 * Whether there was something to launch, and somewhere.
 * @throws ApiError of EC2 if it refuses the launch
 */
const launchOne = (scaling: AutoScaling, group: GroupRow, call: Call): boolean => {
  const [offer] = offersOf(scaling, group.source, call);
  const spot = emptiest(group, spotsOf(scaling, group.placement, call));
  if (offer === undefined || spot === undefined) return false;
  const request = launchRequestOf(group, offer, spot);
  const { ec2, ec2Core } = scaling.surroundings;
  const { Instances: [made] = [] } = ec2.RunInstances(request, call);
  const instanceId = made?.InstanceId ?? '';
  setSystemTag(ec2Core, group.region, instanceId, { key: GROUP_NAME_TAG, value: group.name });
  group.members.set(instanceId, {
    ...offer.member,
    instanceId,
    instanceType: made?.InstanceType ?? '',
    zone: spot.zone,
    isProtected: group.settings.NewInstancesProtectedFromScaleIn ?? false,
    launchedAtMs: call.nowMs,
    isTerminating: false,
  });
  group.scaledAtMs = call.nowMs;
  return true;
};

/** Waits twice as long after each failure, an hour at most, and gives up after a day. */
const tryAgain = (scaling: AutoScaling, group: GroupRow, nowMs: number): void => {
  const sinceMs = group.failure?.sinceMs ?? nowMs;
  const delayMs = Math.min(2 * (group.failure?.delayMs ?? FIRST_RETRY_MS / 2), LAST_RETRY_MS);
  group.failure = { sinceMs, delayMs };
  if (nowMs - sinceMs < GIVES_UP_AFTER_MS) actAt(scaling, group, nowMs + delayMs);
};

const launchMissing = (scaling: AutoScaling, group: GroupRow): void => {
  const call = scaling.surroundings.callAs(group.account, group.region);
  try {
    let isMissing = capacityOf(group) < group.size.desired;
    while (isMissing) {
      isMissing = launchOne(scaling, group, call) && capacityOf(group) < group.size.desired;
    }
    group.failure = undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tryAgain(scaling, group, call.nowMs);
  }
};

const finishDeletion = (scaling: AutoScaling, group: GroupRow): void => {
  terminate(
    scaling,
    group,
    [...group.members.values()].filter(({ isTerminating }) => !isTerminating),
  );
  if (group.members.size === 0) scaling.remove(group);
};

/** Whether the group has something left to do for its capacity. */
export const isBusy = (group: GroupRow): boolean => capacityOf(group) !== group.size.desired;

const act = (scaling: AutoScaling, group: GroupRow): void => {
  group.dueAtMs = undefined;
  lookAfter(scaling, group);
  if (group.isDeleting) {
    finishDeletion(scaling, group);
    return;
  }
  const surplus = capacityOf(group) - group.size.desired;
  if (surplus > 0) terminate(scaling, group, toTerminate(group, surplus));
  else launchMissing(scaling, group);
};

/** Tells the agenda how groups act. */
export const defineCapacity = (scaling: AutoScaling): void => {
  scaling.surroundings.kernel.agenda.define(GROUP_ACTS, ({ account, region, name }) => {
    const group = scaling.lookUp({ account, region }, name);
    if (group !== undefined) act(scaling, group);
  });
};

/** Lets the group of an instance look after it when EC2 says that the instance has changed. */
export const noticeInstance = (scaling: AutoScaling, event: Announcement): void => {
  if (event.detailType !== 'EC2 Instance State-change Notification') return;
  const { 'instance-id': instanceId, state } = event.detail as {
    readonly 'instance-id': string;
    readonly state: InstanceState;
  };
  if (state === 'pending' || state === 'running') return;
  const group = scaling.groupWith(event, instanceId);
  if (group !== undefined) actSoon(scaling, group);
};
