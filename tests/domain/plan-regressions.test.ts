import { describe, expect, it } from 'vitest';
import { type Image, incompletePart } from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import { planCopies } from '../../shared/domain/plan-copies.ts';
import { planCreation } from '../../shared/domain/plan-creation.ts';
import { planOrphans } from '../../shared/domain/plan-orphans.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { heldBy } from '../../shared/domain/protection.ts';
import {
  aCopy,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  aTrigger,
  anInstance,
  at,
  ELSEWHERE,
  HOME,
  type PointParts,
} from '../support/builders.ts';

/** Cases that a hunt for mistakes in the planner found; each of them was one. */
const NOW = '2026-11-21T04:30Z';
const TEN_SOURCES = Array.from({ length: 10 }, (_, index) => `i-0${index}`);

const point = (source: string, day: number, parts: PointParts = {}): Image =>
  aPoint({
    id: `${source}-${day}`,
    source,
    slot: `2026-11-${String(day).padStart(2, '0')}T02:00Z`,
    ...parts,
  });

const points = (source: string, from: number, to: number): readonly Image[] =>
  Array.from({ length: to - from + 1 }, (_, index) => point(source, from + index));

const limitedTo = (percent: number) => ({ maxRemovals: { count: 1_000, percent }, keepAtLeast: 1 });

describe('a hold', () => {
  it.each(['JIRA-1234', 'ticket 12', 'CASE-2024-11', 'until 1', '1', 'audit 2025', '01/02/03'])(
    'PRO-03 that is no date holds for ever: %s',
    (hold) => {
      expect(heldBy(hold, at(NOW)).map(({ id }) => id)).toEqual(['PRO-03']);
    },
  );

  it('PRO-03 holds through the whole of the day that it names', () => {
    expect(heldBy('2026-11-21', at('2026-11-21T23:59Z'))).toHaveLength(1);
    expect(heldBy('2026-11-21', at('2026-11-22T00:00Z'))).toHaveLength(0);
  });
});

describe('turnover', () => {
  it('counts a point that is still on its way as one that came', () => {
    const images = TEN_SOURCES.flatMap((source) => [
      ...[17, 18, 19, 20].map((day) => point(source, day, { slot: `2026-11-${day}T03:00Z` })),
      point(source, 21, { slot: '2026-11-21T03:00Z', state: 'pending' }),
    ]);

    const { actions } = planRetirement(aPlanInput({ now: NOW, images, limits: limitedTo(10) }));

    expect(actions).toHaveLength(10);
  });

  it('is not used up by an old point that is held', () => {
    const images = TEN_SOURCES.flatMap((source) => [
      point(source, 1, { tags: { 'imago:hold': 'audit' } }),
      ...points(source, 18, 21),
    ]);

    const { actions } = planRetirement(aPlanInput({ now: NOW, images, limits: limitedTo(10) }));

    expect(actions).toHaveLength(10);
  });

  it('is granted once in a run, however many hops it has', () => {
    let images = ['i-00', 'i-01', 'i-02', 'i-03'].flatMap((source) => points(source, 2, 21));
    let spent = { removed: 0, counted: 0 };
    const policies = [aPolicy({ keep: { last: 1 } })];
    for (let hop = 0; hop < 5; hop += 1) {
      const input = aPlanInput({ now: NOW, images, limits: limitedTo(10), spent, policies });
      const done = planRetirement(input).actions.slice(0, 4); // the deadline comes after four
      const gone = new Set(done.map(({ imageId }) => imageId));
      images = images.filter(({ id }) => !gone.has(id));
      const counted = spent.counted + done.filter(({ isCounted }) => isCounted).length;
      spent = { removed: spent.removed + done.length, counted };
    }

    // In one go it would be 12: four that were displaced, and 10 % of 80.
    expect(spent).toEqual({ removed: 11, counted: 7 });
  });
});

describe('an orphan', () => {
  it('PRO-24 is none where no image at all is seen', () => {
    const input = aPlanInput({ now: NOW, images: [], snapshots: [aSnapshot()] });

    expect(planOrphans(input, 0).actions).toEqual([]);
  });

  it('RET-17 is none that belongs to a pending image, whose mappings may not show yet', () => {
    const images = [aPoint({ state: 'pending', snapshots: [] })];
    const tags = { 'imago:source': 'i-0aa', 'imago:slot': '2026-11-21T02-00-00Z' };
    const snapshots = [aSnapshot({ startedMs: at('2026-11-21T02:01Z'), tags })];

    expect(planOrphans(aPlanInput({ now: NOW, images, snapshots }), 0).actions).toEqual([]);
  });
});

describe('a try', () => {
  it('takes no name that a disabled point of its slot has', () => {
    const { actions } = planCreation(aPlanInput({ images: [aPoint({ state: 'disabled' })] }));

    expect(actions.map(({ name }) => name)).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r1',
    ]);
  });

  it('SCH-17 has the longer window of two triggers that share a slot', () => {
    const short = aTrigger('rate(1 day)', { catchUpMs: 1, startWithinMs: 1 });
    const policies = [aPolicy({ when: [short, aTrigger('cron(0 0 * * ? *)')] })];
    const images = [aPoint({ slot: '2026-11-20T20:00Z' })];
    const input = aPlanInput({ policies, now: '2026-11-21T03:00Z', images });

    expect(planCreation(input).decisions[0]?.reasons[0]?.id).toBe('SCH-17');
  });

  it('SEL-01 is not hindered by a tag named like a property of every object', () => {
    const select = { ...aPolicy().select, not: { ids: [], tags: { constructor: ['*'] } } };

    expect(planCreation(aPlanInput({ policies: [aPolicy({ select })] })).actions).toHaveLength(1);
  });
});

