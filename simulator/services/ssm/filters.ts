/** Filters of parameter lists. Texts as moto has recorded them of Parameter Store. */
import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { ApiError } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { latestOf, type ParameterRow } from './rows.ts';

type Filter = ParameterStringFilter;
type RowTest = (row: ParameterRow) => boolean;

const KEY = 'tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType';

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  Type: ['String', 'StringList', 'SecureString'],
  Tier: ['Standard', 'Advanced', 'Intelligent-Tiering'],
};

const optionOf = ({ Key: key, Option: option }: Filter): string =>
  option ?? (key === 'Path' ? 'OneLevel' : 'Equals');

const optionsOf = (key: string): readonly string[] => {
  if (key === 'Path') return ['Recursive', 'OneLevel'];
  return key === 'Name' ? ['BeginsWith', 'Equals', 'Contains'] : ['BeginsWith', 'Equals'];
};

const assertFilter = (filter: Filter, keys: readonly string[]): void => {
  const { Key: key = '', Values: values = [] } = filter;
  const isTag = key.startsWith('tag:');
  if (!keys.includes(key) && !(isTag && keys.includes('tag:'))) {
    throw new ApiError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${key}. Valid filter keys include: [${keys.join(', ')}].`,
    );
  }
  if (values.length === 0 && !isTag) {
    throw new ApiError(
      'InvalidFilterValue',
      `The following filter values are missing : null for filter key ${key}.`,
    );
  }
  const option = optionOf(filter);
  const options = optionsOf(key);
  if (!options.includes(option)) {
    throw new ApiError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option}. Valid options include: [${options.join(', ')}].`,
    );
  }
  const known = CHOICES[key];
  const stranger = values.find((value) => known?.includes(value) === false);
  if (stranger === undefined) return;
  throw new ApiError(
    'InvalidFilterValue',
    `The following filter value is not valid: ${stranger}. Valid values include: [${known?.join(', ')}].`,
  );
};

/** @throws ApiError `InvalidFilterKey`, `InvalidFilterOption`, `InvalidFilterValue` */
export const assertFilters = (filters: readonly Filter[], keys: readonly string[]): void => {
  assertNoProblems(
    filters.flatMap(({ Key, Values }, index) => [
      ...problemsOf(`parameterFilters.${index + 1}.member.key`, Key, {
        minLength: 1,
        maxLength: 132,
        pattern: KEY,
      }),
      ...problemsOf(`parameterFilters.${index + 1}.member.values`, Values, { maxLength: 50 }),
    ]),
  );
  for (const filter of filters) assertFilter(filter, keys);
  const named = filters.map(({ Key }) => Key);
  const twice = named.find((key, index) => named.indexOf(key) !== index);
  if (twice === undefined) return;
  throw new ApiError(
    'InvalidFilterKey',
    `The following filter is duplicated in the request: ${twice}. A request can contain only one occurrence of a specific filter.`,
  );
};

/** What a filter compares. */
const heldBy = (row: ParameterRow, key: string): readonly string[] => {
  const latest = latestOf(row);
  if (key.startsWith('tag:')) {
    const value = row.tags.get(key.slice('tag:'.length));
    return value === undefined ? [] : [value];
  }
  if (key === 'Label') return row.versions.flatMap(({ labels }) => [...labels]);
  const held: Readonly<Record<string, string | undefined>> = {
    Name: row.name,
    Type: latest.type,
    KeyId: latest.keyId,
    Tier: latest.tier,
    DataType: latest.dataType,
  };
  return [held[key]].filter((value) => value !== undefined);
};

/** Whether the name is below the path: at once, or at any depth. */
export const isBelow = (name: string, path: string, isRecursive: boolean): boolean => {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(prefix) && (isRecursive || !full.slice(prefix.length).includes('/'));
};

const compare = (option: string, held: string, wanted: string): boolean => {
  if (option === 'BeginsWith') return held.startsWith(wanted);
  return option === 'Contains' ? held.includes(wanted) : held === wanted;
};

const oneTest = (filter: Filter): RowTest => {
  const { Key: key = '', Values: values = [] } = filter;
  const option = optionOf(filter);
  if (key === 'Path') {
    return ({ name }) => values.some((path) => isBelow(name, path, option === 'Recursive'));
  }
  return (row) => {
    const held = heldBy(row, key);
    if (values.length === 0) return held.length > 0;
    return held.some((one) => values.some((wanted) => compare(option, one, wanted)));
  };
};

/** All filters must hold, each by any of its values. */
export const filterTest = (filters: readonly Filter[]): RowTest => {
  const tests = filters.map(oneTest);
  return (row) => tests.every((test) => test(row));
};
