import { type PointName, parsePointName } from '../shared/domain/naming.ts';
import type { EmbeddedCloud } from '../simulator/cloud.ts';

/** The life of one image of the product, as seen from inside of the embedded cloud. */
export interface LedgerEntry {
  readonly imageId: string;
  readonly region: string;
  readonly point: PointName;
  readonly kind: 'point' | 'copy';
  readonly madeMs: number;
  readonly sizeGiB: number;
  endedMs: number | undefined;
  state: 'pending' | 'available' | 'failed';
  removedMs: number | undefined;
}

/** Every image that the product ever made, whether it is still there or not, in order of making. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
}

/** Begins to write down what becomes of images with a name of ours. Ask it before the run begins. */
export const keepLedger = (cloud: EmbeddedCloud): Ledger => {
  const entries: LedgerEntry[] = [];
  const byId = new Map<string, LedgerEntry>();
  cloud.hooks.on('imageMade', ({ imageId, region, name, by, atMs }) => {
    const point = parsePointName(name);
    if (point === undefined) return;
    const entry: LedgerEntry = {
      imageId,
      region,
      point,
      kind: by === 'CopyImage' ? 'copy' : 'point',
      madeMs: atMs,
      sizeGiB: sizeOf(cloud, region, imageId),
      endedMs: undefined,
      state: 'pending',
      removedMs: undefined,
    };
    entries.push(entry);
    byId.set(imageId, entry);
  });
  cloud.hooks.on('imageEnded', ({ imageId, state, atMs }) => {
    const entry = byId.get(imageId);
    if (entry === undefined) return;
    entry.state = state;
    entry.endedMs = atMs;
  });
  cloud.hooks.on('deregistering', ({ imageId, atMs }) => {
    const entry = byId.get(imageId);
    if (entry !== undefined) entry.removedMs = atMs;
  });
  return { entries };
};

const sizeOf = (cloud: EmbeddedCloud, region: string, imageId: string): number => {
  const disks = cloud.ec2Core.store(region).images.get(imageId)?.disks ?? [];
  return disks.reduce((sum, { snapshotId, sizeGib }) => sum + (snapshotId ? sizeGib : 0), 0);
};

/** The same point, whichever try it was. */
export const slotKey = ({ region, point }: LedgerEntry): string =>
  `${region} ${point.policyId} ${point.sourceId} ${point.slotMs}`;
