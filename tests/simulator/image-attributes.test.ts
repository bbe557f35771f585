import type { ImageAttributeName, ModifyImageAttributeRequest } from '@aws-sdk/client-ec2';
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

const OTHER = '999988887777';
const ARN = 'arn:aws:organizations::111122223333:organization/o-abcdefghij';

/** A bench with an available image, and how its attributes are asked for and modified. */
const withImage = async (manners = {}) => {
  const bench = createBench(manners);
  const imageId = makeImage(bench, 'one');
  await bench.pass(10 * MINUTE);
  const modify = (input: Omit<ModifyImageAttributeRequest, 'ImageId'>, call = bench.home()) =>
    bench.cloud.ec2.ModifyImageAttribute({ ImageId: imageId, ...input }, call);
  const attribute = (Attribute: ImageAttributeName, call = bench.home()) =>
    bench.cloud.ec2.DescribeImageAttribute({ ImageId: imageId, Attribute }, call);
  return { bench, imageId, modify, attribute };
};

const other = (bench: Bench) => bench.cloud.callAs(OTHER, HOME);

describe('DescribeImageAttribute', () => {
  it.each<[ImageAttributeName, object]>([
    ['bootMode', { BootMode: { Value: undefined } }],
    ['deregistrationProtection', { DeregistrationProtection: { Value: 'disabled' } }],
    ['description', { Description: { Value: undefined } }],
    ['imdsSupport', { ImdsSupport: { Value: undefined } }],
    ['kernel', { KernelId: { Value: undefined } }],
    ['lastLaunchedTime', { LastLaunchedTime: { Value: undefined } }],
    ['launchPermission', { LaunchPermissions: [] }],
    ['productCodes', { ProductCodes: [] }],
    ['ramdisk', { RamdiskId: { Value: undefined } }],
    ['sriovNetSupport', { SriovNetSupport: { Value: undefined } }],
    ['tpmSupport', { TpmSupport: { Value: undefined } }],
    ['uefiData', { UefiData: { Value: undefined } }],
  ])('gives %s, and nothing else', async (name, answer) => {
    const { imageId, attribute } = await withImage();
    expect(attribute(name)).toEqual({ ImageId: imageId, ...answer });
  });

  it('refuses the block device mapping, and what is no attribute', async () => {
    const { attribute } = await withImage();
    expect(codeOf(() => attribute('blockDeviceMapping'))).toBe('AuthFailure');
    expect(codeOf(() => attribute('colour' as 'kernel'))).toBe('InvalidParameterValue');
    expect(codeOf(() => attribute('toString' as 'kernel'))).toBe('InvalidParameterValue');
  });

  it('is for the owner alone, even of a public image', async () => {
    const { bench, attribute } = await withImage();
    expect(codeOf(() => attribute('description', other(bench)))).toBe('InvalidAMIID.NotFound');
    const input = { ImageId: bench.world.images.ubuntu, Attribute: 'description' } as const;
    expect(codeOf(() => bench.cloud.ec2.DescribeImageAttribute(input, bench.home()))).toBe(
      'AuthFailure',
    );
  });
});

