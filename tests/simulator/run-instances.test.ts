import { describe, expect, it } from 'vitest';
import { ACCOUNT, type Bench, codeOf, createBench, HOME, makeImage, MINUTE } from './fixture.ts';

const launch = (bench: Bench, more: object = {}) =>
  bench.cloud.ec2.RunInstances(
    { ImageId: bench.world.images.ubuntu, MinCount: 1, MaxCount: 1, ...more },
    bench.home(),
  );

const launchOne = (bench: Bench, more: object = {}) => launch(bench, more).Instances?.[0];

const volumesOf = (bench: Bench, instanceId: string | undefined) =>
  bench.cloud.ec2
    .DescribeVolumes(
      { Filters: [{ Name: 'attachment.instance-id', Values: [instanceId ?? ''] }] },
      bench.home(),
    )
    .Volumes?.toSorted((a, b) =>
      (a.Attachments?.[0]?.Device ?? '') < (b.Attachments?.[0]?.Device ?? '') ? -1 : 1,
    ) ?? [];

const withMapping = (bench: Bench, ...mappings: object[]) =>
  launchOne(bench, { BlockDeviceMappings: mappings });

const root = (Ebs: object) => ({ DeviceName: '/dev/sda1', Ebs });
const data = (Ebs: object) => ({ DeviceName: '/dev/sdf', Ebs });

