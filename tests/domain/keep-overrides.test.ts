import { describe, expect, it } from 'vitest';
import type { Keep, KeepFrom } from '../../shared/domain/policy.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import { keptUntil, sayingsOf } from '../../shared/domain/keep-overrides.ts';
import type { Image, Tags } from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import {
  aCopy,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  at,
  ELSEWHERE,
  type PlanParts,
} from '../support/builders.ts';

/** Points of the 10th to the 21st; the tags are those of `ami-10` to `ami-21`. */
const points = (tagsOf: Readonly<Record<number, Tags>>): readonly Image[] =>
  Array.from({ length: 12 }, (_, index) => 21 - index).map((day) =>
    aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, tags: tagsOf[day] ?? {} }),
  );

const rule = (keep: Keep, keepFrom?: KeepFrom): Pick<PlanParts, 'policies'> => ({
  policies: [aPolicy({ keep, ...(keepFrom && { keepFrom }) })],
});

const TWO = rule({ last: 2 });

/** `ami-15 keep RET-08 imago:keep=30d`: the decisions on these, a line each. */
const linesFor = (days: readonly number[], parts: PlanParts): readonly string[] => {
  const { decisions } = planRetirement(aPlanInput({ now: '2026-11-21T04:30Z', ...parts }));
  return days.map((day) => {
    const found = decisions.find(({ id }) => id === `ami-${day}`);
    const reasons = found?.reasons.map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim());
    return [`ami-${day}`, found?.verdict, ...(reasons ?? [])].join(' ');
  });
};

const keptFor = (parts: PlanParts): readonly string[] =>
  planRetirement(aPlanInput({ now: '2026-11-21T04:30Z', ...parts }))
    .decisions.filter(({ verdict }) => verdict === 'keep')
    .map(({ id }) => id);

describe("an image's own tag imago:keep", () => {
  it('RET-08 keeps it beside the policy, for as long as it says before the newest point', () => {
    const images = points({ 15: { 'imago:keep': '7d' }, 14: { 'imago:keep': '7d' } });

    expect(linesFor([15, 14], { ...TWO, images })).toEqual([
      'ami-15 keep RET-08 imago:keep=7d',
      'ami-14 retire RET-10 8 of 12',
    ]);
  });

  it('RET-08 keeps it for ever where it says all', () => {
    const images = points({ 10: { 'imago:keep': 'all' } });

    expect(linesFor([10], { ...TWO, images, now: '2060-01-01T00:00Z' })).toEqual([
      'ami-10 keep RET-08 imago:keep=all',
    ]);
  });

  it('RET-08 is a rule over the whole group, and keeps that image only', () => {
    // Sunday the 15th is the newest of the week before; the newest of the one before that is the 8th.
    const images = points({ 15: { 'imago:keep': 'weekly=2' }, 14: { 'imago:keep': 'weekly=2' } });

    expect(linesFor([15, 14, 13], { ...TWO, images })).toEqual([
      'ami-15 keep RET-08 imago:keep=weekly=2',
      'ami-14 retire RET-10 8 of 12',
      'ami-13 retire RET-10 9 of 12',
    ]);
  });

  it('RET-08 stands beside the reasons of the policy', () => {
    const images = points({ 21: { 'imago:keep': '1d' } });

    expect(linesFor([21], { ...TWO, images })).toEqual([
      'ami-21 keep RET-01 1 of 2 RET-08 imago:keep=1d',
    ]);
  });

  it('never shortens what the policy keeps', () => {
    const images = points({ 20: { 'imago:keep': 'last=1' } });

    expect(linesFor([20], { ...TWO, images })).toEqual(['ami-20 keep RET-01 2 of 2']);
  });

  it.each(['', '7', '7m', 'for ever', 'daily=0', 'daily=7;weekly=4'])(
    'RET-09 says so when it holds %j, and the policy decides',
    (text) => {
      const images = points({ 20: { 'imago:keep': text }, 15: { 'imago:keep': text } });

      expect(linesFor([20, 15], { ...TWO, images })).toEqual([
        `ami-20 keep RET-01 2 of 2 RET-09 imago:keep=${text}`,
        `ami-15 retire RET-10 7 of 12 RET-09 imago:keep=${text}`,
      ]);
    },
  );

  it('counts at a destination beside the rule there', () => {
    const images = [21, 20, 19].map((day) =>
      aCopy({
        id: `ami-${day}`,
        slot: `2026-11-${day}T02:00Z`,
        tags: day === 19 ? { 'imago:keep': '1y' } : {},
      }),
    );
    const policies = [aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] })];

    expect(linesFor([21, 20, 19], { policies, images, target: ELSEWHERE })).toEqual([
      'ami-21 keep RET-01 1 of 1',
      'ami-20 retire RET-10 2 of 3',
      'ami-19 keep RET-08 imago:keep=1y',
    ]);
  });
});

