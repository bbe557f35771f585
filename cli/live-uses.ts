import type { Connection } from '../shared/aws/connection.ts';
import type { ReadUses } from '../shared/aws/ec2.ts';
import { SHARE_PERCENT_DEFAULT } from '../shared/aws/buckets.ts';
import { readKinds } from '../shared/aws/inventory.ts';
import { createLimiter } from '../shared/aws/limiter.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import type { Target } from '../shared/domain/model.ts';
import { referencesIn } from '../shared/domain/references.ts';
import { inventoryOf } from '../shared/inventory/inventory-of.ts';
import type { FileKind } from '../shared/inventory/kinds.ts';

/** All that launches, or names what is launched: to know what one of them means takes the others. */
const LAUNCHING: readonly FileKind[] = [
  'launch-templates',
  'launch-template-versions',
  'auto-scaling-groups',
  'launch-configurations',
  'parameters',
  'fleets',
  'spot-fleet-requests',
];

/** Asks all sources of live AWS, as an inventory does, and with the same answers. */
export const liveUses =
  (connection: Connection): ReadUses =>
  (limiter, target) =>
  async (sources, imageIds) => {
    const isShared = sources.includes('launch-permissions');
    const kinds = isShared ? ([...LAUNCHING, 'image-attributes'] as const) : LAUNCHING;
    const documents = await readKinds(connection, limiter, target, kinds, {
      imageIds,
      launchingOnly: true, // one call for every template would take minutes in a large account
    });
    const inventory = inventoryOf(target, documents, connection.clock.nowMs());
    return referencesIn(inventory).bySource.filter(({ source }) => sources.includes(source));
  };

/** Some lists of one target of live AWS; what was not asked for counts as unknown. */
export type ReadLiveLists = (
  target: Target,
  kinds: readonly FileKind[],
  imageIds?: readonly string[],
) => Promise<Inventory>;

/** One limiter serves all its reads. */
export const createReadLiveLists = (connection: Connection): ReadLiveLists => {
  const limiter = createLimiter({ ...connection, sharePercent: SHARE_PERCENT_DEFAULT });
  return async (target, kinds, imageIds) => {
    const options = imageIds === undefined ? {} : { imageIds };
    const documents = await readKinds(connection, limiter, target, kinds, options);
    return inventoryOf(target, documents, connection.clock.nowMs());
  };
};
