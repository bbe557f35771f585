import { describe, expect, it } from 'vitest';
import type { Window } from '../../shared/domain/windows.ts';
import { dispatch } from '../../shared/loop/dispatch.ts';
import { createStage } from '../functions/fixture.ts';
import { aPolicy, aPolicySet, at } from '../support/builders.ts';

const daily = (startMinute: number, endMinute: number): Window => ({
  kind: 'weekly',
  days: [0, 1, 2, 3, 4, 5, 6],
  startMinute,
  endMinute,
  timezone: 'UTC',
});

const retiringIn = (id: string, ...during: readonly Window[]) =>
  aPolicy({ id, retire: { snapshots: 'delete', during } });

/** The runs of retirement that a whole day of dispatches sends to the home, each with its time. */
const runsFor = async (...windows: readonly (readonly Window[])[]): Promise<readonly string[]> => {
  const stage = createStage();
  const policies = windows.map((during, index) => retiringIn(`policy-${index}`, ...during));
  const policySet = aPolicySet({ policies });
  for (let minute = 0; minute < 1_440; minute += 5) {
    const atMs = at('2026-11-21T00:00Z') + minute * 60_000;
    await stage.invoke(
      (runtime) => () => dispatch({ ...runtime.loop, policySet }, atMs),
      undefined,
    );
  }
  return stage
    .queue('retire')
    .messages.map(({ body }) => JSON.parse(body) as { readonly runId: string })
    .map(({ runId }) => runId.slice('retire-2026-11-21T'.length));
};

describe('dispatch sends targets to retirement', () => {
  it('once a day, where no policy has a window', async () => {
    expect(await runsFor([])).toEqual(['04-30-00Z']);
  });

  it('when a window opens too, each time once', async () => {
    expect(await runsFor([daily(62, 120), daily(1_200, 1_260)])).toEqual([
      '01-02-00Z',
      '04-30-00Z',
      '20-00-00Z',
    ]);
  });

  it('once for windows of two policies that open together, and for one at its usual time', async () => {
    expect(await runsFor([daily(60, 120)], [daily(60, 90), daily(270, 300)])).toEqual([
      '01-00-00Z',
      '04-30-00Z',
    ]);
  });

  it('twice in a period in which two of them open, in order', async () => {
    expect(await runsFor([daily(64, 120)], [daily(61, 90)])).toEqual([
      '01-01-00Z',
      '01-04-00Z',
      '04-30-00Z',
    ]);
  });

  it('not when a window goes over into another', async () => {
    expect(await runsFor([daily(60, 120), daily(120, 180)])).toEqual(['01-00-00Z', '04-30-00Z']);
  });
});
