import type { Unknown } from './audit-report.ts';
import type { Inventory, SeenImage, SeenSnapshot } from './inventory.ts';
import {
  type Image,
  type ImageReference,
  type Instance,
  type Part,
  type SourceReferences,
  targetKey,
} from './model.ts';
import { referencesIn } from './references.ts';

/** An image id in a text file of the user's. */
export interface FileReference {
  readonly imageId: string;
  /** `file:line`. */
  readonly by: string;
}

/** One target as an audit looks at it: what was seen, by what is asked of it. */
export interface AuditView {
  /** `account/region`. */
  readonly key: string;
  readonly inventory: Inventory;
  readonly nowMs: number;
  /** Dollars for a GiB and month, by whoever knows better than the table of prices. */
  readonly givenPrice: number | undefined;
  readonly own: ReadonlyMap<string, SeenImage>;
  readonly others: ReadonlyMap<string, SeenImage>;
  /** Images that were once own, and are told of only by the snapshots that were made for them. */
  readonly formerlyOwn: ReadonlySet<string>;
  /** By snapshot: the own images that use it. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** By image: who names it. */
  readonly uses: ReadonlyMap<string, readonly ImageReference[]>;
  readonly sources: readonly SourceReferences[];
  /** Evidence in the user's files, by image. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly files: Part<FileReference>;
  /** Images whose launch permissions were read. */
  readonly permitted: ReadonlySet<string>;
}

export interface ViewInput {
  readonly inventory: Inventory;
  readonly nowMs: number;
  readonly givenPrice: number | undefined;
  readonly files: Part<FileReference>;
}

export const viewOf = ({ inventory, nowMs, givenPrice, files }: ViewInput): AuditView => {
  const { bySource } = referencesIn(inventory);
  return {
    key: targetKey(inventory.target),
    inventory,
    nowMs,
    givenPrice,
    own: byId(inventory.images.items),
    others: byId(inventory.othersImages.items),
    formerlyOwn: new Set(
      inventory.snapshots.items
        .map(madeFor)
        .flatMap((made) => (made?.instanceId === undefined ? [] : [made.imageId])),
    ),
    users: usersOf(inventory.images.items),
    uses: Map.groupBy(
      bySource.flatMap(({ part }) => part.items),
      ({ imageId }) => imageId,
    ),
    sources: bySource,
    named: evidenceOf(files.items),
    files,
    permitted: new Set(inventory.permissions.items.map(({ imageId }) => imageId)),
  };
};

const byId = (images: readonly SeenImage[]): ReadonlyMap<string, SeenImage> =>
  new Map(images.map((image) => [image.id, image]));

const usersOf = (images: readonly SeenImage[]): ReadonlyMap<string, readonly string[]> => {
  const users = new Map<string, string[]>();
  for (const { id, snapshots } of images) {
    for (const { snapshotId } of snapshots) {
      const known = users.get(snapshotId);
      if (known === undefined) users.set(snapshotId, [id]);
      else known.push(id);
    }
  }
  return users;
};

const evidenceOf = (files: readonly FileReference[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...Map.groupBy(files, ({ imageId }) => imageId)].map(([imageId, found]) => [
      imageId,
      found.map(({ by }) => by),
    ]),
  );

/** What a snapshot's description says that it was made for. */
export interface MadeFor {
  readonly imageId: string;
  /** Of one that CreateImage made: the instance. */
  readonly instanceId?: string;
}

/**
 * `Created by CreateImage(i-…) for ami-…` (EC2 User Guide, "Deregister an AMI") and `Copied for
 * DestinationAmi ami-… from SourceAmi ami-… …`; undefined of any other text. A snapshot that is a
 * copy of another may have been given the first text by hand, and only one of a volume has earned it.
 */
export const madeFor = ({
  description,
  volumeId,
}: Pick<SeenSnapshot, 'description' | 'volumeId'>): MadeFor | undefined => {
  const created = /^Created by CreateImage\((i-[0-9a-f]+)\) for (ami-[0-9a-f]+)\b/.exec(
    description,
  );
  if (created?.[1] !== undefined && created[2] !== undefined) {
    if (volumeId === undefined) return undefined;
    return { imageId: created[2], instanceId: created[1] };
  }
  const copied = /^Copied for DestinationAmi (ami-[0-9a-f]+) from SourceAmi ami-/.exec(description);
  return copied?.[1] === undefined ? undefined : { imageId: copied[1] };
};

