import { type Image, isOneOf, isSameTarget, type Tags, type Target, targetKey } from './model.ts';
import { remember } from './remember.ts';
import { type PointName, parseSlot } from './naming.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** An image of ours at its home: the image, what it stands for and when its data was captured. */
export interface Point {
  readonly image: Image;
  readonly name: PointName;
  readonly capturedMs: number;
  /** What retention goes by: see instantOf. */
  readonly instantMs: number;
}

/** An image, or what is left of one, with the instant that retention goes by. */
export interface Dated extends Pick<Point, 'instantMs'> {
  readonly image: Pick<Image, 'id' | 'tags'>;
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
 *
 * Every plan asks it of every image, so nothing is put together here that need not be.
 */
export const ownershipOf = (image: Image, deployment: string, place: Target): Ownership => {
  const { tags } = image;
  if (tags[TAG.deployment] !== deployment) return NOT_OURS;
  const home = tags[TAG.home];
  if (home === undefined || !namesTarget(home, place)) {
    return disown(reason('OWN-03', `home ${home ?? 'not written'}`));
  }
  // Others built it: whatever its name says, it is no point of any policy.
  if (tags[TAG.adopted] !== undefined) return disown(reason('ADO-02', tags[TAG.adopted]));
  const name = nameTold(image, deployment);
  if (name === undefined) return disown(reason('OWN-04', image.name));
  if (isCopiedByOthers(image)) return disown(reason('OWN-05', image.sourceImageId));
  const capturedMs = capturedAt(image);
  const instantMs = instantOf(name.slotMs, capturedMs);
  return { isOurs: true, point: { image, name, capturedMs, instantMs } };
};

const NOT_OURS = disown(reason('OWN-02'));

/** Whether a text is what `targetKey` writes. */
const namesTarget = (text: string, { account, region }: Target): boolean =>
  text.length === account.length + 1 + region.length &&
  text.startsWith(account) &&
  text[account.length] === '/' &&
  text.endsWith(region);

/** What the name stands for, if its parts are what the tags say: see naming.ts for its form. */
const nameTold = ({ name, tags }: Image, deployment: string): PointName | undefined => {
  const policyId = tags[TAG.policy] ?? '';
  const sourceId = tags[TAG.source] ?? '';
  const slot = tags[TAG.slot] ?? '';
  const end = endOfParts(name, [PREFIX, deployment, policyId, sourceId, slot]);
  if (end === undefined) return undefined;
  const slotMs = slotMsOf(slot);
  const retry = end === name.length ? 0 : retryOf(name.slice(end));
  if (slotMs === undefined || retry === undefined) return undefined;
  return { deployment, policyId, sourceId, slotMs, retry };
};

/** Where a name that begins with these parts, slashes between them, goes on; undefined for any other. */
const endOfParts = (name: string, parts: readonly string[]): number | undefined => {
  let end = 0;
  for (const part of parts) {
    if (end > 0) {
      if (name[end] !== '/') return undefined;
      end += 1;
    }
    if (part === '' || part.includes('/') || !name.startsWith(part, end)) return undefined;
    end += part.length;
  }
  return end;
};

const PREFIX = 'imago';

const retryOf = (text: string): number | undefined =>
  /^\/r[1-9]\d*$/.test(text) ? Number(text.slice(2)) : undefined;

/** Many sources share a slot. */
const SLOTS_MAX = 4_096;
const slotMsOf = remember(SLOTS_MAX, parseSlot);

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

/** A copy is made later than its data was captured, so it carries the instant with it. */
const capturedAt = (image: Image): number => {
  const text = image.tags[TAG.capturedAt];
  if (text === undefined) return image.createdMs;
  const written = Date.parse(text);
  return Number.isNaN(written) ? image.createdMs : written;
};

/** Clocks of ours and of EC2's may differ by so much. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * A point stands for its slot. But one whose data was captured before that was named by a clock that
 * ran ahead: then its capture counts, or it would push out all others until its slot has come.
 */
const instantOf = (slotMs: number, capturedMs: number): number =>
  slotMs <= capturedMs + CLOCK_TOLERANCE_MS ? slotMs : capturedMs;

/** Only an available image can be restored from; a failed one is no point, whatever its name. */
export const isGood = ({ image }: Point): boolean => image.state === 'available';

export const isFailed = ({ image }: Point): boolean =>
  image.state === 'failed' || image.state === 'error' || image.state === 'invalid';

export const isPending = ({ image }: Point): boolean => image.state === 'pending';

/** A copy of a point whose home is elsewhere. */
export const isCopy = ({ image }: Point): boolean => image.tags[TAG.copiedFrom] !== undefined;

/**
 * Tells whether what carries these tags belongs to a place: made at a home of this deployment, or
 * copied from one. Two deployments of one name may copy into each other's homes, and must leave each
 * other be.
 */
export const createIsOfHome = (
  place: Target,
  homes: readonly Target[],
): ((tags: Tags) => boolean) => {
  const isHome = isOneOf(homes, place);
  const origins = homes.map((home) => `${targetKey(home)}/`);
  return (tags) => {
    const copiedFrom = tags[TAG.copiedFrom];
    if (copiedFrom === undefined) return isHome;
    return origins.some((origin) => copiedFrom.startsWith(origin));
  };
};

/** Newest first, by capture, then by id, so that no order of EC2's answers shows through. */
export const newestFirst = (a: Point, b: Point): number =>
  b.capturedMs - a.capturedMs || (a.image.id < b.image.id ? -1 : a.image.id > b.image.id ? 1 : 0);

/** By what retention goes by, newest first; the order in which its rules look at points. */
export const latestFirst = (a: Dated, b: Dated): number =>
  b.instantMs - a.instantMs || (a.image.id < b.image.id ? -1 : a.image.id > b.image.id ? 1 : 0);

interface Known {
  readonly deployment: string;
  readonly place: Target;
  readonly ownership: Ownership;
}

/** An image that is seen again as it was, in another list, is what it was. */
const knownImages = new WeakMap<Image, Known>();

/** Of so many images or fewer: a list of more is looked at once, and remembering costs more then. */
const LOOKED_AT_AGAIN_MAX = 20_000;

const ownershipAsKnown = (image: Image, deployment: string, place: Target): Ownership => {
  const found = knownImages.get(image);
  if (found?.deployment === deployment && isSameTarget(found.place, place)) return found.ownership;
  const ownership = ownershipOf(image, deployment, place);
  knownImages.set(image, { deployment, place, ownership });
  return ownership;
};

/** What is found at a place: points that are ours, and everything else. */
export interface Survey {
  readonly points: readonly Point[];
  readonly others: readonly { readonly image: Image; readonly why: Reason }[];
}

interface Answer {
  readonly deployment: string;
  readonly place: Target;
  readonly survey: Survey;
}

/** Several parts of a plan look through the same list. */
const answers = new WeakMap<readonly Image[], Answer>();

/** Looks through the images of a place. The last answer is kept with the list, which never changes. */
export const surveyOf = (images: readonly Image[], deployment: string, place: Target): Survey => {
  const known = answers.get(images);
  if (known?.deployment === deployment && isSameTarget(known.place, place)) return known.survey;
  const points: Point[] = [];
  const others: { readonly image: Image; readonly why: Reason }[] = [];
  const ask = images.length > LOOKED_AT_AGAIN_MAX ? ownershipOf : ownershipAsKnown;
  for (const image of images) {
    const ownership = ask(image, deployment, place);
    if (ownership.isOurs) points.push(ownership.point);
    else others.push({ image, why: ownership.reason });
  }
  const survey = { points, others };
  answers.set(images, { deployment, place, survey });
  return survey;
};

/** The points of `images` that are ours at `place`. */
export const pointsAt = (
  images: readonly Image[],
  deployment: string,
  place: Target,
): readonly Point[] => surveyOf(images, deployment, place).points;
