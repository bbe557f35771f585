import { describe, expect, it } from 'vitest';
import { codeOf, createBench, describeImage, HOUR, listen, makeImage, MINUTE } from './fixture.ts';

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
    const snapshots = () =>
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.home()).Snapshots ?? [];
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
    const heard = listen(bench);
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
    const heard = listen(bench);
    const imageId = makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    const image = describeImage(bench, imageId);
    expect(image?.State).toBe('failed');
    expect(image?.StateReason?.Code).toBe('Server.InternalError');
    expect(heard[0]?.detail).toMatchObject({
      State: 'failed',
      ErrorMessage: 'Server.InternalError: An internal error has occurred during AMI creation',
    });
    const [snapshot] = bench.cloud.ec2.DescribeSnapshots({}, bench.home()).Snapshots ?? [];
    expect(snapshot).toMatchObject({ State: 'error', StateMessage: 'An internal error occurred' });
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
    bench.cloud.ec2.DeregisterImage({ ImageId: imageId }, bench.home());
    expect(makeImage(bench, 'one')).toMatch(/^ami-/);
  });

  it('refuses a name while a pending image has it, but not in another Region', () => {
    const bench = createBench();
    makeImage(bench, 'one');
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
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
    expect(bench.cloud.ec2.DescribeSnapshots({}, bench.home()).Snapshots).toHaveLength(3);
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

  it('refuses an instance-store root with the code that the manners name', () => {
    const bench = createBench({ instanceStoreCode: 'UnsupportedOperation' });
    const input = { InstanceId: bench.id('old-ami'), Name: 'old' };
    expect(codeOf(() => bench.cloud.ec2.CreateImage(input, bench.home()))).toBe(
      'UnsupportedOperation',
    );
  });
});

describe('DescribeImages', () => {
  const withThree = () => {
    const bench = createBench();
    const ids = ['a-one', 'a-two', 'b-one'].map((name) => makeImage(bench, name));
    return { bench, ids };
  };
  const namesBy = (bench: ReturnType<typeof createBench>, Name: string, Values: string[]) =>
    bench.cloud.ec2
      .DescribeImages({ Owners: ['self'], Filters: [{ Name, Values }] }, bench.home())
      .Images?.map((image) => image.Name)
      .toSorted();

  it('finds by name with wildcards, any of the values', () => {
    const { bench } = withThree();
    expect(namesBy(bench, 'name', ['a-*'])).toEqual(['a-one', 'a-two']);
    expect(namesBy(bench, 'name', ['?-one'])).toEqual(['a-one', 'b-one']);
    expect(namesBy(bench, 'name', ['a-two', 'b*'])).toEqual(['a-two', 'b-one']);
    expect(namesBy(bench, 'name', [String.raw`a-\*`])).toEqual([]);
  });

  it('finds by the snapshot that an image is built on', () => {
    const { bench, ids } = withThree();
    const snapshotId = describeImage(bench, ids[1] ?? '')?.BlockDeviceMappings?.[0]?.Ebs;
    expect(
      namesBy(bench, 'block-device-mapping.snapshot-id', [snapshotId?.SnapshotId ?? '']),
    ).toEqual(['a-two']);
    expect(namesBy(bench, 'source-instance-id', [bench.id('web-1')])).toHaveLength(3);
    expect(namesBy(bench, 'state', ['available'])).toEqual([]);
  });

  it('refuses a filter that it does not know', () => {
    const bench = createBench();
    expect(codeOf(() => namesBy(bench, 'colour', ['red']))).toBe('InvalidParameterValue');
  });

  it('fails as a whole for one id that is malformed or unknown', () => {
    const { bench, ids } = withThree();
    const describeIds = (ImageIds: string[]) =>
      codeOf(() => bench.cloud.ec2.DescribeImages({ ImageIds }, bench.home()));
    expect(describeIds([...ids, 'ami-0123456789abcdef0'])).toBe('InvalidAMIID.NotFound');
    expect(describeIds([...ids, 'ami-xyz'])).toBe('InvalidAMIID.Malformed');
    expect(describeIds(ids)).toBe('none');
  });

  it('refuses MaxResults beside ids', () => {
    const { bench, ids } = withThree();
    const input = { ImageIds: ids, MaxResults: 10 };
    expect(codeOf(() => bench.cloud.ec2.DescribeImages(input, bench.home()))).toBe(
      'InvalidParameterCombination',
    );
  });

  it('hides a disabled image unless it is asked for by id or with IncludeDisabled', async () => {
    const { bench, ids } = withThree();
    const heard = listen(bench);
    await bench.pass(6 * MINUTE);
    const [first = ''] = ids;
    bench.cloud.ec2.DisableImage({ ImageId: first }, bench.home());
    const count = (more: object) =>
      bench.cloud.ec2.DescribeImages({ Owners: ['self'], ...more }, bench.home()).Images?.length;
    expect(count({})).toBe(2);
    expect(count({ IncludeDisabled: true })).toBe(3);
    expect(describeImage(bench, first)?.State).toBe('disabled');
    bench.cloud.ec2.EnableImage({ ImageId: first }, bench.home());
    await bench.pass(MINUTE);
    expect(heard.slice(3).map((event) => event.detail.State)).toEqual(['disabled', 'available']);
  });

  it('does not see an image before its writes are read', async () => {
    const bench = createBench({ visibilityLagMs: { min: 2_000, max: 2_000 } });
    const imageId = makeImage(bench, 'one');
    expect(codeOf(() => describeImage(bench, imageId))).toBe('InvalidAMIID.NotFound');
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
    await bench.pass(2_000);
    expect(describeImage(bench, imageId)?.State).toBe('pending');
  });

  it('shows others what is public or shared with them, and no owner facts', async () => {
    const { bench, ids } = withThree();
    await bench.pass(6 * MINUTE);
    const other = bench.cloud.callAs('999988887777', 'eu-central-1');
    expect(bench.cloud.ec2.DescribeImages({ Owners: ['111122223333'] }, other).Images).toEqual([]);
    bench.cloud.ec2.ModifyImageAttribute(
      { ImageId: ids[0], LaunchPermission: { Add: [{ UserId: '999988887777' }] } },
      bench.home(),
    );
    const { Images: seen = [] } = bench.cloud.ec2.DescribeImages(
      { ExecutableUsers: ['self'] },
      other,
    );
    expect(seen.map((image) => [image.Name, image.SourceInstanceId])).toEqual([
      ['a-one', undefined],
    ]);
  });
});

describe('RegisterImage', () => {
  it('makes an image of a completed snapshot, with the legacy defaults and no ancestry', async () => {
    const bench = createBench();
    makeImage(bench, 'one');
    await bench.pass(HOUR);
    const [snapshot] = bench.cloud.ec2.DescribeSnapshots({}, bench.home()).Snapshots ?? [];
    const { ImageId: imageId = '' } = bench.cloud.ec2.RegisterImage(
      {
        Name: 'again',
        RootDeviceName: '/dev/sda1',
        BlockDeviceMappings: [
          { DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshot?.SnapshotId } },
        ],
      },
      bench.home(),
    );
    await bench.pass(MINUTE);
    expect(describeImage(bench, imageId)).toMatchObject({
      State: 'available',
      Architecture: 'i386',
      VirtualizationType: 'paravirtual',
      SourceImageId: undefined,
    });
  });
});
