import { describe, expect, it } from 'vitest';
import type { Decision, RetireAction } from '../../shared/domain/decision.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import type { Image } from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import {
  aCopy,
  anImage,
  aPlanInput,
  aPoint,
  aPolicy,
  DEPLOYMENT,
  ELSEWHERE,
  type PlanParts,
  type PointParts,
} from '../support/builders.ts';

/** A point of November 2026, at two in the morning: `ami-19` is of the 19th. */
const point = (day: number, parts: PointParts = {}): Image =>
  aPoint({ id: `ami-${day}`, slot: `2026-11-${String(day).padStart(2, '0')}T02:00Z`, ...parts });

const planFor = (
  parts: PlanParts,
): { readonly decisions: readonly Decision[]; readonly actions: readonly RetireAction[] } =>
  planRetirement(aPlanInput({ now: '2026-11-21T04:30Z', ...parts }));

/** `ami-19 keep RET-01 3 of 3`: the decisions, a line each, newest id first. */
const linesFor = (parts: PlanParts): readonly string[] =>
  planFor(parts)
    .decisions.map(({ id, verdict, reasons }) =>
      [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
    )
    .sort()
    .toReversed();

const retiredFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).actions.map(({ imageId }) => imageId);

describe('points that a rule keeps', () => {
  it('RET-01 are the newest ones, as many as last says; RET-10 the rest has expired', () => {
    const images = [point(18), point(20), point(21), point(19), point(17)];

    expect(linesFor({ images })).toEqual([
      'ami-21 keep RET-01 1 of 3',
      'ami-20 keep RET-01 2 of 3',
      'ami-19 keep RET-01 3 of 3',
      'ami-18 retire RET-10 4 of 5',
      'ami-17 retire RET-10 5 of 5',
    ]);
  });

  it('RET-02 are those that are young enough beside the newest, by slot', () => {
    const images = [
      point(19, { slot: '2026-11-19T02:00:01Z' }),
      point(18, { slot: '2026-11-19T02:00:00Z', created: '2026-11-21T03:00Z' }),
      point(21),
    ];
    const policies = [aPolicy({ keep: { within: { ...NO_TIME, days: 2 } } })];

    expect(linesFor({ images, policies })).toEqual([
      'ami-21 keep RET-02 2d',
      'ami-19 keep RET-02 2d',
      'ami-18 retire RET-10 3 of 3',
    ]);
  });

  it('RET-02 stay when backups stop: nothing expires by its age alone', () => {
    const images = [point(2), point(1)];
    const policies = [aPolicy({ keep: { within: { ...NO_TIME, days: 2 } } })];

    expect(retiredFor({ images, policies, now: '2027-11-21T04:30Z' })).toEqual([]);
  });

  it('are kept by any one rule, and every rule that keeps them is named', () => {
    const images = [point(21), point(20), point(19), point(18)];
    const policies = [aPolicy({ keep: { last: 1, within: { ...NO_TIME, days: 2 } } })];

    expect(linesFor({ images, policies })).toEqual([
      'ami-21 keep RET-01 1 of 1 RET-02 2d',
      'ami-20 keep RET-02 2d',
      'ami-19 retire RET-10 3 of 4',
      'ami-18 retire RET-10 4 of 4',
    ]);
  });

  it('are counted for each source and each policy alone', () => {
    const policies = [aPolicy({ keep: { last: 1 } }), aPolicy({ id: 'db', keep: { last: 1 } })];
    const images = [
      point(21),
      point(20, { source: 'i-0bb' }),
      point(19, { policyId: 'db' }),
      point(18),
    ];

    expect(linesFor({ images, policies })).toEqual([
      'ami-21 keep RET-01 1 of 1',
      'ami-20 keep RET-01 1 of 1',
      'ami-19 keep RET-01 1 of 1',
      'ami-18 retire RET-10 2 of 2',
    ]);
  });

  it('are counted together under all ids that the policy has had', () => {
    const policies = [aPolicy({ keep: { last: 1 }, formerly: ['web-nightly'] })];
    const images = [point(20, { policyId: 'web-nightly' }), point(21)];

    expect(linesFor({ images, policies })).toEqual([
      'ami-21 keep RET-01 1 of 1',
      'ami-20 retire RET-10 2 of 2',
    ]);
  });

  it('are those whose data is newest, not those that were made last', () => {
    const images = [
      point(20, { tags: { 'imago:captured-at': '2026-11-10T02:00:00.000Z' } }),
      point(19),
    ];

    expect(linesFor({ images, policies: [aPolicy({ keep: { last: 1 } })] })).toEqual([
      'ami-20 retire RET-10 2 of 2',
      'ami-19 keep RET-01 1 of 1',
    ]);
  });
});

