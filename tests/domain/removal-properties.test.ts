import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput, RetireAction } from '../../shared/domain/decision.ts';
import {
  completePart,
  FUNCTION_SOURCES,
  type Image,
  incompletePart,
  type Part,
  REFERENCE_SOURCES,
  type Tags,
} from '../../shared/domain/model.ts';
import { planRemovals } from '../../shared/domain/plan.ts';
import { isGood, pointsAt } from '../../shared/domain/point.ts';
import { type Keep, type Policy, policyOf } from '../../shared/domain/policy.ts';
import { freeze, HOME } from '../support/builders.ts';
import { slowRetain } from '../support/slow-retention.ts';
import { anyInput, homeInput } from './arbitraries.ts';
import { mapImages, observing, removedBy, unlimited } from './removals.ts';

const removed = (input: PlanInput): readonly string[] => removedBy(planRemovals(input));

const countOf = (input: PlanInput): number => planRemovals(input).removals.length;

const retirements = (input: PlanInput): readonly RetireAction[] =>
  planRemovals(input).removals.filter((one) => one.kind === 'retire');

/** Points of one policy and source, and of copies apart, as the tags tell. */
const lineOf = (input: PlanInput, { tags }: Image): string =>
  [
    policyOf(input.policySet, tags['imago:policy'] ?? '')?.id ?? tags['imago:policy'],
    tags['imago:source'],
    tags['imago:copied-from'] === undefined,
  ].join('/');

const withPolicies = (input: PlanInput, change: (policy: Policy) => Policy): PlanInput =>
  freeze({
    ...input,
    policySet: { ...input.policySet, policies: input.policySet.policies.map(change) },
  });

const withTags = (input: PlanInput, chosen: number, tags: Tags): PlanInput =>
  mapImages(input, (image, index) =>
    index === chosen % input.observation.images.items.length
      ? { ...image, tags: { ...image.tags, ...tags } }
      : image,
  );

describe('removals', () => {
  it('never exceed the count of a run, whatever earlier hops removed', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 12 }), (input, spent) => {
        const { count } = input.policySet.limits.maxRemovals;
        const left = Math.max(0, count - spent);

        expect(countOf({ ...input, spent: { removed: spent, counted: 0 } })).toBeLessThanOrEqual(
          left,
        );
      }),
    );
  });

  it('leave keepAtLeast good points of every source and policy, unless the source is gone', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const going = new Map(retirements(input).map((one) => [one.imageId, one]));
        const good = pointsAt(
          input.observation.images.items,
          input.deployment,
          input.observation.target,
        ).filter(isGood);
        const groups = Map.groupBy(good, ({ image }) => lineOf(input, image));
        const { keepAtLeast } = input.policySet.limits;
        const short = [...groups.values()].filter((group) => {
          const left = group.filter(({ image }) => !going.has(image.id)).length;
          const isGone = group.some(({ image }) => going.get(image.id)?.goneFrom !== undefined);
          const isAsked = group.some(({ name }) => name.policyId === 'on-demand');
          return !isGone && !isAsked && left < Math.min(keepAtLeast, group.length);
        });

        expect(short).toEqual([]);
      }),
    );
  });

  it('are none that the rule of their policy keeps, by another reckoning of it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { target, images } = input.observation;
        const good = pointsAt(images.items, input.deployment, target).filter(isGood);
        const wrong = retirements(input).filter(({ point, imageId, isFailed, goneFrom }) => {
          const policy = policyOf(input.policySet, point.policyId);
          if (isFailed || goneFrom || policy === undefined || policy.keepFrom?.floor) return false;
          const group = good.filter(({ image }) => {
            const self = images.items.find(({ id }) => id === imageId);
            return self !== undefined && lineOf(input, image) === lineOf(input, self);
          });
          const isCopy = group[0]?.image.tags['imago:copied-from'] !== undefined;
          const keep = isCopy ? (policy.copyTo[0]?.keep ?? { last: 'all' }) : policy.keep;
          const dated = group.map(({ image, capturedMs, name }) => ({
            id: image.id,
            instantMs: name.slotMs > capturedMs + 300_000 ? capturedMs : name.slotMs,
          }));
          return new Map(slowRetain(dated, keep, policy.timezone)).has(imageId);
        });

        expect(wrong).toEqual([]);
      }),
    );
  });

  it('are none of an image that anything forbids to remove', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { instances, uses, images } = input.observation;
        const used = new Set([
          ...instances.items.filter((one) => one.state !== 'terminated').map((one) => one.imageId),
          ...uses.flatMap(({ part }) => part.items.map((one) => one.imageId)),
        ]);
        const closed = new Set(
          input.policySet.policies
            .filter(({ retire }) => retire.during.length > 0)
            .flatMap(({ id, formerly }) => [id, ...formerly]),
        );
        const going = new Set(removed(input));
        const wrong = images.items.filter(
          ({ id, state, tags, isDeregistrationProtected }) =>
            going.has(id) &&
            (used.has(id) ||
              isDeregistrationProtected ||
              ['', '2099-01-01'].includes(tags['imago:hold'] ?? 'none') ||
              ['pending', 'disabled'].includes(state) ||
              tags['imago:adopted'] !== undefined ||
              closed.has(tags['imago:policy'] ?? '') ||
              tags['imago:policy'] === 'gone' ||
              (state === 'available' && isKeptByTags(tags))),
        );

        expect(wrong).toEqual([]);
      }),
    );
  });

  it('are no more with any one image held, or kept for ever by its tag', () => {
    const tags = fc.constantFrom<Tags>({ 'imago:hold': 'forever' }, { 'imago:keep': 'all' });
    fc.assert(
      fc.property(anyInput, fc.nat(), tags, (input, chosen, held) => {
        expect(countOf(withTags(input, chosen, held))).toBeLessThanOrEqual(countOf(input));
      }),
    );
  });

  it('are no more with any one image in use', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 23 }), (input, chosen) => {
        const imageId = `ami-${chosen}`;
        const used = { imageId, kind: 'launch-template', by: 'lt-0bb', holds: true } as const;
        const uses = input.observation.uses.map(({ source, part }) => ({
          source,
          part: completePart([...part.items, used]),
        }));
        const other = observing(input, { uses });

        expect(countOf(other)).toBeLessThanOrEqual(countOf(input));
        expect(removed(other)).not.toContain(used.imageId);
      }),
    );
  });

  it('by a policy are a part of what they were with one place more in every rule', () => {
    fc.assert(
      fc.property(anyInput.map(unlimited), (input) => {
        const longer = withPolicies(input, (policy) => ({ ...policy, keep: oneMore(policy.keep) }));
        const before = new Set(removed(input));

        expect(
          planRemovals(longer)
            .removals.filter((one) => one.kind !== 'retire' || one.point.policyId !== 'on-demand')
            .map((one) => (one.kind === 'retire' ? one.imageId : one.snapshotId))
            .filter((id) => !before.has(id)),
        ).toEqual([]);
      }),
    );
  });

  it('are no images while one of those who use images has not said all', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const uses = input.observation.uses.map(({ source, part }) => ({
          source,
          part: incompletePart('denied', part.items),
        }));

        expect(retirements(observing(input, { uses }))).toEqual([]);
        expect(retirements(observing(input, { uses: [] }))).toEqual([]);
      }),
    );
  });

  it('are no images while one of those whom the pass wants asked was not', () => {
    const others = REFERENCE_SOURCES.filter((source) => !FUNCTION_SOURCES.includes(source));
    fc.assert(
      fc.property(anyInput, fc.subarray(others, { minLength: 1 }), (input, sources) => {
        expect(retirements({ ...input, sources })).toEqual([]);
      }),
    );
  });

  it.each(['instances', 'images'] as const)(
    'are no images while the %s are not all seen',
    (part) => {
      fc.assert(
        fc.property(anyInput, (input) => {
          const { items } = input.observation[part] as Part<never>;
          const other = observing(input, { [part]: incompletePart('denied', items) });

          expect(retirements(other)).toEqual([]);
        }),
      );
    },
  );

  it('are no snapshots while the images or the snapshots are not all seen', () => {
    fc.assert(
      fc.property(homeInput, fc.constantFrom('images', 'snapshots'), (input, part) => {
        const { items } = input.observation[part] as Part<never>;
        const other = observing(input, { [part]: incompletePart('denied', items) });

        expect(planRemovals(other).removals.filter(({ kind }) => kind !== 'retire')).toEqual([]);
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
        const wrong = retirements(observing(input, { places })).filter(
          ({ point, isFailed }) => copied.has(point.policyId) && !isFailed,
        );

        expect(wrong).toEqual([]);
      }),
    );
  });
});

