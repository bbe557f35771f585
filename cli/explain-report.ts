import type { Explanation } from '../shared/domain/explain-report.ts';
import type { OriginReport } from './inventories.ts';

/** What `imago explain --json` prints. */
export interface ExplainReport extends Explanation {
  readonly version: 1;
  readonly origin: OriginReport;
  /** The instant that counts as now, ISO 8601. */
  readonly instant: string;
  readonly deployment: string;
  /** Absent where no policy was read. */
  readonly policyFile?: string;
}
