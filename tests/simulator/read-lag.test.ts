import { describe, expect, it } from 'vitest';
import type { Call } from '../../simulator/wire/api.ts';
import {
  type Bench,
  codeOf,
  createBench,
  describeImage,
  HOUR,
  makeImage,
  MINUTE,
} from './fixture.ts';

const LAG_MS = 10 * MINUTE;

interface Made {
  readonly ec2: Bench['cloud']['ec2'];
  readonly call: Call;
  readonly imageId: string;
  readonly snapshotId: string;
  /** A snapshot that no image is made of. */
  readonly loneSnapshotId: string;
  readonly instanceId: string;
  readonly volumeId: string;
  readonly templateId: string;
}

/** A world with one of each, that has come to rest. */
const createMade = async (lagMs: number) => {
  const bench = createBench({ readLagMs: { min: lagMs, max: lagMs } });
  const { ec2 } = bench.cloud;
  await bench.pass(HOUR);
  const imageId = makeImage(bench, 'one');
  const instanceId = bench.id('web-1');
  const { instances } = bench.cloud.ec2Core.store('eu-central-1');
  const volumeId = instances.get(instanceId)?.disks[0]?.volumeId ?? '';
  const { LaunchTemplate } = ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'one', LaunchTemplateData: { InstanceType: 't3.small' } },
    bench.home(),
  );
  await bench.pass(HOUR);
  const { SnapshotId = '' } = ec2.CreateSnapshot({ VolumeId: volumeId }, bench.home());
  await bench.pass(HOUR);
  const mapping = describeImage(bench, imageId)?.BlockDeviceMappings?.[0];
  const made: Made = {
    ec2,
    call: bench.home(),
    imageId,
    snapshotId: mapping?.Ebs?.SnapshotId ?? '',
    loneSnapshotId: SnapshotId,
    instanceId,
    volumeId,
    templateId: LaunchTemplate?.LaunchTemplateId ?? '',
  };
  return { bench, made };
};

const tags = [{ Key: 'new', Value: 'tag' }];

const CHANGES: Readonly<Record<string, (made: Made) => unknown>> = {
  'a new image': ({ ec2, call, instanceId }) =>
    ec2.CreateImage({ InstanceId: instanceId, Name: 'two' }, call),
  'a new copy': ({ ec2, call, imageId }) =>
    ec2.CopyImage({ Name: 'copy', SourceImageId: imageId, SourceRegion: 'eu-central-1' }, call),
  'a new instance': ({ ec2, call, imageId }) =>
    ec2.RunInstances({ ImageId: imageId, MinCount: 1, MaxCount: 1 }, call),
  'a new snapshot': ({ ec2, call, volumeId }) => ec2.CreateSnapshot({ VolumeId: volumeId }, call),
  'a deregistered image': ({ ec2, call, imageId }) =>
    ec2.DeregisterImage({ ImageId: imageId, DeleteAssociatedSnapshots: true }, call),
  'a deleted snapshot': ({ ec2, call, loneSnapshotId }) =>
    ec2.DeleteSnapshot({ SnapshotId: loneSnapshotId }, call),
  'tags of an image': ({ ec2, call, imageId }) =>
    ec2.CreateTags({ Resources: [imageId], Tags: tags }, call),
  'tags of a snapshot': ({ ec2, call, snapshotId }) =>
    ec2.CreateTags({ Resources: [snapshotId], Tags: tags }, call),
  'tags of a volume': ({ ec2, call, volumeId }) =>
    ec2.CreateTags({ Resources: [volumeId], Tags: tags }, call),
  'tags of a launch template': ({ ec2, call, templateId }) =>
    ec2.CreateTags({ Resources: [templateId], Tags: tags }, call),
  'a tag that is gone': ({ ec2, call, instanceId }) =>
    ec2.DeleteTags({ Resources: [instanceId], Tags: [{ Key: 'Name' }] }, call),
  'a disabled image': ({ ec2, call, imageId }) => ec2.DisableImage({ ImageId: imageId }, call),
  'a shared image': ({ ec2, call, imageId }) =>
    ec2.ModifyImageAttribute(
      { ImageId: imageId, LaunchPermission: { Add: [{ UserId: '444455556666' }] } },
      call,
    ),
  'an image with another description': ({ ec2, call, imageId }) =>
    ec2.ModifyImageAttribute({ ImageId: imageId, Description: { Value: 'other' } }, call),
  'a deprecated image': ({ ec2, call, imageId }) =>
    ec2.EnableImageDeprecation(
      { ImageId: imageId, DeprecateAt: new Date(call.nowMs + 10 * HOUR) },
      call,
    ),
  'a protected image': ({ ec2, call, imageId }) =>
    ec2.EnableImageDeregistrationProtection({ ImageId: imageId }, call),
  'a shared snapshot': ({ ec2, call, snapshotId }) =>
    ec2.ModifySnapshotAttribute(
      {
        SnapshotId: snapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        UserIds: ['444455556666'],
      },
      call,
    ),
  'a locked snapshot': ({ ec2, call, snapshotId }) =>
    ec2.LockSnapshot({ SnapshotId: snapshotId, LockMode: 'governance', LockDuration: 5 }, call),
  'a stopped instance': ({ ec2, call, instanceId }) =>
    ec2.StopInstances({ InstanceIds: [instanceId] }, call),
  'a terminated instance': ({ ec2, call, instanceId }) =>
    ec2.TerminateInstances({ InstanceIds: [instanceId] }, call),
  'a modified volume': ({ ec2, call, volumeId }) =>
    ec2.ModifyVolume({ VolumeId: volumeId, Size: 500 }, call),
};

