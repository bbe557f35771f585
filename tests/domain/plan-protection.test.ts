import { describe, expect, it } from 'vitest';
import {
  completePart,
  type Image,
  type ImageReference,
  incompletePart,
  type InstanceState,
  notRead,
  type SourceReferences,
} from '../../shared/domain/model.ts';
import { planRemovals } from '../../shared/domain/plan.ts';
import {
  aCopy,
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

const point = (day: number, parts: PointParts = {}): Image =>
  aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z`, ...parts });

/** `ami-20` has expired and nothing but what a test adds protects it. */
const EXPIRED = { images: [point(21), point(20)], policies: [aPolicy({ keep: { last: 1 } })] };

const planFor = (parts: PlanParts): ReturnType<typeof planRemovals> =>
  planRemovals(aPlanInput({ now: '2026-11-21T04:30Z', ...EXPIRED, ...parts }));

const reasonsFor = (parts: PlanParts, imageId = 'ami-20'): readonly string[] =>
  planFor(parts)
    .decisions.filter(({ id }) => id === imageId)
    .flatMap(({ verdict, reasons }) => [
      verdict,
      ...reasons.map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim()),
    ]);

const removalsFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).removals.map((one) => (one.kind === 'retire' ? one.imageId : one.snapshotId));

it('an expired point that nothing protects is retired', () => {
  expect(reasonsFor({})).toEqual(['retire', 'RET-10 2 of 2']);
  expect(removalsFor({})).toEqual(['ami-20']);
});

describe('an image in use', () => {
  it.each<InstanceState>(['pending', 'running', 'stopping', 'stopped', 'shutting-down'])(
    'PRO-01 stays while an instance that was launched from it is %s',
    (state) => {
      const instances = [anInstance({ id: 'i-0bb', state, imageId: 'ami-20' })];

      expect(reasonsFor({ instances })).toEqual([
        'protect',
        'RET-10 2 of 2',
        `PRO-01 i-0bb (${state})`,
      ]);
      expect(removalsFor({ instances })).toEqual([]);
    },
  );

  it('goes once the instance is terminated', () => {
    const instances = [anInstance({ id: 'i-0bb', state: 'terminated', imageId: 'ami-20' })];

    expect(removalsFor({ instances })).toEqual(['ami-20']);
  });

  it('PRO-02 stays while a launch template can launch it', () => {
    const launchTemplates: ImageReference[] = [
      { imageId: 'ami-20', kind: 'launch-template', by: 'lt-0aa (version 3)', holds: true },
    ];

    expect(reasonsFor({ launchTemplates })).toEqual([
      'protect',
      'RET-10 2 of 2',
      'PRO-02 lt-0aa (version 3)',
    ]);
    expect(removalsFor({ launchTemplates })).toEqual([]);
  });

  it('PRO-01 stays if it failed and is used all the same, whatever EC2 thinks of that', () => {
    const images = [point(21), point(20, { state: 'failed' })];
    const instances = [anInstance({ imageId: 'ami-20' })];

    expect(reasonsFor({ images, instances })).toEqual([
      'protect',
      'RET-11 ami-21',
      'PRO-01 i-0aa (running)',
    ]);
  });

  it('names every use, and every other reason too', () => {
    const images = [
      point(21),
      point(20, { isDeregistrationProtected: true, tags: { 'imago:hold': '' } }),
    ];
    const instances = [
      anInstance({ id: 'i-0bb', imageId: 'ami-20' }),
      anInstance({ id: 'i-0cc', state: 'stopped', imageId: 'ami-20' }),
    ];

    expect(reasonsFor({ images, instances })).toEqual([
      'protect',
      'RET-10 2 of 2',
      'PRO-01 i-0bb (running)',
      'PRO-01 i-0cc (stopped)',
      'PRO-03',
      'PRO-04',
    ]);
  });
});

describe('an image that people protect', () => {
  const held = (hold: string): PlanParts => ({
    images: [point(21), point(20, { tags: { 'imago:hold': hold } })],
  });

  it.each(['', 'forever', 'audit', '2026-11-21T04:30:00.001Z', '2099-01-01'])(
    'PRO-03 stays under a hold of %j',
    (hold) => {
      expect(reasonsFor(held(hold))).toEqual(['protect', 'RET-10 2 of 2', `PRO-03 ${hold}`.trim()]);
      expect(removalsFor(held(hold))).toEqual([]);
    },
  );

  it.each(['2026-11-21T04:30:00.000Z', '2026-11-20'])('goes after a hold until %s', (hold) => {
    expect(removalsFor(held(hold))).toEqual(['ami-20']);
  });

  it('PRO-04 stays while it is protected from deregistration', () => {
    const images = [point(21), point(20, { isDeregistrationProtected: true })];

    expect(reasonsFor({ images })).toEqual(['protect', 'RET-10 2 of 2', 'PRO-04']);
  });
});

describe('an image that a destination is owed', () => {
  const policies = [
    aPolicy({ keep: { last: 1 }, copyTo: [{ region: 'eu-west-1', keep: { last: 2 } }] }),
  ];
  const copy = (day: number, parts: PointParts = {}): Image =>
    aCopy({ id: `copy-${day}`, slot: `2026-11-${day}T02:00Z`, ...parts });
  const elsewhere = (...images: readonly Image[]): PlanParts => ({
    policies,
    places: [aPlace(ELSEWHERE, images)],
  });

  it.each([
    ['is missing', elsewhere()],
    ['is pending', elsewhere(copy(20, { state: 'pending' }))],
    ['failed', elsewhere(copy(20, { state: 'failed' }))],
    ['is of another source', elsewhere(copy(20, { source: 'i-0bb' }))],
    ['was made by a person', elsewhere({ ...copy(20), name: 'mine' })],
  ])('PRO-05 stays while its copy %s', (_, parts) => {
    expect(reasonsFor(parts)).toEqual(['protect', 'RET-10 2 of 2', 'PRO-05 eu-west-1']);
    expect(removalsFor(parts)).toEqual([]);
  });

  it('goes once its copy is available', () => {
    expect(removalsFor(elsewhere(copy(20)))).toEqual(['ami-20']);
  });

  it('goes if the destination does not want it, having newer ones', () => {
    const images = [point(21), point(20), point(19)];

    expect(removalsFor({ ...elsewhere(), images })).toEqual(['ami-19']);
  });

  it('goes once it was copied under a former id of the policy', () => {
    const former = [{ ...policies[0], ...aPolicy(policies[0]), formerly: ['web-nightly'] }];
    const parts = elsewhere(copy(20, { policyId: 'web-nightly' }));

    expect(removalsFor({ ...parts, policies: former })).toEqual(['ami-20']);
  });

  it.each([
    ['PRO-23 eu-west-1: denied', [aPlace(ELSEWHERE, incompletePart('denied', [copy(20)]))]],
    ['PRO-23 eu-west-1: not read by this pass', []],
  ])('%s stays while it is not known what the destination has', (line, places) => {
    expect(reasonsFor({ policies, places })).toEqual(['protect', 'RET-10 2 of 2', line]);
    expect(removalsFor({ policies, places })).toEqual([]);
  });
});

describe('the last good points', () => {
  /** Keeps nothing; no policy file can say that, and if one could, this would be what is left. */
  const policies = [aPolicy({ keep: { last: 0 } })];

  it('PRO-06 stay, however old they are', () => {
    const images = [point(10), point(11)];

    expect(reasonsFor({ images, policies }, 'ami-11')).toEqual([
      'protect',
      'RET-10 1 of 2',
      'PRO-06',
    ]);
    expect(removalsFor({ images, policies })).toEqual(['ami-10']);
  });

  it('PRO-06 stay, as many as keepAtLeast says', () => {
    const images = [point(21), point(20), point(19), point(18)];
    const limits = { ...NO_LIMITS, keepAtLeast: 3 };

    expect(reasonsFor({ images, limits }, 'ami-19')).toEqual([
      'protect',
      'RET-10 3 of 4',
      'PRO-06',
    ]);
    expect(removalsFor({ images, limits })).toEqual(['ami-18']);
  });

  it('are good ones: neither a pending nor a failed nor a disabled one stands in for them', () => {
    const images = [
      point(10),
      point(11, { state: 'pending' }),
      point(12, { state: 'failed' }),
      point(13, { state: 'disabled' }),
    ];

    expect(removalsFor({ images, policies })).toEqual([]);
  });

  it('are of each source, when a whole fleet has gone stale', () => {
    const sources = ['i-0aa', 'i-0bb', 'i-0cc'];
    const images = sources.flatMap((source) => [
      point(10, { id: `old-${source}`, source }),
      point(11, { id: `new-${source}`, source }),
    ]);

    expect([...removalsFor({ images, policies })].sort()).toEqual([
      'old-i-0aa',
      'old-i-0bb',
      'old-i-0cc',
    ]);
  });
});

/** That no launch template names any image, and one parameter names this one. */
const using = (imageId: string): readonly SourceReferences[] => [
  { source: 'launch-templates', part: completePart([]) },
  {
    source: 'parameters',
    part: completePart([
      { imageId, kind: 'parameter', by: 'parameter /golden/web', holds: true } as const,
    ]),
  },
];

describe('what is not known', () => {
  const inPart = completePart([anInstance()]);

  it.each<[string, PlanParts, readonly string[]]>([
    ['instances', { instances: incompletePart('denied', inPart.items) }, ['PRO-20 denied']],
    [
      'instances and none seen',
      { instances: incompletePart('denied') },
      ['PRO-24 no instance seen', 'PRO-20 denied'],
    ],
    ['images', { images: incompletePart('denied', EXPIRED.images) }, ['PRO-21 denied']],
    ['launch templates', { launchTemplates: incompletePart('denied') }, ['PRO-22 denied']],
    ['launch templates not read', { launchTemplates: notRead() }, ['PRO-22 not read by this pass']],
  ])('protects: %s', (_, parts, reasons) => {
    expect(reasonsFor(parts)).toEqual(['protect', 'RET-10 2 of 2', ...reasons]);
    expect(removalsFor(parts)).toEqual([]);
  });

  it.each<[string, PlanParts, string]>([
    ['was not', { sources: ['fleets'] }, 'PRO-31 not read by this pass'],
    ['was, and names it', { uses: using('ami-20') }, 'PRO-10 parameter /golden/web'],
  ])('protects where a source that the pass wants asked %s', (_, parts, reason) => {
    expect(reasonsFor(parts)).toEqual(['protect', 'RET-10 2 of 2', reason]);
    expect(removalsFor(parts)).toEqual([]);
    expect(removalsFor({ sources: ['parameters'], uses: using('ami-1') })).toEqual(['ami-20']);
  });

  it('PRO-24 protects all of a home that seems to have no instance', () => {
    expect(reasonsFor({ instances: [] })).toEqual([
      'protect',
      'RET-10 2 of 2',
      'PRO-24 no instance seen',
    ]);
  });

  it('protects nothing of a destination, which need not have an instance', () => {
    const policies = [aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] })];
    const images = [
      aCopy({ id: 'copy-21', slot: '2026-11-21T02:00Z' }),
      aCopy({ id: 'copy-20', slot: '2026-11-20T02:00Z' }),
    ];

    expect(removalsFor({ target: ELSEWHERE, instances: [], images, policies })).toEqual([
      'copy-20',
    ]);
  });

  it('is named by the plan, where backups wait for it', () => {
    const parts = {
      instances: incompletePart<never>('denied'),
      images: incompletePart<never>('throttled'),
      places: [aPlace(ELSEWHERE, incompletePart('unreachable'))],
    };

    expect(planFor(parts).problems).toEqual(['instances: denied', 'images: throttled']);
    expect(planFor({}).problems).toEqual([]);
  });

  it('is named by the plan of a destination, where its home could not be read', () => {
    const places = [aPlace(HOME, incompletePart('unreachable'))];

    expect(planFor({ target: ELSEWHERE, places }).problems).toEqual([
      'images of eu-central-1: unreachable',
    ]);
  });

  it('is not named where nothing waits for it: a destination has no use for its instances', () => {
    expect(planFor({ target: ELSEWHERE, images: [], instances: notRead() }).problems).toEqual([]);
  });
});
