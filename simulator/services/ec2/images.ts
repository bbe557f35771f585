/** Whose an image is, who may use it, and how it is found by its id. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, IMAGE, notFound } from './ids.ts';
import type { ImageRow, ImageState, Tags } from './rows.ts';

export const isOwn = (row: { readonly ownerId: string }, call: Call): boolean =>
  row.ownerId === call.account;

/** The account itself, and the ARNs of its organization and units: what an image is shared with. */
const identitiesOf = (ec2: Ec2, account: string): readonly string[] => [
  account,
  ...(ec2.kernel.manners().membershipsOf[account] ?? []),
];

/** Whether an image is shared with the caller by name, or with an organization that it is in. */
export const isSharedWith = (ec2: Ec2, row: ImageRow, { account }: Call): boolean =>
  row.launchPermissions.size > 0 &&
  identitiesOf(ec2, account).some((identity) => row.launchPermissions.has(identity));

export const mayUse = (ec2: Ec2, row: ImageRow, call: Call): boolean =>
  isOwn(row, call) || row.isPublic || isSharedWith(ec2, row, call);

/** Tags of an image, or a snapshot, that other accounts are told of and that their copies have. */
const SHARED_TAG_PREFIX = 'ec2:SharedTag/';

export const sharedTagsOf = (tags: Tags): Tags =>
  new Map([...tags].filter(([key]) => key.startsWith(SHARED_TAG_PREFIX)));

const gone = (id: string): ApiError =>
  new ApiError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);

/**
 * An image that the caller may use, of any state.
 * @throws ApiError `InvalidAMIID.Malformed` or `.NotFound`; `.Unavailable` if it is deregistered
 */
export const findImage = (ec2: Ec2, region: string, id: string, call: Call): ImageRow => {
  assertShape(IMAGE, id);
  const store = ec2.store(region);
  const row = store.images.get(id);
  if (row !== undefined && mayUse(ec2, row, call)) return row;
  const former = store.imageMemory.gone.get(id);
  if (former === undefined || !(isOwn(former, call) || former.isPublic)) {
    throw notFound(IMAGE, [id]);
  }
  throw gone(id);
};

/** An image of the caller's own. @throws ApiError `AuthFailure` for one that is another's. */
export const findOwnImage = (ec2: Ec2, id: string | undefined, call: Call): ImageRow => {
  const row = findImage(ec2, call.region, id ?? '', call);
  if (isOwn(row, call)) return row;
  throw new ApiError('AuthFailure', `Not authorized for image:${row.imageId}`);
};

/** @throws ApiError `InvalidAMIID.Unavailable` in any other state. */
export const assertImageState = (row: ImageRow, ...states: readonly ImageState[]): void => {
  if (states.includes(row.state)) return;
  throw new ApiError(
    'InvalidAMIID.Unavailable',
    `The AMI ID '${row.imageId}' is currently ${row.state} and may not be used for this operation`,
  );
};
