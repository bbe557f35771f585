/** With whom an image is shared: its launch permissions. */
import type {
  CancelImageLaunchPermissionRequest,
  CancelImageLaunchPermissionResult,
  LaunchPermission,
  ModifyImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { missingParameter } from '../../wire/errors.ts';
import type { Ec2 } from './ec2.ts';
import { isPublicSharingBlocked } from './image-block-public-access.ts';
import { deprecationIfPublic } from './image-states.ts';
import { assertImageState, findImage, isOwn } from './images.ts';
import { isManagedKey } from './keys.ts';
import { assertOneOf, required } from './parameters.ts';
import type { ImageRow } from './rows.ts';

/** Amazon EC2 API Reference, LaunchPermission: so many account ids in one request. */
const ACCOUNTS_MAX = 10_000;

/** Members of a LaunchPermission, what EC2 calls them in its errors, and what each has to be. */
const ITEMS = [
  ['UserId', 'userId', /^\d{12}$/],
  ['Group', 'UserGroup', /^all$/],
  [
    'OrganizationArn',
    'organizationArn',
    /^arn:[a-z-]+:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/,
  ],
  [
    'OrganizationalUnitArn',
    'organizationalUnitArn',
    /^arn:[a-z-]+:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/,
  ],
] as const;

/** @throws ApiError `InvalidAMIAttributeItemValue`, in EC2's words */
const assertItem = (permission: LaunchPermission): void => {
  const given = ITEMS.filter(([member]) => permission[member] !== undefined);
  if (given.length !== 1) {
    throw new ApiError(
      'InvalidParameterCombination',
      'A launch permission names one account, one group, one organization or one unit',
    );
  }
  for (const [member, item, form] of given) {
    const value = permission[member] ?? '';
    if (form.test(value)) continue;
    throw new ApiError(
      'InvalidAMIAttributeItemValue',
      `Invalid attribute item value "${value}" for ${item} item type.`,
    );
  }
};

/** The entity that a launch permission names; none for the group of all. */
const entityOf = (permission: LaunchPermission): string[] => {
  const { UserId, OrganizationArn, OrganizationalUnitArn } = permission;
  const entity = UserId ?? OrganizationArn ?? OrganizationalUnitArn;
  return entity === undefined ? [] : [entity];
};

const namesAll = (permissions: readonly LaunchPermission[]): boolean =>
  permissions.some((permission) => permission.Group === 'all');

/** The older form of the request: one operation, and lists of what it is done with. */
const listedPermissions = (input: ModifyImageAttributeRequest): LaunchPermission[] => [
  ...(input.UserIds ?? []).map((UserId) => ({ UserId })),
  ...(input.UserGroups ?? []).map((Group) => ({ Group: Group as 'all' })),
  ...(input.OrganizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })),
  ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({
    OrganizationalUnitArn,
  })),
];

/** What of a ModifyImageAttribute belongs to the older form. */
export const isListForm = (input: ModifyImageAttributeRequest): boolean =>
  input.OperationType !== undefined || listedPermissions(input).length > 0;

interface Modifications {
  readonly Add: readonly LaunchPermission[];
  readonly Remove: readonly LaunchPermission[];
}

const modificationsOf = (input: ModifyImageAttributeRequest): Modifications => {
  if (!isListForm(input)) {
    const { Add = [], Remove = [] } = required('LaunchPermission', input.LaunchPermission);
    return { Add, Remove };
  }
  if (input.LaunchPermission !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter launchPermission cannot be used with the parameter operationType',
    );
  }
  const operation = required('OperationType', input.OperationType);
  assertOneOf('OperationType', operation, ['add', 'remove']);
  const listed = listedPermissions(input);
  if (listed.length === 0) throw missingParameter('UserIds');
  return operation === 'add' ? { Add: listed, Remove: [] } : { Add: [], Remove: listed };
};

/**
 * The changes that a request asks for, in either of its forms.
 * @throws ApiError `MissingParameter`, `InvalidParameterValue`, `InvalidParameterCombination` or
 * `InvalidAMIAttributeItemValue`
 */
export const readModifications = (input: ModifyImageAttributeRequest): Modifications => {
  const modifications = modificationsOf(input);
  const permissions = [...modifications.Add, ...modifications.Remove];
  if (permissions.length === 0) throw missingParameter('LaunchPermission');
  for (const permission of permissions) assertItem(permission);
  return modifications;
};