describe('ModifyImageAttribute', () => {
  it('changes the description in either form of the request', async () => {
    const { bench, imageId, modify, attribute } = await withImage();
    modify({ Description: { Value: 'first' } });
    expect(describeImage(bench, imageId)?.Description).toBe('first');
    modify({ Attribute: 'description', Value: 'second' });
    expect(attribute('description').Description).toEqual({ Value: 'second' });
  });

  it('sets the support of IMDSv2, and knows no other value', async () => {
    const { bench, imageId, modify } = await withImage();
    expect(codeOf(() => modify({ ImdsSupport: { Value: 'v1.0' } }))).toBe('InvalidParameterValue');
    modify({ ImdsSupport: { Value: 'v2.0' } });
    expect(describeImage(bench, imageId)?.ImdsSupport).toBe('v2.0');
    modify({ Attribute: 'imdsSupport', Value: 'v2.0' });
    expect(describeImage(bench, imageId)?.ImdsSupport).toBe('v2.0');
  });

  it('changes launch permissions in either form of the request', async () => {
    const { modify, attribute } = await withImage();
    modify({ LaunchPermission: { Add: [{ UserId: OTHER }, { OrganizationArn: ARN }] } });
    expect(attribute('launchPermission').LaunchPermissions).toEqual([
      { UserId: OTHER },
      { OrganizationArn: ARN },
    ]);
    const lists = { UserIds: [OTHER], OrganizationArns: [ARN] };
    modify({ Attribute: 'launchPermission', OperationType: 'remove', ...lists });
    expect(attribute('launchPermission').LaunchPermissions).toEqual([]);
    const unit = `${ARN.replace(':organization/', ':ou/')}/ou-ab12-abcdefgh`;
    const units = { OrganizationalUnitArns: [unit] };
    modify({ Attribute: 'launchPermission', OperationType: 'add', ...units });
    expect(attribute('launchPermission').LaunchPermissions).toEqual([
      { OrganizationalUnitArn: unit },
    ]);
  });

  it.each<[Omit<ModifyImageAttributeRequest, 'ImageId'>, string]>([
    [{}, 'InvalidParameterCombination'],
    [{ Attribute: 'colour' }, 'InvalidParameterValue'],
    [{ Attribute: 'description' }, 'MissingParameter'],
    [{ Attribute: 'launchPermission' }, 'MissingParameter'],
    [{ Attribute: 'launchPermission', Value: OTHER }, 'InvalidParameterCombination'],
    [{ Attribute: 'launchPermission', UserIds: [OTHER] }, 'MissingParameter'],
    [{ Attribute: 'launchPermission', OperationType: 'add' }, 'MissingParameter'],
    [
      { Attribute: 'launchPermission', OperationType: 'set' as 'add', UserIds: [OTHER] },
      'InvalidParameterValue',
    ],
    [{ OperationType: 'add', UserIds: [OTHER] }, 'InvalidParameterCombination'],
    [{ Description: { Value: 'd'.repeat(256) } }, 'InvalidParameterValue'],
    [
      { Description: { Value: 'd' }, ImdsSupport: { Value: 'v2.0' } },
      'InvalidParameterCombination',
    ],
    [{ Description: { Value: 'd' }, OperationType: 'add' }, 'InvalidParameterCombination'],
    [{ LaunchPermission: {} }, 'MissingParameter'],
    [{ LaunchPermission: { Add: [{}] } }, 'InvalidParameterCombination'],
    [
      { LaunchPermission: { Add: [{ UserId: OTHER, Group: 'all' }] } },
      'InvalidParameterCombination',
    ],
    [{ LaunchPermission: { Add: [{ UserId: '9999-8888-7777' }] } }, 'InvalidAMIAttributeItemValue'],
    [{ LaunchPermission: { Add: [{ Group: 'some' as 'all' }] } }, 'InvalidAMIAttributeItemValue'],
    [
      { LaunchPermission: { Add: [{ OrganizationArn: 'o-abcdefghij' }] } },
      'InvalidAMIAttributeItemValue',
    ],
    [
      { LaunchPermission: { Add: [{ OrganizationalUnitArn: ARN }] } },
      'InvalidAMIAttributeItemValue',
    ],
    [{ ProductCodes: ['code'] }, 'UnsupportedOperation'],
  ])('refuses %j with %s', async (input, code) => {
    const { modify } = await withImage();
    expect(codeOf(() => modify(input))).toBe(code);
  });

  it('says which item it does not understand, in the words of EC2', async () => {
    const { modify } = await withImage();
    expect(() => modify({ LaunchPermission: { Add: [{ UserId: ' ' }] } })).toThrow(
      'Invalid attribute item value " " for userId item type.',
    );
  });

  it('refuses a pending image, and a stranger', async () => {
    const { bench, modify } = await withImage();
    const description = { Description: { Value: 'd' } };
    const pending = makeImage(bench, 'two');
    expect(() =>
      bench.cloud.ec2.ModifyImageAttribute({ ImageId: pending, ...description }, bench.home()),
    ).toThrow(`The AMI ID '${pending}' is currently pending and may not be used`);
    modify({ LaunchPermission: { Add: [{ UserId: OTHER }] } });
    expect(codeOf(() => modify(description, other(bench)))).toBe('AuthFailure');
  });

  it('is not seen before reads have caught up, and counts at once', async () => {
    const { bench, imageId, modify } = await withImage();
    bench.cloud.behave({ readLagMs: { min: 5_000, max: 5_000 } });
    modify({ LaunchPermission: { Add: [{ UserId: OTHER }] } });
    const seen = () => bench.cloud.ec2.DescribeImages({ ExecutableUsers: [OTHER] }, bench.home());
    expect(seen().Images).toEqual([]);
    const input = { ImageId: imageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 } as const;
    expect(codeOf(() => bench.cloud.ec2.RunInstances(input, other(bench)))).toBe('none');
    await bench.pass(5_000);
    expect(seen().Images?.map((image) => image.ImageId)).toEqual([imageId]);
  });
});

describe('ResetImageAttribute', () => {
  it('takes back every launch permission, and resets nothing else', async () => {
    const { bench, imageId, modify, attribute } = await withImage({ blocksPublicImages: false });
    modify({ LaunchPermission: { Add: [{ UserId: OTHER }, { Group: 'all' }] } });
    expect(attribute('launchPermission').LaunchPermissions).toEqual([
      { Group: 'all' },
      { UserId: OTHER },
    ]);
    const reset = (Attribute: 'launchPermission') =>
      bench.cloud.ec2.ResetImageAttribute({ ImageId: imageId, Attribute }, bench.home());
    reset('launchPermission');
    expect(attribute('launchPermission').LaunchPermissions).toEqual([]);
    expect(describeImage(bench, imageId)?.Public).toBe(false);
    expect(codeOf(() => reset('description' as 'launchPermission'))).toBe('InvalidParameterValue');
  });
});
