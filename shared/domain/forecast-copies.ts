import type { AnyAction, Decision } from './decision.ts';
import type { ForecastWorld } from './forecast-world.ts';
import { type Image, type Observation, type Part, type Target, targetKey } from './model.ts';
import { TAG } from './tags.ts';

/**
 * Remembers which sources a destination has yet to be compared with its home about: a copy is owed, or
 * not, by what both places have of one source, so whatever has not changed need not be asked again.
 */
export interface Comparisons {
  readonly note: (target: Target, actions: readonly AnyAction[]) => void;
  readonly isDue: (destination: Target) => boolean;
  /** What the destination sees, or as much of it as is to be compared. */
  readonly narrowed: (destination: Target, nowMs: number) => Observation;
  readonly noteCompared: (destination: Target, decisions: readonly Decision[]) => void;
}

/** Sources by id; undefined for all there are, as nothing has been compared yet. */
type Touched = Set<string> | undefined;

export const createComparisons = (
  world: ForecastWorld,
  home: Target,
  destinations: readonly Target[],
): Comparisons => {
  const touched = new Map<string, Touched>(
    destinations.map((target) => [targetKey(target), undefined]),
  );
  return {
    note: (target, actions) => {
      const concerned =
        targetKey(target) === targetKey(home) ? [...touched.keys()] : [targetKey(target)];
      for (const { sourceId } of actions.flatMap(pointOf)) {
        for (const key of concerned) touched.get(key)?.add(sourceId);
      }
    },
    isDue: (destination) => touched.get(targetKey(destination))?.size !== 0,
    narrowed: (destination, nowMs) =>
      narrow(world.observationOf(destination, nowMs), touched.get(targetKey(destination))),
    noteCompared: (destination, decisions) => {
      const key = targetKey(destination);
      // Where a copy failed before the forecast began, its next try waits for nothing but time.
      const isWaiting = decisions.some(({ reasons }) => reasons.some(({ id }) => id === 'COP-05'));
      if (!isWaiting) touched.set(key, new Set());
    },
  };
};

const pointOf = (action: AnyAction): readonly { readonly sourceId: string }[] =>
  action.kind === 'tag' || action.kind === 'delete-snapshot' ? [] : [action.point];

const narrow = (seen: Observation, touched: Touched): Observation => {
  if (touched === undefined) return seen;
  const isTouched = ({ tags }: Image): boolean => touched.has(tags[TAG.source] ?? '');
  const only = ({ items, ...worth }: Part<Image>): Part<Image> => ({
    ...worth,
    items: items.filter(isTouched),
  });
  const places = seen.places.map((place) => ({ ...place, images: only(place.images) }));
  const sizeOf = (all: Observation['places']): number =>
    all.reduce((total, { images }) => total + images.items.length, 0);
  // What is known of a list is kept with it, so most of one is more work than all of it. But both
  // places are narrowed, or neither: else one would seem to lack what the other has.
  if (sizeOf(places) * 2 > sizeOf(seen.places)) return seen;
  return { ...seen, images: only(seen.images), places };
};
