import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../loop/ports.ts';
import { type Connection, type Overrides, type ServiceName, clientConfig } from './connection.ts';
import { describeFailure, toFailure } from './failures.ts';

/** Whom the credentials belong to. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** By how much the connection's clock is ahead of STS's; absent if STS did not say its time. */
  readonly skewMs?: number;
}

/** AWS cannot be used as things are set: in words for whoever set them. Nothing was done. */
export class NoAccessError extends Error {
  constructor(problem: string, cause?: unknown) {
    super(`${problem}\nNothing was changed.`, { cause });
    this.name = 'NoAccessError';
  }
}

/**
 * The Region that the SDK would use: AWS_REGION, or that of the profile.
 * @throws NoAccessError if there is none
 */
export const configuredRegion = async (): Promise<string> => {
  try {
    return await new STSClient({}).config.region();
  } catch (error) {
    throw new NoAccessError('no Region is set: set AWS_REGION, or a region in your profile', error);
  }
};

/**
 * Asks STS who calls. STS answers everybody who has credentials at all, whatever IAM allows.
 * @throws NoAccessError if there are no credentials, or what should be STS is not there or refuses
 */
export const callerOf = async (connection: Connection, region: string): Promise<Caller> => {
  const client = new STSClient(clientConfig(connection, 'sts', region));
  const skew = watchSkew(client, connection.clock);
  try {
    const { Account: account, Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    if (account !== undefined && arn !== undefined) return { account, arn, ...skew() };
  } catch (error) {
    throw await toNoAccess(error, () => endpointOf(connection, 'sts', region));
  }
  const endpoint = await endpointOf(connection, 'sts', region);
  throw new NoAccessError(`${endpoint} did not say whose the credentials are`);
};

/**
 * Compares the clock with the `Date` of each answer. The SDK does so too, but only to sign its next
 * request by what it found: a wrong clock goes unseen.
 */
const watchSkew = (client: STSClient, clock: Clock): (() => Pick<Caller, 'skewMs'>) => {
  let skewMs = Number.NaN;
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      skewMs = clock.nowMs() - Date.parse(dateOf(answer.response));
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'watchSkew' }, // low: before it is read or refused
  );
  return () => (Number.isNaN(skewMs) ? {} : { skewMs });
};

const dateOf = (response: unknown): string => {
  const { headers } = response as { readonly headers?: Readonly<Record<string, string>> };
  return headers?.['date'] ?? '';
};

const toNoAccess = async (
  error: unknown,
  endpoint: () => Promise<string>,
): Promise<NoAccessError> => {
  if (!(error instanceof Error)) throw error;
  // The names under which the SDK's providers give up (@smithy/core, "ProviderError").
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError') {
    const advice = 'set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in';
    return new NoAccessError(`no credentials were found: ${advice} (${error.message})`, error);
  }
  if ('$fault' in error) {
    const failure = describeFailure(toFailure(error));
    return new NoAccessError(`${await endpoint()} refused GetCallerIdentity: ${failure}`, error);
  }
  const problem = '$response' in error ? 'did not answer as AWS does' : 'cannot be reached';
  return new NoAccessError(`${await endpoint()} ${problem}: ${describeCause(error)}`, error);
};

/** A refused connection to several addresses has a code, and no message. */
const describeCause = (error: Error): string => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : `${code}: ${error.message}`;
};

/** Thrown instead of sending a request. */
class NotSent extends Error {}

/** What a request handler is given, as far as it says where the request would go. */
interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

const formatAddress = ({ protocol, hostname, port, path }: Address): string =>
  `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path.replace(/\/$/, '')}`;

/**
 * Where calls of a service go, by the SDK's own word: it makes a request, which is looked at and not
 * sent. So AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EC2, profiles, FIPS and the rest are all in it.
 * @throws NoAccessError if the settings do not go together
 */
export const endpointOf = async (
  connection: Connection,
  service: ServiceName,
  region: string,
): Promise<string> => {
  const seen: Address[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'none' },
    handle: (request: Address) => {
      seen.push(request);
      return Promise.reject(new NotSent());
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  } as unknown as NonNullable<Overrides['requestHandler']>;
  const config = {
    ...clientConfig(connection, service, region),
    requestHandler,
    credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
  };
  const problem = await PROBES[service](config).catch((error: unknown) => error);
  const [address] = seen;
  if (address !== undefined) return formatAddress(address);
  throw new NoAccessError(`no endpoint for ${service} in ${region}: ${String(problem)}`, problem);
};

type ClientConfig = ReturnType<typeof clientConfig>;

/**
 * One request of each service, of those that the product makes anyway. Few commands call the services
 * whose clients are loaded here.
 */
const PROBES: Readonly<Record<ServiceName, (config: ClientConfig) => Promise<unknown>>> = {
  autoscaling: async (config) => (await import('./launch-reads.ts')).probeGroups(config),
  ssm: async (config) => (await import('./launch-reads.ts')).probeParameters(config),
  ec2: (config) => new EC2Client(config).send(new DescribeInstancesCommand({})),
  sts: (config) => new STSClient(config).send(new GetCallerIdentityCommand({})),
  events: (config) => new EventBridgeClient(config).send(new PutEventsCommand({ Entries: [] })),
  sqs: (config) =>
    new SQSClient({ ...config, md5: false, useQueueUrlAsEndpoint: false }).send(
      new SendMessageBatchCommand({ QueueUrl: 'https://unused', Entries: [] }),
    ),
};
