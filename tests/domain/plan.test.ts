import { describe, expect, it } from 'vitest';
import { type Image, incompletePart, type Target } from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import {
  aCopy,
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  at,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const COPIED = aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 2 } }] });

it('a plan of nothing but an empty home does nothing, and says when it was made', () => {
  expect(plan(aPlanInput({ instances: [] }))).toEqual({
    target: HOME,
    instantMs: at('2026-11-21T02:10Z'),
    decisions: [],
    backups: [],
    repairs: [],
    removals: [],
    wakes: [],
    problems: [],
  });
});

it('a plan creates, then copies, then retires images, then deletes orphans', () => {
  // Two homes that copy to each other's Region: this one creates and receives.
  const elsewhere = aPolicy({ id: 'db', copyTo: [{ region: HOME.region, keep: { last: 1 } }] });
  const made = plan(
    aPlanInput({
      homes: [HOME, ELSEWHERE],
      policies: [aPolicy({ keep: { last: 1 } }), elsewhere],
      images: [
        aPoint({ id: 'ami-19', slot: '2026-11-19T02:00Z' }),
        aPoint({ id: 'ami-20', slot: '2026-11-20T02:00Z' }),
      ],
      snapshots: [aSnapshot()],
      places: [aPlace(ELSEWHERE, [aPoint({ policyId: 'db', source: 'i-0bb', place: ELSEWHERE })])],
    }),
  );

  expect(made.backups.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'create imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    'create imago/prod/db/i-0aa/2026-11-21T02-00-00Z',
    'copy imago/prod/db/i-0bb/2026-11-21T02-00-00Z',
  ]);
  expect(made.removals.map(({ kind }) => kind)).toEqual(['retire', 'delete-snapshot']);
});

it('a policy that is empty removes nothing', () => {
  const images = Array.from({ length: 9 }, (_, index) =>
    aPoint({ id: `ami-${index}`, slot: `2026-11-1${index}T02:00Z` }),
  );

  expect(plan(aPlanInput({ images, snapshots: [aSnapshot()], policies: [] })).removals).toEqual([]);
});

describe('what an instance becomes', () => {
  it('does not end its points: they are kept and retired as before', () => {
    const images = [18, 19, 20, 21].map((day) =>
      aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z` }),
    );
    const parts = { images, instances: [anInstance({ id: 'i-0zz', tags: {} })] };

    expect(plan(aPlanInput(parts)).removals).toMatchObject([{ imageId: 'ami-18' }]);
  });
});

describe('wakes', () => {
  const wakesFor = (parts: PlanParts): readonly Target[] =>
    plan(aPlanInput({ policies: [COPIED], images: [aPoint()], ...parts })).wakes;

  it.each<[string, readonly Image[]]>([
    ['is missing', []],
    ['failed', [aCopy({ state: 'failed' })]],
    ['is of another source', [aCopy({ source: 'i-0bb' })]],
  ])('are of a destination whose copy %s', (_, images) => {
    expect(wakesFor({ places: [aPlace(ELSEWHERE, images)] })).toEqual([ELSEWHERE]);
  });

  it.each<[string, PlanParts]>([
    ['has its copy', { places: [aPlace(ELSEWHERE, [aCopy()])] }],
    ['has it under way', { places: [aPlace(ELSEWHERE, [aCopy({ state: 'pending' })])] }],
    ['is not one of the policy', { policies: [aPolicy()], places: [aPlace(ELSEWHERE, [])] }],
    ['was not looked at', { places: [] }],
    [
      'is only owed a point that is pending',
      { images: [aPoint({ state: 'pending' })], places: [aPlace(ELSEWHERE, [])] },
    ],
  ])('are none of a destination that %s', (_, parts) => {
    expect(wakesFor(parts)).toEqual([]);
  });

  it('are of a destination that could not be seen whole', () => {
    const places = [aPlace(ELSEWHERE, incompletePart('throttled', [aCopy()]))];

    expect(wakesFor({ places })).toEqual([ELSEWHERE]);
  });

  it('are none by a target that is not a home', () => {
    expect(wakesFor({ target: ELSEWHERE, images: [], places: [aPlace(HOME, [])] })).toEqual([]);
  });
});
