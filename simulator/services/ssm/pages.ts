/** Pages of lists that are in an order of their own. */
import { ApiError } from '../../wire/api.ts';

interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

const PREFIX = 'after ';

const readToken = (token: string): string => {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith(PREFIX)) return text.slice(PREFIX.length);
  throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
};

/**
 * The token names the last row of the page before; it need not be there any more.
 * @param rows sorted by their keys
 * @throws ApiError `InvalidNextToken`
 */
export const pageOf = <Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { NextToken: token, MaxResults }: PageRequest,
  limit: number,
): Page<Row> => {
  const last = token === undefined ? undefined : readToken(token);
  const rest = last === undefined ? rows : rows.filter((row) => keyOf(row) > last);
  const page = rest.slice(0, MaxResults ?? limit);
  const end = page.at(-1);
  const hasMore = rest.length > page.length && end !== undefined;
  return {
    rows: page,
    next: hasMore ? Buffer.from(PREFIX + keyOf(end)).toString('base64') : undefined,
  };
};
