import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import { StandardRetryStrategy } from '@smithy/core/retry';
import type { Logger } from '@smithy/types';
import type { Clock } from '../loop/ports.ts';

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
}

export type ServiceName = 'ec2' | 'sqs' | 'events';

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
>;

/**
 * Nobody reads the SDK's own log, but with its default logger it prepares each answer for it, which
 * took a twentieth of a run's time. Without an `info` it does not.
 */
const SILENT = {
  debug: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as Logger;

const ATTEMPTS_MAX = 6;
const TRANSIENT_BASE_MS = 100;
const THROTTLED_BASE_MS = 1_000;
const DELAY_MAX_MS = 20_000;

/** What a client of any service is made with. */
export const clientConfig = (
  { clock, jitter, overrides }: Connection,
  service: ServiceName,
  region: string,
) => ({
  ...overrides?.(service, region),
  region,
  logger: SILENT,
  retryStrategy: new ClockedRetryStrategy(clock, jitter),
});

/**
 * The SDK's standard retries (its classification, attempts and quota) with waits on our clock: the
 * stock strategy waits with a timer of its own, which virtual time could not move.
 */
class ClockedRetryStrategy extends StandardRetryStrategy {
  readonly #clock: Clock;
  readonly #jitter: () => number;

  constructor(clock: Clock, jitter: () => number) {
    super({
      maxAttempts: ATTEMPTS_MAX,
      backoff: { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined },
    });
    this.#clock = clock;
    this.#jitter = jitter;
  }

  override async refreshRetryTokenForRetry(
    ...[token, error]: Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    const next = await super.refreshRetryTokenForRetry(token, error);
    const baseMs = error.errorType === 'THROTTLING' ? THROTTLED_BASE_MS : TRANSIENT_BASE_MS;
    const boundMs = Math.min(DELAY_MAX_MS, baseMs * 2 ** token.getRetryCount());
    await this.#clock.sleep(Math.floor(this.#jitter() * boundMs));
    return next;
  }
}
