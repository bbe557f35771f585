import { describe, expect, test } from 'vitest';
import {
  FIRST_MOOD,
  type Mood,
  moodOf,
  nextInstant,
} from '../../shared/domain/forecast-instants.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { reason, type ReasonId } from '../../shared/domain/reasons.ts';
import { rhythm } from '../support/forecast.ts';
import { aPolicy, aPolicySet, aTrigger, anEventTrigger, at } from '../support/builders.ts';

const CALM: Mood = { isWaiting: false, needsSweeps: false, isBlackedOut: false };

const next = (after: string, mood: Mood = CALM, policy: Policy = aPolicy()): string => {
  const { atMs, isBackup, isRetirement } = nextInstant(
    rhythm(),
    aPolicySet({ policies: [policy] }),
    mood,
    at(after),
  );
  const what = [...(isBackup ? ['backup'] : []), ...(isRetirement ? ['retirement'] : [])];
  return `${new Date(atMs).toISOString().slice(0, 16)} ${what.join(' and ')}`;
};

describe('when the product looks next', () => {
  test('is at the slots of its policies and at the slot of retirement, and at nothing else', () => {
    expect(next('2026-11-21T00:00Z')).toBe('2026-11-21T02:00 backup');
    expect(next('2026-11-21T02:00Z')).toBe('2026-11-21T04:30 retirement');
    expect(next('2026-11-21T04:30Z')).toBe('2026-11-22T02:00 backup');
  });

  test('is at the end of the five minutes that a slot falls into', () => {
    const policy = aPolicy({ when: [aTrigger('cron(1 2 * * ? *)')] });

    expect(next('2026-11-21T00:00Z', CALM, policy)).toBe('2026-11-21T02:05 backup');
  });

  test('is at both where they come at once', () => {
    const policy = aPolicy({ when: [aTrigger('cron(30 4 * * ? *)')] });

    expect(next('2026-11-21T00:00Z', CALM, policy)).toBe('2026-11-21T04:30 backup and retirement');
  });

  test('is at the opening of a window of retirement', () => {
    const window = { kind: 'weekly', days: [6], startMinute: 601, endMinute: 720 } as const;
    const policy = aPolicy({
      retire: { snapshots: 'delete', during: [{ ...window, timezone: 'UTC' }] },
    });

    expect(next('2026-11-21T04:30Z', CALM, policy)).toBe('2026-11-21T10:05 retirement');
  });

  test('is each hour where something may become due between two slots', () => {
    expect(next('2026-11-21T00:10Z', { ...CALM, needsSweeps: true })).toBe(
      '2026-11-21T01:00 backup',
    );
  });

  test('is each five minutes while a source waits for a moment of its own', () => {
    expect(next('2026-11-21T02:00Z', { ...CALM, isWaiting: true })).toBe('2026-11-21T02:05 backup');
  });

  test('is at the end of a blackout that holds something up', () => {
    const window = { kind: 'weekly', days: [6], startMinute: 60, endMinute: 182 } as const;
    const policy = aPolicy({ blackout: [{ ...window, timezone: 'UTC' }] });

    expect(next('2026-11-21T02:00Z', { ...CALM, isBlackedOut: true }, policy)).toBe(
      '2026-11-21T03:05 backup',
    );
  });
});

describe('what the last look leaves open', () => {
  const moodBy = (id: ReasonId, policy: Policy = aPolicy()): Mood =>
    moodOf(aPolicySet({ policies: [policy] }), [
      { kind: 'instance', id: 'i-0aa', verdict: 'wait', reasons: [reason(id)] },
    ]);

  test.each<readonly [ReasonId, keyof Mood]>([
    ['SCH-04', 'isWaiting'],
    ['SCH-15', 'isWaiting'],
    ['SCH-16', 'isWaiting'],
    ['COP-05', 'isWaiting'],
    ['SCH-06', 'needsSweeps'],
    ['SCH-14', 'isBlackedOut'],
  ])('by %s is %s', (id, open) => {
    expect(moodBy(id)).toEqual({ ...CALM, [open]: true });
  });

  test('is nothing where every slot is served', () => {
    expect(moodBy('SCH-02')).toEqual(CALM);
  });

  test('is a look each hour where policies wait for events, or choose by age', () => {
    const { select } = aPolicy();

    expect(moodBy('SCH-02', aPolicy({ when: [anEventTrigger()] })).needsSweeps).toBe(true);
    expect(moodBy('SCH-02', aPolicy({ select: { ...select, olderThanMs: 1 } })).needsSweeps).toBe(
      true,
    );
    expect(moodBy('SCH-02', aPolicy({ select: { ...select, youngerThanMs: 1 } })).needsSweeps).toBe(
      true,
    );
    expect(FIRST_MOOD.needsSweeps).toBe(true);
  });
});
