/** The SDK's own schemas of the operations on volumes that are served. */
import { DescribeVolumes$ } from '@aws-sdk/client-ec2';

export const VOLUME_SCHEMAS = {
  DescribeVolumes: DescribeVolumes$,
} as const;
