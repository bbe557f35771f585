import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { completePart, type Image, type Part } from '../../shared/domain/model.ts';
import type { PointName } from '../../shared/domain/naming.ts';
import { plan, planRemovals } from '../../shared/domain/plan.ts';
import { planCopies } from '../../shared/domain/plan-copies.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import { policyOf } from '../../shared/domain/policy.ts';
import { anyInput, destinationInput, homeInput } from './arbitraries.ts';
import { after, observing, removedBy, unlimited } from './removals.ts';

const shuffled = <T>(part: Part<T>, order: readonly number[]): Part<T> => ({
  ...part,
  items: part.items
    .map((item, index) => ({ item, key: order[index % order.length] ?? 0, index }))
    .sort((a, b) => a.key - b.key || b.index - a.index)
    .map(({ item }) => item),
});

describe('a plan', () => {
  it('is the same for the same input, which it leaves as it was', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = JSON.stringify(input);

        expect(JSON.stringify(plan(input))).toBe(JSON.stringify(plan(input)));
        expect(JSON.stringify(input)).toBe(before);
      }),
    );
  });

  it('is the same in whatever order EC2 answers', () => {
    fc.assert(
      fc.property(anyInput, fc.array(fc.nat(), { minLength: 7, maxLength: 40 }), (input, order) => {
        const { instances, images, snapshots, uses, places } = input.observation;
        const other = observing(input, {
          instances: shuffled(instances, order),
          images: shuffled(images, order),
          snapshots: shuffled(snapshots, order),
          uses: uses.map(({ source, part }) => ({ source, part: shuffled(part, order) })),
          places: places.map((place) => ({ ...place, images: shuffled(place.images, order) })),
        });

        expect(plan(other)).toEqual(plan(input));
      }),
    );
  });

  it('decides on every instance of a home, and on every image and snapshot of the target', () => {
    fc.assert(
      fc.property(homeInput, (input) => {
        const { instances, images, snapshots } = input.observation;
        const decided = new Set(plan(input).decisions.map(({ id }) => id));
        const seen = [...instances.items, ...images.items, ...snapshots.items].map(({ id }) => id);

        expect(seen.filter((id) => !decided.has(id))).toEqual([]);
      }),
    );
  });

  it('decides once on the removal of each image and snapshot, and gives a reason', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { images, snapshots } = input.observation;
        const ids = [...images.items, ...snapshots.items].map(({ id }) => id);
        const { decisions } = planRemovals(input);

        expect(decisions.map(({ id }) => id).sort()).toEqual(ids.sort());
        expect(plan(input).decisions.filter(({ reasons }) => reasons.length === 0)).toEqual([]);
      }),
    );
  });

  it('removes exactly what it decided to remove, and none of what it keeps', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const made = plan(input);
        const retired = made.decisions
          .filter(({ verdict }) => verdict === 'retire' || verdict === 'delete-snapshot')
          .map(({ id }) => id);

        expect([...removedBy(made)].sort()).toEqual(retired.sort());
      }),
    );
  });

  it('never gives one name to two backups, nor that of a failed, pending or good one', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const names = plan(input).backups.map(({ name }) => name);
        const { images, target } = input.observation;
        const ours = pointsAt(images.items, input.deployment, target);
        const taken = new Set(ours.map(({ image }) => image.name));

        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => taken.has(name))).toEqual([]);
      }),
    );
  });
});

describe('planning again', () => {
  /** A young point that goes takes the sign with it that its source was there a moment ago. */
  const removedAgain = (input: PlanInput): readonly string[] =>
    removedBy({ removals: plan(input).removals.filter(({ goneFrom }) => goneFrom === undefined) });

  it('after all that was planned is removed, where no limit held back, removes nothing', () => {
    fc.assert(
      fc.property(anyInput.map(unlimited), (input) => {
        expect(removedAgain(after(input, plan(input)))).toEqual([]);
      }),
    );
  });

  it('after all that was planned is removed, removes nothing but what was deferred', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const first = plan(input);
        const deferred = new Set(
          first.decisions.filter(({ verdict }) => verdict === 'defer').map(({ id }) => id),
        );

        expect(removedAgain(after(input, first)).filter((id) => !deferred.has(id))).toEqual([]);
      }),
    );
  });

  it('with every copy made asks for no copy again', () => {
    fc.assert(
      fc.property(destinationInput, (input) => {
        const made = plan(input).backups.map(
          ({ name, tags }, index): Image => ({
            id: `copy-made-${index}`,
            name,
            tags,
            state: 'pending',
            createdMs: input.nowMs,
            snapshots: [],
            isDeregistrationProtected: false,
          }),
        );
        const { items } = input.observation.images;
        const again = plan(observing(input, { images: completePart([...items, ...made]) }));

        expect(again.backups).toEqual([]);
      }),
    );
  });

  it('after copies were removed wants none of them back', () => {
    fc.assert(
      fc.property(destinationInput, (input) => {
        const made = plan(input);
        const gone = new Set(
          made.removals.flatMap((one) =>
            one.kind === 'retire' && !one.isFailed ? [identityOf(input, one.point)] : [],
          ),
        );
        const wanted = planCopies(after(input, made)).actions.map(({ point }) =>
          identityOf(input, point),
        );

        expect(wanted.filter((identity) => gone.has(identity))).toEqual([]);
      }),
    );
  });
});

/** The lineage and slot of a point: what a copy of it is asked for by. */
const identityOf = ({ policySet }: PlanInput, { policyId, sourceId, slotMs }: PointName): string =>
  [policyOf(policySet, policyId)?.id, sourceId, slotMs].join('/');
