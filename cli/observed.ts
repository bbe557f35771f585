import type { Inventory } from '../shared/domain/inventory.ts';
import { type Part, type Target, isSameTarget, targetKey } from '../shared/domain/model.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { KINDS } from '../shared/inventory/kinds.ts';
import { destinationsOf } from '../shared/loop/loop.ts';
import {
  type Inventories,
  type InventoryOptions,
  type InventoryOrigin,
  openInventories,
} from './inventories.ts';
import { readPolicySet } from './plan-options.ts';
import { homeByPolicies } from './prepare.ts';
import { homeRegion, type SessionReport, sessionReport } from './session.ts';
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

/** What a report says of where it looked. */
export type OriginReport =
  | { readonly kind: 'folder'; readonly dir: string }
  | ({ readonly kind: 'live' } & SessionReport);

export const originReport = (origin: InventoryOrigin): OriginReport =>
  origin.kind === 'folder' ? origin : { kind: 'live', ...sessionReport(origin.session) };

/** Parts of the targets that are not known, each with why: `eu-central-1 fleets: no file …`. */
export const unreadParts = (
  inventories: readonly Inventory[],
  targets: readonly Target[],
): readonly string[] =>
  targets.flatMap((target) => {
    const seen = inventories.find((one) => isSameTarget(one.target, target));
    if (seen === undefined) return [`${targetKey(target)}: was not observed`];
    return partsOf(seen)
      .filter(([, part]) => !part.isComplete)
      .map(([kind, { problem }]) => `${target.region} ${kind}: ${problem}`);
  });

const partsOf = (seen: Inventory): readonly (readonly [string, Part<unknown>])[] => {
  const parts: Readonly<Record<(typeof KINDS)[number], Part<unknown>>> = {
    instances: seen.instances,
    images: seen.images,
    'image-attributes': seen.permissions,
    snapshots: seen.snapshots,
    volumes: seen.volumes,
    'launch-templates': seen.launchTemplates,
    'launch-template-versions': seen.launchTemplateVersions,
    'auto-scaling-groups': seen.autoScalingGroups,
    'launch-configurations': seen.launchConfigurations,
    parameters: seen.parameters,
    fleets: seen.fleets,
    'spot-fleet-requests': seen.spotFleetRequests,
  };
  return KINDS.map((kind) => [kind, parts[kind]] as const);
};