/** All that describes say of it, to its owner and to another account. */
const seenBy = ({ bench, made }: Awaited<ReturnType<typeof createMade>>): unknown => {
  const { ec2 } = bench.cloud;
  const call = bench.home();
  const other = bench.cloud.callAs('444455556666', 'eu-central-1');
  return [
    ec2.DescribeImages({ Owners: ['self'], IncludeDisabled: true }, call),
    ec2.DescribeImages({ Owners: ['self'], IncludeDisabled: true, MaxResults: 1 }, call),
    ec2.DescribeImages({ ExecutableUsers: ['self'] }, other),
    codeOf(() => ec2.DescribeImages({ ImageIds: [made.imageId] }, call)),
    ec2.DescribeInstances({}, call),
    ec2.DescribeInstanceStatus({ IncludeAllInstances: true }, call),
    ec2.DescribeSnapshots({ OwnerIds: ['self'] }, call),
    ec2.DescribeSnapshots({ RestorableByUserIds: ['self'] }, other),
    ec2.DescribeLockedSnapshots({}, call),
    ec2.DescribeVolumes({}, call),
    ec2.DescribeVolumesModifications({}, call),
    ec2.DescribeLaunchTemplates({}, call),
    ec2.DescribeTags({}, call),
    ec2.DescribeTags({ Filters: [{ Name: 'key', Values: ['new'] }] }, call),
  ];
};

describe('a read that lags', () => {
  it.each(Object.entries(CHANGES))(
    'does not see %s until its time has come',
    async (_what, act) => {
      const lagging = await createMade(LAG_MS);
      const before = seenBy(lagging);
      act(lagging.made);
      expect(seenBy(lagging)).toEqual(before);

      await lagging.bench.pass(LAG_MS - 1);
      const late = seenBy(lagging);
      await lagging.bench.pass(1);
      expect(seenBy(lagging)).not.toEqual(late);
    },
  );

  it.each(Object.entries(CHANGES))('sees %s at once without a lag', async (_what, act) => {
    const prompt = await createMade(0);
    const before = seenBy(prompt);
    act(prompt.made);
    expect(seenBy(prompt)).not.toEqual(before);
  });
});

it('an attribute that is asked for lags too', async () => {
  const { bench, made } = await createMade(LAG_MS);
  const permissions = () =>
    bench.cloud.ec2.DescribeImageAttribute(
      { ImageId: made.imageId, Attribute: 'launchPermission' },
      bench.home(),
    ).LaunchPermissions;
  CHANGES['a shared image']?.(made);
  expect(permissions()).toEqual([]);
  await bench.pass(LAG_MS);
  expect(permissions()).toEqual([{ UserId: '444455556666' }]);
});

describe('a write', () => {
  it('knows the name of an image that no read sees yet', async () => {
    const { bench } = await createMade(LAG_MS);
    makeImage(bench, 'twice');
    const Filters = [{ Name: 'name', Values: ['twice'] }];
    expect(bench.cloud.ec2.DescribeImages({ Filters }, bench.home()).Images).toEqual([]);
    expect(codeOf(() => makeImage(bench, 'twice'))).toBe('InvalidAMIName.Duplicate');
  });

  it('does not find an image that reads still see', async () => {
    const { bench, made } = await createMade(LAG_MS);
    const ImageId = made.imageId;
    bench.cloud.ec2.DeregisterImage({ ImageId }, bench.home());
    expect(describeImage(bench, ImageId)?.State).toBe('available');
    expect(codeOf(() => bench.cloud.ec2.DeregisterImage({ ImageId }, bench.home()))).toMatch(
      /^InvalidAMIID\./,
    );
  });

  it('counts tags that no read sees yet', async () => {
    const { bench, made } = await createMade(LAG_MS);
    const tag = (from: number, count: number) =>
      bench.cloud.ec2.CreateTags(
        {
          Resources: [made.imageId],
          Tags: Array.from({ length: count }, (_, index) => ({
            Key: `key-${from + index}`,
            Value: '',
          })),
        },
        bench.home(),
      );
    tag(0, 50);
    expect(describeImage(bench, made.imageId)?.Tags).toBeUndefined();
    expect(codeOf(() => tag(50, 1))).toBe('TagLimitExceeded');
  });
});

it('a read sees what an image has become only after the lag, though its event says so', async () => {
  const { bench } = await createMade(LAG_MS);
  const imageId = makeImage(bench, 'two');
  await bench.pass(LAG_MS + MINUTE);
  expect(describeImage(bench, imageId)?.State).toBe('pending');
  expect(bench.cloud.ec2Core.store('eu-central-1').images.get(imageId)?.state).toBe('available');
  await bench.pass(LAG_MS);
  expect(describeImage(bench, imageId)?.State).toBe('available');
});
