/** Disable, enable, deprecate, protect and share an image. */
import type {
  DisableImageDeprecationRequest,
  DisableImageDeprecationResult,
  DisableImageDeregistrationProtectionRequest,
  DisableImageDeregistrationProtectionResult,
  DisableImageRequest,
  DisableImageResult,
  EnableImageDeprecationRequest,
  EnableImageDeprecationResult,
  EnableImageDeregistrationProtectionRequest,
  EnableImageDeregistrationProtectionResult,
  EnableImageRequest,
  EnableImageResult,
  LaunchPermission,
  ModifyImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { announceImage } from './events.ts';
import { findOwnImage } from './images.ts';
import type { ImageRow } from './rows.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const assertState = (image: ImageRow, ...states: readonly ImageRow['state'][]): void => {
  if (states.includes(image.state)) return;
  throw new ApiError(
    'InvalidAMIID.Unavailable',
    `The image ID '${image.imageId}' is in the state ${image.state}`,
  );
};

/** A disabled image is shared with nobody, and EnableImage does not bring that back. */
const disableImage = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertState(image, 'available', 'disabled');
  if (image.state === 'disabled') return;
  image.state = 'disabled';
  image.isPublic = false;
  image.launchPermissions.clear();
  announceImage(ec2, image, 'disabled', call.requestId);
};

const enableImage = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertState(image, 'available', 'disabled');
  if (image.state === 'available') return;
  image.state = 'available';
  announceImage(ec2, image, 'available', call.requestId);
};

const unprotect = (image: ImageRow, nowMs: number): string => {
  const cools = image.protection === 'enabled-with-cooldown';
  image.protection = 'disabled';
  if (cools) image.protectedUntilMs = nowMs + DAY_MS;
  return cools ? 'disabled-with-cooldown' : 'disabled';
};

/** The entity that a launch permission names: an account, an organization or one of its units. */
const entityOf = (permission: LaunchPermission): string | undefined =>
  permission.UserId ?? permission.OrganizationArn ?? permission.OrganizationalUnitArn;

const setPublic = (
  image: ImageRow,
  permissions: readonly LaunchPermission[],
  isPublic: boolean,
): void => {
  if (permissions.some((permission) => permission.Group === 'all')) image.isPublic = isPublic;
};

const share = (image: ImageRow, input: ModifyImageAttributeRequest): void => {
  const { Add: add = [], Remove: remove = [] } = input.LaunchPermission ?? {};
  assertState(image, 'available');
  for (const permission of add) {
    const entity = entityOf(permission);
    if (entity !== undefined) image.launchPermissions.add(entity);
  }
  for (const permission of remove) image.launchPermissions.delete(entityOf(permission) ?? '');
  setPublic(image, add, true);
  setPublic(image, remove, false);
};

export const imageStateOperations = (ec2: Ec2) => ({
  DisableImage: (input: DisableImageRequest, call: Call): DisableImageResult => {
    disableImage(ec2, findOwnImage(ec2, input.ImageId, call), call);
    return { Return: true };
  },

  EnableImage: (input: EnableImageRequest, call: Call): EnableImageResult => {
    enableImage(ec2, findOwnImage(ec2, input.ImageId, call), call);
    return { Return: true };
  },

  EnableImageDeprecation: (
    input: EnableImageDeprecationRequest,
    call: Call,
  ): EnableImageDeprecationResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    const atMs = input.DeprecateAt?.getTime() ?? Number.NaN;
    if (!(atMs >= call.nowMs && atMs <= call.nowMs + 10 * 366 * DAY_MS)) {
      throw new ApiError('InvalidParameterValue', 'DeprecateAt is in the past or too far away');
    }
    image.deprecatedAtMs = Math.round(atMs / 60_000) * 60_000;
    return { Return: true };
  },

  DisableImageDeprecation: (
    input: DisableImageDeprecationRequest,
    call: Call,
  ): DisableImageDeprecationResult => {
    findOwnImage(ec2, input.ImageId, call).deprecatedAtMs = undefined;
    return { Return: true };
  },

  EnableImageDeregistrationProtection: (
    input: EnableImageDeregistrationProtectionRequest,
    call: Call,
  ): EnableImageDeregistrationProtectionResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    image.protection = input.WithCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown';
    image.protectedUntilMs = undefined;
    return { Return: image.protection };
  },

  DisableImageDeregistrationProtection: (
    input: DisableImageDeregistrationProtectionRequest,
    call: Call,
  ): DisableImageDeregistrationProtectionResult => ({
    Return: unprotect(findOwnImage(ec2, input.ImageId, call), call.nowMs),
  }),

  /** Launch permissions only: every other attribute is refused, not ignored. */
  ModifyImageAttribute: (input: ModifyImageAttributeRequest, call: Call): void => {
    const image = findOwnImage(ec2, input.ImageId, call);
    if (input.LaunchPermission === undefined) {
      throw new ApiError('InvalidParameterCombination', 'Only LaunchPermission is served here');
    }
    share(image, input);
  },
});
