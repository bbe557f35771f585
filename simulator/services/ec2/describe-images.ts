/** DescribeImages. */
import type { DescribeImagesRequest, DescribeImagesResult, Image } from '@aws-sdk/client-ec2';
import type { Basis, Kept } from '../../kernel/answer-memo.ts';
import { rankBy } from '../../kernel/ordered-map.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters } from './filters.ts';
import { assertShape, IMAGE, notFound } from './ids.ts';
import { IMAGE_FACETS } from './image-facets.ts';
import { reportedAtMs } from './image-launches.ts';
import { imageOut, viewOf } from './image-output.ts';
import { isOwn, isSharedWith, mayUse } from './images.ts';
import {
  assertNoIdsWithPage,
  type Listing,
  type Page,
  pageOf,
  pageOfListing,
  pageSizeOf,
} from './pages.ts';
import { assertAccountId } from './parameters.ts';
import type { GoneImageRow, ImageRow } from './rows.ts';
import type { RegionStore } from './store.ts';

const OWNER_ALIASES = ['self', 'amazon', 'aws-backup-vault', 'aws-marketplace'];
const USER_GROUPS = ['self', 'all'];
/** Amazon EC2 Developer Guide, "Pagination": so many ids can be asked for in one call. */
const IDS_MAX = 1_000;

type Predicate = (row: ImageRow) => boolean;

const isVisible = (ec2: Ec2, row: ImageRow, call: Call): boolean =>
  row.visibleAtMs <= call.nowMs &&
  (isOwn(row, call) || (row.state === 'available' && mayUse(ec2, row, call)));

/** Of a list of images, not of those asked for by id. */
const isListed = (row: ImageRow, input: DescribeImagesRequest, call: Call): boolean => {
  if (row.state === 'disabled' && input.IncludeDisabled !== true) return false;
  const isDeprecated = row.deprecatedAtMs !== undefined && row.deprecatedAtMs <= call.nowMs;
  return !isDeprecated || isOwn(row, call) || input.IncludeDeprecated === true;
};

/** @throws ApiError `InvalidUserID.Malformed` for what is neither an account nor an alias. */
const ownerPredicate = (owners: readonly string[] | undefined, call: Call): Predicate => {
  if (owners === undefined || owners.length === 0) return () => true;
  for (const owner of owners) if (!OWNER_ALIASES.includes(owner)) assertAccountId(owner);
  const wanted = new Set(owners.map((owner) => (owner === 'self' ? call.account : owner)));
  return (row) => wanted.has(row.ownerId) || wanted.has(row.ownerAlias ?? '');
};

/**
 * `self`, or the caller's own id, is about what is shared with the caller, if only through its
 * organization; another account's id is about what is shared with just that account.
 * @throws ApiError `InvalidUserID.Malformed` for what is neither an account nor a group
 */
const userPredicate = (ec2: Ec2, users: readonly string[] | undefined, call: Call): Predicate => {
  if (users === undefined || users.length === 0) return () => true;
  for (const user of users) if (!USER_GROUPS.includes(user)) assertAccountId(user);
  return (row) =>
    users.some((user) => {
      if (user === 'all') return row.isPublic;
      const isSelf = user === 'self' || user === call.account;
      return isSelf ? isSharedWith(ec2, row, call) : row.launchPermissions.has(user);
    });
};

const hasInstancesOf = (store: RegionStore, imageId: string): boolean => {
  for (const row of store.instances.values()) {
    if (row.imageId === imageId && row.state !== 'terminated') return true;
  }
  return false;
};

/** @throws ApiError unless EC2 answers as if it had been asked for no image */
const assertAbsenceIsSilent = (ec2: Ec2, id: string, call: Call): void => {
  const store = ec2.store(call.region);
  const former: GoneImageRow | undefined = store.imageMemory.gone.get(id);
  const { deregisteredById } = ec2.kernel.manners();
  const isKnown = former !== undefined && (isOwn(former, call) || former.isPublic);
  if (isKnown && deregisteredById === 'empty') return;
  if (isKnown && deregisteredById === 'documented' && hasInstancesOf(store, id)) return;
  if (!isKnown || deregisteredById !== 'unavailable') throw notFound(IMAGE, [id]);
  throw new ApiError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
};

/** A deregistered image that is still shown. */
const shownOf = (store: RegionStore, id: string, nowMs: number): ImageRow[] => {
  const shown = store.imageMemory.shown.get(id);
  if (shown === undefined || shown.untilMs <= nowMs) return [];
  return [{ ...shown.row, state: 'deregistered' }];
};

