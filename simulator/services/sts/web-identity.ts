/** AssumeRoleWithWebIdentity: the one call of STS that nobody signs. */
import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
} from '@aws-sdk/client-sts';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { assertPolicy, assumed, roleProblems } from './roles.ts';
import type { Sessions } from './sessions.ts';

type Claims = Readonly<Record<string, unknown>>;

const INVALID =
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';

/** The claims of a JSON web token; its signature is not checked. */
const claimsOf = (token: string): Claims => {
  const [, payload, signature] = token.split('.');
  try {
    if (payload === undefined || signature === undefined) throw new SyntaxError('three parts');
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
  } catch {
    throw new ApiError('InvalidIdentityToken', INVALID);
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const audienceOf = ({ aud }: Claims): string => textOf(Array.isArray(aud) ? aud[0] : aud);

const assertCurrent = ({ exp }: Claims, nowMs: number): void => {
  if (typeof exp !== 'number' || exp * 1_000 > nowMs) return;
  const now = Math.floor(nowMs / 1_000);
  throw new ApiError(
    'ExpiredTokenException',
    `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
  );
};

export const assumeRoleWithWebIdentity = (
  sessions: Sessions,
  input: AssumeRoleWithWebIdentityRequest,
  call: Call,
): AssumeRoleWithWebIdentityResponse => {
  assertNoProblems(
    [
      ...roleProblems(input),
      ...problemsOf('webIdentityToken', input.WebIdentityToken, {
        minLength: 4,
        maxLength: 20_000,
      }),
      ...problemsOf('providerId', input.ProviderId, { minLength: 4, maxLength: 2_048 }),
    ],
    'ValidationError',
  );
  const role = assumed(input);
  assertPolicy(input.Policy);
  const claims = claimsOf(input.WebIdentityToken ?? '');
  assertCurrent(claims, call.nowMs);
  return {
    Credentials: sessions.begin(role.session, input.DurationSeconds ?? 3_600),
    SubjectFromWebIdentityToken: textOf(claims.sub),
    AssumedRoleUser: role.user,
    Provider: textOf(claims.iss).replace(/^https:\/\//, ''),
    Audience: audienceOf(claims),
  };
};
