/**
 * The Recycle Bin of images. Retention rules belong to another service, which is not here: without a
 * rule nothing goes into the bin, so that it is always empty.
 */
import type {
  ListImagesInRecycleBinRequest,
  ListImagesInRecycleBinResult,
  RestoreImageFromRecycleBinRequest,
  RestoreImageFromRecycleBinResult,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../wire/api.ts';
import { assertShape, IMAGE, notFound } from './ids.ts';
import { assertWithin, required } from './parameters.ts';

const IDS_MAX = 20;
const BOUNDS = { min: 1, max: 1_000 };

export const imageRecycleBinOperations = () => ({
  ListImagesInRecycleBin: (input: ListImagesInRecycleBinRequest): ListImagesInRecycleBinResult => {
    const { ImageIds: ids = [] } = input;
    assertWithin('MaxResults', input.MaxResults, BOUNDS);
    if (ids.length > IDS_MAX) {
      throw new ApiError('InvalidParameterValue', `No more than ${IDS_MAX} image IDs can be given`);
    }
    for (const id of ids) assertShape(IMAGE, id);
    if (ids.length > 0) throw notFound(IMAGE, ids);
    return { Images: [] };
  },

  RestoreImageFromRecycleBin: (
    input: RestoreImageFromRecycleBinRequest,
  ): RestoreImageFromRecycleBinResult => {
    const id = required('ImageId', input.ImageId);
    assertShape(IMAGE, id);
    throw notFound(IMAGE, [id]);
  },
});
