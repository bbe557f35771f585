/** The SDK's own schemas of the operations on instances that are served. */
import {
  DescribeInstances$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';

export const INSTANCE_SCHEMAS = {
  DescribeInstances: DescribeInstances$,
  RunInstances: RunInstances$,
  StartInstances: StartInstances$,
  StopInstances: StopInstances$,
  TerminateInstances: TerminateInstances$,
} as const;
