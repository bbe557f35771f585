import { describe, expect, it } from 'vitest';
import type { Decision, RetireAction } from '../../shared/domain/decision.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import {
  completePart,
  type Image,
  type Instance,
  incompletePart,
  type InstanceState,
  type Part,
} from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import type { WhenSourceGone } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  ELSEWHERE,
  HOME,
  NO_LIMITS,
  type PlanParts,
  type PointParts,
} from '../support/builders.ts';

/** `ami-20` of 20 November, at two in the morning, of `i-0aa`. */
const point = (day: number, parts: PointParts = {}): Image =>
  aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, ...parts });

/** Its copy elsewhere, `copy-20`. */
const copy = (day: number, parts: PointParts = {}): Image =>
  aCopy({ id: `copy-${day}`, of: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, ...parts });

const OTHER = anInstance({ id: 'i-0bb' });
const FOR_30_DAYS: WhenSourceGone = { keepLast: 2, for: { ...NO_TIME, days: 30 } };

const policyWith = (whenSourceGone: WhenSourceGone) =>
  aPolicy({
    keep: { last: 3 },
    whenSourceGone,
    copyTo: [{ region: 'eu-west-1', keep: { last: 3 } }],
  });

/** Four points of a source that is gone, four weeks after the newest of them; all are copied. */
const GONE: PlanParts = {
  now: '2026-12-18T04:30Z',
  policies: [policyWith(FOR_30_DAYS)],
  instances: [OTHER],
  images: [point(20), point(19), point(18), point(17)],
  places: [{ place: ELSEWHERE, images: completePart([20, 19, 18, 17].map((day) => copy(day))) }],
};

const planFor = (parts: PlanParts): ReturnType<typeof planRetirement> =>
  planRetirement(aPlanInput({ ...GONE, ...parts }));

const lineOf = ({ id, verdict, reasons }: Decision): string =>
  [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' ');

const linesFor = (parts: PlanParts = {}): readonly string[] =>
  planFor(parts).decisions.map(lineOf).sort().toReversed();

const retiredFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).actions.map(({ imageId }) => imageId);

const KEPT_AS_EVER = [
  'ami-20 keep RET-01 1 of 3',
  'ami-19 keep RET-01 2 of 3',
  'ami-18 keep RET-01 3 of 3',
  'ami-17 retire RET-10 4 of 4',
];

