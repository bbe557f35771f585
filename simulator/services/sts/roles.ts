/** What the calls that assume a role have in common. */
import type { AssumedRoleUser, AssumeRoleRequest } from '@aws-sdk/client-sts';
import { ApiError } from '../../wire/api.ts';
import { problemsOf } from '../constraints.ts';
import { type Session, uniqueIdOf } from './sessions.ts';

const ROLE_ARN = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]+)$/;

export type RoleRequest = Pick<
  AssumeRoleRequest,
  'RoleArn' | 'RoleSessionName' | 'DurationSeconds' | 'Policy'
>;

/** A session of a role: any well-formed role is there, and trusts everyone. */
export interface AssumedRole {
  readonly session: Session;
  readonly user: AssumedRoleUser;
}

/** Constraints of AWS's model that both calls have. */
export const roleProblems = (input: RoleRequest): readonly string[] => [
  ...problemsOf('roleArn', input.RoleArn, { minLength: 20, maxLength: 2_048 }),
  ...problemsOf('roleSessionName', input.RoleSessionName, {
    minLength: 2,
    maxLength: 64,
    pattern: '[\\w+=,.@-]*',
  }),
  ...problemsOf('durationSeconds', input.DurationSeconds, { min: 900, max: 43_200 }),
];

/** @throws ApiError `MalformedPolicyDocument` */
export const assertPolicy = (policy: string | undefined): void => {
  if (policy === undefined) return;
  try {
    const value: unknown = JSON.parse(policy);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return;
  } catch {
    // no JSON: refused below
  }
  throw new ApiError('MalformedPolicyDocument', 'This policy contains invalid Json');
};

/** @throws ApiError `ValidationError` for an ARN that is no role's. */
export const assumed = ({ RoleArn: arn = '', RoleSessionName: name }: RoleRequest): AssumedRole => {
  const [, account, role] = ROLE_ARN.exec(arn) ?? [];
  if (account === undefined || role === undefined) {
    throw new ApiError('ValidationError', `${arn} is invalid`);
  }
  const userId = `${uniqueIdOf('AROA', arn)}:${name}`;
  const sessionArn = `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
  return {
    session: { account, arn: sessionArn, userId, isOfRole: true },
    user: { AssumedRoleId: userId, Arn: sessionArn },
  };
};