describe('images that are no good points', () => {
  it('RET-13 are pending, and take no place among the last', () => {
    const images = [point(21, { state: 'pending' }), point(20), point(19)];

    expect(linesFor({ images, policies: [aPolicy({ keep: { last: 1 } })] })).toEqual([
      'ami-21 keep RET-13',
      'ami-20 keep RET-01 1 of 1',
      'ami-19 retire RET-10 2 of 2',
    ]);
  });

  it.each(['disabled', 'deregistered', 'transient'] as const)(
    'RET-15 are not judged when %s, and take no place among the last',
    (state) => {
      const images = [point(21, { state }), point(20), point(19)];

      expect(linesFor({ images, policies: [aPolicy({ keep: { last: 1 } })] })).toEqual([
        `ami-21 keep RET-15 ${state}`,
        'ami-20 keep RET-01 1 of 1',
        'ami-19 retire RET-10 2 of 2',
      ]);
    },
  );

  it('RET-12 failed, and are the memory of it until a good point exists', () => {
    const images = [point(21, { state: 'failed' }), point(20)];

    expect(linesFor({ images })).toEqual(['ami-21 keep RET-12', 'ami-20 keep RET-01 1 of 3']);
  });

  it.each([
    ['of the same slot', point(21, { id: 'ami-good', retry: 1 })],
    ['of a later slot', aPoint({ id: 'ami-good', slot: '2026-11-21T04:00Z' })],
  ])('RET-11 failed, and go once a good point %s exists', (_, good) => {
    const images = [point(21, { state: 'failed' }), good];

    expect(linesFor({ images })).toEqual([
      'ami-good keep RET-01 1 of 3',
      'ami-21 retire RET-11 ami-good',
    ]);
    expect(planFor({ images }).actions[0]?.survivorIds).toEqual(['ami-good']);
  });

  it('RET-12 failed, and a point of another source is no reason to forget it', () => {
    const images = [point(20, { state: 'failed' }), point(21, { source: 'i-0bb' })];

    expect(linesFor({ images })).toEqual(['ami-21 keep RET-01 1 of 3', 'ami-20 keep RET-12']);
  });

  it('RET-12 failed, and a pending one of the same slot is no reason to forget it', () => {
    const images = [
      point(21, { id: 'ami-a', state: 'failed' }),
      point(21, { id: 'ami-b', state: 'pending', retry: 1 }),
    ];

    expect(linesFor({ images })).toEqual(['ami-b keep RET-13', 'ami-a keep RET-12']);
  });
});

