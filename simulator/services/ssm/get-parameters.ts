/** Reading parameters: by name, several at once, below a path, and their history. */
import type {
  GetParameterHistoryRequest,
  GetParameterHistoryResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
} from '@aws-sdk/client-ssm';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { assertFilters, filterTest, isBelow } from './filters.ts';
import { readReference } from './names.ts';
import { pageOf } from './pages.ts';
import type { Parameters, Selected } from './parameters.ts';
import { arnOf, latestOf, type VersionRow } from './rows.ts';

/** What nobody decrypted: opaque, and the same for the same value and key. */
const encrypted = ({ keyId, value }: VersionRow): string =>
  Buffer.from(`${keyId} ${value}`).toString('base64');

const valueOf = (version: VersionRow, isDecrypted: boolean | undefined): string =>
  version.type === 'SecureString' && isDecrypted !== true ? encrypted(version) : version.value;

const parameterOut = (
  { row, version }: Selected,
  name: string,
  selector: string | undefined,
  isDecrypted: boolean | undefined,
): Parameter => ({
  Name: name,
  Type: version.type,
  Value: valueOf(version, isDecrypted),
  Version: version.version,
  Selector: selector,
  LastModifiedDate: new Date(version.modifiedAtMs),
  ARN: arnOf(row, row.name),
  DataType: version.dataType,
});

const read = (
  parameters: Parameters,
  given: string,
  isDecrypted: boolean | undefined,
  call: Call,
): Parameter => {
  const { name, selector } = readReference(given, call);
  return parameterOut(parameters.select(given, call), name, selector, isDecrypted);
};

const nameProblems = (place: string, name: string | undefined): readonly string[] =>
  problemsOf(place, name, { minLength: 1, maxLength: 2_048 });

export const getParameter = (
  parameters: Parameters,
  input: GetParameterRequest,
  call: Call,
): GetParameterResult => {
  assertNoProblems(nameProblems('name', input.Name));
  return { Parameter: read(parameters, input.Name ?? '', input.WithDecryption, call) };
};

const isAbsence = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 'ParameterNotFound' || error.code === 'ParameterVersionNotFound');

/** What is not there is named as invalid. */
export const getParameters = (
  parameters: Parameters,
  input: GetParametersRequest,
  call: Call,
): GetParametersResult => {
  const names = [...new Set(input.Names ?? [])];
  assertNoProblems([
    ...problemsOf('names', input.Names, { minLength: 1, maxLength: 10 }),
    ...names.flatMap((name, index) => nameProblems(`names.${index + 1}.member`, name)),
  ]);
  const found: Parameter[] = [];
  const invalid: string[] = [];
  for (const name of names) {
    try {
      found.push(read(parameters, name, input.WithDecryption, call));
    } catch (error) {
      if (!isAbsence(error)) throw error;
      invalid.push(name);
    }
  }
  return { Parameters: found, InvalidParameters: invalid };
};

const PATH = /^\/(?:[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*\/?)?$/;

const assertPath = (path: string): void => {
  if (PATH.test(path)) return;
  throw new ApiError(
    'ValidationException',
    "The parameter doesn't meet the parameter name requirements. The parameter name must begin " +
      'with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It ' +
      'must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ ' +
      '(underscore). Special characters are not allowed. All sub-paths, if specified, must use the ' +
      'forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
};

export const getParametersByPath = (
  parameters: Parameters,
  input: GetParametersByPathRequest,
  call: Call,
): GetParametersByPathResult => {
  const { Path: path = '', Recursive: isRecursive = false, ParameterFilters: filters = [] } = input;
  assertNoProblems([
    ...nameProblems('path', path),
    ...problemsOf('maxResults', input.MaxResults, { min: 1, max: 10 }),
  ]);
  assertPath(path);
  assertFilters(filters, ['Type', 'KeyId', 'Label', 'DataType']);
  const test = filterTest(filters);
  const all = path.startsWith('/aws/') ? parameters.publics.below(path, call) : parameters.of(call);
  const found = all.filter((row) => isBelow(row.name, path, isRecursive) && test(row));
  const { rows, next } = pageOf(found, ({ name }) => name, input, 10);
  return {
    Parameters: rows.map((row) =>
      parameterOut({ row, version: latestOf(row) }, row.name, undefined, input.WithDecryption),
    ),
    NextToken: next,
  };
};

const versionKey = ({ version }: VersionRow): string => String(version).padStart(12, '0');

export const getParameterHistory = (
  parameters: Parameters,
  input: GetParameterHistoryRequest,
  call: Call,
): GetParameterHistoryResult => {
  assertNoProblems([
    ...nameProblems('name', input.Name),
    ...problemsOf('maxResults', input.MaxResults, { min: 1, max: 50 }),
  ]);
  const row = parameters.find(call, input.Name ?? '');
  const { rows, next } = pageOf(row.versions, versionKey, input, 50);
  return {
    Parameters: rows.map((version) => ({
      Name: row.name,
      Type: version.type,
      KeyId: version.keyId,
      LastModifiedDate: new Date(version.modifiedAtMs),
      LastModifiedUser: version.modifiedBy,
      Description: version.description,
      Value: valueOf(version, input.WithDecryption),
      AllowedPattern: version.allowedPattern,
      Version: version.version,
      Labels: [...version.labels],
      Tier: version.tier,
      Policies: [],
      DataType: version.dataType,
    })),
    NextToken: next,
  };
};
