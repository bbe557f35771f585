import type { Explanation } from '../shared/domain/explain-report.ts';
import type { SessionReport } from './session.ts';

/** What `imago explain --json` prints. */
export interface ExplainReport extends Explanation {
  readonly version: 1;
  readonly origin:
    | { readonly kind: 'folder'; readonly dir: string }
    | ({ readonly kind: 'live' } & SessionReport);
  /** The instant that counts as now, ISO 8601. */
  readonly instant: string;
  readonly deployment: string;
  /** Absent where no policy was read. */
  readonly policyFile?: string;
}