describe("an image's own tag imago:keep-until", () => {
  const until = (text: string): Pick<PlanParts, 'images'> => ({
    images: points({ 15: { 'imago:keep-until': text } }),
  });

  it.each(['2026-11-21', '2026-11-21T04:30:00.001Z', '2099-01-01'])(
    'RET-08 keeps it until %s is over',
    (text) => {
      expect(linesFor([15], { ...TWO, ...until(text) })).toEqual([
        `ami-15 keep RET-08 imago:keep-until=${text}`,
      ]);
    },
  );

  it.each(['2026-11-20', '2026-11-21T04:30Z'])('lets the policy decide once %s is over', (text) => {
    expect(linesFor([15], { ...TWO, ...until(text) })).toEqual(['ami-15 retire RET-10 7 of 12']);
  });

  it.each(['', 'next year', 'JIRA-1234', '2026-13-01'])(
    'PRO-26 protects it when it holds %j, since nobody knows',
    (text) => {
      expect(linesFor([15], { ...TWO, ...until(text) })).toEqual([
        `ami-15 protect RET-10 7 of 12 PRO-26 ${text}`.trim(),
      ]);
    },
  );

  it('protects no image that failed, which was never a point', () => {
    const images = [
      aPoint({ id: 'ami-21', slot: '2026-11-21T02:00Z' }),
      aPoint({
        id: 'ami-20',
        slot: '2026-11-20T02:00Z',
        state: 'failed',
        tags: { 'imago:keep-until': 'soon', 'imago:keep': 'all' },
      }),
    ];

    expect(linesFor([20], { images })).toEqual(['ami-20 retire RET-11 ami-21']);
  });
});

describe("the instance's tag imago:keep", () => {
  const source = (keep: string, state: 'running' | 'terminated' = 'running'): PlanParts => ({
    ...TWO,
    images: points({}),
    instances: [
      anInstance({ id: 'i-0aa', state, tags: { 'imago:keep': keep } }),
      anInstance({ id: 'i-0bb' }),
    ],
  });

  it('RET-08 lengthens for all its points while it is seen', () => {
    expect(linesFor([21, 18, 17], source('4d'))).toEqual([
      'ami-21 keep RET-01 1 of 2 RET-08 imago:keep=4d of i-0aa',
      'ami-18 keep RET-08 imago:keep=4d of i-0aa',
      'ami-17 retire RET-10 5 of 12',
    ]);
    expect(linesFor([18], source('4d', 'terminated'))).toEqual([
      'ami-18 keep RET-08 imago:keep=4d of i-0aa',
    ]);
  });

  it('does not once it is not seen any more', () => {
    expect(linesFor([18], { ...source('4d'), instances: [anInstance({ id: 'i-0bb' })] })).toEqual([
      'ami-18 retire RET-10 4 of 12',
    ]);
  });

  it('is of that instance alone', () => {
    const instances = [anInstance({ id: 'i-0bb', tags: { 'imago:keep': 'all' } })];

    expect(linesFor([18], { ...source('4d'), instances })).toEqual([
      'ami-18 retire RET-10 4 of 12',
    ]);
  });

  it('RET-09 is reported on every point when it cannot be read', () => {
    expect(linesFor([21, 18], source('long'))).toEqual([
      'ami-21 keep RET-01 1 of 2 RET-09 imago:keep=long of i-0aa',
      'ami-18 retire RET-10 4 of 12 RET-09 imago:keep=long of i-0aa',
    ]);
  });
});

