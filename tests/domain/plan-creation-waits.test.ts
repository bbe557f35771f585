import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import type { ImageOptions } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anEventTrigger,
  anInstance,
  aPoint,
  aPolicy,
  at,
  aTrigger,
  HOME,
} from '../support/builders.ts';
import { linesFor, namesFor } from '../support/creation.ts';

const YESTERDAY = aPoint({ slot: '2026-11-20T02:00Z' });

describe('a blackout', () => {
  const until = (end: string) =>
    ({ kind: 'once', startMs: at('2026-11-21T01:00Z'), endMs: at(end) }) as const;
  const lines = (end: string, now: string, images: readonly Image[] = [YESTERDAY]) =>
    linesFor({ policies: [aPolicy({ blackout: [until(end)] })], images, now });

  it('SCH-14 begins nothing until its end, and SCH-01 makes the slot then', () => {
    expect(lines('2026-11-21T02:30Z', '2026-11-21T02:29:59.999Z')).toEqual([
      'wait SCH-14 2026-11-21T02-30-00Z',
    ]);
    expect(lines('2026-11-21T02:30Z', '2026-11-21T02:30Z')).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
  });

  it('SCH-17 makes the slot at its end where that can only be caught up', () => {
    expect(lines('2026-11-21T04:00Z', '2026-11-21T04:00Z')).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z',
    ]);
  });

  it('SCH-06 has the slot missed at its end where that is too late', () => {
    const created = '2026-11-20T16:00Z';

    expect(
      lines('2026-11-21T16:00Z', '2026-11-21T16:00Z', [
        aPoint({ slot: '2026-11-20T02:00Z', created }),
      ]),
    ).toEqual(['wait SCH-06 2026-11-21T02-00-00Z']);
  });

  it('SCH-14 holds back a point that the RPO calls for too, and SCH-07 makes it at the end', () => {
    expect(lines('2026-11-21T16:00Z', '2026-11-21T15:00Z', [])).toEqual([
      'wait SCH-14 2026-11-21T16-00-00Z',
    ]);
    expect(lines('2026-11-21T16:00Z', '2026-11-21T16:00Z', [])).toEqual([
      'create SCH-07 2026-11-21T02-00-00Z',
    ]);
  });

  it('SCH-14 holds back what an event calls for', () => {
    const policies = [
      aPolicy({ when: [anEventTrigger()], blackout: [until('2026-11-21T02:30Z')] }),
    ];
    const instances = [anInstance({ state: 'stopped' })];

    expect(linesFor({ policies, instances, now: '2026-11-21T02:10Z' })).toEqual([
      'wait SCH-14 2026-11-21T02-30-00Z',
    ]);
    expect(linesFor({ policies, instances, now: '2026-11-21T02:30Z' })).toEqual([
      'create SCH-11 stopped',
    ]);
  });

  it('SCH-02 says nothing of a blackout where nothing is due', () => {
    expect(lines('2026-11-21T02:30Z', '2026-11-21T02:10Z', [aPoint()])).toEqual([
      'keep SCH-02 ami-1',
    ]);
  });

  it('SCH-14 may never end, and comes before anything else that hinders', () => {
    const always = {
      kind: 'weekly',
      days: [0, 1, 2, 3, 4, 5, 6],
      startMinute: 0,
      endMinute: 0,
      timezone: 'UTC',
    } as const;
    const policies = [aPolicy({ blackout: [always] })];
    const failed = aPoint({ state: 'failed' });

    expect(
      linesFor({ policies, instances: [anInstance({ state: 'pending' })], images: [failed] }),
    ).toEqual(['wait SCH-14 it never ends']);
  });
});