/** @throws ApiError `InvalidParameter`: what AWS's own key has encrypted cannot be shared at all */
const assertShareable = (image: ImageRow, isMadePublic: boolean): void => {
  if (image.disks.some((disk) => disk.encrypted && isManagedKey(disk.kmsKeyId ?? ''))) {
    throw new ApiError(
      'InvalidParameter',
      "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
    );
  }
  if (!isMadePublic || !image.disks.some((disk) => disk.encrypted)) return;
  throw new ApiError('InvalidParameter', "Encrypted snapshots can't be shared publicly.");
};

const assertPublicRoom = (ec2: Ec2, image: ImageRow, call: Call): void => {
  if (image.isPublic) return;
  if (isPublicSharingBlocked(ec2, call)) {
    throw new ApiError(
      'OperationNotPermitted',
      "You can't publicly share this image because block public access for AMIs is enabled for " +
        'this account. To publicly share the image, you must call the ' +
        'DisableImageBlockPublicAccess API.',
    );
  }
  const { publicImageQuota, sharingQuotaCode } = ec2.kernel.manners();
  let count = 0;
  for (const row of ec2.store(call.region).images.values()) {
    if (row.isPublic && isOwn(row, call)) count += 1;
  }
  if (count < publicImageQuota) return;
  throw new ApiError(sharingQuotaCode, `The limit of ${publicImageQuota} public AMIs is reached`);
};

const assertSharingRoom = (ec2: Ec2, entities: ReadonlySet<string>): void => {
  const { sharingQuota, sharingQuotaCode } = ec2.kernel.manners();
  if (entities.size <= sharingQuota) return;
  throw new ApiError(sharingQuotaCode, `An AMI can be shared with ${sharingQuota} entities`);
};

const makePublic = (image: ImageRow): void => {
  image.isPublic = true;
  image.deprecatedAtMs = deprecationIfPublic(image);
};

/**
 * Changes the launch permissions of the caller's image. To take back what was never given is no
 * error; an account that an organization covers keeps its access.
 */
export const modifySharing = (
  ec2: Ec2,
  image: ImageRow,
  { Add, Remove }: Modifications,
  call: Call,
): void => {
  assertImageState(image, 'available');
  if (Add.length + Remove.length > ACCOUNTS_MAX) {
    throw new ApiError('InvalidParameterValue', `No more than ${ACCOUNTS_MAX} account IDs`);
  }
  if (Add.length > 0) assertShareable(image, namesAll(Add));
  if (namesAll(Add)) assertPublicRoom(ec2, image, call);
  const entities = new Set([...image.launchPermissions, ...Add.flatMap(entityOf)]);
  for (const entity of Remove.flatMap(entityOf)) entities.delete(entity);
  assertSharingRoom(ec2, entities);
  ec2.store(call.region).images.changing(image.imageId);
  image.launchPermissions.clear();
  for (const entity of entities) image.launchPermissions.add(entity);
  if (namesAll(Remove)) image.isPublic = false;
  if (namesAll(Add)) makePublic(image);
};

/** Takes back every launch permission. */
export const resetSharing = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertImageState(image, 'available');
  ec2.store(call.region).images.changing(image.imageId);
  image.launchPermissions.clear();
  image.isPublic = false;
};

/** A permission as a response carries it. */
const permissionOut = (entity: string): LaunchPermission => {
  if (!entity.startsWith('arn:')) return { UserId: entity };
  return entity.includes(':organization/')
    ? { OrganizationArn: entity }
    : { OrganizationalUnitArn: entity };
};

export const permissionsOut = (image: ImageRow): LaunchPermission[] => [
  ...(image.isPublic ? [{ Group: 'all' as const }] : []),
  ...Array.from(image.launchPermissions, permissionOut),
];

export const imageSharingOperations = (ec2: Ec2) => ({
  /** Ends what an account was given by name; not what its organization or everyone was given. */
  CancelImageLaunchPermission: (
    input: CancelImageLaunchPermissionRequest,
    call: Call,
  ): CancelImageLaunchPermissionResult => {
    const image = findImage(ec2, call.region, input.ImageId ?? '', call);
    if (!image.launchPermissions.has(call.account)) {
      throw new ApiError(
        ec2.kernel.manners().notSharedCode,
        `The image ${image.imageId} is not shared with the account ${call.account}`,
      );
    }
    ec2.store(call.region).images.changing(image.imageId);
    image.launchPermissions.delete(call.account);
    return { Return: true };
  },
});
