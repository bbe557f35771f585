import type { DescribeImagesRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { seedPublicImages } from '../../simulator/world/base-images.ts';
import { ACCOUNT, createBench, DR, HOME, HOUR, MINUTE } from './fixture.ts';
import { refusalOf } from './services.ts';

const MARKETPLACE = 'example-appliance-3.1-x86_64-5f0c7a52-3f0e-4d3b-9a55-0d9f3c1e7b21';
const CODE = { ProductCodeId: 'exampleproductcode0000000', ProductCodeType: 'marketplace' };
const WINDOWS = 'Windows_Server-2025-English-Full-Base-2026.11.10';
const ARM = 'al2023-ami-2023.9.20261101.0-kernel-6.1-arm64';
const INTEL = 'al2023-ami-2023.9.20261101.0-kernel-6.1-x86_64';
const COMMUNITY = ['community-linux-12-arm64-20261001', 'community-linux-12-x86_64-20261001'];

const createPublicBench = () => {
  const bench = createBench({}, 0);
  seedPublicImages(bench.cloud, [HOME, DR]);
  const { cloud, home } = bench;
  const images = (input: DescribeImagesRequest) =>
    cloud.ec2.DescribeImages(input, home()).Images ?? [];
  const namesOf = (input: DescribeImagesRequest) =>
    [...new Set(images(input).map(({ Name }) => String(Name)))].toSorted();
  const by = (Name: string, value: string, input: DescribeImagesRequest = {}) =>
    namesOf({ ...input, Filters: [{ Name, Values: [value] }] });
  const idOf = (name: string) =>
    images({ Filters: [{ Name: 'name', Values: [name] }] })[0]?.ImageId ?? '';
  const run = (ImageId: string, type: object = {}) =>
    cloud.ec2.RunInstances({ ImageId, MinCount: 1, MaxCount: 1, ...type }, home()).Instances?.[0];
  return { ...bench, images, namesOf, by, idOf, run };
};

describe('the public images of a new world', () => {
  it('are found by the alias of their owner, and by its id', () => {
    const { namesOf, by } = createPublicBench();
    expect(namesOf({ Owners: ['amazon'] })).toEqual([WINDOWS, ARM, INTEL].toSorted());
    expect(namesOf({ Owners: ['aws-marketplace'] })).toEqual([MARKETPLACE]);
    expect(namesOf({ Owners: ['600000000001'] })).toEqual(COMMUNITY);
    expect(namesOf({ Owners: ['self'] })).toEqual([]);
    expect(by('owner-alias', 'aws-marketplace')).toEqual([MARKETPLACE]);
    expect(by('owner-id', '679593333241')).toEqual([MARKETPLACE]);
    expect(by('manifest-location', 'aws-marketplace/*')).toEqual([MARKETPLACE]);
  });

  it('are public, and shared with nobody by name', () => {
    const { namesOf, by } = createPublicBench();
    expect(by('is-public', 'false')).toEqual([]);
    expect(by('is-public', 'true')).toHaveLength(8);
    expect(namesOf({ ExecutableUsers: ['all'] })).toHaveLength(8);
    expect(namesOf({ ExecutableUsers: ['self'] })).toEqual([]);
    expect(namesOf({ ExecutableUsers: [ACCOUNT] })).toEqual([]);
  });

  it('are found by platform, architecture and product code', () => {
    const { by } = createPublicBench();
    expect(by('platform', 'windows')).toEqual([WINDOWS]);
    expect(by('platform-details', 'Windows')).toEqual([WINDOWS]);
    expect(by('architecture', 'arm64')).toEqual([ARM, COMMUNITY[0]]);
    expect(by('product-code', CODE.ProductCodeId)).toEqual([MARKETPLACE]);
    expect(by('product-code.type', 'marketplace')).toEqual([MARKETPLACE]);
    expect(by('product-code', 'another')).toEqual([]);
  });

  it('show a deprecated one only to who asks for it', () => {
    const { by, idOf, images } = createPublicBench();
    const name = 'community-linux-9-x86_64-20240901';
    expect(idOf(name)).toBe('');
    const asked = { IncludeDeprecated: true };
    expect(by('name', name, asked)).toEqual([name]);
    const Filters = [{ Name: 'name', Values: [name] }];
    expect(images({ ...asked, Filters })[0]?.DeprecationTime).toBe('2026-09-02T03:00:00.000Z');
  });

  it('tell what they are, and what they cost', () => {
    const { images } = createPublicBench();
    const facts = images({ Owners: ['amazon', 'aws-marketplace', '600000000001'] })
      .filter(({ Architecture }) => Architecture === 'x86_64')
      .map((one) => [one.ImageOwnerAlias, one.Platform, one.UsageOperation, one.ProductCodes]);
    expect(facts).toHaveLength(4);
    expect(facts).toEqual(
      expect.arrayContaining([
        ['amazon', undefined, 'RunInstances', undefined],
        ['amazon', 'windows', 'RunInstances:0002', undefined],
        ['aws-marketplace', undefined, 'RunInstances', [CODE]],
        [undefined, undefined, 'RunInstances', undefined],
      ]),
    );
  });

  it('tell nobody but their owner when they were launched', async () => {
    const { cloud, run, idOf, images, pass } = createPublicBench();
    const ImageIds = [idOf(INTEL)];
    run(ImageIds[0] ?? '');
    await pass(25 * HOUR);
    expect(images({ ImageIds })[0]?.LastLaunchedTime).toBeUndefined();
    const owner = cloud.callAs('137112412989', HOME);
    expect(cloud.ec2.DescribeImages({ ImageIds }, owner).Images?.[0]?.LastLaunchedTime).toBe(
      '2026-11-21T03:00:00Z',
    );
  });
});

describe('an instance of a public image', () => {
  it('has the platform and the product codes of the image, and images of it have them too', async () => {
    const { cloud, home, run, idOf, pass, images } = createPublicBench();
    const InstanceId = run(idOf(MARKETPLACE))?.InstanceId ?? '';
    await pass(MINUTE);
    const Filters = [{ Name: 'product-code', Values: [CODE.ProductCodeId] }];
    const found = cloud.ec2.DescribeInstances({ Filters }, home()).Reservations;
    expect(found?.[0]?.Instances).toMatchObject([{ InstanceId, ProductCodes: [CODE] }]);
    const asked = { InstanceId, Attribute: 'productCodes' as const };
    expect(cloud.ec2.DescribeInstanceAttribute(asked, home()).ProductCodes).toEqual([CODE]);
    const { ImageId } = cloud.ec2.CreateImage({ InstanceId, Name: 'mine' }, home());
    await pass(HOUR);
    expect(images({ Owners: ['self'], Filters })).toMatchObject([
      { ImageId, ProductCodes: [CODE] },
    ]);
    const attribute = { ImageId, Attribute: 'productCodes' as const };
    expect(cloud.ec2.DescribeImageAttribute(attribute, home()).ProductCodes).toEqual([CODE]);
  });

  it('is a Windows one, or of ARM, as the image is', () => {
    const { cloud, home, run, idOf } = createPublicBench();
    expect(run(idOf(WINDOWS))).toMatchObject({
      Platform: 'Windows',
      UsageOperation: 'RunInstances:0002',
      ProductCodes: [],
    });
    expect(run(idOf(ARM), { InstanceType: 't4g.small' })?.Architecture).toBe('arm64');
    expect(refusalOf(() => run(idOf(ARM), { InstanceType: 't3.small' }))).toMatch(
      /^InvalidParameterValue: /,
    );
    const Filters = [{ Name: 'usage-operation', Values: ['RunInstances:0002'] }];
    expect(cloud.ec2.DescribeInstances({ Filters }, home()).Reservations).toHaveLength(1);
  });
});

describe('a copy of a public image', () => {
  const copy = (name: string) => {
    const { cloud, dr, idOf } = createPublicBench();
    const input = { SourceImageId: idOf(name), SourceRegion: HOME, Name: 'copy' };
    return refusalOf(() => cloud.ec2.CopyImage(input, dr()));
  };

  it('can be made, but not of what AWS Marketplace sells', () => {
    expect(copy(INTEL)).toBe('none');
    expect(copy(MARKETPLACE)).toBe(
      'InvalidRequest: You do not have permission to access the storage of this ami',
    );
  });
});