describe('copies', () => {
  it('COP-01 are one for two points of one slot', () => {
    const copyTo = [{ region: 'eu-west-1', keep: { last: 3 } }];
    const policies = [aPolicy({ formerly: ['old'], copyTo })];
    const atHome = [aPoint({ id: 'ami-1' }), aPoint({ id: 'ami-2', policyId: 'old' })];
    const input = aPlanInput({ target: ELSEWHERE, policies, places: [aPlace(HOME, atHome)] });

    expect(planCopies(input).actions.map(({ name }) => name)).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ]);
  });

  it('PRO-05 are not owed by a home to itself', () => {
    const copyTo = [{ region: 'eu-west-1', keep: { last: 3 } }];
    const policies = [aPolicy({ keep: { last: 1 }, copyTo })];
    const images = [20, 21].map((day) => point('i-0aa', day, { place: ELSEWHERE }));
    const homes = [HOME, ELSEWHERE];
    const input = aPlanInput({ now: NOW, target: ELSEWHERE, homes, policies, images });

    expect(planRetirement(input).actions.map(({ imageId }) => imageId)).toEqual(['i-0aa-20']);
  });
});

describe('what another stack of the same name made', () => {
  const policies = [
    aPolicy({ keep: { last: 1 }, copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] }),
  ];
  const theirs = [19, 20, 21].map((day) => point('i-0bb', day, { place: ELSEWHERE }));

  it('OWN-06 is left alone in a Region that this one only copies to', () => {
    const made = plan(aPlanInput({ now: NOW, target: ELSEWHERE, policies, images: theirs }));

    expect(made.removals).toEqual([]);
    expect(made.decisions.map(({ verdict, reasons }) => `${verdict} ${reasons[0]?.id}`)).toEqual([
      'ignore OWN-06',
      'ignore OWN-06',
      'ignore OWN-06',
    ]);
  });

  it('OWN-06 is left alone where it is a copy of a home that is not this one', () => {
    const images = [20, 21].map((day) =>
      aCopy({
        id: `ami-${day}`,
        slot: `2026-11-${day}T02:00Z`,
        tags: { 'imago:copied-from': '111122223333/us-east-1/ami-9' },
      }),
    );

    expect(plan(aPlanInput({ now: NOW, target: ELSEWHERE, policies, images })).removals).toEqual(
      [],
    );
  });

  it('OWN-06 is left alone when it is a snapshot without an image', () => {
    const place = { 'imago:home': '111122223333/eu-west-1', 'imago:source': 'i-0bb' };
    const snapshots = [aSnapshot({ tags: place })];
    const parts = { now: NOW, target: ELSEWHERE, policies, images: theirs, snapshots };

    expect(planOrphans(aPlanInput(parts), 0).decisions[0]?.reasons[0]?.id).toBe('OWN-06');
  });
});

describe('a hold on a snapshot', () => {
  it('PRO-03 holds the image that it would go with', () => {
    const images = [point('i-0aa', 21), point('i-0aa', 20)];
    const snapshots = [aSnapshot({ id: 'snap-of-i-0aa-20', tags: { 'imago:hold': 'audit' } })];
    const policies = [aPolicy({ keep: { last: 1 } })];

    expect(planRetirement(aPlanInput({ now: NOW, images, snapshots, policies })).actions).toEqual(
      [],
    );
  });

  it('PRO-25 may be there where snapshots could not be listed', () => {
    const images = [point('i-0aa', 21), point('i-0aa', 20)];
    const policies = [aPolicy({ keep: { last: 1 } })];
    const parts = { now: NOW, images, policies, snapshots: incompletePart<never>('denied') };

    expect(planRetirement(aPlanInput(parts)).actions).toEqual([]);
  });
});

describe('a snapshot that is all that is left of a source', () => {
  it('PRO-06 stays, although nobody removed its image by a policy', () => {
    const images = [aPoint({ source: 'i-0bb' })];

    expect(
      planOrphans(aPlanInput({ now: NOW, images, snapshots: [aSnapshot()] }), 0).decisions[0]
        ?.reasons,
    ).toEqual([{ id: 'PRO-06', evidence: 'its source has no good point' }]);
  });
});

describe('evidence', () => {
  it('names uses and points in one order, whatever order EC2 answered in', () => {
    const uses = ['i-1', 'i-2'].map((id) => anInstance({ id, imageId: 'i-0aa-20' }));
    const images = [point('i-0aa', 21), point('i-0aa', 20)];
    const policies = [aPolicy({ keep: { last: 1 } })];
    const parts = { now: NOW, policies };

    const made = plan(aPlanInput({ ...parts, images, instances: uses }));
    const turned = { images: images.toReversed(), instances: uses.toReversed() };

    expect(plan(aPlanInput({ ...parts, ...turned }))).toEqual(made);
  });
});