describe('keepFrom', () => {
  const FROM: KeepFrom = { tag: 'Retention', unit: 'd' };
  const withFloor: KeepFrom = { ...FROM, floor: { last: 1 } };

  it('RET-08 keeps what the tag of the image says, beside the policy', () => {
    const images = points({ 18: { Retention: '4' }, 17: { Retention: '4' } });

    expect(linesFor([20, 18, 17], { ...rule({ last: 2 }, FROM), images })).toEqual([
      'ami-20 keep RET-01 2 of 2',
      'ami-18 keep RET-08 Retention=4',
      'ami-17 retire RET-10 5 of 12',
    ]);
  });

  it('RET-08 keeps what the tag of the instance says, for all its points', () => {
    const instances = [anInstance({ tags: { Retention: '2d' } })];
    const parts = { ...rule({ last: 1 }, FROM), images: points({}), instances };

    expect(keptFor(parts)).toEqual(['ami-21', 'ami-20']);
  });

  it('cannot shorten without a floor', () => {
    const images = points({ 20: { Retention: '1' } });

    expect(linesFor([20], { ...rule({ last: 2 }, FROM), images })).toEqual([
      'ami-20 keep RET-01 2 of 2',
    ]);
  });

  it('RET-09 is reported where it cannot be read, and the policy decides', () => {
    const images = points({ 20: { Retention: 'long' }, 18: { Retention: '4 weeks' } });

    expect(linesFor([20, 18], { ...rule({ last: 2 }, FROM), images })).toEqual([
      'ami-20 keep RET-01 2 of 2 RET-09 Retention=long',
      'ami-18 retire RET-10 4 of 12 RET-09 Retention=4 weeks',
    ]);
  });

  it('reads no bare number without a unit', () => {
    const images = points({ 18: { Retention: '30' } });

    expect(linesFor([18], { ...rule({ last: 2 }, { tag: 'Retention' }), images })).toEqual([
      'ami-18 retire RET-10 4 of 12 RET-09 Retention=30',
    ]);
  });

  it('stands instead of the rule where there is a floor, which is kept beside it', () => {
    const images = points({
      21: { Retention: '1' },
      20: { Retention: '1' },
      19: { Retention: '3' },
    });
    const parts = { ...rule({ last: 4 }, withFloor), images };

    expect(linesFor([21, 20, 19, 18], parts)).toEqual([
      'ami-21 keep RET-01 1 of 1 RET-08 Retention=1',
      'ami-20 retire RET-10 2 of 12',
      'ami-19 keep RET-08 Retention=3',
      'ami-18 keep RET-01 4 of 4',
    ]);
  });

  it('leaves the rule of the policy in force where its tag cannot be read, floor or not', () => {
    const images = points({ 20: { Retention: 'short' } });

    expect(linesFor([20], { ...rule({ last: 2 }, withFloor), images })).toEqual([
      'ami-20 keep RET-01 2 of 2 RET-09 Retention=short',
    ]);
  });

  it('counts the longer of what image and instance say', () => {
    const images = points({ 20: { Retention: '1' }, 17: { Retention: '1' } });
    const instances = [anInstance({ tags: { Retention: '4' } })];

    expect(linesFor([20, 17], { ...rule({ last: 4 }, withFloor), images, instances })).toEqual([
      'ami-20 keep RET-08 Retention=4 of i-0aa',
      'ami-17 retire RET-10 5 of 12',
    ]);
  });

  it('is not put out of force by the tag imago:keep, which only lengthens', () => {
    const images = points({ 20: { 'imago:keep': '1d' } });

    expect(linesFor([20], { ...rule({ last: 2 }, withFloor), images })).toEqual([
      'ami-20 keep RET-01 2 of 2',
    ]);
  });

  it('shortens no copy below the rule of its destination', () => {
    const images = [21, 20, 19].map((day) =>
      aCopy({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, tags: { Retention: '1' } }),
    );
    const policies = [
      aPolicy({ keepFrom: withFloor, copyTo: [{ region: 'eu-west-1', keep: { last: 2 } }] }),
    ];

    expect(linesFor([21, 20, 19], { policies, images, target: ELSEWHERE })).toEqual([
      'ami-21 keep RET-01 1 of 2 RET-08 Retention=1',
      'ami-20 keep RET-01 2 of 2',
      'ami-19 retire RET-10 3 of 3',
    ]);
  });

  it('takes no property of every object for a tag', () => {
    expect(
      linesFor([18], { ...rule({ last: 2 }, { tag: 'constructor' }), images: points({}) }),
    ).toEqual(['ami-18 retire RET-10 4 of 12']);
  });
});

describe('what a removal leaves behind', () => {
  it('is the points that a tag keeps, and those that the policy keeps', () => {
    const images = points({ 12: { 'imago:keep': '1y' } });
    const input = aPlanInput({ now: '2026-11-21T04:30Z', ...TWO, images });

    expect(planRetirement(input).actions[0]).toMatchObject({
      imageId: 'ami-10',
      survivorIds: ['ami-21', 'ami-20', 'ami-12'],
    });
  });
});

describe('what tags say, in one text', () => {
  it('names each tag that counts, and where it stands', () => {
    const image = { 'imago:keep': '7d', Retention: '4', Name: 'web' };
    const source = { id: 'i-0aa', tags: { Retention: '5', 'imago:keep': 'all' } };

    expect(sayingsOf(image, source, { tag: 'Retention' })).toBe(
      'imago:keep=7d of the image, Retention=4 of the image, ' +
        'imago:keep=all of i-0aa, Retention=5 of i-0aa',
    );
    expect(sayingsOf(image, undefined, undefined)).toBe('imago:keep=7d of the image');
    expect(sayingsOf({}, undefined, undefined)).toBe('');
  });

  it('of a date is that it is kept, that nobody knows, or nothing', () => {
    const nowMs = at('2026-11-21T04:30Z');
    const of = (text: string) => keptUntil({ 'imago:keep-until': text }, nowMs)?.id;

    expect([of('2026-11-21'), of('soon'), of('2026-11-20'), keptUntil({}, nowMs)]).toEqual([
      'RET-08',
      'PRO-26',
      undefined,
      undefined,
    ]);
  });
});

it('an instance without a tag of its own changes nothing, whatever its rule is', () => {
  const policies = [aPolicy({ keep: { within: { ...NO_TIME, days: 2 } } })];

  expect(keptFor({ policies, images: points({}) })).toEqual(['ami-21', 'ami-20']);
});
