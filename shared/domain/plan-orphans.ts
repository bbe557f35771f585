import type { Decision, DeleteSnapshotAction, PlanInput, PlanPart } from './decision.ts';
import { lineageOf } from './lineage.ts';
import { createBudget } from './limits.ts';
import { type Image, type Snapshot, type Tags, targetKey } from './model.ts';
import { ON_DEMAND_POLICY_ID } from './naming.ts';
import { keptOnDemand } from './on-demand.ts';
import { isGood, isOfHome, pointsAt } from './point.ts';
import { policyOf } from './policy.ts';
import { heldBy } from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** A snapshot can be seen before the image that it belongs to. */
const ORPHAN_AGE_MIN_MS = 3_600_000;

/**
 * Snapshots of ours whose image is gone: what a removal left behind. They share the run's count.
 * @param removals images that this plan already removes
 */
export const planOrphans = (input: PlanInput, removals: number): PlanPart<DeleteSnapshotAction> => {
  const { observation, policySet, spent } = input;
  const seen = seenIn(input);
  const taken = { removed: spent.removed + removals, counted: spent.counted };
  const budget = createBudget(policySet.limits, taken, 0);
  const actions: DeleteSnapshotAction[] = [];
  const decisions = [...observation.snapshots.items]
    .sort((a, b) => a.startedMs - b.startedMs || (a.id < b.id ? -1 : 1))
    .map((snapshot): Decision => {
      const kept = reasonToKeep(input, snapshot, seen);
      const limit = kept === undefined ? budget.take(false) : undefined;
      const why = kept ?? reason('RET-16');
      if (kept === undefined && limit === undefined) {
        const { id: snapshotId, sizeGiB } = snapshot;
        actions.push({ kind: 'delete-snapshot', snapshotId, sizeGiB, reasons: [why] });
      }
      const verdict =
        kept !== undefined ? 'keep' : limit !== undefined ? 'defer' : 'delete-snapshot';
      const reasons = limit === undefined ? [why] : [why, limit];
      return { kind: 'snapshot', id: snapshot.id, verdict, reasons };
    });
  return { decisions, actions };
};

interface Seen {
  readonly used: ReadonlySet<string>;
  /** Lineages that have a good point here. */
  readonly covered: ReadonlySet<string>;
  /** Sources that have a good point here, of whatever policy. */
  readonly sources: ReadonlySet<string>;
}

const seenIn = ({ observation, deployment, policySet }: PlanInput): Seen => {
  const good = pointsAt(observation.images.items, deployment, observation.target).filter(isGood);
  return {
    used: usedSnapshots(observation.images.items),
    covered: new Set(good.map((point) => lineageOf(policySet, point))),
    sources: new Set(good.map(({ name }) => name.sourceId)),
  };
};

/**
 * Snapshot ids that an image names; and, since a pending image may not name its snapshots yet, the
 * points that are being made.
 */
const usedSnapshots = (images: readonly Image[]): ReadonlySet<string> =>
  new Set(
    images.flatMap(({ snapshots, state, tags }) => [
      ...snapshots.map(({ snapshotId }) => snapshotId),
      ...(state === 'pending' ? [pointKey(tags)] : []),
    ]),
  );

const pointKey = (tags: Tags): string => `${tags[TAG.source]}/${tags[TAG.slot]}`;

const reasonToKeep = (input: PlanInput, snapshot: Snapshot, seen: Seen): Reason | undefined =>
  notOurs(input, snapshot) ??
  inUseOrUnknown(input, snapshot, seen) ??
  (snapshot.tags[TAG.policy] === ON_DEMAND_POLICY_ID
    ? keptAsAsked(input, snapshot, seen)
    : kept(input, snapshot, seen));

const notOurs = (
  { observation: { target }, deployment, homes }: PlanInput,
  { tags }: Snapshot,
): Reason | undefined => {
  if (tags[TAG.deployment] !== deployment) return reason('OWN-02');
  if (tags[TAG.home] !== targetKey(target)) return reason('OWN-03', tags[TAG.home]);
  return isOfHome(tags, target, homes) ? undefined : reason('OWN-06');
};

const inUseOrUnknown = (
  { observation: { images, snapshots } }: PlanInput,
  { id, tags }: Snapshot,
  { used }: Seen,
): Reason | undefined => {
  if (used.has(id) || used.has(pointKey(tags))) return reason('RET-17');
  if (!images.isComplete) return reason('PRO-21', images.problem);
  if (!snapshots.isComplete) return reason('PRO-25', snapshots.problem);
  // Where no image at all is seen, every snapshot would look like an orphan.
  return images.items.length === 0 ? reason('PRO-24', 'no image seen') : undefined;
};

const youngOrHeld = (nowMs: number, { tags, startedMs }: Snapshot): Reason | undefined =>
  nowMs - startedMs < ORPHAN_AGE_MIN_MS ? reason('RET-19') : heldBy(tags[TAG.hold], nowMs)[0];

/** What is left of a point that somebody asked for: its own tags say how long it is wanted. */
const keptAsAsked = (
  { nowMs }: PlanInput,
  snapshot: Snapshot,
  { sources }: Seen,
): Reason | undefined => {
  const { tags } = snapshot;
  const wanted = keptOnDemand(tags, nowMs) ?? youngOrHeld(nowMs, snapshot);
  if (wanted !== undefined) return wanted;
  return sources.has(tags[TAG.source] ?? '')
    ? undefined
    : reason('PRO-06', 'its source has no good point');
};

const kept = (
  { policySet, nowMs }: PlanInput,
  snapshot: Snapshot,
  { covered }: Seen,
): Reason | undefined => {
  const { tags } = snapshot;
  const policy = policyOf(policySet, tags[TAG.policy] ?? '');
  if (policy === undefined) return reason('RET-14', tags[TAG.policy]);
  if (policy.retire.snapshots === 'keep') return reason('RET-18');
  const wanted = youngOrHeld(nowMs, snapshot);
  if (wanted !== undefined) return wanted;
  // Somebody took the image, not us: what is left of a source's last point stays.
  const lineage = `${policy.id}/${tags[TAG.source]}`;
  return covered.has(lineage) ? undefined : reason('PRO-06', 'its source has no good point');
};
