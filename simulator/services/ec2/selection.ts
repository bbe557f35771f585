/** What a describe looks at: the rows of the ids that it is given, or all that the caller sees. */
import type { Table } from '../../kernel/consistency.ts';
import type { OrderedMap } from '../../kernel/ordered-map.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, type IdKind, notFound } from './ids.ts';
import {
  assertNoIdsWithPage,
  listingOf,
  type Page,
  type PageBounds,
  pageOf,
  pageOfListing,
  type PageRequest,
} from './pages.ts';

interface Selection<Row extends object> {
  readonly table: Pick<Table<Row>, 'seen' | 'matchesAfter'>;
  readonly kind: IdKind;
  readonly idOf: (row: Row) => string;
  readonly ids: readonly string[] | undefined;
  /** The query parameter that the ids are in, as an error names it. */
  readonly idsParameter: string;
  readonly bounds: PageBounds;
  /** Whether the caller sees the row at all; what it does not see does not exist for it. */
  readonly isVisible: (row: Row) => boolean;
  /** Whether the row is what is asked for. */
  readonly holds: (row: Row) => boolean;
  /** An id that exists, of a row that the caller does not see, is left out instead of refused. */
  readonly leavesOutStrangers?: boolean;
}

/** A table whose rows are seen as they are. */
export const asTable = <Row extends object>(
  rows: OrderedMap<Row>,
): Pick<Table<Row>, 'seen' | 'matchesAfter'> => ({
  seen: (id) => rows.get(id),
  matchesAfter: (id, holds, max) => rows.matchesAfter(id, holds, max),
});

/** The rows of the ids, each once. One bad id fails the whole call. */
const rowsOfIds = <Row extends object>(
  selection: Selection<Row>,
  ids: readonly string[],
): Row[] => {
  for (const id of ids) assertShape(selection.kind, id);
  const missing: string[] = [];
  const rows = [...new Set(ids)].flatMap((id) => {
    const row = selection.table.seen(id);
    if (row !== undefined && selection.isVisible(row)) return [row];
    if (row === undefined || selection.leavesOutStrangers !== true) missing.push(id);
    return [];
  });
  if (missing.length > 0) throw notFound(selection.kind, missing);
  return rows.filter(selection.holds);
};

/** One page of what a describe selects. */
export const pageOfSelection = <Row extends object>(
  ec2: Ec2,
  request: PageRequest,
  selection: Selection<Row>,
): Page<Row> => {
  const { ids = [], idOf, bounds, table } = selection;
  assertNoIdsWithPage(request, ids, selection.idsParameter);
  if (ids.length > 0) {
    return pageOf(ec2.kernel, rowsOfIds(selection, ids), idOf, request, bounds);
  }
  const isListed = (row: Row): boolean => selection.isVisible(row) && selection.holds(row);
  return pageOfListing(ec2.kernel, listingOf(table, idOf, isListed), request, bounds);
};
