import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Image, ImageState } from '../../shared/domain/model.ts';
import {
  isFailed,
  isGood,
  isPending,
  latestFirst,
  newestFirst,
  ownershipOf,
  type Point,
  pointsAt,
} from '../../shared/domain/point.ts';
import { formatSlot, parsePointName } from '../../shared/domain/naming.ts';
import { TAG } from '../../shared/domain/tags.ts';
import { aCopy, anImage, aPoint, at, DEPLOYMENT, ELSEWHERE, HOME } from '../support/builders.ts';

const pointOf = (image: Image, place = HOME): Point => {
  const ownership = ownershipOf(image, DEPLOYMENT, place);
  if (!ownership.isOurs) throw new Error(`not ours: ${ownership.reason.id}`);
  return ownership.point;
};

describe('ownership', () => {
  it.each([
    [
      'a point that EC2 made of an instance',
      aPoint({ sourceInstanceId: 'i-0aa', sourceImageId: 'ami-base' }),
    ],
    ['a point of which EC2 says nothing', aPoint()],
  ])('is ours for %s', (_, image) => {
    expect(ownershipOf(image, DEPLOYMENT, HOME).isOurs).toBe(true);
  });

  it('of one image in several lists is asked anew for another place and another deployment', () => {
    const image = aPoint();
    expect(pointsAt([image], DEPLOYMENT, HOME)).toHaveLength(1);
    expect(pointsAt([image], DEPLOYMENT, ELSEWHERE)).toHaveLength(0);
    expect(pointsAt([image], 'another', HOME)).toHaveLength(0);
    expect(pointsAt([image, image], DEPLOYMENT, HOME)).toHaveLength(2);
  });

  it('OWN-05 is not ours for a point that EC2 calls a copy', () => {
    expect(ownershipOf(aPoint({ sourceImageId: 'ami-1' }), DEPLOYMENT, HOME)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-05', evidence: 'ami-1' },
    });
  });

  it('OWN-05 is not ours for a copy of another image than its tag names', () => {
    const place = ELSEWHERE;
    const ours = aCopy({ of: 'ami-1', sourceImageId: 'ami-1' });
    const theirs = aCopy({ of: 'ami-1', sourceImageId: 'ami-copy' });

    expect(ownershipOf(ours, DEPLOYMENT, place).isOurs).toBe(true);
    expect(ownershipOf(theirs, DEPLOYMENT, place)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-05', evidence: 'ami-copy' },
    });
  });

  it('is ours for an image with our tags, at its home, with the name that they say', () => {
    const image = aPoint({ slot: '2026-11-21T02:00Z', retry: 1 });

    expect(ownershipOf(image, DEPLOYMENT, HOME)).toEqual({
      isOurs: true,
      point: {
        image,
        name: {
          deployment: 'prod',
          policyId: 'web-daily',
          sourceId: 'i-0aa',
          slotMs: 1_795_226_400_000,
          retry: 1,
        },
        capturedMs: 1_795_226_400_000,
        instantMs: 1_795_226_400_000,
      },
    });
  });

  it.each([
    ['', aPoint({ tags: { [TAG.adopted]: 'web-daily' } })],
    [' and in a foreign name', anImage({ tags: { ...aPoint().tags, [TAG.adopted]: 'web-daily' } })],
  ])('ADO-02 is no point of ours for an image that was adopted%s', (_, image) => {
    expect(ownershipOf(image, DEPLOYMENT, HOME)).toEqual({
      isOurs: false,
      reason: { id: 'ADO-02', evidence: 'web-daily' },
    });
  });

  it.each([
    ['without tags', anImage()],
    ['of another deployment', aPoint({ tags: { [TAG.deployment]: 'test' } })],
    ['with our name and no tags', anImage({ name: aPoint().name })],
  ])('OWN-02 is not ours for an image %s', (_, image) => {
    expect(ownershipOf(image, DEPLOYMENT, HOME)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-02' },
    });
  });

  it.each([
    ['another Region', 'eu-central-1', ELSEWHERE, 'home 111122223333/eu-central-1'],
    [
      'another account',
      'eu-central-1',
      { ...HOME, account: '999900001111' },
      'home 111122223333/eu-central-1',
    ],
  ])('OWN-03 is not ours for an image found in %s', (_, region, place, evidence) => {
    const image = aPoint({ place: { ...HOME, region } });

    expect(ownershipOf(image, DEPLOYMENT, place)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-03', evidence },
    });
  });

  it('OWN-03 is not ours for an image that does not say its home', () => {
    const { [TAG.home]: _home, ...tags } = aPoint().tags;
    const image = anImage({ name: aPoint().name, tags });

    expect(ownershipOf(image, DEPLOYMENT, HOME)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-03', evidence: 'home not written' },
    });
  });

  it.each([
    ['a name that is no point', { name: 'web-copy' }, 'web-copy'],
    [
      'a name of another deployment',
      { name: 'imago/test/web-daily/i-0aa/2026-11-21T02-00-00Z' },
      'imago/test/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ],
    [
      'another policy',
      { tags: { [TAG.policy]: 'db' } },
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ],
    [
      'another source',
      { tags: { [TAG.source]: 'i-0bb' } },
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ],
    [
      'another slot',
      { tags: { [TAG.slot]: '2026-11-20T02-00-00Z' } },
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ],
  ])('OWN-04 is not ours for an image whose tags say %s', (_, parts, evidence) => {
    expect(ownershipOf(aPoint(parts), DEPLOYMENT, HOME)).toEqual({
      isOurs: false,
      reason: { id: 'OWN-04', evidence },
    });
  });

  it('leaves strangers out of the points of a place', () => {
    const images = [aPoint({ id: 'ami-1' }), anImage({ id: 'ami-2' }), aCopy({ id: 'ami-3' })];

    expect(pointsAt(images, DEPLOYMENT, HOME).map(({ image }) => image.id)).toEqual(['ami-1']);
    expect(pointsAt(images, DEPLOYMENT, ELSEWHERE).map(({ image }) => image.id)).toEqual(['ami-3']);
  });
});

