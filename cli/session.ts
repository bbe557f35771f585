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
export const homeRegion = async ({ access }: Surroundings): Promise<string> =>
  knownRegion(await access.region());

/** @throws RefusedError for what is no Region */
export const knownRegion = (region: string): string => {
  if (REGIONS.includes(region)) return region;
  throw new RefusedError(`AWS_REGION: unknown Region ${region}: expected one such as eu-central-1`);
};

/**
 * Says endpoint and Region, asks who calls, and says that: on stderr, and before any other call, so
 * that whoever sees the wrong account can still stop it.
 * @throws NoAccessError if AWS cannot be used
 * @throws RefusedError if the account would be that of another cloud, or this machine's clock is wrong
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
  const called = asked.map(([service], index) => [service, all[index] ?? ''] as const);
  refuseTwoClouds(called);
  const caller = await access.caller(region);
  terminal.error(`account   ${caller.account} (${caller.arn})`);
  refuseWrongClock(caller, access.connection.clock.nowMs());
  return { endpoints, caller, home: { account: caller.account, region } };
};

/** Where AWS itself answers, by the endpoint rules of the SDK, in the partitions of our Regions. */
const AWS_HOST = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** AWS as a whole, or one host and port. */
const cloudOf = (endpoint: string): string => {
  const { hostname, port, protocol } = new URL(endpoint);
  if (AWS_HOST.test(hostname)) return 'AWS';
  return `${hostname}:${port === '' ? protocol : port}`;
};

/** Services whose answers say what there is, and who uses it; each by the name that people know. */
const TELLING: readonly (readonly [ServiceName, string])[] = [
  ['ec2', 'EC2'],
  ['autoscaling', 'Auto Scaling'],
  ['ssm', 'SSM'],
];

/** The account of one cloud's STS says nothing of what another cloud holds. */
const refuseTwoClouds = (endpoints: readonly (readonly [ServiceName, string])[]): void => {
  const sts = endpoints.find(([service]) => service === 'sts')?.[1] ?? '';
  for (const [telling, name] of TELLING) {
    const stranger = endpoints.find(
      ([service, at]) => service === telling && cloudOf(at) !== cloudOf(sts),
    );
    if (stranger === undefined) continue;
    throw new RefusedError(
      `${name} would be called at ${stranger[1]}, but STS, which names the account, at ${sts}: ` +
        'set AWS_ENDPOINT_URL for both of them or for neither',
    );
  }
};

/** A signature is refused from five minutes on, so a machine that is set right is well below. */
const SKEW_MAX_MS = 120_000;

/** What has expired is decided by this clock: one that is ahead would remove points too early. */
const refuseWrongClock = ({ skewMs = 0 }: Caller, nowMs: number): void => {
  if (Math.abs(skewMs) <= SKEW_MAX_MS) return;
  const [here, there] = [nowMs, nowMs - skewMs].map((ms) => new Date(ms).toISOString());
  throw new RefusedError(
    `the clock of this machine is ${describeSpan(Math.abs(skewMs))} ` +
      `${skewMs > 0 ? 'ahead of' : 'behind'} that of STS (${here} here, ${there} there): set it right`,
  );
};

const HOUR_MS = 3_600_000;

const describeSpan = (spanMs: number): string => {
  if (spanMs >= 48 * HOUR_MS) return `${Math.round(spanMs / (24 * HOUR_MS))} days`;
  if (spanMs >= 2 * HOUR_MS) return `${Math.round(spanMs / HOUR_MS)} hours`;
  return `${Math.round(spanMs / 60_000)} minutes`;
};