const byIds = (ec2: Ec2, ids: readonly string[], call: Call): ImageRow[] => {
  if (ids.length > IDS_MAX) {
    throw new ApiError('InvalidParameterValue', `No more than ${IDS_MAX} image IDs can be given`);
  }
  for (const id of ids) assertShape(IMAGE, id);
  const store = ec2.store(call.region);
  return [...new Set(ids)].flatMap((id) => {
    const [row = store.images.seen(id)] = shownOf(store, id, call.nowMs);
    if (row !== undefined && isVisible(ec2, row, call)) return [row];
    assertAbsenceIsSilent(ec2, id, call);
    return [];
  });
};

const byId = (a: ImageRow, b: ImageRow): number => (a.imageId < b.imageId ? -1 : 1);

/** Images in the order of their ids, those included that are gone and still shown. */
const imagesAfter = (
  store: RegionStore,
  nowMs: number,
  holds: Predicate,
): Listing<ImageRow>['rowsAfter'] => {
  const shown = [...store.imageMemory.shown.keys()].flatMap((id) => shownOf(store, id, nowMs));
  if (shown.length === 0) return (lastId, max) => store.images.matchesAfter(lastId, holds, max);
  const shownIds = new Set(shown.map((row) => row.imageId));
  return (lastId, max) =>
    [
      ...store.images.matchesAfter(lastId, (row) => !shownIds.has(row.imageId) && holds(row), max),
      ...shown.filter((row) => row.imageId > lastId && holds(row)),
    ].sort(byId);
};

/** Whether it is what is asked for, of what the caller may see. */
const isAskedFor = (ec2: Ec2, input: DescribeImagesRequest, call: Call): Predicate => {
  const matches = compileFilters(input.Filters, IMAGE_FACETS);
  const isOwnedAsAsked = ownerPredicate(input.Owners, call);
  const isSharedAsAsked = userPredicate(ec2, input.ExecutableUsers, call);
  return (row) => isOwnedAsAsked(row) && isSharedAsAsked(row) && matches(viewOf(ec2, row, call));
};

/** Whether it is in a list of what is asked for. */
const isInList = (ec2: Ec2, input: DescribeImagesRequest, call: Call): Predicate => {
  const holds = isAskedFor(ec2, input, call);
  return (row) => isVisible(ec2, row, call) && isListed(row, input, call) && holds(row);
};

const pageOfImages = (ec2: Ec2, input: DescribeImagesRequest, call: Call): Page<ImageRow> => {
  const { kernel } = ec2;
  const bounds = { min: 1, max: kernel.manners().describeImagesMax };
  const idOf = (row: ImageRow): string => row.imageId;
  if (input.ImageIds !== undefined && input.ImageIds.length > 0) {
    const asked = byIds(ec2, input.ImageIds, call).filter(isAskedFor(ec2, input, call));
    return pageOf(kernel, asked, idOf, input, bounds);
  }
  const store = ec2.store(call.region);
  const rowsAfter = imagesAfter(store, call.nowMs, isInList(ec2, input, call));
  return pageOfListing(kernel, { rowsAfter, idOf }, input, bounds);
};

/** With more images than this, what is remembered of them would take more memory than they do. */
const REMEMBERED_MAX = 20_000;

/** What it says of an image follows from the row alone, whoever of its owner's asks and when. */
const isTimeless = (row: ImageRow, call: Call): boolean =>
  isOwn(row, call) && row.protectedUntilMs === undefined && row.launchesAtMs === undefined;

/** `imageOut` of each for this call, remembered where it can be. */
const outputsOf = (ec2: Ec2, rows: readonly ImageRow[], call: Call): Image[] => {
  const { images, outputs } = ec2.store(call.region);
  const make = (row: ImageRow): Image => imageOut(ec2, viewOf(ec2, row, call), call);
  if (images.size > REMEMBERED_MAX) return rows.map(make);
  const memo = ec2.kernel.manners().imagesShowKmsKeys ? outputs.imagesWithKeys : outputs.images;
  return memo.listOf(rows, (row) => isTimeless(row, call), make);
};

/** When time alone next changes what is told of the image after an instant; infinity if never. */
const turnsAfter = (row: ImageRow, sinceMs: number): number => {
  let nextMs = Number.POSITIVE_INFINITY;
  const turnsAt = (atMs: number | undefined): void => {
    if (atMs !== undefined && atMs > sinceMs && atMs < nextMs) nextMs = atMs;
  };
  turnsAt(row.visibleAtMs);
  turnsAt(row.protectedUntilMs);
  turnsAt(row.deprecatedAtMs);
  for (const launchMs of row.launchesAtMs ?? []) turnsAt(reportedAtMs(launchMs));
  return nextMs;
};

