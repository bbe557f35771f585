import type { BlockDeviceMapping, RegisterImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  type Bench,
  codeOf,
  createBench,
  describeImage,
  HOME,
  makeImage,
  MINUTE,
} from './fixture.ts';

const ROOT = '/dev/sda1';
const OTHER = '999988887777';

/** A bench with a completed snapshot, and how to register an image on it. */
const withSnapshot = async (manners = {}) => {
  const bench = createBench(manners);
  const imageId = makeImage(bench, 'source');
  await bench.pass(10 * MINUTE);
  const snapshotId = describeImage(bench, imageId)?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  const root = { DeviceName: ROOT, Ebs: { SnapshotId: snapshotId } };
  const register = (more: Partial<RegisterImageRequest> = {}, call = bench.home()) =>
    bench.cloud.ec2.RegisterImage(
      { Name: 'again', RootDeviceName: ROOT, BlockDeviceMappings: [root], ...more },
      call,
    ).ImageId ?? '';
  return { bench, imageId, snapshotId, root, register };
};

const share = (bench: Bench, snapshotId: string): void => {
  const row = bench.cloud.ec2Core.store(HOME).snapshots.get(snapshotId);
  row?.createVolumePermissions.add(OTHER);
};

describe('RegisterImage', () => {
  it('makes an image of a completed snapshot, with the legacy defaults and no ancestry', async () => {
    const { bench, register } = await withSnapshot();
    const imageId = register();
    expect(describeImage(bench, imageId)?.State).toBe('pending');
    await bench.pass(MINUTE);
    expect(describeImage(bench, imageId)).toMatchObject({
      State: 'available',
      Architecture: 'i386',
      VirtualizationType: 'paravirtual',
      EnaSupport: false,
      BlockDeviceMappings: [
        { DeviceName: ROOT, Ebs: { VolumeSize: 12, VolumeType: 'gp2', DeleteOnTermination: true } },
      ],
    });
    expect(describeImage(bench, imageId)).not.toHaveProperty('SourceImageId');
    expect(describeImage(bench, imageId)).not.toHaveProperty('SourceInstanceId');
  });

  it('has what the request says of the machine', async () => {
    const { bench, register } = await withSnapshot();
    const imageId = register({
      Architecture: 'arm64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      BootMode: 'uefi',
      TpmSupport: 'v2.0',
      ImdsSupport: 'v2.0',
      SriovNetSupport: 'simple',
      UefiData: 'aW1hZ28=',
      TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'team', Value: 'shop' }] }],
    });
    expect(describeImage(bench, imageId)).toMatchObject({
      Architecture: 'arm64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      BootMode: 'uefi',
      TpmSupport: 'v2.0',
      ImdsSupport: 'v2.0',
      SriovNetSupport: 'simple',
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    const attribute = { ImageId: imageId, Attribute: 'uefiData' } as const;
    expect(bench.cloud.ec2.DescribeImageAttribute(attribute, bench.home()).UefiData).toEqual({
      Value: 'aW1hZ28=',
    });
  });

  it('keeps a kernel and a RAM disk of an image that is paravirtual', async () => {
    const { bench, register } = await withSnapshot();
    const given = { KernelId: 'aki-0123456789abcdef0', RamdiskId: 'ari-01234567' };
    expect(describeImage(bench, register(given))).toMatchObject(given);
  });

  it.each<[Partial<RegisterImageRequest>, string]>([
    [{ Name: 'ab' }, 'InvalidAMIName.Malformed'],
    [{ Name: 'source' }, 'InvalidAMIName.Duplicate'],
    [{ Architecture: 'mips' as 'arm64' }, 'InvalidParameterValue'],
    [{ VirtualizationType: 'xen' }, 'InvalidParameterValue'],
    [{ BootMode: 'bios' as 'uefi' }, 'InvalidParameterValue'],
    [{ TpmSupport: 'v1.2' as 'v2.0' }, 'InvalidParameterValue'],
    [{ ImdsSupport: 'v1.0' as 'v2.0' }, 'InvalidParameterValue'],
    [{ SriovNetSupport: 'complex' }, 'InvalidParameterValue'],
    [{ UefiData: '%' }, 'InvalidParameterValue'],
    [{ KernelId: 'kernel' }, 'InvalidKernelId.Malformed'],
    [{ RamdiskId: 'disk' }, 'InvalidRamDiskId.Malformed'],
    [{ VirtualizationType: 'hvm', KernelId: 'aki-01234567' }, 'InvalidParameterCombination'],
    [{ ImageLocation: 'bucket/image.manifest.xml' }, 'InvalidManifest'],
    [{ BillingProducts: ['bp-1'] }, 'AuthFailure'],
    [{ BlockDeviceMappings: [] }, 'InvalidBlockDeviceMapping'],
    [{ RootDeviceName: '/dev/xvda' }, 'InvalidBlockDeviceMapping'],
    [{ TagSpecifications: [{ ResourceType: 'snapshot', Tags: [] }] }, 'InvalidParameterValue'],
  ])('refuses %j with %s', async (more, code) => {
    const { register } = await withSnapshot();
    expect(codeOf(() => register(more))).toBe(code);
  });

  it.each<[BlockDeviceMapping, string]>([
    [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 5 } }, 'none'],
    [{ DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }, 'none'],
    [{ DeviceName: '/dev/sdb', NoDevice: '' }, 'none'],
    [{ DeviceName: '/dev/sdb', VirtualName: 'eph0' }, 'InvalidBlockDeviceMapping'],
    [{ DeviceName: '/dev/sdb' }, 'InvalidBlockDeviceMapping'],
    [{ DeviceName: ROOT, Ebs: { VolumeSize: 5 } }, 'InvalidBlockDeviceMapping'],
    [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 5, VolumeType: 'io2' } }, 'MissingParameter'],
    [
      { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 5, Throughput: 200 } },
      'InvalidParameterCombination',
    ],
    [
      { DeviceName: '/dev/sdb', Ebs: { SnapshotId: 'snap-0123456789abcdef0' } },
      'InvalidSnapshot.NotFound',
    ],
  ])('answers to the further mapping %j with %s', async (mapping, code) => {
    const { root, register } = await withSnapshot();
    expect(codeOf(() => register({ BlockDeviceMappings: [root, mapping] }))).toBe(code);
  });

  it('has no disk smaller than its snapshot, and no say in whether it is encrypted', async () => {
    const { bench, snapshotId, register } = await withSnapshot();
    const on = (ebs: object) => [{ DeviceName: ROOT, Ebs: { SnapshotId: snapshotId, ...ebs } }];
    const tryWith = (ebs: object) => codeOf(() => register({ BlockDeviceMappings: on(ebs) }));
    expect(tryWith({ VolumeSize: 11 })).toBe('InvalidBlockDeviceMapping');
    expect(tryWith({ Encrypted: false })).toBe('InvalidBlockDeviceMapping');
    const imageId = register({ BlockDeviceMappings: on({ VolumeSize: 40 }) });
    expect(describeImage(bench, imageId)?.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).toBe(40);
  });

  it('refuses a snapshot that is pending, and another account until it is shared', async () => {
    const { bench, snapshotId, register } = await withSnapshot();
    const other = () => register({}, bench.cloud.callAs(OTHER, HOME));
    expect(codeOf(other)).toBe('InvalidSnapshot.NotFound');
    share(bench, snapshotId);
    expect(codeOf(other)).toBe('none');
    const row = bench.cloud.ec2Core.store(HOME).snapshots.get(snapshotId);
    if (row !== undefined) row.endsAtMs = Number.POSITIVE_INFINITY;
    expect(codeOf(register)).toBe('IncorrectState');
  });
});
