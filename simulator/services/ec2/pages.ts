/**
 * Pages. Rows come in the order of their ids, which tells nothing about their age, and a token
 * names the last id given, so the next page always begins after it.
 */
import type { Table } from '../../kernel/consistency.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** What an operation allows: the bounds of `MaxResults`. */
export interface PageBounds {
  readonly min: number;
  readonly max: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextToken?: string;
}

const PREFIX = 'imago-page:';

const tokenOf = (lastId: string): string => Buffer.from(PREFIX + lastId).toString('base64url');

const lastIdOf = (token: string): string => {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith(PREFIX)) return text.slice(PREFIX.length);
  throw new ApiError('InvalidNextToken', `The specified NextToken is invalid: ${token}`);
};

/** EC2 refuses `MaxResults` beside a list of ids. */
export const assertNoIdsWithPage = (
  request: PageRequest,
  ids: readonly string[] | undefined,
  parameter: string,
): void => {
  if (ids === undefined || ids.length === 0) return;
  if (request.MaxResults === undefined && request.NextToken === undefined) return;
  throw new ApiError(
    'InvalidParameterCombination',
    `The parameter ${parameter} cannot be used with the parameter maxResults`,
  );
};

const assertBounds = (request: PageRequest, bounds: PageBounds): void => {
  const size = request.MaxResults;
  if (size === undefined || (size >= bounds.min && size <= bounds.max)) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Value ( ${size} ) for parameter maxResults is invalid. ` +
      `Expecting a value between ${bounds.min} and ${bounds.max}.`,
  );
};

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** What is listed: rows that can be read in the order of their ids, from any id on. */
export interface Listing<Row> {
  /**
   * Rows whose id is greater than this one, in order; all of them for an empty text. No more than
   * `max` will be read.
   */
  readonly rowsAfter: (lastId: string, max: number) => Iterable<Row>;
  readonly idOf: (row: Row) => string;
}

/** The rows of a table that a describe sees, and for which `holds` is true. */
export const listingOf = <Row extends object>(
  table: Pick<Table<Row>, 'matchesAfter'>,
  idOf: (row: Row) => string,
  holds: (row: Row) => boolean,
): Listing<Row> => ({
  idOf,
  rowsAfter: (lastId, max) => table.matchesAfter(lastId, holds, max),
});

/**
 * No more rows are read than it takes to fill the page and to know whether there is another.
 * Without `MaxResults` everything comes at once, as from EC2.
 */
export const pageOfListing = <Row>(
  kernel: Kernel,
  { rowsAfter, idOf }: Listing<Row>,
  request: PageRequest,
  bounds: PageBounds,
): Page<Row> => {
  assertBounds(request, bounds);
  const after = request.NextToken === undefined ? '' : lastIdOf(request.NextToken);
  const sizeMax = pageSizeOf(kernel, request);
  const rows: Row[] = [];
  for (const row of rowsAfter(after, sizeMax + 1)) {
    const last = rows.length < sizeMax ? undefined : rows.at(-1);
    if (last !== undefined) return { rows, nextToken: tokenOf(idOf(last)) };
    rows.push(row);
  }
  return { rows };
};

/** The most rows that the page will hold. */
export const pageSizeOf = (kernel: Kernel, { MaxResults }: PageRequest): number =>
  MaxResults === undefined
    ? Number.POSITIVE_INFINITY
    : Math.min(MaxResults, kernel.manners().pageSizeMax);

/** A page of rows in any order. */
export const pageOf = <Row>(
  kernel: Kernel,
  rows: readonly Row[],
  idOf: (row: Row) => string,
  request: PageRequest,
  bounds: PageBounds,
): Page<Row> => {
  const rowsAfter = (lastId: string): readonly Row[] =>
    rows.filter((row) => idOf(row) > lastId).sort((a, b) => byText(idOf(a), idOf(b)));
  return pageOfListing(kernel, { rowsAfter, idOf }, request, bounds);
};
