import type { PlanInput } from './decision.ts';
import {
  type Future,
  type Saying,
  firstAfter,
  nextMidnight,
  withoutLimits,
} from './explain-future.ts';
import { ownerOf } from './lineage.ts';
import {
  type Image,
  type ImageReference,
  type Instance,
  type SourceReferences,
  type Target,
  isSameTarget,
  targetKey,
} from './model.ts';
import { formatPointName, formatSlot } from './naming.ts';
import { countingTriggers, pickedName } from './overrides.ts';
import { planRemovals } from './plan.ts';
import { type Point, ownershipOf } from './point.ts';
import type { Policy, ScheduleTrigger } from './policy.ts';
import { isoEndMs } from './protection.ts';
import { selectInstance } from './selection.ts';
import { TAG } from './tags.ts';
import { nextOpeningMs } from './windows.ts';

/** What is to be followed, and what of its source is known. */
export interface ImageOutlook {
  readonly image: Image;
  /** What its target sees before it removes anything. */
  readonly input: PlanInput;
  /** The instance that it is a point of, wherever that is. */
  readonly source: Instance | undefined;
}

/**
 * The future of one image: its lineage alone, carried on from slot to slot as its policy's schedules
 * say, with every copy made and every expired point removed in time. What nobody can foresee, such
 * as events, instances that are launched and tags that people write, does not happen.
 */
export const futureOfImage = ({ image, input, source }: ImageOutlook): Future => {
  const { deployment, observation, nowMs, policySet } = input;
  const ownership = ownershipOf(image, deployment, observation.target);
  const point = ownership.isOurs ? ownership.point : undefined;
  const policy = ownerOf(policySet, image.tags[TAG.policy] ?? image.tags[TAG.adopted] ?? '');
  const schedules = point === undefined ? [] : schedulesOf(policy, source, nowMs);
  const fixed = datesOf(image, input);
  const slotAfter = (atMs: number): number | undefined =>
    firstAfter(
      schedules.map(({ schedule }) => schedule.nextSlot(atMs)),
      atMs,
    );
  let world = worldOf(input, image, source);
  let isSettled = false;
  return {
    nowMs,
    nextAfter: (atMs, said) =>
      firstAfter(
        [
          waitsForPoints(said) ? slotAfter(atMs) : undefined,
          ...fixed,
          said?.reasons.some(({ id }) => id === 'PRO-07') === true && policy !== undefined
            ? nextOpeningMs(policy.retire.during, atMs)
            : undefined,
          schedules.length === 0 && policy?.whenSourceGone !== undefined
            ? nextMidnight(atMs)
            : undefined,
        ],
        atMs,
      ),
    sayAt: (atMs) => {
      world = { ...world, nowMs: atMs };
      if (atMs > nowMs && !isSettled) {
        world = settled(world);
        isSettled = true;
      }
      const isSlot = atMs > nowMs && slotAfter(atMs - 1) === atMs;
      if (isSlot && point !== undefined) world = withPoint(world, point, atMs);
      const { decisions, removals } = planRemovals(world);
      const gone = new Set([
        ...removals.flatMap((one) => (one.kind === 'retire' ? [one.imageId] : [])),
        // Nobody was asked about what is not there yet, so it is never removed for good.
        ...decisions.filter((one) => one.verdict === 'protect' && isLater(one)).map(({ id }) => id),
      ]);
      const decision = decisions.find(({ id }) => id === image.id);
      gone.delete(image.id);
      if (gone.size > 0) world = withImages(world, (all) => all.filter(({ id }) => !gone.has(id)));
      return decision;
    },
  };
};

/** What has expired stays so: newer points then only matter where one of them is waited for. */
const waitsForPoints = (said: Saying | undefined): boolean =>
  said?.verdict !== 'protect' || said.reasons.some(({ id }) => id === 'PRO-05' || id === 'PRO-06');

/** Nothing more comes of an instance that is not seen, or that the policy no longer selects. */
const schedulesOf = (
  policy: Policy | undefined,
  source: Instance | undefined,
  nowMs: number,
): readonly ScheduleTrigger[] => {
  if (policy === undefined || source === undefined) return [];
  if (!selectInstance(source, policy, nowMs).isSelected) return [];
  return countingTriggers(policy, pickedName(source), [policy]).schedules;
};

/** Dates that people have written on the image or its snapshots. */
const datesOf = (image: Image, { observation }: PlanInput): readonly (number | undefined)[] => {
  const own = new Set(image.snapshots.map(({ snapshotId }) => snapshotId));
  const tags = [
    image.tags,
    ...observation.snapshots.items.filter(({ id }) => own.has(id)).map((one) => one.tags),
  ];
  return tags
    .flatMap((one) => [one[TAG.hold], one[TAG.keepUntil]])
    .map((text) => (text === undefined ? undefined : isoEndMs(text)));
};

/** Of the world only what bears upon the image. */
const worldOf = (input: PlanInput, image: Image, source: Instance | undefined): PlanInput => {
  const { observation } = withoutLimits(input);
  const { instances, images, snapshots, uses, places } = observation;
  const isKin = createIsKin(image);
  const own = new Set(image.snapshots.map(({ snapshotId }) => snapshotId));
  const isNear = ({ id, imageId }: Instance): boolean => id === source?.id || imageId === image.id;
  const near = instances.items.filter(isNear);
  const kin = new Set(images.items.filter(isKin).map(({ id }) => id));
  return {
    ...withoutLimits(input),
    observation: {
      ...observation,
      // Where none of these is left, another stands for all that were seen.
      instances: { ...instances, items: near.length > 0 ? near : instances.items.slice(0, 1) },
      images: { ...images, items: images.items.filter(isKin) },
      snapshots: { ...snapshots, items: snapshots.items.filter(({ id }) => own.has(id)) },
      uses: uses.map((one) => onlyOf(kin, image.id, one)),
      places: places.map((one) => ({
        ...one,
        images: { ...one.images, items: one.images.items.filter(isKin) },
      })),
    },
  };
};

