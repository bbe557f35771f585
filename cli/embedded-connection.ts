import type { Connection, Overrides } from '../shared/aws/connection.ts';
import type { Clock } from '../shared/loop/ports.ts';
import type { DirectConnection } from '../simulator/wire/direct.ts';
import type { DirectClient } from '../simulator/wire/short-cut.ts';

export interface EmbeddedConnection {
  readonly requestHandler: NonNullable<Overrides['requestHandler']>;
  readonly accessKeyId: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly jitter: () => number;
  /** Goes around the wire, to the same results in a fifth of the time. */
  readonly direct?: DirectConnection | undefined;
}

/**
 * A connection that never leaves the process. Everything that an SDK client would otherwise look up
 * in the environment or in files is given: not only must nothing of the machine be looked at, but a
 * client that waited for the disk would let virtual time run on without it.
 */
export const connectInProcess = (to: EmbeddedConnection): Connection => ({
  clock: to.clock,
  jitter: to.jitter,
  // Clients of services that are not called directly are let be.
  adapt: (client, service) => to.direct?.adapt(client as DirectClient, service),
  overrides: (service, region) => ({
    requestHandler: to.requestHandler,
    credentials: { accessKeyId: to.accessKeyId, secretAccessKey: 'embedded' },
    endpoint: `https://${service}.${region}.amazonaws.com`,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    defaultsMode: 'standard',
    maxAttempts: 6,
    retryMode: 'standard',
    userAgentAppId: 'imago',
    authSchemePreference: [],
    disableClockSkewCorrection: true,
    ...to.direct?.settingsOf(service, region),
  }),
});