/** Until when time alone does not change what was told of any image at that instant. */
const sameUntil = ({ images, imageMemory }: RegionStore, sinceMs: number): number => {
  if (images.settledAtMs > sinceMs) return sinceMs;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const shown of imageMemory.shown.values()) {
    if (shown.untilMs > sinceMs) untilMs = Math.min(untilMs, shown.untilMs);
  }
  for (const row of images.values()) untilMs = Math.min(untilMs, turnsAfter(row, sinceMs));
  return untilMs;
};

const describe = (ec2: Ec2, input: DescribeImagesRequest, call: Call): DescribeImagesResult => {
  assertNoIdsWithPage(input, input.ImageIds, 'imageIds');
  const page = pageOfImages(ec2, input, call);
  return { Images: outputsOf(ec2, page.rows, call), NextToken: page.nextToken };
};

/** Ids of the images of which something else may be told now; undefined if that is not known. */
const changedSince = (
  { images }: RegionStore,
  { facts: [changes], nowMs: sinceMs }: Basis,
  nowMs: number,
): ReadonlySet<string> | undefined => {
  const ids = images.changedSince(changes as number, sinceMs);
  if (ids === undefined) return undefined;
  for (const row of images.values()) if (turnsAfter(row, sinceMs) <= nowMs) ids.add(row.imageId);
  return ids;
};

/**
 * The answer to the same question, where some images have changed since it was given: only they are
 * looked at again, of hundreds that the product asks for after each change. Undefined where the
 * answer was or becomes one page of several, or cannot be made of the rows alone.
 */
const describeChanged = (
  ec2: Ec2,
  input: DescribeImagesRequest,
  call: Call,
  last: Kept<DescribeImagesResult>,
): DescribeImagesResult | undefined => {
  const { kernel } = ec2;
  const store = ec2.store(call.region);
  const isWhole = input.NextToken === undefined && last.answer.NextToken === undefined;
  const isOfRows = last.facts[1] === kernel.manners() && store.imageMemory.shown.size === 0;
  const changed = isWhole && isOfRows ? changedSince(store, last, call.nowMs) : undefined;
  if (changed === undefined) return undefined;
  const images = last.answer.Images?.slice() ?? [];
  const holds = isInList(ec2, input, call);
  for (const id of changed) {
    const row = store.images.seen(id);
    const isIn = row !== undefined && holds(row);
    place(images, id, isIn ? outputsOf(ec2, [row], call) : []);
  }
  Object.freeze(images); // of what is settled: nobody has to look at each again
  return images.length > pageSizeOf(kernel, input) ? undefined : { Images: images };
};

/** Puts what an image is now in the place of what it was, in a list in the order of ids. */
const place = (images: Image[], id: string, now: readonly Image[]): void => {
  const rank = rankBy(images, id, ({ ImageId = '' }) => ImageId);
  const known = images[rank - 1]?.ImageId === id ? 1 : 0;
  images.splice(rank - known, known, ...now);
};

/** The answer that was given to the same question, if nothing has changed. */
const describeAgain = (
  ec2: Ec2,
  input: DescribeImagesRequest,
  call: Call,
): DescribeImagesResult => {
  const { kernel } = ec2;
  const store = ec2.store(call.region);
  const { nowMs, account } = call;
  const facts = [store.images.changes, kernel.manners()];
  return store.outputs.imageAnswers.of(
    `${account} ${JSON.stringify(input)}`,
    { facts, nowMs },
    (last) => (last && describeChanged(ec2, input, call, last)) ?? describe(ec2, input, call),
    (sinceMs) => sameUntil(store, sinceMs),
  );
};

export const describeImagesOperation = (ec2: Ec2) => ({
  /**
   * A disabled image is shown to its owner when asked for by id, or with `IncludeDisabled`; a
   * deprecated one to others when asked for by id, or with `IncludeDeprecated`.
   */
  DescribeImages: (input: DescribeImagesRequest, call: Call): DescribeImagesResult => {
    const isList = input.ImageIds === undefined || input.ImageIds.length === 0;
    const isSmall = ec2.store(call.region).images.size <= REMEMBERED_MAX;
    return (isList && isSmall ? describeAgain : describe)(ec2, input, call);
  },
});
