import type { BlockDeviceMapping, CreateImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  type Bench,
  codeOf,
  createBench,
  describeImage,
  HOME,
  IMAGE_EVENTS,
  listen,
  makeImage,
  MINUTE,
} from './fixture.ts';

const OWN = { OwnerIds: ['self'] };
const ROOT = '/dev/sda1';

/** The id of an image of `web-1`, unless the request names another instance. */
const imageOf = (bench: Bench, input: Partial<CreateImageRequest>): string =>
  bench.cloud.ec2.CreateImage(
    { InstanceId: bench.id('web-1'), Name: 'image', ...input },
    bench.home(),
  ).ImageId ?? '';

describe('CreateImage', () => {
  it('leaves the image pending for five calm minutes and then makes it available', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    expect(imageId).toMatch(/^ami-[0-9a-f]{17}$/);
    await bench.pass(5 * MINUTE - 1);
    expect(describeImage(bench, imageId)?.State).toBe('pending');
    await bench.pass(1);
    expect(describeImage(bench, imageId)).toMatchObject({
      State: 'available',
      Name: 'one',
      OwnerId: '111122223333',
      SourceInstanceId: bench.id('web-1'),
      CreationDate: '2026-11-21T03:00:00.000Z',
      DeregistrationProtection: 'disabled',
      RootDeviceType: 'ebs',
    });
  });

  it('says in each snapshot which instance and image it is of, and how far it has come', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    const snapshots = () => bench.cloud.ec2.DescribeSnapshots(OWN, bench.home()).Snapshots ?? [];
    await bench.pass(MINUTE);
    const [running] = snapshots();
    expect(running?.Description).toBe(
      `Created by CreateImage(${bench.id('web-1')}) for ${imageId}`,
    );
    expect(running?.State).toBe('pending');
    expect(Number.parseInt(running?.Progress ?? '', 10)).toBeGreaterThan(10);
    await bench.pass(4 * MINUTE);
    expect(snapshots()).toMatchObject([{ State: 'completed', Progress: '100%', VolumeSize: 12 }]);
  });

  it('announces the end in the exact shape of an AMI state change', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, IMAGE_EVENTS);
    const imageId = makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    expect(heard).toMatchObject([
      {
        version: '0',
        'detail-type': 'EC2 AMI State Change',
        source: 'aws.ec2',
        account: '111122223333',
        time: '2026-11-21T03:05:00Z',
        region: 'eu-central-1',
        resources: [`arn:aws:ec2:eu-central-1::image/${imageId}`],
        detail: { ImageId: imageId, State: 'available', ErrorMessage: '' },
      },
    ]);
  });

  it('keeps the name and the snapshots of an image that failed until it is deregistered', async () => {
    const bench = createBench({ imageFailure: 1 });
    const heard = listen(bench, HOME, IMAGE_EVENTS);
    const imageId = makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    const image = describeImage(bench, imageId);
    expect(image?.State).toBe('failed');
    expect(image?.StateReason?.Code).toBe('Server.InternalError');
    expect(heard[0]?.detail).toMatchObject({
      State: 'failed',
      ErrorMessage: 'Server.InternalError: An internal error has occurred during AMI creation',
    });
    const [snapshot] = bench.cloud.ec2.DescribeSnapshots(OWN, bench.home()).Snapshots ?? [];
    expect(snapshot).toMatchObject({ State: 'error', StateMessage: 'An internal error occurred' });
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
    bench.cloud.ec2.DeregisterImage({ ImageId: imageId }, bench.home());
    expect(makeImage(bench, 'one')).toMatch(/^ami-/);
  });

  it('refuses a name while a pending image has it, but not in another Region', () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
    expect(() => makeImage(bench, 'one')).toThrow(
      `AMI name one is already in use by AMI ${imageId}`,
    );
    expect(bench.cloud.ec2Core.store('eu-west-1').isNameInUse('111122223333', 'one')).toBe(false);
  });

  it.each([
    ['ab', 'InvalidAMIName.Malformed'],
    ['a'.repeat(129), 'InvalidAMIName.Malformed'],
    ['at 03:00', 'InvalidAMIName.Malformed'],
    ['a+b', 'InvalidAMIName.Malformed'],
    ["imago/d/p/i-0/2026-11-21T03-00-00Z ([']@_.)", 'none'],
  ])('answers to the name %j with %s', (name, code) => {
    const bench = createBench();
    expect(codeOf(() => makeImage(bench, name))).toBe(code);
  });

  it('leaves out a volume by NoDevice and makes no snapshot of it', () => {
    const bench = createBench();
    const mappings = [{ DeviceName: '/dev/sdh', NoDevice: '' }];
    const { ImageId: imageId = '' } = bench.cloud.ec2.CreateImage(
      { InstanceId: bench.id('db-1'), Name: 'db-image', BlockDeviceMappings: mappings },
      bench.home(),
    );
    const devices = describeImage(bench, imageId)?.BlockDeviceMappings?.map(
      (mapping) => mapping.DeviceName,
    );
    expect(devices).toEqual(['/dev/sda1', '/dev/sdf', '/dev/sdg']);
    expect(bench.cloud.ec2.DescribeSnapshots(OWN, bench.home()).Snapshots).toHaveLength(3);
  });

  it('tags image and snapshots in the same call', () => {
    const bench = createBench();
    const Tags = [{ Key: 'imago:deployment', Value: 'test' }];
    bench.cloud.ec2.CreateImage(
      {
        InstanceId: bench.id('web-1'),
        Name: 'one',
        TagSpecifications: [
          { ResourceType: 'image', Tags },
          { ResourceType: 'snapshot', Tags },
        ],
      },
      bench.home(),
    );
    const Filters = [{ Name: 'tag:imago:deployment', Values: ['te?t'] }];
    expect(bench.cloud.ec2.DescribeImages({ Filters }, bench.home()).Images).toHaveLength(1);
    expect(bench.cloud.ec2.DescribeSnapshots({ Filters }, bench.home()).Snapshots).toHaveLength(1);
  });

  it.each([
    ['instance', 'a', 'InvalidParameterValue'],
    ['image', 'aws:mine', 'InvalidTagKey.Malformed'],
    ['image', 'k'.repeat(129), 'InvalidParameterValue'],
  ] as const)('refuses to tag %s with %s', (ResourceType, Key, code) => {
    const bench = createBench();
    const TagSpecifications = [{ ResourceType, Tags: [{ Key, Value: '' }] }];
    const input = { InstanceId: bench.id('web-1'), Name: 'one', TagSpecifications };
    expect(codeOf(() => bench.cloud.ec2.CreateImage(input, bench.home()))).toBe(code);
    expect(bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.home()).Images).toEqual([]);
  });

  it('refuses a fifty-first tag', () => {
    const bench = createBench();
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const input = {
      InstanceId: bench.id('web-1'),
      Name: 'one',
      TagSpecifications: [{ ResourceType: 'image' as const, Tags }],
    };
    expect(codeOf(() => bench.cloud.ec2.CreateImage(input, bench.home()))).toBe('TagLimitExceeded');
  });

  it('refuses an instance that is being terminated, and fails the image that was under way', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(MINUTE);
    bench.cloud.ec2.TerminateInstances({ InstanceIds: [bench.id('web-1')] }, bench.home());
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('IncorrectInstanceState');
    expect(describeImage(bench, imageId)).toMatchObject({
      State: 'failed',
      StateReason: { Code: 'Client.InstanceTerminated' },
    });
  });

  it.each(['UnsupportedOperation', 'NonEBSInstance'])(
    'refuses an instance-store root with the code that the manners name: %s',
    (instanceStoreCode) => {
      const bench = createBench({ instanceStoreCode });
      const input = { InstanceId: bench.id('old-ami'), Name: 'old' };
      expect(codeOf(() => bench.cloud.ec2.CreateImage(input, bench.home()))).toBe(
        instanceStoreCode,
      );
    },
  );

  it('is of what the instance is, and of the image that it was launched from', async () => {
    const bench = createBench();
    const { images } = bench.cloud.ec2Core.store(HOME);
    const base = images.get(bench.world.images.ubuntu);
    if (base !== undefined) base.imdsSupport = 'v2.0';
    const image = describeImage(bench, makeImage(bench, 'one'));
    expect(image).toMatchObject({
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      PlatformDetails: 'Linux/UNIX',
      UsageOperation: 'RunInstances',
      EnaSupport: true,
      ImdsSupport: 'v2.0',
      SourceImageId: bench.world.images.ubuntu,
      SourceImageRegion: HOME,
      RootDeviceName: '/dev/sda1',
      ImageLocation: '111122223333/one',
      Public: false,
    });
    expect(image?.Tags).toBeUndefined();
  });

  it('has the disks as their volumes are, in whichever way the request names them', async () => {
    const bench = createBench();
    const create = (Name: string, BlockDeviceMappings: BlockDeviceMapping[]) =>
      describeImage(bench, imageOf(bench, { Name, BlockDeviceMappings }))?.BlockDeviceMappings;
    const kept = create('kept', [{ DeviceName: ROOT, Ebs: { DeleteOnTermination: false } }]);
    expect(kept).toMatchObject([
      { DeviceName: ROOT, Ebs: { DeleteOnTermination: false, VolumeSize: 12, Encrypted: false } },
    ]);
    const added = create('added', [
      { DeviceName: '/dev/sdx', Ebs: { VolumeSize: 7, VolumeType: 'io1', Iops: 400 } },
      { DeviceName: '/dev/sdy', VirtualName: 'ephemeral0' },
      { DeviceName: '/dev/sdz', NoDevice: '' },
    ]);
    expect(added?.slice(1)).toMatchObject([
      { DeviceName: '/dev/sdx', Ebs: { VolumeSize: 7, VolumeType: 'io1', Iops: 400 } },
      { DeviceName: '/dev/sdy', VirtualName: 'ephemeral0' },
    ]);
  });

  it.each<[string, BlockDeviceMapping, string]>([
    ['another size', { DeviceName: ROOT, Ebs: { VolumeSize: 13 } }, 'InvalidBlockDeviceMapping'],
    ['the same size', { DeviceName: ROOT, Ebs: { VolumeSize: 12 } }, 'none'],
    ['encryption', { DeviceName: ROOT, Ebs: { Encrypted: true } }, 'InvalidBlockDeviceMapping'],
    ['no encryption', { DeviceName: ROOT, Ebs: { Encrypted: false } }, 'none'],
    [
      'a virtual name',
      { DeviceName: ROOT, VirtualName: 'ephemeral0' },
      'InvalidBlockDeviceMapping',
    ],
    ['neither size nor snapshot', { DeviceName: '/dev/sdx' }, 'InvalidBlockDeviceMapping'],
    ['a key', { DeviceName: ROOT, Ebs: { KmsKeyId: 'alias/mine' } }, 'InvalidParameterCombination'],
    [
      'a type that is none',
      { DeviceName: '/dev/sdx', Ebs: { VolumeSize: 1, VolumeType: 'gp9' as 'gp3' } },
      'InvalidParameterValue',
    ],
    ['no device', { NoDevice: '' }, 'MissingParameter'],
  ])('answers to a mapping with %s: %j', (_what, mapping, code) => {
    const bench = createBench();
    const input = { Name: 'one', BlockDeviceMappings: [mapping] };
    expect(codeOf(() => imageOf(bench, input))).toBe(code);
  });

  it('refuses a device that is mapped twice, and to leave out the root', () => {
    const bench = createBench({ rootExclusionCode: 'InvalidRequest' });
    const without = { DeviceName: ROOT, NoDevice: '' };
    const twice = [{ DeviceName: '/dev/sdx', VirtualName: 'ephemeral0' }];
    const create = (BlockDeviceMappings: BlockDeviceMapping[]) =>
      codeOf(() => imageOf(bench, { Name: 'one', BlockDeviceMappings }));
    expect(create([...twice, ...twice])).toBe('InvalidBlockDeviceMapping');
    expect(create([without])).toBe('InvalidRequest');
    bench.cloud.behave({ rootExclusionCode: 'InvalidBlockDeviceMapping' });
    expect(create([without])).toBe('InvalidBlockDeviceMapping');
  });

  it('takes a snapshot of a volume that is left out only if the manners say so', () => {
    const bench = createBench({ excludedVolumesAreSnapshotted: true });
    const imageId = imageOf(bench, {
      InstanceId: bench.id('db-1'),
      Name: 'database',
      BlockDeviceMappings: [{ DeviceName: '/dev/sdh', NoDevice: '' }],
    });
    expect(describeImage(bench, imageId)?.BlockDeviceMappings).toHaveLength(3);
    const { Snapshots = [] } = bench.cloud.ec2.DescribeSnapshots(OWN, bench.home());
    expect(Snapshots).toHaveLength(4);
    expect(Snapshots[3]?.Description).toBe(
      `Created by CreateImage(${bench.id('db-1')}) for ${imageId}`,
    );
  });

  it.each([
    ['SnapshotLocation', 'local', 'UnsupportedOperation'],
    ['SnapshotLocation', 'here', 'InvalidParameterValue'],
    ['BootModeOverride', 'uefi', 'InvalidParameterCombination'],
    ['BootModeOverride', 'legacy-bios', 'InvalidParameterValue'],
    ['Description', 'd'.repeat(256), 'InvalidParameterValue'],
    ['InstanceId', 'i-0123456789abcdef0', 'InvalidInstanceID.NotFound'],
    ['InstanceId', 'web-1', 'InvalidInstanceID.Malformed'],
  ])('answers to %s %j with %s', (parameter, value, code) => {
    const bench = createBench();
    expect(codeOf(() => imageOf(bench, { Name: 'one', [parameter]: value }))).toBe(code);
  });

  it('takes the boot mode of the instance, unless a uefi one is to boot by uefi alone', () => {
    const bench = createBench();
    const row = bench.cloud.ec2Core.store(HOME).instances.get(bench.id('web-1'));
    Object.assign(row ?? {}, { bootMode: 'uefi-preferred' });
    const bootModeOf = (input: Partial<CreateImageRequest>) =>
      describeImage(bench, imageOf(bench, input))?.BootMode;
    expect(bootModeOf({ Name: 'one' })).toBe('uefi-preferred');
    expect(bootModeOf({ Name: 'two', BootModeOverride: 'uefi' })).toBe('uefi');
  });

  it.each([
    [true, 'none'],
    [false, 'IncorrectInstanceState'],
  ])('of a stopping instance is accepted: %s', (stoppingInstancesCanBeImaged, code) => {
    const bench = createBench({ stoppingInstancesCanBeImaged });
    bench.cloud.ec2.StopInstances({ InstanceIds: [bench.id('web-1')] }, bench.home());
    expect(codeOf(() => makeImage(bench, 'one'))).toBe(code);
  });

  it('announces the end of each snapshot as well', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, 'EBS Snapshot Notification');
    makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    expect(heard.map(({ detail }) => [detail.event, detail.result])).toEqual([
      ['createSnapshot', 'succeeded'],
    ]);
  });
});
