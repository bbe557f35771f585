import type { PlanInput } from './decision.ts';
import { before } from './duration.ts';
import { lineageKey, lineagesIn } from './lineage.ts';
import {
  type Image,
  type Instance,
  type Part,
  type Snapshot,
  type Tags,
  type Target,
  isSameTarget,
  notRead,
  targetKey,
} from './model.ts';
import { parseSlot } from './naming.ts';
import { once } from './once.ts';
import { type Point, isCopy, isGood } from './point.ts';
import type { Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/** The source of a point as young as this was there a moment ago, whatever a list says. */
const YOUNG_MS = 7 * 86_400_000;

/**
 * Whether an instance that points are of still exists. `gone` is said only where it is proven: the
 * complete and not empty list of its home's instances lacks it or has it as terminated, and no point
 * of it, of whatever policy and in whatever state, is young.
 */
export type SourceState =
  | { readonly state: 'there' }
  | { readonly state: 'gone'; readonly home: Target }
  | { readonly state: 'unknown'; readonly why: string };

/** What an observation tells of sources. */
export interface Sources {
  /** @param homeKeys targets, as `targetKey` writes them, at which points of the source were made */
  readonly stateOf: (sourceId: string, homeKeys: ReadonlySet<string>) => SourceState;
  /** Good points of a lineage at its home, latest first; none where that was not read. */
  readonly goodAt: (home: Target, policyId: string, sourceId: string) => readonly Point[];
}

type SourcesInput = Pick<PlanInput, 'observation' | 'policySet' | 'deployment' | 'homes' | 'nowMs'>;

/** Nothing is looked through before it is asked about: few sources are gone. */
export const createSources = (input: SourcesInput): Sources => {
  const here = createPlace(input, input.observation.target);
  const places = new Map([[targetKey(here.target), here]]);
  const placeOf = (home: Target): Place => {
    const key = targetKey(home);
    const place = places.get(key) ?? createPlace(input, home);
    places.set(key, place);
    return place;
  };
  return {
    stateOf: (sourceId, homeKeys) => {
      const home = input.homes.find((one) => homeKeys.has(targetKey(one)));
      if (home === undefined || homeKeys.size !== 1) return unknown('its home is not clear');
      const there = placeOf(home);
      const isSeen = there.isSeen(sourceId) || here.isYoung(sourceId) || there.isYoung(sourceId);
      if (isSeen) return { state: 'there' };
      const problem = there.problem() || here.imagesProblem();
      return problem === '' ? { state: 'gone', home } : unknown(problem);
    },
    goodAt: (home, policyId, sourceId) => placeOf(home).goodOf(policyId, sourceId),
  };
};

const unknown = (why: string): SourceState => ({ state: 'unknown', why });

interface Place {
  readonly target: Target;
  /** Whether its instances show the source, in any state but terminated. */
  readonly isSeen: (sourceId: string) => boolean;
  /** Whether it has a point of the source, of whatever policy and in whatever state, that is young. */
  readonly isYoung: (sourceId: string) => boolean;
  /** What of it is not known; empty if all is. */
  readonly problem: () => string;
  readonly imagesProblem: () => string;
  readonly goodOf: (policyId: string, sourceId: string) => readonly Point[];
}

const createPlace = (input: SourcesInput, target: Target): Place => {
  const { images, instances } = partsOf(input, target);
  const there = once(
    () =>
      new Set(instances.items.filter(({ state }) => state !== 'terminated').map(({ id }) => id)),
  );
  const newest = once(() => newestData(input, images, target));
  const label = `of ${target.region}`;
  const imagesProblem = (): string =>
    images.isComplete ? '' : `images ${label}: ${images.problem}`;
  return {
    target,
    isSeen: (sourceId) => there().has(sourceId),
    isYoung: (sourceId) => {
      const newestMs = newest().get(sourceId);
      return newestMs !== undefined && input.nowMs - newestMs < YOUNG_MS;
    },
    imagesProblem,
    problem: () => {
      if (!instances.isComplete) return `instances ${label}: ${instances.problem}`;
      if (instances.items.length === 0) return `instances ${label}: none seen`;
      return imagesProblem();
    },
    goodOf: (policyId, sourceId) => {
      const lineage = lineagesIn(images.items, input, target).get(lineageKey(policyId, sourceId));
      return (lineage?.points ?? []).filter((point) => isGood(point) && !isCopy(point));
    },
  };
};

const partsOf = (
  { observation }: SourcesInput,
  target: Target,
): { readonly images: Part<Image>; readonly instances: Part<Instance> } => {
  if (isSameTarget(target, observation.target)) return observation;
  const place = observation.places.find((one) => isSameTarget(one.place, target));
  return { images: place?.images ?? notRead(), instances: place?.instances ?? notRead() };
};

/** When a point's data is of. A clock that ran ahead only makes it newer. */
const dataMs = ({ capturedMs, name }: Point): number => Math.max(capturedMs, name.slotMs);

const isYoung = (point: Point, nowMs: number): boolean => nowMs - dataMs(point) < YOUNG_MS;

/** By source: when the data of its newest point is of. */
const newestData = (
  input: SourcesInput,
  images: Part<Image>,
  target: Target,
): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const { sourceId, points } of lineagesIn(images.items, input, target).values()) {
    for (const point of points) {
      newest.set(sourceId, Math.max(newest.get(sourceId) ?? dataMs(point), dataMs(point)));
    }
  }
  return newest;
};

