/** How a fleet comes to its target capacity, and one that maintains it stays there. */
import type { TagSpecification } from '@aws-sdk/client-ec2';
import { agendaKind } from '../../kernel/agenda.ts';
import { draw, uuidOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Announcement } from '../events/event.ts';
import type { Ec2 } from './ec2.ts';
import { type FleetOffer, fleetOffersOf } from './fleet-offers.ts';
import type { FleetErrorRow, FleetLifecycle, FleetMemberRow, FleetRow } from './fleet-rows.ts';
import { terminateInstances } from './instance-states.ts';
import { liftProtection, setSystemTag } from './managed-instances.ts';
import { runInstances } from './run-instances.ts';

interface FleetAt {
  readonly region: string;
  readonly fleetId: string;
}

const FLEET_ACTS = agendaKind<FleetAt>('ec2 fleet acts');
const FLEET_VANISHES = agendaKind<FleetAt>('ec2 fleet vanishes');

const FLEET_TAG = 'aws:ec2:fleet-id';
const SPOT_FLEET_TAG = 'aws:ec2spot:fleet-request-id';

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
/** A fleet whose launches have failed for a day waits until it is modified. */
const GIVES_UP_AFTER_MS = 86_400_000;
/** "Deleted two days after its instances were terminated" (API reference, EventInformation). */
const ENDED_VISIBLE_MS = 2 * 86_400_000;
/** The most that one RunInstances launches. */
const BATCH_MAX = 1_000;

const CHANCE = 'fleets';

const LIFECYCLES: readonly FleetLifecycle[] = ['on-demand', 'spot'];

/** Whether it is a Spot Fleet request. */
export const isSpotFleet = ({ fleetId }: Pick<FleetRow, 'fleetId'>): boolean =>
  fleetId.startsWith('sfr-');

/** The members whose instances are there, or on their way. */
export const activeMembers = (
  ec2: Ec2,
  region: string,
  { members }: FleetRow,
): readonly FleetMemberRow[] => {
  const { instances } = ec2.store(region);
  return [...members.values()].filter(({ instanceId }) => {
    const state = instances.get(instanceId)?.state;
    return state !== undefined && state !== 'shutting-down' && state !== 'terminated';
  });
};

/** @param lifecycle both if it is not given */
export const capacityIn = (
  members: readonly FleetMemberRow[],
  lifecycle?: FleetLifecycle,
): number =>
  members
    .filter((one) => lifecycle === undefined || one.lifecycle === lifecycle)
    .reduce((sum, { weight }) => sum + weight, 0);

const targetOf = ({ target }: FleetRow, lifecycle: FleetLifecycle): number =>
  lifecycle === 'on-demand' ? target.onDemand : target.total - target.onDemand;

/** A call that the fleet makes by itself, in the account of its owner. */
const callOf = ({ kernel }: Ec2, region: string, { ownerId }: FleetRow): Call => ({
  account: ownerId,
  region,
  nowMs: kernel.clock.nowMs(),
  requestId: uuidOf(kernel.random(CHANCE)),
});

const actAt = (ec2: Ec2, region: string, fleet: FleetRow, atMs: number): void => {
  if (fleet.dueAtMs !== undefined && fleet.dueAtMs <= atMs) return;
  fleet.dueAtMs = atMs;
  ec2.kernel.agenda.at(atMs, FLEET_ACTS, { region, fleetId: fleet.fleetId });
};

/** The fleet looks after its instances in a while. */
export const fleetActsSoon = (ec2: Ec2, region: string, fleet: FleetRow): void => {
  const { clock, random, manners } = ec2.kernel;
  actAt(ec2, region, fleet, clock.nowMs() + draw(random(CHANCE), manners().scalingMs));
};

