/** What scenarios begin with: instances by name, points of long ago, and a look at the images. */
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import type { ImageRow } from '../../simulator/services/ec2/rows.ts';
import { seedBaseImages } from '../../simulator/world/base-images.ts';
import { launch } from '../../simulator/world/launch.ts';
import type { InstancePlan } from '../../simulator/world/mix.ts';
import { EMBEDDED_ACCOUNT } from '../../cli/embedded.ts';

export interface InstanceSpec {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly state?: 'running' | 'stopped';
  /** One volume each; the first is the root. */
  readonly volumesGib?: readonly number[];
}

interface PointSpec {
  /** Name of the instance. */
  readonly of: string;
  readonly policy: string;
  /** When its data was captured, and the slot that it stands for. */
  readonly slot: string;
  readonly state?: 'available' | 'failed' | 'pending';
  /** Retry of its slot: 1 for `/r1`. */
  readonly retry?: number;
}

/** An image as a test speaks of it. */
export interface ImageView {
  readonly imageId: string;
  readonly name: string;
  readonly state: string;
  readonly description: string;
  /** To the second. */
  readonly madeAt: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly snapshotIds: readonly string[];
  readonly snapshotTags: readonly Readonly<Record<string, string>>[];
}

export interface ScenarioWorld {
  /** The id of the instance of that name. */
  readonly id: (name: string) => string;
  /** Launches another one now: it is pending for half a minute. Returns its id. */
  readonly launchNow: (spec: InstanceSpec) => string;
  /** Puts a point of long ago at home. Returns its image's id. */
  readonly aPoint: (spec: PointSpec) => string;
  /** Images of the account, oldest first. */
  readonly images: (region?: string) => readonly ImageView[];
  /** Ids of the account's snapshots, sorted. */
  readonly snapshotIds: (region?: string) => readonly string[];
}

const DAY_MS = 86_400_000;
const DEVICES = ['/dev/sda1', '/dev/sdf', '/dev/sdg'];

const planOf = ({
  name,
  tags,
  state = 'running',
  volumesGib = [8],
}: InstanceSpec): InstancePlan => ({
  name,
  role: 'web',
  instanceType: 't3.small',
  zone: 'a',
  state,
  tags,
  volumes: volumesGib.map((sizeGib, index) => ({
    device: DEVICES[index] ?? '',
    sizeGib,
    type: 'gp3',
  })),
});

export const createWorld = (
  cloud: EmbeddedCloud,
  home: string,
  instances: readonly InstanceSpec[],
): ScenarioWorld => {
  const store = cloud.ec2Core.store(home);
  const place = { account: EMBEDDED_ACCOUNT, region: home, images: seedBaseImages(cloud, home) };
  const ids = new Map<string, string>();
  const launchNow = (spec: InstanceSpec): string => {
    const instanceId = launch(cloud, place, planOf(spec));
    ids.set(spec.name, instanceId);
    return instanceId;
  };
  for (const spec of instances) {
    const row = store.instances.get(launchNow(spec));
    if (row === undefined) continue;
    row.turn += 1; // disowns the timer that would make it `running`
    row.state = spec.state ?? 'running';
    row.launchedAtMs = cloud.clock.nowMs() - 30 * DAY_MS;
  }
  const id = (name: string): string => {
    const found = ids.get(name);
    if (found === undefined) throw new Error(`there is no instance ${name}`);
    return found;
  };
  return {
    id,
    launchNow,
    aPoint: (spec) => seedPoint(cloud, home, id(spec.of), spec),
    images: (region = home) =>
      [...cloud.ec2Core.store(region).images.values()]
        .filter(({ ownerId }) => ownerId === EMBEDDED_ACCOUNT)
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.name < b.name ? -1 : 1))
        .map((row) => viewOf(cloud, row)),
    snapshotIds: (region = home) =>
      [...cloud.ec2Core.store(region).snapshots.values()]
        .filter(({ ownerId }) => ownerId === EMBEDDED_ACCOUNT)
        .map(({ snapshotId }) => snapshotId)
        .toSorted(),
  };
};

const viewOf = (cloud: EmbeddedCloud, row: ImageRow): ImageView => {
  const snapshotIds = row.disks.flatMap(({ snapshotId }) => snapshotId ?? []);
  const { snapshots } = cloud.ec2Core.store(row.region);
  return {
    imageId: row.imageId,
    name: row.name,
    state: row.state,
    description: row.description ?? '',
    madeAt: `${new Date(row.createdAtMs).toISOString().slice(0, 19)}Z`,
    tags: Object.fromEntries(row.tags),
    snapshotIds,
    snapshotTags: snapshotIds.map((id) => Object.fromEntries(snapshots.get(id)?.tags ?? [])),
  };
};

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Made through CreateImage, as of then, and finished at once. */
const seedPoint = (
  cloud: EmbeddedCloud,
  home: string,
  instanceId: string,
  { policy, slot, state = 'available', retry = 0 }: PointSpec,
): string => {
  const store = cloud.ec2Core.store(home);
  const written = slot.replaceAll(':', '-');
  const name = `imago/dev/${policy}/${instanceId}/${written}`;
  const Tags = tagList({
    'imago:deployment': 'dev',
    'imago:policy': policy,
    'imago:source': instanceId,
    'imago:slot': written,
    'imago:home': `${EMBEDDED_ACCOUNT}/${home}`,
  });
  const { ImageId = '' } = cloud.ec2.CreateImage(
    {
      InstanceId: instanceId,
      Name: retry === 0 ? name : `${name}/r${retry}`,
      TagSpecifications: [
        { ResourceType: 'image', Tags },
        { ResourceType: 'snapshot', Tags },
      ],
    },
    { ...cloud.callAs(EMBEDDED_ACCOUNT, home), nowMs: Date.parse(slot) },
  );
  const row = store.images.get(ImageId);
  if (row === undefined || state === 'pending') return ImageId;
  row.state = state;
  for (const { snapshotId } of row.disks) {
    const snapshot = store.snapshots.get(snapshotId ?? '');
    if (snapshot !== undefined) snapshot.endsAtMs = Date.parse(slot);
  }
  return ImageId;
};
