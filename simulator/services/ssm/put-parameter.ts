/** PutParameter. Of the data type `aws:ec2:image`, the change comes after a look at the image. */
import type { PutParameterRequest, PutParameterResult } from '@aws-sdk/client-ssm';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { applyLater } from './image-validation.ts';
import { assertNewName } from './names.ts';
import type { Parameters } from './parameters.ts';
import {
  IMAGE_TYPE,
  latestOf,
  type ParameterRow,
  type ParameterType,
  type Tier,
  type VersionRow,
} from './rows.ts';
import { assertTags, tagsOf } from './tags.ts';

const BYTES_MAX: Readonly<Record<Tier, number>> = { Standard: 4_096, Advanced: 8_192 };
const TYPES: readonly ParameterType[] = ['SecureString', 'StringList', 'String'];
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const;
const DATA_TYPES = ['text', IMAGE_TYPE];
const DEFAULT_KEY = 'alias/aws/ssm';

const invalid = (message: string): ApiError => new ApiError('ValidationException', message);

const problemsIn = (input: PutParameterRequest): readonly string[] => [
  ...problemsOf('name', input.Name, { minLength: 1, maxLength: 2_048 }),
  ...problemsOf('description', input.Description, { maxLength: 1_024 }),
  ...problemsOf('value', input.Value, { minLength: 1 }),
  ...problemsOf('type', input.Type, { oneOf: TYPES }),
  ...problemsOf('keyId', input.KeyId, {
    minLength: 1,
    maxLength: 256,
    pattern: '([a-zA-Z0-9:/_-]+)',
  }),
  ...problemsOf('allowedPattern', input.AllowedPattern, { maxLength: 1_024 }),
  ...problemsOf('tier', input.Tier, { oneOf: TIERS }),
  ...problemsOf('dataType', input.DataType, { maxLength: 128 }),
];

/** @throws ApiError for what Parameter Store does not do to a parameter that is there, or is not. */
const assertChange = (known: ParameterRow | undefined, input: PutParameterRequest): void => {
  const isOverwrite = input.Overwrite === true;
  if (isOverwrite && (input.Tags ?? []).length > 0) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with " +
        'tags, please remove overwrite flag. To update tags for an existing parameter, please use ' +
        'AddTagsToResource or RemoveTagsFromResource.',
    );
  }
  if (input.Policies !== undefined) {
    throw new ApiError(
      'InvalidPolicyTypeException',
      'Parameter policies are not served by the embedded cloud.',
    );
  }
  if (known === undefined) {
    if (input.Type !== undefined) return;
    throw invalid('A parameter type is required when you create a parameter.');
  }
  if (!isOverwrite) {
    throw new ApiError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the ' +
        'request to true.',
    );
  }
  if (input.Type === undefined || input.Type === latestOf(known).type) return;
  throw new ApiError(
    'HierarchyTypeMismatchException',
    'Parameter Store does not support changing a parameter type in a hierarchy. For example, you ' +
      "can't change a parameter from a String type to a SecureString type. You must create a new, " +
      'unique parameter.',
  );
};

const tierOf = (known: VersionRow | undefined, input: PutParameterRequest): Tier => {
  const isLarge = Buffer.byteLength(input.Value ?? '') > BYTES_MAX.Standard;
  const asked = input.Tier ?? known?.tier ?? 'Standard';
  if (asked === 'Intelligent-Tiering') {
    return isLarge || known?.tier === 'Advanced' ? 'Advanced' : 'Standard';
  }
  if (known?.tier === 'Advanced' && asked === 'Standard') {
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the " +
        'advanced-parameter tier to the standard-parameter tier.',
    );
  }
  return asked;
};

const assertSize = (value: string, tier: Tier): void => {
  if (Buffer.byteLength(value) <= BYTES_MAX[tier]) return;
  throw invalid(
    tier === 'Standard'
      ? 'Standard tier parameters support a maximum parameter value of 4096 characters. To create ' +
          'a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
      : 'Advanced tier parameters support a maximum parameter value of 8192 characters.',
  );
};

const assertPattern = (value: string, pattern: string | undefined): void => {
  if (pattern === undefined || pattern === '') return;
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    throw new ApiError(
      'InvalidAllowedPatternException',
      `The regular expression of allowedPattern is not valid: ${pattern}`,
    );
  }
  if (expression.test(value)) return;
  throw new ApiError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
};

const assertDataType = (dataType: string, type: ParameterType): void => {
  if (!DATA_TYPES.includes(dataType)) {
    throw invalid(
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  }
  if (dataType === 'text' || type === 'String') return;
  throw invalid(`The data type ${dataType} is only supported for parameters of the type String.`);
};

const keyOf = (type: ParameterType, keyId: string | undefined): string | undefined => {
  if (type === 'SecureString') return keyId ?? DEFAULT_KEY;
  if (keyId === undefined) return undefined;
  throw invalid(`KeyId is not supported for parameters of the type ${type}.`);
};

/** What is not given stays as it was in the version before. */
const versionFrom = (
  input: PutParameterRequest,
  known: VersionRow | undefined,
  { account, nowMs }: Call,
): Omit<VersionRow, 'version'> => {
  const before = known ?? { type: 'String' as const, dataType: 'text' };
  const {
    Type: type = before.type,
    Value: value = '',
    DataType: dataType = before.dataType,
  } = input;
  const allowedPattern = input.AllowedPattern ?? known?.allowedPattern;
  const tier = tierOf(known, input);
  assertDataType(dataType, type);
  assertSize(value, tier);
  assertPattern(value, allowedPattern);
  return {
    type,
    value,
    keyId: keyOf(type, input.KeyId ?? known?.keyId),
    description: input.Description ?? known?.description,
    allowedPattern,
    tier,
    dataType,
    modifiedAtMs: nowMs,
    modifiedBy: `arn:aws:iam::${account}:user/embedded`,
    labels: new Set(),
  };
};

export const putParameter = (
  parameters: Parameters,
  input: PutParameterRequest,
  call: Call,
): PutParameterResult => {
  assertNoProblems(problemsIn(input));
  const name = input.Name ?? '';
  assertNewName(name);
  const known = parameters.lookUp(call, name);
  assertChange(known, input);
  const tags = input.Tags ?? [];
  assertTags(new Map(), tags);
  const facts = versionFrom(input, known && latestOf(known), call);
  if (known !== undefined) parameters.assertRoom(known);
  const version = { ...facts, version: parameters.takeVersion(call, name) };
  if (version.dataType === IMAGE_TYPE) {
    applyLater(parameters, { name, version, tags: tagsOf(tags) }, call);
  } else parameters.apply(call, name, version, tagsOf(tags));
  return { Version: version.version, Tier: version.tier };
};