describe('RunInstances', () => {
  it.each([
    ['pending', 'InvalidAMIID.Unavailable'],
    ['disabled', 'InvalidAMIID.Unavailable'],
    ['deregistered', 'InvalidAMIID.Unavailable'],
    ['unknown', 'InvalidAMIID.NotFound'],
    ['available', 'none'],
  ] as const)('answers an image that is %s with %s', async (state, code) => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    if (state !== 'pending') await bench.pass(10 * MINUTE);
    if (state === 'disabled') bench.cloud.ec2.DisableImage({ ImageId: imageId }, bench.home());
    if (state === 'deregistered') {
      bench.cloud.ec2.DeregisterImage({ ImageId: imageId }, bench.home());
    }
    const ImageId = state === 'unknown' ? 'ami-0123456789abcdef0' : imageId;
    expect(codeOf(() => launch(bench, { ImageId }))).toBe(code);
  });

  it('answers as DescribeInstances will, with all instances of the launch', () => {
    const bench = createBench();
    const reservation = launch(bench, { MinCount: 1, MaxCount: 3 });
    expect(reservation.Instances?.map((one) => one.AmiLaunchIndex)).toEqual([0, 1, 2]);
    const Filters = [{ Name: 'reservation-id', Values: [reservation.ReservationId ?? ''] }];
    const { Reservations = [] } = bench.cloud.ec2.DescribeInstances({ Filters }, bench.home());
    const byIndex = Reservations[0]?.Instances?.toSorted(
      (a, b) => (a.AmiLaunchIndex ?? 0) - (b.AmiLaunchIndex ?? 0),
    );
    expect(byIndex).toEqual(reservation.Instances);
    expect(byIndex?.[0]).toMatchObject({
      ImageId: bench.world.images.ubuntu,
      InstanceType: 'm1.small',
      State: { Code: 0, Name: 'pending' },
      SecurityGroups: [{ GroupName: 'default' }],
    });
  });

  it('puts it into the zone that is asked for, and where a subnet is', () => {
    const bench = createBench();
    const zone = (more: object) => launchOne(bench, more)?.Placement?.AvailabilityZone;
    expect(zone({})).toBe('eu-central-1a');
    expect(zone({ Placement: { AvailabilityZone: 'eu-central-1c' } })).toBe('eu-central-1c');
    expect(zone({ Placement: { AvailabilityZoneId: 'euc1-az3' } })).toBe('eu-central-1b');
    expect(zone({ SubnetId: 'subnet-0b000000000000001' })).toBe('eu-central-1b');
    const inSubnet = { DeviceIndex: 0, SubnetId: 'subnet-0b000000000000001' };
    expect(zone({ NetworkInterfaces: [inSubnet] })).toBe('eu-central-1b');
  });

  it.each([
    [{ MinCount: 0 }, 'InvalidParameterValue'],
    [{ MinCount: 2, MaxCount: 1 }, 'InvalidParameterValue'],
    [{ MaxCount: 1_001 }, 'ResourceCountExceeded'],
    [{ ImageId: undefined }, 'MissingParameter'],
    [{ InstanceType: 't9.huge' }, 'InvalidParameterValue'],
    [{ InstanceType: 't4g.small' }, 'InvalidParameterValue'],
    [{ Placement: { AvailabilityZone: 'eu-west-1a' } }, 'InvalidParameterValue'],
    [{ Placement: { Tenancy: 'host' } }, 'InvalidParameterValue'],
    [{ Placement: { GroupName: 'close' } }, 'UnsupportedOperation'],
    [{ SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
    [
      {
        SubnetId: 'subnet-0b000000000000001',
        Placement: { AvailabilityZone: 'eu-central-1a' },
      },
      'InvalidParameterValue',
    ],
    [{ SecurityGroupIds: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
    [{ SecurityGroups: ['nine'] }, 'InvalidGroup.NotFound'],
    [
      { SubnetId: 'subnet-0b000000000000001', NetworkInterfaces: [{ DeviceIndex: 0 }] },
      'InvalidParameterCombination',
    ],
    [{ KeyName: 'nine' }, 'InvalidKeyPair.NotFound'],
    [{ IamInstanceProfile: { Arn: 'arn:aws:iam::1:role/x' } }, 'InvalidParameterValue'],
    [{ InstanceInitiatedShutdownBehavior: 'burn' }, 'InvalidParameterValue'],
    [{ MetadataOptions: { HttpTokens: 'perhaps' } }, 'InvalidParameterValue'],
    [{ InstanceMarketOptions: { MarketType: 'spot' } }, 'UnsupportedOperation'],
    [{ UserData: 'A'.repeat(30_000) }, 'InvalidParameterValue'],
    [{ PrivateIpAddress: '172.31.0.9', MaxCount: 2 }, 'InvalidParameterCombination'],
    [{ TagSpecifications: [{ ResourceType: 'image', Tags: [] }] }, 'InvalidParameterValue'],
    [{ SecurityGroups: ['web'], PrivateIpAddress: '172.31.0.9' }, 'none'],
  ])('answers %j with %s', (more, code) => {
    const bench = createBench();
    expect(codeOf(() => launch(bench, more))).toBe(code);
  });

  it('tags instances and volumes in the same call', () => {
    const bench = createBench();
    const tags = (value: string) => [{ Key: 'of', Value: value }];
    const instance = launchOne(bench, {
      TagSpecifications: [
        { ResourceType: 'instance', Tags: tags('instance') },
        { ResourceType: 'volume', Tags: tags('volume') },
      ],
    });
    expect(instance?.Tags).toEqual(tags('instance'));
    expect(volumesOf(bench, instance?.InstanceId)[0]?.Tags).toEqual(tags('volume'));
  });
});

describe('the volumes of a new instance', () => {
  it('are those of the image and those of the request, as each is asked for', () => {
    const bench = createBench();
    const instance = withMapping(
      bench,
      root({ VolumeSize: 30, DeleteOnTermination: false }),
      data({ VolumeSize: 100, VolumeType: 'io2', Iops: 5_000 }),
      { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 10 } },
      { DeviceName: '/dev/sdh', VirtualName: 'ephemeral0' },
    );
    expect(volumesOf(bench, instance?.InstanceId)).toMatchObject([
      {
        Size: 30,
        VolumeType: 'gp3',
        Iops: 3_000,
        Throughput: 125,
        State: 'in-use',
        Attachments: [{ Device: '/dev/sda1', DeleteOnTermination: false, State: 'attached' }],
      },
      { Size: 100, VolumeType: 'io2', Iops: 5_000, SnapshotId: '' },
      { Size: 10, VolumeType: 'gp2', Iops: 100, Attachments: [{ DeleteOnTermination: true }] },
    ]);
    expect(instance?.BlockDeviceMappings).toHaveLength(3);
  });

  it('do not have what NoDevice leaves out', async () => {
    const bench = createBench();
    const made = bench.cloud.ec2.CreateImage(
      { InstanceId: bench.id('db-1'), Name: 'db-image' },
      bench.home(),
    );
    await bench.pass(10 * MINUTE);
    const instance = launchOne(bench, {
      ImageId: made.ImageId,
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', NoDevice: '' }],
    });
    const devices = instance?.BlockDeviceMappings?.map((one) => one.DeviceName);
    expect(devices).toEqual(['/dev/sda1', '/dev/sdg', '/dev/sdh']);
  });

  it.each([
    [[root({ VolumeSize: 7 })], 'InvalidBlockDeviceMapping'],
    [[root({ SnapshotId: 'snap-0123456789abcdef0' })], 'InvalidBlockDeviceMapping'],
    [[root({ VolumeType: 'st1', VolumeSize: 200 })], 'BootForVolumeTypeUnsupported'],
    [[data({})], 'InvalidBlockDeviceMapping'],
    [[data({ SnapshotId: 'snap-0123456789abcdef0' })], 'InvalidSnapshot.NotFound'],
    [[data({ VolumeSize: 8 }), data({ VolumeSize: 8 })], 'InvalidBlockDeviceMapping'],
    [[data({ VolumeSize: 100, VolumeType: 'st1' })], 'InvalidParameterValue'],
    [[data({ VolumeSize: 100, VolumeType: 'gp9' })], 'InvalidParameterValue'],
    [[data({ VolumeSize: 100, VolumeType: 'io2' })], 'MissingParameter'],
    [[data({ VolumeSize: 4, VolumeType: 'io1', Iops: 300 })], 'InvalidParameterValue'],
    [[data({ VolumeSize: 8, VolumeType: 'gp2', Iops: 3_000 })], 'InvalidParameterCombination'],
    [[data({ VolumeSize: 8, Throughput: 125 })], 'InvalidParameterCombination'],
    [[data({ VolumeSize: 8, KmsKeyId: 'alias/mine' })], 'InvalidParameterDependency'],
    [[{ DeviceName: '/dev/sdf', VirtualName: 'disk' }], 'InvalidBlockDeviceMapping'],
    [[{ Ebs: { VolumeSize: 8 } }], 'MissingParameter'],
    [[{ DeviceName: '/dev/sda1', NoDevice: '' }], 'InvalidBlockDeviceMapping'],
    [[{ DeviceName: '/dev/sdz', NoDevice: '' }], 'none'],
    [[data({ VolumeSize: 125, VolumeType: 'st1' })], 'none'],
  ])('refuse %j with %s', (BlockDeviceMappings, code) => {
    const bench = createBench();
    expect(codeOf(() => launch(bench, { BlockDeviceMappings }))).toBe(code);
  });

  it('are encrypted if that is asked for, or the default', () => {
    const bench = createBench();
    const managed = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/aws/ebs`;
    const mine = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/mine`;
    const keys = (...mappings: object[]) =>
      volumesOf(bench, withMapping(bench, ...mappings)?.InstanceId).map((one) => one.KmsKeyId);
    expect(keys()).toEqual([undefined]);
    expect(keys(root({ Encrypted: true }))).toEqual([managed]);
    expect(keys(root({ Encrypted: true, KmsKeyId: 'alias/mine' }))).toEqual([mine]);
    bench.cloud.ec2.EnableEbsEncryptionByDefault({}, bench.home());
    bench.cloud.ec2.ModifyEbsDefaultKmsKeyId({ KmsKeyId: 'alias/mine' }, bench.home());
    expect(keys(root({ Encrypted: false }))).toEqual([mine]);
  });

  it('keep an instance from running if their key cannot be used', async () => {
    const bench = createBench({ unusableKmsKeys: ['alias/broken'] });
    const instance = withMapping(bench, root({ Encrypted: true, KmsKeyId: 'alias/broken' }));
    expect(instance?.State?.Name).toBe('pending');
    await bench.pass(MINUTE);
    const InstanceIds = [instance?.InstanceId ?? ''];
    const { Reservations = [] } = bench.cloud.ec2.DescribeInstances({ InstanceIds }, bench.home());
    expect(Reservations[0]?.Instances?.[0]).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Client.InternalError' },
    });
  });
});

