import { sizeOf } from '../shared/domain/candidate.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import {
  type Target,
  completePart,
  incompletePart,
  isSameTarget,
  targetKey,
} from '../shared/domain/model.ts';
import { type NewSnapshots, createPointSizes } from '../shared/domain/point-size.ts';
import type { SizeAt } from '../shared/domain/prices.ts';
import type { TargetPlan } from './plan-targets.ts';

/** What the points and copies take that plans would make. */
export interface MadeSizes {
  /** One for each plan, in their order. */
  readonly sizes: readonly SizeAt[];
  /** New points of which some volume's size is not known; such a volume counts as nothing. */
  readonly unsized: number;
}

/** Each new point is as large as the volumes that it is made of, each copy as large as its image. */
export const madeBy = (
  plans: readonly TargetPlan[],
  volumesOf: (target: Target) => Inventory['volumes'],
): MadeSizes => {
  const made = plans.map((plan) => ({ plan, ...madeAt(plan, volumesOf(plan.target)) }));
  return {
    sizes: made.map(({ plan, sizeGiB }) => ({ region: plan.target.region, sizeGiB })),
    unsized: made.reduce((total, { unsized }) => total + unsized, 0),
  };
};

/**
 * Asks for the volumes of those targets where points are to be made, and of no other.
 * @param readVolumes of a live target, or as they were recorded
 */
export const readMade = async (
  plans: readonly TargetPlan[],
  readVolumes: (target: Target) => Promise<Inventory['volumes']>,
): Promise<MadeSizes> => {
  const read = new Map<string, Inventory['volumes']>();
  for (const { target, backups } of plans) {
    if (backups.some(({ kind }) => kind === 'create')) {
      read.set(targetKey(target), await readVolumes(target));
    }
  }
  return madeBy(plans, (target) => read.get(targetKey(target)) ?? NO_VOLUMES);
};

const NO_VOLUMES: Inventory['volumes'] = completePart([]);

/** The volumes of a target, as they were observed. */
export const volumesIn =
  (inventories: readonly Inventory[]) =>
  (target: Target): Inventory['volumes'] =>
    inventories.find((one) => isSameTarget(one.target, target))?.volumes ??
    incompletePart(`${targetKey(target)} was not observed`);

const madeAt = (
  { backups, seen }: TargetPlan,
  volumes: Inventory['volumes'],
): { readonly sizeGiB: number; readonly unsized: number } => {
  const sizesOf = createPointSizes({ volumes });
  const instances = new Map(seen.instances.items.map((one) => [one.id, one]));
  const images = new Map(
    seen.places.flatMap((place) => place.images.items.map((image) => [image.id, image] as const)),
  );
  const made = backups.map((action): Sized => {
    if (action.kind === 'copy') {
      const image = images.get(action.sourceImageId);
      return { sizeGiB: image === undefined ? 0 : sizeOf(image), isKnown: image !== undefined };
    }
    const instance = instances.get(action.point.sourceId);
    return instance === undefined ? UNKNOWN : sized(sizesOf(instance, action.excludedDevices));
  });
  return {
    sizeGiB: made.reduce((total, { sizeGiB }) => total + sizeGiB, 0),
    unsized: made.filter(({ isKnown }) => !isKnown).length,
  };
};

interface Sized {
  readonly sizeGiB: number;
  readonly isKnown: boolean;
}

const UNKNOWN: Sized = { sizeGiB: 0, isKnown: false };

const sized = ({ snapshots, isKnown }: NewSnapshots): Sized => ({
  sizeGiB: snapshots.reduce((total, { sizeGiB }) => total + sizeGiB, 0),
  isKnown,
});
