/**
 * Pages. Rows come in the order of their ids, which tells nothing about their age, and a token
 * names the last id given, so the next page always begins after it.
 */
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

/** Without `MaxResults` everything comes at once, as from EC2. */
export const pageOf = <Row>(
  kernel: Kernel,
  rows: readonly Row[],
  idOf: (row: Row) => string,
  request: PageRequest,
  bounds: PageBounds,
): Page<Row> => {
  assertBounds(request, bounds);
  const sorted = rows.toSorted((a, b) => byText(idOf(a), idOf(b)));
  const after = request.NextToken === undefined ? '' : lastIdOf(request.NextToken);
  const rest = after === '' ? sorted : sorted.filter((row) => idOf(row) > after);
  if (request.MaxResults === undefined) return { rows: rest };
  const page = rest.slice(0, Math.min(request.MaxResults, kernel.manners().pageSizeMax));
  const last = page.at(-1);
  return page.length === rest.length || last === undefined
    ? { rows: page }
    : { rows: page, nextToken: tokenOf(idOf(last)) };
};
