import type { Inventory } from './inventory.ts';
import type { Instance, ImageSnapshot } from './model.ts';

/** What a new point of an instance would consist of. */
export interface NewSnapshots {
  /** One for each volume that is backed up, each as large as its volume: less is stored. */
  readonly snapshots: readonly Omit<ImageSnapshot, 'snapshotId'>[];
  /** Whether the size of each volume is known; one that is not counts as nothing. */
  readonly isKnown: boolean;
}

/**
 * Tells what the points of instances would consist of now, by the sizes of their volumes.
 * @param excludedDevices devices that the image leaves out
 */
export const createPointSizes = ({
  volumes,
}: Pick<Inventory, 'volumes'>): ((
  instance: Instance,
  excludedDevices: readonly string[],
) => NewSnapshots) => {
  const sizes = new Map(volumes.items.map(({ id, sizeGiB }) => [id, sizeGiB]));
  return (instance, excludedDevices) => {
    const backedUp = instance.volumes.filter(({ device }) => !excludedDevices.includes(device));
    return {
      snapshots: backedUp.map(({ device, volumeId }) => ({
        device,
        sizeGiB: sizes.get(volumeId) ?? 0,
      })),
      isKnown: backedUp.every(({ volumeId }) => sizes.has(volumeId)),
    };
  };
};
