/** Every operation of the SDK clients that the embedded cloud speaks to. */
import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import * as events from '@aws-sdk/client-eventbridge';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';

import type { ServiceId } from '../../../simulator/wire/api.ts';

/** How the SDK marks the schema of an operation: `[9, namespace, name, traits, input, output]`. */
const OPERATION_TAG = 9;

const schemasOf = (client: object): ReadonlyMap<string, unknown> =>
  new Map(
    Object.values(client)
      .filter((value) => Array.isArray(value) && value[0] === OPERATION_TAG)
      .map((schema: readonly unknown[]) => [String(schema[2]), schema]),
  );

/** Schemas by service and by the operation's name. */
export const OPERATIONS: Readonly<Record<ServiceId, ReadonlyMap<string, unknown>>> = {
  autoscaling: schemasOf(autoscaling),
  ec2: schemasOf(ec2),
  events: schemasOf(events),
  sqs: schemasOf(sqs),
  ssm: schemasOf(ssm),
  sts: schemasOf(sts),
};

export const SERVICE_IDS = Object.keys(OPERATIONS) as readonly ServiceId[];