describe('a client token of RunInstances', () => {
  const token = { ClientToken: 'token' };

  it('launches once, whatever has become of the instance but its end', async () => {
    const bench = createBench();
    const first = launchOne(bench, token);
    await bench.pass(MINUTE);
    const again = launchOne(bench, token);
    expect(again?.InstanceId).toBe(first?.InstanceId);
    expect(again?.State?.Name).toBe('running');
    expect(again?.ClientToken).toBe('token');
    expect(codeOf(() => launch(bench, { ...token, MaxCount: 2 }))).toBe(
      'IdempotentParameterMismatch',
    );
    const InstanceIds = [first?.InstanceId ?? ''];
    bench.cloud.ec2.TerminateInstances({ InstanceIds }, bench.home());
    expect(codeOf(() => launch(bench, token))).toBe('IdempotentInstanceTerminated');
  });

  it('counts for one zone if the request says which', () => {
    const bench = createBench();
    const inZone = (letter: string) =>
      launchOne(bench, { ...token, Placement: { AvailabilityZone: `${HOME}${letter}` } })
        ?.InstanceId;
    const a = inZone('a');
    expect(inZone('a')).toBe(a);
    expect(inZone('b')).not.toBe(a);
  });
});

describe('a launch template of RunInstances', () => {
  it('gives what the request does not say, device by device and tag by tag', () => {
    const bench = createBench();
    const tags = (...list: [string, string][]) => [
      { ResourceType: 'instance' as const, Tags: list.map(([Key, Value]) => ({ Key, Value })) },
    ];
    bench.cloud.ec2.CreateLaunchTemplate(
      {
        LaunchTemplateName: 'web',
        LaunchTemplateData: {
          ImageId: bench.world.images.ubuntu,
          InstanceType: 't3.nano',
          DisableApiTermination: true,
          BlockDeviceMappings: [root({ VolumeSize: 20 }), data({ VolumeSize: 5 })],
          TagSpecifications: tags(['a', '1'], ['b', '1']),
        },
      },
      bench.home(),
    );
    const instance = launchOne(bench, {
      ImageId: undefined,
      LaunchTemplate: { LaunchTemplateName: 'web' },
      BlockDeviceMappings: [data({ VolumeSize: 7 })],
      TagSpecifications: tags(['b', '2']),
    });
    expect(instance).toMatchObject({
      InstanceType: 't3.nano',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    expect(volumesOf(bench, instance?.InstanceId).map((one) => one.Size)).toEqual([20, 7]);
    const InstanceIds = [instance?.InstanceId ?? ''];
    expect(codeOf(() => bench.cloud.ec2.TerminateInstances({ InstanceIds }, bench.home()))).toBe(
      'OperationNotPermitted',
    );
  });

  it('may name its image by a parameter, which is looked up at each launch', () => {
    const bench = createBench();
    const LaunchTemplateData = { ImageId: 'resolve:ssm:/golden' };
    bench.cloud.ec2.CreateLaunchTemplate(
      { LaunchTemplateName: 'web', LaunchTemplateData },
      bench.home(),
    );
    const LaunchTemplate = { LaunchTemplateName: 'web' };
    const run = () => launchOne(bench, { ImageId: undefined, LaunchTemplate })?.ImageId;
    expect(codeOf(run)).toBe('InvalidParameterValue');
    bench.cloud.ec2Core.resolveParameter = () => bench.world.images.ubuntu;
    expect(run()).toBe(bench.world.images.ubuntu);
  });
});
