import { describe, expect, it } from 'vitest';
import type { CreateAction, Decision } from '../../shared/domain/decision.ts';
import { incompletePart } from '../../shared/domain/model.ts';
import { planCreation } from '../../shared/domain/plan-creation.ts';
import {
  aPlanInput,
  aPoint,
  aPolicy,
  aTrigger,
  anImage,
  anInstance,
  ELSEWHERE,
  type PlanParts,
} from '../support/builders.ts';

const SLOT = '2026-11-21T02:00Z';
const BEFORE = '2026-11-20T02:00Z';

const planFor = (
  parts: PlanParts,
): { readonly decisions: readonly Decision[]; readonly actions: readonly CreateAction[] } =>
  planCreation(aPlanInput(parts));

/** `create SCH-01 2026-11-21T02-00-00Z`: the decisions of a plan, a line each. */
const linesFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).decisions.map(({ verdict, reasons }) =>
    [verdict, ...reasons.map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim())].join(' '),
  );

const namesFor = (parts: PlanParts): readonly string[] =>
  planFor(parts).actions.map(({ name }) => name);

describe('a slot that is due', () => {
  it('SCH-01 makes a point, with all that EC2 needs to be told', () => {
    const { decisions, actions } = planFor({
      instances: [anInstance({ tags: { Backup: 'daily', Name: 'web' } })],
      policies: [aPolicy({ image: { reboot: true }, tags: { copy: ['Name'], set: {} } })],
    });

    expect(decisions).toEqual([
      {
        kind: 'instance',
        id: 'i-0aa',
        policyId: 'web-daily',
        verdict: 'create',
        reasons: [{ id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' }],
      },
    ]);
    expect(actions).toEqual([
      {
        kind: 'create',
        point: {
          deployment: 'prod',
          policyId: 'web-daily',
          sourceId: 'i-0aa',
          slotMs: 1_795_226_400_000,
          retry: 0,
        },
        name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
        description: 'Imago web-daily: i-0aa (web) at 2026-11-21T02-00-00Z',
        tags: {
          Name: 'web',
          'imago:deployment': 'prod',
          'imago:policy': 'web-daily',
          'imago:source': 'i-0aa',
          'imago:slot': '2026-11-21T02-00-00Z',
          'imago:home': '111122223333/eu-central-1',
        },
        reboot: true,
        reasons: [{ id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' }],
      },
    ]);
  });

  it.each([
    ['from its very instant', SLOT],
    ['to the end of the catch-up window', '2026-11-21T14:00Z'],
  ])('SCH-01 is due %s', (_, now) => {
    expect(linesFor({ now })).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
  });

  it('SCH-01 is due for as long as startWithin, if that is longer than catchUp', () => {
    const when = [
      aTrigger('cron(0 2 * * ? *)', { startWithinMs: 18_000_000, catchUpMs: 3_600_000 }),
    ];

    expect(linesFor({ policies: [aPolicy({ when })], now: '2026-11-21T07:00Z' })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
  });

  it('keeps a description plain and short, whatever the instance is called', () => {
    const instances = [anInstance({ tags: { Backup: 'daily', Name: `Büro\n${'x'.repeat(200)}` } })];

    expect(planFor({ instances }).actions[0]?.description).toBe(
      `Imago web-daily: i-0aa (B?ro?${'x'.repeat(95)}) at 2026-11-21T02-00-00Z`,
    );
  });

  it('is the newest one of several triggers', () => {
    const when = [aTrigger('cron(0 2 * * ? *)'), aTrigger('rate(1 hour)')];

    expect(namesFor({ policies: [aPolicy({ when })], now: '2026-11-21T05:10Z' })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T05-00-00Z',
    ]);
  });

  it('SCH-05 does not exist before the first one of a schedule', () => {
    const when = [aTrigger('cron(0 2 * * ? 2027)')];

    expect(linesFor({ policies: [aPolicy({ when })] })).toEqual(['wait SCH-05']);
  });
});

describe('a slot that needs nothing more', () => {
  it('SCH-02 is served by a good point of the slot', () => {
    expect(linesFor({ images: [aPoint({ id: 'ami-1', slot: SLOT })] })).toEqual([
      'keep SCH-02 ami-1',
    ]);
  });

  it('SCH-02 is served by a good point of a later slot, such as an earlier schedule made', () => {
    expect(linesFor({ images: [aPoint({ id: 'ami-1', slot: '2026-11-21T02:05Z' })] })).toEqual([
      'keep SCH-02 ami-1',
    ]);
  });

  it('SCH-01 is not served by a point that names a later slot and has older data', () => {
    const made = { id: 'ami-1', slot: '2026-12-22T02:00Z' };

    expect(linesFor({ images: [aPoint({ ...made, created: '2026-11-20T14:00Z' })] })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
    expect(linesFor({ images: [aPoint({ ...made, created: '2026-11-21T02:00Z' })] })).toEqual([
      'keep SCH-02 ami-1',
    ]);
  });

  it('SCH-02 is served by a point whose image was made a little before, by the clock of EC2', () => {
    const images = [aPoint({ id: 'ami-1', slot: SLOT, created: '2026-11-21T01:55Z' })];

    expect(linesFor({ images })).toEqual(['keep SCH-02 ami-1']);
  });

  it('makes a try of its own where such a point has taken the name of the slot', () => {
    const images = [aPoint({ id: 'ami-1', slot: SLOT, created: '2026-10-20T14:00Z' })];

    expect(namesFor({ images })).toEqual(['imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r1']);
  });

  it('SCH-02 is served by a point that was made under a former id of the policy', () => {
    const images = [aPoint({ id: 'ami-1', slot: SLOT, policyId: 'web-nightly' })];
    const policies = [aPolicy({ formerly: ['web-nightly'] })];

    expect(linesFor({ images, policies })).toEqual(['keep SCH-02 ami-1']);
    expect(linesFor({ images })).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
  });

  it('SCH-03 is in progress while its point is pending', () => {
    expect(linesFor({ images: [aPoint({ id: 'ami-1', state: 'pending' })] })).toEqual([
      'wait SCH-03 ami-1',
    ]);
  });

  it.each([
    ['of the slot before', aPoint({ slot: BEFORE })],
    ['of another source', aPoint({ source: 'i-0bb' })],
    ['of another policy', aPoint({ policyId: 'db-6h' })],
    ['that stands for the slot by its name alone', anImage({ name: aPoint().name })],
  ])('SCH-01 is still due with an image %s', (_, image) => {
    expect(linesFor({ images: [image] })).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
  });
});

describe('a try after a failure', () => {
  const failed = (retry: number, created: string): ReturnType<typeof aPoint> =>
    aPoint({ id: `ami-r${retry}`, state: 'failed', retry, slot: SLOT, created });

  // Less a minute: the wake-up that is meant to make it may come a little early.
  it.each([
    ['5 minutes after the first', ['02:00'], '02:03:59.999', '02:04'],
    ['10 minutes after the second', ['02:00', '02:05'], '02:13:59.999', '02:14'],
    ['45 minutes after the third', ['02:00', '02:05', '02:15'], '02:58:59.999', '02:59'],
    ['an hour after any later one', ['02:00', '02:05', '02:15', '03:00'], '03:58:59.999', '03:59'],
  ])('SCH-04 waits, and comes %s', (_, times, early, ready) => {
    const images = times.map((time, retry) => failed(retry, `2026-11-21T${time}Z`));

    expect(linesFor({ images, now: `2026-11-21T${early}Z` })).toEqual([
      `wait SCH-04 ${times.length} failed, next try 2026-11-21T${ready.replace(':', '-')}-00Z`,
    ]);
    expect(linesFor({ images, now: `2026-11-21T${ready}Z` })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
  });

  it('takes the next name, and tells which failure it follows', () => {
    const images = [
      failed(1, '2026-11-21T02:06Z'),
      { ...failed(0, '2026-11-21T02:00Z'), stateMessage: 'instance was terminated' },
    ];

    const [action] = planFor({ images, now: '2026-11-21T03:00Z' }).actions;

    expect(action?.name).toBe('imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r2');
    expect(action?.failedImage).toEqual({ imageId: 'ami-r1', message: '' });
  });

  it('never takes a name that a failed one still has, though an earlier one was removed', () => {
    const images = [failed(3, SLOT)];

    expect(namesFor({ images, now: '2026-11-21T03:00Z' })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r4',
    ]);
  });

  it.each(['error', 'invalid'] as const)('SCH-04 follows an image in state %s too', (state) => {
    const images = [aPoint({ state })];

    expect(linesFor({ images, now: '2026-11-21T02:03Z' })).toEqual([
      'wait SCH-04 1 failed, next try 2026-11-21T02-04-00Z',
    ]);
  });

  it('is not held back by the failures of an earlier slot', () => {
    const images = [aPoint({ state: 'failed', slot: BEFORE, created: '2026-11-21T01:59Z' })];

    expect(namesFor({ images, now: '2026-11-21T02:00Z' })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ]);
  });

  it('is not made while the try before is pending', () => {
    const images = [
      failed(0, '2026-11-21T02:00Z'),
      aPoint({ id: 'ami-r1', state: 'pending', retry: 1 }),
    ];

    expect(linesFor({ images, now: '2026-11-21T12:00Z' })).toEqual(['wait SCH-03 ami-r1']);
  });

  it('is not made once a later one is good', () => {
    const images = [failed(0, SLOT), aPoint({ id: 'ami-r1', retry: 1 })];

    expect(linesFor({ images, now: '2026-11-21T12:00Z' })).toEqual(['keep SCH-02 ami-r1']);
  });
});

describe('a slot whose window is over', () => {
  const now = '2026-11-21T14:00:00.001Z';

  it('SCH-06 is missed, if the source has a point inside its RPO', () => {
    const images = [aPoint({ slot: BEFORE, created: '2026-11-20T12:00:00.001Z' })];

    expect(linesFor({ images, now })).toEqual(['wait SCH-06 2026-11-21T02-00-00Z']);
  });

  it('SCH-07 is made after all, if the newest point is older than the RPO', () => {
    const images = [aPoint({ slot: BEFORE, created: '2026-11-20T12:00:00Z' })];

    expect(linesFor({ images, now })).toEqual(['create SCH-07 2026-11-21T02-00-00Z']);
    expect(namesFor({ images, now })).toEqual(['imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z']);
  });

  it.each([
    ['no point', []],
    ['only a pending one', [aPoint({ state: 'pending', slot: BEFORE, created: now })]],
    ['only a failed one', [aPoint({ state: 'failed', slot: BEFORE, created: now })]],
    ['only one of another policy', [aPoint({ policyId: 'db-6h', slot: BEFORE, created: now })]],
  ])('SCH-07 is made after all for a source with %s', (_, images) => {
    expect(linesFor({ images, now })).toEqual(['create SCH-07 2026-11-21T02-00-00Z']);
  });

  it('SCH-06 is never made late where the policy reboots', () => {
    const policies = [aPolicy({ image: { reboot: true } })];

    expect(linesFor({ policies, now })).toEqual(['wait SCH-06 2026-11-21T02-00-00Z']);
  });

  it('SCH-04 backs off there as well', () => {
    const images = [aPoint({ state: 'failed', created: '2026-11-21T13:59Z' })];

    expect(linesFor({ images, now })).toEqual([
      'wait SCH-04 1 failed, next try 2026-11-21T14-03-00Z',
    ]);
  });
});

describe('what is not known', () => {
  it('SCH-08 makes nothing while the images of the target are not all seen', () => {
    const images = incompletePart('throttled', [aPoint({ slot: BEFORE })]);

    expect(linesFor({ images })).toEqual(['wait SCH-08']);
    expect(namesFor({ images })).toEqual([]);
  });

  it('SCH-01 makes points of those instances that were seen, if others were not', () => {
    const instances = incompletePart('throttled', [anInstance()]);

    expect(linesFor({ instances })).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
  });
});

describe('instances', () => {
  it.each(['pending', 'stopping'] as const)('SCH-09 waits while one is %s', (state) => {
    expect(linesFor({ instances: [anInstance({ state })] })).toEqual([`wait SCH-09 ${state}`]);
  });

  it('SCH-02 tells of a slot that is served, though the instance is in transition', () => {
    const instances = [anInstance({ state: 'stopping' })];

    expect(linesFor({ instances, images: [aPoint()] })).toEqual(['keep SCH-02 ami-1']);
  });

  it('are no concern of a target that is not a home', () => {
    expect(planFor({ target: ELSEWHERE })).toEqual({ decisions: [], actions: [] });
    expect(planFor({ homes: [] })).toEqual({ decisions: [], actions: [] });
  });

  it('SEL-02 are ignored where no policy selects them, or none is there', () => {
    const instances = [anInstance({ tags: {} })];

    expect(linesFor({ instances })).toEqual(['ignore SEL-02 no tag Backup']);
    expect(linesFor({ instances, policies: [] })).toEqual(['ignore SEL-02 no policy']);
  });

  it('SEL-03 are ignored for the reason of the policy that came furthest', () => {
    const select = { ...aPolicy().select, not: { tags: { 'no-backup': ['*'] } } };
    const policies = [
      aPolicy({ id: 'other', select: { ...select, tags: { Other: ['*'] } } }),
      aPolicy({ select }),
    ];
    const instances = [anInstance({ tags: { Backup: 'daily', 'no-backup': 'true' } })];

    expect(linesFor({ policies, instances })).toEqual(['ignore SEL-03 tag no-backup=true']);
  });

  it('get a point of every policy that selects them, in the order of the policies, then by id', () => {
    const policies = [aPolicy({ id: 'b-first' }), aPolicy({ id: 'a-second' })];
    const instances = [anInstance({ id: 'i-0bb' }), anInstance({ id: 'i-0aa' })];

    expect(namesFor({ policies, instances })).toEqual([
      'imago/prod/b-first/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/b-first/i-0bb/2026-11-21T02-00-00Z',
      'imago/prod/a-second/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/a-second/i-0bb/2026-11-21T02-00-00Z',
    ]);
  });
});
