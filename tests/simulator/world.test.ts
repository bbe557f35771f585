import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCheckers } from '../../simulator/checkers/checkers.ts';
import { DEFAULT_MANNERS, type Manners } from '../../simulator/manners.ts';
import { scheduleLife } from '../../simulator/world/life.ts';
import { type Bench, createBench, HOUR, makeImage, MINUTE, START_MS } from './fixture.ts';

const DAY = 24 * HOUR;

/** A backup as a product would make it: over the wire, so with a request id of its own. */
const backUp = (bench: Bench, name: string, slot: string): string => {
  const tags = [
    { Key: 'imago:deployment', Value: 'test' },
    { Key: 'imago:home', Value: '111122223333/eu-central-1' },
  ];
  const TagSpecifications = [
    { ResourceType: 'image' as const, Tags: tags },
    { ResourceType: 'snapshot' as const, Tags: tags },
  ];
  const InstanceId = bench.id(name);
  const Name = `imago/test/daily/${InstanceId}/${slot}`;
  return (
    bench.cloud.ec2.CreateImage({ InstanceId, Name, TagSpecifications }, wireCall(bench)).ImageId ??
    ''
  );
};

const wireCall = (bench: Bench, region = 'eu-central-1') => ({
  ...bench.cloud.callAs('111122223333', region),
  requestId: 'over-the-wire',
});

const remove = (bench: Bench, ImageId: string, region = 'eu-central-1') =>
  bench.cloud.ec2.DeregisterImage(
    { ImageId, DeleteAssociatedSnapshots: true },
    wireCall(bench, region),
  );

describe('the default world', () => {
  it('has a dozen instances of five kinds', () => {
    const { world } = createBench();
    expect(world.members.map((member) => member.name)).toEqual([
      'web-1',
      'db-1',
      'web-2',
      'web-3',
      'legacy',
      'ci-asg',
      'old-ami',
      'web-4',
      'db-2',
      'web-5',
      'web-6',
      'web-7',
    ]);
  });

  it('shows them to EC2 as the policies expect them', () => {
    const bench = createBench();
    const row = (name: string) =>
      bench.cloud.ec2Core.store('eu-central-1').instances.get(bench.id(name));
    expect(row('web-1')?.tags.get('Backup')).toBe('daily');
    expect(row('db-1')?.tags.get('Backup')).toBe('6h');
    expect(row('db-1')?.disks.map((disk) => disk.sizeGib)).toEqual([20, 200, 50, 100]);
    expect(row('legacy')?.tags.has('Backup')).toBe(false);
    expect(row('legacy')?.state).toBe('stopped');
    expect(row('ci-asg')?.tags.get('aws:autoscaling:groupName')).toBe('ci-workers');
    expect(row('old-ami')?.rootDeviceType).toBe('instance-store');
    expect([row('web-5')?.state, row('web-6')?.state]).toEqual(['stopped', 'stopped']);
  });

  it('grows by repeating the mix, with names of their own', () => {
    const names = createBench({}, 30).world.members.map((member) => member.name);
    expect(new Set(names).size).toBe(30);
    expect(names.slice(12, 19)).toEqual([
      'web-8',
      'db-3',
      'web-9',
      'web-10',
      'legacy-2',
      'ci-asg-2',
      'old-ami-2',
    ]);
  });

  it('has nothing under way: an hour later it is as it was', async () => {
    const bench = createBench();
    const states = () =>
      [...bench.cloud.ec2Core.store('eu-central-1').instances.values()].map((row) => row.state);
    const before = states();
    await bench.pass(HOUR);
    expect(states()).toEqual(before);
  });
});

/** Ten days of life, with a backup of every EBS instance each night. Returns what is left of it. */
const live = async (manners: Partial<Manners>, seed = 1, days = 10) => {
  const bench = createBench(manners, 12, seed);
  const checkers = createCheckers(bench.cloud);
  const operator = scheduleLife(bench.cloud, bench.world, { startMs: START_MS, days });
  for (let day = 0; day < days; day += 1) {
    for (const name of ['web-1', 'web-2', 'web-3', 'db-1']) {
      backUp(bench, name, new Date(START_MS + day * DAY).toISOString().slice(0, 10));
    }
    await bench.pass(DAY);
  }
  return { bench, checkers, operator };
};

describe('life in the world', () => {
  it('brings backups into use in every way that forbids their removal', async () => {
    const { bench, operator } = await live({});
    const done = (what: string) => operator.deeds.filter((deed) => deed.what === what).length;
    expect(done('restore')).toBe(1);
    expect(done('create template')).toBe(1);
    expect(done('hold')).toBe(1);
    expect(done('copy by hand')).toBe(1);
    expect(done('terminate')).toBe(1);
    expect(done('launch')).toBe(1);
    expect(done('stop')).toBeGreaterThan(1);
    expect(done('start')).toBeGreaterThan(0);
    expect(done('bake')).toBe(6);
    expect(done('clear')).toBe(2);
    const store = bench.cloud.ec2Core.store('eu-central-1');
    const restored = [...store.instances.values()].find(
      (row) => row.tags.get('Name') === 'web-3-restored',
    );
    expect(restored?.state).toBe('stopped');
    expect(store.images.get(restored?.imageId ?? '')?.name).toContain(bench.id('web-3'));
    const copies = [...bench.cloud.ec2Core.store('eu-west-1').images.values()].filter(
      (image) => image.ownerId === '111122223333',
    );
    expect(copies.map((image) => image.tags.get('imago:home'))).toEqual([
      '111122223333/eu-central-1',
    ]);
  });

  it('is judged clean as long as only the operator removes images', async () => {
    const { checkers } = await live({});
    expect(checkers.report(['eu-central-1', 'eu-west-1'])).toMatchObject({
      isClean: true,
      deregistered: 0,
    });
  });

  it('is the same for the same seed, and another for another', async () => {
    const trace = async (seed: number) => {
      const { bench, operator } = await live(DEFAULT_MANNERS, seed, 4);
      const images = [...bench.cloud.ec2Core.store('eu-central-1').images.values()];
      const rows = images.map((image) => [
        image.imageId,
        image.name,
        image.state,
        image.createdAtMs,
      ]);
      const text = JSON.stringify([operator.deeds, rows, bench.cloud.lostEvents]);
      return createHash('sha256').update(text).digest('hex');
    };
    const first = await trace(7);
    expect(await trace(7)).toBe(first);
    expect(await trace(8)).not.toBe(first);
  });
});

