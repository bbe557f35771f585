import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../shared/domain/coverage.ts';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { incompletePart, type Image } from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import { planCopies } from '../../shared/domain/plan-copies.ts';
import { planCreation } from '../../shared/domain/plan-creation.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import {
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  ELSEWHERE,
  HOME,
  NO_LIMITS,
  type PlanParts,
  type PointParts,
} from '../support/builders.ts';

const NOW = '2026-11-21T04:30Z';
const OVER = '2026-11-20T09:00:00.000Z';
const LATER = '2026-11-28T09:00:00.000Z';

const slotOf = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T09:00:00Z`;

/** A point that somebody asked for: `asked-19` of the 19th; without `until`, for ever. */
const asked = (day: number, until?: string, parts: PointParts = {}): Image =>
  aPoint({
    id: `asked-${day}`,
    policyId: 'on-demand',
    slot: slotOf(day),
    ...parts,
    tags: { ...(until === undefined ? {} : { 'imago:keep-until': until }), ...parts.tags },
  });

/** A point of `web-daily`. */
const scheduled = (day: number, parts: PointParts = {}): Image =>
  aPoint({ id: `daily-${day}`, slot: slotOf(day), ...parts });

const linesFor = (parts: PlanParts): readonly string[] =>
  planRetirement(aPlanInput({ now: NOW, ...parts })).decisions.map(({ id, verdict, reasons }) =>
    [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
  );

const retiredFor = (parts: PlanParts): readonly string[] =>
  planRetirement(aPlanInput({ now: NOW, ...parts })).actions.map(({ imageId }) => imageId);

describe('a point that somebody asked for', () => {
  it('RET-20 is kept until the time that its tag names, to the very instant', () => {
    const images = [scheduled(21), asked(19, '2026-11-21T04:30:00.001Z'), asked(18, NOW)];

    expect(linesFor({ images })).toEqual([
      'daily-21 keep RET-01 1 of 3',
      'asked-19 keep RET-20 2026-11-21T04:30:00.001Z',
      'asked-18 retire RET-10 on demand',
    ]);
  });

  it('RET-20 is kept through a day that somebody wrote instead', () => {
    const images = [scheduled(21), asked(19, '2026-11-21'), asked(18, '2026-11-20')];

    expect(linesFor({ images }).slice(1)).toEqual([
      'asked-19 keep RET-20 2026-11-21',
      'asked-18 retire RET-10 on demand',
    ]);
  });

  it('RET-21 is kept until somebody removes it, when no time was named', () => {
    const images = [scheduled(21), asked(1)];

    expect(linesFor({ images })).toContain('asked-1 keep RET-21');
  });

  it.each(['', 'soon', '1234', '2026-13-01', 'JIRA-1234'])(
    'PRO-26 stays when its tag holds %j, which is no time',
    (until) => {
      const images = [scheduled(21), asked(1, until)];

      expect(linesFor({ images })).toContain(`asked-1 protect PRO-26 ${until}`.trim());
    },
  );

  it('goes with its snapshots when its time is over, and names who survives it', () => {
    const images = [scheduled(21), scheduled(20), asked(19, OVER)];

    expect(planRetirement(aPlanInput({ now: NOW, images })).actions).toMatchObject([
      {
        imageId: 'asked-19',
        snapshots: 'delete',
        snapshotIds: ['snap-of-asked-19'],
        survivorIds: ['daily-21', 'daily-20'],
        copyIds: {},
        isCounted: true,
      },
    ]);
  });

  it('RET-13 and RET-15 is left while it is pending, disabled or the like', () => {
    const images = [
      scheduled(21),
      asked(19, OVER, { state: 'pending' }),
      asked(18, OVER, { state: 'disabled' }),
    ];

    expect(linesFor({ images }).slice(1)).toEqual([
      'asked-19 keep RET-13',
      'asked-18 keep RET-15 disabled',
    ]);
  });

  it('RET-11 goes, whatever its tag says, when it failed and a good point came after it', () => {
    const images = [scheduled(21), asked(20, LATER, { state: 'failed' })];

    expect(linesFor({ images })).toContain('asked-20 retire RET-11 daily-21');
  });

  it('RET-12 stays when it failed and no good point came after it', () => {
    const images = [scheduled(19), asked(20, OVER, { state: 'failed' })];

    expect(linesFor({ images })).toContain('asked-20 keep RET-12');
  });
});

describe('the last good point of a source', () => {
  it('PRO-06 is never one that somebody asked for and that goes', () => {
    const images = [asked(18, OVER), asked(19, OVER), asked(17, OVER, { source: 'i-0bb' })];

    expect(linesFor({ images })).toEqual([
      'asked-19 protect RET-10 on demand PRO-06',
      'asked-17 protect RET-10 on demand PRO-06',
      'asked-18 retire RET-10 on demand',
    ]);
  });

  it('is looked for among the points of all policies, without those that they let go', () => {
    const policies = [aPolicy({ keep: { last: 1 } }), aPolicy({ id: 'db', keep: { last: 1 } })];
    const images = [20, 19].map((day) => scheduled(day, { policyId: 'db' }));
    const input = aPlanInput({ now: NOW, images: [...images, asked(18, OVER)], policies });

    expect(
      planRetirement(input).actions.map(({ imageId, survivorIds }) => [imageId, survivorIds]),
    ).toEqual([
      ['asked-18', ['daily-20']],
      ['daily-19', ['daily-20']],
    ]);
  });

  it('PRO-06 stays as one of so many as keepAtLeast says', () => {
    const images = [scheduled(20), asked(19, OVER), asked(18, OVER), asked(17, OVER)];

    expect(retiredFor({ images, limits: { ...NO_LIMITS, keepAtLeast: 1 } })).toEqual([
      'asked-17',
      'asked-18',
      'asked-19',
    ]);
    expect(retiredFor({ images, limits: { ...NO_LIMITS, keepAtLeast: 2 } })).toEqual([
      'asked-17',
      'asked-18',
    ]);
    expect(retiredFor({ images, limits: { ...NO_LIMITS, keepAtLeast: 4 } })).toEqual([]);
  });

  it('is one that somebody asked for, where that is kept and no policy made any', () => {
    const images = [asked(20), asked(19, LATER), asked(18, OVER)];

    expect(retiredFor({ images })).toEqual(['asked-18']);
  });
});

describe('what forbids a removal, and what bounds it, holds for points that somebody asked for', () => {
  const images = [scheduled(21), asked(19, OVER)];

  it.each([
    ['PRO-01', { instances: [anInstance({ imageId: 'asked-19' })] }],
    [
      'PRO-02',
      {
        launchTemplates: [
          { imageId: 'asked-19', kind: 'launch-template', by: 'lt-0aa', holds: true } as const,
        ],
      },
    ],
    ['PRO-03', { images: [scheduled(21), asked(19, OVER, { tags: { 'imago:hold': 'audit' } })] }],
    ['PRO-04', { images: [scheduled(21), asked(19, OVER, { isDeregistrationProtected: true })] }],
    ['PRO-20', { instances: incompletePart('denied', [anInstance()]) }],
    ['PRO-21', { images: incompletePart('denied', images) }],
    ['PRO-22', { launchTemplates: incompletePart<never>('denied') }],
    ['PRO-24', { instances: [] }],
    ['PRO-25', { snapshots: incompletePart<never>('denied') }],
  ])('%s', (id, parts) => {
    const { decisions } = planRetirement(aPlanInput({ now: NOW, images, ...parts }));
    const decision = decisions.find((one) => one.id === 'asked-19');

    expect([decision?.verdict, decision?.reasons.map((why) => why.id)]).toEqual([
      'protect',
      ['RET-10', id],
    ]);
  });

  it('LIM-01 and LIM-02 hold them back, since none of them is ordinary turnover', () => {
    const many = [scheduled(21), ...[14, 15, 16, 17, 18].map((day) => asked(day, OVER))];
    const reasonsOf = (count: number, percent: number): readonly (string | undefined)[] =>
      planRetirement(
        aPlanInput({
          now: NOW,
          images: many,
          limits: { maxRemovals: { count, percent }, keepAtLeast: 1 },
        }),
      )
        .decisions.filter(({ verdict }) => verdict === 'defer')
        .map(({ reasons }) => reasons.at(-1)?.id);

    expect(reasonsOf(3, 100)).toEqual(['LIM-01', 'LIM-01']);
    expect(reasonsOf(100, 34)).toEqual(['LIM-02', 'LIM-02', 'LIM-02']);
  });

  it('LIM-02 is not widened by points that somebody asked for today', () => {
    const today = [1, 2, 3].map((hour) =>
      aPoint({ id: `asked-${hour}`, policyId: 'on-demand', slot: `2026-11-21T0${hour}:00:00Z` }),
    );
    const policies = [aPolicy({ keep: { last: 1 } })];
    const points = [17, 18, 19, 20].map((day) => scheduled(day));
    const limits = { maxRemovals: { count: 100, percent: 1 }, keepAtLeast: 1 };
    const parts = { images: [...points, ...today], policies, limits };

    // One point came by the policy, so one may go for it; and one may always go.
    expect(retiredFor(parts)).toEqual(['daily-17', 'daily-18']);
    expect(retiredFor({ ...parts, spent: { removed: 1, counted: 0 } })).toEqual(['daily-17']);
  });
});

describe('points that somebody asked for are none of any policy', () => {
  const today = asked(21, LATER, { slot: '2026-11-21T02:05Z' });

  it('SCH-01 they serve no slot', () => {
    const input = aPlanInput({ images: [today] });

    expect(planCreation(input).decisions[0]?.reasons).toEqual([
      { id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' },
    ]);
  });

  it('they are no newest point of a covered source, and meet no RPO', () => {
    const [row] = coverageOf(aPlanInput({ images: [today] }));

    expect([row?.status, row?.newestAgeMs]).toEqual(['breach', undefined]);
  });

  it('RET-01 they take no place among the last', () => {
    const images = [asked(21), asked(20), scheduled(19), scheduled(18), scheduled(17)];

    expect(retiredFor({ images })).toEqual([]);
  });

  it('they are not copied', () => {
    const keep = { last: 3 };
    const input = aPlanInput({
      target: ELSEWHERE,
      places: [aPlace(HOME, [today])],
      policies: [aPolicy({ copyTo: [{ region: 'eu-west-1', keep }] })],
    });

    expect(planCopies(input)).toEqual({ decisions: [], actions: [] });
  });

  it('they hold back no point of a policy that its destination still wants, and need no copy', () => {
    const copyTo = [{ region: 'eu-west-1', keep: { last: 3 } }];
    const parts = {
      images: [scheduled(21), asked(19, OVER)],
      policies: [aPolicy({ copyTo })],
      places: [aPlace(ELSEWHERE, incompletePart<Image>('denied'))],
    };

    expect(retiredFor(parts)).toEqual(['asked-19']);
  });
});

/** Points of two sources, by a policy or asked for, in whatever state and until whenever. */
const anyImages: fc.Arbitrary<readonly Image[]> = fc
  .uniqueArray(
    fc.record({
      source: fc.constantFrom('i-0aa', 'i-0bb'),
      policyId: fc.constantFrom('web-daily', 'on-demand', 'on-demand', 'gone'),
      day: fc.integer({ min: 10, max: 21 }),
      state: fc.constantFrom('available', 'available', 'available', 'failed', 'pending'),
      until: fc.constantFrom(undefined, OVER, OVER, LATER, 'soon'),
      isHeld: fc.constantFrom(false, false, true),
    }),
    { maxLength: 16, selector: ({ source, policyId, day }) => `${source}${policyId}${day}` },
  )
  .map((all) =>
    all.map(({ source, policyId, day, state, until, isHeld }, index) =>
      aPoint({
        id: `ami-${index}`,
        source,
        policyId,
        state: state as Image['state'],
        slot: slotOf(day),
        tags: {
          ...(until === undefined ? {} : { 'imago:keep-until': until }),
          ...(isHeld ? { 'imago:hold': 'audit' } : {}),
        },
      }),
    ),
  );

const anyInput: fc.Arbitrary<PlanInput> = fc
  .record({ images: anyImages, keepAtLeast: fc.integer({ min: 1, max: 3 }) })
  .map(({ images, keepAtLeast }) =>
    aPlanInput({ now: NOW, images, limits: { ...NO_LIMITS, keepAtLeast } }),
  );

const retiredBy = (input: PlanInput): ReadonlySet<string> =>
  new Set(planRetirement(input).actions.map(({ imageId }) => imageId));

const isGoodAsked = ({ state, tags }: Image): boolean =>
  state === 'available' && tags['imago:policy'] === 'on-demand';

describe('of whatever points', () => {
  it('none that somebody asked for goes before its time is over, without one, or held', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const retired = retiredBy(input);
        const wrong = input.observation.images.items.filter(
          (image) =>
            isGoodAsked(image) &&
            retired.has(image.id) &&
            (image.tags['imago:keep-until'] !== OVER || 'imago:hold' in image.tags),
        );

        expect(wrong).toEqual([]);
      }),
    );
  });

  it('each source that loses one keeps keepAtLeast good ones, all of which are named', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const retired = retiredBy(input);
        const good = input.observation.images.items.filter(({ state }) => state === 'available');
        const short = planRetirement(input)
          .actions.filter(({ point, isFailed }) => point.policyId === 'on-demand' && !isFailed)
          .filter(({ point, survivorIds }) => {
            const left = good.filter(
              ({ id, tags }) => tags['imago:source'] === point.sourceId && !retired.has(id),
            );
            const ids = new Set(left.map(({ id }) => id));
            return (
              survivorIds.length < input.policySet.limits.keepAtLeast ||
              survivorIds.some((id) => !ids.has(id))
            );
          });

        expect(short).toEqual([]);
      }),
    );
  });

  it('those of policies are judged as if nobody had asked for any', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { observation } = input;
        const items = observation.images.items.filter(
          ({ tags }) => tags['imago:policy'] !== 'on-demand',
        );
        const images = { ...observation.images, items };
        const without = { ...input, observation: { ...observation, images } };
        const ours = new Set(items.map(({ id }) => id));
        const decisionsOf = (one: PlanInput) =>
          planRetirement(one).decisions.filter(({ id }) => ours.has(id));

        expect(decisionsOf(input)).toEqual(decisionsOf(without));
        expect(planCreation(input)).toEqual(planCreation(without));
      }),
    );
  });

  it('planning again after all that was planned is removed removes no more', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const retired = retiredBy(input);
        const { observation } = input;
        const items = observation.images.items.filter(({ id }) => !retired.has(id));
        const images = { ...observation.images, items };
        const again = plan({ ...input, observation: { ...observation, images } });

        expect(pointsAt(items, input.deployment, HOME).length).toBeLessThanOrEqual(16);
        expect(again.removals).toEqual([]);
      }),
    );
  });
});
