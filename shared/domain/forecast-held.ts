import type { Decision } from './decision.ts';
import { type Target, targetKey } from './model.ts';
import { type ReasonId, REASONS } from './reasons.ts';

/** Why images that had expired stayed all the same, along the way. */
export interface HeldBack {
  readonly reason: ReasonId;
  /** What the reason is called. */
  readonly name: string;
  /** `account/region`. */
  readonly place: string;
  /** Whether the limits of a run held them back, for that run; else something protects them. */
  readonly isLimit: boolean;
  /** Different images and snapshots, over the whole time. */
  readonly objects: number;
  /** The most at once. */
  readonly most: number;
  /** In the last run. */
  readonly atLast: number;
  /** One of them, and what showed the reason. */
  readonly example: string;
  readonly evidence: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Gathers what retirement's runs held back. */
export interface HeldTally {
  readonly note: (target: Target, decisions: readonly Decision[], nowMs: number) => void;
  readonly all: () => readonly HeldBack[];
}

interface Row extends Omit<HeldBack, 'objects' | 'lastMs' | 'most' | 'atLast'> {
  readonly ids: Set<string>;
  atLast: number;
  most: number;
  lastMs: number;
}

export const createHeldTally = (): HeldTally => {
  const rows = new Map<string, Row>();
  return {
    note: (target, decisions, nowMs) => {
      const place = targetKey(target);
      for (const row of rows.values()) if (row.place === place) row.atLast = 0;
      for (const decision of decisions) noteOne(rows, place, decision, nowMs);
    },
    all: () =>
      [...rows.values()]
        .map(({ ids, ...row }) => ({ ...row, objects: ids.size }))
        .sort((a, b) => b.objects - a.objects || (a.reason < b.reason ? -1 : 1)),
  };
};

const noteOne = (
  rows: Map<string, Row>,
  place: string,
  { id, verdict, reasons }: Decision,
  nowMs: number,
): void => {
  if (verdict !== 'protect' && verdict !== 'defer') return;
  // The first reason is why it would go, unless it stands alone.
  const vetoes = reasons.length === 1 ? reasons : reasons.slice(1);
  for (const { id: reason, evidence = '' } of vetoes) {
    const key = `${place} ${reason}`;
    const row = rows.get(key) ?? {
      reason,
      name: REASONS[reason],
      place,
      isLimit: verdict === 'defer',
      example: id,
      evidence,
      firstMs: nowMs,
      lastMs: nowMs,
      ids: new Set<string>(),
      atLast: 0,
      most: 0,
    };
    rows.set(key, row);
    row.ids.add(id);
    row.atLast += 1;
    row.most = Math.max(row.most, row.atLast);
    row.lastMs = nowMs;
  }
};
