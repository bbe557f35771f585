import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlanInput } from '../../shared/domain/decision.ts';
import {
  completePart,
  type Image,
  incompletePart,
  type Observation,
  type Part,
} from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import { freeze, NO_LIMITS } from '../support/builders.ts';
import { anyInput, destinationInput, homeInput } from './arbitraries.ts';

const removedBy = ({ removals }: Plan): readonly string[] =>
  removals.map((one) => (one.kind === 'retire' ? one.imageId : one.snapshotId));

const countOf = (input: PlanInput): number => plan(input).removals.length;

const observing = (input: PlanInput, parts: Partial<Observation>): PlanInput =>
  freeze({ ...input, observation: { ...input.observation, ...parts } });

const mapImages = (input: PlanInput, change: (image: Image, index: number) => Image): PlanInput =>
  observing(input, { images: completePart(input.observation.images.items.map(change)) });

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
        const { instances, images, snapshots, launchTemplates, places } = input.observation;
        const other = observing(input, {
          instances: shuffled(instances, order),
          images: shuffled(images, order),
          snapshots: shuffled(snapshots, order),
          launchTemplates: shuffled(launchTemplates, order),
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

  it('decides once on every image of the target, and gives a reason', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const ids = new Set(input.observation.images.items.map(({ id }) => id));
        const decisions = plan(input).decisions.filter(({ id }) => ids.has(id));

        expect(decisions.map(({ id }) => id).sort()).toEqual([...ids].sort());
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

describe('removals', () => {
  it('never exceed the count of a run, whatever earlier hops removed', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 12 }), (input, removed) => {
        const { count } = input.policySet.limits.maxRemovals;
        const left = Math.max(0, count - removed);

        expect(countOf({ ...input, spent: { removed, counted: 0 } })).toBeLessThanOrEqual(left);
      }),
    );
  });

  it('leave keepAtLeast good points of every source and policy that has so many', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const removed = new Set(removedBy(plan(input)));
        const good = input.observation.images.items.filter(
          ({ state, tags }) => state === 'available' && tags['imago:source'] !== undefined,
        );
        const ids = input.policySet.policies.flatMap(({ id, formerly }) =>
          [id, ...formerly].map((one) => [one, id] as const),
        );
        const policyOf = new Map(ids);
        const groups = Map.groupBy(good, ({ tags }) =>
          [policyOf.get(tags['imago:policy'] ?? ''), tags['imago:source']].join('/'),
        );
        const { keepAtLeast } = input.policySet.limits;
        const short = [...groups.values()].filter((group) => {
          const left = group.filter(({ id }) => !removed.has(id)).length;
          return left < Math.min(keepAtLeast, group.length);
        });

        expect(short).toEqual([]);
      }),
    );
  });

  it('are none of an image that is in use, held, protected, pending or disabled', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { instances, launchTemplates, images } = input.observation;
        const used = new Set([
          ...instances.items.filter((one) => one.state !== 'terminated').map((one) => one.imageId),
          ...launchTemplates.items.map((one) => one.imageId),
        ]);
        const removed = new Set(removedBy(plan(input)));
        const wrong = images.items.filter(
          ({ id, state, tags, isDeregistrationProtected }) =>
            removed.has(id) &&
            (used.has(id) ||
              isDeregistrationProtected ||
              ['', '2099-01-01'].includes(tags['imago:hold'] ?? 'none') ||
              state === 'pending' ||
              state === 'disabled' ||
              tags['imago:policy'] === 'gone'),
        );

        expect(wrong).toEqual([]);
      }),
    );
  });

  it('are no more with any one image held', () => {
    fc.assert(
      fc.property(anyInput, fc.nat(), (input, chosen) => {
        const held = mapImages(input, (image, index) =>
          index === chosen % input.observation.images.items.length
            ? { ...image, tags: { ...image.tags, 'imago:hold': 'forever' } }
            : image,
        );

        expect(countOf(held)).toBeLessThanOrEqual(countOf(input));
      }),
    );
  });

  it('are no more with any one image in use', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 23 }), (input, chosen) => {
        const used = { imageId: `ami-${chosen}`, kind: 'launch-template', by: 'lt-0bb' } as const;
        const { items } = input.observation.launchTemplates;
        const other = observing(input, { launchTemplates: completePart([...items, used]) });

        expect(countOf(other)).toBeLessThanOrEqual(countOf(input));
        expect(removedBy(plan(other))).not.toContain(used.imageId);
      }),
    );
  });

  it('are a part of what they were with a larger last, where no limit holds back', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { policies } = input.policySet;
        const unlimited = { ...input, policySet: { limits: NO_LIMITS, policies } };
        const longer = policies.map((policy) => ({
          ...policy,
          keep: { ...policy.keep, last: (policy.keep.last ?? 0) + 1 },
        }));
        const removed = new Set(removedBy(plan(unlimited)));
        const other = { ...unlimited, policySet: { limits: NO_LIMITS, policies: longer } };

        expect(removedBy(plan(other)).filter((id) => !removed.has(id))).toEqual([]);
      }),
    );
  });

  it.each(['instances', 'images', 'launchTemplates'] as const)(
    'are no images while the %s are not all seen',
    (part) => {
      fc.assert(
        fc.property(anyInput, (input) => {
          const { items } = input.observation[part] as Part<never>;
          const other = observing(input, { [part]: incompletePart('denied', items) });

          expect(plan(other).removals.filter(({ kind }) => kind === 'retire')).toEqual([]);
        }),
      );
    },
  );

  it('are no snapshots while the images or the snapshots are not all seen', () => {
    fc.assert(
      fc.property(homeInput, fc.constantFrom('images', 'snapshots'), (input, part) => {
        const { items } = input.observation[part] as Part<never>;
        const other = observing(input, { [part]: incompletePart('denied', items) });

        expect(plan(other).removals.filter(({ kind }) => kind !== 'retire')).toEqual([]);
      }),
    );
  });

  it('are none of a policy that copies while it is not known what its destination has', () => {
    fc.assert(
      fc.property(homeInput, fc.boolean(), (input, isRead) => {
        const [place] = input.observation.places;
        const images = incompletePart('denied', place?.images.items ?? []);
        const places = place === undefined || !isRead ? [] : [{ ...place, images }];
        const copied = new Set(
          input.policySet.policies
            .filter(({ copyTo }) => copyTo.length > 0)
            .flatMap(({ id, formerly }) => [id, ...formerly]),
        );
        const wrong = plan(observing(input, { places })).removals.filter(
          (one) =>
            one.kind === 'retire' &&
            copied.has(one.point.policyId) &&
            one.reasons.some(({ id }) => id === 'RET-10'),
        );

        expect(wrong).toEqual([]);
      }),
    );
  });
});

describe('planning again', () => {
  /** What is left once a plan is carried out: an image goes with its snapshots. */
  const after = (input: PlanInput, { removals }: Plan): PlanInput => {
    const gone = new Set(
      removals.flatMap((one) =>
        one.kind === 'retire' ? [one.imageId, ...one.snapshotIds] : [one.snapshotId],
      ),
    );
    const { images, snapshots } = input.observation;
    return observing(input, {
      images: completePart(images.items.filter(({ id }) => !gone.has(id))),
      snapshots: completePart(snapshots.items.filter(({ id }) => !gone.has(id))),
    });
  };

  it('after all that was planned is removed, where no limit held back, removes nothing', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { policies } = input.policySet;
        const unlimited = { ...input, policySet: { limits: NO_LIMITS, policies } };

        expect(removedBy(plan(after(unlimited, plan(unlimited))))).toEqual([]);
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
        const again = plan(after(input, first));

        expect(removedBy(again).filter((id) => !deferred.has(id))).toEqual([]);
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
});
