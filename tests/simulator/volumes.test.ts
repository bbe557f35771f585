import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  type Bench,
  codeOf,
  createBench,
  HOME,
  listen,
  MINUTE,
  SECOND,
} from './fixture.ts';

const VOLUME_EVENTS = 'EBS Volume Notification';

const create = (bench: Bench, more: object = {}) =>
  bench.cloud.ec2.CreateVolume(
    { AvailabilityZone: 'eu-central-1a', Size: 10, ...more },
    bench.home(),
  );

const volume = (bench: Bench, id: string) =>
  bench.cloud.ec2.DescribeVolumes({ VolumeIds: [id] }, bench.home()).Volumes?.[0];

const available = async (manners = {}, more = {}) => {
  const bench = createBench(manners);
  const id = create(bench, more).VolumeId ?? '';
  await bench.pass(MINUTE);
  return { bench, id };
};

const rootOf = (bench: Bench, name: string): string => {
  const Filters = [
    { Name: 'attachment.instance-id', Values: [bench.id(name)] },
    { Name: 'attachment.device', Values: ['/dev/sda1'] },
  ];
  return bench.cloud.ec2.DescribeVolumes({ Filters }, bench.home()).Volumes?.[0]?.VolumeId ?? '';
};

const attach = (bench: Bench, VolumeId: string, name = 'web-1', Device = '/dev/sdx') =>
  bench.cloud.ec2.AttachVolume({ VolumeId, InstanceId: bench.id(name), Device }, bench.home());

const detach = (bench: Bench, VolumeId: string, more: object = {}) =>
  bench.cloud.ec2.DetachVolume({ VolumeId, ...more }, bench.home());

const remove = (bench: Bench, VolumeId: string) =>
  codeOf(() => bench.cloud.ec2.DeleteVolume({ VolumeId }, bench.home()));

describe('CreateVolume', () => {
  it('makes a volume that is available after a while', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, VOLUME_EVENTS);
    const made = create(bench, { VolumeType: 'gp3' });
    expect(made).toMatchObject({
      State: 'creating',
      Size: 10,
      Iops: 3_000,
      Throughput: 125,
      Encrypted: false,
      AvailabilityZone: 'eu-central-1a',
      SnapshotId: '',
    });
    await bench.pass(10 * SECOND);
    const id = made.VolumeId ?? '';
    expect(volume(bench, id)?.State).toBe('available');
    await bench.pass(SECOND);
    expect(heard).toMatchObject([
      {
        resources: [`arn:aws:ec2:eu-central-1:${ACCOUNT}:volume/${id}`],
        detail: { event: 'createVolume', result: 'available', cause: '' },
      },
    ]);
  });

  it('makes one from a snapshot, as large as that and as encrypted', async () => {
    const bench = createBench();
    const input = { VolumeId: rootOf(bench, 'web-1') };
    const { SnapshotId } = bench.cloud.ec2.CreateSnapshot(input, bench.home());
    expect(codeOf(() => create(bench, { SnapshotId }))).toBe('IncorrectState');
    await bench.pass(10 * MINUTE);
    expect(create(bench, { SnapshotId, Size: undefined })).toMatchObject({ Size: 12, SnapshotId });
    expect(create(bench, { SnapshotId, Size: 20 }).Size).toBe(20);
    expect(codeOf(() => create(bench, { SnapshotId, Size: 11 }))).toBe('InvalidParameterValue');
  });

  it('makes nothing twice for one client token', () => {
    const bench = createBench();
    const first = create(bench, { ClientToken: 'token' });
    expect(create(bench, { ClientToken: 'token' }).VolumeId).toBe(first.VolumeId);
    expect(codeOf(() => create(bench, { ClientToken: 'token', Size: 11 }))).toBe(
      'IdempotentParameterMismatch',
    );
  });

  it.each([
    [{ Size: undefined }, 'MissingParameter'],
    [{ AvailabilityZone: undefined }, 'MissingParameter'],
    [{ AvailabilityZone: 'eu-west-1a' }, 'InvalidZone.NotFound'],
    [{ AvailabilityZoneId: 'euc1-az1' }, 'InvalidParameterCombination'],
    [{ SnapshotId: 'snap-0123456789abcdef0' }, 'InvalidSnapshot.NotFound'],
    [{ VolumeType: 'gp9' }, 'InvalidParameterValue'],
    [{ VolumeType: 'sc1' }, 'InvalidParameterValue'],
    [{ VolumeType: 'standard', Size: 1_025 }, 'InvalidParameterValue'],
    [{ VolumeType: 'io1' }, 'MissingParameter'],
    [{ VolumeType: 'gp3', Iops: 2_000 }, 'InvalidParameterValue'],
    [{ VolumeType: 'gp3', Iops: 6_000 }, 'InvalidParameterValue'],
    [{ KmsKeyId: 'alias/mine' }, 'InvalidParameterDependency'],
    [{ MultiAttachEnabled: true }, 'InvalidParameterCombination'],
    [{ OutpostArn: 'arn:x' }, 'UnsupportedOperation'],
    [{ TagSpecifications: [{ ResourceType: 'snapshot', Tags: [] }] }, 'InvalidParameterValue'],
    [{ VolumeType: 'gp3', Iops: 5_000, Throughput: 500 }, 'none'],
  ])('answers %j with %s', (more, code) => {
    const bench = createBench();
    expect(codeOf(() => create(bench, more))).toBe(code);
  });

  it('loses a volume again whose key cannot be used', async () => {
    const bench = createBench({ unusableKmsKeys: ['alias/broken'] });
    const heard = listen(bench, HOME, VOLUME_EVENTS);
    const id = create(bench, { Encrypted: true, KmsKeyId: 'alias/broken' }).VolumeId ?? '';
    await bench.pass(MINUTE);
    expect(codeOf(() => volume(bench, id))).toBe('InvalidVolume.NotFound');
    expect(heard[0]?.detail).toMatchObject({ event: 'createVolume', result: 'failed' });
  });
});

