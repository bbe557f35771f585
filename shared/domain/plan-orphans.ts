import type { Decision, DeleteSnapshotAction, PlanInput, PlanPart } from './decision.ts';
import { keepBeside, keptUntil } from './keep-overrides.ts';
import { createBudget } from './limits.ts';
import { type Lineages, lineageKey, lineagesIn, ownerOf } from './lineage.ts';
import { type Image, type Snapshot, type Tags, type Target, targetKey } from './model.ts';
import { ON_DEMAND_POLICY_ID, parseSlot } from './naming.ts';
import { keptOnDemand } from './on-demand.ts';
import { type Point, createIsOfHome, isGood } from './point.ts';
import type { Policy } from './policy.ts';
import { heldBy, outsideWindow } from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { createSources, judgeRest, type Rest, type Sources } from './source-gone.ts';
import { TAG } from './tags.ts';

/** A snapshot can be seen before the image that it belongs to. */
export const ORPHAN_AGE_MIN_MS = 3_600_000;

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
      const { id, sizeGiB } = snapshot;
      const judged = judge(input, snapshot, seen);
      if (judged.kept !== undefined) return decisionOf(id, 'keep', [judged.kept]);
      const { goneFrom } = judged;
      const why = goneFrom ? reason('RET-16', 'its source is gone') : reason('RET-16');
      const limit = budget.take(false);
      if (limit !== undefined) return decisionOf(id, 'defer', [why, limit]);
      const from = goneFrom && { goneFrom };
      actions.push({ kind: 'delete-snapshot', snapshotId: id, sizeGiB, ...from, reasons: [why] });
      return decisionOf(id, 'delete-snapshot', [why]);
    });
  return { decisions, actions };
};

const decisionOf = (
  id: string,
  verdict: Decision['verdict'],
  reasons: readonly Reason[],
): Decision => ({ kind: 'snapshot', id, verdict, reasons });

/** A snapshot that nothing keeps goes; `goneFrom` says that it goes only since its source is gone. */
type Judged = { readonly kept: Reason } | { readonly kept?: undefined; readonly goneFrom?: Target };

interface Seen {
  /** The target, as tags write it. */
  readonly home: string;
  readonly isOfHome: (tags: Tags) => boolean;
  readonly used: ReadonlySet<string>;
  /** What is here of each policy and source. */
  readonly lineages: Lineages;
  /** Sources that have a good point here, of whatever policy. */
  readonly sources: ReadonlySet<string>;
  /** What is left here of a source, of whatever policy. */
  readonly restOf: (sourceId: string) => Rest;
  readonly facts: Sources;
}

const seenIn = (input: PlanInput): Seen => {
  const { images, target } = input.observation;
  const lineages = lineagesIn(images.items, input, target);
  const covered = [...lineages.values()].filter(({ points }) => points.some(isGood));
  return {
    home: targetKey(target),
    isOfHome: createIsOfHome(target, input.homes),
    used: usedSnapshots(images.items),
    lineages,
    sources: new Set(covered.map(({ sourceId }) => sourceId)),
    restOf: createRestOf(input, lineages),
    facts: createSources(input),
  };
};

/**
 * Snapshot ids that an image names; and, since a pending image may not name its snapshots yet, the
 * points that are being made.
 */
const usedSnapshots = (images: readonly Image[]): ReadonlySet<string> => {
  const used = new Set<string>();
  for (const { snapshots, state, tags } of images) {
    for (const { snapshotId } of snapshots) used.add(snapshotId);
    if (state === 'pending') used.add(pointKey(tags));
  }
  return used;
};

const pointKey = (tags: Tags): string => `${tags[TAG.source]}/${tags[TAG.slot]}`;

/** Looks through the snapshots only when the first source that may be gone is asked about. */
const createRestOf = (input: PlanInput, lineages: Lineages): ((sourceId: string) => Rest) => {
  const { observation, deployment } = input;
  let bySource: ReadonlyMap<string, readonly Snapshot[]> | undefined;
  let imaged: ReadonlySet<string> | undefined;
  return (sourceId) => {
    bySource ??= Map.groupBy(
      observation.snapshots.items.filter(({ tags }) => tags[TAG.deployment] === deployment),
      ({ tags }) => tags[TAG.source] ?? '',
    );
    imaged ??= new Set([...lineages.values()].map((lineage) => lineage.sourceId));
    const snapshots = bySource.get(sourceId) ?? [];
    return { sourceId, hasImages: imaged.has(sourceId), snapshots };
  };
};

