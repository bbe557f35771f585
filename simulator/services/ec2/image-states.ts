/** Disable, enable, deprecate and protect an image. */
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
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { announceImage } from './events.ts';
import { assertImageState, findOwnImage } from './images.ts';
import { required } from './parameters.ts';
import type { ImageRow } from './rows.ts';
import { tierOf } from './snapshot-states.ts';

const MINUTE_MS = 60_000;
const COOLDOWN_MS = 24 * 60 * MINUTE_MS;
const DEPRECATION_YEARS_MAX = 10;
const PUBLIC_DEPRECATION_YEARS_MAX = 2;

/** Whether the image cannot be deregistered: protected, or cooling down from it. */
export const isProtected = (image: ImageRow, nowMs: number): boolean =>
  image.protection !== 'disabled' || (image.protectedUntilMs ?? nowMs) > nowMs;

export const protectedError = (ec2: Ec2, { imageId }: ImageRow): ApiError =>
  new ApiError(
    ec2.kernel.manners().protectedCode,
    `The image ${imageId} has deregistration protection enabled`,
  );

/** A disabled image is shared with nobody, and EnableImage does not bring that back. */
const disableImage = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertImageState(image, 'available', 'disabled');
  if (image.state === 'disabled') return;
  if (!ec2.kernel.manners().protectedImagesCanBeDisabled && isProtected(image, call.nowMs)) {
    throw protectedError(ec2, image);
  }
  ec2.store(call.region).images.changing(image.imageId);
  image.state = 'disabled';
  image.isPublic = false;
  image.launchPermissions.clear();
  announceImage(ec2, image, 'disabled', call.requestId);
};

/** A temporary restore is not enough: EBS User Guide, "Archive Amazon EBS snapshots". */
const assertStandardTier = (ec2: Ec2, image: ImageRow, call: Call): void => {
  const { snapshots } = ec2.store(call.region);
  for (const { snapshotId = '' } of image.disks) {
    const row = snapshots.get(snapshotId);
    if (row === undefined || tierOf(row, call.nowMs) === 'standard') continue;
    throw new ApiError(
      ec2.kernel.manners().snapshotTierCode,
      `The snapshot ${snapshotId} of ${image.imageId} has to be restored permanently first.`,
    );
  }
};

const enableImage = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertImageState(image, 'available', 'disabled');
  if (image.state === 'available') return;
  assertStandardTier(ec2, image, call);
  ec2.store(call.region).images.changing(image.imageId);
  image.state = 'available';
  announceImage(ec2, image, 'available', call.requestId);
};

const yearsAfter = (atMs: number, years: number): number => {
  const date = new Date(atMs);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
};

/** EC2 rounds the seconds of a deprecation date to the nearest minute (API reference). */
const wholeMinute = (atMs: number): number => Math.round(atMs / MINUTE_MS) * MINUTE_MS;

/** When an image that is public is deprecated at the latest. */
const publicDeprecationOf = (image: ImageRow): number =>
  yearsAfter(image.createdAtMs, PUBLIC_DEPRECATION_YEARS_MAX);

/** The date of an image that is made public: no later than that of any public image. */
export const deprecationIfPublic = (image: ImageRow): number => {
  const latestMs = publicDeprecationOf(image);
  return wholeMinute(Math.min(image.deprecatedAtMs ?? latestMs, latestMs));
};

/** @throws ApiError for an instant in the past, or too far away */
const assertDeprecation = (ec2: Ec2, image: ImageRow, atMs: number, nowMs: number): void => {
  if (!(atMs >= nowMs)) {
    throw new ApiError('InvalidParameterValue', 'The deprecation date cannot be in the past.');
  }
  if (image.isPublic && atMs > publicDeprecationOf(image)) {
    throw new ApiError(
      ec2.kernel.manners().publicDeprecationCode,
      'The deprecation date of a public AMI cannot be more than 2 years after its creation date.',
    );
  }
  if (atMs <= yearsAfter(nowMs, DEPRECATION_YEARS_MAX)) return;
  throw new ApiError(
    'InvalidParameterValue',
    'The deprecation date cannot be more than 10 years from now.',
  );
};

const deprecate = (ec2: Ec2, image: ImageRow, input: EnableImageDeprecationRequest, call: Call) => {
  const atMs = required('DeprecateAt', input.DeprecateAt).getTime();
  assertImageState(image, 'available', 'disabled');
  assertDeprecation(ec2, image, atMs, call.nowMs);
  ec2.store(call.region).images.changing(image.imageId);
  image.deprecatedAtMs = wholeMinute(atMs);
};

const cancelDeprecation = (ec2: Ec2, image: ImageRow, call: Call): void => {
  assertImageState(image, 'available', 'disabled');
  if (image.isPublic) {
    throw new ApiError(
      ec2.kernel.manners().publicDeprecationCode,
      'The deprecation of a public AMI cannot be canceled.',
    );
  }
  ec2.store(call.region).images.changing(image.imageId);
  image.deprecatedAtMs = undefined;
};

/** A cooldown that is still running goes on all the same, unless protection without one ends it. */
const protect = (ec2: Ec2, image: ImageRow, withCooldown: boolean): string => {
  image.protection = withCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown';
  if (!withCooldown && ec2.kernel.manners().protectionWithoutCooldownEndsCooldown)
    image.protectedUntilMs = undefined;
  return image.protection;
};

const unprotect = (image: ImageRow, nowMs: number): string => {
  if (image.protection === 'enabled-with-cooldown') image.protectedUntilMs = nowMs + COOLDOWN_MS;
  image.protection = 'disabled';
  return isProtected(image, nowMs) ? 'disabled-with-cooldown' : 'disabled';
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
    deprecate(ec2, findOwnImage(ec2, input.ImageId, call), input, call);
    return { Return: true };
  },

  DisableImageDeprecation: (
    input: DisableImageDeprecationRequest,
    call: Call,
  ): DisableImageDeprecationResult => {
    cancelDeprecation(ec2, findOwnImage(ec2, input.ImageId, call), call);
    return { Return: true };
  },

  EnableImageDeregistrationProtection: (
    input: EnableImageDeregistrationProtectionRequest,
    call: Call,
  ): EnableImageDeregistrationProtectionResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    ec2.store(call.region).images.changing(image.imageId);
    return { Return: protect(ec2, image, input.WithCooldown === true) };
  },

  DisableImageDeregistrationProtection: (
    input: DisableImageDeregistrationProtectionRequest,
    call: Call,
  ): DisableImageDeregistrationProtectionResult => {
    const image = findOwnImage(ec2, input.ImageId, call);
    ec2.store(call.region).images.changing(image.imageId);
    return { Return: unprotect(image, call.nowMs) };
  },
});
