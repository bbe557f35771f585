import { describe, expect, it } from 'vitest';
import { adoptionMark, adoptionOf } from '../../shared/domain/adoption.ts';
import { copyStates } from '../../shared/domain/copies.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import { type Image, incompletePart, notRead, type Tags } from '../../shared/domain/model.ts';
import { planOrphans } from '../../shared/domain/plan-orphans.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import {
  aCopy,
  anAdoption,
  anImage,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  aPolicySet,
  aSnapshot,
  at,
  DEPLOYMENT,
  ELSEWHERE,
  HOME,
  NO_LIMITS,
  type PlanParts,
} from '../support/builders.ts';

const MARK = adoptionMark(anAdoption(), 'web', DEPLOYMENT, HOME);

/** `golden-20`, built on 20 November by others and taken over by the policy `golden`. */
const golden = (day: number, parts: Partial<Image> = {}): Image =>
  anImage({
    id: `golden-${day}`,
    name: `golden-web-${day}`,
    createdMs: at(`2026-11-${day}T12:00Z`),
    snapshots: [{ snapshotId: `snap-${day}`, sizeGiB: 8 }],
    ...parts,
    tags: { ...MARK, ...parts.tags },
  });

const ADOPTED: PlanParts = {
  now: '2026-11-21T04:30Z',
  adoptions: [anAdoption({ keep: { last: 2 } })],
  images: [golden(20), golden(19), golden(18)],
};

const linesFor = (parts: PlanParts): readonly string[] =>
  planRetirement(aPlanInput({ ...ADOPTED, ...parts })).decisions.map(
    ({ id, policyId, verdict, reasons }) =>
      [id, policyId, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())]
        .filter((word) => word !== undefined)
        .join(' '),
  );

const removedFor = (parts: PlanParts): readonly string[] =>
  planRetirement(aPlanInput({ ...ADOPTED, ...parts })).actions.map(({ imageId }) => imageId);

describe('the mark of adoption', () => {
  const read = (tags: Tags, place = HOME) =>
    adoptionOf(anImage({ tags }), aPolicySet({ adoptions: [anAdoption()] }), DEPLOYMENT, place);

  it('names the deployment, the policy, the group and the place', () => {
    expect(MARK).toEqual({
      'imago:deployment': 'prod',
      'imago:adopted': 'golden',
      'imago:policy': 'golden',
      'imago:source': 'web',
      'imago:home': '111122223333/eu-central-1',
    });
  });

  it('says whose an image is, and in which group', () => {
    expect(read(MARK)).toMatchObject({
      policyId: 'golden',
      group: 'web',
      adoption: { id: 'golden' },
    });
    expect(read({ ...MARK, 'imago:source': '' })).toMatchObject({ group: '' });
  });

  it.each([
    ['the deployment', { 'imago:deployment': 'test' }],
    ['the policy', { 'imago:policy': 'other' }],
    ['the home', { 'imago:home': '111122223333/eu-west-1' }],
  ])('says nothing where %s does not agree', (_, tags) => {
    expect(read({ ...MARK, ...tags })).toBeUndefined();
  });

  it.each(['imago:deployment', 'imago:adopted', 'imago:policy', 'imago:source', 'imago:home'])(
    'says nothing where the tag %s is missing',
    (missing) => {
      const tags = Object.fromEntries(Object.entries(MARK).filter(([key]) => key !== missing));

      expect(read(tags)).toBeUndefined();
    },
  );

  it('says nothing at another place: CopyImage may have carried it there', () => {
    expect(read(MARK, ELSEWHERE)).toBeUndefined();
  });
});

