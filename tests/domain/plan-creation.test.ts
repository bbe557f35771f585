import { describe, expect, it } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
import { aPoint, aPolicy, aTrigger, anImage, anInstance } from '../support/builders.ts';
import { creationFor, linesFor, namesFor } from '../support/creation.ts';

const SLOT = '2026-11-21T02:00Z';
const BEFORE = '2026-11-20T02:00Z';

describe('a slot that is due', () => {
  it('SCH-01 makes a point, with all that EC2 needs to be told', () => {
    const { decisions, actions } = creationFor({
      instances: [anInstance({ tags: { Backup: 'daily', Name: 'web' } })],
      policies: [
        aPolicy({
          image: { ...aPolicy().image, reboot: true },
          tags: { ...aPolicy().tags, copy: ['Name'] },
        }),
      ],
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
        excludedDevices: [],
        reasons: [{ id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' }],
      },
    ]);
  });

  it.each([
    ['SCH-01', 'on time from its very instant', SLOT],
    ['SCH-01', 'on time to the end of startWithin', '2026-11-21T03:00Z'],
    ['SCH-17', 'caught up from then on', '2026-11-21T03:00:00.001Z'],
    ['SCH-17', 'caught up to the end of catchUp', '2026-11-21T14:00Z'],
  ])('%s is %s', (id, _, now) => {
    expect(linesFor({ now })).toEqual([`create ${id} 2026-11-21T02-00-00Z`]);
  });

  it('SCH-01 is due for as long as startWithin, if that is longer than catchUp', () => {
    const when = [
      aTrigger('cron(0 2 * * ? *)', { startWithinMs: 18_000_000, catchUpMs: 3_600_000 }),
    ];

    expect(linesFor({ policies: [aPolicy({ when })], now: '2026-11-21T07:00Z' })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
    expect(
      linesFor({
        policies: [aPolicy({ when })],
        images: [aPoint({ slot: BEFORE, created: '2026-11-20T12:00Z' })],
        now: '2026-11-21T07:00:00.001Z',
      }),
    ).toEqual(['wait SCH-06 2026-11-21T02-00-00Z']);
  });

  it('is that of the longer window where two triggers share it', () => {
    const short = aTrigger('cron(0 2 * * ? *)', { startWithinMs: 60_000, catchUpMs: 60_000 });
    const long = aTrigger('cron(0 2 * * ? *)');
    const images = [aPoint({ slot: BEFORE })];
    const now = '2026-11-21T02:10Z';

    for (const when of [
      [short, long],
      [long, short],
      [long, short, short],
    ]) {
      expect(linesFor({ policies: [aPolicy({ when })], images, now })).toEqual([
        'create SCH-01 2026-11-21T02-00-00Z',
      ]);
    }
  });

  it('has the longer of its windows count, and the first trigger of two that are alike', () => {
    const caughtUp = aTrigger('cron(0 2 * * ? *)', {
      startWithinMs: 1_800_000,
      catchUpMs: 10_800_000,
    });
    const onTime = aTrigger('cron(0 2 * * ? *)', {
      startWithinMs: 3_600_000,
      catchUpMs: 3_600_000,
    });
    const late = aTrigger('cron(0 2 * * ? *)', { startWithinMs: 10_800_000, catchUpMs: 0 });
    const idOf = (...when: (typeof onTime)[]) =>
      linesFor({
        policies: [aPolicy({ when })],
        images: [aPoint({ slot: BEFORE })],
        now: '2026-11-21T04:00Z',
      })[0]?.slice(0, 13);

    expect(idOf(caughtUp, onTime)).toBe('create SCH-17');
    expect(idOf(onTime, caughtUp)).toBe('create SCH-17');
    expect(idOf(caughtUp, late)).toBe('create SCH-17');
    expect(idOf(late, caughtUp)).toBe('create SCH-01');
  });

  it('is that of the newer slot, though an older one could be late for longer', () => {
    const hourly = aTrigger('rate(1 hour)', { startWithinMs: 60_000, catchUpMs: 60_000 });
    const images = [aPoint({ slot: BEFORE })];
    const now = '2026-11-21T03:10Z';

    for (const when of [
      [hourly, aTrigger('cron(0 2 * * ? *)')],
      [aTrigger('cron(0 2 * * ? *)'), hourly],
    ]) {
      expect(linesFor({ policies: [aPolicy({ when })], images, now })).toEqual([
        'wait SCH-06 2026-11-21T03-00-00Z',
      ]);
    }
  });

  it('is found though another schedule had its last one long ago, or none', () => {
    const when = [
      aTrigger('cron(0 2 1 1 ? 2020)'),
      aTrigger('cron(0 2 * * ? *)'),
      aTrigger('cron(0 2 * * ? 2027)'),
    ];

    expect(linesFor({ policies: [aPolicy({ when })] })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
  });

  it('keeps a description plain and short, whatever the instance is called', () => {
    const instances = [anInstance({ tags: { Backup: 'daily', Name: `Büro\n${'x'.repeat(200)}` } })];

    expect(creationFor({ instances }).actions[0]?.description).toBe(
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
    expect(
      linesFor({ images: [aPoint({ ...made, state: 'pending', created: '2026-11-20T14:00Z' })] }),
    ).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
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
    ['5 minutes after the first', ['02:00'], '02:03:59.999', '02:04', 'SCH-01'],
    ['10 minutes after the second', ['02:00', '02:05'], '02:13:59.999', '02:14', 'SCH-01'],
    ['45 minutes after the third', ['02:00', '02:05', '02:15'], '02:58:59.999', '02:59', 'SCH-01'],
    [
      'an hour after any later one',
      ['02:00', '02:05', '02:15', '03:00'],
      '03:58:59.999',
      '03:59',
      'SCH-17',
    ],
  ])('SCH-04 waits, and comes %s', (_, times, early, ready, id) => {
    const images = times.map((time, retry) => failed(retry, `2026-11-21T${time}Z`));

    expect(linesFor({ images, now: `2026-11-21T${early}Z` })).toEqual([
      `wait SCH-04 ${times.length} failed, next try 2026-11-21T${ready.replace(':', '-')}-00Z`,
    ]);
    expect(linesFor({ images, now: `2026-11-21T${ready}Z` })).toEqual([
      `create ${id} 2026-11-21T02-00-00Z`,
    ]);
  });

  it('takes the next name, and tells which failure it follows', () => {
    const images = [
      failed(1, '2026-11-21T02:06Z'),
      { ...failed(0, '2026-11-21T02:00Z'), stateMessage: 'instance was terminated' },
    ];

    const [action] = creationFor({ images, now: '2026-11-21T03:00Z' }).actions;

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
    const policies = [aPolicy({ image: { ...aPolicy().image, reboot: true } })];

    expect(linesFor({ policies, now: '2026-11-21T03:00Z' })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
    expect(linesFor({ policies, now: '2026-11-21T03:00:00.001Z' })).toEqual([
      'wait SCH-06 2026-11-21T02-00-00Z',
    ]);
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
