/** Images as Parameter Store sees them: through EC2's own DescribeImages. */
import type { DescribeImagesRequest, DescribeImagesResult } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Images } from './public-parameters.ts';

type DescribeImages = (input: DescribeImagesRequest, call: Call) => DescribeImagesResult;

/** What EC2 refuses is not there. */
const describe = (
  describeImages: DescribeImages,
  input: DescribeImagesRequest,
  call: Call,
): DescribeImagesResult['Images'] & object => {
  try {
    return describeImages(input, call).Images ?? [];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
};

export const imagesOf = (describeImages: DescribeImages): Images => ({
  isUsable: (imageId, call) =>
    describe(describeImages, { ImageIds: [imageId] }, call).some(
      ({ State }) => State === 'available',
    ),
  named: (owner, pattern, call) => {
    const Filters = [
      { Name: 'name', Values: [pattern] },
      { Name: 'state', Values: ['available'] },
    ];
    return describe(describeImages, { Owners: [owner], Filters }, call);
  },
});
