/** Real SDK clients in front of an embedded cloud that a test makes up. */
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

import type { Service } from '../../../simulator/wire/api.ts';
import { createRequestHandler } from '../../../simulator/wire/in-process.ts';
import { createRouter } from '../../../simulator/wire/router.ts';
import type { CallRecord, Route, Router } from '../../../simulator/wire/router.ts';

export const ACCOUNT = '123456789012';
export const NOW_MS = 1_800_000_000_000;

/** Request ids count up from `req-1`. */
export const routeTo = (
  services: readonly Service[],
  onCall?: (record: CallRecord) => void,
): Router => {
  let requests = 0;
  return createRouter({
    services,
    accountOf: () => ACCOUNT,
    nowMs: () => NOW_MS,
    requestId: () => `req-${(requests += 1)}`,
    ...(onCall === undefined ? {} : { onCall }),
  });
};

/** Client settings that leave nothing to be read from files or the environment. */
export const settingsFor = (route: Route) => ({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  requestHandler: createRequestHandler(route),
  maxAttempts: 1,
  retryMode: 'standard',
  defaultsMode: 'standard' as const,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
});

export const ec2On = (route: Route): EC2Client => new EC2Client(settingsFor(route));

export const eventsOn = (route: Route): EventBridgeClient =>
  new EventBridgeClient(settingsFor(route));

/** Does not check the MD5 of messages: computing it is up to the service. */
export const sqsOn = (route: Route): SQSClient =>
  new SQSClient({ ...settingsFor(route), md5: false });

export const stsOn = (route: Route): STSClient => new STSClient(settingsFor(route));

export const autoScalingOn = (route: Route): AutoScalingClient =>
  new AutoScalingClient(settingsFor(route));

export const ssmOn = (route: Route): SSMClient => new SSMClient(settingsFor(route));
