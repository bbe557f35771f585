import type { Inventory, SeenVolume } from '../domain/inventory.ts';
import {
  type Image,
  type Part,
  type SourceReferences,
  type Tags,
  type Target,
  completePart,
  targetKey,
} from '../domain/model.ts';
import { once } from '../domain/once.ts';
import { instanceReferences } from '../domain/protection.ts';
import { referencesIn } from '../domain/references.ts';
import { TAG } from '../domain/tags.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { Cloud, Ec2 } from '../loop/ports.ts';
import { type InventoryDocuments, forEachKind } from './kinds.ts';
import { inventoryOf } from './inventory-of.ts';

/** Something was to be changed in what only was recorded. */
export class RefusedWriteError extends Error {
  constructor() {
    super('a recording cannot be changed');
    this.name = 'RefusedWriteError';
  }
}

/**
 * Inventories as the loop's EC2: its reads are answered as EC2 would have answered them then, its
 * writes are refused. Of a target that was not observed everything is unknown.
 * @param dir the folder that the inventories come from, for messages
 */
export const createRecordedCloud = (inventories: readonly Inventory[], dir?: string): Cloud => {
  const byTarget = new Map(
    inventories.map((inventory) => [targetKey(inventory.target), createEc2(inventory)]),
  );
  return {
    at: (target) => byTarget.get(targetKey(target)) ?? createEc2(notObserved(target, dir)),
  };
};

const notObserved = (target: Target, dir: string | undefined): Inventory => {
  const key = targetKey(target);
  const problem = dir === undefined ? `${key} was not observed` : `no folder ${dir}/${key}`;
  const documents: InventoryDocuments = forEachKind(() => ({ pages: [], problem }));
  return inventoryOf(target, documents, 0);
};

const createEc2 = (inventory: Inventory): Ec2 => ({ ...readsOf(inventory), ...REFUSED });

type Writes = Pick<
  Ec2,
  'createImage' | 'copyImage' | 'createTags' | 'deregisterImage' | 'deleteSnapshot'
>;

const refuse = (): Promise<never> => Promise.reject(new RefusedWriteError());

const REFUSED: Writes = {
  createImage: refuse,
  copyImage: refuse,
  createTags: refuse,
  deregisterImage: refuse,
  deleteSnapshot: refuse,
};

const readsOf = (inventory: Inventory): Omit<Ec2, keyof Writes> => {
  const { instances, images, snapshots } = inventory;
  const graph = once(() => referencesIn(inventory));
  return {
    instances: () => Promise.resolve(instances),
    instance: (id) => among(instances, [id]),
    instancesById: (ids) => among(instances, ids),
    images: (deployment) => where(images, isOf(deployment)),
    ownImages: () => Promise.resolve(images),
    availableImages: (deployment) =>
      where(images, (image) => image.state === 'available' && isOf(deployment)(image)),
    imagesById: (ids) => among(images, ids),
    imagesByName: (name) => where<Image>(images, (image) => image.name === name),
    snapshots: (deployment) => where(snapshots, isOf(deployment)),
    ownSnapshots: () => Promise.resolve(snapshots),
    snapshotsById: (ids) => among(snapshots, ids),
    volumes: (tagKeys) => where(inventory.volumes, isAttachedWith(tagKeys)),
    uses: (sources, imageIds) => {
      const asked = graph().bySource.filter(({ source }) => sources.includes(source));
      return Promise.resolve(asked.map((one) => onlyPermissionsOf(imageIds, one)));
    },
    instancesUsing: async (imageIds) => {
      const wanted = new Set(imageIds);
      return instanceReferences(await where(instances, ({ imageId }) => wanted.has(imageId)));
    },
  };
};

const where = <T>(part: Part<T>, isWanted: (item: T) => boolean): Promise<Part<T>> =>
  Promise.resolve({ ...part, items: part.items.filter(isWanted) });

/** EC2 is not asked about nothing. */
const among = <T extends { readonly id: string }>(
  part: Part<T>,
  ids: readonly string[],
): Promise<Part<T>> => {
  const wanted = new Set(ids);
  return ids.length === 0
    ? Promise.resolve(completePart([]))
    : where(part, ({ id }) => wanted.has(id));
};

const isOf =
  (deployment: string) =>
  ({ tags }: { readonly tags: Tags }): boolean =>
    tags[TAG.deployment] === deployment;

const isAttachedWith =
  (tagKeys: readonly string[]) =>
  ({ instanceIds, tags }: SeenVolume): boolean =>
    instanceIds.length > 0 &&
    Object.keys(tags).some((key) => tagKeys.some((pattern) => matchesWildcard(pattern, key)));

/** Launch permissions are told of the images that were asked about, and of no other. */
const onlyPermissionsOf = (
  imageIds: readonly string[],
  { source, part }: SourceReferences,
): SourceReferences => {
  if (source !== 'launch-permissions') return { source, part };
  const asked = new Set(imageIds);
  return {
    source,
    part: { ...part, items: part.items.filter(({ imageId }) => asked.has(imageId)) },
  };
};