/** What is to become of a lineage, as far as its source is gone, or may be. */
export type Gone =
  | { readonly state: 'there' }
  | { readonly state: 'unknown'; readonly why: string; readonly kept: ReadonlySet<Point> }
  | { readonly state: 'gone'; readonly home: Target; readonly kept: ReadonlySet<Point> };

/**
 * Whether the policy's `whenSourceGone` decides about the points of a lineage at `place`, and what of
 * them that keeps.
 *
 * A destination lets nothing go by it before its home has: what the home still has, it would copy
 * here again.
 * @param points in any state, latest first
 */
export const judgeGone = (
  sources: Sources,
  policy: Policy,
  { points, place, nowMs }: { points: readonly Point[]; place: Target; nowMs: number },
): Gone => {
  if (policy.whenSourceGone === undefined) return { state: 'there' };
  const good = points.filter(isGood);
  const newest = good[0] ?? points[0];
  if (newest === undefined) return { state: 'there' };
  if (isYoung(newest, nowMs)) return { state: 'there' }; // as most are, and need no more looking
  const { sourceId } = newest.name;
  const homeKeys = new Set(points.map(({ image }) => homeKeyOf(image, place)));
  const found = sources.stateOf(sourceId, homeKeys);
  if (found.state === 'there') return found;
  const keep = (all: readonly Point[], newestMs: number): readonly Point[] =>
    keptAfterGone(policy, all, newestMs, nowMs);
  if (found.state === 'unknown') return { ...found, kept: new Set(keep(good, newest.instantMs)) };
  const atHome = sources.goodAt(found.home, policy.id, sourceId);
  const newestMs = Math.max(newest.instantMs, atHome[0]?.instantMs ?? newest.instantMs);
  const kept = keep(good, newestMs);
  if (isSameTarget(found.home, place)) return { ...found, kept: new Set(kept) };
  if (atHome.length > keep(atHome, newestMs).length) return { state: 'there' };
  const slots = new Set(atHome.map(({ name }) => name.slotMs));
  return {
    ...found,
    kept: new Set([...kept, ...good.filter(({ name }) => slots.has(name.slotMs))]),
  };
};

/** The home of an image: that of the one it was copied from, or where it is. */
export const homeKeyOf = ({ tags }: { readonly tags: Tags }, place: Target): string => {
  const copiedFrom = tags[TAG.copiedFrom];
  return copiedFrom === undefined
    ? targetKey(place)
    : copiedFrom.slice(0, Math.max(0, copiedFrom.lastIndexOf('/')));
};

/**
 * What a policy keeps of a source that is gone: so many of the newest, for so long after the newest.
 * @param newestMs instant of the newest good point of the lineage, wherever it is
 */
const keptAfterGone = (
  policy: Policy,
  good: readonly Point[],
  newestMs: number,
  nowMs: number,
): readonly Point[] => {
  if (policy.whenSourceGone === undefined) return good;
  return isOver(policy, newestMs, nowMs) ? [] : good.slice(0, policy.whenSourceGone.keepLast);
};

const isOver = ({ whenSourceGone, timezone }: Policy, newestMs: number, nowMs: number): boolean =>
  whenSourceGone?.for !== undefined && newestMs <= before(whenSourceGone.for, nowMs, timezone);

/** What is left at a place of one source, of whatever policy. */
export interface Rest {
  readonly sourceId: string;
  /** Whether any image is, in whatever state. */
  readonly hasImages: boolean;
  readonly snapshots: readonly Snapshot[];
}

/**
 * Whether a snapshot may go although it is of the last that there is of a source: only if that is
 * gone, and the policy would want none of its points any more. Else it is kept, for the reason given.
 */
export const judgeRest = (
  sources: Sources,
  policy: Policy,
  { sourceId, hasImages, snapshots }: Rest,
  { observation: { target }, nowMs }: SourcesInput,
): { readonly kept: Reason } | { readonly kept?: undefined; readonly goneFrom: Target } => {
  const last = { kept: reason('PRO-06', 'its source has no good point') };
  const newestMs = Math.max(...snapshots.map(dataOf));
  const mayBeGone = !hasImages && nowMs - newestMs >= YOUNG_MS;
  if (policy.whenSourceGone === undefined || !mayBeGone) return last;
  const isWanted = policy.whenSourceGone.keepLast > 0 && !isOver(policy, newestMs, nowMs);
  if (isWanted) return last;
  const homeKeys = new Set(snapshots.map((snapshot) => homeKeyOf(snapshot, target)));
  const found = sources.stateOf(sourceId, homeKeys);
  if (found.state === 'unknown') return { kept: reason('PRO-27', found.why) };
  const isGone =
    found.state === 'gone' && sources.goodAt(found.home, policy.id, sourceId).length === 0;
  return isGone ? { goneFrom: found.home } : last;
};

/** When a snapshot's data is of, or later. */
const dataOf = ({ tags, startedMs }: Snapshot): number =>
  Math.max(startedMs, parseSlot(tags[TAG.slot] ?? '') ?? startedMs);
