import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { completePart, type Image, type Observation } from '../../shared/domain/model.ts';
import { planRemovals } from '../../shared/domain/plan.ts';
import { planCopies } from '../../shared/domain/plan-copies.ts';
import { planWakes } from '../../shared/domain/plan-wakes.ts';
import { ELSEWHERE, freeze, HOME } from '../support/builders.ts';
import { homeInput } from './arbitraries.ts';
import { after } from './removals.ts';

/** A home and its destination, whose passes take turns while nothing else happens. */
interface World {
  readonly input: PlanInput;
  readonly home: readonly Image[];
  readonly there: readonly Image[];
  /** Images that were copied, in order. */
  readonly copied: readonly string[];
}

const atHome = ({ input, home, there }: World): PlanInput =>
  observing(input, {
    target: HOME,
    images: completePart(home),
    places: [{ place: ELSEWHERE, images: completePart(there) }],
  });

/** Instances are read there only to retire. */
const elsewhere = ({ input, home, there }: World): PlanInput =>
  observing(input, {
    target: ELSEWHERE,
    images: completePart(there),
    snapshots: completePart([]),
    places: [{ place: HOME, images: completePart(home), instances: input.observation.instances }],
  });

const observing = (input: PlanInput, parts: Partial<Observation>): PlanInput =>
  freeze({ ...input, observation: { ...input.observation, ...parts } });

const left = (input: PlanInput): readonly Image[] =>
  after(input, planRemovals(input)).observation.images.items;

/** One night: both retire, on what they saw before; then the destination copies what it wants. */
const night = (world: World): World => {
  const next = { ...world, home: left(atHome(world)), there: left(elsewhere(world)) };
  const { actions } = planCopies(elsewhere(next));
  const made = actions.map(
    ({ name, tags, sourceImageId }): Image => ({
      id: `${sourceImageId}-copied`,
      name,
      tags,
      state: 'available',
      createdMs: world.input.nowMs,
      snapshots: [],
      isDeregistrationProtected: false,
    }),
  );
  const copied = [...world.copied, ...actions.map(({ sourceImageId }) => sourceImageId)];
  return { ...next, there: [...next.there, ...made], copied };
};

const NIGHTS = 40;

/** Every world of so many nights, the first one included. */
const nightsOf = (first: World): readonly World[] => {
  const worlds = [first];
  for (let count = 0; count < NIGHTS; count += 1) worlds.push(night(worlds.at(-1) ?? first));
  return worlds;
};

const world: fc.Arbitrary<World> = homeInput.map((input) => ({
  input,
  home: input.observation.images.items,
  there: input.observation.places[0]?.images.items ?? [],
  copied: [],
}));

const idsOf = (images: readonly Image[]): readonly string[] => images.map(({ id }) => id);

describe('a home and its destination', () => {
  it('come to rest: nothing is copied that was let go, and nothing is removed for ever', () => {
    fc.assert(
      fc.property(world, (first) => {
        const worlds = nightsOf(first);
        const last = worlds.at(-1) ?? first;
        const before = worlds.at(-2) ?? first;

        expect(idsOf(last.home)).toEqual(idsOf(before.home));
        expect(idsOf(last.there)).toEqual(idsOf(before.there));
        expect(planWakes(atHome(last))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('never copy a point twice', () => {
    fc.assert(
      fc.property(world, (first) => {
        const copied = nightsOf(first).at(-1)?.copied ?? [];

        expect(copied).toEqual([...new Set(copied)]);
      }),
      { numRuns: 100 },
    );
  });
});
