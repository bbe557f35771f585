import { describe, expect, it } from 'vitest';
import type { Tags } from '../../shared/domain/model.ts';
import type { Policy, Trigger } from '../../shared/domain/policy.ts';
import { anEventTrigger, anInstance, aPolicy, aTrigger } from '../support/builders.ts';
import { linesFor, namesFor } from '../support/creation.ts';

const NIGHTLY = aTrigger('cron(0 2 * * ? *)', { name: 'nightly' });
const HOURLY = aTrigger('rate(1 hour)', { name: 'hourly' });
const NOW = '2026-11-21T04:10Z';

const tagged = (schedule?: string): Tags => ({
  Backup: 'daily',
  ...(schedule === undefined ? {} : { 'imago:schedule': schedule }),
});

const parts = (when: readonly Trigger[], schedule?: string, more: readonly Policy[] = []) => ({
  policies: [aPolicy({ when }), ...more],
  instances: [anInstance({ tags: tagged(schedule) })],
  now: NOW,
});

const linesOf = (when: readonly Trigger[], schedule?: string): readonly string[] =>
  linesFor(parts(when, schedule));

describe('an instance that picks a schedule', () => {
  it('SCH-18 has that one only', () => {
    expect(linesOf([NIGHTLY, HOURLY], 'nightly')).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z SCH-18 nightly',
    ]);
    expect(linesOf([NIGHTLY, HOURLY], 'hourly')).toEqual([
      'create SCH-01 2026-11-21T04-00-00Z SCH-18 hourly',
    ]);
    expect(linesOf([NIGHTLY, HOURLY])).toEqual(['create SCH-01 2026-11-21T04-00-00Z']);
  });

  it('SCH-18 has neither a schedule without a name nor another name', () => {
    expect(linesOf([NIGHTLY, aTrigger('rate(1 hour)')], 'nightly')).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z SCH-18 nightly',
    ]);
  });

  it('SCH-18 has all that are called so', () => {
    const both = [NIGHTLY, aTrigger('cron(0 3 * * ? *)', { name: 'nightly' }), HOURLY];

    expect(linesOf(both, 'nightly')).toEqual(['create SCH-17 2026-11-21T03-00-00Z SCH-18 nightly']);
  });

  it('SCH-18 is said whatever becomes of the source', () => {
    const later = aTrigger('cron(0 2 * * ? 2027)', { name: 'later' });

    expect(linesOf([NIGHTLY, later], 'later')).toEqual(['wait SCH-05 SCH-18 later']);
  });

  it('gives its point the slot of that schedule', () => {
    expect(namesFor(parts([NIGHTLY, HOURLY], 'nightly'))).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
    ]);
  });
});

describe('an optional schedule', () => {
  const optional = { ...HOURLY, isOptional: true };

  it('counts only where it is picked', () => {
    expect(linesOf([NIGHTLY, optional])).toEqual(['create SCH-17 2026-11-21T02-00-00Z']);
    expect(linesOf([NIGHTLY, optional], 'hourly')).toEqual([
      'create SCH-01 2026-11-21T04-00-00Z SCH-18 hourly',
    ]);
  });

  it('SCH-05 leaves an instance without any, where all are optional and none is picked', () => {
    expect(linesOf([optional])).toEqual([
      'wait SCH-05 the instance picks none of the optional triggers',
    ]);
  });
});

describe('event triggers beside a picked schedule', () => {
  const event = (parts_: Partial<ReturnType<typeof anEventTrigger>>) =>
    anEventTrigger({ event: 'tag-changed', atMostEveryMs: 600_000, ...parts_ });
  const onEvent = 'create SCH-11 tag-changed SCH-18 nightly';
  const onSchedule = 'create SCH-17 2026-11-21T02-00-00Z SCH-18 nightly';

  it.each([
    ['that has no name', {}, onEvent],
    ['of the same name', { name: 'nightly' }, onEvent],
    ['of the same name that is optional', { name: 'nightly', isOptional: true }, onEvent],
    ['of another name', { name: 'tags' }, onSchedule],
    ['that is optional and has no name', { isOptional: true }, onSchedule],
  ])('count: one %s', (_, trigger, expected) => {
    expect(linesOf([NIGHTLY, event(trigger)], 'nightly')).toEqual([expected]);
  });

  it.each([
    ['that has no name', {}, 'create SCH-11 tag-changed'],
    ['that has a name', { name: 'tags' }, 'create SCH-11 tag-changed'],
    ['that is optional', { name: 'tags', isOptional: true }, 'create SCH-17 2026-11-21T02-00-00Z'],
  ])('count without a pick: one %s', (_, trigger, expected) => {
    expect(linesOf([NIGHTLY, event(trigger)])).toEqual([expected]);
  });

  it('SCH-12 are all that counts where an event is what is picked', () => {
    const picked = event({ name: 'stops', event: 'stopped' });

    expect(linesOf([NIGHTLY, picked], 'stops')).toEqual(['wait SCH-12 stopped SCH-18 stops']);
  });
});

describe('an instance that picks what there is not', () => {
  it("SCH-19 is told the names, and has the policy's own", () => {
    const optional = { ...HOURLY, isOptional: true };

    expect(linesOf([NIGHTLY, optional, NIGHTLY], 'weekly')).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z SCH-19 "weekly": expected hourly or nightly',
    ]);
  });

  it('SCH-19 is told that there are no names', () => {
    expect(linesOf([aTrigger('cron(0 2 * * ? *)')], 'weekly')).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z SCH-19 "weekly": no schedule has a name',
    ]);
  });

  it.each(['Nightly', ' nightly', ''])('SCH-19 must be written as it is, not as "%s"', (pick) => {
    expect(linesOf([NIGHTLY], pick)[0]).toBe(
      `create SCH-17 2026-11-21T02-00-00Z SCH-19 "${pick}": expected nightly`,
    );
  });

  it('SCH-19 is not said where another policy that selects the instance has it', () => {
    const other = aPolicy({ id: 'other', when: [HOURLY] });

    expect(linesFor(parts([NIGHTLY], 'hourly', [other]))).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z',
      'create SCH-01 2026-11-21T04-00-00Z SCH-18 hourly',
    ]);
  });

  it('SCH-19 is said where only a policy that leaves the instance out has it', () => {
    const select = { ...aPolicy().select, tags: { Backup: ['weekly'] } };
    const other = aPolicy({ id: 'other', when: [HOURLY], select });

    expect(linesFor(parts([NIGHTLY], 'hourly', [other]))).toEqual([
      'create SCH-17 2026-11-21T02-00-00Z SCH-19 "hourly": expected nightly',
    ]);
  });
});
