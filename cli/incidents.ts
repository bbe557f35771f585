import type { EmbeddedCloud } from '../simulator/cloud.ts';
import { type Ledger, type LedgerEntry, slotKey } from './ledger.ts';
import type { Incident } from './month-result.ts';

const MINUTE_MS = 60_000;

const minutes = (ms: number): string => `${Math.round(ms / MINUTE_MS)} min`;

/** What the embedded cloud let go wrong, and what became of it. */
export const incidentsOf = (cloud: EmbeddedCloud, { entries }: Ledger): readonly Incident[] =>
  [
    failedImages(entries, 'point', 'images failed'),
    failedImages(entries, 'copy', 'copies failed'),
    lostEvents(cloud, entries),
    leftSnapshots(cloud),
    refusedCalls(cloud, 'calls throttled', isThrottle),
    refusedCalls(cloud, 'calls with a server error', isServerError),
    failedInvocations(cloud),
  ].filter(({ count }) => count > 0);

const failedImages = (
  entries: readonly LedgerEntry[],
  kind: LedgerEntry['kind'],
  what: string,
): Incident => {
  const failed = entries.filter((entry) => entry.kind === kind && entry.state === 'failed');
  const bySlot = Map.groupBy(entries, slotKey);
  const waits = failed.flatMap((entry) => {
    const next = bySlot.get(slotKey(entry))?.find(({ madeMs }) => madeMs > entry.madeMs);
    return next === undefined ? [] : [next.madeMs - entry.madeMs];
  });
  const notAgain = failed.length - waits.length;
  const again =
    waits.length === 0
      ? []
      : [`made again ${minutes(Math.max(...waits))} later at most, same slot`];
  const rest = notAgain === 0 ? [] : [`${notAgain} served by a later slot or still to be made`];
  return { what, count: failed.length, mended: [...again, ...rest].join('; ') };
};

/** A lost event shows where a copy began long after its source became available. */
const lostEvents = (cloud: EmbeddedCloud, entries: readonly LedgerEntry[]): Incident => {
  const copies = new Map(
    entries.filter(({ kind }) => kind === 'copy').map((entry) => [pointKey(entry), entry] as const),
  );
  const lost = new Set(cloud.lostEvents.map(({ event }) => imageIdOf(event)));
  const lags = entries.flatMap((entry) => {
    const copy = copies.get(pointKey(entry));
    const isLate = entry.kind === 'point' && lost.has(entry.imageId);
    return !isLate || copy === undefined || entry.endedMs === undefined
      ? []
      : [Math.max(0, copy.madeMs - entry.endedMs)];
  });
  const lag =
    lags.length === 0 ? 'no copy waited for one' : `worst lag ${minutes(Math.max(...lags))}`;
  return {
    what: 'events lost',
    count: cloud.lostEvents.length,
    mended: `found by another event or the next sweep, ${lag}`,
  };
};

const pointKey = ({ point }: LedgerEntry): string =>
  `${point.policyId} ${point.sourceId} ${point.slotMs}`;

const imageIdOf = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || !('detail' in event)) return undefined;
  const { detail } = event;
  if (typeof detail !== 'object' || detail === null || !('ImageId' in detail)) return undefined;
  return typeof detail.ImageId === 'string' ? detail.ImageId : undefined;
};

const leftSnapshots = (cloud: EmbeddedCloud): Incident => ({
  what: 'snapshots left behind',
  count: cloud.calls.count('DeleteSnapshot'),
  mended: 'deleted by a call of their own',
});

const isThrottle = (code: string): boolean => /^(RequestLimitExceeded|Throttl)/.test(code);
const isServerError = (code: string): boolean => /^Internal(Error|Failure)$/.test(code);

/** Calls that EC2 or another service refused before it did anything. */
const refusedCalls = (
  { calls }: EmbeddedCloud,
  what: string,
  isMeant: (code: string) => boolean,
): Incident => {
  const refused = [...calls.failures()].filter(([code]) => isMeant(code));
  const all = calls.counts().reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
  const count = refused.reduce((sum, [, times]) => sum + times, 0);
  const share = ((100 * count) / Math.max(1, all)).toFixed(1);
  return {
    what,
    count,
    mended: `${share} % of all calls; made again by the client or a later pass`,
  };
};

const failedInvocations = (cloud: EmbeddedCloud): Incident => {
  const counts = cloud.lambda.functions.map((one) => one.counts);
  const timeOuts = counts.reduce((sum, one) => sum + one.timeOuts, 0);
  return {
    what: 'invocations failed',
    count: counts.reduce((sum, one) => sum + one.failures, 0),
    mended: `${timeOuts} by time-out; ${cloud.lambda.droppedEvents.length} events given up`,
  };
};
