import { describe, expect, it } from 'vitest';
import type { Policy } from '../../shared/domain/policy.ts';
import { type DispatchSummary, dispatch } from '../../shared/loop/dispatch.ts';
import { createStage } from '../functions/fixture.ts';
import { anEventTrigger, aPolicy, aPolicySet, at, aTrigger } from '../support/builders.ts';

const HOME = '111122223333/eu-central-1';

/** Minutes of the hours from one o'clock to seven at which the home is woken, sweeps aside. */
const wakesOf = async (parts: Partial<Policy>, day = '2026-11-21'): Promise<readonly string[]> => {
  const stage = createStage();
  const policySet = aPolicySet({ policies: [aPolicy(parts)] });
  const woken: string[] = [];
  for (let minute = 60; minute < 420; minute += 5) {
    if (minute % 60 === 0) continue;
    const atMs = at(`${day}T00:00Z`) + minute * 60_000;
    const summary = (await stage.invoke(
      (runtime) => () => dispatch({ ...runtime.loop, policySet }, atMs),
      undefined,
    )) as DispatchSummary;
    if (summary.reconcile.includes(HOME)) {
      woken.push(new Date(atMs).toISOString().slice(11, 16));
    }
  }
  return woken;
};

const everyFive = (from: string, until: string): readonly string[] => {
  const times: string[] = [];
  for (let atMs = at(`2026-11-21T${from}Z`); atMs <= at(`2026-11-21T${until}Z`); atMs += 300_000) {
    const time = new Date(atMs).toISOString().slice(11, 16);
    if (!time.endsWith(':00')) times.push(time);
  }
  return times;
};

describe('dispatch wakes a home between its sweeps', () => {
  it('at a slot, and for the tries that may follow', async () => {
    const when = [aTrigger('cron(10 2 * * ? *)')];

    expect(await wakesOf({ when })).toEqual(['02:10', '02:15', '02:25', '03:10']);
  });

  it('in the period that ends next, for a slot inside it', async () => {
    const when = [aTrigger('cron(11 2 * * ? *)')];

    expect(await wakesOf({ when })).toEqual(['02:15', '02:20', '02:30', '03:15']);
  });

  it('in every period while sources have moments of their own, and for tries after the last', async () => {
    const when = [aTrigger('cron(10 2 * * ? *)', { jitterMs: 2_400_000 })];

    expect(await wakesOf({ when })).toEqual([
      ...everyFive('02:10', '02:50'),
      '02:55',
      '03:05',
      '03:10',
      '03:50',
    ]);
  });

  it('once more for the last moments of a jitter that ends between two periods', async () => {
    const when = [aTrigger('cron(10 2 * * ? *)', { jitterMs: 421_000 })];

    expect((await wakesOf({ when })).slice(0, 3)).toEqual(['02:10', '02:15', '02:20']);
  });

  it('when a blackout ends, and for the tries that may follow', async () => {
    const blackout = [
      { kind: 'once', startMs: at('2026-11-21T01:00Z'), endMs: at('2026-11-21T03:20Z') },
      { kind: 'once', startMs: at('2026-11-21T02:00Z'), endMs: at('2026-11-21T04:12Z') },
    ] as const;
    const when = [anEventTrigger()];

    expect(await wakesOf({ when, blackout })).toEqual(['04:15', '04:20', '04:30', '05:15']);
    expect(await wakesOf({ when, blackout }, '2026-11-22')).toEqual([]);
  });

  it('in the period at whose end a blackout ends, and not in the one that follows', async () => {
    const blackout = [
      { kind: 'once', startMs: at('2026-11-21T01:00Z'), endMs: at('2026-11-21T04:15Z') },
    ] as const;

    expect(await wakesOf({ when: [anEventTrigger()], blackout })).toEqual([
      '04:15',
      '04:20',
      '04:30',
      '05:15',
    ]);
  });

  it('in every period while reboots go batch by batch, which they do only on time', async () => {
    const when = [aTrigger('cron(10 2 * * ? *)', { startWithinMs: 1_800_000 })];
    const image = { ...aPolicy().image, reboot: true, batchSize: 2, staggerMs: 600_000 };
    const slot = ['02:10', '02:15', '02:25', '03:10'];

    expect(await wakesOf({ when, image })).toEqual([...everyFive('02:10', '02:40'), '03:10']);
    expect(await wakesOf({ when, image: { ...image, reboot: false } })).toEqual(slot);
    expect(await wakesOf({ when, image: aPolicy().image })).toEqual(slot);
  });

  it('for no event: it is woken by the event, and else by the sweep', async () => {
    expect(await wakesOf({ when: [anEventTrigger({ atMostEveryMs: 900_000 })] })).toEqual([]);
  });
});