const onlyOf = (
  kin: ReadonlySet<string>,
  imageId: string,
  { source, part }: SourceReferences,
): SourceReferences => {
  const items = part.items.filter((one) => kin.has(one.imageId));
  if (source !== 'launch-permissions') return { source, part: { ...part, items } };
  const told = new Set(items.map((one) => one.imageId));
  const untold = [...kin].filter((id) => id !== imageId && !told.has(id));
  return { source, part: { ...part, items: [...items, ...untold.map(sharedWithNobody)] } };
};

/** Of the others nobody was asked, and they are not what is explained: nothing is made of that. */
const sharedWithNobody = (imageId: string): ImageReference => ({
  imageId,
  kind: 'launch-permission',
  by: 'nobody but its owner',
  holds: false,
});

/** Points of one source, of whatever policy; of what was adopted, all that its policy took over. */
const createIsKin = (image: Image): ((other: Image) => boolean) => {
  const source = image.tags[TAG.source];
  const adopted = image.tags[TAG.adopted];
  return ({ id, tags }) =>
    id === image.id ||
    (source !== undefined && tags[TAG.source] === source) ||
    (adopted !== undefined && tags[TAG.adopted] === adopted);
};

const withImages = (
  world: PlanInput,
  change: (images: readonly Image[]) => readonly Image[],
): PlanInput => {
  const { images } = world.observation;
  return {
    ...world,
    observation: { ...world.observation, images: { ...images, items: change(images.items) } },
  };
};

/** What is being made is there in time, and so are the copies that are owed. */
const settled = (world: PlanInput): PlanInput => {
  const finished = (one: Image): Image =>
    one.state === 'pending' ? { ...one, state: 'available' } : one;
  const here = withImages(world, (all) => all.map(finished));
  const { target, images } = here.observation;
  const points = images.items.filter(
    ({ state, tags }) => state === 'available' && tags[TAG.copiedFrom] === undefined,
  );
  return withPlaces(here, (place, all) => {
    const slots = new Set(all.map(lineageSlotOf));
    const owed = points.filter((one) => !slots.has(lineageSlotOf(one)));
    return [...all.map(finished), ...owed.map((one) => copyAt(place, target, one))];
  });
};

const lineageSlotOf = ({ tags }: Image): string => `${tags[TAG.policy]}/${tags[TAG.slot]}`;

const withPlaces = (
  world: PlanInput,
  change: (place: Target, images: readonly Image[]) => readonly Image[],
): PlanInput => {
  const { target, places } = world.observation;
  return {
    ...world,
    observation: {
      ...world.observation,
      places: places.map((one) =>
        isSameTarget(one.place, target)
          ? one
          : { ...one, images: { ...one.images, items: change(one.place, one.images.items) } },
      ),
    },
  };
};

/** The next point of the lineage, here and wherever it is copied to. */
const withPoint = (world: PlanInput, { image, name }: Point, slotMs: number): PlanInput => {
  const { target } = world.observation;
  const made = laterOne(image, { ...name, slotMs, retry: 0 });
  const there = withImages(world, (all) => [...all, made]);
  if (image.tags[TAG.copiedFrom] !== undefined) return there;
  return withPlaces(there, (place, all) => [...all, copyAt(place, target, made)]);
};

const LATER = 'ami-later';

const isLater = ({ id }: { readonly id: string }): boolean => id.startsWith(LATER);

const laterOne = (image: Image, name: Point['name']): Image => {
  const { sourceImageId: _from, stateMessage: _why, ...rest } = image;
  const { [TAG.hold]: _hold, [TAG.keepUntil]: _until, [TAG.keep]: _keep, ...tags } = image.tags;
  const copiedFrom = tags[TAG.copiedFrom];
  const sourceId = `${LATER}-source-${name.slotMs}`;
  const captured = new Date(name.slotMs).toISOString();
  return {
    ...rest,
    id: `${LATER}-${name.slotMs}`,
    name: formatPointName(name),
    state: 'available',
    createdMs: name.slotMs,
    isDeregistrationProtected: false,
    snapshots: [],
    tags: {
      ...tags,
      [TAG.slot]: formatSlot(name.slotMs),
      [TAG.policy]: name.policyId,
      ...(tags[TAG.capturedAt] === undefined ? {} : { [TAG.capturedAt]: captured }),
      ...(copiedFrom === undefined
        ? {}
        : { [TAG.copiedFrom]: `${copiedFrom.slice(0, copiedFrom.lastIndexOf('/'))}/${sourceId}` }),
    },
    ...(copiedFrom === undefined ? {} : { sourceImageId: sourceId }),
  };
};

const copyAt = (place: Target, home: Target, made: Image): Image => {
  const { sourceInstanceId: _from, ...rest } = made;
  return {
    ...rest,
    id: `${made.id}-copy`,
    sourceImageId: made.id,
    tags: {
      ...made.tags,
      [TAG.home]: targetKey(place),
      [TAG.copiedFrom]: `${targetKey(home)}/${made.id}`,
      [TAG.capturedAt]: made.tags[TAG.capturedAt] ?? new Date(made.createdMs).toISOString(),
    },
  };
};
