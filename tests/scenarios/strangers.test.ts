import { describe, expect, test } from 'vitest';
import { DR, HOME, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 1 }
    copyTo: [{ region: eu-west-1, keep: { last: 1 } }]
`;

/** Ten nights, after each of which the point of the night before is retired, here and there. */
const tenNights = () => {
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
  });
  const names = (region?: string): readonly string[] =>
    scenario.images(region).map(({ name }) => name);
  const lastName = `imago/dev/daily/${scenario.id('web-1')}/2026-11-12T02-00-00Z`;
  return { ...scenario, names, lastName, end: '2026-11-13T01:30:00Z' };
};

describe("a stranger's copy of a point, tags and all", () => {
  test.each([
    ['in the DR Region', DR, 'by-hand'],
    ['in the same Region under another name', HOME, 'by-hand'],
  ])('%s is never retired, nor taken for a point', async (_, region, Name) => {
    const { until, images, names, cloud, byHand, lastName, end } = tenNights();
    await until('2026-11-03T02:30:00Z');
    const [point] = images();
    const copied = { Name, SourceImageId: point?.imageId, SourceRegion: HOME, CopyImageTags: true };
    cloud.ec2.CopyImage(copied, byHand(region));

    await until(end);

    expect(names(region)).toEqual([Name, lastName]);
    expect(images(region)[0]).toMatchObject({ state: 'available', tags: point?.tags });
    expect(names(region === HOME ? DR : HOME)).toEqual([lastName]);
  });

  test('OWN-05 at home under its own name is never retired, nor taken for the point', async () => {
    const { until, images, names, cloud, byHand, lastName, end } = tenNights();
    await until('2026-11-03T02:30:00Z');
    const [point] = images();
    const Name = point?.name;
    const SourceImageId = point?.imageId;
    const copied = { Name, SourceImageId, SourceRegion: HOME, CopyImageTags: true };
    const { ImageId } = cloud.ec2.CopyImage(copied, byHand(HOME));

    await until(end);

    expect(images().map(({ imageId }) => imageId)).toContain(ImageId);
    expect(images().map(({ imageId }) => imageId)).not.toContain(SourceImageId);
    expect(names()).toEqual([Name, lastName]);
  });

  test('in the DR Region under its own name does not keep the true copy from being made', async () => {
    const { until, images, cloud, byHand } = tenNights();
    await until('2026-11-03T02:05:45Z');
    const [point] = images();
    const copied = {
      Name: point?.name,
      SourceImageId: point?.imageId,
      SourceRegion: HOME,
      CopyImageTags: true,
    };
    cloud.ec2.CopyImage(copied, byHand(DR));

    await until('2026-11-03T02:30:00Z');

    expect(images(DR).map(({ name, tags }) => [name, tags['imago:home']])).toEqual([
      [point?.name, '111122223333/eu-central-1'],
      [point?.name, '111122223333/eu-west-1'],
    ]);
  });
});

describe('images of others', () => {
  test('such as AWS Backup, Packer and people are never touched, and no call is tried', async () => {
    const { id, until, names, cloud, byHand, lastName, end, calls } = tenNights();
    const backup = 'AwsBackup_i-0123_5f0a7c1e-0000-4000-a000-000000000001';
    for (const Name of [backup, 'golden/web-001', 'before the upgrade']) {
      cloud.ec2.CreateImage({ InstanceId: id('web-1'), Name }, byHand());
    }
    for (const image of cloud.ec2Core.store(HOME).images.values()) {
      if (image.name === backup) image.tags.set('aws:backup:source-resource', 'instance');
    }

    await until(end);

    expect(names()).toEqual([backup, 'before the upgrade', 'golden/web-001', lastName]);
    expect([calls('DeregisterImage', HOME), calls('DeregisterImage', DR)]).toEqual([9, 9]);
  });

  test('of another deployment are never touched', async () => {
    const { id, until, names, cloud, byHand, lastName, end } = tenNights();
    const Name = `imago/prod/daily/${id('web-1')}/2026-10-01T02-00-00Z`;
    const Tags = Object.entries({
      'imago:deployment': 'prod',
      'imago:policy': 'daily',
      'imago:source': id('web-1'),
      'imago:slot': '2026-10-01T02-00-00Z',
      'imago:home': '111122223333/eu-central-1',
    }).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = [{ ResourceType: 'image' as const, Tags }];
    cloud.ec2.CreateImage({ InstanceId: id('web-1'), Name, TagSpecifications }, byHand());

    await until(end);

    expect(names()).toEqual([Name, lastName]);
  });

  test('and of a policy that is gone are kept, with their snapshots', async () => {
    const { until, images, names, aPoint, lastName, end } = tenNights();
    aPoint({ of: 'web-1', policy: 'weekly', slot: '2026-10-01T02:00:00Z' });
    const [orphaned] = images();

    await until(end);

    expect(names()).toEqual([orphaned?.name, lastName]);
    expect(images()[0]?.snapshotTags).toEqual(orphaned?.snapshotTags);
  });
});
