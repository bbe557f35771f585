import { describe, expect, it } from 'vitest';
import type { ImageRow } from '../../simulator/services/ec2/rows.ts';
import {
  codeOf,
  createBench,
  describeImage,
  HOME,
  HOUR,
  IMAGE_EVENTS,
  listen,
  makeImage,
  MINUTE,
} from './fixture.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

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

  it('takes values of filters of 255 characters, and no longer ones', () => {
    const { bench } = withThree();
    const longest = 'a'.repeat(255);
    expect(namesBy(bench, 'name', ['a-one', longest])).toEqual(['a-one']);
    expect(codeOf(() => namesBy(bench, 'name', ['a-one', `${longest}a`]))).toBe(
      'InvalidParameterValue',
    );
    expect(codeOf(() => namesBy(bench, 'tag:a', [`${longest}a`]))).toBe('InvalidParameterValue');
  });

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
    const heard = listen(bench, HOME, IMAGE_EVENTS);
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

  it.each([
    ['architecture', 'x86_64', 1],
    ['block-device-mapping.delete-on-termination', 'true', 1],
    ['block-device-mapping.device-name', '/dev/sda*', 1],
    ['block-device-mapping.encrypted', 'false', 1],
    ['block-device-mapping.volume-size', '12', 1],
    ['block-device-mapping.volume-type', 'gp3', 1],
    ['boot-mode', 'uefi', 0],
    ['creation-date', '2026-11-21T03:00:00.000Z', 1],
    ['creation-date', '2026-11-22*', 0],
    ['description', '*of web-1', 1],
    ['ena-support', 'true', 1],
    ['free-tier-eligible', 'true', 0],
    ['hypervisor', 'xen', 1],
    ['image-allowed', 'true', 0],
    ['image-type', 'machine', 1],
    ['image-watermark.watermark-key', '*', 0],
    ['instance-type-specification.supported-instance-type', '*', 0],
    ['is-public', 'false', 1],
    ['kernel-id', '*', 0],
    ['manifest-location', '111122223333/*', 1],
    ['owner-alias', 'amazon', 0],
    ['owner-id', '111122223333', 1],
    ['platform', 'windows', 0],
    ['platform-details', 'Linux/UNIX', 1],
    ['product-code', '*', 0],
    ['public-ssm-parameter-name', '*', 0],
    ['ramdisk-id', '*', 0],
    ['root-device-name', '/dev/sda1', 1],
    ['root-device-type', 'ebs', 1],
    ['scan-result.finding-scan-date', '*', 0],
    ['source-image-region', HOME, 1],
    ['sriov-net-support', 'simple', 0],
    ['state-reason-code', '*', 0],
    ['tag-key', 'te*', 1],
    ['tag:team', 'shop', 1],
    ['tag:team', 'Shop', 0],
    ['virtualization-type', 'hvm', 1],
  ])('knows the filter %s, and finds by the value %j: %i', (Name, value, count) => {
    const bench = createBench();
    bench.cloud.ec2.CreateImage(
      {
        InstanceId: bench.id('web-1'),
        Name: 'one',
        Description: 'of web-1',
        TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'team', Value: 'shop' }] }],
      },
      bench.home(),
    );
    expect(namesBy(bench, Name, [value])).toHaveLength(count);
  });

  it('writes the creation in whole seconds, and the standard performance of a gp3 disk', async () => {
    const bench = createBench();
    await bench.pass(1_234);
    const image = describeImage(bench, makeImage(bench, 'one'));
    expect(image?.CreationDate).toBe('2026-11-21T03:00:01.000Z');
    expect(image?.BlockDeviceMappings?.[0]?.Ebs).toMatchObject({ Iops: 3_000, Throughput: 125 });
    expect(namesBy(bench, 'creation-date', ['2026-11-21T03:00:01.000Z'])).toEqual(['one']);
  });

  it('takes owners by id and by alias, and refuses what is neither', () => {
    const bench = createBench();
    makeImage(bench, 'one');
    const row = bench.cloud.ec2Core.store(HOME).images.get(bench.world.images.ubuntu);
    bench.cloud.ec2Core.store(HOME).addImage({ ...row, ownerAlias: 'amazon' } as ImageRow);
    const count = (Owners: string[]) =>
      bench.cloud.ec2.DescribeImages({ Owners }, bench.home()).Images?.length;
    expect(count(['self'])).toBe(1);
    expect(count(['111122223333'])).toBe(1);
    expect(count(['099720109477'])).toBe(2);
    expect(count(['amazon'])).toBe(1);
    expect(count(['aws-marketplace', 'aws-backup-vault'])).toBe(0);
    expect(count(['self', 'amazon'])).toBe(2);
    expect(count([])).toBe(3);
    expect(codeOf(() => count(['amazn']))).toBe('InvalidUserID.Malformed');
    expect(codeOf(() => count(['1111-2222-3333']))).toBe('InvalidUserID.Malformed');
  });

  it('accepts a MaxResults from 1 up to what the manners say', () => {
    const bench = createBench();
    const describeWith = (MaxResults: number) =>
      codeOf(() => bench.cloud.ec2.DescribeImages({ MaxResults }, bench.home()));
    expect([0, 1, 1_000, 1_001].map(describeWith)).toEqual([
      'InvalidParameterValue',
      'none',
      'none',
      'InvalidParameterValue',
    ]);
    bench.cloud.behave({ describeImagesMax: 100_000 });
    expect(describeWith(1_001)).toBe('none');
  });

  it('refuses more ids than a call may have, and takes an empty list for none', () => {
    const { bench } = withThree();
    const describeIds = (ImageIds: string[]) =>
      bench.cloud.ec2.DescribeImages({ ImageIds, Owners: ['self'] }, bench.home()).Images?.length;
    expect(describeIds([])).toBe(3);
    const many = Array.from({ length: 1_001 }, () => 'ami-0123456789abcdef0');
    expect(codeOf(() => describeIds(many))).toBe('InvalidParameterValue');
  });

  it('tells of a launch a day later, and of the one before until then', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    const launch = () =>
      bench.cloud.ec2.RunInstances(
        { ImageId: imageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
        bench.home(),
      );
    const told = () => describeImage(bench, imageId)?.LastLaunchedTime;
    launch();
    await bench.pass(20 * HOUR);
    launch();
    expect(told()).toBeUndefined();
    await bench.pass(4 * HOUR);
    expect(told()).toBe('2026-11-21T03:06:00Z');
    await bench.pass(20 * HOUR);
    expect(told()).toBe('2026-11-21T23:06:00Z');
    const attribute = { ImageId: imageId, Attribute: 'lastLaunchedTime' } as const;
    expect(bench.cloud.ec2.DescribeImageAttribute(attribute, bench.home())).toEqual({
      ImageId: imageId,
      LastLaunchedTime: { Value: '2026-11-21T23:06:00Z' },
    });
  });

  it.each([true, false])('shows the keys of its snapshots if the manners say so: %s', (isShown) => {
    const bench = createBench({ imagesShowKmsKeys: isShown });
    const store = bench.cloud.ec2Core.store(HOME);
    const base = store.images.get(bench.world.images.ubuntu);
    const disks = base?.disks.map((disk) => ({ ...disk, encrypted: true, kmsKeyId: KEY }));
    store.addImage({ ...base, imageId: 'ami-0123456789abcdef0', disks } as ImageRow);
    const ebs = describeImage(bench, 'ami-0123456789abcdef0')?.BlockDeviceMappings?.[0]?.Ebs;
    expect([ebs?.Encrypted, ebs?.KmsKeyId]).toEqual([true, isShown ? KEY : undefined]);
  });
});