describe('a volume', () => {
  it('is attached to an instance of its zone, and detached again', async () => {
    const { bench, id } = await available();
    expect(attach(bench, id)).toMatchObject({ State: 'attaching', Device: '/dev/sdx' });
    expect(volume(bench, id)?.State).toBe('in-use');
    await bench.pass(MINUTE);
    expect(volume(bench, id)?.Attachments).toMatchObject([
      { State: 'attached', InstanceId: bench.id('web-1'), DeleteOnTermination: false },
    ]);
    expect(detach(bench, id).State).toBe('detaching');
    await bench.pass(MINUTE);
    expect(volume(bench, id)).toMatchObject({ State: 'available', Attachments: [] });
    expect(codeOf(() => detach(bench, id))).toBe('IncorrectState');
  });

  it('that is attached is imaged with the instance, and stays when that goes', async () => {
    const { bench, id } = await available();
    attach(bench, id);
    await bench.pass(MINUTE);
    const { ImageId } = bench.cloud.ec2.CreateImage(
      { InstanceId: bench.id('web-1'), Name: 'one' },
      bench.home(),
    );
    const [image] =
      bench.cloud.ec2.DescribeImages({ ImageIds: [ImageId ?? ''] }, bench.home()).Images ?? [];
    expect(image?.BlockDeviceMappings?.map((one) => one.Ebs?.VolumeSize)).toEqual([12, 10]);
    bench.cloud.ec2.TerminateInstances({ InstanceIds: [bench.id('web-1')] }, bench.home());
    await bench.pass(MINUTE);
    expect(volume(bench, id)?.State).toBe('available');
  });

  it.each([
    ['web-2', '/dev/sdx', 'InvalidVolume.ZoneMismatch'],
    ['web-1', '/dev/sda1', 'InvalidParameterValue'],
    ['web-5', '/dev/sdx', 'none'],
  ])('for %s as %s is attached with %s', async (name, device, code) => {
    const { bench, id } = await available();
    expect(codeOf(() => attach(bench, id, name, device))).toBe(code);
  });

  it('is neither attached nor deleted while it is in use or not ready', async () => {
    const bench = createBench();
    const id = create(bench).VolumeId ?? '';
    expect(codeOf(() => attach(bench, id))).toBe('IncorrectState');
    expect(remove(bench, id)).toBe('IncorrectState');
    await bench.pass(MINUTE);
    attach(bench, id);
    expect(codeOf(() => attach(bench, id, 'web-3'))).toBe('VolumeInUse');
    expect(remove(bench, id)).toBe('VolumeInUse');
  });

  it('is deleted after a while, and gone then', async () => {
    const { bench, id } = await available();
    const heard = listen(bench, HOME, VOLUME_EVENTS);
    expect(remove(bench, id)).toBe('none');
    expect(volume(bench, id)?.State).toBe('deleting');
    await bench.pass(MINUTE);
    expect(codeOf(() => volume(bench, id))).toBe('InvalidVolume.NotFound');
    expect(heard.map((event) => event.detail)).toMatchObject([
      { event: 'deleteVolume', result: 'deleted' },
    ]);
  });

  it('that is the root of a running instance is not detached, nor from where it is not', async () => {
    const { bench, id } = await available();
    expect(codeOf(() => detach(bench, rootOf(bench, 'web-1')))).toBe('OperationNotPermitted');
    expect(codeOf(() => detach(bench, rootOf(bench, 'web-5')))).toBe('none');
    attach(bench, id);
    const elsewhere = { InstanceId: bench.id('web-3') };
    expect(codeOf(() => detach(bench, id, elsewhere))).toBe('InvalidAttachment.NotFound');
    expect(codeOf(() => detach(bench, id, { Device: '/dev/sdz' }))).toBe(
      'InvalidAttachment.NotFound',
    );
  });
});

