import { describe, expect, test } from 'vitest';
import { type Scenario, aScenario } from '../support/scenario.ts';

const policyWith = (retire: string): string => `
version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 2 }
    retire: { snapshots: ${retire} }
`;

/** Points of five days at ten past four: by the policy, three have expired. */
const fiveOldPoints = (retire: 'delete' | 'keep' = 'delete') => {
  const scenario = aScenario({
    policy: policyWith(retire),
    startsAt: '2026-11-03T04:10:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 30] }],
  });
  const slots = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
  for (const day of slots) {
    scenario.aPoint({ of: 'web-1', policy: 'daily', slot: `${day}T02:00:00Z` });
  }
  const gone: { imageId: string; atMs: number }[] = [];
  scenario.cloud.hooks.on('deregistering', ({ imageId, atMs }) => gone.push({ imageId, atMs }));
  return { ...scenario, gone };
};

const slotsOf = ({ images }: Pick<Scenario, 'images'>): readonly (string | undefined)[] =>
  images().map(({ tags }) => tags['imago:slot']);

describe('expired points', () => {
  test('go at half past four with their snapshots, oldest first', async () => {
    const scenario = fiveOldPoints();
    const { until, images, snapshotIds, gone, calls } = scenario;
    const all = images();

    await until('2026-11-03T04:29:59Z');
    expect(images()).toHaveLength(5);
    await until('2026-11-03T04:30:02Z');

    expect(slotsOf(scenario)).toEqual(['2026-11-02T02-00-00Z', '2026-11-03T02-00-00Z']);
    expect(gone.map(({ imageId }) => imageId)).toEqual(
      all.slice(0, 3).map(({ imageId }) => imageId),
    );
    expect(snapshotIds()).toEqual(
      all
        .slice(3)
        .flatMap((image) => image.snapshotIds)
        .sort(),
    );
    expect([calls('DeregisterImage'), calls('DeleteSnapshot')]).toEqual([3, 0]);
  });

  test('say why they go, and those that are kept cause no line of the log', async () => {
    const { until, images, reasonsFor } = fiveOldPoints();
    const ids = images().map(({ imageId }) => imageId);

    await until('2026-11-03T04:31:00Z');

    expect(ids.map(reasonsFor)).toEqual([
      [['RET-10 expired 5 of 5']],
      [['RET-10 expired 4 of 5']],
      [['RET-10 expired 3 of 5']],
      [],
      [],
    ]);
  });

  test('go again only the day after, since no event starts retirement', async () => {
    const scenario = fiveOldPoints();
    await scenario.until('2026-11-03T04:31:00Z');

    await scenario.until('2026-11-04T04:29:00Z');
    expect(scenario.images()).toHaveLength(3);
    await scenario.until('2026-11-04T04:31:00Z');

    expect(slotsOf(scenario)).toEqual(['2026-11-03T02-00-00Z', '2026-11-04T02-00-00Z']);
  });
});

describe('a snapshot that DeregisterImage leaves behind', () => {
  test('is deleted by a call of its own', async () => {
    const { until, images, snapshotIds, cloud, calls } = fiveOldPoints();
    cloud.behave({ snapshotDeleteFailure: 1 });

    await until('2026-11-03T04:31:00Z');

    expect([calls('DeregisterImage'), calls('DeleteSnapshot')]).toEqual([3, 6]);
    expect(snapshotIds()).toEqual(
      images()
        .flatMap((image) => image.snapshotIds)
        .sort(),
    );
  });

  test('is an orphan for the next run where that call fails as well', async () => {
    const { until, images, snapshotIds, cloud, reasonsFor } = fiveOldPoints();
    const orphans = images()
      .slice(0, 3)
      .flatMap((image) => image.snapshotIds);
    cloud.behave({ snapshotDeleteFailure: 1 });
    const mend = cloud.inject({ action: 'DeleteSnapshot', code: 'UnauthorizedOperation' });
    await until('2026-11-03T04:31:00Z');
    expect(snapshotIds()).toEqual(expect.arrayContaining(orphans));

    mend();
    await until('2026-11-04T04:31:00Z');

    expect(snapshotIds()).toEqual(
      images()
        .flatMap((image) => image.snapshotIds)
        .sort(),
    );
    expect(orphans.map(reasonsFor)).toEqual(orphans.map(() => [['RET-16 orphan-snapshot']]));
  });

  test('stays where another image is built on it, and that image is whole', async () => {
    const { until, images, snapshotIds, cloud, byHand, logged } = fiveOldPoints();
    const [SnapshotId = ''] = images()[0]?.snapshotIds ?? [];
    cloud.ec2.RegisterImage(
      {
        Name: 'golden',
        RootDeviceName: '/dev/sda1',
        BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId } }],
      },
      byHand(),
    );

    await until('2026-11-04T04:31:00Z');

    expect(images().map(({ name }) => name)).toContain('golden');
    expect(snapshotIds()).toContain(SnapshotId);
    expect(logged(`not removed: ${SnapshotId}`).map(({ reasons }) => reasons)).toEqual([
      [expect.stringMatching(/^RET-17 snapshot-in-use/)],
    ]);
  });
});

test('snapshots that the policy keeps outlive their images, and no later run takes them', async () => {
  const scenario = fiveOldPoints('keep');
  const { until, snapshotIds, calls, reasonsFor } = scenario;
  const before = snapshotIds();

  await until('2026-11-06T04:31:00Z');

  expect(slotsOf(scenario)).toEqual(['2026-11-05T02-00-00Z', '2026-11-06T02-00-00Z']);
  expect(snapshotIds()).toEqual(expect.arrayContaining([...before]));
  expect(calls('DeleteSnapshot')).toBe(0);
  expect(before.flatMap(reasonsFor)).toEqual([]);
});

test('a point on hold stays past its expiry, and goes once its hold has run out', async () => {
  const { until, images, cloud, byHand, reasonsFor } = fiveOldPoints();
  const held = images()[0]?.imageId ?? '';
  const Tags = [{ Key: 'imago:hold', Value: '2026-11-05T00:00:00Z' }];
  cloud.ec2.CreateTags({ Resources: [held], Tags }, byHand());

  await until('2026-11-04T05:00:00Z');
  expect(images().map(({ imageId }) => imageId)).toContain(held);
  await until('2026-11-05T05:00:00Z');

  expect(images().map(({ imageId }) => imageId)).not.toContain(held);
  expect(reasonsFor(held)).toEqual([
    ['RET-10 expired 5 of 5', 'PRO-03 held 2026-11-05T00:00:00Z'],
    ['RET-10 expired 4 of 4', 'PRO-03 held 2026-11-05T00:00:00Z'],
    ['RET-10 expired 4 of 4'],
  ]);
});

test('the last good point stays, however old, when its instance is gone', async () => {
  const scenario = fiveOldPoints();
  const { cloud, byHand, id, until } = scenario;
  cloud.ec2.TerminateInstances({ InstanceIds: [id('web-1')] }, byHand());
  scenario.launchNow({ name: 'other', tags: {} });

  await until('2026-11-16T05:00:00Z');

  expect(slotsOf(scenario)).toEqual(['2026-11-02T02-00-00Z', '2026-11-03T02-00-00Z']);
});
