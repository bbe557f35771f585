import { describe, expect, test } from 'vitest';
import type { Manners } from '../../simulator/manners.ts';
import { ACCOUNT, aScenario, DR, HOME, type Scenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    image:
      name: "{instance.tag.Name} as of {slot}"
      description: "{instance.tag.Name} – {source} in {account}/{region}"
      excludeVolumes: { tags: { scratch: "*" }, devices: ["/dev/sdg"] }
    tags:
      copy: [team, "t*"]
      set: { Made: "by {policy}" }
    keep: { last: 7 }
    copyTo: [{ region: eu-west-1, keep: { last: 3 } }]
`;

/** With Name, Backup and team they are 50, as many as EC2 allows. */
const MANY_TAGS = Object.fromEntries(
  Array.from({ length: 47 }, (_, index) => [`t${index + 10}`, 'x']),
);
const DATABASE = {
  name: 'db-1',
  tags: { Backup: 'daily', team: 'shop', ...MANY_TAGS },
  volumesGib: [8, 30, 100],
};
const WEB = { name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 30, 100] };

const volumesOf = ({ cloud, id }: Scenario, name: string): ReadonlyMap<string, string> =>
  new Map(
    cloud.ec2Core
      .store(HOME)
      .instances.get(id(name))
      ?.disks.map(({ deviceName, volumeId = '' }) => [deviceName, volumeId]),
  );

/** The second volume of the database is marked as scratch. */
const aNight = (manners: Partial<Manners> = {}): Scenario => {
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: [DATABASE, WEB],
    manners,
  });
  scenario.cloud.ec2.CreateTags(
    {
      Resources: [volumesOf(scenario, 'db-1').get('/dev/sdf') ?? ''],
      Tags: [{ Key: 'scratch', Value: 'yes' }],
    },
    scenario.byHand(),
  );
  return scenario;
};

const pointOf = ({ images, id }: Scenario, name: string, region: string = HOME) => {
  const found = images(region).filter(({ tags }) => tags['imago:source'] === id(name));
  const [image] = found;
  if (image === undefined || found.length > 1) throw new Error(`${found.length} points of ${name}`);
  return image;
};

const devicesOf = ({ cloud }: Scenario, imageId: string, region: string = HOME) =>
  cloud.ec2Core
    .store(region)
    .images.get(imageId)
    ?.disks.map(({ deviceName }) => deviceName);

const createdEvents = ({ published }: Scenario, imageId: string) =>
  published()
    .filter(({ type, resources }) => type.endsWith('Point Created') && resources[0] === imageId)
    .map(({ detail }) => detail['reasons']);

describe('a policy that leaves out volumes', () => {
  test('leaves out those that a tag or a device names, of each instance its own', async () => {
    const scenario = aNight();

    await scenario.until('2026-11-03T02:59:00Z');

    const database = pointOf(scenario, 'db-1');
    const web = pointOf(scenario, 'web-1');
    expect(devicesOf(scenario, database.imageId)).toEqual(['/dev/sda1']);
    expect(devicesOf(scenario, web.imageId)).toEqual(['/dev/sda1', '/dev/sdf']);
    expect(scenario.snapshotIds()).toEqual(
      [...database.snapshotIds, ...web.snapshotIds].toSorted(),
    );
    expect(database.snapshotIds).toHaveLength(1);
    expect(database.tags['imago:excluded-devices']).toBe('/dev/sdf /dev/sdg');
    expect(web.tags['imago:excluded-devices']).toBe('/dev/sdg');
    expect(createdEvents(scenario, web.imageId)).toEqual([
      ['SCH-01 slot-due 2026-11-03T02-00-00Z', 'SCH-21 volumes-left-out /dev/sdg'],
    ]);
  });

  test('leaves out nothing by its tags where it may not read them', async () => {
    const scenario = aNight();
    scenario.cloud.inject({
      action: 'DescribeVolumes',
      code: 'UnauthorizedOperation',
      message: 'No',
      status: 403,
    });

    await scenario.until('2026-11-03T02:01:00Z');

    const database = pointOf(scenario, 'db-1');
    expect(devicesOf(scenario, database.imageId)).toEqual(['/dev/sda1', '/dev/sdf']);
    expect(scenario.logged('create imago').map(({ reasons }) => reasons)).toEqual(
      expect.arrayContaining([
        expect.arrayContaining([
          'SCH-21 volumes-left-out /dev/sdg',
          'SCH-20 unknown-volumes UnauthorizedOperation: No',
        ]),
      ]),
    );
  });

  test('has no snapshot of them for long, even where EC2 takes one all the same', async () => {
    const scenario = aNight({ excludedVolumesAreSnapshotted: true });

    await scenario.until('2026-11-03T02:59:00Z');
    expect(scenario.snapshotIds()).toHaveLength(6);

    await scenario.until('2026-11-03T05:59:00Z');
    const points = scenario.images().flatMap(({ snapshotIds }) => snapshotIds);
    expect(points).toHaveLength(3);
    expect(scenario.snapshotIds()).toEqual(points.toSorted());
  });

  test('reads no volumes where no policy asks for their tags', async () => {
    const { until, calls, images } = aScenario({
      policy: POLICY.replace('tags: { scratch: "*" }, ', ''),
      startsAt: '2026-11-03T01:30:00Z',
      instances: [WEB],
    });

    await until('2026-11-03T02:59:00Z');

    expect(images()).toHaveLength(1);
    expect(calls('DescribeVolumes')).toBe(0);
  });
});

describe('a policy with templates', () => {
  test('gives image, snapshots and copies their name, and the image its description', async () => {
    const scenario = aNight();

    await scenario.until('2026-11-03T03:59:00Z');

    const point = pointOf(scenario, 'web-1');
    const copy = pointOf(scenario, 'web-1', DR);
    const name = 'web-1 as of 2026-11-03T02-00-00Z';
    expect(point.description).toBe(`web-1 ? ${scenario.id('web-1')} in ${ACCOUNT}/eu-central-1`);
    expect([point, copy].map(({ tags }) => [tags['Name'], tags['Made']])).toEqual([
      [name, 'by daily'],
      [name, 'by daily'],
    ]);
    expect(point.snapshotTags).toEqual([point.tags, point.tags]);
    expect(copy.snapshotTags).toEqual([copy.tags, copy.tags]);
    const { 'imago:home': _home, ...carried } = point.tags;
    expect(copy.tags).toMatchObject(carried);
  });
});

describe('an instance with as many tags as EC2 allows', () => {
  test('gets images, snapshots and copies with 50, and what found no room is told', async () => {
    const scenario = aNight();

    await scenario.until('2026-11-03T03:59:00Z');

    const point = pointOf(scenario, 'db-1');
    const copy = pointOf(scenario, 'db-1', DR);
    expect(Object.keys(point.tags)).toHaveLength(50);
    expect(point.tags).toMatchObject({ team: 'shop', Made: 'by daily', t45: 'x' });
    expect(point.snapshotTags).toEqual([point.tags]);
    expect(Object.keys(copy.tags)).toHaveLength(50);
    expect(copy.tags).toMatchObject({ team: 'shop', Made: 'by daily', t43: 'x' });
    expect(copy.snapshotTags).toEqual([copy.tags]);
    expect(createdEvents(scenario, point.imageId)).toEqual([
      [
        'SCH-01 slot-due 2026-11-03T02-00-00Z',
        'SCH-21 volumes-left-out /dev/sdf, /dev/sdg',
        'TAG-03 tags-left-out t46, t47, t48, t49, t50, t51, t52, t53, t54, t55 and 1 more',
      ],
    ]);
    expect(createdEvents(scenario, copy.imageId)).toEqual([
      ['COP-01 copy-due', 'TAG-03 tags-left-out t44, t45'],
    ]);
  });
});
