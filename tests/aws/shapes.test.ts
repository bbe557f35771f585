import { describe, expect, test } from 'vitest';
import { createBench } from './fixture.ts';

const INSTANCE = { InstanceId: 'i-1', ImageId: 'ami-base', State: { Name: 'stopped' } };

const instanceOf = async (more: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const bench = createBench({
    DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...INSTANCE, ...more }] }] }),
  });
  return (await bench.run(bench.ec2.instances())).items[0];
};

const BARE_INSTANCE = {
  id: 'i-1',
  state: 'stopped',
  tags: {},
  imageId: 'ami-base',
  rootDeviceType: 'ebs',
  volumes: [],
  restore: { securityGroupIds: [] },
};

describe('an instance', () => {
  test('of which EC2 says no more has no more', async () => {
    expect(await instanceOf({})).toEqual(BARE_INSTANCE);
  });

  test('has its launch, its root device and its volumes', async () => {
    const ebs = (DeviceName: string, VolumeId: string) => ({ DeviceName, Ebs: { VolumeId } });
    const given = {
      LaunchTime: new Date('2026-11-20T02:03:04Z'),
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [ebs('/dev/xvda', 'vol-a'), ebs('/dev/sdf', 'vol-f')],
    };

    expect(await instanceOf(given)).toEqual({
      ...BARE_INSTANCE,
      launchedMs: Date.UTC(2026, 10, 20, 2, 3, 4),
      rootDevice: '/dev/xvda',
      volumes: [
        { device: '/dev/xvda', volumeId: 'vol-a' },
        { device: '/dev/sdf', volumeId: 'vol-f' },
      ],
    });
  });

  test('has no volume where EC2 gives no device or no id', async () => {
    const BlockDeviceMappings = [
      { Ebs: { VolumeId: 'vol-a' } },
      { DeviceName: '/dev/sdf', Ebs: {} },
      { DeviceName: '/dev/sdg' },
    ];

    expect(await instanceOf({ BlockDeviceMappings })).toEqual(BARE_INSTANCE);
  });

  test('has all that a relaunch needs', async () => {
    const given = {
      RootDeviceType: 'instance-store',
      InstanceType: 't3.small',
      SubnetId: 'subnet-1',
      SecurityGroups: [{ GroupId: 'sg-1' }, { GroupName: 'no id' }, { GroupId: 'sg-2' }],
      IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/web' },
      KeyName: 'ops',
      Tags: [{ Key: 'Name', Value: 'web' }, { Key: 'empty' }, { Value: 'no key' }],
    };

    expect(await instanceOf(given)).toEqual({
      ...BARE_INSTANCE,
      rootDeviceType: 'instance-store',
      tags: { Name: 'web', empty: '' },
      restore: {
        instanceType: 't3.small',
        subnetId: 'subnet-1',
        securityGroupIds: ['sg-1', 'sg-2'],
        instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/web',
        keyName: 'ops',
      },
    });
  });

  test('has a tag of any name, even one that JavaScript knows', async () => {
    const instance = await instanceOf({ Tags: [{ Key: '__proto__', Value: 'web' }] });

    const { tags } = instance as { readonly tags: object };
    expect(Object.entries(tags)).toEqual([['__proto__', 'web']]);
  });
});

describe('an image', () => {
  test('has its snapshots, each with its device where EC2 gives it', async () => {
    const bench = createBench({
      DescribeImages: () => ({
        Images: [
          {
            ImageId: 'ami-1',
            State: 'available',
            CreationDate: '2026-11-20T02:00:00.000Z',
            BlockDeviceMappings: [
              { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-a', VolumeSize: 8 } },
              { Ebs: { SnapshotId: 'snap-b' } },
              { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 30 } },
              { DeviceName: '/dev/sdg', VirtualName: 'ephemeral0' },
            ],
          },
        ],
      }),
    });

    const { items } = await bench.run(bench.ec2.images('prod'));

    expect(items.map(({ snapshots }) => snapshots)).toEqual([
      [
        { snapshotId: 'snap-a', sizeGiB: 8, device: '/dev/xvda' },
        { snapshotId: 'snap-b', sizeGiB: 0 },
      ],
    ]);
  });
});

describe('a snapshot', () => {
  const BARE = { id: 'snap-1', tags: {}, sizeGiB: 0, startedMs: Date.UTC(2026, 10, 20, 2) };

  test.each([
    ['the volume that it was made of', { VolumeId: 'vol-a' }, { ...BARE, volumeId: 'vol-a' }],
    ['no volume where EC2 names none', {}, BARE],
    [
      'no volume where it is a copy, and EC2 names one that is none',
      { VolumeId: 'vol-ffffffff' },
      BARE,
    ],
  ])('has %s', async (_what, more, snapshot) => {
    const bench = createBench({
      DescribeSnapshots: () => ({
        Snapshots: [{ SnapshotId: 'snap-1', StartTime: new Date('2026-11-20T02:00:00Z'), ...more }],
      }),
    });

    expect((await bench.run(bench.ec2.snapshots('prod'))).items).toEqual([snapshot]);
  });
});

describe('a launch template version that names no image', () => {
  test('refers to none, and leaves its part complete', async () => {
    const bench = createBench({
      DescribeLaunchTemplateVersions: () => ({
        LaunchTemplateVersions: [
          { LaunchTemplateId: 'lt-1', VersionNumber: 1, LaunchTemplateData: { KeyName: 'key' } },
        ],
      }),
    });

    expect(await bench.run(bench.ec2.uses(['launch-templates'], []))).toEqual([
      { source: 'launch-templates', part: { items: [], isComplete: true, problem: '' } },
    ]);
  });
});

describe('instances that use images', () => {
  test('are told in every state but terminated', async () => {
    const states = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];
    const bench = createBench({
      DescribeInstances: () => ({
        Reservations: states.map((Name, index) => ({
          Instances: [{ InstanceId: `i-${index}`, ImageId: 'ami-base', State: { Name } }],
        })),
      }),
    });

    const part = await bench.run(bench.ec2.instancesUsing(['ami-base']));

    expect(part.items.map(({ by }) => by)).toEqual([
      'i-0 (pending)',
      'i-1 (running)',
      'i-2 (stopping)',
      'i-3 (stopped)',
      'i-4 (shutting-down)',
    ]);
  });
});
