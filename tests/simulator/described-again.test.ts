import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { createRandom } from '../../simulator/random.ts';
import type { Manners } from '../../simulator/manners.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { markAsAwsBackup } from '../../simulator/world/deeds.ts';
import { createOperator } from '../../simulator/world/operator.ts';
import { ACCOUNT, type Bench, createBench, HOME, makeImage } from './fixture.ts';

const OTHER = '444455556666';
const HOUR_MS = 3_600_000;

/** Every way in which what is told of an image or an instance can change. */
type Deed = (bench: Bench, imageId: string, instanceId: string) => unknown;

const DEEDS: Readonly<Record<string, Deed>> = {
  'make an image': (bench) => makeImage(bench, `image at ${bench.cloud.clock.nowMs()}`),
  tag: ({ cloud, home }, image, instance) =>
    cloud.ec2.CreateTags(
      { Resources: [image, instance], Tags: [{ Key: 'at', Value: String(cloud.clock.nowMs()) }] },
      home(),
    ),
  untag: ({ cloud, home }, image, instance) =>
    cloud.ec2.DeleteTags({ Resources: [image, instance] }, home()),
  describe: ({ cloud, home }, ImageId) =>
    cloud.ec2.ModifyImageAttribute(
      { ImageId, Description: { Value: `at ${cloud.clock.nowMs()}` } },
      home(),
    ),
  share: ({ cloud, home }, ImageId) =>
    cloud.ec2.ModifyImageAttribute(
      { ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } },
      home(),
    ),
  'share with nobody': ({ cloud, home }, ImageId) =>
    cloud.ec2.ResetImageAttribute({ ImageId, Attribute: 'launchPermission' }, home()),
  disable: ({ cloud, home }, ImageId) => cloud.ec2.DisableImage({ ImageId }, home()),
  enable: ({ cloud, home }, ImageId) => cloud.ec2.EnableImage({ ImageId }, home()),
  deprecate: ({ cloud, home }, ImageId) =>
    cloud.ec2.EnableImageDeprecation(
      { ImageId, DeprecateAt: new Date(cloud.clock.nowMs() + HOUR_MS) },
      home(),
    ),
  protect: ({ cloud, home }, ImageId) =>
    cloud.ec2.EnableImageDeregistrationProtection({ ImageId, WithCooldown: true }, home()),
  unprotect: ({ cloud, home }, ImageId) =>
    cloud.ec2.DisableImageDeregistrationProtection({ ImageId }, home()),
  launch: ({ cloud, home }, ImageId) =>
    cloud.ec2.RunInstances({ ImageId, MinCount: 1, MaxCount: 1 }, home()),
  deregister: ({ cloud, home }, ImageId) => cloud.ec2.DeregisterImage({ ImageId }, home()),
  stop: ({ cloud, home }, _, id) => cloud.ec2.StopInstances({ InstanceIds: [id] }, home()),
  start: ({ cloud, home }, _, id) => cloud.ec2.StartInstances({ InstanceIds: [id] }, home()),
  'keep its volumes': ({ cloud, home }, _, InstanceId) =>
    cloud.ec2.ModifyInstanceAttribute(
      {
        InstanceId,
        BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { DeleteOnTermination: false } }],
      },
      home(),
    ),
  'show keys': ({ cloud }) => {
    cloud.behave({ imagesShowKmsKeys: !cloud.manners().imagesShowKmsKeys });
  },
};

/** What the owner and a stranger are told, whether they ask for all or for some. */
const told = ({ ec2, callAs }: EmbeddedCloud): readonly unknown[] => [
  ec2.DescribeImages({ Owners: ['self'], IncludeDisabled: true }, callAs(ACCOUNT, HOME)),
  ec2.DescribeImages({ Owners: ['self'], MaxResults: 2 }, callAs(ACCOUNT, HOME)),
  ec2.DescribeImages(
    { Filters: [{ Name: 'state', Values: ['available'] }] },
    callAs(ACCOUNT, HOME),
  ),
  ec2.DescribeImages({ Owners: [ACCOUNT] }, callAs(OTHER, HOME)),
  ec2.DescribeInstances({}, callAs(ACCOUNT, HOME)),
];

/** The same cloud, which was never asked anything. */
const afresh = (cloud: EmbeddedCloud): EmbeddedCloud => {
  const saved = cloud.save();
  const fresh = createCloud({ clock: new VirtualClock(saved.nowMs), random: createRandom(1) });
  fresh.load(saved);
  return fresh;
};

const oneOf = (ids: Iterable<string>, pick: number): string => {
  const all = [...ids];
  return all[pick % Math.max(1, all.length)] ?? '';
};

