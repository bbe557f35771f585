/** DescribeImageAttribute, ModifyImageAttribute and ResetImageAttribute: one attribute a call. */
import type {
  DescribeImageAttributeRequest,
  ImageAttribute,
  ImageAttributeName,
  ModifyImageAttributeRequest,
  ResetImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { productCodesOut } from './billing.ts';
import type { Ec2 } from './ec2.ts';
import { assertDescription } from './image-names.ts';
import { lastLaunchOut, protectionOf } from './image-output.ts';
import {
  isListForm,
  modifySharing,
  permissionsOut,
  readModifications,
  resetSharing,
} from './image-sharing.ts';
import { assertImageState, findOwnImage } from './images.ts';
import { assertOneOf, required } from './parameters.ts';
import type { ImageRow } from './rows.ts';

const restricted = (): ApiError =>
  new ApiError('AuthFailure', 'Unauthorized attempt to access restricted resource');

type Answer = (image: ImageRow, nowMs: number) => Omit<ImageAttribute, 'ImageId'>;

/** Each attribute; `blockDeviceMapping` is a name that EC2 knows and refuses. */
const ATTRIBUTES: Readonly<Record<ImageAttributeName, Answer>> = {
  blockDeviceMapping: () => {
    throw restricted();
  },
  bootMode: (image) => ({ BootMode: { Value: image.bootMode } }),
  deregistrationProtection: (image, nowMs) => ({
    DeregistrationProtection: { Value: protectionOf(image, nowMs) },
  }),
  description: (image) => ({ Description: { Value: image.description } }),
  imdsSupport: (image) => ({ ImdsSupport: { Value: image.imdsSupport } }),
  kernel: (image) => ({ KernelId: { Value: image.kernelId } }),
  lastLaunchedTime: (image, nowMs) => ({
    LastLaunchedTime: { Value: lastLaunchOut(image, nowMs) },
  }),
  launchPermission: (image) => ({ LaunchPermissions: permissionsOut(image) }),
  productCodes: (image) => ({ ProductCodes: productCodesOut(image) }),
  ramdisk: (image) => ({ RamdiskId: { Value: image.ramdiskId } }),
  sriovNetSupport: (image) => ({ SriovNetSupport: { Value: image.sriovNetSupport } }),
  tpmSupport: (image) => ({ TpmSupport: { Value: image.tpmSupport } }),
  uefiData: (image) => ({ UefiData: { Value: image.uefiData } }),
};

const isAttribute = (name: string): name is ImageAttributeName => Object.hasOwn(ATTRIBUTES, name);

const unknownAttribute = (name: string): ApiError =>
  new ApiError(
    'InvalidParameterValue',
    `Value (${name}) for parameter attribute is invalid. Unknown attribute.`,
  );

/** What ModifyImageAttribute can change, as `Attribute` names it. */
const MODIFIABLE = ['description', 'imdsSupport', 'launchPermission'] as const;
type Modifiable = (typeof MODIFIABLE)[number];

/** The attributes that the request is about, whichever way it says so. */
const attributesOf = (input: ModifyImageAttributeRequest): Modifiable[] => {
  const { Attribute: named } = input;
  const isNamed = (attribute: Modifiable): boolean => named === attribute;
  if (named !== undefined && !MODIFIABLE.some(isNamed)) throw unknownAttribute(named);
  const isGiven: Readonly<Record<Modifiable, boolean>> = {
    description: input.Description !== undefined,
    imdsSupport: input.ImdsSupport !== undefined,
    launchPermission: input.LaunchPermission !== undefined,
  };
  return MODIFIABLE.filter((attribute) => isNamed(attribute) || isGiven[attribute]);
};

const attributeOf = (input: ModifyImageAttributeRequest): Modifiable => {
  if (input.ProductCodes !== undefined && input.ProductCodes.length > 0) {
    throw new ApiError('UnsupportedOperation', 'Product codes of an image cannot be modified');
  }
  const attributes = attributesOf(input);
  const [attribute] = attributes;
  if (attribute === undefined) {
    throw new ApiError('InvalidParameterCombination', 'No attributes specified.');
  }
  if (attributes.length > 1) {
    throw new ApiError(
      'InvalidParameterCombination',
      `Fields for multiple attribute types specified: ${attributes.join(', ')}`,
    );
  }
  const hasLists = isListForm(input) && input.Attribute !== 'launchPermission';
  const hasValue =
    input.Value !== undefined && (input.Attribute ?? 'launchPermission') === 'launchPermission';
  if (!hasLists && !hasValue) return attribute;
  throw new ApiError(
    'InvalidParameterCombination',
    `The parameter ${hasValue ? 'value' : 'operationType'} cannot be used with this attribute`,
  );
};

const modify = (
  ec2: Ec2,
  image: ImageRow,
  input: ModifyImageAttributeRequest,
  call: Call,
): void => {
  const attribute = attributeOf(input);
  if (attribute === 'launchPermission') {
    modifySharing(ec2, image, readModifications(input), call);
    return;
  }
  const given = attribute === 'description' ? input.Description : input.ImdsSupport;
  const value = required('Value', given?.Value ?? input.Value);
  if (attribute === 'description') assertDescription(value);
  else assertOneOf('ImdsSupport', value, ['v2.0']);
  assertImageState(image, 'available', 'disabled');
  ec2.store(call.region).images.changing(image.imageId);
  if (attribute === 'description') image.description = value;
  else image.imdsSupport = value;
};

export const imageAttributeOperations = (ec2: Ec2) => ({
  /** For the owner of the image alone. */
  DescribeImageAttribute: (input: DescribeImageAttributeRequest, call: Call): ImageAttribute => {
    const name: string = required('Attribute', input.Attribute);
    if (!isAttribute(name)) throw unknownAttribute(name);
    const present = findOwnImage(ec2, input.ImageId, call);
    const { imageId: ImageId } = present;
    const image = ec2.store(call.region).images.seen(ImageId) ?? present;
    return { ImageId, ...ATTRIBUTES[name](image, call.nowMs) };
  },

  /** `imdsSupport` can be set, and never taken back. */
  ModifyImageAttribute: (input: ModifyImageAttributeRequest, call: Call): void => {
    modify(ec2, findOwnImage(ec2, input.ImageId, call), input, call);
  },

  ResetImageAttribute: (input: ResetImageAttributeRequest, call: Call): void => {
    const name: string = required('Attribute', input.Attribute);
    if (name !== 'launchPermission') throw unknownAttribute(name);
    resetSharing(ec2, findOwnImage(ec2, input.ImageId, call), call);
  },
});
