import { expect, test } from 'vitest';
import { DR, HOME, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
limits: { maxRemovals: { count: 1000, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 4 * * ? *) }]
    keep: { last: 2 }
    copyTo: [{ region: eu-west-1, keep: { within: 12h } }]
`;

/** Expired before the slot, or by it: two of each of these sources. */
const SOURCES_WITH_OLD_POINTS = 30;

const oneSlotOfAThousand = async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `web-${index + 1}`);
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T03:56:00Z',
    // A quota that holds a whole night's copies: what happens at the quota is a scenario of its own.
    manners: { concurrentCopies: 1_000 },
    instances: names.map((name) => ({ name, tags: { Backup: 'daily' } })),
  });
  for (const of of names.slice(0, SOURCES_WITH_OLD_POINTS)) {
    for (const slot of ['2026-10-31', '2026-11-01', '2026-11-02']) {
      scenario.aPoint({ of, policy: 'daily', slot: `${slot}T04:00:00Z` });
    }
  }
  await scenario.until('2026-11-03T04:55:00Z');
  return scenario;
};

test('one slot of 1,000 instances with one DR Region takes no more calls than it must', async () => {
  const { calls, cloud, callLog, images } = await oneSlotOfAThousand();
  const reads = callLog.filter(({ action }) => action.startsWith('Describe'));

  expect(images(HOME)).toHaveLength(1_030);
  expect(images(DR).filter(({ state }) => state === 'available')).toHaveLength(1_000);
  expect(calls('CreateImage')).toBe(1_000);
  expect(calls('CopyImage')).toBe(1_000);
  expect(calls('CreateTags')).toBe(0);
  expect(calls('DeregisterImage')).toBe(60);
  expect(calls('DeleteSnapshot')).toBe(0);
  expect(calls('PutEvents')).toBe(208);
  expect(calls('SendMessageBatch')).toBe(1_004);
  expect(cloud.calls.failures()).toEqual(new Map());
  console.log(cloud.calls.counts());
  const out: string[] = [];
  for (const [second, rs] of Map.groupBy(reads, (r) => Math.floor(r.atMs / 1000))) {
    out.push(`${new Date(second * 1000).toISOString()} ${rs.length}: ${rs.map((r) => `${r.action.slice(8)}@${r.region.slice(3, 7)}`).join(' ')}`);
  }
  console.log(out.join('\n'));
  expect(reads.length).toBeLessThanOrEqual(30);
});
