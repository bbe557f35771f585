import { describe, expect, it } from 'vitest';
import type { PlanInput, RetireAction } from '../../shared/domain/decision.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import {
  completePart,
  type Image,
  type ImageReference,
  type Instance,
  incompletePart,
  notRead,
  type Part,
  type Tags,
} from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { type ProtectionFacts, protectionOf } from '../../shared/domain/protection.ts';
import { createSources } from '../../shared/domain/source-gone.ts';
import { type FreshFacts, objectionsTo } from '../../shared/loop/fresh-facts.ts';
import {
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  at,
  freeze,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const point = (day: number, tags: Tags = {}): Image =>
  aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, tags });

/** The removal that is planned first, and what it was planned on. */
const planned = (
  parts: PlanParts,
): { readonly input: PlanInput; readonly action: RetireAction } => {
  const input = aPlanInput({ now: '2026-12-21T04:30Z', ...parts });
  const [action] = planRetirement(input).actions;
  if (action === undefined) throw new Error('nothing is to be removed');
  return { input, action };
};

/** That nothing uses any image, as far as is known. */
const unused = (
  nowMs: number,
  instances: Part<ImageReference> = completePart([]),
): ProtectionFacts =>
  protectionOf({
    uses: [
      { source: 'instances', part: instances },
      { source: 'launch-templates', part: completePart([]) },
    ],
    sources: ['instances', 'launch-templates'],
    nowMs,
  });

interface Fresh extends Partial<FreshFacts> {
  readonly nowMs?: number;
}

/** `RET-08 …`: what is said against it, where nothing but these facts has changed. */
const objections = (parts: PlanParts, image: Image | undefined, fresh: Fresh = {}) => {
  const { input, action } = planned(parts);
  const { images, instances } = input.observation;
  const before = images.items.find(({ id }) => id === action.imageId);
  const { nowMs = input.nowMs, ...changed } = fresh;
  const facts: FreshFacts = {
    images,
    snapshots: completePart([]),
    instances,
    copies: new Map(),
    before: { images: images.items, instances: instances.items },
    protection: unused(nowMs),
    ...changed,
  };
  const found = objectionsTo(action, image ?? before ?? point(1), { facts, planned: input, nowMs });
  return found.map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim());
};

describe('tags that say how long a point is kept, right before its removal', () => {
  const EXPIRED: PlanParts = {
    images: [point(21), point(20)],
    policies: [aPolicy({ keep: { last: 1 }, keepFrom: { tag: 'Retention', unit: 'd' } })],
  };

  it('are nothing against it where they are what they were', () => {
    const images = [point(21), point(20, { 'imago:keep': 'last=1', Retention: 'x' })];
    const instances = [anInstance({ tags: { 'imago:keep': 'last=1' } })];

    expect(objections(EXPIRED, undefined)).toEqual([]);
    expect(objections({ ...EXPIRED, images, instances }, undefined)).toEqual([]);
  });

  it('RET-08 supersede it when one was set on the image', () => {
    expect(objections(EXPIRED, point(20, { 'imago:keep': '60d' }))).toEqual([
      'RET-08 since it was planned: imago:keep=60d of the image',
    ]);
    expect(objections(EXPIRED, point(20, { Retention: '60' }))).toEqual([
      'RET-08 since it was planned: Retention=60 of the image',
    ]);
  });

  it('RET-08 supersede it when one was changed or taken off', () => {
    const images = [point(21), point(20, { Retention: '1' })];

    expect(objections({ ...EXPIRED, images }, point(20, { Retention: '2' }))).toEqual([
      'RET-08 since it was planned: Retention=2 of the image',
    ]);
    expect(objections({ ...EXPIRED, images }, point(20))).toEqual([
      'RET-08 since it was planned: no tag',
    ]);
  });

  it('RET-08 supersede it when one was set on its instance, and on no other', () => {
    const set = (id: string): Part<Instance> =>
      completePart([anInstance(), anInstance({ id, tags: { 'imago:keep': 'all' } })].slice(-1));

    expect(objections(EXPIRED, undefined, { instances: set('i-0aa') })).toEqual([
      'RET-08 since it was planned: imago:keep=all of i-0aa',
    ]);
    expect(objections(EXPIRED, undefined, { instances: set('i-0bb') })).toEqual([]);
  });

  it('RET-08 PRO-26 supersede it with a date to come, or one that nobody can read', () => {
    const until = (text: string) => objections(EXPIRED, point(20, { 'imago:keep-until': text }));

    expect(until('2099-01-01')).toEqual(['RET-08 imago:keep-until=2099-01-01']);
    expect(until('soon')).toEqual(['PRO-26 soon']);
    expect(until('2026-12-20')).toEqual([]);
  });

  it('PRO-20 supersede it where the instances could not be read again, said once', () => {
    const instances = incompletePart<Instance>('denied');
    const protection = unused(0, incompletePart('denied'));

    expect(objections(EXPIRED, undefined, { instances })).toEqual(['PRO-20 denied']);
    expect(objections(EXPIRED, undefined, { instances, protection })).toEqual(['PRO-20 denied']);
  });

  it('are nothing against the removal of an image that failed', () => {
    const failed = (tags: Tags): Image =>
      aPoint({ id: 'ami-20', slot: '2026-11-20T02:00Z', state: 'failed', tags });
    const images = [point(21), failed({})];

    expect(objections({ ...EXPIRED, images }, failed({ 'imago:keep': 'all' }))).toEqual([]);
  });
});