describe('adopted images', () => {
  it('are kept by the rule of their policy, by the date of their making', () => {
    expect(linesFor({ images: [golden(18), golden(20), golden(19)] })).toEqual([
      'golden-20 golden keep RET-01 1 of 2 ADO-02',
      'golden-19 golden keep RET-01 2 of 2 ADO-02',
      'golden-18 golden protect RET-10 3 of 3 ADO-02 RET-28',
    ]);
  });

  it('RET-28 are never removed, whatever their policy says', () => {
    const adoptions = [anAdoption({ keep: { within: { ...NO_TIME, minutes: 1 } } })];

    expect(removedFor({ adoptions })).toEqual([]);
    expect(linesFor({ adoptions }).map((line) => line.split(' ')[2])).toEqual([
      'keep',
      'protect',
      'protect',
    ]);
  });

  it('are counted for each group alone', () => {
    const images = [golden(20), golden(19, { tags: { 'imago:source': 'db' } }), golden(18)];

    expect(linesFor({ images, adoptions: [anAdoption({ keep: { last: 1 } })] })).toEqual([
      'golden-19 golden keep RET-01 1 of 1 ADO-02',
      'golden-20 golden keep RET-01 1 of 1 ADO-02',
      'golden-18 golden protect RET-10 2 of 2 ADO-02 RET-28',
    ]);
  });

  it('RET-14 are kept when no policy adopts them any more', () => {
    expect(linesFor({ adoptions: [], images: [golden(18)] })).toEqual([
      'golden-18 keep RET-14 golden',
    ]);
  });

  it('are judged by the policy that has their own in formerly', () => {
    const adoptions = [anAdoption({ id: 'images', formerly: ['golden'], keep: { last: 1 } })];

    expect(linesFor({ adoptions })[0]).toBe('golden-20 images keep RET-01 1 of 1 ADO-02');
  });

  it('ADO-02 are left alone where their mark is not whole', () => {
    const images = [golden(18, { tags: { 'imago:policy': 'other' } })];

    expect(linesFor({ images })).toEqual(['golden-18 ignore ADO-02 its mark is not whole']);
  });

  it.each(['pending', 'failed', 'disabled'] as const)(
    'RET-15 are not judged when %s, and take no place among the last',
    (state) => {
      expect(linesFor({ images: [golden(20, { state }), golden(19), golden(18)] })).toEqual([
        `golden-20 golden keep RET-15 ${state} ADO-02`,
        'golden-19 golden keep RET-01 1 of 2 ADO-02',
        'golden-18 golden keep RET-01 2 of 2 ADO-02',
      ]);
    },
  );

  it('RET-08 RET-09 PRO-26 are kept by tags of their own, like points', () => {
    const images = [
      golden(20),
      golden(19),
      golden(18, { tags: { 'imago:keep': '2d' } }),
      golden(17, { tags: { 'imago:keep': 'long' } }),
      golden(16, { tags: { 'imago:keep-until': '2099-01-01' } }),
      golden(15, { tags: { 'imago:keep-until': 'soon' } }),
    ];

    expect(linesFor({ images, adoptions: [anAdoption({ keep: { last: 1 } })] })).toEqual([
      'golden-20 golden keep RET-01 1 of 1 ADO-02',
      'golden-19 golden protect RET-10 2 of 6 ADO-02 RET-28',
      'golden-18 golden protect RET-10 3 of 6 ADO-02 RET-28',
      'golden-17 golden protect RET-10 4 of 6 RET-09 imago:keep=long ADO-02 RET-28',
      'golden-16 golden keep RET-08 imago:keep-until=2099-01-01 ADO-02',
      'golden-15 golden protect RET-10 6 of 6 ADO-02 RET-28 PRO-26 soon',
    ]);
  });

  it('say everything that would forbid their removal', () => {
    const images = [
      golden(20),
      golden(19, { isDeregistrationProtected: true }),
      golden(18, { tags: { 'imago:hold': 'audit' } }),
    ];
    const parts: PlanParts = {
      images,
      adoptions: [
        anAdoption({
          keep: { last: 1 },
          retire: {
            snapshots: 'delete',
            during: [
              { kind: 'once', startMs: at('2027-01-01T00:00Z'), endMs: at('2027-01-02T00:00Z') },
            ],
          },
        }),
      ],
      instances: [anInstance({ imageId: 'golden-18' })],
      snapshots: [aSnapshot({ id: 'snap-19', tags: { 'imago:hold': '' } })],
      limits: { ...NO_LIMITS, keepAtLeast: 2 },
    };

    expect(linesFor(parts).slice(1)).toEqual([
      'golden-19 golden protect RET-10 2 of 3 ADO-02 RET-28 PRO-04 PRO-03 PRO-06 PRO-07 until 2027-01-01T00-00-00Z',
      'golden-18 golden protect RET-10 3 of 3 ADO-02 RET-28 PRO-01 i-0aa (running) PRO-03 audit PRO-07 until 2027-01-01T00-00-00Z',
    ]);
    expect(linesFor({ instances: notRead(), images: incompletePart('denied', images) })[2]).toBe(
      'golden-18 golden protect RET-10 3 of 3 ADO-02 RET-28 PRO-21 denied ' +
        'PRO-24 no instance seen PRO-20 not read by this pass PRO-03 audit',
    );
  });
});

describe('an adopted image that looks like a point', () => {
  const marked = aPoint({ id: 'ami-21', tags: { 'imago:adopted': 'web-daily' } });
  const older = aPoint({ id: 'ami-20', slot: '2026-11-20T02:00Z' });
  const policies = [aPolicy({ keep: { last: 1 } })];

  it('is none: it neither expires nor displaces anything, nor is it what stays', () => {
    const newer = aPoint({ id: 'ami-22', slot: '2026-11-22T02:00Z' });

    expect(removedFor({ policies, images: [marked, older] })).toEqual([]);
    expect(removedFor({ policies, images: [marked, newer] })).toEqual([]);
    expect(removedFor({ policies, images: [marked, newer, older] })).toEqual(['ami-20']);
  });

  it('is no copy, and nothing is copied of it', () => {
    const copied = aCopy({ id: 'copy-21', tags: { 'imago:adopted': 'web-daily' } });
    const here = pointsAt([marked, older], DEPLOYMENT, HOME);
    const there = pointsAt([copied], DEPLOYMENT, ELSEWHERE);

    expect(
      copyStates(here, there, { keep: { last: 2 }, timezone: 'UTC' }).map(
        ({ source, state }) => `${source.image.id} ${state}`,
      ),
    ).toEqual(['ami-20 missing']);
  });
});

it('ADO-02 snapshots of an adopted image stay when it is gone', () => {
  const snapshots = [
    aSnapshot({ tags: { ...MARK, 'imago:policy': 'web-daily', 'imago:source': 'i-0aa' } }),
  ];
  const input = aPlanInput({ ...ADOPTED, images: [aPoint()], snapshots });

  expect(planOrphans(input, 0).actions).toEqual([]);
  expect(planOrphans(input, 0).decisions[0]?.reasons).toEqual([
    { id: 'ADO-02', evidence: 'golden' },
  ]);
});
