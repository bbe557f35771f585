import { owedPoints } from './copies.ts';
import type { PlanInput } from './decision.ts';
import { type Lineage, type Lineages, lineageKey, lineagesIn } from './lineage.ts';
import { once } from './once.ts';
import { isCopy, isGood, type Point } from './point.ts';
import type { CopyDestination, Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';

/** What one destination has; the images of another place, as far as they are known. */
interface Destination {
  readonly lineages: Lineages;
  readonly isComplete: boolean;
  readonly problem: string;
}

/** By Region. A place that was not read is not there. */
export type Destinations = ReadonlyMap<string, Destination>;

export const destinationsIn = (input: PlanInput): Destinations => {
  const { target, places } = input.observation;
  return new Map(
    places
      .filter(({ place }) => place.account === target.account)
      .map(({ place, images }) => [
        place.region,
        { ...images, lineages: lineagesIn(images.items, input, place) },
      ]),
  );
};

/** What the destinations of a point have of it, or lack. */
export interface Copied {
  /** Why it must stay: it is the only one that a copy still owed can be made of. */
  readonly owed: readonly Reason[];
  /** Good copies by Region, for which it may go. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

const NOT_COPIED: Copied = { owed: [], ids: {} };

/**
 * Tells of the points of one lineage what their destinations have. A home is no copy of itself, and
 * neither a copy nor what failed is a source. Few points are asked about: only what has expired.
 */
export const createCopied = (
  { observation: { target } }: PlanInput,
  destinations: Destinations,
  policy: Policy,
  lineage: Lineage,
): ((point: Point) => Copied) => {
  const regions = policy.copyTo
    .filter(({ region }) => region !== target.region)
    .map((to) => createInRegion(destinations.get(to.region), policy, lineage, to));
  return (point) => {
    if (regions.length === 0 || !isGood(point) || isCopy(point)) return NOT_COPIED;
    const found = regions.map((inRegion) => inRegion(point));
    return {
      owed: found.flatMap(({ owed }) => owed ?? []),
      ids: Object.fromEntries(found.map(({ region, ids }) => [region, ids])),
    };
  };
};

interface InRegion {
  readonly region: string;
  readonly ids: readonly string[];
  readonly owed?: Reason;
}

/** What one destination has, or lacks, of each of a lineage's points. */
const createInRegion = (
  there: Destination | undefined,
  policy: Policy,
  { policyId, sourceId, points }: Lineage,
  { region, keep }: CopyDestination,
): ((point: Point) => InRegion) => {
  if (there === undefined || !there.isComplete) {
    const owed = reason('PRO-23', `${region}: ${there?.problem ?? 'not read by this pass'}`);
    return () => ({ region, ids: [], owed });
  }
  const copies = there.lineages.get(lineageKey(policyId, sourceId))?.points ?? [];
  const { timezone } = policy;
  const owed = once(() => owedPoints(points, copies, { keep, timezone }));
  return (point) => {
    const ids = copies
      .filter((copy) => isGood(copy) && copy.name.slotMs === point.name.slotMs)
      .map(({ image }) => image.id);
    // Of two points of one slot, only the first is a source: the other may go.
    return owed().has(point) ? { region, ids, owed: reason('PRO-05', region) } : { region, ids };
  };
};
