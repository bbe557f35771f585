import { expect, test } from 'vitest';
import { reconcile, toMessage } from '../../shared/loop/commands.ts';
import { ACCOUNT, HOME, type Scenario, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 48h
    tags: { set: { Kind: backup } }
    keep: { last: 5000 }
`;

const HOUR_MS = 3_600_000;

/** So many points with two snapshots each, which were made before the policy set a tag. */
const withPoints = (count: number): Scenario => {
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T04:50:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 30] }],
    retireMode: 'plan',
  });
  for (let index = 0; index < count; index += 1) {
    const ageMs = (count - 1 - index) * HOUR_MS;
    const slot = new Date(Date.UTC(2026, 10, 3, 2) - ageMs).toISOString();
    scenario.aPoint({ of: 'web-1', policy: 'daily', slot: `${slot.slice(0, 19)}Z` });
  }
  return scenario;
};

const untagged = ({ cloud }: Scenario): number => {
  const { images, snapshots } = cloud.ec2Core.store(HOME);
  return [...images.values(), ...snapshots.values()].filter(
    ({ tags }) => tags.has('imago:slot') && !tags.has('Kind'),
  ).length;
};

test('2,500 snapshots that are to have the same tags take three calls', async () => {
  const scenario = withPoints(1_250);
  for (const { tags } of scenario.cloud.ec2Core.store(HOME).images.values()) {
    tags.set('Kind', 'backup');
  }
  expect(untagged(scenario)).toBe(2_500);

  await scenario.until('2026-11-03T05:10:00Z');

  expect([untagged(scenario), scenario.calls('CreateTags')]).toEqual([0, 3]);
  expect(scenario.logged('tag ').map(({ message }) => message)).toEqual([
    'tag 1000',
    'tag 1000',
    'tag 500',
  ]);
});

test('a pass tags 5,000 at most, says how many it leaves, and the next sweep that tidies does those', async () => {
  const scenario = withPoints(1_700);

  await scenario.until('2026-11-03T05:10:00Z');
  expect([untagged(scenario), scenario.calls('CreateTags')]).toEqual([100, 5]);
  expect(scenario.logged('100 more to tag')).toMatchObject([
    { level: 'WARN', message: '100 more to tag: a pass tags 5000 at most' },
  ]);

  // As on the next day, without the day.
  const target = { account: ACCOUNT, region: HOME };
  const message = toMessage(reconcile(target, 'next', { isSweep: true, isTidy: true }));
  scenario.send('backup', message);
  await scenario.until('2026-11-03T05:20:00Z');
  expect([untagged(scenario), scenario.calls('CreateTags')]).toEqual([0, 6]);
});
