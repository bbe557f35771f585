/** The SDK's own schemas of the operations on places and networks that are served. */
import {
  DeleteKeyPair$,
  DescribeAccountAttributes$,
  DescribeAvailabilityZones$,
  DescribeKeyPairs$,
  DescribeRegions$,
  DescribeSecurityGroups$,
  DescribeSubnets$,
  DescribeVpcs$,
  ImportKeyPair$,
} from '@aws-sdk/client-ec2';

export const PLACE_SCHEMAS = {
  DeleteKeyPair: DeleteKeyPair$,
  DescribeAccountAttributes: DescribeAccountAttributes$,
  DescribeAvailabilityZones: DescribeAvailabilityZones$,
  DescribeKeyPairs: DescribeKeyPairs$,
  DescribeRegions: DescribeRegions$,
  DescribeSecurityGroups: DescribeSecurityGroups$,
  DescribeSubnets: DescribeSubnets$,
  DescribeVpcs: DescribeVpcs$,
  ImportKeyPair: ImportKeyPair$,
} as const;
