import type { Audit } from '../shared/domain/audit-report.ts';
import { type CommandWords, STEP_RULE } from '../shared/domain/audit-steps.ts';
import type { FileReference } from '../shared/domain/audit-view.ts';
import { auditOf } from '../shared/domain/audit.ts';
import type { Part } from '../shared/domain/model.ts';
import {
  type Inventories,
  type InventoryOptions,
  type OriginReport,
  originReport,
} from './inventories.ts';
import type { PriceOptions } from './price-option.ts';
import { starterFile } from './starter-policy.ts';

/** What an audit is told. */
export interface AuditOptions extends InventoryOptions, PriceOptions {
  readonly json: boolean;
  /** Whether the text tells every finding. */
  readonly all: boolean;
  /** Folders of text files that may name images. */
  readonly referencedIn: readonly string[];
  /** A file that gets the starter policy. */
  readonly starter?: string;
}

/** What `imago audit --json` prints. */
export interface AuditReport extends Audit {
  readonly version: 1;
  readonly origin: OriginReport;
  /** The instant that counts as now. */
  readonly instant: string;
  /** How the next steps are ranked. */
  readonly stepRule: string;
  /** A policy file that fits the tags of the fleet. */
  readonly starterPolicy: string;
}

export const DEFAULT_STARTER = 'imago.yml';

export const auditReportOf = (
  { origin, inventories, nowMs }: Inventories,
  files: Part<FileReference>,
  options: AuditOptions,
): AuditReport => {
  const audit = auditOf({
    inventories,
    nowMs,
    files,
    words: wordsOf(options, inventories.length),
    ...(options.price === undefined ? {} : { givenPrice: options.price }),
  });
  return {
    version: 1,
    origin: originReport(origin),
    instant: new Date(nowMs).toISOString(),
    ...audit,
    stepRule: STEP_RULE,
    starterPolicy: starterFile(options.starter ?? DEFAULT_STARTER, audit.starter),
  };
};

/** The commands of the next steps look where the audit looked. */
const wordsOf = ({ from, region, starter }: AuditOptions, targets: number): CommandWords => ({
  suffix:
    from === undefined
      ? region === undefined
        ? ''
        : ` --region ${region.join(',')}`
      : ` --from ${quoted(from)}`,
  folder: from === undefined ? undefined : quoted(from),
  starter: quoted(starter ?? DEFAULT_STARTER),
  isStarterWritten: starter !== undefined,
  hasManyHomes: from !== undefined && targets > 1,
});

/** A path as a POSIX shell takes it for one word. */
const quoted = (path: string): string =>
  /^[A-Za-z0-9_./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