/** Whether an image is there, as far as anybody can tell. */
export type Standing =
  | { readonly is: 'here'; readonly image: SeenImage; readonly isOwn: boolean }
  | { readonly is: 'gone' }
  | { readonly is: 'unknown' };

/**
 * An image that is not among the own ones may be somebody else's. So it is gone only if those were
 * looked up too, or if a snapshot here shows that it was an own one.
 */
export const standingOf = (view: AuditView, imageId: string): Standing => {
  const own = view.own.get(imageId);
  const image = own ?? view.others.get(imageId);
  if (image !== undefined) {
    return image.state === 'deregistered'
      ? { is: 'gone' }
      : { is: 'here', image, isOwn: own !== undefined };
  }
  const { images, othersImages } = view.inventory;
  const isGone = images.isComplete && (othersImages.isComplete || view.formerlyOwn.has(imageId));
  return isGone ? { is: 'gone' } : { is: 'unknown' };
};

export const isDeprecated = ({ nowMs }: AuditView, { deprecatedMs }: SeenImage): boolean =>
  deprecatedMs !== undefined && deprecatedMs <= nowMs;

/** Those that may still do something. */
export const liveInstances = ({ inventory }: AuditView): readonly Instance[] =>
  inventory.instances.items.filter(
    ({ state }) => state !== 'terminated' && state !== 'shutting-down',
  );

/** Of instances that launched from one image. */
export const instancesByImage = (view: AuditView): ReadonlyMap<string, readonly Instance[]> =>
  Map.groupBy(liveInstances(view), ({ imageId }) => imageId);

/** The parts of an inventory that say something of images or snapshots, by the files that show them. */
const NAMES = {
  instances: 'instances',
  images: 'images',
  othersImages: 'used-images',
  permissions: 'image-attributes',
  snapshots: 'snapshots',
  volumes: 'volumes',
  launchTemplates: 'launch-templates',
  launchTemplateVersions: 'launch-template-versions',
  autoScalingGroups: 'auto-scaling-groups',
  launchConfigurations: 'launch-configurations',
  parameters: 'parameters',
  fleets: 'fleets',
  spotFleetRequests: 'spot-fleet-requests',
} as const;

type PartName = keyof typeof NAMES;

export const PART_NAMES = Object.keys(NAMES) as readonly PartName[];

/** Which of these parts could not be read as a whole. */
export const unknownParts = (
  { key, inventory }: Pick<AuditView, 'key' | 'inventory'>,
  parts: readonly PartName[],
): readonly Unknown[] =>
  parts.flatMap((name) => {
    const { isComplete, problem } = inventory[name];
    return isComplete ? [] : [{ target: key, what: NAMES[name], problem }];
  });

/** Who uses images and could not be asked, launch permissions aside: those are read image by image. */
export const unknownSources = (view: AuditView): readonly Unknown[] => [
  ...view.sources
    .filter(({ source, part }) => source !== 'launch-permissions' && !part.isComplete)
    .map(({ source, part }) => ({ target: view.key, what: source, problem: part.problem })),
  ...(view.files.isComplete
    ? []
    : [{ target: view.key, what: 'referenced-in', problem: view.files.problem }]),
];

/** Of these images nobody said with whom they are shared. */
export const unknownPermissions = (
  { key, inventory, permitted }: AuditView,
  images: readonly Pick<Image, 'id'>[],
): readonly Unknown[] => {
  const asked = images.filter(({ id }) => !permitted.has(id)).length;
  if (asked === 0) return [];
  const { isComplete, problem } = inventory.permissions;
  const why = isComplete ? 'nothing was read of them' : problem;
  return [
    {
      target: key,
      what: 'launch-permissions',
      problem: `${asked} image${asked === 1 ? '' : 's'}: ${why}`,
    },
  ];
};

/** `i-0aa web-1 (running)`. */
export const describeInstance = ({ id, state, tags }: Instance): string => {
  const name = tags['Name'] ?? '';
  return name === '' ? `${id} (${state})` : `${id} ${name} (${state})`;
};
