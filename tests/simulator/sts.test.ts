import type {
  AssumeRoleResponse,
  GetFederationTokenResponse,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { accountOfAccessKey, sessionKeyOf } from '../../simulator/services/sts/access-keys.ts';
import { ACCOUNT, createBench, HOME } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const ROLE = 'arn:aws:iam::444455556666:role/backup/Reader';

const anSts = () => {
  const { cloud } = createBench();
  const ask = askOf(cloud, 'sts');
  const assume = (more: object = {}, accessKeyId = ACCOUNT) =>
    ask<AssumeRoleResponse>(
      'AssumeRole',
      { RoleArn: ROLE, RoleSessionName: 'run-1', ...more },
      callBy(accessKeyId),
    );
  const callBy = (accessKeyId: string) => ({
    ...cloud.callAs(accountOfAccessKey(accessKeyId), HOME),
    accessKeyId,
  });
  const whoIs = (accessKeyId: string) => ask('GetCallerIdentity', {}, callBy(accessKeyId));
  return { cloud, ask, assume, callBy, whoIs };
};

const keyOf = ({ Credentials }: { Credentials?: AssumeRoleResponse['Credentials'] }) =>
  Credentials?.AccessKeyId ?? '';

describe('the account of an access key', () => {
  it.each([
    ['000000000042', '000000000042'],
    ['444455556666', '444455556666'],
    ['AKIAIOSFODNN7EXAMPLE', '111122223333'],
    ['ASIAIOSFODNN7EXAMPLE', '111122223333'],
    ['test', '111122223333'],
    [sessionKeyOf('000000000042', 0), '000000000042'],
    [sessionKeyOf('999999999999', 12_345), '999999999999'],
  ])('%s is %s', (key, account) => {
    expect(accountOfAccessKey(key)).toBe(account);
  });

  it('is told by session keys of the form that AWS has', () => {
    expect(sessionKeyOf('444455556666', 1)).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(sessionKeyOf('444455556666', 1)).not.toBe(sessionKeyOf('444455556666', 2));
  });
});

describe('GetCallerIdentity', () => {
  it('names the user of an account', () => {
    const { whoIs } = anSts();
    expect(whoIs('444455556666')).toEqual({
      Account: '444455556666',
      Arn: 'arn:aws:iam::444455556666:user/embedded',
      UserId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
    });
  });

  it('names the session of a role, in the account of the role', () => {
    const { assume, whoIs } = anSts();
    const { AssumedRoleUser, ...session } = assume();
    expect(whoIs(keyOf(session))).toEqual({
      Account: '444455556666',
      Arn: 'arn:aws:sts::444455556666:assumed-role/Reader/run-1',
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
  });
});

describe('AssumeRole', () => {
  it('gives credentials of the account of the role, for an hour unless said otherwise', () => {
    const { assume } = anSts();
    const { Credentials, AssumedRoleUser } = assume();
    expect(accountOfAccessKey(Credentials?.AccessKeyId ?? '')).toBe('444455556666');
    expect(Credentials?.Expiration).toEqual(new Date('2026-11-21T04:00:00Z'));
    expect(Credentials?.SecretAccessKey).toHaveLength(40);
    expect(AssumedRoleUser).toMatchObject({
      Arn: 'arn:aws:sts::444455556666:assumed-role/Reader/run-1',
      AssumedRoleId: expect.stringMatching(/^AROA[0-9A-F]{17}:run-1$/),
    });
    expect(assume({ DurationSeconds: 900 }).Credentials?.Expiration).toEqual(
      new Date('2026-11-21T03:15:00Z'),
    );
  });

  it.each([
    [{ RoleArn: 'nothing-valid-in-here' }, 'ValidationError: nothing-valid-in-here is invalid'],
    [
      { RoleArn: 'arn:aws:iam::444455556666:user/x' },
      'ValidationError: arn:aws:iam::444455556666:user/x is invalid',
    ],
    [
      { RoleSessionName: 'Session1:2' },
      "ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed " +
        'to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    ],
    [
      { DurationSeconds: 899, ExternalId: '?' },
      "ValidationError: 3 validation errors detected: Value '899' at 'durationSeconds' failed to " +
        "satisfy constraint: Member must have value greater than or equal to 900; Value '?' at " +
        "'externalId' failed to satisfy constraint: Member must have length greater than or equal " +
        "to 2; Value '?' at 'externalId' failed to satisfy constraint: Member must satisfy regular " +
        'expression pattern: [\\w+=,.@:\\/-]*',
    ],
    [{ Policy: '{' }, 'MalformedPolicyDocument: This policy contains invalid Json'],
    [
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      { TransitiveTagKeys: ['a'] },
      'InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    ],
  ])('with %j is refused', (more, refusal) => {
    const { assume } = anSts();
    expect(refusalOf(() => assume(more))).toBe(refusal);
  });

  it('by a role gives an hour at most, by a user twelve', () => {
    const { assume } = anSts();
    const role = keyOf(assume({ DurationSeconds: 43_200 }));
    expect(keyOf(assume({ RoleArn: 'arn:aws:iam::777788889999:role/R' }, role))).toMatch(/^ASIA/);
    expect(refusalOf(() => assume({ DurationSeconds: 3_601 }, role))).toContain(
      'exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  });
});

const tokenOf = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('AssumeRoleWithWebIdentity', () => {
  const call = (token: string) => {
    const { ask, cloud } = anSts();
    const input = { RoleArn: ROLE, RoleSessionName: 'run-1', WebIdentityToken: token };
    return ask('AssumeRoleWithWebIdentity', input, { ...cloud.callAs('', HOME), account: '' });
  };

  it('needs no signature: the account is that of the role', () => {
    const claims = {
      sub: 'repo:imago',
      iss: 'https://token.example.com',
      aud: 'sts.amazonaws.com',
    };
    expect(call(tokenOf(claims))).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:imago',
      Provider: 'token.example.com',
      Audience: 'sts.amazonaws.com',
      AssumedRoleUser: { Arn: 'arn:aws:sts::444455556666:assumed-role/Reader/run-1' },
      Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/) },
    });
  });

  it('refuses a token that is none, and one whose time is over', () => {
    expect(refusalOf(() => call('secret'))).toContain(
      'InvalidIdentityToken: The ID Token provided',
    );
    const exp = Date.UTC(2026, 10, 21, 2, 59) / 1_000;
    expect(refusalOf(() => call(tokenOf({ exp })))).toBe(
      'ExpiredTokenException: Token expired: current date/time 1795230000 must be before the ' +
        'expiration date/time 1795229940',
    );
  });
});

describe('what else STS is asked', () => {
  it('gives a user a session, and no session another', () => {
    const { ask, callBy, whoIs, assume } = anSts();
    const session = ask<GetSessionTokenResponse>('GetSessionToken', {}, callBy('444455556666'));
    expect(session.Credentials?.Expiration).toEqual(new Date('2026-11-21T15:00:00Z'));
    expect(whoIs(keyOf(session))).toMatchObject({ Arn: 'arn:aws:iam::444455556666:user/embedded' });
    const again = () => ask('GetSessionToken', {}, callBy(keyOf(assume())));
    expect(refusalOf(again)).toBe(
      'AccessDenied: Cannot call GetSessionToken with session credentials',
    );
  });

  it('gives a user a federated one', () => {
    const { ask, callBy, whoIs } = anSts();
    const input = { Name: 'Bob' };
    const federated = ask<GetFederationTokenResponse>('GetFederationToken', input, callBy(ACCOUNT));
    expect(federated.FederatedUser).toEqual({
      FederatedUserId: '111122223333:Bob',
      Arn: 'arn:aws:sts::111122223333:federated-user/Bob',
    });
    expect(whoIs(keyOf(federated))).toMatchObject({ UserId: '111122223333:Bob' });
  });

  it('tells whose an access key is, and decodes no message', () => {
    const { ask, assume } = anSts();
    const AccessKeyId = keyOf(assume());
    expect(ask('GetAccessKeyInfo', { AccessKeyId })).toEqual({ Account: '444455556666' });
    expect(refusalOf(() => ask('GetAccessKeyInfo', { AccessKeyId: 'short' }))).toContain(
      'ValidationError: 1 validation error detected',
    );
    const decode = () => ask('DecodeAuthorizationMessage', { EncodedMessage: 'abc' });
    expect(refusalOf(decode)).toBe('InvalidAuthorizationMessageException: Message is not valid');
  });
});