describe('removals for a source that is gone', () => {
  const YOUNG_MS = 7 * 86_400_000;

  it('are only of one that its home does not show, and that has no young point anywhere', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { target, images, instances, places } = input.observation;
        const all = [{ place: target, images, instances }, ...places];
        const isHome = ({ place }: (typeof all)[number]): boolean => place.region === HOME.region;
        const alive = all
          .filter(isHome)
          .flatMap((home) => home.instances?.items ?? [])
          .filter(({ state }) => state !== 'terminated');
        const young = all
          .filter((one) => one.place === target || isHome(one))
          .flatMap((one) => pointsAt(one.images.items, input.deployment, one.place))
          .filter(
            ({ capturedMs, name }) => input.nowMs - Math.max(capturedMs, name.slotMs) < YOUNG_MS,
          );
        const shown = new Set([
          ...alive.map(({ id }) => id),
          ...young.map(({ name }) => name.sourceId),
        ]);
        const wrong = retirements(input).filter(
          ({ goneFrom, point }) =>
            goneFrom !== undefined &&
            (shown.has(point.sourceId) ||
              !policyOf(input.policySet, point.policyId)?.whenSourceGone),
        );

        expect(wrong).toEqual([]);
      }),
    );
  });

  it('are none while its instances, or those of its home, are not all seen', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { instances, places } = input.observation;
        const denied = <T>(items: readonly T[]): Part<T> => incompletePart('denied', items);
        const other = observing(input, {
          instances: denied(instances.items),
          places: places.map((place) => ({
            ...place,
            instances: denied(place.instances?.items ?? []),
          })),
        });

        expect(
          planRemovals(other).removals.filter(({ goneFrom }) => goneFrom !== undefined),
        ).toEqual([]);
      }),
    );
  });
});

/** By the tags of the arbitraries, whatever the rule of the policy. */
const isKeptByTags = (tags: Tags): boolean =>
  tags['imago:keep'] === 'all' ||
  ['2099-01-01', 'soon'].includes(tags['imago:keep-until'] ?? '') ||
  (tags['imago:policy'] === 'on-demand' && tags['imago:keep-until'] === undefined);

const oneMore = ({ within, withinWeekly, ...counts }: Keep): Keep => ({
  ...Object.fromEntries(
    Object.entries(counts).map(([rule, count]) => [
      rule,
      typeof count === 'number' ? count + 1 : count,
    ]),
  ),
  ...(within && { within: { ...within, days: within.days + 1 } }),
  ...(withinWeekly && { withinWeekly: { ...withinWeekly, days: withinWeekly.days + 1 } }),
});
