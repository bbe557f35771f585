import { expect, test } from 'vitest';
import { DR, HOME, type Scenario, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
limits: { maxRemovals: { count: 1000, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 4 * * ? *) }]
    keep: { last: 2 }
    copyTo: [{ region: eu-west-1, keep: { within: 12h } }]
  - id: before # selects nothing any more, and has nothing copied
    select: { tags: { Backup: before } }
    when: [{ schedule: cron(0 4 * * ? *) }]
    keep: { last: 1 }
`;

/** Three old points each, of which two have expired. */
const SOURCES_WITH_OLD_POINTS = 30;

/** From before the slot at four until every copy is there and the retirement run is over. */
const oneSlotOfAThousand = async (): Promise<Scenario> => {
  const names = Array.from({ length: 1_000 }, (_, index) => `web-${index + 1}`);
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T03:56:00Z',
    // A quota that holds a whole night's copies: what happens at the quota is another scenario.
    manners: { concurrentCopies: 1_000 },
    instances: names.map((name) => ({ name, tags: { Backup: 'daily' } })),
  });
  for (const of of names.slice(0, SOURCES_WITH_OLD_POINTS)) {
    for (const day of ['2026-10-31', '2026-11-01', '2026-11-02']) {
      scenario.aPoint({ of, policy: 'before', slot: `${day}T04:00:00Z` });
    }
  }
  await scenario.until('2026-11-03T04:55:00Z');
  return scenario;
};

test('one slot of 1,000 instances with one DR Region takes no more calls than it must', async () => {
  const { cloud, images } = await oneSlotOfAThousand();
  const counts = cloud.calls.counts();
  const made = Object.fromEntries(
    counts.map(({ action, region, succeeded }) => [`${action} ${region}`, succeeded]),
  );

  expect(images(HOME)).toHaveLength(1_030);
  expect(images(DR).filter(({ state }) => state === 'available')).toHaveLength(1_000);
  expect(cloud.calls.failures()).toEqual(new Map());
  expect(made).toEqual({
    'CreateImage eu-central-1': 1_000,
    'CopyImage eu-west-1': 1_000,
    'DeregisterImage eu-central-1': 60,
    'DescribeInstances eu-central-1': 6,
    'DescribeImages eu-central-1': 12,
    'DescribeImages eu-west-1': 6,
    'DescribeSnapshots eu-central-1': 3,
    'DescribeSnapshots eu-west-1': 1,
    'DescribeLaunchTemplateVersions eu-central-1': 2,
    'PutEvents eu-central-1': 208,
    'SendMessageBatch eu-central-1': 1_004,
  });
  expect(cloud.calls.count('CreateTags')).toBe(0);
  const reads = counts.filter(({ action }) => action.startsWith('Describe'));
  expect(reads.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(30);
});
