/** Pages of lists that are sorted by a text. */
import { ApiError } from '../../wire/api.ts';
import { problemsOf } from '../constraints.ts';

const PAGE_MAX = 100;

export interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly Limit?: number | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Constraints of the two members that every list has. */
export const pageProblems = ({ Limit, NextToken }: PageRequest): readonly string[] => [
  ...problemsOf('limit', Limit, { min: 1, max: PAGE_MAX }),
  ...problemsOf('nextToken', NextToken, { minLength: 1, maxLength: 2_048 }),
];

/** The token names the last row of the page before. @throws ApiError `ValidationException` */
export const pageOf = <Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { NextToken: token, Limit: limit = PAGE_MAX }: PageRequest,
): Page<Row> => {
  const sorted = rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const after = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
  if (after?.startsWith('after ') === false) {
    throw new ApiError('ValidationException', 'Parameter NextToken is not valid.');
  }
  const last = after?.slice('after '.length) ?? '';
  const rest = sorted.filter((row) => keyOf(row) > last);
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  const hasMore = rest.length > page.length && end !== undefined;
  return {
    rows: page,
    next: hasMore ? Buffer.from(`after ${keyOf(end)}`).toString('base64') : undefined,
  };
};