const act = (bench: Bench, what: string, pick: number): void => {
  const { images, instances } = bench.cloud.ec2Core.store(HOME);
  try {
    DEEDS[what]?.(bench, oneOf(images.keys(), pick), oneOf(instances.keys(), pick));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
};

const step = record({
  what: constantFrom(...Object.keys(DEEDS)),
  pick: integer({ min: 0, max: 8 }),
  passMs: constantFrom(0, 1_000, 90_000, 20 * 60_000, 25 * HOUR_MS),
});

describe('what is described again', () => {
  it.each([0, 600_000])(
    'is what a cloud tells that was never asked before, with reads that lag by up to %i ms',
    async (max) => {
      const property = asyncProperty(array(step, { minLength: 10, maxLength: 25 }), async (all) => {
        const bench = createBench({ readLagMs: { min: 0, max }, visibilityLagMs: { min: 0, max } });
        for (const name of ['one', 'two']) makeImage(bench, name);
        for (const { what, pick, passMs } of all) {
          act(bench, what, pick);
          expect(told(bench.cloud)).toEqual(told(afresh(bench.cloud)));
          await bench.pass(passMs);
          expect(told(bench.cloud)).toEqual(told(afresh(bench.cloud)));
        }
      });
      await assert(property, { seed: 20_261_121, numRuns: 40 });
    },
  );

  it('is the very same answer while nothing has changed, and another when something has', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(HOUR_MS);
    const ask = () => bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.home());
    const first = ask();
    await bench.pass(HOUR_MS);
    expect(ask()).toBe(first);

    bench.cloud.ec2.DisableImage({ ImageId: imageId }, bench.home());

    expect(ask()).not.toBe(first);
  });

  it.each<[string, Partial<Manners>, readonly string[], number]>([
    ['seen at last', { visibilityLagMs: { min: 60_000, max: 60_000 } }, ['make an image'], 60_000],
    ['shown no longer', { deregisteredShownMs: 60_000 }, ['deregister'], 60_000],
    ['free to be deregistered', {}, ['protect', 'unprotect'], 25 * HOUR_MS],
    ['known to have been launched', {}, ['launch'], 25 * HOUR_MS],
    ['deprecated', {}, ['share', 'deprecate'], 2 * HOUR_MS],
  ])('tells that an image is %s by now, by time alone', async (_what, manners, deeds, passMs) => {
    const bench = createBench({ imagePendingMs: { min: HOUR_MS, max: HOUR_MS }, ...manners });
    const imageId = makeImage(bench, 'one');
    await bench.pass(26 * HOUR_MS); // by then the launches of the world's instances are known
    for (const what of deeds) DEEDS[what]?.(bench, imageId, '');
    const before = told(bench.cloud);
    await bench.pass(passMs);

    expect(told(bench.cloud)).not.toEqual(before);
    expect(told(bench.cloud)).toEqual(told(afresh(bench.cloud)));
  });

  it('tells that a volume has been attached', async () => {
    const bench = createBench({ volumeAttachMs: { min: 60_000, max: 60_000 } });
    const { ec2, ec2Core } = bench.cloud;
    const InstanceId = bench.id('web-1');
    const zone = ec2Core.store(HOME).instances.get(InstanceId)?.availabilityZone;
    const { VolumeId } = ec2.CreateVolume({ AvailabilityZone: zone, Size: 1 }, bench.home());
    await bench.pass(HOUR_MS);
    ec2.AttachVolume({ InstanceId, VolumeId, Device: '/dev/sdx' }, bench.home());
    const statusOf = () =>
      ec2
        .DescribeInstances({ InstanceIds: [InstanceId] }, bench.home())
        .Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings?.find(
          ({ DeviceName }) => DeviceName === '/dev/sdx',
        )?.Ebs?.Status;
    expect(statusOf()).toBe('attaching');

    await bench.pass(60_000);

    expect(statusOf()).toBe('attached');
  });

  it('is what the one who asks may see, and as the manners are by now', async () => {
    const bench = createBench();
    for (const name of ['one', 'two']) makeImage(bench, name);
    await bench.pass(HOUR_MS);
    const ask = (account: string) =>
      bench.cloud.ec2.DescribeImages(
        { Owners: ['self'], MaxResults: 100 },
        bench.cloud.callAs(account, HOME),
      ).Images;
    const all = ask(ACCOUNT)?.length ?? 0;
    expect(all).toBeGreaterThan(1);
    expect(ask(OTHER)).toEqual([]);

    bench.cloud.behave({ pageSizeMax: 1 });

    expect(ask(ACCOUNT)).toHaveLength(1);
  });

  it('tells a tag that only AWS can write', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(HOUR_MS);
    const ask = () => bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.home()).Images;
    expect(ask()?.[0]?.Tags).toBeUndefined();

    markAsAwsBackup(createOperator(bench.cloud, bench.world), 'one');

    expect(ask()).toMatchObject([
      { ImageId: imageId, Tags: [{ Key: 'aws:backup:source-resource', Value: 'instance' }] },
    ]);
  });
});
