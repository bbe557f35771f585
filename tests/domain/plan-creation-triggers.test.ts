import { describe, expect, it } from 'vitest';
import type { Image } from '../../shared/domain/model.ts';
import type { Trigger } from '../../shared/domain/policy.ts';
import { anEventTrigger, anInstance, aPoint, aPolicy, at, aTrigger } from '../support/builders.ts';
import { linesFor, namesFor, type PlanParts } from '../support/creation.ts';

const STOPPED = anInstance({ state: 'stopped', launchedMs: at('2026-11-20T20:00Z') });

const parts = (
  when: readonly Trigger[],
  now: string,
  images: readonly Image[] = [],
): PlanParts => ({
  policies: [aPolicy({ when })],
  instances: [STOPPED],
  images,
  now,
});

const slots = (plan: PlanParts): readonly string[] =>
  namesFor(plan).map((name) => name.replace('imago/prod/web-daily/i-0aa/', ''));

describe('a schedule beside an event', () => {
  const when = [aTrigger('cron(0 2 * * ? *)'), anEventTrigger()];
  const yesterday = aPoint({ slot: '2026-11-20T02:00Z' });

  it('SCH-11 leaves the event to itself while the slot before is served', () => {
    const plan = parts(when, '2026-11-21T01:00Z', [yesterday]);

    expect(linesFor(plan)).toEqual(['create SCH-11 stopped']);
    expect(slots(plan)).toEqual(['2026-11-21T00-00-00Z']);
  });

  it('SCH-01 makes one point for both, of the newer slot', () => {
    for (const triggers of [when, when.toReversed()]) {
      const plan = parts(triggers, '2026-11-21T02:10Z', [yesterday]);

      expect(linesFor(plan)).toEqual(['create SCH-01 2026-11-21T02-00-00Z']);
      expect(slots(plan)).toEqual(['2026-11-21T02-00-00Z']);
    }
  });

  it('SCH-11 makes one point for both where the interval is the newer', () => {
    const hourly = [aTrigger('cron(0 2 * * ? *)'), anEventTrigger({ atMostEveryMs: 3_600_000 })];
    const plan = parts(hourly, '2026-11-21T03:10Z', [yesterday]);

    expect(linesFor(plan)).toEqual(['create SCH-11 stopped']);
    expect(slots(plan)).toEqual(['2026-11-21T03-00-00Z']);
    const made = aPoint({
      id: 'ami-2',
      slot: '2026-11-21T03:00Z',
      created: '2026-11-21T03:10Z',
      tags: { 'imago:source-state': 'stopped' },
    });
    expect(linesFor(parts(hourly, '2026-11-21T03:20Z', [yesterday, made]))).toEqual([
      'keep SCH-02 ami-2',
    ]);
  });

  it('SCH-01 makes the slot of the schedule though the event, of a newer one, backs off', () => {
    const often = [aTrigger('cron(0 2 * * ? *)'), anEventTrigger({ atMostEveryMs: 300_000 })];
    const failed = ['01:30', '01:35', '01:40', '01:45'].map((time) =>
      aPoint({ id: `ami-${time}`, slot: `2026-11-21T${time}Z`, state: 'failed' }),
    );

    expect(linesFor(parts(often, '2026-11-21T02:05Z', failed))).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
    expect(linesFor(parts(often, '2026-11-21T01:55Z', [yesterday, ...failed]))).toEqual([
      'wait SCH-04 4 failed, next try 2026-11-21T02-44-00Z',
    ]);
  });

  it('SCH-02 comes first, and SCH-13 tells that the event waits for the next interval', () => {
    const images = [aPoint({ id: 'ami-2' })];

    expect(linesFor(parts(when, '2026-11-21T03:00Z', images))).toEqual([
      'keep SCH-02 ami-2 SCH-13 ami-2, next from 2026-11-21T06-00-00Z',
    ]);
  });

  it('SCH-02 is all where no event has come', () => {
    const plan = parts(when, '2026-11-21T03:00Z', [aPoint({ id: 'ami-2' })]);

    expect(linesFor({ ...plan, instances: [anInstance()] })).toEqual(['keep SCH-02 ami-2']);
  });

  it('SCH-03 comes before anything else that has to wait', () => {
    const pending = aPoint({ id: 'ami-2', state: 'pending' });
    const older = aPoint({
      id: 'ami-3',
      slot: '2026-11-21T01:00Z',
      tags: { 'imago:source-state': 'stopped' },
    });

    expect(linesFor(parts(when, '2026-11-21T03:00Z', [pending, older]))).toEqual([
      'wait SCH-03 ami-2',
    ]);
    expect(
      linesFor(parts(when, '2026-11-21T01:30Z', [yesterday, { ...older, state: 'pending' }])),
    ).toEqual(['wait SCH-03 ami-3']);
  });

  it('SCH-11 makes a point though the slot of the schedule was missed', () => {
    const short = aTrigger('cron(0 2 * * ? *)', { startWithinMs: 60_000, catchUpMs: 60_000 });
    const plan = parts([short, anEventTrigger()], '2026-11-21T03:00Z', [yesterday]);

    expect(linesFor(plan)).toEqual(['create SCH-11 stopped']);
    expect(slots(plan)).toEqual(['2026-11-21T00-00-00Z']);
  });

  it('SCH-06 tells of the schedule where no event has come', () => {
    const short = aTrigger('cron(0 2 * * ? *)', { startWithinMs: 60_000, catchUpMs: 60_000 });
    const plan = parts([short, anEventTrigger({ event: 'running' })], '2026-11-21T03:00Z', [
      yesterday,
    ]);

    expect(linesFor(plan)).toEqual(['wait SCH-06 2026-11-21T02-00-00Z']);
  });

  it('SCH-05 tells of a schedule without a slot, unless an event is due', () => {
    const never = aTrigger('cron(0 2 * * ? 2027)');
    const waiting = anEventTrigger({ event: 'running' });

    expect(linesFor(parts([never, waiting], '2026-11-21T03:00Z'))).toEqual(['wait SCH-05']);
    expect(linesFor(parts([never, anEventTrigger()], '2026-11-21T03:00Z'))).toEqual([
      'create SCH-11 stopped',
    ]);
  });
});

