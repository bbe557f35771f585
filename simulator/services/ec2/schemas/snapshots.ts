/** The SDK's own schemas of the operations on snapshots that are served. */
import { DeleteSnapshot$, DescribeSnapshots$ } from '@aws-sdk/client-ec2';

export const SNAPSHOT_SCHEMAS = {
  DeleteSnapshot: DeleteSnapshot$,
  DescribeSnapshots: DescribeSnapshots$,
} as const;
