import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { completePart, type Image, type Snapshot, type Tags } from '../../shared/domain/model.ts';
import { planTags } from '../../shared/domain/plan-tags.ts';
import {
  aCopy,
  anImage,
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aTagPolicy,
  ELSEWHERE,
  freeze,
  HOME,
} from '../support/builders.ts';

/**
 * Small worlds in which people, policies and tag policies meet on the same few keys. No tag policy
 * reads a key that another one writes: such a chain takes as many passes as it is long.
 */
const PEOPLE = ['Name', 'a', 'b', 'imago:hold', 'imago:keep', 'imago:keep-until', 'Retention'];
const value = fc.constantFrom('', '1', '2', '{{x}}', 'x'.repeat(256));
const tags = fc.dictionary(
  fc.constantFrom(...PEOPLE, 'imago:subnet', 'aws:x', 'dlm:managed'),
  value,
);
const filler = fc
  .constantFrom(0, 0, 0, 36, 44)
  .map(
    (count): Tags =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, 'x'])),
  );
/** What fits on a resource beside the marks of a point. */
const worn = fc
  .tuple(tags, filler)
  .map(([one, more]): Tags => ({ ...more, ...one }))
  .filter((one) => Object.keys(one).length <= 43);

const template = fc.constantFrom('1', '{slot}', '{instance.tag.Name} {region}', '{instance.tag.b}');
const policy = fc
  .record({
    copy: fc.subarray(['Name', 'a', '*', 'Ret*']),
    exclude: fc.subarray(['a']),
    set: fc.dictionary(fc.constantFrom('a', 'b', 'Retention'), template, { maxKeys: 2 }),
    name: fc.option(template, { nil: undefined }),
    volumeTags: fc.subarray(['Name', '*']),
  })
  .map(({ copy, exclude, set, name, volumeTags }) =>
    aPolicy({
      tags: { copy, exclude, set, required: [] },
      image: { ...aPolicy().image, volumeTags, ...(name === undefined ? {} : { name }) },
      keepFrom: { tag: 'Retention' },
    }),
  );

const tagPolicies = fc.array(
  fc
    .record({
      id: fc.constantFrom('first', 'second'),
      names: fc.constantFrom(['*'], ['golden']),
      set: fc.dictionary(
        fc.constantFrom('a', 'b', 'Retention', 'imago:slot', 'imago:hold', 'aws:x', 'c'),
        fc.constantFrom('1', '{image.id}', '{image.tag.Name}', 'x'.repeat(300)),
      ),
      overwrite: fc.boolean(),
      snapshots: fc.boolean(),
    })
    .map(({ names, ...parts }) =>
      aTagPolicy({ ...parts, images: { ...aTagPolicy().images, names } }),
    ),
  { maxLength: 3 },
);

const place = fc.constantFrom(HOME, ELSEWHERE);

const world = fc
  .record({
    place,
    policy,
    tagPolicies,
    instance: worn,
    point: worn,
    source: worn,
    stranger: worn,
    volume: worn,
    snapshots: fc.array(worn, { minLength: 3, maxLength: 3 }),
    state: fc.constantFrom('available', 'available', 'pending', 'disabled'),
  })
  .map(({ place: target, ...one }): PlanInput => {
    const made = target === HOME ? aPoint : aCopy;
    const id = 'ami-1';
    const images = [
      made({ id, tags: one.point, snapshots: of('snap-1', 'snap-2') }),
      anImage({ id: 'ami-2', tags: one.stranger, snapshots: of('snap-3'), state: one.state }),
    ];
    const marks = Object.entries(made({ id }).tags);
    return aPlanInput({
      target,
      policies: [one.policy],
      tagPolicies: one.tagPolicies,
      instances: [anInstance({ tags: one.instance })],
      images,
      volumes: [{ id: 'vol-1', tags: one.volume }],
      snapshots: one.snapshots.map(
        (own, index): Snapshot => ({
          id: `snap-${index + 1}`,
          sizeGiB: 8,
          startedMs: 0,
          volumeId: 'vol-1',
          tags: index === 2 ? own : { ...Object.fromEntries(marks), ...own },
        }),
      ),
      places: target === HOME ? [] : [aPlace(HOME, [aPoint({ id, tags: one.source })])],
    });
  });

