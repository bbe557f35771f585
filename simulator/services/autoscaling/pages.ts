/** Pages of what Auto Scaling describes. */
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { type Page, pageOf as pageOfRows } from '../ssm/pages.ts';

const PAGE_DEFAULT = 50;

interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxRecords?: number | undefined;
}

/**
 * @param rows sorted by their keys
 * @param max the most that MaxRecords may be
 * @throws ApiError `InvalidNextToken`, `ValidationError`
 */
export const pageOf = <Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { NextToken, MaxRecords }: PageRequest,
  max: number,
): Page<Row> => {
  assertNoProblems(problemsOf('maxRecords', MaxRecords, { min: 1, max }), 'ValidationError');
  // `NextToken=` is how some clients ask for the first page.
  const token = NextToken === '' ? undefined : NextToken;
  return pageOfRows(rows, keyOf, { NextToken: token, MaxResults: MaxRecords }, PAGE_DEFAULT);
};
