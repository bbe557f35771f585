import { type Image, isSameTarget, type Tags, type Target, targetKey } from './model.ts';
import { type PointName, parsePointName } from './naming.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** An image of ours at its home: the image, what it stands for and when its data was captured. */
export interface Point {
  readonly image: Image;
  readonly name: PointName;
  readonly capturedMs: number;
}

export type Ownership =
  | { readonly isOurs: true; readonly point: Point }
  | { readonly isOurs: false; readonly reason: Reason };

const disown = (why: Reason): Ownership => ({ isOurs: false, reason: why });

/**
 * Whether an image found at `place` is this deployment's to manage.
 *
 * The tags alone do not prove it: CopyImage with CopyImageTags carries them to any copy that anyone
 * makes. So the home tag must name the very place, and the name must say what the tags say.
 */
const decideOwnership = (image: Image, deployment: string, place: Target): Ownership => {
  const tags = image.tags;
  if (tags[TAG.deployment] !== deployment) return disown(reason('OWN-02'));
  if (tags[TAG.home] !== targetKey(place)) {
    return disown(reason('OWN-03', `home ${tags[TAG.home] ?? 'not written'}`));
  }
  const name = parsePointName(image.name);
  if (name === undefined || !agrees(image)) {
    return disown(reason('OWN-04', image.name));
  }
  if (isCopiedByOthers(image)) return disown(reason('OWN-05', image.sourceImageId));
  return { isOurs: true, point: { image, name, capturedMs: capturedAt(image) } };
};

/**
 * A copy made by hand carries all tags, and even the name where EC2 lets it. But EC2 itself says
 * where an image comes from: a point of an instance, our copy of the image that its tag names.
 */
const isCopiedByOthers = ({ tags, sourceImageId, sourceInstanceId }: Image): boolean => {
  if (sourceImageId === undefined) return false;
  const copiedFrom = tags[TAG.copiedFrom];
  return copiedFrom === undefined
    ? sourceInstanceId === undefined
    : !copiedFrom.endsWith(`/${sourceImageId}`);
};

const agrees = ({ name, tags }: Image): boolean => {
  const keys = [TAG.deployment, TAG.policy, TAG.source, TAG.slot];
  const told = ['imago', ...keys.map((key) => tags[key])].join('/');
  return name === told || name.startsWith(`${told}/r`);
};

/** A copy is made later than its data was captured, so it carries the instant with it. */
const capturedAt = (image: Image): number => {
  const written = Date.parse(image.tags[TAG.capturedAt] ?? '');
  return Number.isNaN(written) ? image.createdMs : written;
};

/** Only an available image can be restored from; a failed one is no point, whatever its name. */
export const isGood = ({ image }: Point): boolean => image.state === 'available';

export const isFailed = ({ image }: Point): boolean =>
  image.state === 'failed' || image.state === 'error' || image.state === 'invalid';

export const isPending = ({ image }: Point): boolean => image.state === 'pending';

/** A copy of a point whose home is elsewhere. */
export const isCopy = ({ image }: Point): boolean => image.tags[TAG.copiedFrom] !== undefined;

/**
 * Whether what carries these tags belongs here: made at a home of this deployment, or copied from
 * one. Two deployments of one name may copy into each other's homes, and must leave each other be.
 */
export const isOfHome = (tags: Tags, place: Target, homes: readonly Target[]): boolean => {
  const copiedFrom = tags[TAG.copiedFrom];
  return homes.some((home) =>
    copiedFrom === undefined
      ? isSameTarget(home, place)
      : copiedFrom.startsWith(`${targetKey(home)}/`),
  );
};

/** Newest first, by capture, then by id, so that no order of EC2's answers shows through. */
export const newestFirst = (a: Point, b: Point): number =>
  b.capturedMs - a.capturedMs || (a.image.id < b.image.id ? -1 : a.image.id > b.image.id ? 1 : 0);

/** The points of `images` that are ours at `place`. */
export const pointsAt = (
  images: readonly Image[],
  deployment: string,
  place: Target,
): readonly Point[] =>
  images.flatMap((image) => {
    const ownership = ownershipOf(image, deployment, place);
    return ownership.isOurs ? [ownership.point] : [];
  });

interface Answer {
  readonly deployment: string;
  readonly place: Target;
  readonly ownership: Ownership;
}

/** One plan asks it of each image several times over, and to read a name takes a while. */
const answers = new WeakMap<Image, Answer>();

/** See decideOwnership. The last answer is kept with the image, which is never changed. */
export const ownershipOf = (image: Image, deployment: string, place: Target): Ownership => {
  const known = answers.get(image);
  if (known?.deployment === deployment && isSameTarget(known.place, place)) return known.ownership;
  const ownership = decideOwnership(image, deployment, place);
  answers.set(image, { deployment, place, ownership });
  return ownership;
};