/** @throws ApiError of EC2 if it refuses the launch */
const launchBatch = (
  ec2: Ec2,
  fleet: FleetRow,
  offer: FleetOffer,
  { count, lifecycle, tags }: Batch,
  call: Call,
): void => {
  const { TagSpecifications: own } = offer.request;
  const TagSpecifications = [...(own ?? []), ...tags];
  const given = { ...offer.request, ...(TagSpecifications.length > 0 && { TagSpecifications }) };
  const { Instances = [] } = runInstances(
    ec2,
    { ...given, MinCount: count, MaxCount: count },
    call,
  );
  const key = isSpotFleet(fleet) ? SPOT_FLEET_TAG : FLEET_TAG;
  for (const {
    InstanceId: instanceId = '',
    InstanceType: instanceType = '',
    Platform,
  } of Instances) {
    setSystemTag(ec2, call.region, instanceId, { key, value: fleet.fleetId });
    fleet.members.set(instanceId, {
      instanceId,
      instanceType,
      isWindows: Platform === 'Windows',
      lifecycle,
      weight: offer.weight,
      source: offer.source,
    });
  }
};

interface Batch {
  readonly count: number;
  readonly lifecycle: FleetLifecycle;
  readonly tags: readonly TagSpecification[];
}

const errorOf = (
  { source }: Pick<FleetOffer, 'source'>,
  lifecycle: FleetLifecycle,
  error: unknown,
): FleetErrorRow => {
  if (!(error instanceof ApiError)) throw error;
  return { source, lifecycle, code: error.code, message: error.message };
};

/** Launches until nothing is missing, from the first offer that EC2 accepts on. */
const launchFrom = (
  ec2: Ec2,
  fleet: FleetRow,
  offers: readonly FleetOffer[],
  { lifecycle, tags }: Omit<Batch, 'count'>,
  call: Call,
): readonly FleetErrorRow[] => {
  const errors: FleetErrorRow[] = [];
  const missing = (): number =>
    targetOf(fleet, lifecycle) - capacityIn(activeMembers(ec2, call.region, fleet), lifecycle);
  for (const [index, offer] of offers.entries()) {
    const share = fleet.isDiversified ? offers.length - index : 1;
    let count = Math.ceil(missing() / offer.weight / share);
    try {
      for (; count > 0; count -= BATCH_MAX) {
        const batch = { count: Math.min(count, BATCH_MAX), lifecycle, tags };
        launchBatch(ec2, fleet, offer, batch, call);
      }
    } catch (error) {
      errors.push(errorOf(offer, lifecycle, error));
    }
  }
  return missing() > 0 ? errors : [];
};

/**
 * Launches what is missing, as far as EC2 lets it.
 * @param tags of a request, for what is launched
 */
export const fillFleet = (
  ec2: Ec2,
  fleet: FleetRow,
  tags: readonly TagSpecification[],
  call: Call,
): void => {
  try {
    const offers = fleetOffersOf(ec2, fleet, call);
    fleet.errors = LIFECYCLES.flatMap((lifecycle) =>
      launchFrom(ec2, fleet, offers, { lifecycle, tags }, call),
    );
  } catch (error) {
    fleet.errors = [errorOf({ source: {} }, fleet.target.defaultType, error)];
  }
};

/** Waits twice as long after each failure, an hour at most, and gives up after a day. */
const tryAgain = (ec2: Ec2, fleet: FleetRow, { region, nowMs }: Call): void => {
  const sinceMs = fleet.failure?.sinceMs ?? nowMs;
  const delayMs = Math.min(2 * (fleet.failure?.delayMs ?? FIRST_RETRY_MS / 2), LAST_RETRY_MS);
  fleet.failure = { sinceMs, delayMs };
  if (nowMs - sinceMs < GIVES_UP_AFTER_MS) actAt(ec2, region, fleet, nowMs + delayMs);
};

/** Whatever protects an instance from termination by users: its fleet terminates it. */
const terminate = (ec2: Ec2, members: readonly FleetMemberRow[], call: Call): void => {
  for (const { instanceId } of members) {
    liftProtection(ec2, call.region, instanceId);
    terminateInstances(ec2, { InstanceIds: [instanceId] }, call);
  }
};