describe('a schedule and an event whose slots have one name', () => {
  const when = [anEventTrigger(), aTrigger('rate(6 hours)')];

  it('SCH-01 make one point of it', () => {
    const plan = parts(when, '2026-11-21T00:10Z');

    expect(linesFor(plan)).toEqual(['create SCH-01 2026-11-21T00-00-00Z']);
    expect(slots(plan)).toEqual(['2026-11-21T00-00-00Z']);
  });

  it('SCH-03 are both served by it while it is made, and SCH-02 once it is', () => {
    const made = aPoint({ slot: '2026-11-21T00:00Z' });

    expect(linesFor(parts(when, '2026-11-21T00:10Z', [{ ...made, state: 'pending' }]))).toEqual([
      'wait SCH-03 ami-1',
    ]);
    expect(linesFor(parts(when, '2026-11-21T00:10Z', [made]))).toEqual([
      'keep SCH-02 ami-1 SCH-13 ami-1, next from 2026-11-21T06-00-00Z',
    ]);
  });

  it('SCH-04 share the tries that failed', () => {
    const failed = aPoint({ slot: '2026-11-21T00:00Z', state: 'failed' });

    expect(linesFor(parts(when, '2026-11-21T00:03Z', [failed]))).toEqual([
      'wait SCH-04 1 failed, next try 2026-11-21T00-04-00Z',
    ]);
    expect(slots(parts(when, '2026-11-21T00:04Z', [failed]))).toEqual(['2026-11-21T00-00-00Z/r1']);
  });
});

describe('several events', () => {
  const short = anEventTrigger({ event: 'tag-changed', atMostEveryMs: 3_600_000 });

  it('make one point, of the newest interval', () => {
    for (const when of [
      [anEventTrigger(), short],
      [short, anEventTrigger()],
    ]) {
      const plan = parts(when, '2026-11-21T03:10Z');

      expect(linesFor(plan)).toEqual(['create SCH-11 tag-changed']);
      expect(slots(plan)).toEqual(['2026-11-21T03-00-00Z']);
    }
  });

  it('SCH-13 comes before SCH-12: it tells of an event that has come', () => {
    const when = [anEventTrigger({ event: 'running' }), anEventTrigger()];
    const images = [aPoint({ slot: '2026-11-21T00:00Z' })];

    expect(linesFor(parts(when, '2026-11-21T03:10Z', images))).toEqual([
      'wait SCH-13 ami-1, next from 2026-11-21T06-00-00Z',
    ]);
  });

  it('SCH-12 tells of the first, where none has come', () => {
    const when = [
      anEventTrigger({ event: 'running' }),
      anEventTrigger({ event: 'running', name: 'b' }),
    ];

    expect(linesFor(parts(when, '2026-11-21T03:10Z'))).toEqual(['wait SCH-12 running']);
  });

  it('SCH-12 makes nothing for the RPO: there is no slot to make up for', () => {
    const plan = parts([anEventTrigger({ event: 'running' })], '2026-12-21T03:10Z');

    expect(namesFor(plan)).toEqual([]);
  });
});