describe('a jitter', () => {
  const when = [aTrigger('cron(0 2 * * ? *)', { jitterMs: 3_600_000 })];
  const lines = (now: string, images: readonly Image[] = [YESTERDAY], id = 'web-daily') =>
    linesFor({ policies: [aPolicy({ id, when })], images, now });

  it("SCH-15 waits for the source's own moment, and SCH-01 makes the point of the slot then", () => {
    expect(lines('2026-11-21T02:00Z')).toEqual(['wait SCH-15 2026-11-21T02-35-43Z']);
    expect(lines('2026-11-21T02:35:42.999Z')).toEqual(['wait SCH-15 2026-11-21T02-35-43Z']);
    expect(lines('2026-11-21T02:35:43Z')).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
    expect(
      namesFor({ policies: [aPolicy({ when })], images: [YESTERDAY], now: '2026-11-21T02:40Z' }),
    ).toEqual(['imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z']);
  });

  it('SCH-15 has another moment for another slot, source and policy', () => {
    expect(lines('2026-11-22T02:00Z')).toEqual(['wait SCH-15 2026-11-22T02-15-19Z']);
    expect(lines('2026-11-21T02:00Z', [], 'other')).toEqual(['wait SCH-15 2026-11-21T02-11-09Z']);
    expect(
      linesFor({
        policies: [aPolicy({ when })],
        instances: [anInstance({ id: 'i-0bb' })],
        now: '2026-11-21T02:00Z',
      }),
    ).toEqual(['wait SCH-15 2026-11-21T02-57-28Z']);
  });

  it('SCH-01 counts startWithin from that moment, and SCH-17 catchUp from the slot', () => {
    expect(lines('2026-11-21T03:35:43Z')).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
    expect(lines('2026-11-21T03:35:43.001Z')).toEqual(['create SCH-17 2026-11-21T02-00-00Z']);
    expect(lines('2026-11-21T14:00Z', [])).toEqual(['create SCH-17 2026-11-21T02-00-00Z']);
    expect(lines('2026-11-21T14:00:00.001Z', [])).toEqual(['create SCH-07 2026-11-21T02-00-00Z']);
  });

  it('SCH-15 never reaches the next slot, of whatever schedule, though it is longer', () => {
    const long = { jitterMs: 36_000_000 };
    const hourly = aTrigger('cron(0 * * * ? *)', long);
    const hour = (triggers: (typeof hourly)[]) =>
      linesFor({
        policies: [aPolicy({ when: triggers })],
        images: [YESTERDAY],
        now: '2026-11-21T02:00Z',
      });

    // Within ten hours, 55 minutes, and 25 minutes.
    expect(hour([aTrigger('cron(0 2 * * ? *)', long)])).toEqual([
      'wait SCH-15 2026-11-21T03-35-43Z',
    ]);
    expect(hour([hourly])).toEqual(['wait SCH-15 2026-11-21T02-35-43Z']);
    expect(hour([hourly, aTrigger('cron(30 * * * ? *)')])).toEqual([
      'wait SCH-15 2026-11-21T02-20-43Z',
    ]);
    expect(hour([aTrigger('cron(0 2 21 11 ? 2026)', long)])).toEqual([
      'wait SCH-15 2026-11-21T03-35-43Z',
    ]);
  });

  it('SCH-01 spreads nobody where the next slot comes within five minutes', () => {
    const spread = (expression: string) =>
      linesFor({
        policies: [aPolicy({ when: [aTrigger(expression, { jitterMs: 3_600_000 })] })],
        now: '2026-11-21T02:00Z',
      });

    expect(spread('rate(6 minutes)')).toEqual(['wait SCH-15 2026-11-21T02-00-43Z']);
    expect(spread('rate(5 minutes)')).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
    expect(spread('rate(1 minute)')).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
  });

  it('SCH-02 and SCH-03 come before it', () => {
    expect(lines('2026-11-21T02:05Z', [aPoint()])).toEqual(['keep SCH-02 ami-1']);
    expect(lines('2026-11-21T02:05Z', [aPoint({ state: 'pending' })])).toEqual([
      'wait SCH-03 ami-1',
    ]);
  });

  it('SCH-11 does not hold back what an event calls for', () => {
    const policies = [aPolicy({ when: [...when, anEventTrigger()] })];
    const instances = [anInstance({ state: 'stopped' })];

    expect(linesFor({ policies, instances, images: [YESTERDAY] })).toEqual([
      'create SCH-11 stopped',
    ]);
  });
});

