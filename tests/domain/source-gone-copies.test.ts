import { describe, expect, it } from 'vitest';
import type { Decision } from '../../shared/domain/decision.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import {
  completePart,
  type Image,
  type Instance,
  incompletePart,
  type PlaceImages,
} from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import {
  aCopy,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  ELSEWHERE,
  HOME,
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

/** Two are kept after the source is gone, for thirty days after the newest. */
const POLICY = aPolicy({
  keep: { last: 3 },
  whenSourceGone: { keepLast: 2, for: { ...NO_TIME, days: 30 } },
  copyTo: [{ region: 'eu-west-1', keep: { last: 3 } }],
});

const planFor = (parts: PlanParts): ReturnType<typeof planRetirement> =>
  planRetirement(aPlanInput({ now: '2026-12-18T04:30Z', policies: [POLICY], ...parts }));

const lineOf = ({ id, verdict, reasons }: Decision): string =>
  [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' ');

const linesFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).decisions.map(lineOf).sort().toReversed();

const retiredFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).actions.map(({ imageId }) => imageId);

describe('the copies of a source that is gone', () => {
  const home = (images: readonly Image[], instances: readonly Instance[]): PlaceImages => ({
    place: HOME,
    images: completePart(images),
    instances: completePart(instances),
  });
  const HERE: PlanParts = {
    target: ELSEWHERE,
    images: [copy(20), copy(19), copy(18), copy(17)],
    instances: [],
    places: [home([point(20), point(19)], [OTHER])],
  };

  it('RET-27 are kept as at home, once that has let its points go', () => {
    expect(linesFor(HERE)).toEqual([
      'copy-20 keep RET-27 1 of 2',
      'copy-19 keep RET-27 2 of 2',
      'copy-18 retire RET-10 3 of 4, its source is gone',
      'copy-17 retire RET-10 4 of 4, its source is gone',
    ]);
    expect(planFor(HERE).actions[0]?.goneFrom).toEqual(HOME);
  });

  it('wait for the home: what that still has, it would copy here again', () => {
    const places = [home([point(20), point(19), point(18)], [OTHER])];

    expect(retiredFor({ ...HERE, places })).toEqual(['copy-17']);
    expect(retiredFor({ ...HERE, places, now: '2027-02-01T00:00Z' })).toEqual(['copy-17']);
    expect(linesFor({ ...HERE, places })).toContain('copy-18 keep RET-01 3 of 3');
  });

  it('RET-27 are kept as long as the home has the point, though it lacks newer ones', () => {
    const places = [home([point(18), point(17)], [OTHER])];

    expect(linesFor({ ...HERE, places })).toEqual([
      'copy-20 keep RET-27 1 of 2',
      'copy-19 keep RET-27 2 of 2',
      'copy-18 keep RET-27 its home has it still',
      'copy-17 keep RET-27 its home has it still',
    ]);
  });

  it('all go when the time is over and the home has none left', () => {
    const now = '2027-02-01T00:00Z';

    expect(retiredFor({ ...HERE, now, places: [home([], [OTHER])] })).toHaveLength(4);
    expect(retiredFor({ ...HERE, now, places: [home([point(20)], [OTHER])] })).toEqual(['copy-17']);
  });

  it('are kept for as long as the newest point at home, if the last one was not copied', () => {
    const images = [copy(18), copy(17)];
    const newest = point(20, { slot: '2026-11-24T02:00Z' });

    expect(
      retiredFor({ ...HERE, images, now: '2026-12-20T04:30Z', places: [home([newest], [OTHER])] }),
    ).toEqual([]);
  });

  it('are kept as ever while the home shows the source, or a young point of it', () => {
    const young = point(21, { slot: '2026-12-15T02:00Z', state: 'pending' });

    expect(retiredFor({ ...HERE, places: [home([], [OTHER, anInstance()])] })).toEqual(['copy-17']);
    expect(retiredFor({ ...HERE, places: [home([young], [OTHER])] })).toEqual(['copy-17']);
  });

  it.each<[string, PlaceImages | undefined, string]>([
    ['was not read', undefined, 'instances of eu-central-1: not read by this pass'],
    [
      'was read for something else',
      { place: HOME, images: completePart([]) },
      'instances of eu-central-1: not read by this pass',
    ],
    ['seems empty', home([], []), 'instances of eu-central-1: none seen'],
    [
      'could not be read whole',
      { ...home([], [OTHER]), instances: incompletePart('denied', [OTHER]) },
      'instances of eu-central-1: denied',
    ],
    [
      'did not show all its images',
      { ...home([], [OTHER]), images: incompletePart('denied') },
      'images of eu-central-1: denied',
    ],
  ])('PRO-27 are kept where the home %s', (_, place, why) => {
    const places = place === undefined ? [] : [place];

    expect(linesFor({ ...HERE, places })).toContain(`copy-18 protect RET-01 3 of 3 PRO-27 ${why}`);
    expect(retiredFor({ ...HERE, places })).toEqual(['copy-17']);
  });

  it('PRO-27 are kept where they come of two homes', () => {
    const tags = { 'imago:copied-from': '111122223333/us-east-1/ami-19' };
    const images = [copy(20), copy(19, { tags }), copy(18), copy(17)];
    const homes = [HOME, { ...HOME, region: 'us-east-1' }];

    expect(linesFor({ ...HERE, images, homes })).toContain(
      'copy-18 protect RET-01 3 of 3 PRO-27 its home is not clear',
    );
  });
});
