/** AssumeRole. */
import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { assertPolicy, assumed, roleProblems } from './roles.ts';
import type { Sessions } from './sessions.ts';

const NAME = '[\\w+=,.@-]*';
/** Role chaining: a session of a role assumes another role. */
const CHAINED_SECONDS_MAX = 3_600;

const problemsIn = (input: AssumeRoleRequest): readonly string[] => [
  ...roleProblems(input),
  ...problemsOf('tags', input.Tags, { maxLength: 50 }),
  ...problemsOf('transitiveTagKeys', input.TransitiveTagKeys, { maxLength: 50 }),
  ...problemsOf('externalId', input.ExternalId, {
    minLength: 2,
    maxLength: 1_224,
    pattern: '[\\w+=,.@:\\/-]*',
  }),
  ...problemsOf('serialNumber', input.SerialNumber, {
    minLength: 9,
    maxLength: 256,
    pattern: '[\\w+=/:,.@-]*',
  }),
  ...problemsOf('tokenCode', input.TokenCode, { minLength: 6, maxLength: 6, pattern: '[\\d]*' }),
  ...problemsOf('sourceIdentity', input.SourceIdentity, {
    minLength: 2,
    maxLength: 64,
    pattern: NAME,
  }),
];

/** @throws ApiError `InvalidParameterValue`; texts as recorded of STS. */
const assertTags = ({ Tags: tags = [], TransitiveTagKeys: transitive = [] }: AssumeRoleRequest) => {
  const keys = tags.map(({ Key: key = '' }) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw new ApiError(
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  if (transitive.every((key) => keys.includes(key.toLowerCase()))) return;
  throw new ApiError(
    'InvalidParameterValue',
    'The specified transitive tag key must be included in the requested tags.',
  );
};

export const assumeRole = (
  sessions: Sessions,
  input: AssumeRoleRequest,
  call: Call,
): AssumeRoleResponse => {
  assertNoProblems(problemsIn(input), 'ValidationError');
  const role = assumed(input);
  assertPolicy(input.Policy);
  assertTags(input);
  const seconds = input.DurationSeconds ?? 3_600;
  if (seconds > CHAINED_SECONDS_MAX && sessions.sessionOf(call)?.isOfRole === true) {
    throw new ApiError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return {
    Credentials: sessions.begin(role.session, seconds),
    AssumedRoleUser: role.user,
    PackedPolicySize: input.Policy === undefined ? undefined : 1,
    SourceIdentity: input.SourceIdentity,
  };
};