describe('a source that is proven gone', () => {
  it('RET-27 keeps the newest points, as many as whenSourceGone says', () => {
    expect(linesFor()).toEqual([
      'ami-20 keep RET-27 1 of 2',
      'ami-19 keep RET-27 2 of 2',
      'ami-18 retire RET-10 3 of 4, its source is gone',
      'ami-17 retire RET-10 4 of 4, its source is gone',
    ]);
  });

  it('lets all go once the time after the newest point is over, to the very instant', () => {
    expect(retiredFor({ now: '2026-12-20T01:59:59Z' })).toEqual(['ami-17', 'ami-18']);
    expect(retiredFor({ now: '2026-12-20T02:00:00Z' })).toEqual([
      'ami-17',
      'ami-18',
      'ami-19',
      'ami-20',
    ]);
  });

  it('tells the removal where to prove it again, and that nothing need stay', () => {
    const [oldest] = planFor({ now: '2026-12-20T02:00:00Z' }).actions;

    expect(oldest).toMatchObject<Partial<RetireAction>>({
      imageId: 'ami-17',
      goneFrom: HOME,
      survivorIds: [],
      copyIds: { 'eu-west-1': ['copy-17'] },
      isCounted: true,
    });
    expect(planFor({}).actions[0]).toMatchObject({
      goneFrom: HOME,
      survivorIds: ['ami-20', 'ami-19'],
    });
  });

  it('keeps for ever where no time is said', () => {
    const policies = [policyWith({ keepLast: 1 })];

    expect(retiredFor({ policies, now: '2056-01-01T00:00Z' })).toEqual([
      'ami-17',
      'ami-18',
      'ami-19',
    ]);
  });

  it('keeps nothing where it says so', () => {
    const policies = [policyWith({ keepLast: 0 })];

    expect(retiredFor({ policies })).toEqual(['ami-17', 'ami-18', 'ami-19', 'ami-20']);
  });

  it('keeps more than the policy, if it says so', () => {
    const policies = [policyWith({ keepLast: 4 })];

    expect(retiredFor({ policies })).toEqual([]);
  });

  it('is not held up by keepAtLeast', () => {
    const limits = { ...NO_LIMITS, keepAtLeast: 4 };

    expect(retiredFor({ limits })).toEqual(['ami-17', 'ami-18']);
  });

  it('counts towards the percentage of a run, since nothing came for what goes', () => {
    const limits = { ...NO_LIMITS, maxRemovals: { count: 100, percent: 25 } };

    expect(retiredFor({ limits, now: '2027-02-01T00:00Z' })).toEqual(['ami-17']);
  });

  it.each<InstanceState>(['terminated'])('is one that its home shows as %s', (state) => {
    expect(retiredFor({ instances: [OTHER, anInstance({ state })] })).toEqual(['ami-17', 'ami-18']);
  });

  it('takes its failed images along', () => {
    const images = [point(20), point(21, { state: 'failed' })];

    expect(linesFor({ images })).toEqual([
      'ami-21 retire RET-10 failed, its source is gone',
      'ami-20 keep RET-27 1 of 2',
    ]);
    expect(linesFor({ images: [point(21, { state: 'failed' })] })).toEqual([
      'ami-21 retire RET-10 failed, its source is gone',
    ]);
  });

  it('leaves what is pending or disabled', () => {
    const images = [point(20, { state: 'pending' }), point(19, { state: 'disabled' })];

    expect(linesFor({ images, now: '2027-02-01T00:00Z' })).toEqual([
      'ami-20 keep RET-13',
      'ami-19 keep RET-15 disabled',
    ]);
  });

  it('PRO-05 keeps what its destination is still owed', () => {
    const places = [{ place: ELSEWHERE, images: completePart([copy(20)]) }];

    expect(linesFor({ places })).toContain(
      'ami-18 protect RET-10 3 of 4, its source is gone PRO-05 eu-west-1',
    );
  });

  it('PRO-01 and PRO-03 keeps what is in use or held', () => {
    const images = [
      point(20),
      point(19),
      point(18, { tags: { 'imago:hold': 'audit' } }),
      point(17),
    ];
    const instances = [anInstance({ id: 'i-0bb', imageId: 'ami-17' })];

    expect(linesFor({ images, instances }).slice(2)).toEqual([
      'ami-18 protect RET-10 3 of 4, its source is gone PRO-03 audit',
      'ami-17 protect RET-10 4 of 4, its source is gone PRO-01 i-0bb (running)',
    ]);
  });
});

describe('a source that is not gone, or not for long', () => {
  it.each<InstanceState>(['pending', 'running', 'stopping', 'stopped', 'shutting-down'])(
    'is one that its home shows as %s',
    (state) => {
      expect(linesFor({ instances: [OTHER, anInstance({ state })] })).toEqual(KEPT_AS_EVER);
    },
  );

  it('is one of which a point is younger than seven days', () => {
    expect(linesFor({ now: '2026-11-27T01:59:59.999Z' })).toEqual(KEPT_AS_EVER);
    expect(retiredFor({ now: '2026-11-27T02:00Z' })).toEqual(['ami-17', 'ami-18']);
  });

  it.each([
    ['of another policy', { policyId: 'gone' }],
    ['that somebody asked for', { policyId: 'on-demand' }],
    ['that is pending', { state: 'pending' }],
    ['that failed', { state: 'failed' }],
    ['that a clock which ran ahead named', { created: '2026-11-01T02:00Z' }],
  ] as const)('is one of which a point is young %s', (_, parts) => {
    const young = point(21, { slot: '2026-12-15T02:00Z', created: '2026-12-15T02:00Z', ...parts });

    expect(linesFor({ images: [point(20), point(19), point(18), point(17), young] })).toEqual(
      expect.arrayContaining(['ami-19 keep RET-01 2 of 3']),
    );
  });

  it('is any, where the policy says nothing about it', () => {
    const { whenSourceGone: _none, ...policy } = policyWith(FOR_30_DAYS);

    expect(linesFor({ policies: [policy] })).toEqual(KEPT_AS_EVER);
  });

  it('is judged for itself: another source of the policy may be gone', () => {
    const images = [point(20), point(19), point(18), point(17, { source: 'i-0bb' })];

    expect(linesFor({ images })).toEqual([
      'ami-20 keep RET-27 1 of 2',
      'ami-19 keep RET-27 2 of 2',
      'ami-18 retire RET-10 3 of 3, its source is gone',
      'ami-17 keep RET-01 1 of 3',
    ]);
  });
});

