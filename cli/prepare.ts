import type { PolicySet } from '../shared/domain/policy.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import { REFERENCE_SOURCES, type Target, targetKey } from '../shared/domain/model.ts';
import { createRecordedCloud } from '../shared/inventory/recorded-cloud.ts';
import { destinationsOf } from '../shared/loop/loop.ts';
import type { Cloud } from '../shared/loop/ports.ts';
import { type Inventories, type InventoryOptions, homeOf, openInventories } from './inventories.ts';
import { createReadLiveLists } from './live-uses.ts';
import { loopOf } from './loop-of.ts';
import { volumesIn } from './made-sizes.ts';
import { type PlanOptions, deploymentOf, readPolicySet } from './plan-options.ts';
import type { Settings } from './plan-file.ts';
import { type TargetPlan, planTargets } from './plan-targets.ts';
import { RefusedError } from './refused-error.ts';
import { type Session, homeRegion, openSession } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** Whether AWS was asked, or what files told. */
export interface Origin {
  readonly kind: 'live' | 'folder';
  /** The folder. */
  readonly dir?: string;
}

/** A plan of all targets, and what it was made of. */
export interface Prepared {
  readonly session: Session;
  readonly deployment: string;
  readonly policySet: PolicySet;
  readonly plannedMs: number;
  readonly origin: Origin;
  readonly plans: readonly TargetPlan[];
  /** All volumes of a target, with their sizes: nobody is asked for them before. */
  readonly readVolumes: ReadVolumes;
}

type ReadVolumes = (target: Target) => Promise<Inventory['volumes']>;

/** What `plan` is told beside; `apply` knows neither folders nor other instants. */
export type PrepareOptions = PlanOptions &
  Omit<InventoryOptions, 'region'> & { readonly eventBus?: string };

/**
 * What `plan` and `apply` begin with: the input is read, endpoint, Region and account are said, and
 * every target is looked at. From a folder nobody is asked.
 * @param refuse throws for what is not to be gone on with: asked before anybody is called, and once
 *   more when the account is known
 * @throws NoAccessError | RefusedError | InvalidPolicyError | UnusableFileError
 */
export const prepare = async (
  options: PrepareOptions,
  surroundings: Surroundings,
  refuse: (settings: Settings) => void = () => undefined,
): Promise<Prepared> => {
  const deployment = deploymentOf(options, surroundings.environment);
  const ground =
    options.from === undefined
      ? await groundOfAws(options, surroundings, (settings) => refuse({ deployment, ...settings }))
      : await groundOfFolder(options, surroundings);
  const { session, policySet, origin, cloud, nowMs, readVolumes } = ground;
  const { connection } = surroundings.access;
  const loop = loopOf(connection, surroundings.terminal, {
    deployment,
    home: session.home,
    policySet,
    isVerbose: options.verbose,
    sources: REFERENCE_SOURCES,
    nowMs,
    ...(cloud === undefined ? {} : { cloud }),
  });
  const plans = await planTargets(loop);
  const plannedMs = loop.clock.nowMs();
  return { session, deployment, policySet, plannedMs, origin, plans, readVolumes };
};

/** What there is to plan on. */
interface Ground {
  readonly session: Session;
  readonly policySet: PolicySet;
  readonly origin: Origin;
  /** What stands in for AWS. */
  readonly cloud?: Cloud;
  readonly nowMs: number | undefined;
  readonly readVolumes: ReadVolumes;
}

const groundOfAws = async (
  { policy, home, now, eventBus }: PrepareOptions,
  surroundings: Surroundings,
  refuse: (settings: Omit<Settings, 'deployment'>) => void,
): Promise<Ground> => {
  const region = home?.region ?? (await homeRegion(surroundings));
  const policySet = readPolicySet(policy, region);
  refuse({ policySet, region });
  const destinations = destinationsOf(policySet, { account: '', region });
  const session = await openSession(surroundings, {
    home: region,
    calls: [
      // Whoever may use an image is asked: groups and parameters as well.
      ...(['ec2', 'autoscaling', 'ssm'] as const).flatMap((service) =>
        [region, ...destinations.map((place) => place.region)].map(
          (one) => [service, one] as const,
        ),
      ),
      ...(eventBus === undefined ? [] : [['events', region] as const]),
    ],
  });
  const { account } = session.home;
  if (home !== undefined && home.account !== account) {
    throw new RefusedError(`--home: the credentials are of ${account}, not of ${home.account}`);
  }
  refuse({ policySet, region, account });
  const readLists = createReadLiveLists(surroundings.access.connection);
  return {
    session,
    policySet,
    origin: { kind: 'live' },
    nowMs: now,
    readVolumes: async (target) => (await readLists(target, ['volumes'])).volumes,
  };
};

const groundOfFolder = async (
  options: PrepareOptions,
  surroundings: Surroundings,
): Promise<Ground> => {
  const seen = await openInventories(options, surroundings);
  const { inventories, nowMs } = seen;
  const home = seen.home ?? homeByPolicies(seen, readPolicySet(options.policy, undefined));
  const policySet = readPolicySet(options.policy, home.region);
  surroundings.terminal.error(`home      ${targetKey(home)}`);
  return {
    session: { endpoints: [], caller: { account: home.account, arn: '' }, home },
    policySet,
    origin: { kind: 'folder', ...(options.from === undefined ? {} : { dir: options.from }) },
    cloud: createRecordedCloud(inventories, options.from),
    nowMs,
    readVolumes: (target) => Promise.resolve(volumesIn(inventories)(target)),
  };
};

/** Policies may not copy to their home: what is observed and not copied to, is the home, if it is one. */
export const homeByPolicies = (seen: Inventories, policySet: PolicySet): Target => {
  const copied = destinationsOf(policySet, { account: '', region: '' });
  const [only, ...others] = seen.inventories.filter(
    ({ target }) => !copied.some(({ region }) => region === target.region),
  );
  return only === undefined || others.length > 0 ? homeOf(seen) : only.target;
};
