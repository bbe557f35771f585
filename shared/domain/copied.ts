import { copyStates, isOwed } from './copies.ts';
import type { PlanInput } from './decision.ts';
import { lineageOf } from './lineage.ts';
import { isCopy, isGood, type Point } from './point.ts';
import type { CopyDestination, Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';

/** What one destination has, by lineage; the images of another place, as far as they are known. */
export interface Destination {
  readonly points: ReadonlyMap<string, readonly Point[]>;
  readonly isComplete: boolean;
  readonly problem: string;
}

/** By Region. A place that was not read is not there. */
export type Destinations = ReadonlyMap<string, Destination>;

/** What the destinations of a point have of it, or lack. */
export interface Copied {
  /** Why it must stay: it is the only one that a copy still owed can be made of. */
  readonly owed: readonly Reason[];
  /** Good copies by Region, for which it may go. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

export const NOT_COPIED: Copied = { owed: [], ids: {} };

/** By image id, for the good points of one lineage (newest first) that are no copies themselves. */
export const copiedPoints = (
  input: PlanInput,
  copies: Destinations,
  policy: Policy,
  group: readonly Point[],
): ReadonlyMap<string, Copied> => {
  const { target } = input.observation;
  const own = group.filter((point) => isGood(point) && !isCopy(point));
  // A home is no copy of itself.
  const destinations = policy.copyTo.filter(({ region }) => region !== target.region);
  const states = destinations.map(({ region, keep }) =>
    statesIn(input, copies.get(region), own, { region, keep }),
  );
  return new Map(
    own.map(({ image }) => {
      const found = states.flatMap((state) => state(image.id));
      const owed = found.flatMap((one) => one.owed ?? []);
      const ids = Object.fromEntries(found.map((one) => [one.region, one.ids]));
      return [image.id, { owed, ids }];
    }),
  );
};

interface InRegion {
  readonly region: string;
  readonly ids: readonly string[];
  readonly owed?: Reason;
}

/** What one destination has, or lacks, of each of a lineage's points. */
const statesIn = (
  input: PlanInput,
  there: Destination | undefined,
  own: readonly Point[],
  { region, keep }: CopyDestination,
): ((imageId: string) => InRegion) => {
  const newest = own[0];
  if (there === undefined || !there.isComplete || newest === undefined) {
    const owed = reason('PRO-23', `${region}: ${there?.problem ?? 'not read by this pass'}`);
    return () => ({ region, ids: [], owed });
  }
  const existing = there.points.get(lineageOf(input.policySet, newest)) ?? [];
  const states = new Map(
    copyStates(own, existing, keep, input.nowMs).map((state) => [state.source.image.id, state]),
  );
  return (imageId) => {
    const state = states.get(imageId);
    const ids = (state?.copies ?? []).filter(isGood).map(({ image }) => image.id);
    return state !== undefined && isOwed(state)
      ? { region, ids, owed: reason('PRO-05', region) }
      : { region, ids };
  };
};
