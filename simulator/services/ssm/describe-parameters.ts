/** DescribeParameters: everything but the values. */
import type {
  DescribeParametersRequest,
  DescribeParametersResult,
  ParameterMetadata,
  ParametersFilter,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { assertFilters, filterTest } from './filters.ts';
import { pageOf } from './pages.ts';
import type { Parameters } from './parameters.ts';
import { arnOf, latestOf, type ParameterRow } from './rows.ts';

const KEYS = ['Path', 'Name', 'Type', 'KeyId', 'Tier', 'DataType', 'tag:'];

/** The older filters: names by their beginning, the rest by value. */
const asNewFilter = ({ Key, Values }: ParametersFilter): ParameterStringFilter => ({
  Key,
  Values,
  Option: Key === 'Name' ? 'BeginsWith' : 'Equals',
});

const filtersOf = (input: DescribeParametersRequest): readonly ParameterStringFilter[] => {
  const { Filters: old = [], ParameterFilters: filters = [] } = input;
  if (old.length > 0 && filters.length > 0) {
    throw new ApiError(
      'ValidationException',
      'You can use either Filters or ParameterFilters in a single request.',
    );
  }
  return old.length > 0 ? old.map(asNewFilter) : filters;
};

const metadataOf = (row: ParameterRow): ParameterMetadata => {
  const latest = latestOf(row);
  return {
    Name: row.name,
    ARN: arnOf(row, row.name),
    Type: latest.type,
    KeyId: latest.keyId,
    LastModifiedDate: new Date(latest.modifiedAtMs),
    LastModifiedUser: latest.modifiedBy,
    Description: latest.description,
    AllowedPattern: latest.allowedPattern,
    Version: latest.version,
    Tier: latest.tier,
    Policies: [],
    DataType: latest.dataType,
  };
};

export const describeParameters = (
  parameters: Parameters,
  input: DescribeParametersRequest,
  call: Call,
): DescribeParametersResult => {
  assertNoProblems(problemsOf('maxResults', input.MaxResults, { min: 1, max: 50 }));
  const filters = filtersOf(input);
  assertFilters(filters, KEYS);
  const all = input.Shared === true ? parameters.sharedWith(call) : parameters.of(call);
  const { rows, next } = pageOf(all.filter(filterTest(filters)), ({ name }) => name, input, 10);
  return { Parameters: rows.map(metadataOf), NextToken: next };
};