describe('a window, right before a removal', () => {
  const during = [
    { kind: 'once', startMs: at('2026-12-21T04:00Z'), endMs: at('2026-12-21T05:00Z') },
  ] as const;
  const parts: PlanParts = {
    images: [point(21), point(20)],
    policies: [aPolicy({ keep: { last: 1 }, retire: { snapshots: 'delete', during } })],
  };

  it('PRO-07 supersedes it when it has closed since', () => {
    expect(objections(parts, undefined, { nowMs: at('2026-12-21T04:59:59Z') })).toEqual([]);
    expect(objections(parts, undefined, { nowMs: at('2026-12-21T05:00Z') })).toEqual([
      'PRO-07 never again',
    ]);
  });
});

describe('a source that was gone, right before a removal', () => {
  const OTHER = anInstance({ id: 'i-0bb' });
  const GONE: PlanParts = {
    now: '2026-12-18T04:30Z',
    instances: [OTHER],
    images: [point(21), point(20)],
    policies: [aPolicy({ whenSourceGone: { keepLast: 1, for: { ...NO_TIME, days: 30 } } })],
  };
  const ALL_GONE: PlanParts = { ...GONE, now: '2027-01-01T00:00Z' };

  /** As if these parts of the observation had been read again. */
  const proof = (parts: PlanParts, changed: PlanParts = {}): Pick<Fresh, 'proof'> => {
    const input = aPlanInput({ ...parts, ...changed });
    return { proof: { input, sources: createSources(input) } };
  };

  it('is nothing against it while it is still gone, and nothing need stay', () => {
    expect(objections(GONE, undefined, proof(GONE))).toEqual([]);
    expect(objections(ALL_GONE, undefined, proof(ALL_GONE))).toEqual([]);
    expect(planned(ALL_GONE).action).toMatchObject({ survivorIds: [], goneFrom: HOME });
  });

  it('PRO-27 is not proven by what was not read again', () => {
    expect(objections(ALL_GONE, undefined)).toEqual(['PRO-27 not read again']);
  });

  it.each<[string, PlanParts, string]>([
    ['its instance is seen', { instances: [OTHER, anInstance()] }, 'PRO-06 its source is not gone'],
    [
      'a newer point is seen',
      { images: [point(21), point(20), aPoint({ slot: '2026-12-31T02:00Z', state: 'pending' })] },
      'PRO-06 its source is not gone',
    ],
    [
      'the instances could not be read whole',
      { instances: incompletePart('denied', [OTHER]) },
      'PRO-27 instances of eu-central-1: denied',
    ],
    ['no instance is seen', { instances: [] }, 'PRO-27 instances of eu-central-1: none seen'],
    [
      'the instances were not read',
      { instances: notRead() },
      'PRO-27 instances of eu-central-1: not read by this pass',
    ],
    [
      'the images could not be read whole',
      { images: incompletePart('denied', [point(21), point(20)]) },
      'PRO-27 images of eu-central-1: denied',
    ],
  ])('PRO-06 PRO-27 it stays where %s', (_, changed, expected) => {
    expect(objections(ALL_GONE, undefined, proof(ALL_GONE, changed))).toEqual([expected]);
  });

  it('RET-27 is kept where it has become one of the last that are', () => {
    expect(objections(GONE, undefined, proof(GONE, { images: [point(20)] }))).toEqual(['RET-27']);
  });

  it('PRO-06 a point that the rule keeps must still be there', () => {
    expect(
      objections(GONE, undefined, { ...proof(GONE), images: completePart([point(20)]) }),
    ).toEqual(['PRO-06 a point that was to stay is gone']);
  });

  it('PRO-06 nothing goes without a survivor for any other reason', () => {
    const { input, action } = planned({ ...GONE, policies: [aPolicy({ keep: { last: 1 } })] });
    const [, image = point(20)] = input.observation.images.items;
    const facts: FreshFacts = {
      images: input.observation.images,
      snapshots: completePart([]),
      instances: completePart([]),
      copies: new Map(),
      before: { images: [], instances: [] },
      protection: unused(input.nowMs),
    };
    const judging = { facts, planned: input, nowMs: input.nowMs };

    expect(action.goneFrom).toBeUndefined();
    expect(objectionsTo(freeze({ ...action, survivorIds: [] }), image, judging)).toEqual([
      { id: 'PRO-06', evidence: 'a point that was to stay is gone' },
    ]);
  });
});

it('ADO-02 an image that was adopted meanwhile is left alone', () => {
  const parts: PlanParts = {
    images: [point(21), point(20)],
    policies: [aPolicy({ keep: { last: 1 } })],
  };

  expect(objections(parts, point(20, { 'imago:adopted': 'golden' }))).toEqual(['ADO-02 golden']);
});
