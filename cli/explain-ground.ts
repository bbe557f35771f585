import { basename, dirname } from 'node:path';
import { namesIn } from '../shared/config/files.ts';
import type { Planned } from '../shared/domain/explain-input.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import { REFERENCE_SOURCES, type Target, isSameTarget } from '../shared/domain/model.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { FILE_KINDS } from '../shared/inventory/kinds.ts';
import { createRecordedCloud } from '../shared/inventory/recorded-cloud.ts';
import { destinationsOf, targetsOf } from '../shared/loop/loop.ts';
import type { Cloud } from '../shared/loop/ports.ts';
import { type Inventories, type InventoryOptions, openInventories } from './inventories.ts';
import { type ReadLiveLists, createReadLiveLists } from './live-uses.ts';
import { loopOf } from './loop-of.ts';
import { DEFAULT_POLICY_FILE, deploymentOf, readPolicySet } from './plan-options.ts';
import { lookAt, planOf } from './plan-targets.ts';
import { homeByPolicies } from './prepare.ts';
import { homeRegion } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** What `explain` is told beside the id. */
export interface ExplainOptions extends InventoryOptions {
  /** Files and folders, with commas between; without it the default file, if it is there. */
  readonly policy?: string;
  readonly deployment?: string;
  /** Folders of text files that may name the image. */
  readonly referencedIn: readonly string[];
  readonly verbose: boolean;
  readonly json: boolean;
}

/** What an explanation is made of. */
export interface ExplainGround {
  readonly seen: Inventories;
  readonly deployment: string;
  readonly policyFile?: string;
  readonly planned?: readonly Planned[];
}

/**
 * Looks at everything once, and plans on that as `imago plan` does.
 * @param id whose launch permissions are read of live AWS, beside those of images that may go
 * @throws NoAccessError | RefusedError | InvalidPolicyError | UnusableFileError
 */
export const groundOf = async (
  id: string,
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<ExplainGround> => {
  const deployment = deploymentOf(options, surroundings.environment);
  const policyFile = options.policy ?? defaultFile();
  const looked =
    options.from === undefined
      ? await lookLive(id, policyFile, options, surroundings)
      : await lookInFolder(policyFile, options, surroundings);
  const { seen, cloud, home, policySet } = looked;
  if (policyFile === undefined || policySet === undefined || home === undefined) {
    return { seen, deployment };
  }
  const { connection } = surroundings.access;
  const loop = loopOf(connection, surroundings.terminal, {
    deployment,
    home,
    policySet,
    isVerbose: options.verbose,
    sources: REFERENCE_SOURCES,
    nowMs: seen.nowMs,
    cloud,
  });
  const planned: Planned[] = [];
  for (const target of targetsOf(loop)) {
    const looks = await lookAt(loop, target);
    planned.push({ target, ...looks, decisions: planOf(target, looks).decisions });
  }
  return { seen, deployment, policyFile, planned };
};

/** Nobody has to have a policy to ask who uses an image. */
const defaultFile = (): string | undefined =>
  namesIn(dirname(DEFAULT_POLICY_FILE))?.includes(basename(DEFAULT_POLICY_FILE)) === true
    ? DEFAULT_POLICY_FILE
    : undefined;

interface Looked {
  readonly seen: Inventories;
  readonly cloud: Cloud;
  readonly home: Target | undefined;
  readonly policySet: PolicySet | undefined;
}

const lookInFolder = async (
  policyFile: string | undefined,
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<Looked> => {
  const seen = await openInventories(options, surroundings);
  const cloud = createRecordedCloud(seen.inventories, options.from);
  if (policyFile === undefined) return { seen, cloud, home: seen.home, policySet: undefined };
  const home = seen.home ?? homeByPolicies(seen, readPolicySet(policyFile, undefined));
  return { seen, cloud, home, policySet: readPolicySet(policyFile, home.region) };
};

/** Who may launch an image is asked image by image, so only of those that it matters of. */
const KINDS = FILE_KINDS.filter((kind) => kind !== 'image-attributes');

const lookLive = async (
  id: string,
  policyFile: string | undefined,
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<Looked> => {
  const first = options.home?.region ?? options.region?.[0] ?? (await homeRegion(surroundings));
  const policySet = policyFile === undefined ? undefined : readPolicySet(policyFile, first);
  const destinations =
    policySet === undefined ? [] : destinationsOf(policySet, { account: '', region: first });
  const region = [
    ...new Set([first, ...(options.region ?? []), ...destinations.map((one) => one.region)]),
  ];
  const read = await openInventories({ ...options, region }, surroundings, KINDS);
  const readLists = createReadLiveLists(surroundings.access.connection);
  const inventories = await Promise.all(
    read.inventories.map(async (inventory) => {
      if (!inventory.images.items.some((image) => image.id === id)) return inventory;
      const { permissions } = await readLists(inventory.target, ['image-attributes'], [id]);
      return { ...inventory, permissions };
    }),
  );
  const seen = { ...read, inventories };
  const cloud = withPermissions(inventories, readLists);
  return { seen, cloud, home: read.home, policySet };
};

/** A recording of all but launch permissions, which are asked when they are needed. */
const withPermissions = (inventories: readonly Inventory[], readLists: ReadLiveLists): Cloud => {
  const recorded = createRecordedCloud(inventories);
  return {
    at: (target) => {
      const ec2 = recorded.at(target);
      const inventory = inventories.find((one) => isSameTarget(one.target, target));
      if (inventory === undefined) return ec2;
      return {
        ...ec2,
        uses: async (sources, imageIds) => {
          if (!sources.includes('launch-permissions')) return ec2.uses(sources, imageIds);
          const { permissions } = await readLists(target, ['image-attributes'], imageIds);
          const asked = createRecordedCloud([{ ...inventory, permissions }]);
          return asked.at(target).uses(sources, imageIds);
        },
      };
    },
  };
};
