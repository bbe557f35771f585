import type { Unknown } from '../shared/domain/audit-report.ts';
import type { CatalogImage } from '../shared/domain/catalog.ts';
import type { OriginReport } from './inventories.ts';

/** What `imago catalog --json` prints. */
export interface CatalogReport {
  readonly version: 1;
  readonly origin: OriginReport;
  /** ISO 8601. */
  readonly instant: string;
  /** `account/region` of each place that was looked at. */
  readonly targets: readonly string[];
  /** How many there are; of these the newest are told. */
  readonly found: number;
  readonly images: readonly CatalogImage[];
  /** What was not looked for, in words. */
  readonly notes: readonly string[];
  /** What could not be read whole, so that there may be more. */
  readonly unknown: readonly Unknown[];
}
