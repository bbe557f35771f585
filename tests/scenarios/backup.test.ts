import { describe, expect, test } from 'vitest';
import { aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    tags:
      copy: [Name, "cost-*"]
      set: { Slot: "{slot}", Made: "by {policy}" }
    keep: { last: 7 }
`;

const WEB = { name: 'web-1', tags: { Backup: 'daily', 'cost-center': 'shop', Secret: 'no' } };

describe('a slot', () => {
  test('makes a point whose image and snapshots carry their tags from the creating call on', async () => {
    const { id, until, images, calls } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [{ ...WEB, volumesGib: [8, 30] }],
    });

    await until('2026-11-03T02:01:30Z');

    const web = id('web-1');
    const tags = {
      Name: 'web-1',
      'cost-center': 'shop',
      Slot: '2026-11-03T02-00-00Z',
      Made: 'by daily',
      'imago:deployment': 'dev',
      'imago:policy': 'daily',
      'imago:source': web,
      'imago:slot': '2026-11-03T02-00-00Z',
      'imago:home': '111122223333/eu-central-1',
      'imago:instance-type': 't3.small',
      'imago:subnet': 'subnet-0a000000000000001',
      'imago:security-groups': 'sg-00000000000000a01',
      'imago:instance-profile': 'arn:aws:iam::111122223333:instance-profile/web-profile',
      'imago:key-name': 'operations',
    };
    expect(images()).toEqual([
      {
        imageId: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
        name: `imago/dev/daily/${web}/2026-11-03T02-00-00Z`,
        state: 'pending',
        description: `Imago daily: ${web} (web-1) at 2026-11-03T02-00-00Z`,
        madeAt: '2026-11-03T02:00:30Z',
        tags,
        snapshotIds: [expect.stringMatching(/^snap-/), expect.stringMatching(/^snap-/)],
        snapshotTags: [tags, tags],
      },
    ]);
    expect(calls('CreateTags')).toBe(0);
  });

  test('makes one point of each selected instance, stopped ones included, and none of others', async () => {
    const { id, until, images } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [
        WEB,
        { name: 'web-2', tags: { Backup: 'daily' }, state: 'stopped' },
        { name: 'other', tags: { Backup: 'weekly' } },
      ],
    });

    await until('2026-11-03T03:30:00Z');

    expect(images().map(({ tags }) => tags['imago:source'])).toEqual(
      [id('web-1'), id('web-2')].sort(),
    );
  });

  test('is served once a day, every day', async () => {
    const { until, images } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [WEB],
    });

    await until('2026-11-06T01:30:00Z');

    expect(images().map(({ tags, state }) => [tags['imago:slot'], state])).toEqual([
      ['2026-11-03T02-00-00Z', 'available'],
      ['2026-11-04T02-00-00Z', 'available'],
      ['2026-11-05T02-00-00Z', 'available'],
    ]);
  });
});

describe('an instance that is launched between two slots', () => {
  const launchedAtThree = async (policy: string) => {
    const scenario = aScenario({ policy, startsAt: '2026-11-03T01:30:00Z', instances: [WEB] });
    await scenario.until('2026-11-03T15:03:00Z');
    const newcomer = scenario.launchNow({ name: 'web-2', tags: { Backup: 'daily' } });
    const pointsOfNewcomer = () =>
      scenario
        .images()
        .filter(({ tags }) => tags['imago:source'] === newcomer)
        .map(({ tags, madeAt }) => [tags['imago:slot'], madeAt]);
    return { ...scenario, pointsOfNewcomer };
  };

  test('gets a point by its event, long after the window of the slot is over', async () => {
    const { until, pointsOfNewcomer, images, logged } = await launchedAtThree(POLICY);

    await until('2026-11-03T15:05:00Z');

    // Running after half a minute, told a second later, and half a minute in the queue.
    expect(pointsOfNewcomer()).toEqual([['2026-11-03T02-00-00Z', '2026-11-03T15:04:01Z']]);
    expect(images()).toHaveLength(2);
    expect(logged('create imago').map(({ reasons }) => reasons)).toEqual([
      ['SCH-01 slot-due 2026-11-03T02-00-00Z'],
      ['SCH-07 no-point-inside-rpo 2026-11-03T02-00-00Z'],
    ]);
  });

  test('waits for the next slot where the policy reboots', async () => {
    const rebooting = POLICY.replace('keep:', 'image: { reboot: true }\n    keep:');
    const { until, pointsOfNewcomer } = await launchedAtThree(rebooting);

    await until('2026-11-04T01:59:00Z');
    expect(pointsOfNewcomer()).toEqual([]);

    await until('2026-11-04T02:01:00Z');
    expect(pointsOfNewcomer()).toEqual([['2026-11-04T02-00-00Z', '2026-11-04T02:00:30Z']]);
  });

  test('costs one read where no policy selects it', async () => {
    const { until, launchNow, callLog, images } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T15:03:00Z',
      instances: [],
    });
    launchNow({ name: 'ci-1', tags: {} });

    await until('2026-11-03T15:30:00Z');

    expect(callLog.map(({ action }) => action)).toEqual(['DescribeInstances']);
    expect(images()).toEqual([]);
  });
});

describe('an instance that is stopped and started', () => {
  test('gets no further point while it has one inside its RPO', async () => {
    const { id, until, images, cloud, byHand } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [WEB],
    });
    await until('2026-11-03T15:03:00Z');
    cloud.ec2.StopInstances({ InstanceIds: [id('web-1')] }, byHand());
    await until('2026-11-03T17:03:00Z');
    cloud.ec2.StartInstances({ InstanceIds: [id('web-1')] }, byHand());

    await until('2026-11-03T18:30:00Z');

    expect(images()).toHaveLength(1);
  });

  test('gets a point when it stops, if it has none inside its RPO', async () => {
    const { id, until, images, cloud, byHand, aPoint } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T15:03:00Z',
      instances: [WEB],
    });
    aPoint({ of: 'web-1', policy: 'daily', slot: '2026-11-01T02:00:00Z' });
    cloud.ec2.StopInstances({ InstanceIds: [id('web-1')] }, byHand());

    await until('2026-11-03T15:05:00Z');

    expect(images().map(({ tags, madeAt }) => [tags['imago:slot'], madeAt])).toEqual([
      ['2026-11-01T02-00-00Z', '2026-11-01T02:00:00Z'],
      ['2026-11-03T02-00-00Z', '2026-11-03T15:04:01Z'],
    ]);
  });
});
