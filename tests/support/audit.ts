import type { Audit, AuditSection, AuditSectionId } from '../../shared/domain/audit-report.ts';
import type { FileReference } from '../../shared/domain/audit-view.ts';
import { auditOf } from '../../shared/domain/audit.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { completePart, type Part } from '../../shared/domain/model.ts';
import { OBSERVED_MS } from './inventory.ts';

/** An audit of live AWS, at the instant of the observation. */
export const auditIn = (
  inventories: readonly Inventory[],
  files: Part<FileReference> = completePart([]),
): Audit =>
  auditOf({
    inventories,
    nowMs: OBSERVED_MS,
    files,
    words: {
      suffix: '',
      folder: undefined,
      starter: 'imago.yml',
      isStarterWritten: false,
      hasManyHomes: false,
    },
  });

export const sectionIn = (
  id: AuditSectionId,
  inventories: readonly Inventory[],
  files?: Part<FileReference>,
): AuditSection => {
  const found = auditIn(inventories, files).sections.find((section) => section.id === id);
  if (found === undefined) throw new Error(`no section ${id}`);
  return found;
};

export const idsIn = ({ findings }: AuditSection): readonly string[] =>
  findings.map(({ id }) => id);
