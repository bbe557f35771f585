import { describe, expect, it } from 'vitest';
import type { CopyAction, Decision } from '../../shared/domain/decision.ts';
import { type Image, incompletePart, notRead, type Part } from '../../shared/domain/model.ts';
import { planCopies } from '../../shared/domain/plan-copies.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anImage,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const COPIED: Policy = aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 3 } }] });

interface Images {
  readonly atHome: readonly Image[] | Part<Image>;
  readonly here?: readonly Image[] | Part<Image>;
}

const planFor = (
  { atHome, here = [] }: Images,
  parts: PlanParts = {},
): { readonly decisions: readonly Decision[]; readonly actions: readonly CopyAction[] } =>
  planCopies(
    aPlanInput({
      target: ELSEWHERE,
      policies: [COPIED],
      instances: notRead(),
      images: here,
      places: [aPlace(HOME, atHome)],
      ...parts,
    }),
  );

const linesFor = (images: Images, parts: PlanParts = {}): readonly string[] =>
  planFor(images, parts).decisions.map(({ id, verdict, reasons }) =>
    [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
  );

const copiesFor = (images: Images, parts: PlanParts = {}): readonly string[] =>
  planFor(images, parts).actions.map(({ name }) => name);

describe('a copy that is due', () => {
  it('COP-01 is asked for with all that EC2 needs to be told', () => {
    const policies = [
      aPolicy({
        copyTo: [{ region: 'eu-west-1', kmsKey: 'alias/imago-dr', keep: { last: 3 } }],
      }),
    ];
    const atHome = [aPoint({ created: '2026-11-21T02:03Z', tags: { Name: 'web' }, retry: 2 })];

    const { decisions, actions } = planFor({ atHome }, { policies });

    expect(decisions).toEqual([
      {
        kind: 'image',
        id: 'ami-1',
        policyId: 'web-daily',
        verdict: 'copy',
        reasons: [{ id: 'COP-01' }],
      },
    ]);
    expect(actions).toEqual([
      {
        kind: 'copy',
        point: {
          deployment: 'prod',
          policyId: 'web-daily',
          sourceId: 'i-0aa',
          slotMs: 1_795_226_400_000,
          retry: 0,
        },
        name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
        description: 'Imago web-daily: copy of ami-1 (eu-central-1), i-0aa at 2026-11-21T02-00-00Z',
        tags: {
          Name: 'web',
          'imago:deployment': 'prod',
          'imago:policy': 'web-daily',
          'imago:source': 'i-0aa',
          'imago:slot': '2026-11-21T02-00-00Z',
          'imago:home': '111122223333/eu-west-1',
          'imago:copied-from': '111122223333/eu-central-1/ami-1',
          'imago:captured-at': '2026-11-21T02:03:00.000Z',
        },
        sourceImageId: 'ami-1',
        sourceRegion: 'eu-central-1',
        plannedMs: 1_795_227_000_000,
        kmsKey: 'alias/imago-dr',
        reasons: [{ id: 'COP-01' }],
      },
    ]);
  });

  it('comes after the newest point of every other source', () => {
    const point = (source: string, day: number): Image =>
      aPoint({ id: `ami-${source}-${day}`, source, slot: `2026-11-${day}T02:00Z` });
    const atHome = [point('i-0aa', 20), point('i-0bb', 19), point('i-0aa', 21), point('i-0bb', 18)];

    expect(copiesFor({ atHome })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/web-daily/i-0bb/2026-11-19T02-00-00Z',
      'imago/prod/web-daily/i-0aa/2026-11-20T02-00-00Z',
      'imago/prod/web-daily/i-0bb/2026-11-18T02-00-00Z',
    ]);
  });

  it('is of a point under a former id of the policy, and takes the id of today', () => {
    const policies = [aPolicy({ ...COPIED, formerly: ['web-nightly'] })];
    const atHome = [aPoint({ policyId: 'web-nightly' })];

    expect(copiesFor({ atHome }, { policies })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ]);
  });
});

