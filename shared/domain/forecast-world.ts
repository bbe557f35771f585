import { sizeOf } from './candidate.ts';
import type { AnyAction, CopyAction, CreateAction, RetireAction } from './decision.ts';
import type { Inventory } from './inventory.ts';
import {
  type Image,
  type ImageReference,
  type Instance,
  type Observation,
  type Part,
  type PlaceImages,
  type Snapshot,
  type SourceReferences,
  type Target,
  incompletePart,
  isSameTarget,
  targetKey,
} from './model.ts';
import { createPointSizes, type NewSnapshots } from './point-size.ts';
import { referencesIn } from './references.ts';
import { TAG } from './tags.ts';

/**
 * What was observed, and what becomes of it when every action succeeds at once: the cloud of a
 * forecast. The only state that a forecast has.
 */
export interface ForecastWorld {
  /** The home first, then its destinations. */
  readonly targets: readonly Target[];
  readonly observationOf: (target: Target, nowMs: number) => Observation;
  /** Another list as soon as anything has changed. */
  readonly imagesAt: (target: Target) => Part<Image>;
  /** Snapshots of the deployment whose image is gone. */
  readonly orphansAt: (target: Target) => readonly Snapshot[];
  readonly apply: (target: Target, actions: readonly AnyAction[], nowMs: number) => void;
  /** Instances of whose new points not every size is known, by id. */
  readonly unsized: () => readonly string[];
}

/** What a forecast begins with. */
export interface WorldInput {
  readonly inventories: readonly Inventory[];
  readonly deployment: string;
  readonly home: Target;
  readonly destinations: readonly Target[];
}

/** One target, as it is by then. */
interface Place {
  readonly target: Target;
  readonly instances: Part<Instance>;
  readonly volumes: Observation['volumes'];
  readonly uses: readonly SourceReferences[];
  /** Snapshots that have an image and a hold, which holds the image. */
  readonly held: readonly Snapshot[];
  readonly areSnapshotsKnown: Pick<Part<Snapshot>, 'isComplete' | 'problem'>;
  images: Part<Image>;
  orphans: readonly Snapshot[];
  /** That nobody but the account may launch what the forecast has made. */
  permissions: readonly ImageReference[];
}

export const createForecastWorld = (input: WorldInput): ForecastWorld => {
  const { home, destinations, inventories } = input;
  const targets = [home, ...destinations];
  const places = new Map(targets.map((target) => [targetKey(target), createPlace(input, target)]));
  const placeOf = (target: Target): Place => {
    const found = places.get(targetKey(target));
    if (found === undefined) throw new Error(`${targetKey(target)} is no part of this forecast`);
    return found;
  };
  const seenHome = inventories.find(({ target }) => isSameTarget(target, home));
  const maker = createMaker(placeOf(home), seenHome);
  const makeOf = (action: AnyAction, nowMs: number): readonly Image[] => {
    if (action.kind === 'create') return maker.create(action, nowMs);
    return action.kind === 'copy' ? maker.copy(action, nowMs) : [];
  };
  return {
    targets,
    observationOf: (target, nowMs) => {
      const others = targets.filter((one) => !isSameTarget(one, target));
      const seen = isSameTarget(target, home) ? others : [home];
      return observationOf(placeOf(target), seen.map(placeOf), nowMs);
    },
    imagesAt: (target) => placeOf(target).images,
    orphansAt: (target) => placeOf(target).orphans,
    apply: (target, actions, nowMs) => {
      const place = placeOf(target);
      add(
        place,
        actions.flatMap((action) => makeOf(action, nowMs)),
      );
      remove(place, actions);
    },
    unsized: () => [...maker.unsized].sort(),
  };
};

const createPlace = ({ inventories, deployment }: WorldInput, target: Target): Place => {
  const seen = inventories.find((one) => isSameTarget(one.target, target));
  if (seen === undefined) return unseenPlace(target);
  const isOurs = ({ tags }: Pick<Image, 'tags'>): boolean => tags[TAG.deployment] === deployment;
  const imaged = new Set(
    seen.images.items.flatMap(({ snapshots }) => snapshots.map(({ snapshotId }) => snapshotId)),
  );
  const snapshots = seen.snapshots.items.filter(isOurs);
  return {
    target,
    instances: seen.instances,
    volumes: seen.volumes,
    uses: referencesIn(seen).bySource.filter(({ source }) => source !== 'instances'),
    held: snapshots.filter(({ id, tags }) => imaged.has(id) && tags[TAG.hold] !== undefined),
    areSnapshotsKnown: seen.snapshots,
    images: { ...seen.images, items: seen.images.items.filter(isOurs).map(finished) },
    orphans: snapshots.filter(({ id }) => !imaged.has(id)),
    permissions: [],
  };
};

/** What is on its way when it all begins will have come well. */
const finished = (image: Image): Image =>
  image.state === 'pending' ? { ...image, state: 'available' } : image;

const unseenPlace = (target: Target): Place => {
  const problem = `${targetKey(target)} was not observed`;
  return {
    target,
    instances: incompletePart(problem),
    volumes: incompletePart(problem),
    uses: [],
    held: [],
    areSnapshotsKnown: incompletePart(problem),
    images: incompletePart(problem),
    orphans: [],
    permissions: [],
  };
};