const of = (...ids: readonly string[]): Image['snapshots'] =>
  ids.map((snapshotId) => ({ snapshotId, sizeGiB: 8 }));

const tagsIn = ({ observation }: PlanInput): ReadonlyMap<string, Tags> =>
  new Map(
    [...observation.images.items, ...observation.snapshots.items].map((one) => [one.id, one.tags]),
  );

/** The same world once all that was planned is written. */
const afterwards = (input: PlanInput): PlanInput => {
  const written = new Map(
    planTags(input).actions.map((action) => [action.resourceId, action.tags]),
  );
  const write = <T extends { readonly id: string; readonly tags: Tags }>(one: T): T => ({
    ...one,
    tags: { ...one.tags, ...written.get(one.id) },
  });
  const { observation } = input;
  return freeze({
    ...input,
    observation: {
      ...observation,
      images: completePart(observation.images.items.map(write)),
      snapshots: completePart(observation.snapshots.items.map(write)),
    },
  });
};

describe('a plan of tags', () => {
  it('has nothing left to do once it is done', () => {
    fc.assert(
      fc.property(world, (input) => {
        expect(planTags(afterwards(input)).actions).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('writes nothing in which people or Amazon say something of keeping or managing', () => {
    fc.assert(
      fc.property(world, (input) => {
        const keys = planTags(input).actions.flatMap((action) => Object.keys(action.tags));

        expect(keys.filter((key) => /^(aws:|dlm:|imago:hold|imago:keep)/.test(key))).toEqual([]);
      }),
    );
  });

  it('never writes the tag in which a policy says people write how long a point is kept', () => {
    fc.assert(
      fc.property(world, (input) => {
        const onPoints = planTags(input).actions.filter(({ resourceId }) =>
          ['ami-1', 'snap-1', 'snap-2'].includes(resourceId),
        );

        expect(onPoints.filter(({ tags: one }) => 'Retention' in one)).toEqual([]);
      }),
    );
  });

  it('writes nothing of ours on what is not ours', () => {
    fc.assert(
      fc.property(world, (input) => {
        const onStrangers = planTags(input).actions.filter(({ resourceId }) =>
          ['ami-2', 'snap-3'].includes(resourceId),
        );
        const keys = onStrangers.flatMap((action) => Object.keys(action.tags));

        expect(keys.filter((key) => key.startsWith('imago:'))).toEqual([]);
      }),
    );
  });

  it('leaves nothing with more than 50 tags, and takes none away', () => {
    fc.assert(
      fc.property(world, (input) => {
        const before = tagsIn(input);
        for (const [id, after] of tagsIn(afterwards(input))) {
          const own = Object.keys(after).filter((key) => !key.startsWith('aws:'));
          const lost = Object.keys(before.get(id) ?? {}).filter((key) => !(key in after));

          expect([id, own.length <= 50, lost]).toEqual([id, true, []]);
        }
      }),
    );
  });

  it('writes something for every object at most once, and only what is new to it', () => {
    fc.assert(
      fc.property(world, (input) => {
        const before = tagsIn(input);
        const { actions } = planTags(input);

        expect(new Set(actions.map(({ resourceId }) => resourceId)).size).toBe(actions.length);
        for (const { resourceId, tags: one } of actions) {
          const known = before.get(resourceId) ?? {};
          expect(Object.keys(one)).not.toEqual([]);
          expect(Object.entries(one).filter(([key, now]) => known[key] === now)).toEqual([]);
        }
      }),
    );
  });

  it('is the same for the same input, which it leaves as it was', () => {
    fc.assert(
      fc.property(world, (input) => {
        const text = JSON.stringify(input);

        expect(JSON.stringify(planTags(input))).toBe(JSON.stringify(planTags(input)));
        expect(JSON.stringify(input)).toBe(text);
      }),
    );
  });

  it('decides about every point, and about every snapshot of one', () => {
    fc.assert(
      fc.property(world, (input) => {
        const ids = planTags(input).decisions.map(({ id }) => id);

        expect(ids).toEqual(expect.arrayContaining(['ami-1', 'snap-1', 'snap-2']));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
