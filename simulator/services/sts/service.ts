/** What the wire serves of STS. */
import {
  AssumeRole$,
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  AssumeRoleWithWebIdentity$,
  type AssumeRoleWithWebIdentityRequest,
  type AssumeRoleWithWebIdentityResponse,
  DecodeAuthorizationMessage$,
  type DecodeAuthorizationMessageRequest,
  GetAccessKeyInfo$,
  type GetAccessKeyInfoRequest,
  type GetAccessKeyInfoResponse,
  GetCallerIdentity$,
  type GetCallerIdentityRequest,
  type GetCallerIdentityResponse,
  GetFederationToken$,
  type GetFederationTokenRequest,
  type GetFederationTokenResponse,
  GetSessionToken$,
  type GetSessionTokenRequest,
  type GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call, operation, type Service } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { accountOfAccessKey } from './access-keys.ts';
import { assumeRole } from './assume-role.ts';
import { assertPolicy } from './roles.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { assumeRoleWithWebIdentity } from './web-identity.ts';

const USER_SECONDS = { min: 900, max: 129_600 } as const;
const USER_SECONDS_DEFAULT = 43_200;

const getCallerIdentity = (sessions: Sessions, call: Call): GetCallerIdentityResponse => {
  const { account, arn, userId } = sessions.callerOf(call);
  return { Account: account, Arn: arn, UserId: userId };
};

const getAccessKeyInfo = (input: GetAccessKeyInfoRequest): GetAccessKeyInfoResponse => {
  const key = input.AccessKeyId ?? '';
  const limits = { minLength: 16, maxLength: 128, pattern: '[\\w]*' };
  assertNoProblems(problemsOf('accessKeyId', key, limits), 'ValidationError');
  return { Account: accountOfAccessKey(key) };
};

/** Temporary credentials are for a user to ask for. @throws ApiError `AccessDenied` */
const assertUser = (sessions: Sessions, call: Call, action: string): void => {
  if (sessions.sessionOf(call) === undefined) return;
  throw new ApiError('AccessDenied', `Cannot call ${action} with session credentials`, 403);
};

const getSessionToken = (
  sessions: Sessions,
  input: GetSessionTokenRequest,
  call: Call,
): GetSessionTokenResponse => {
  const { DurationSeconds: seconds } = input;
  assertNoProblems(problemsOf('durationSeconds', seconds, USER_SECONDS), 'ValidationError');
  assertUser(sessions, call, 'GetSessionToken');
  const session = { ...sessions.callerOf(call), isOfRole: false };
  return { Credentials: sessions.begin(session, seconds ?? USER_SECONDS_DEFAULT) };
};

const getFederationToken = (
  sessions: Sessions,
  input: GetFederationTokenRequest,
  call: Call,
): GetFederationTokenResponse => {
  const { Name: name = '', DurationSeconds: seconds, Policy: policy } = input;
  const nameLimits = { minLength: 2, maxLength: 32, pattern: '[\\w+=,.@-]*' };
  const problems = [
    ...problemsOf('name', name, nameLimits),
    ...problemsOf('durationSeconds', seconds, USER_SECONDS),
  ];
  assertNoProblems(problems, 'ValidationError');
  assertUser(sessions, call, 'GetFederationToken');
  assertPolicy(policy);
  const { account } = call;
  const arn = `arn:aws:sts::${account}:federated-user/${name}`;
  const userId = `${account}:${name}`;
  const session = { account, arn, userId, isOfRole: false };
  return {
    Credentials: sessions.begin(session, seconds ?? USER_SECONDS_DEFAULT),
    FederatedUser: { FederatedUserId: userId, Arn: arn },
    PackedPolicySize: policy === undefined ? undefined : 1,
  };
};

/** This cloud never sends an encoded message, so there is none that could be decoded. */
const decodeAuthorizationMessage = (): never => {
  throw new ApiError('InvalidAuthorizationMessageException', 'Message is not valid');
};

export const createStsService = (kernel: Kernel): Service => {
  const sessions = createSessions(kernel);
  return {
    id: 'sts',
    operations: {
      AssumeRole: operation<AssumeRoleRequest, AssumeRoleResponse>(AssumeRole$, (input, call) =>
        assumeRole(sessions, input, call),
      ),
      AssumeRoleWithWebIdentity: operation<
        AssumeRoleWithWebIdentityRequest,
        AssumeRoleWithWebIdentityResponse
      >(AssumeRoleWithWebIdentity$, (input, call) =>
        assumeRoleWithWebIdentity(sessions, input, call),
      ),
      DecodeAuthorizationMessage: operation<DecodeAuthorizationMessageRequest, never>(
        DecodeAuthorizationMessage$,
        decodeAuthorizationMessage,
      ),
      GetAccessKeyInfo: operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse>(
        GetAccessKeyInfo$,
        getAccessKeyInfo,
      ),
      GetCallerIdentity: operation<GetCallerIdentityRequest, GetCallerIdentityResponse>(
        GetCallerIdentity$,
        (_, call) => getCallerIdentity(sessions, call),
      ),
      GetFederationToken: operation<GetFederationTokenRequest, GetFederationTokenResponse>(
        GetFederationToken$,
        (input, call) => getFederationToken(sessions, input, call),
      ),
      GetSessionToken: operation<GetSessionTokenRequest, GetSessionTokenResponse>(
        GetSessionToken$,
        (input, call) => getSessionToken(sessions, input, call),
      ),
    },
  };
};