const observationOf = (place: Place, seen: readonly Place[], nowMs: number): Observation => ({
  target: place.target,
  observedMs: nowMs,
  instances: place.instances,
  images: place.images,
  snapshots: { ...wholeOrNot(place), items: [...place.orphans, ...place.held] },
  volumes: place.volumes,
  uses: place.uses.map((one) => withPermissions(one, place.permissions)),
  places: seen.map(
    ({ target, images, instances }): PlaceImages => ({ place: target, images, instances }),
  ),
});

const wholeOrNot = ({
  areSnapshotsKnown: { isComplete, problem },
}: Place): Pick<Part<Snapshot>, 'isComplete' | 'problem'> => ({ isComplete, problem });

const withPermissions = (
  { source, part }: SourceReferences,
  permissions: readonly ImageReference[],
): SourceReferences =>
  source === 'launch-permissions' && permissions.length > 0
    ? { source, part: { ...part, items: part.items.concat(permissions) } }
    : { source, part };

const add = (place: Place, made: readonly Image[]): void => {
  if (made.length === 0) return;
  place.images = { ...place.images, items: place.images.items.concat(made) };
  place.permissions = place.permissions.concat(made.map(ofNobody));
};

const ofNobody = ({ id }: Image): ImageReference => ({
  imageId: id,
  kind: 'launch-permission',
  by: 'nobody else',
  holds: false,
});

const remove = (place: Place, actions: readonly AnyAction[]): void => {
  const retired = new Map(
    actions.flatMap((action) => (action.kind === 'retire' ? [[action.imageId, action]] : [])),
  );
  const deleted = new Set(
    actions.flatMap((action) => (action.kind === 'delete-snapshot' ? action.snapshotId : [])),
  );
  if (deleted.size > 0) place.orphans = place.orphans.filter(({ id }) => !deleted.has(id));
  if (retired.size === 0) return;
  const left = place.images.items.flatMap((image) => leftOf(image, retired.get(image.id)));
  const isStaying = ({ id }: Pick<Image, 'id'>): boolean => !retired.has(id);
  place.orphans = place.orphans.concat(left);
  place.images = { ...place.images, items: place.images.items.filter(isStaying) };
  place.permissions = place.permissions.filter(({ imageId }) => !retired.has(imageId));
};

/** The snapshots that stay when their image goes, where its policy keeps them. */
const leftOf = (image: Image, action: RetireAction | undefined): readonly Snapshot[] =>
  action?.snapshots !== 'keep'
    ? []
    : image.snapshots.map(({ snapshotId, sizeGiB }) => ({
        id: snapshotId,
        tags: image.tags,
        sizeGiB,
        startedMs: image.createdMs,
      }));

/** Makes the images that actions ask for. */
interface Maker {
  readonly create: (action: CreateAction, nowMs: number) => readonly Image[];
  readonly copy: (action: CopyAction, nowMs: number) => readonly Image[];
  readonly unsized: ReadonlySet<string>;
}

/** EC2's ids have 17 hexadecimal digits; the first digit tells these apart for a reader. */
const ID_DIGITS = 16;

const createMaker = (home: Place, seen: Inventory | undefined): Maker => {
  const sizesOf = createPointSizes(seen ?? { volumes: incompletePart('') });
  const instances = new Map(home.instances.items.map((one) => [one.id, one]));
  const unsized = new Set<string>();
  let made = 0;
  const imageOf = (
    { name, tags }: CreateAction | CopyAction,
    snapshots: NewSnapshots['snapshots'],
    createdMs: number,
  ): Image => {
    const number = (made += 1).toString(16).padStart(ID_DIGITS, '0');
    return {
      id: `ami-f${number}`,
      name,
      state: 'available',
      createdMs,
      tags,
      snapshots: snapshots.map((one, index) => ({
        ...one,
        snapshotId: `snap-f${number}-${index}`,
      })),
      isDeregistrationProtected: false,
    };
  };
  return {
    unsized,
    create: (action, nowMs) => {
      const { sourceId } = action.point;
      const instance = instances.get(sourceId);
      if (instance === undefined) return [];
      const { snapshots, isKnown } = sizesOf(instance, action.excludedDevices);
      const known = isKnown ? snapshots : (newestOf(home, sourceId)?.snapshots ?? snapshots);
      if (known === snapshots && !isKnown) unsized.add(sourceId);
      return [{ ...imageOf(action, known, nowMs), sourceInstanceId: sourceId }];
    },
    copy: (action, nowMs) => {
      const { sourceImageId } = action;
      const snapshots = imagesById(home.images.items).get(sourceImageId)?.snapshots ?? [];
      return [{ ...imageOf(action, snapshots, nowMs), sourceImageId }];
    },
  };
};

const indexes = new WeakMap<readonly Image[], ReadonlyMap<string, Image>>();

/** Asked about every image that is copied; the answer is kept with the list, which never changes. */
const imagesById = (images: readonly Image[]): ReadonlyMap<string, Image> => {
  const known = indexes.get(images);
  if (known !== undefined) return known;
  const made = new Map(images.map((image) => [image.id, image]));
  indexes.set(images, made);
  return made;
};

/** Of whose size the next one is taken to be, where volumes could not be read. */
const newestOf = ({ images }: Place, sourceId: string): Image | undefined => {
  let newest: Image | undefined;
  for (const image of images.items) {
    const isOlder = newest !== undefined && image.createdMs <= newest.createdMs;
    if (image.tags[TAG.source] === sourceId && !isOlder && sizeOf(image) > 0) newest = image;
  }
  return newest;
};
