import type { Inventory, SeenImage } from './inventory.ts';
import type { Target } from './model.ts';
import { TAG } from './tags.ts';

/** An image that was made from another. That is told, and keeps nothing: it stands without its parent. */
export interface Child {
  readonly image: SeenImage;
  readonly place: Target;
  /** `copied from it`, or of an instance: `made of i-0aa`. */
  readonly how: string;
}

export type Children = (region: string, imageId: string) => readonly Child[];

/**
 * Who was made from whom, as far as EC2 says: a copy, where it was copied from; an image of an
 * instance, what that was launched from, while the instance is seen or EC2 remembers. A copy that
 * Imago made of a point is the same point elsewhere, and no child.
 */
export const childrenOf = (inventories: readonly Inventory[]): Children => {
  const byParent = new Map<string, Child[]>();
  for (const { target, images, instances } of inventories) {
    const launchedFrom = new Map(instances.items.map(({ id, imageId }) => [id, imageId]));
    for (const image of images.items) {
      for (const { key, how } of parentsOf(image, target, launchedFrom)) {
        const child = { image, place: target, how };
        const known = byParent.get(key);
        if (known === undefined) byParent.set(key, [child]);
        else known.push(child);
      }
    }
  }
  return (region, imageId) => byParent.get(keyOf(region, imageId)) ?? NONE;
};

const NONE: readonly Child[] = [];

const keyOf = (region: string, imageId: string): string => `${region}/${imageId}`;

interface Parent {
  readonly key: string;
  readonly how: string;
}

const parentsOf = (
  image: SeenImage,
  { region }: Target,
  launchedFrom: ReadonlyMap<string, string>,
): readonly Parent[] => {
  const { sourceInstanceId } = image;
  const copied = copiedFrom(image, region);
  if (sourceInstanceId === undefined) return copied.map((key) => ({ key, how: 'copied from it' }));
  const launched = launchedFrom.get(sourceInstanceId);
  const keys = [...(launched === undefined ? [] : [keyOf(region, launched)]), ...copied];
  return [...new Set(keys)].map((key) => ({ key, how: `made of ${sourceInstanceId}` }));
};

const copiedFrom = (
  { sourceImageId, sourceImageRegion, tags }: SeenImage,
  region: string,
): readonly string[] => {
  if (sourceImageId === undefined) return [];
  const isSamePoint = tags[TAG.copiedFrom]?.endsWith(`/${sourceImageId}`) === true;
  return isSamePoint ? [] : [keyOf(sourceImageRegion ?? region, sourceImageId)];
};
