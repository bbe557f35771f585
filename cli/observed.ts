import { PART_NAMES, unknownParts } from '../shared/domain/audit-view.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import { type Target, isSameTarget, targetKey } from '../shared/domain/model.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { destinationsOf } from '../shared/loop/loop.ts';
import {
  type Inventories,
  type InventoryOptions,
  type InventoryOrigin,
  openInventories,
} from './inventories.ts';
import { readPolicySet } from './plan-options.ts';
import { homeByPolicies } from './prepare.ts';
import { homeRegion } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** One look at a home and at all places that policies copy to. */
export interface Observed {
  readonly origin: InventoryOrigin;
  readonly home: Target;
  /** One for each `--policy`, in their order. */
  readonly policySets: readonly PolicySet[];
  /** Of the home and of the destinations of every policy set, as far as they were seen. */
  readonly inventories: readonly Inventory[];
  readonly nowMs: number;
}

/**
 * Reads policies, and everything of the targets that they are about, once.
 * @param files what each `--policy` names
 * @throws InvalidPolicyError | UnusableFileError | NoAccessError | RefusedError
 */
export const observeFor = async (
  files: readonly string[],
  options: Omit<InventoryOptions, 'region'>,
  surroundings: Surroundings,
): Promise<Observed> => {
  const isLive = options.from === undefined;
  const region = isLive ? (options.home?.region ?? (await homeRegion(surroundings))) : undefined;
  const read = (to: string | undefined): readonly PolicySet[] =>
    files.map((one) => readPolicySet(one, to));
  const early = joined(read(region));
  const seen = await openInventories(
    region === undefined ? options : { ...options, region: [region, ...regionsOf(early, region)] },
    surroundings,
  );
  const home = seen.home ?? homeByPolicies(seen, early);
  if (!isLive) surroundings.terminal.error(`home      ${targetKey(home)}`);
  const policySets = read(home.region);
  return {
    origin: seen.origin,
    home,
    policySets,
    inventories: concerned(seen, home, joined(policySets)),
    nowMs: seen.nowMs,
  };
};

/** As far as it matters where policies copy to. */
const joined = ([first, ...others]: readonly PolicySet[]): PolicySet => {
  if (first === undefined) throw new Error('no policy was named');
  return { ...first, policies: [first, ...others].flatMap(({ policies }) => policies) };
};

const regionsOf = (policySet: PolicySet, home: string): readonly string[] =>
  destinationsOf(policySet, { account: '', region: home })
    .map(({ region }) => region)
    .filter((region) => region !== home);

const concerned = (
  { inventories }: Inventories,
  home: Target,
  policySet: PolicySet,
): readonly Inventory[] => {
  const targets = [home, ...destinationsOf(policySet, home)];
  return inventories.filter(({ target }) => targets.some((one) => isSameTarget(one, target)));
};

/** Images of others are no part of what a policy is about. */
const OWN_PARTS = PART_NAMES.filter((name) => name !== 'othersImages');

/** Parts of the targets that are not known, each with why: `eu-central-1 fleets: no file …`. */
export const unreadParts = (
  inventories: readonly Inventory[],
  targets: readonly Target[],
): readonly string[] =>
  targets.flatMap((target) => {
    const seen = inventories.find((one) => isSameTarget(one.target, target));
    if (seen === undefined) return [`${targetKey(target)}: was not observed`];
    return unknownParts({ key: target.region, inventory: seen }, OWN_PARTS).map(
      ({ target: region, what, problem }) => `${region} ${what}: ${problem}`,
    );
  });
