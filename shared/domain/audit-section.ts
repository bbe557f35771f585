import {
  AUDIT_SECTIONS,
  type AuditFinding,
  type AuditSection,
  type AuditSectionId,
  type Unknown,
} from './audit-report.ts';

/** What one target contributes to a section. */
export interface Found {
  readonly findings: readonly AuditFinding[];
  readonly unknown: readonly Unknown[];
  /** Left out on purpose, in words. */
  readonly notes?: readonly string[];
}

/**
 * A section of all targets; findings stay in the order that each target gives them.
 * @param order of the findings of several targets; that of the targets, if it is not said
 */
export const sectionOf = (
  id: AuditSectionId,
  found: readonly Found[],
  order?: (a: AuditFinding, b: AuditFinding) => number,
): AuditSection => {
  const findings = found.flatMap((one) => one.findings);
  return {
    id,
    ...AUDIT_SECTIONS[id],
    count: findings.reduce((total, { instances = 1 }) => total + instances, 0),
    findings: order === undefined ? findings : findings.toSorted(order),
    notes: found.flatMap(({ notes = [] }) => notes),
    unknown: found.flatMap(({ unknown }) => unknown),
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By the statuses in the order given, then oldest first, then by id. */
export const byStatus =
  (statuses: readonly string[]) =>
  (a: AuditFinding, b: AuditFinding): number =>
    statuses.indexOf(a.status) - statuses.indexOf(b.status) ||
    compare(a.since ?? '', b.since ?? '') ||
    compare(a.id, b.id);

export const oldestFirst = (a: AuditFinding, b: AuditFinding): number =>
  compare(a.since ?? '', b.since ?? '') || compare(a.id, b.id);

/** Most instances first. */
export const mostInstancesFirst = (a: AuditFinding, b: AuditFinding): number =>
  (b.instances ?? 0) - (a.instances ?? 0) || compare(a.id, b.id);

/** `1 image`, `2 images`. */
export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
