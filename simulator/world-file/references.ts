/** Whether what the rows of a world name is there. */
import type { SavedStore } from '../services/ec2/store.ts';

export interface Dangling {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

type Regions = Readonly<Record<string, SavedStore>>;

const missing = (path: readonly PropertyKey[], what: string, id: string): Dangling => ({
  path,
  problem: `there is no ${what} ${id}`,
});

/** What is not there a second time; a second row of an id would silently replace the first. */
function* doubles(table: string, ids: readonly string[]): Generator<Dangling> {
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) yield { path: [table, index], problem: `${id} is there twice` };
    seen.add(id);
  }
}

function* imageReferences({ images, snapshots }: SavedStore): Generator<Dangling> {
  const known = new Set(snapshots.map(({ snapshotId }) => snapshotId));
  for (const [index, { disks }] of images.entries()) {
    for (const [disk, { snapshotId }] of disks.entries()) {
      if (snapshotId === undefined || known.has(snapshotId)) continue;
      yield missing(['images', index, 'disks', disk, 'snapshotId'], 'snapshot', snapshotId);
    }
  }
}

function* volumeReferences({ volumes, instances }: SavedStore): Generator<Dangling> {
  const known = new Set(instances.map(({ instanceId }) => instanceId));
  for (const [index, { attachment }] of volumes.entries()) {
    if (attachment === undefined || known.has(attachment.instanceId)) continue;
    const path = ['volumes', index, 'attachment', 'instanceId'];
    yield missing(path, 'instance', attachment.instanceId);
  }
}

function* instanceReferences({ volumes, instances }: SavedStore): Generator<Dangling> {
  const known = new Set(volumes.map(({ volumeId }) => volumeId));
  for (const [index, { disks }] of instances.entries()) {
    for (const [disk, { volumeId }] of disks.entries()) {
      if (volumeId === undefined || known.has(volumeId)) continue;
      yield missing(['instances', index, 'disks', disk, 'volumeId'], 'volume', volumeId);
    }
  }
}

function* ofStore(store: SavedStore): Generator<Dangling> {
  yield* doubles(
    'images',
    store.images.map(({ imageId }) => imageId),
  );
  yield* doubles(
    'snapshots',
    store.snapshots.map(({ snapshotId }) => snapshotId),
  );
  yield* doubles(
    'instances',
    store.instances.map(({ instanceId }) => instanceId),
  );
  yield* doubles(
    'volumes',
    store.volumes.map(({ volumeId }) => volumeId),
  );
  yield* doubles(
    'templates',
    store.templates.map(({ templateId }) => templateId),
  );
  yield* doubles(
    'fleets',
    [...store.fleets.fleets, ...store.fleets.spotFleets].map(({ fleetId }) => fleetId),
  );
  yield* imageReferences(store);
  yield* volumeReferences(store);
  yield* instanceReferences(store);
}

/** The first row of EC2 that names what is not there. Paths begin at the part. */
export const findDangling = (regions: Regions): Dangling | undefined => {
  for (const [region, store] of Object.entries(regions)) {
    for (const { path, problem } of ofStore(store)) return { path: [region, ...path], problem };
  }
  return undefined;
};
