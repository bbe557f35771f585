import { describe, expect, test } from 'vitest';
import { connectInProcess } from '../../cli/embedded-connection.ts';
import { readKinds } from '../../shared/aws/inventory.ts';
import { createLimiter } from '../../shared/aws/limiter.ts';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { forecast } from '../../shared/domain/forecast.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { WAKE_PERIOD_MS } from '../../shared/domain/retries.ts';
import { inventoryOf } from '../../shared/inventory/inventory-of.ts';
import { FILE_KINDS } from '../../shared/inventory/kinds.ts';
import { RETIRE_SCHEDULE, SWEEP_PERIOD_MS } from '../../shared/loop/dispatch.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, aScenario, at, DR, HOME, type Scenario } from '../support/scenario.ts';

const DAY_MS = 86_400_000;
const STARTS_AT = '2026-11-01T23:30:00Z';

const FLEET = [
  { name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 20] },
  { name: 'web-2', tags: { Backup: 'daily' }, state: 'stopped' as const },
  { name: 'web-3', tags: { Backup: 'daily', keep: '5d' } },
  { name: 'db-1', tags: { Backup: '6h' }, volumesGib: [8, 100] },
  { name: 'tool', tags: {} },
];

/** Everything that can be seen of a Region of the scenario's cloud, as `imago observe` reads it. */
const look = async ({ cloud }: Scenario, region: string): Promise<Inventory> => {
  const route = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const connection = connectInProcess({
    requestHandler: createRequestHandler(route, { delay: () => Promise.resolve() }),
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    clock: cloud.clock,
    jitter: () => 0.5,
  });
  const limiter = createLimiter({ ...connection, sharePercent: 100 });
  const target = { account: ACCOUNT, region };
  const observedMs = cloud.clock.nowMs();
  const documents = await cloud.clock.runFor(
    readKinds(connection, limiter, target, FILE_KINDS, {}),
  );
  return inventoryOf(target, documents, observedMs);
};

/** Points that can be restored from, by place and policy. */
const countPoints = ({ images }: Scenario): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const region of [HOME, DR]) {
    for (const { tags, state } of images(region)) {
      const key = `${region} ${tags['imago:policy']}`;
      if (state === 'available') counts[key] = (counts[key] ?? 0) + 1;
    }
  }
  return counts;
};

const retirement = () => {
  if (!RETIRE_SCHEDULE.ok) throw new Error(RETIRE_SCHEDULE.problem);
  return RETIRE_SCHEDULE.schedule;
};

/** What the forecast says, and what the handlers then did: points at the end of each day. */
const both = async (
  policy: string,
  length: number,
  prepare: (scenario: Scenario) => void = () => undefined,
) => {
  const scenario = aScenario({ policy, startsAt: STARTS_AT, instances: FLEET });
  prepare(scenario);
  const inventories = [await look(scenario, HOME), await look(scenario, DR)];
  const foreseen = forecast({
    inventories,
    deployment: 'dev',
    home: { account: ACCOUNT, region: HOME },
    destinations: [{ account: ACCOUNT, region: DR }],
    policySet: parsePolicyFile(policy, 'policy.yml', HOME),
    rhythm: {
      wakePeriodMs: WAKE_PERIOD_MS,
      sweepPeriodMs: SWEEP_PERIOD_MS,
      retirement: retirement(),
    },
    fromMs: at(STARTS_AT),
    days: length,
    retireMode: 'apply',
  });
  const foreseenAt = (day: number): Readonly<Record<string, number>> =>
    Object.fromEntries(
      foreseen.holdings
        .filter(({ count, kind }) => kind === 'points' && (count[day] ?? 0) > 0)
        .map(({ place, policy: id, count }) => [
          `${place.split('/').at(-1)} ${id}`,
          count[day] ?? 0,
        ]),
    );
  const happened: Readonly<Record<string, number>>[] = [];
  for (let day = 1; day <= length; day += 1) {
    await scenario.until(new Date(at(STARTS_AT) + day * DAY_MS).toISOString());
    happened.push(countPoints(scenario));
  }
  const days = Array.from({ length }, (_, index) => index + 1);
  return { foreseen, happened, told: days.map(foreseenAt) };
};

const ORDINARY = `
version: 1
timezone: Europe/Berlin
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: web
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 3 * * ? *) }]
    keep: { last: 2, weekly: 2 }
    keepFrom: { tag: keep }
    copyTo: [{ region: eu-west-1, keep: { last: 3 } }]
  - id: db
    select: { tags: { Backup: 6h } }
    when: [{ schedule: rate(6 hours) }]
    keep: { last: 3, within: 1d }
    copyTo: [{ region: eu-west-1, keep: { last: 2 } }]
`;

describe('a forecast, and what the handlers do in them', () => {
  test('is the same points on each of ten days, with tiers, tags that keep and copies', async () => {
    const { told, happened } = await both(ORDINARY, 10);

    expect(told).toEqual(happened);
    expect(happened.at(-1)).toEqual({
      'eu-central-1 web': 11,
      'eu-central-1 db': 7,
      'eu-west-1 web': 11,
      'eu-west-1 db': 5,
    });
  });

  test('is the same where limits hold removals back, and says so', async () => {
    const { told, happened, foreseen } = await both(
      ORDINARY.replace('count: 100, percent: 100', 'count: 2, percent: 100'),
      5,
    );

    expect(told).toEqual(happened);
    expect(foreseen.heldBack.map(({ reason }) => reason)).toContain('LIM-01');
  });

  test('is the same from the middle of things, with jitter, events, a blackout and a window', async () => {
    const { told, happened } = await both(
      `
version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: web
    select: { tags: { Backup: daily } }
    when:
      - schedule: cron(0 2 * * ? *)
        jitter: 30min
      - event: stopped
        atMostEvery: 6h
    blackout: [{ days: [TUE], from: "01:00", to: "06:00" }]
    keep: { last: 3 }
    retire: { during: [{ days: [WED, SAT], from: "10:00", to: "12:00" }] }
  - id: db
    select: { tags: { Backup: 6h } }
    when: [{ schedule: rate(12 hours) }]
    keep: { daily: 2 }
    retire: { snapshots: keep }
    copyTo: [{ region: eu-west-1, keep: { last: 2 } }]
`,
      6,
      ({ aPoint }) => {
        aPoint({ of: 'web-1', policy: 'web', slot: '2026-10-30T02:00:00Z' });
        aPoint({ of: 'web-1', policy: 'web', slot: '2026-10-31T02:00:00Z', state: 'failed' });
        aPoint({ of: 'web-3', policy: 'gone', slot: '2026-10-31T02:00:00Z' });
      },
    );

    expect(told).toEqual(happened);
  });
});
