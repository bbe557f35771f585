import { describe, expect, test } from 'vitest';
import { createHandler as backup } from '../../functions/backup.ts';
import { createHandler as dispatch } from '../../functions/dispatch.ts';
import {
  createStage,
  ELSEWHERE,
  HOME,
  reconcileOf,
  scheduledEvent,
  sqsBatch,
  type Stage,
} from './fixture.ts';

const sentAt = async (time: string): Promise<readonly unknown[]> => {
  const stage = createStage();
  await stage.invoke(dispatch, scheduledEvent(time));
  return stage
    .queue('backup')
    .messages.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
    .map(({ target, isSweep, isTidy }) => ({ target, isSweep, isTidy }));
};

describe('once a day, at five UTC, dispatch', () => {
  test('has every target swept and tidied, destinations among them', async () => {
    const tidy = { isSweep: true, isTidy: true };

    expect(await sentAt('2026-11-21T05:00:00Z')).toEqual([
      { target: HOME, ...tidy },
      { target: ELSEWHERE, ...tidy },
    ]);
    expect(await sentAt('2026-11-21T05:04:59Z')).toHaveLength(2);
  });

  test.each(['2026-11-21T04:00:00Z', '2026-11-21T06:00:00Z', '2026-11-21T17:00:00Z'])(
    'and at %s it has homes swept as in every hour',
    async (time) => {
      expect(await sentAt(time)).toEqual([{ target: HOME, isSweep: true, isTidy: false }]);
    },
  );

  test('and right before and after that it has nothing tidied', async () => {
    const before = await sentAt('2026-11-21T04:55:00Z');
    const after = await sentAt('2026-11-21T05:05:00Z');

    expect([...before, ...after].filter((one) => JSON.stringify(one).includes('true'))).toEqual([]);
  });
});

/** Whether a pass over these commands read the snapshots of the home. */
const readsSnapshots = async (...bodies: readonly unknown[]): Promise<boolean> => {
  const stage: Stage = createStage();
  expect(await stage.invoke(backup, sqsBatch(bodies))).toEqual({ batchItemFailures: [] });
  return stage.cloud.calls.count('DescribeSnapshots', HOME.region) > 0;
};

describe('a pass', () => {
  test('tidies if any of the commands that it answers wants that', async () => {
    const plain = reconcileOf(HOME, { isTidy: false, hop: 3 });
    const tidy = reconcileOf(HOME, { isSweep: true, isTidy: true });

    expect(await readsSnapshots(plain, tidy)).toBe(true);
    expect(await readsSnapshots(plain, reconcileOf(HOME, { isSweep: true }))).toBe(false);
  });

  test('takes a message of an older version for one that does not tidy', async () => {
    const { isTidy: _, ...older } = { ...reconcileOf(HOME), isTidy: true };

    expect(await readsSnapshots(older)).toBe(false);
  });
});