describe('a source of which it is not known whether it is gone', () => {
  const doubtful = (instances: Part<Instance>): readonly string[] =>
    linesFor({ instances }).map((line) => line.replace(/ PRO-2[04] .*(?= PRO-27)/, ' …'));

  it('PRO-27 keeps what would go by that, and what that would keep', () => {
    expect(linesFor({ instances: incompletePart('denied', [OTHER]) })).toEqual([
      'ami-20 keep RET-01 1 of 3',
      'ami-19 keep RET-01 2 of 3',
      'ami-18 protect RET-01 3 of 3 PRO-20 denied PRO-27 instances of eu-central-1: denied',
      'ami-17 protect RET-10 4 of 4 PRO-20 denied',
    ]);
    const policies = [policyWith({ keepLast: 4 })];
    const instances = incompletePart('denied', [OTHER]);

    expect(linesFor({ policies, instances })).toContain(
      'ami-17 protect RET-10 4 of 4 PRO-20 denied PRO-27 instances of eu-central-1: denied',
    );
  });

  it('PRO-27 is one whose home seems to have no instance', () => {
    expect(doubtful(completePart([]))).toContain(
      'ami-18 protect RET-01 3 of 3 … PRO-27 instances of eu-central-1: none seen',
    );
  });

  it('PRO-27 is one of which not all images were seen', () => {
    const images = incompletePart('throttled', [point(20), point(19), point(18)]);

    expect(linesFor({ images })).toContain(
      'ami-18 protect RET-01 3 of 3 PRO-21 throttled PRO-27 images of eu-central-1: throttled',
    );
  });

  it('is there as soon as it is seen, though the list is not whole', () => {
    const instances = incompletePart('denied', [OTHER, anInstance()]);

    expect(linesFor({ instances })).toContain('ami-18 keep RET-01 3 of 3');
  });

  it('PRO-06 PRO-27 is said of the last point too', () => {
    const limits = { ...NO_LIMITS, keepAtLeast: 4 };

    expect(linesFor({ limits, instances: incompletePart('denied', [OTHER]) })).toContain(
      'ami-17 protect RET-10 4 of 4 PRO-20 denied PRO-06 PRO-27 instances of eu-central-1: denied',
    );
  });
});

describe('what people wrote on the points of a source that is gone', () => {
  const OVER = '2027-02-01T00:00Z';

  it('RET-08 keeps them: all for ever, a time for so long from now on', () => {
    const images = [
      point(20, { tags: { 'imago:keep': 'all' } }),
      point(19, { tags: { 'imago:keep': '75d' } }),
      point(18, { tags: { 'imago:keep': '30d' } }),
      point(17, { tags: { 'imago:keep-until': '2027-02-02' } }),
    ];

    expect(linesFor({ images, now: OVER })).toEqual([
      'ami-20 keep RET-08 imago:keep=all',
      'ami-19 keep RET-08 imago:keep=75d',
      'ami-18 retire RET-10 3 of 4, its source is gone',
      'ami-17 keep RET-08 imago:keep-until=2027-02-02',
    ]);
  });

  it('RET-08 keeps them by their number among what is left, which nothing displaces', () => {
    const images = [point(20), point(19, { tags: { 'imago:keep': 'last=2' } })];

    expect(retiredFor({ images, now: OVER })).toEqual(['ami-20']);
  });

  it('counts by keepFrom too; its floor is a rule of the policy, and goes with the others', () => {
    const keepFrom = { tag: 'Retention', unit: 'd', floor: { last: 3 } } as const;
    const policies = [{ ...policyWith(FOR_30_DAYS), keepFrom }];
    const images = [
      point(20, { tags: { Retention: '1' } }),
      point(19, { tags: { Retention: '99' } }),
    ];

    expect(retiredFor({ policies, images, now: OVER })).toEqual(['ami-20']);
  });
});