const judge = (input: PlanInput, snapshot: Snapshot, seen: Seen): Judged => {
  const { tags } = snapshot;
  const kept = notOurs(input, snapshot, seen) ?? inUseOrUnknown(input, snapshot, seen);
  if (kept !== undefined) return { kept };
  if (tags[TAG.policy] === ON_DEMAND_POLICY_ID) {
    const asked = keptAsAsked(input, snapshot, seen);
    return asked === undefined ? {} : { kept: asked };
  }
  const policy = ownerOf(input.policySet, tags[TAG.policy] ?? '');
  if (policy === undefined) return { kept: reason('RET-14', tags[TAG.policy]) };
  const sourceId = tags[TAG.source] ?? '';
  const points = seen.lineages.get(lineageKey(policy.id, sourceId))?.points ?? [];
  const good = points.filter(isGood);
  const wanted = keptByPolicy(input, policy, good, snapshot);
  if (wanted !== undefined) return { kept: wanted };
  if (good.length > 0) return {};
  // Somebody took the image, not us: what is left of a source's last point stays.
  return judgeRest(seen.facts, policy, seen.restOf(sourceId), input);
};

const notOurs = (
  { deployment }: PlanInput,
  { tags }: Snapshot,
  { home, isOfHome }: Seen,
): Reason | undefined => {
  if (tags[TAG.deployment] !== deployment) return reason('OWN-02');
  if (tags[TAG.home] !== home) return reason('OWN-03', tags[TAG.home]);
  // Others built its image; removing what was adopted is not built.
  if (tags[TAG.adopted] !== undefined) return reason('ADO-02', tags[TAG.adopted]);
  return isOfHome(tags) ? undefined : reason('OWN-06');
};

const inUseOrUnknown = (
  { observation: { images, snapshots } }: PlanInput,
  { id, tags }: Snapshot,
  { used }: Seen,
): Reason | undefined => {
  if (used.has(id) || used.has(pointKey(tags))) return IN_USE;
  if (!images.isComplete) return reason('PRO-21', images.problem);
  if (!snapshots.isComplete) return reason('PRO-25', snapshots.problem);
  // Where no image at all is seen, every snapshot would look like an orphan.
  return images.items.length === 0 ? reason('PRO-24', 'no image seen') : undefined;
};

/** Said of nearly all. */
const IN_USE = reason('RET-17');

const youngOrHeld = (nowMs: number, { tags, startedMs }: Snapshot): Reason | undefined =>
  nowMs - startedMs < ORPHAN_AGE_MIN_MS ? reason('RET-19') : heldBy(tags[TAG.hold], nowMs)[0];

/** What is left of a point that somebody asked for: its own tags say how long it is wanted. */
const keptAsAsked = (
  { nowMs }: PlanInput,
  snapshot: Snapshot,
  { sources }: Seen,
): Reason | undefined => {
  const { tags } = snapshot;
  const wanted =
    keptOnDemand(tags, nowMs) ??
    youngOrHeld(nowMs, snapshot) ??
    keptByTags({ timezone: 'UTC' }, [], snapshot, nowMs);
  if (wanted !== undefined) return wanted;
  return sources.has(tags[TAG.source] ?? '')
    ? undefined
    : reason('PRO-06', 'its source has no good point');
};

const keptByPolicy = (
  { nowMs }: PlanInput,
  policy: Policy,
  points: readonly Point[],
  snapshot: Snapshot,
): Reason | undefined => {
  const { snapshots, during } = policy.retire;
  if (snapshots === 'keep') return reason('RET-18');
  return (
    youngOrHeld(nowMs, snapshot) ??
    keptByTags(policy, points, snapshot, nowMs) ??
    outsideWindow(during, nowMs)[0]
  );
};

/**
 * The tags that keep an image are written on its snapshots too, and keep what is left of it.
 * @param points good ones of its policy and source
 */
const keptByTags = (
  { timezone, keepFrom }: Pick<Policy, 'timezone' | 'keepFrom'>,
  points: readonly Point[],
  snapshot: Snapshot,
  nowMs: number,
): Reason | undefined => {
  const { tags, startedMs } = snapshot;
  const instantMs = parseSlot(tags[TAG.slot] ?? '') ?? startedMs;
  const all = [...points, { image: snapshot, instantMs }];
  // Where there is nothing to count back from, a time counts back from now.
  const isSourceGone = points.length === 0;
  const group = { points: all, timezone, nowMs, isSourceGone, ...(keepFrom && { keepFrom }) };
  const { reasons } = keepBeside(group, new Map());
  return keptUntil(tags, nowMs) ?? reasons.get(snapshot.id)?.[0];
};
