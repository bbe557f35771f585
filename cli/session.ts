import type { ServiceName } from '../shared/aws/connection.ts';
import type { Caller } from '../shared/aws/identity.ts';
import { REGIONS } from '../shared/config/regions.ts';
import type { Target } from '../shared/domain/model.ts';
import { RefusedError } from './refused-error.ts';
import type { Surroundings } from './surroundings.ts';

/** Where a command works, once that has been said. */
export interface Session {
  /** Of all services that it will call, each once. */
  readonly endpoints: readonly string[];
  readonly caller: Caller;
  /** The caller's account, in the Region that is set. */
  readonly home: Target;
}

/** The same, as every JSON result begins. */
export interface SessionReport {
  readonly endpoints: readonly string[];
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

export const sessionReport = ({ endpoints, caller, home }: Session): SessionReport => ({
  endpoints,
  account: caller.account,
  arn: caller.arn,
  region: home.region,
});

export interface Reach {
  readonly home: string;
  /** Whatever is to be called there and elsewhere, beside STS. */
  readonly calls: readonly (readonly [service: ServiceName, region: string])[];
}

/**
 * The Region that is set.
 * @throws NoAccessError | RefusedError if there is none, or none that is known
 */
export const homeRegion = async ({ access }: Surroundings): Promise<string> => {
  const region = await access.region();
  if (REGIONS.includes(region)) return region;
  throw new RefusedError(`AWS_REGION: unknown Region ${region}: expected one such as eu-central-1`);
};

/**
 * Says endpoint and Region, asks who calls, and says that: on stderr, and before any other call, so
 * that whoever sees the wrong account can still stop it.
 * @throws NoAccessError if AWS cannot be used
 */
export const openSession = async (
  { access, terminal }: Surroundings,
  { home: region, calls }: Reach,
): Promise<Session> => {
  const asked = [...calls, ['sts', region] as const];
  const all = await Promise.all(asked.map(([service, one]) => access.endpoint(service, one)));
  const endpoints = [...new Set(all)];
  terminal.error(`endpoint  ${endpoints.join(', ')}`);
  terminal.error(`Region    ${[...new Set(asked.map(([, one]) => one))].join(', ')}`);
  const caller = await access.caller(region);
  terminal.error(`account   ${caller.account} (${caller.arn})`);
  return { endpoints, caller, home: { account: caller.account, region } };
};
