/** The operations that the round trip covers, as tables of SDK schemas by operation name. */
import {
  CopyImage$,
  CreateImage$,
  CreateLaunchTemplate$,
  CreateLaunchTemplateVersion$,
  CreateTags$,
  CreateVolume$,
  DeleteSnapshot$,
  DeleteTags$,
  DeregisterImage$,
  DescribeImages$,
  DescribeInstances$,
  DescribeLaunchTemplates$,
  DescribeLaunchTemplateVersions$,
  DescribeSnapshots$,
  DescribeTags$,
  DescribeVolumes$,
  DisableImage$,
  DisableImageDeregistrationProtection$,
  EnableImage$,
  EnableImageDeregistrationProtection$,
  ModifyLaunchTemplate$,
  RegisterImage$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';
import { PutEvents$ } from '@aws-sdk/client-eventbridge';
import {
  DeleteMessage$,
  GetQueueAttributes$,
  GetQueueUrl$,
  ReceiveMessage$,
  SendMessage$,
  SendMessageBatch$,
} from '@aws-sdk/client-sqs';

import type { ServiceId } from '../../../simulator/wire/api.ts';

/** A `Service` fits: only its id and its operations' schemas are used. */
export interface ServiceTable {
  readonly id: ServiceId;
  readonly operations: Readonly<Record<string, { readonly schema: unknown }>>;
}

const named = (schemas: readonly (readonly unknown[])[]): ServiceTable['operations'] =>
  Object.fromEntries(schemas.map((schema) => [String(schema[2]), { schema }]));

export const SERVICE_TABLES: readonly ServiceTable[] = [
  {
    id: 'ec2',
    operations: named([
      CopyImage$,
      CreateImage$,
      CreateLaunchTemplate$,
      CreateLaunchTemplateVersion$,
      CreateTags$,
      CreateVolume$,
      DeleteSnapshot$,
      DeleteTags$,
      DeregisterImage$,
      DescribeImages$,
      DescribeInstances$,
      DescribeLaunchTemplates$,
      DescribeLaunchTemplateVersions$,
      DescribeSnapshots$,
      DescribeTags$,
      DescribeVolumes$,
      DisableImage$,
      DisableImageDeregistrationProtection$,
      EnableImage$,
      EnableImageDeregistrationProtection$,
      ModifyLaunchTemplate$,
      RegisterImage$,
      RunInstances$,
      StartInstances$,
      StopInstances$,
      TerminateInstances$,
    ]),
  },
  {
    id: 'sqs',
    operations: named([
      DeleteMessage$,
      GetQueueAttributes$,
      GetQueueUrl$,
      ReceiveMessage$,
      SendMessage$,
      SendMessageBatch$,
    ]),
  },
  { id: 'events', operations: named([PutEvents$]) },
];
