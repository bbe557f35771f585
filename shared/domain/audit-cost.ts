import type { AuditFinding } from './audit-report.ts';
import type { AuditView } from './audit-view.ts';
import type { SeenImage } from './inventory.ts';
import { type MonthlyCost, monthlyCost } from './prices.ts';

/** A snapshot that a removal would free. */
export interface Freed {
  readonly view: AuditView;
  readonly snapshotId: string;
  readonly sizeGiB: number;
}

/**
 * What the removal of these images of one target would free: their snapshots, each once, without
 * those that another image uses. A snapshot holds no more than its volume was large, and mostly less,
 * since what it has in common with another is stored once.
 */
export const freedBy = (view: AuditView, images: readonly SeenImage[]): readonly Freed[] => {
  const meant = new Set(images.map(({ id }) => id));
  const snapshots = new Map(
    images.flatMap((image) => image.snapshots.map((one) => [one.snapshotId, one.sizeGiB])),
  );
  return [...snapshots]
    .filter(([snapshotId]) => (view.users.get(snapshotId) ?? []).every((id) => meant.has(id)))
    .map(([snapshotId, sizeGiB]) => ({ view, snapshotId, sizeGiB }));
};

export interface Total {
  readonly gib: number;
  readonly cost: MonthlyCost;
}

export const totalOf = (freed: readonly Freed[]): Total => ({
  gib: freed.reduce((total, { sizeGiB }) => total + sizeGiB, 0),
  cost: monthlyCost(
    freed.map(({ view, sizeGiB }) => ({ region: view.inventory.target.region, sizeGiB })),
    freed[0]?.view.givenPrice,
  ),
});

/** Of one finding: without dollars where its Region's price is not known. */
export const sizeOf = (freed: readonly Freed[]): Pick<AuditFinding, 'gib' | 'dollars'> => {
  const { gib, cost } = totalOf(freed);
  return cost.unpriced.length === 0 ? { gib, dollars: cost.dollars } : { gib };
};
