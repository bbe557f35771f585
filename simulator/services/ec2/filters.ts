/**
 * EC2's filters: all must hold (AND), each by any of its values (OR), `*` and `?` are wildcards,
 * and case matters. A filter that the operation does not know is refused, never ignored.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import { ApiError } from '../../wire/api.ts';
import { assertLength } from './parameters.ts';
import type { Tags } from './rows.ts';

/** The value of a row that a filter looks at, or several. */
export type Facet<Row> = (row: Row) => string | undefined | readonly (string | undefined)[];
export type Facets<Row> = Readonly<Record<string, Facet<Row>>>;

const FILTERS_MAX = 50;
const VALUES_MAX = 200;
const VALUE_LENGTH_MAX = 255;

const expressionOf = (pattern: string): RegExp => {
  const source = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return part.slice(-1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
};

/** Tells whether a text matches one of the patterns. */
const matcherOf = (patterns: readonly string[]): ((text: string) => boolean) => {
  const literals = new Set(patterns.filter((pattern) => !/[*?\\]/.test(pattern)));
  const expressions = patterns.filter((pattern) => /[*?\\]/.test(pattern)).map(expressionOf);
  const [only] = patterns;
  if (patterns.length === 1 && literals.size === 1) return (text) => text === only;
  return (text) => literals.has(text) || expressions.some((expression) => expression.test(text));
};

const facetOf = <Row>(name: string, facets: Facets<Row>): Facet<Row> => {
  const facet = Object.hasOwn(facets, name) ? facets[name] : undefined;
  if (facet !== undefined) return facet;
  throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
};

interface Tagged {
  readonly tags: Tags;
}

const taggedFacetOf = <Row extends Tagged>(name: string, facets: Facets<Row>): Facet<Row> => {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (row) => row.tags.get(key);
  }
  return name === 'tag-key' ? (row) => [...row.tags.keys()] : facetOf(name, facets);
};

const predicateOf = <Row>(
  filter: Filter,
  facetBy: (name: string) => Facet<Row>,
): ((row: Row) => boolean) => {
  if (filter.Name === undefined) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter Filter.Name');
  }
  const facet = facetBy(filter.Name);
  for (const value of filter.Values ?? []) {
    assertLength(`Filter.${filter.Name}`, value, VALUE_LENGTH_MAX);
  }
  const matches = matcherOf(filter.Values ?? []);
  const isMatch = (value: string | undefined): boolean => value !== undefined && matches(value);
  return (row) => {
    const value = facet(row);
    return typeof value === 'object' ? value.some(isMatch) : isMatch(value);
  };
};

const compile = <Row>(
  filters: readonly Filter[] | undefined,
  facetBy: (name: string) => Facet<Row>,
): ((row: Row) => boolean) => {
  const given = filters ?? [];
  const values = given.reduce((count, filter) => count + (filter.Values?.length ?? 0), 0);
  if (given.length > FILTERS_MAX || values > VALUES_MAX) {
    throw new ApiError(
      'FilterLimitExceeded',
      `The maximum number of filters (${FILTERS_MAX}) or filter values (${VALUES_MAX}) is exceeded`,
    );
  }
  const predicates = given.map((filter) => predicateOf(filter, facetBy));
  return (row) => predicates.every((holds) => holds(row));
};

/**
 * Compiles filters into one predicate; `tag:<key>` and `tag-key` are among those that it knows.
 * @throws ApiError `InvalidParameterValue` for an unknown name or a value of more than 255
 * characters, `FilterLimitExceeded` past 50 filters or 200 values.
 */
export const compileFilters = <Row extends Tagged>(
  filters: readonly Filter[] | undefined,
  facets: Facets<Row>,
): ((row: Row) => boolean) => compile(filters, (name) => taggedFacetOf(name, facets));

/** The same for an operation that does not filter by tags. */
export const compileTaglessFilters = <Row>(
  filters: readonly Filter[] | undefined,
  facets: Facets<Row>,
): ((row: Row) => boolean) => compile(filters, (name) => facetOf(name, facets));

/** Filters that EC2 knows, of features that nothing here has: they match no row. */
export const matchNothing = (names: readonly string[]): Facets<unknown> =>
  Object.fromEntries(names.map((name) => [name, () => []]));
