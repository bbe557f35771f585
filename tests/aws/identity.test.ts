import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectInProcess } from '../../cli/embedded-connection.ts';
import type { Connection, Overrides } from '../../shared/aws/connection.ts';
import {
  callerOf,
  configuredRegion,
  endpointOf,
  NoAccessError,
} from '../../shared/aws/identity.ts';
import { VirtualClock } from '../../simulator/clock.ts';

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ops</Arn>
<UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

const DENIED = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
<Type>Sender</Type><Code>InvalidClientTokenId</Code>
<Message>The security token included in the request is invalid.</Message></Error>
<RequestId>r-1</RequestId></ErrorResponse>`;

interface Request {
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Answered {
  readonly connection: Connection;
  readonly clock: VirtualClock;
  readonly requests: readonly Request[];
}

/** An STS that answers every request in one way. */
const anStsThat = (
  answer: () => { readonly status: number; readonly text: string; readonly date?: string },
): Answered => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 21));
  const requests: Request[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'test' },
    handle: async (request: Request) => {
      requests.push(request);
      const { status, text, date } = answer();
      const headers = { 'content-type': 'text/xml', ...(date === undefined ? {} : { date }) };
      return { response: { statusCode: status, headers, body: new TextEncoder().encode(text) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  } as unknown as NonNullable<Overrides['requestHandler']>;
  const connection = connectInProcess({
    requestHandler,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    clock,
    jitter: () => 0.5,
  });
  return { connection, clock, requests };
};

const problemOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof NoAccessError)) throw new Error(`thrown: ${String(error)}`);
  return error.message;
};

describe('who calls', () => {
  test('is what STS of the Region says', async () => {
    const { connection, clock, requests } = anStsThat(() => ({ status: 200, text: IDENTITY }));

    const caller = await clock.runFor(callerOf(connection, 'eu-central-1'));

    expect(caller).toEqual({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ops' });
    expect(requests.map(({ hostname }) => hostname)).toEqual(['sts.eu-central-1.amazonaws.com']);
    expect(requests[0]?.headers['authorization']).toContain('/eu-central-1/sts/aws4_request');
    expect(requests[0]?.body).toContain('Action=GetCallerIdentity');
  });

  test.each([
    ['Sat, 21 Nov 2026 00:00:00 GMT', { skewMs: 0 }],
    ['Thu, 22 Oct 2026 00:00:00 GMT', { skewMs: 30 * 86_400_000 }],
    ['Sat, 21 Nov 2026 00:10:00 GMT', { skewMs: -600_000 }],
    ['some time ago', {}],
    [undefined, {}],
  ])('comes with how far the clock is ahead of the Date of the answer: %s', async (date, skew) => {
    const answer = { status: 200, text: IDENTITY, ...(date === undefined ? {} : { date }) };
    const { connection, clock } = anStsThat(() => answer);

    const caller = await clock.runFor(callerOf(connection, 'eu-central-1'));

    expect(caller).toStrictEqual({
      account: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/ops',
      ...skew,
    });
  });

  test('is nobody when STS refuses: its endpoint, code and message are named', async () => {
    const { connection, clock, requests } = anStsThat(() => ({ status: 403, text: DENIED }));

    const asking = problemOf(callerOf(connection, 'eu-central-1'));

    expect(await clock.runFor(asking)).toBe(
      'https://sts.eu-central-1.amazonaws.com refused GetCallerIdentity: InvalidClientTokenId: ' +
        'The security token included in the request is invalid.\nNothing was changed.',
    );
    expect(requests).toHaveLength(1);
  });

  test('is nobody when nothing answers', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), {
      code: 'ECONNREFUSED',
    });
    const { connection, clock } = anStsThat(() => {
      throw refused;
    });

    const asking = problemOf(callerOf(connection, 'eu-central-1'));

    expect(await clock.runFor(asking)).toBe(
      'https://sts.eu-central-1.amazonaws.com cannot be reached: ECONNREFUSED: connect ' +
        'ECONNREFUSED 127.0.0.1:9\nNothing was changed.',
    );
  });

  test.each([
    ['a page of something else', 404, '<html><body>Not here</body></html>'],
    ['no account', 200, IDENTITY.replace(/<Account>.*<\/Account>/, '')],
  ])('is nobody when the answer holds %s', async (_, status, text) => {
    const { connection, clock } = anStsThat(() => ({ status, text }));

    const problem = await clock.runFor(problemOf(callerOf(connection, 'eu-central-1')));

    expect(problem).toMatch(/^https:\/\/sts\.eu-central-1\.amazonaws\.com (refused|did not) /);
  });

  test.each(['CredentialsProviderError', 'TokenProviderError'])(
    'is nobody without credentials (%s), and nothing is sent',
    async (name) => {
      const { connection, clock, requests } = anStsThat(() => ({ status: 200, text: IDENTITY }));
      const none = Object.assign(new Error('Could not load credentials from any providers'), {
        name,
      });
      const without: Connection = {
        ...connection,
        overrides: (service, region) => ({
          ...connection.overrides?.(service, region),
          credentials: () => Promise.reject(none),
        }),
      };

      const problem = await clock.runFor(problemOf(callerOf(without, 'eu-central-1')));

      expect(problem).toMatch(/^no credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID/);
      expect(requests).toEqual([]);
    },
  );
});

describe('by the settings of the machine', () => {
  let folder = '';
  const clock = new VirtualClock(Date.UTC(2026, 10, 21));
  const real: Connection = { clock, jitter: () => 0.5 };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'imago-identity-'));
    writeFileSync(join(folder, 'config'), '[profile ops]\nregion = sa-east-1\n');
    writeFileSync(join(folder, 'none'), '');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(() => {
    const names = ['AWS_REGION', 'AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_EC2'];
    for (const name of names) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  });

  test('the Region is that of AWS_REGION, or else of the profile', async () => {
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_PROFILE', 'ops');
    const ofProfile = await configuredRegion();
    vi.stubEnv('AWS_REGION', 'eu-north-1');

    expect([ofProfile, await configuredRegion()]).toEqual(['sa-east-1', 'eu-north-1']);
  });

  test('without any Region, AWS_REGION is asked for', async () => {
    expect(await problemOf(configuredRegion())).toBe(
      'no Region is set: set AWS_REGION, or a region in your profile\nNothing was changed.',
    );
  });

  test('an endpoint is the one of AWS in the Region and its partition', async () => {
    const asked = (['ec2', 'sts', 'sqs', 'events', 'autoscaling', 'ssm'] as const).map((service) =>
      endpointOf(real, service, 'eu-central-1'),
    );

    expect(await Promise.all(asked)).toEqual([
      'https://ec2.eu-central-1.amazonaws.com',
      'https://sts.eu-central-1.amazonaws.com',
      'https://sqs.eu-central-1.amazonaws.com',
      'https://events.eu-central-1.amazonaws.com',
      'https://autoscaling.eu-central-1.amazonaws.com',
      'https://ssm.eu-central-1.amazonaws.com',
    ]);
    expect(await endpointOf(real, 'ec2', 'cn-north-1')).toBe(
      'https://ec2.cn-north-1.amazonaws.com.cn',
    );
  });

  test('an endpoint is AWS_ENDPOINT_URL, or that of the service, where they are set', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4599');
    vi.stubEnv('AWS_ENDPOINT_URL_EC2', 'http://localhost:4600/ec2/');
    vi.stubEnv('AWS_ENDPOINT_URL_AUTO_SCALING', 'http://localhost:4601');
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', 'http://localhost:4602');

    expect(await endpointOf(real, 'sts', 'eu-central-1')).toBe('http://127.0.0.1:4599');
    expect(await endpointOf(real, 'sqs', 'eu-central-1')).toBe('http://127.0.0.1:4599');
    expect(await endpointOf(real, 'ec2', 'eu-central-1')).toBe('http://localhost:4600/ec2');
    expect(await endpointOf(real, 'autoscaling', 'eu-central-1')).toBe('http://localhost:4601');
    expect(await endpointOf(real, 'ssm', 'eu-central-1')).toBe('http://localhost:4602');
  });

  test('an endpoint that the SDK makes nothing of is refused', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'not an address');

    expect(await problemOf(endpointOf(real, 'ec2', 'eu-central-1'))).toMatch(
      /^no endpoint for ec2 in eu-central-1: /,
    );
  });
});