describe('images that nobody asked us to judge', () => {
  it.each([
    ['OWN-02', anImage({ id: 'ami-x' }), 'ami-x ignore OWN-02'],
    [
      'OWN-02',
      aPoint({ id: 'ami-x', tags: { 'imago:deployment': 'test' } }),
      'ami-x ignore OWN-02',
    ],
    ['OWN-03', aCopy({ id: 'ami-x' }), 'ami-x ignore OWN-03 home 111122223333/eu-west-1'],
    ['OWN-04', aPoint({ id: 'ami-x', name: 'mine' }), 'ami-x ignore OWN-04 mine'],
  ])('%s are ignored', (_, image, line) => {
    expect(linesFor({ images: [image] })).toEqual([line]);
    expect(retiredFor({ images: [image] })).toEqual([]);
  });

  it('take no place among the last: a copy that a person made keeps nothing from staying', () => {
    const stranger = { ...point(21, { id: 'ami-x' }), name: 'copy of a point' };
    const images = [stranger, point(20), point(19)];

    expect(retiredFor({ images, policies: [aPolicy({ keep: { last: 2 } })] })).toEqual([]);
  });

  it('RET-14 are kept when their policy is gone', () => {
    const images = [point(20), point(21)];

    expect(linesFor({ images, policies: [aPolicy({ id: 'other' })] })).toEqual([
      'ami-21 keep RET-14 web-daily',
      'ami-20 keep RET-14 web-daily',
    ]);
    expect(retiredFor({ images, policies: [] })).toEqual([]);
  });

  it('RET-10 are judged again once another policy names theirs in formerly', () => {
    const images = [point(20), point(21)];
    const policies = [aPolicy({ id: 'other', keep: { last: 1 }, formerly: ['web-daily'] })];

    expect(retiredFor({ images, policies })).toEqual(['ami-20']);
  });
});

describe('copies', () => {
  const here = (day: number): Image =>
    aCopy({ id: `copy-${day}`, slot: `2026-11-${day}T02:00Z`, created: '2026-11-21T03:00Z' });
  const images = [here(19), here(20), here(21)];

  it('are kept by the rule of their destination, and ranked by the capture of their data', () => {
    const policies = [
      aPolicy({ keep: { last: 9 }, copyTo: [{ region: 'eu-west-1', keep: { last: 2 } }] }),
    ];

    expect(linesFor({ target: ELSEWHERE, images, policies })).toEqual([
      'copy-21 keep RET-01 1 of 2',
      'copy-20 keep RET-01 2 of 2',
      'copy-19 retire RET-10 3 of 3',
    ]);
  });

  it('RET-14 are kept at a place that the policy no longer names', () => {
    expect(linesFor({ target: ELSEWHERE, images })).toEqual([
      'copy-21 keep RET-14 web-daily',
      'copy-20 keep RET-14 web-daily',
      'copy-19 keep RET-14 web-daily',
    ]);
  });

  it('RET-11 failed ones go once the copy, or a later one, is there', () => {
    const policies = [aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 2 } }] })];
    const failed = aCopy({ id: 'copy-f', state: 'failed', slot: '2026-11-20T02:00Z' });

    expect(retiredFor({ target: ELSEWHERE, images: [failed, here(21)], policies })).toEqual([
      'copy-f',
    ]);
    expect(retiredFor({ target: ELSEWHERE, images: [failed, here(19)], policies })).toEqual([]);
  });
});

describe('a retirement', () => {
  it('tells EC2 and the reader all that they need', () => {
    const images = [
      point(20, {
        snapshots: [
          { snapshotId: 'snap-1', sizeGiB: 8 },
          { snapshotId: 'snap-2', sizeGiB: 100 },
        ],
      }),
      point(21),
    ];
    const policies = [aPolicy({ keep: { last: 1 }, retire: { snapshots: 'keep', during: [] } })];

    expect(planFor({ images, policies }).actions).toEqual([
      {
        kind: 'retire',
        point: {
          deployment: DEPLOYMENT,
          policyId: 'web-daily',
          sourceId: 'i-0aa',
          slotMs: 1_795_140_000_000,
          retry: 0,
        },
        imageId: 'ami-20',
        snapshots: 'keep',
        snapshotIds: ['snap-1', 'snap-2'],
        sizeGiB: 108,
        isCounted: false,
        survivorIds: ['ami-21'],
        copyIds: {},
        isFailed: false,
        reasons: [{ id: 'RET-10', evidence: '2 of 2' }],
      },
    ]);
  });

  it('goes from the oldest to the newest, over all sources', () => {
    const images = [
      ...[18, 20, 21].map((day) => point(day)),
      ...[17, 19].map((day) => point(day, { source: 'i-0bb' })),
    ];
    const policies = [aPolicy({ keep: { last: 1 } })];

    expect(retiredFor({ images, policies })).toEqual(['ami-17', 'ami-18', 'ami-20']);
  });
});