describe('the checkers', () => {
  const withBackup = async () => {
    const bench = createBench();
    const checkers = createCheckers(bench.cloud);
    const imageId = backUp(bench, 'web-1', 'slot');
    await bench.pass(10 * MINUTE);
    const evidence = () =>
      checkers.report(['eu-central-1', 'eu-west-1']).lostReferences.flatMap((one) => one.evidence);
    return { bench, checkers, imageId, evidence };
  };

  it('let a backup go that nobody uses', async () => {
    const { bench, checkers, imageId } = await withBackup();
    remove(bench, imageId);
    expect(checkers.report(['eu-central-1'])).toEqual({
      lostReferences: [],
      orphanSnapshots: [],
      sharedNames: [],
      brokenImages: [],
      lateCalls: [],
      deregistered: 1,
      isClean: true,
    });
  });

  it('see that an instance, even a stopped one, was launched from it', async () => {
    const { bench, imageId, evidence } = await withBackup();
    const { Instances: [instance] = [] } = bench.cloud.ec2.RunInstances(
      { ImageId: imageId, MinCount: 1, MaxCount: 1 },
      bench.home(),
    );
    remove(bench, imageId);
    expect(evidence()).toEqual([`instance ${instance?.InstanceId} is pending`]);
  });

  it('see that the default or the latest version of a launch template points to it', async () => {
    const { bench, imageId, evidence } = await withBackup();
    const one = { LaunchTemplateName: 'one', LaunchTemplateData: { ImageId: imageId } };
    bench.cloud.ec2.CreateLaunchTemplate(one, bench.home());
    for (const ImageId of ['ami-0000000000000000b', 'ami-0000000000000000c']) {
      bench.cloud.ec2.CreateLaunchTemplateVersion(
        { LaunchTemplateName: 'one', LaunchTemplateData: { ImageId } },
        bench.home(),
      );
    }
    remove(bench, imageId);
    expect(evidence()).toEqual(['launch template one version 1']);
  });

  it.each([
    ['audit', ['held: audit']],
    ['', ['held: for good']],
    ['2026-11-22', ['held: 2026-11-22']],
    ['2026-11-20', []],
  ])('read a hold of %j', async (Value, expected) => {
    const { bench, imageId, evidence } = await withBackup();
    const Tags = [{ Key: 'imago:hold', Value }];
    bench.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, bench.home());
    remove(bench, imageId);
    expect(evidence()).toEqual(expected);
  });

  it('see that an image is of another maker, or away from its home', async () => {
    const { bench, imageId, evidence } = await withBackup();
    const foreign = makeImage(bench, 'golden');
    const { ImageId: copy = '' } = bench.cloud.ec2.CopyImage(
      {
        Name: 'by hand',
        SourceImageId: imageId,
        SourceRegion: 'eu-central-1',
        CopyImageTags: true,
      },
      bench.dr(),
    );
    remove(bench, foreign);
    remove(bench, copy, 'eu-west-1');
    expect(evidence()).toEqual([
      'foreign: it has no tag imago:deployment',
      "away from home: imago:home is '111122223333/eu-central-1'",
    ]);
  });

  it('find snapshots left behind and names that are shared', async () => {
    const { bench, checkers, imageId } = await withBackup();
    bench.cloud.behave({ snapshotDeleteFailure: 1 });
    remove(bench, imageId);
    const copied = backUp(bench, 'web-2', 'slot');
    await bench.pass(10 * MINUTE);
    for (let count = 0; count < 2; count += 1) {
      bench.cloud.ec2.CopyImage(
        { Name: 'same', SourceImageId: copied, SourceRegion: 'eu-central-1' },
        bench.dr(),
      );
    }
    const report = checkers.report(['eu-central-1', 'eu-west-1']);
    expect(report.orphanSnapshots.map((one) => one.what)).toEqual([
      `no image uses it: Created by CreateImage(${bench.id('web-1')}) for ${imageId}`,
    ]);
    expect(report.sharedNames).toHaveLength(2);
    expect(report.isClean).toBe(false);
  });

  it('find an image whose snapshot is gone', async () => {
    const { bench, checkers, imageId } = await withBackup();
    const store = bench.cloud.ec2Core.store('eu-central-1');
    const snapshotId = store.images.get(imageId)?.disks[0]?.snapshotId ?? '';
    store.snapshots.delete(snapshotId);
    expect(checkers.report(['eu-central-1']).brokenImages).toMatchObject([
      { subject: imageId, what: `its snapshot ${snapshotId} is gone` },
    ]);
  });
});