describe('the name of an image', () => {
  const part = fc.constantFrom(
    'web',
    'i-0aa',
    'prod',
    'imago',
    '',
    'a/b',
    'r1',
    '2026-11-21T02-00-00Z',
  );
  const named = fc.record({
    parts: fc.array(part, { minLength: 3, maxLength: 6 }),
    tags: fc.record({
      [TAG.policy]: part,
      [TAG.source]: part,
      [TAG.slot]: fc.constantFrom('2026-11-21T02-00-00Z', '2026-02-31T02-00-00Z', 'web', ''),
    }),
    tail: fc.constantFrom('', '/', '/r1', '/r12', '/r0', '/r1/', '/x', 'r1', '/r1x'),
    agrees: fc.boolean(),
  });

  it('makes it ours exactly if it stands for what the tags say', () => {
    fc.assert(
      fc.property(named, ({ parts, tags, tail, agrees }) => {
        const told = [DEPLOYMENT, tags[TAG.policy], tags[TAG.source], tags[TAG.slot]];
        const name = ['imago', ...(agrees ? told : parts)].join('/') + tail;
        const ours = { ...aPoint().tags, ...tags };
        const ownership = ownershipOf(anImage({ name, tags: ours }), DEPLOYMENT, HOME);
        const stands = parsePointName(name);
        const isTold =
          stands?.deployment === DEPLOYMENT &&
          stands.policyId === tags[TAG.policy] &&
          stands.sourceId === tags[TAG.source] &&
          formatSlot(stands.slotMs) === tags[TAG.slot];

        expect(ownership.isOurs && ownership.point.name).toEqual(isTold && stands);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('capture', () => {
  it('is when the image was made', () => {
    const image = aPoint({ slot: '2026-11-21T02:00Z', created: '2026-11-21T02:07Z' });

    expect(pointOf(image).capturedMs).toBe(at('2026-11-21T02:07Z'));
  });

  it('is carried by a copy, which is made later', () => {
    const image = aCopy({ slot: '2026-11-21T02:00Z', created: '2026-11-21T09:00Z' });

    expect(pointOf(image, ELSEWHERE).capturedMs).toBe(at('2026-11-21T02:00Z'));
  });

  it('is when the image was made, if what it carries cannot be read', () => {
    const image = aPoint({ created: '2026-11-21T02:07Z', tags: { [TAG.capturedAt]: 'yesterday' } });

    expect(pointOf(image).capturedMs).toBe(at('2026-11-21T02:07Z'));
  });
});

describe('the instant that retention goes by', () => {
  const instantOf = (slot: string, created: string): string =>
    new Date(pointOf(aPoint({ slot, created })).instantMs).toISOString();

  it('is the slot, however late the point was made', () => {
    expect(instantOf('2026-11-21T02:00Z', '2026-11-23T17:00Z')).toBe('2026-11-21T02:00:00.000Z');
  });

  it('is the slot, though a clock of ours went five minutes before that of EC2', () => {
    expect(instantOf('2026-11-21T02:05Z', '2026-11-21T02:00Z')).toBe('2026-11-21T02:05:00.000Z');
  });

  it('is the capture, where the slot came after it by more: a clock ran ahead', () => {
    expect(instantOf('2026-11-21T02:05:01Z', '2026-11-21T02:00Z')).toBe('2026-11-21T02:00:00.000Z');
    expect(instantOf('2031-01-01T00:00Z', '2026-11-21T02:00Z')).toBe('2026-11-21T02:00:00.000Z');
  });

  it('is of a copy that of the point: by its slot and the capture that it carries', () => {
    const parts = { slot: '2031-01-01T00:00Z', created: '2026-11-21T09:00Z' };
    const tags = { [TAG.capturedAt]: '2026-11-21T02:00:00.000Z' };

    expect(pointOf(aCopy({ ...parts, tags }), ELSEWHERE).instantMs).toBe(at('2026-11-21T02:00Z'));
  });
});

describe('states', () => {
  it.each<[ImageState, string]>([
    ['available', 'good'],
    ['pending', 'pending'],
    ['failed', 'failed'],
    ['error', 'failed'],
    ['invalid', 'failed'],
    ['disabled', 'neither'],
    ['deregistered', 'neither'],
    ['transient', 'neither'],
  ])('%s counts as %s', (state, kind) => {
    const point = pointOf(aPoint({ state }));

    expect([isGood(point), isPending(point), isFailed(point)]).toEqual([
      kind === 'good',
      kind === 'pending',
      kind === 'failed',
    ]);
  });
});

describe('order', () => {
  it('is newest first, and by id among points of one instant', () => {
    const images = [
      aPoint({ id: 'ami-b', slot: '2026-11-20T02:00Z' }),
      aPoint({ id: 'ami-c', slot: '2026-11-21T02:00Z' }),
      aPoint({ id: 'ami-a', slot: '2026-11-20T02:00Z' }),
    ];

    const points = pointsAt(images, DEPLOYMENT, HOME);

    expect(points.toSorted(newestFirst).map(({ image }) => image.id)).toEqual([
      'ami-c',
      'ami-a',
      'ami-b',
    ]);
    expect(points.toSorted(latestFirst).map(({ image }) => image.id)).toEqual([
      'ami-c',
      'ami-a',
      'ami-b',
    ]);
  });

  it('is by capture or by slot, as it is asked for', () => {
    const images = [
      aPoint({ id: 'ami-a', slot: '2026-11-20T02:00Z', created: '2026-11-22T02:00Z' }),
      aPoint({ id: 'ami-b', slot: '2026-11-21T02:00Z', created: '2026-11-21T02:00Z' }),
    ];
    const points = pointsAt(images, DEPLOYMENT, HOME);

    expect(points.toSorted(newestFirst).map(({ image }) => image.id)).toEqual(['ami-a', 'ami-b']);
    expect(points.toSorted(latestFirst).map(({ image }) => image.id)).toEqual(['ami-b', 'ami-a']);
  });
});
