/** Everything that is done with images. */
import { copyImageOperation } from './copy-image.ts';
import { createImageOperation } from './create-image.ts';
import { deregisterImageOperation } from './deregister-image.ts';
import { describeImagesOperation } from './describe-images.ts';
import type { Ec2 } from './ec2.ts';
import { imageAncestryOperation } from './image-ancestry.ts';
import { imageAttributeOperations } from './image-attributes.ts';
import { imageBlockPublicAccessOperations } from './image-block-public-access.ts';
import { imageRecycleBinOperations } from './image-recycle-bin.ts';
import { imageReferencesOperation } from './image-references.ts';
import { imageSharingOperations } from './image-sharing.ts';
import { imageStateOperations } from './image-states.ts';
import { instanceImageMetadataOperation } from './instance-image-metadata.ts';
import { registerImageOperation } from './register-image.ts';

export const imageOperations = (ec2: Ec2) => ({
  ...copyImageOperation(ec2),
  ...createImageOperation(ec2),
  ...deregisterImageOperation(ec2),
  ...describeImagesOperation(ec2),
  ...imageAncestryOperation(ec2),
  ...imageAttributeOperations(ec2),
  ...imageBlockPublicAccessOperations(ec2),
  ...imageRecycleBinOperations(),
  ...imageReferencesOperation(ec2),
  ...imageSharingOperations(ec2),
  ...imageStateOperations(ec2),
  ...instanceImageMetadataOperation(ec2),
  ...registerImageOperation(ec2),
});