describe('ModifyVolume', () => {
  const modify = (bench: Bench, VolumeId: string, change: object) =>
    bench.cloud.ec2.ModifyVolume({ VolumeId, ...change }, bench.home()).VolumeModification;
  const last = (bench: Bench, id: string) =>
    bench.cloud.ec2.DescribeVolumesModifications({ VolumeIds: [id] }, bench.home())
      .VolumesModifications?.[0];

  it('is in force after a while, and over later', async () => {
    const { bench, id } = await available();
    expect(modify(bench, id, { Size: 20, VolumeType: 'gp3' })).toMatchObject({
      ModificationState: 'modifying',
      OriginalSize: 10,
      OriginalVolumeType: 'gp2',
      TargetSize: 20,
      TargetVolumeType: 'gp3',
      TargetIops: 3_000,
    });
    expect(volume(bench, id)?.Size).toBe(10);
    await bench.pass(10 * SECOND);
    expect(volume(bench, id)).toMatchObject({ Size: 20, VolumeType: 'gp3' });
    expect(last(bench, id)?.ModificationState).toBe('optimizing');
    expect(codeOf(() => modify(bench, id, { Size: 30 }))).toBe('IncorrectModificationState');
    await bench.pass(10 * MINUTE);
    expect(last(bench, id)).toMatchObject({ ModificationState: 'completed', Progress: 100 });
    expect(codeOf(() => modify(bench, id, { Size: 19 }))).toBe('InvalidParameterValue');
    expect(codeOf(() => modify(bench, id, { Size: 30 }))).toBe('none');
  });
});

describe('DescribeVolumes', () => {
  it.each([
    ['status', 'in-use', 18],
    ['status', 'available', 1],
    ['size', '200', 2],
    ['volume-type', 'io2', 2],
    ['availability-zone', 'eu-central-1a', 10],
    ['availability-zone-id', 'euc1-az2', 10],
    ['attachment.status', 'attached', 18],
    ['attachment.delete-on-termination', 'false', 0],
    ['multi-attach-enabled', 'true', 0],
    ['encrypted', 'false', 19],
    ['create-time', '2026-11-21T03:00*', 19],
    ['tag:scratch', 'true', 2],
    ['operator.principal', '*', 0],
  ])('finds by %s: %s', async (Name, value, count) => {
    const { bench } = await available();
    const Filters = [{ Name, Values: [value] }];
    expect(bench.cloud.ec2.DescribeVolumes({ Filters }, bench.home()).Volumes).toHaveLength(count);
  });

  it('fails as a whole for one bad id, a filter that there is not, and those of others', () => {
    const bench = createBench();
    const ask = (input: object, account = ACCOUNT) =>
      codeOf(() => bench.cloud.ec2.DescribeVolumes(input, bench.cloud.callAs(account, HOME)));
    const VolumeIds = [rootOf(bench, 'web-1'), 'vol-0123456789abcdef0'];
    expect(ask({ VolumeIds })).toBe('InvalidVolume.NotFound');
    expect(ask({ VolumeIds: ['volume'] })).toBe('InvalidParameterValue');
    expect(ask({ Filters: [{ Name: 'colour', Values: ['x'] }] })).toBe('InvalidParameterValue');
    expect(ask({ VolumeIds: VolumeIds.slice(0, 1) }, '999988887777')).toBe(
      'InvalidVolume.NotFound',
    );
  });
});

describe('DescribeVolumeStatus', () => {
  it('finds every volume in order', () => {
    const bench = createBench();
    const VolumeIds = [rootOf(bench, 'web-1')];
    const statuses = bench.cloud.ec2.DescribeVolumeStatus({ VolumeIds }, bench.home());
    expect(statuses.VolumeStatuses).toMatchObject([
      { VolumeId: VolumeIds[0], VolumeStatus: { Status: 'ok' } },
    ]);
  });
});
