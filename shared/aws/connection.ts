import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client, EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Logger } from '@smithy/types';
import type { Clock } from '../loop/ports.ts';
import { createRetryStrategy } from './retry-strategy.ts';
import { systemClock, systemJitter } from './system.ts';

/**
 * How clients reach AWS. Without `overrides` the real one, where the SDK finds credentials and
 * endpoints as everywhere. The embedded cloud overrides all of it, so that nothing of the machine's
 * environment or files is looked at.
 */
export interface Connection {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly jitter: () => number;
  readonly overrides?: (service: ServiceName, region: string) => Overrides;
  /** Does to a new client what no setting can. */
  readonly adapt?: (client: AnyClient, service: ServiceName) => void;
}

export type AnyClient = AutoScalingClient | EC2Client | EventBridgeClient | SQSClient | SSMClient;

export type ServiceName = 'autoscaling' | 'ec2' | 'events' | 'sqs' | 'ssm' | 'sts';

/** Those whose calls wait for their turn, and are repeated while throttled: see limiter.ts. */
const LIMITED: ReadonlySet<ServiceName> = new Set(['autoscaling', 'ec2', 'ssm']);

export type Overrides = Pick<
  EC2ClientConfig,
  | 'requestHandler'
  | 'credentials'
  | 'endpoint'
  | 'useDualstackEndpoint'
  | 'useFipsEndpoint'
  | 'defaultsMode'
  | 'maxAttempts'
  | 'retryMode'
  | 'userAgentAppId'
  | 'authSchemePreference'
  | 'disableClockSkewCorrection'
  | 'protocol'
  | 'cacheMiddleware'
>;

/** A call that hangs would else take with it the rest of what waits for it. */
const TIME_LIMITS = {
  connectionTimeout: 3_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
};

/** AWS, or whatever the SDK's own settings name instead: AWS_ENDPOINT_URL, a profile, and so on. */
export const connectToAws = (): Connection => ({
  clock: systemClock,
  jitter: systemJitter,
  overrides: () => ({ requestHandler: TIME_LIMITS }),
});

/**
 * Nobody reads the SDK's own log, but with its default logger it prepares each answer for it, which
 * took a twentieth of a run's time. Without an `info` it does not.
 */
const SILENT = {
  debug: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as Logger;

/** What a client of any service is made with. */
export const clientConfig = (
  { clock, jitter, overrides }: Connection,
  service: ServiceName,
  region: string,
) => ({
  ...overrides?.(service, region),
  region,
  logger: SILENT,
  retryStrategy: createRetryStrategy({ clock, jitter, repeatsThrottled: !LIMITED.has(service) }),
});
