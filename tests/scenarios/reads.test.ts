import { describe, expect, test } from 'vitest';
import { ApiError } from '../../simulator/wire/api.ts';
import { ACCOUNT, DR, HOME, aScenario } from '../support/scenario.ts';

const RETIRING = `
version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 2 }
    copyTo: [{ region: eu-west-1, keep: { within: 6h } }]
`;

const DENIED = { code: 'UnauthorizedOperation', message: 'No', status: 403 };

/** Five old points, the oldest three of which have expired; the next retirement run is near. */
const expiredPoints = async () => {
  const scenario = aScenario({
    policy: RETIRING,
    startsAt: '2026-11-03T04:10:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    manners: { pageSizeMax: 3 },
  });
  const days = ['2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];
  const ids = days.map((day) =>
    scenario.aPoint({ of: 'web-1', policy: 'daily', slot: `${day}T02:00:00Z` }),
  );
  await scenario.until('2026-11-03T04:29:00Z');
  const goneOf = (): number =>
    ids.filter((id) => !scenario.images().some(({ imageId }) => imageId === id)).length;
  return { ...scenario, expired: ids.slice(0, 3), goneOf };
};

describe('retirement removes nothing', () => {
  test.each([
    [
      'the instances',
      { action: 'DescribeInstances', region: HOME },
      [
        'PRO-24 empty-observation no instance seen',
        'PRO-20 unknown-instances UnauthorizedOperation: No',
      ],
    ],
    [
      'the launch templates',
      { action: 'DescribeLaunchTemplateVersions', region: HOME },
      ['PRO-22 unknown-launch-templates UnauthorizedOperation: No'],
    ],
    [
      'the images of the destination',
      { action: 'DescribeImages', region: DR },
      ['PRO-23 unknown-copies eu-west-1: UnauthorizedOperation: No'],
    ],
  ])('while %s cannot be read, and goes on once they can', async (_, call, unknowns) => {
    const { until, cloud, calls, expired, reasonsFor, goneOf } = await expiredPoints();
    const permit = cloud.inject({ ...call, ...DENIED });

    await until('2026-11-03T04:31:00Z');

    expect(goneOf()).toBe(0);
    expect(calls('DeregisterImage')).toBe(0);
    expect(expired.map(reasonsFor)).toEqual(
      [5, 4, 3].map((rank) => [[`RET-10 expired ${rank} of 5`, ...unknowns]]),
    );

    permit();
    await until('2026-11-04T04:31:00Z');
    // One more is displaced, and goes a night later: its copy went at the very time of this run.
    expect(goneOf()).toBe(4);
    await until('2026-11-05T04:31:00Z');
    expect(goneOf()).toBe(5);
  });

  test('where the second page of its images fails', async () => {
    const { until, beforeCall, expired, goneOf, images, reasonsFor, calls } = await expiredPoints();
    beforeCall({ action: 'DescribeImages', region: HOME, nth: 2 }, () => {
      throw new ApiError(DENIED.code, DENIED.message, DENIED.status);
    });

    await until('2026-11-03T04:31:00Z');

    // Three of five were seen, and one of those three looked expired.
    const protectedOnes = images().flatMap(({ imageId }) => reasonsFor(imageId));
    expect(protectedOnes).toEqual([
      ['RET-10 expired 3 of 3', 'PRO-21 unknown-images UnauthorizedOperation: No'],
    ]);
    expect([goneOf(), calls('DeregisterImage')]).toEqual([0, 0]);

    await until('2026-11-05T04:31:00Z');
    expect(goneOf()).toBe(5);
    expect(expired).toHaveLength(3);
  });

  test('where its images cannot be read at all', async () => {
    const { until, cloud, goneOf, calls, logged } = await expiredPoints();
    cloud.inject({ action: 'DescribeImages', region: HOME, ...DENIED });

    await until('2026-11-04T04:31:00Z');

    expect([goneOf(), calls('DeregisterImage'), calls('DeleteSnapshot')]).toEqual([0, 0, 0]);
    expect(logged('read fell short: images: UnauthorizedOperation: No')).toHaveLength(2);
  });

  test('PRO-25 where snapshots cannot be listed: one of them may be held', async () => {
    const { until, cloud, goneOf, calls } = await expiredPoints();
    cloud.inject({ action: 'DescribeSnapshots', ...DENIED });

    await until('2026-11-03T04:31:00Z');

    expect([goneOf(), calls('DeleteSnapshot')]).toEqual([0, 0]);
  });
});

describe('a throttled read', () => {
  test('is tried again within the same run', async () => {
    const { until, cloud, goneOf } = await expiredPoints();
    cloud.inject({
      action: 'DescribeInstances',
      code: 'RequestLimitExceeded',
      status: 503,
      times: 3,
    });

    await until('2026-11-03T04:32:00Z');

    expect(goneOf()).toBe(3);
  });
});

describe('a backup pass that cannot read its images', () => {
  const backingUp = RETIRING.replace('within: 6h', 'last: 2');
  const aNight = () =>
    aScenario({
      policy: backingUp,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    });

  test('makes nothing, and its command comes back until the read succeeds', async () => {
    const { until, images, cloud, calls, deadLetters } = aNight();
    const permit = cloud.inject({ action: 'DescribeImages', region: HOME, ...DENIED });
    await until('2026-11-03T02:11:00Z');
    expect(calls('CreateImage')).toBe(0);

    permit();
    await until('2026-11-03T02:13:00Z');

    expect(images()).toMatchObject([{ madeAt: '2026-11-03T02:11:30Z' }]);
    expect(deadLetters('backup')).toEqual([]);
  });

  test('ends in the dead-letter queue after three tries', async () => {
    const { until, images, cloud, calls, deadLetters } = aNight();
    cloud.inject({ action: 'DescribeImages', region: HOME, ...DENIED });

    await until('2026-11-03T02:34:00Z');

    expect([images().length, calls('CreateImage')]).toEqual([0, 0]);
    expect(deadLetters('backup').map((body) => JSON.parse(body) as unknown)).toEqual([
      {
        version: 1,
        kind: 'reconcile',
        target: { account: ACCOUNT, region: HOME },
        isSweep: true,
        isTidy: false,
        runId: 'slot-2026-11-03T02-00-00Z',
        hop: 0,
      },
    ]);
  });

  test('leaves the other target to go on: no copies, but every point', async () => {
    const { until, images, cloud, deadLetters } = aNight();
    cloud.inject({ action: 'DescribeImages', region: DR, ...DENIED });

    await until('2026-11-04T03:00:00Z');

    expect(images().map(({ tags }) => tags['imago:slot'])).toEqual([
      '2026-11-03T02-00-00Z',
      '2026-11-04T02-00-00Z',
    ]);
    expect(images(DR)).toEqual([]);
    expect(deadLetters('backup').length).toBeGreaterThan(0);
  });

  test('copies what there is to copy, where only the instances of the home are denied', async () => {
    const { until, images, cloud } = aNight();
    await until('2026-11-03T02:04:00Z');
    cloud.inject({ action: 'DescribeInstances', region: HOME, ...DENIED });

    await until('2026-11-03T02:30:00Z');

    expect(images(DR)).toMatchObject([{ state: 'available', madeAt: '2026-11-03T02:06:01Z' }]);
  });
});
