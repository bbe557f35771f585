/** The SDK's own schemas of the operations on images that are served. */
import {
  CopyImage$,
  CreateImage$,
  DeregisterImage$,
  DescribeImages$,
  DisableImage$,
  DisableImageDeprecation$,
  DisableImageDeregistrationProtection$,
  EnableImage$,
  EnableImageDeprecation$,
  EnableImageDeregistrationProtection$,
  ModifyImageAttribute$,
  RegisterImage$,
} from '@aws-sdk/client-ec2';

export const IMAGE_SCHEMAS = {
  CopyImage: CopyImage$,
  CreateImage: CreateImage$,
  DeregisterImage: DeregisterImage$,
  DescribeImages: DescribeImages$,
  DisableImage: DisableImage$,
  DisableImageDeprecation: DisableImageDeprecation$,
  DisableImageDeregistrationProtection: DisableImageDeregistrationProtection$,
  EnableImage: EnableImage$,
  EnableImageDeprecation: EnableImageDeprecation$,
  EnableImageDeregistrationProtection: EnableImageDeregistrationProtection$,
  ModifyImageAttribute: ModifyImageAttribute$,
  RegisterImage: RegisterImage$,
} as const;