/** The newest, as long as that does not take the fleet below its target. */
const surplusOf = (
  fleet: FleetRow,
  members: readonly FleetMemberRow[],
  lifecycle: FleetLifecycle,
): readonly FleetMemberRow[] => {
  let rest = capacityIn(members, lifecycle) - targetOf(fleet, lifecycle);
  return members
    .filter((one) => one.lifecycle === lifecycle)
    .toReversed()
    .filter(({ weight }) => {
      if (weight > rest) return false;
      rest -= weight;
      return true;
    });
};

const forgetGone = (ec2: Ec2, region: string, { members }: FleetRow): void => {
  const { instances } = ec2.store(region);
  for (const { instanceId } of members.values()) {
    const state = instances.get(instanceId)?.state;
    if (state === undefined || state === 'terminated') members.delete(instanceId);
  }
};

/** One that has ended is there until its instances are gone, and told for a while longer. */
const goOn = (ec2: Ec2, fleet: FleetRow, call: Call): void => {
  const { region } = call;
  if (fleet.state === 'ended_terminating') terminate(ec2, activeMembers(ec2, region, fleet), call);
  if (fleet.members.size > 0) return;
  fleet.state = 'ended';
  const atMs = call.nowMs + ENDED_VISIBLE_MS;
  ec2.kernel.agenda.at(atMs, FLEET_VANISHES, { region, fleetId: fleet.fleetId });
};

/** Once, unless the fleet is to maintain its capacity. */
const balance = (ec2: Ec2, fleet: FleetRow, call: Call): void => {
  const isNew = fleet.state === 'submitted';
  fleet.state = 'active';
  if (fleet.type !== 'maintain' && !isNew) return;
  const members = activeMembers(ec2, call.region, fleet);
  if (!fleet.keepsExcess) {
    for (const lifecycle of LIFECYCLES) terminate(ec2, surplusOf(fleet, members, lifecycle), call);
  }
  fillFleet(ec2, fleet, [], call);
  if (fleet.errors.length === 0) fleet.failure = undefined;
  else if (fleet.type === 'maintain') tryAgain(ec2, fleet, call);
};

const act = (ec2: Ec2, region: string, fleet: FleetRow): void => {
  fleet.dueAtMs = undefined;
  // An instant fleet tells of what it launched even when that is gone.
  if (fleet.type !== 'instant' || fleet.state !== 'active') forgetGone(ec2, region, fleet);
  const call = callOf(ec2, region, fleet);
  if (fleet.state.startsWith('ended_')) goOn(ec2, fleet, call);
  else if (fleet.state !== 'ended') balance(ec2, fleet, call);
};

/** Tells the agenda how fleets act. */
export const defineFleetLife = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(FLEET_ACTS, ({ region, fleetId }) => {
    const fleet = ec2.store(region).fleets.find(fleetId);
    if (fleet !== undefined) act(ec2, region, fleet);
  });
  agenda.define(FLEET_VANISHES, ({ region, fleetId }) => {
    ec2.store(region).fleets.delete(fleetId);
  });
};

/** Lets the fleet of an instance look after it when the instance goes. */
export const noticeFleetInstance = (ec2: Ec2, event: Announcement): void => {
  if (event.detailType !== 'EC2 Instance State-change Notification') return;
  const { 'instance-id': instanceId, state } = event.detail as {
    readonly 'instance-id': string;
    readonly state: string;
  };
  if (state !== 'shutting-down' && state !== 'terminated') return;
  const { instances, fleets } = ec2.store(event.region);
  const tags = instances.get(instanceId)?.tags;
  const fleet = fleets.find(tags?.get(FLEET_TAG) ?? tags?.get(SPOT_FLEET_TAG) ?? '');
  if (fleet !== undefined) fleetActsSoon(ec2, event.region, fleet);
};