describe('a copy that is not due', () => {
  it('COP-02 exists', () => {
    expect(linesFor({ atHome: [aPoint()], here: [aCopy()] })).toEqual(['ami-1 keep COP-02']);
  });

  it('COP-02 exists, if it was made under a former id of the policy', () => {
    const policies = [aPolicy({ ...COPIED, formerly: ['web-nightly'] })];
    const images = { atHome: [aPoint()], here: [aCopy({ policyId: 'web-nightly' })] };

    expect(linesFor(images, { policies })).toEqual(['ami-1 keep COP-02']);
  });

  it('COP-03 is in progress', () => {
    const here = [aCopy({ state: 'pending' })];

    expect(linesFor({ atHome: [aPoint()], here })).toEqual(['ami-1 wait COP-03']);
  });

  it('COP-04 is not wanted by the rule of its destination', () => {
    const policies = [
      aPolicy({ keep: { last: 9 }, copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] }),
    ];
    const atHome = [
      aPoint({ id: 'ami-20', slot: '2026-11-20T02:00Z' }),
      aPoint({ id: 'ami-21', slot: '2026-11-21T02:00Z' }),
    ];

    expect(linesFor({ atHome }, { policies })).toEqual([
      'ami-21 copy COP-01',
      'ami-20 ignore COP-04',
    ]);
  });

  it.each([
    [
      'another Region',
      { policies: [aPolicy({ copyTo: [{ region: 'us-east-1', keep: { last: 1 } }] })] },
    ],
    ['no Region', { policies: [aPolicy()] }],
  ])('is nothing, where the policy names %s', (_, parts) => {
    expect(planFor({ atHome: [aPoint()] }, parts)).toEqual({ decisions: [], actions: [] });
  });

  it.each([
    ['of another policy', aPoint({ policyId: 'db-6h' })],
    ['of nobody', anImage()],
    ['away from its home', aCopy()],
  ])('is nothing for an image %s', (_, image) => {
    expect(planFor({ atHome: [image] })).toEqual({ decisions: [], actions: [] });
  });

  it('is nothing for a home in another account, which would have to share its images first', () => {
    const stranger = { account: '999900001111', region: 'eu-central-1' };
    const atHome = [aPoint({ place: stranger })];
    const parts = { homes: [stranger], places: [aPlace(stranger, atHome)] };

    expect(planFor({ atHome: [] }, parts)).toEqual({ decisions: [], actions: [] });
  });
});

describe('a copy after a failed one', () => {
  const failed = (retry: number, created: string): Image =>
    aCopy({ id: `copy-${retry}`, state: 'failed', retry, created, stateMessage: 'no such key' });

  it('COP-05 waits, and then takes the next name', () => {
    const images = { atHome: [aPoint()], here: [failed(0, '2026-11-21T02:20Z')] };

    expect(linesFor(images, { now: '2026-11-21T02:23Z' })).toEqual([
      'ami-1 wait COP-05 next try 2026-11-21T02-24-00Z',
    ]);
    expect(copiesFor(images, { now: '2026-11-21T02:24Z' })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r1',
    ]);
  });

  it('waits longer after the second, and tells which failure it follows', () => {
    const images = {
      atHome: [aPoint()],
      here: [failed(1, '2026-11-21T02:30Z'), failed(0, '2026-11-21T02:20Z')],
    };

    expect(linesFor(images, { now: '2026-11-21T02:38Z' })).toEqual([
      'ami-1 wait COP-05 next try 2026-11-21T02-39-00Z',
    ]);
    const [action] = planFor(images, { now: '2026-11-21T02:39Z' }).actions;
    expect(action?.name).toBe('imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r2');
    expect(action?.failedImage?.message).toBe('no such key');
  });

  it('counts only failed copies, not the failed tries that its source took at home', () => {
    const atHome = [aPoint({ id: 'ami-0', state: 'failed' }), aPoint({ retry: 1 })];

    expect(copiesFor({ atHome })).toEqual(['imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z']);
  });
});

describe('what is not known', () => {
  it.each([
    ['the home', { atHome: incompletePart('denied', [aPoint()]), here: [] }],
    ['the destination', { atHome: [aPoint()], here: incompletePart<Image>('denied') }],
  ])('COP-06 copies nothing while the images of %s are not all seen', (_, images) => {
    expect(linesFor(images)).toEqual(['ami-1 wait COP-06']);
    expect(copiesFor(images)).toEqual([]);
  });

  it('copies nothing from a home that was not read', () => {
    expect(planFor({ atHome: [] }, { places: [] })).toEqual({ decisions: [], actions: [] });
  });
});

it('planning with the copy under way never asks for a second one', () => {
  const atHome = [aPoint()];
  const [action] = planFor({ atHome }).actions;
  const here = ['pending', 'available'].map((state) =>
    anImage({
      id: 'copy-1',
      name: action?.name ?? '',
      tags: action?.tags ?? {},
      state: state === 'pending' ? 'pending' : 'available',
    }),
  );

  expect(here.map((copy) => copiesFor({ atHome, here: [copy] }))).toEqual([[], []]);
});