describe('reboots in batches', () => {
  const batches = (parts: Partial<ImageOptions>) => [
    aPolicy({
      image: { ...aPolicy().image, reboot: true, batchSize: 2, staggerMs: 900_000, ...parts },
    }),
  ];
  const instances = ['i-0dd', 'i-0cc', 'i-0bb', 'i-0aa'].map((id) => anInstance({ id }));
  const begun = (source: string, created: string, parts: Partial<Image> = {}): Image =>
    aPoint({ source, id: `ami-of-${source}`, created, ...parts });
  const FULL = 'wait SCH-16 next 2026-11-21T02-15-00Z';
  const DUE = 'create SCH-01 2026-11-21T02-00-00Z';

  it('SCH-16 begin as many as one batch holds', () => {
    const plan = { policies: batches({}), instances, now: '2026-11-21T02:00Z' };

    expect(linesFor(plan)).toEqual([DUE, DUE, FULL, FULL]);
    expect(namesFor(plan)).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/web-daily/i-0bb/2026-11-21T02-00-00Z',
    ]);
  });

  it('SCH-16 go on once the stagger is over for those that were begun', () => {
    const images = [begun('i-0aa', '2026-11-21T02:00Z'), begun('i-0bb', '2026-11-21T02:01Z')];
    const plan = { policies: batches({}), instances, images };
    const served = ['keep SCH-02 ami-of-i-0aa', 'keep SCH-02 ami-of-i-0bb'];

    expect(linesFor({ ...plan, now: '2026-11-21T02:14:59.999Z' })).toEqual([...served, FULL, FULL]);
    expect(linesFor({ ...plan, now: '2026-11-21T02:15Z' })).toEqual([
      ...served,
      'wait SCH-16 next 2026-11-21T02-16-00Z',
      DUE,
    ]);
    expect(linesFor({ ...plan, now: '2026-11-21T02:16Z' })).toEqual([...served, DUE, DUE]);
  });

  it.each([
    ['is being made', 'pending'],
    ['failed: it rebooted its instance all the same', 'failed'],
  ] as const)('SCH-16 count one that %s', (_, state) => {
    const images = [begun('i-0zz', '2026-11-21T02:00Z', { state })];

    expect(
      linesFor({ policies: batches({}), instances, images, now: '2026-11-21T02:05Z' }),
    ).toEqual([DUE, FULL, FULL, FULL]);
  });

  it('count none of another policy, and no copy from elsewhere', () => {
    const images = [
      aPoint({ source: 'i-0zz', policyId: 'other', created: '2026-11-21T02:01Z' }),
      aCopy({ source: 'i-0zz', place: HOME }),
    ];
    const plan = { policies: batches({}), instances, images, now: '2026-11-21T02:05Z' };

    expect(namesFor(plan)).toHaveLength(2);
  });

  it('SCH-16 tell of the next batch, where more are begun than one holds', () => {
    const images = ['02:03', '02:01', '02:02'].map((time, index) =>
      begun(`i-0z${index}`, `2026-11-21T${time}Z`),
    );

    expect(
      linesFor({ policies: batches({}), instances, images, now: '2026-11-21T02:05Z' }),
    ).toEqual(Array.from({ length: 4 }, () => 'wait SCH-16 next 2026-11-21T02-17-00Z'));
  });

  it('take another order each time, so that one which cannot be imaged does not stop the rest', () => {
    const firstOf = (now: string) =>
      namesFor({ policies: batches({ batchSize: 1 }), instances, now }).map((name) =>
        name.slice(21, 26),
      );

    expect(firstOf('2026-11-21T02:14:59Z')).toEqual(['i-0aa']);
    expect(firstOf('2026-11-21T02:15:00Z')).toEqual(['i-0dd']);
    expect(firstOf('2026-11-21T02:30:00Z')).toEqual(['i-0cc']);
  });

  it('SCH-16 begin a batch in each pass where there is no stagger', () => {
    const images = [begun('i-0aa', '2026-11-21T02:05Z')];
    const plan = { policies: batches({ staggerMs: 0 }), instances, images };

    expect(linesFor({ ...plan, now: '2026-11-21T02:05Z' })).toEqual([
      'keep SCH-02 ami-of-i-0aa',
      DUE,
      DUE,
      'wait SCH-16 next 2026-11-21T02-05-00Z',
    ]);
  });

  it('SCH-16 is said together with what else there is to know', () => {
    const [policy] = batches({ batchSize: 1 });
    const tags = { ...aPolicy().tags, required: ['Owner'] };
    const lines = linesFor({
      policies: [aPolicy({ ...policy, tags })],
      instances,
      now: '2026-11-21T02:00Z',
    });

    expect(lines[3]).toBe(`${FULL} TAG-04 Owner`);
  });

  it('hold back nothing that is not due', () => {
    const images = instances.map(({ id }) => begun(id, '2026-11-21T02:00Z'));

    expect(linesFor({ policies: batches({ batchSize: 1 }), instances, images })[3]).toBe(
      'keep SCH-02 ami-of-i-0dd',
    );
  });

  it.each([
    ['nothing is rebooted', { reboot: false }],
    ['all fit', { batchSize: 4 }],
  ])('hold back nothing where %s', (_, parts) => {
    expect(namesFor({ policies: batches(parts), instances })).toHaveLength(4);
  });

  it('hold back nothing where it is not said how many', () => {
    const policies = [aPolicy({ image: { ...aPolicy().image, reboot: true } })];

    expect(namesFor({ policies, instances })).toHaveLength(4);
  });

  it('hold back no instance that is stopped, which EC2 does not reboot, nor count it', () => {
    const [first, second, ...others] = instances;
    const stopped = [first, second].map((one) => anInstance({ ...one, state: 'stopped' }));
    const plan = { policies: batches({}), instances: [...stopped, ...others] };

    expect(linesFor({ ...plan, now: '2026-11-21T02:00Z' })).toEqual([DUE, DUE, DUE, DUE]);
  });

  it('are counted for each policy by itself', () => {
    const policies = [...batches({}), ...batches({}).map((one) => ({ ...one, id: 'other' }))];

    expect(namesFor({ policies, instances, now: '2026-11-21T02:00Z' })).toHaveLength(4);
  });
});
