/** The SDK's own schemas of the operations on instances that are served. */
import {
  DescribeInstanceAttribute$,
  DescribeInstanceStatus$,
  DescribeInstanceTypes$,
  DescribeInstances$,
  GetInstanceUefiData$,
  ModifyInstanceAttribute$,
  RebootInstances$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';

export const INSTANCE_SCHEMAS = {
  DescribeInstanceAttribute: DescribeInstanceAttribute$,
  DescribeInstanceStatus: DescribeInstanceStatus$,
  DescribeInstanceTypes: DescribeInstanceTypes$,
  DescribeInstances: DescribeInstances$,
  GetInstanceUefiData: GetInstanceUefiData$,
  ModifyInstanceAttribute: ModifyInstanceAttribute$,
  RebootInstances: RebootInstances$,
  RunInstances: RunInstances$,
  StartInstances: StartInstances$,
  StopInstances: StopInstances$,
  TerminateInstances: TerminateInstances$,
} as const;
