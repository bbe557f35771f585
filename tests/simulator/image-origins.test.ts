import type { ResourceTypeRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud } from '../../simulator/cloud.ts';
import { createRandom } from '../../simulator/random.ts';
import {
  ACCOUNT,
  type Bench,
  codeOf,
  createBench,
  describeImage,
  DR,
  HOME,
  HOUR,
  makeImage,
  MINUTE,
} from './fixture.ts';

const OTHER = '999988887777';
const UNKNOWN = 'ami-0123456789abcdef0';

const launch = (bench: Bench, ImageId: string): string =>
  bench.cloud.ec2.RunInstances(
    { ImageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
    bench.home(),
  ).Instances?.[0]?.InstanceId ?? '';

const deregister = (bench: Bench, ImageId: string) =>
  bench.cloud.ec2.DeregisterImage({ ImageId }, bench.home());

/** An image of web-1, and one of an instance that was launched from it. */
const withGenerations = async (instances = 1) => {
  const bench = createBench({}, instances);
  const first = makeImage(bench, 'first');
  await bench.pass(10 * MINUTE);
  const instanceId = launch(bench, first);
  await bench.pass(MINUTE);
  const { ImageId: second = '' } = bench.cloud.ec2.CreateImage(
    { InstanceId: instanceId, Name: 'second' },
    bench.home(),
  );
  await bench.pass(10 * MINUTE);
  return { bench, first, instanceId, second };
};

describe('GetImageAncestry', () => {
  const idsOf = (bench: Bench, ImageId: string, call = bench.home()) =>
    bench.cloud.ec2
      .GetImageAncestry({ ImageId }, call)
      .ImageAncestryEntries?.map((entry) => entry.ImageId);

  it('goes from the image to its root, over Regions and over images that are gone', async () => {
    const { bench, first, second } = await withGenerations();
    const { ubuntu } = bench.world.images;
    const { ImageId: copied = '' } = bench.cloud.ec2.CopyImage(
      { Name: 'copy', SourceImageId: second, SourceRegion: HOME },
      bench.dr(),
    );
    deregister(bench, first);
    expect(idsOf(bench, copied, bench.dr())).toEqual([copied, second, first, ubuntu]);
    const [entry] =
      bench.cloud.ec2.GetImageAncestry({ ImageId: second }, bench.home()).ImageAncestryEntries ??
      [];
    expect(entry).toEqual({
      CreationDate: new Date('2026-11-21T03:11:00.000Z'),
      ImageId: second,
      ImageOwnerAlias: undefined,
      SourceImageId: first,
      SourceImageRegion: HOME,
    });
  });

  it('ends at an image of Amazon, at one that was registered, and after fifty', async () => {
    const { bench, first } = await withGenerations();
    const store = bench.cloud.ec2Core.store(HOME);
    const row = store.images.get(first);
    expect(idsOf(bench, first)).toHaveLength(2);
    Object.assign(row ?? {}, { ownerAlias: 'amazon' });
    expect(idsOf(bench, first)).toEqual([first]);
    Object.assign(row ?? {}, { ownerAlias: undefined, sourceImageId: first });
    expect(idsOf(bench, first)).toHaveLength(50);
    Object.assign(row ?? {}, { sourceImageId: undefined });
    expect(idsOf(bench, first)).toEqual([first]);
  });

  it('is for those who may use the image', async () => {
    const { bench, first } = await withGenerations();
    const other = bench.cloud.callAs(OTHER, HOME);
    expect(codeOf(() => idsOf(bench, first, other))).toBe('InvalidAMIID.NotFound');
    expect(idsOf(bench, bench.world.images.ubuntu, other)).toHaveLength(1);
  });
});

describe('DescribeInstanceImageMetadata', () => {
  it('tells of the image of an instance, even when it is deregistered', async () => {
    const { bench, first, instanceId } = await withGenerations();
    const described = () =>
      bench.cloud.ec2.DescribeInstanceImageMetadata({ InstanceIds: [instanceId] }, bench.home())
        .InstanceImageMetadata?.[0];
    expect(described()).toMatchObject({
      InstanceId: instanceId,
      InstanceType: 't3.small',
      OwnerId: '111122223333',
      AvailabilityZone: `${HOME}a`,
      ZoneId: 'euc1-az2',
      State: { Code: 16, Name: 'running' },
      ImageMetadata: { ImageId: first, State: 'available' },
    });
    deregister(bench, first);
    expect(described()?.ImageMetadata).toEqual({
      ImageId: first,
      Name: 'first',
      OwnerId: '111122223333',
      State: 'deregistered',
      ImageOwnerAlias: undefined,
      CreationDate: '2026-11-21T03:00:00.000Z',
      DeprecationTime: undefined,
      IsPublic: false,
    });
  });

  it.each([
    ['instance-state-name', 'running', 2],
    ['instance-state-name', 'stopped', 0],
    ['owner-id', '111122223333', 1],
    ['owner-id', '099720109477', 1],
    ['instance-type', 't3.sm*', 2],
    ['zone-id', 'euc1-az?', 2],
    ['tag:Name', 'web-1', 1],
    ['image-allowed', 'true', 0],
  ])('finds by %s %j so many of the instances: %i', async (Name, value, count) => {
    const { bench } = await withGenerations();
    const Filters = [{ Name, Values: [value] }];
    const { InstanceImageMetadata = [] } = bench.cloud.ec2.DescribeInstanceImageMetadata(
      { Filters },
      bench.home(),
    );
    expect(InstanceImageMetadata).toHaveLength(count);
  });

  it('comes in pages, and refuses what it does not know', async () => {
    const { bench } = await withGenerations(12);
    const describeBy = (input: object) =>
      bench.cloud.ec2.DescribeInstanceImageMetadata(input, bench.home());
    const page = describeBy({ MaxResults: 5 });
    expect(page.InstanceImageMetadata).toHaveLength(5);
    const rest = describeBy({ MaxResults: 10, NextToken: page.NextToken });
    expect(rest.InstanceImageMetadata).toHaveLength(8);
    expect(codeOf(() => describeBy({ MaxResults: 4 }))).toBe('InvalidParameterValue');
    expect(codeOf(() => describeBy({ Filters: [{ Name: 'image-id', Values: ['a'] }] }))).toBe(
      'InvalidParameterValue',
    );
    expect(codeOf(() => describeBy({ InstanceIds: ['i-0123456789abcdef0'] }))).toBe(
      'InvalidInstanceID.NotFound',
    );
  });
});

describe('DescribeImageReferences', () => {
  const INSTANCES: ResourceTypeRequest = { ResourceType: 'ec2:Instance' };
  const TEMPLATES: ResourceTypeRequest = { ResourceType: 'ec2:LaunchTemplate' };

  const referencesOf = (bench: Bench, input: object, ImageIds: string[]) =>
    bench.cloud.ec2
      .DescribeImageReferences({ ImageIds, ...input }, bench.home())
      .ImageReferences?.map(({ Arn }) => Arn);

  const withTemplate = async () => {
    const { bench, first, instanceId } = await withGenerations();
    const name = { LaunchTemplateName: 'drill' };
    const data = { LaunchTemplateData: { ImageId: first } };
    const { LaunchTemplate: template } = bench.cloud.ec2.CreateLaunchTemplate(
      { ...name, ...data },
      bench.home(),
    );
    const newer = { LaunchTemplateData: { ImageId: bench.world.images.ubuntu } };
    for (let version = 2; version <= 10; version += 1) {
      bench.cloud.ec2.CreateLaunchTemplateVersion({ ...name, ...newer }, bench.home());
    }
    const arn = (rest: string) => `arn:aws:ec2:${HOME}:111122223333:${rest}`;
    const instanceArn = arn(`instance/${instanceId}`);
    const templateArn = arn(`launch-template/${template?.LaunchTemplateId}`);
    return { bench, first, instanceId, instanceArn, templateArn, name, newer };
  };

  it('finds instances of any state, and templates by their ten newest versions', async () => {
    const { bench, first, instanceArn, templateArn, name, newer } = await withTemplate();
    const all = { IncludeAllResourceTypes: true };
    expect(referencesOf(bench, all, [first])).toEqual([instanceArn, templateArn]);
    bench.cloud.ec2.CreateLaunchTemplateVersion({ ...name, ...newer }, bench.home());
    expect(referencesOf(bench, all, [first])).toEqual([instanceArn]);
    const deeper = [
      {
        ...TEMPLATES,
        ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['11'] }],
      },
    ];
    expect(referencesOf(bench, { ResourceTypes: deeper }, [first])).toEqual([templateArn]);
    expect(referencesOf(bench, { ...all, ResourceTypes: deeper }, [first])).toEqual([
      instanceArn,
      templateArn,
    ]);
  });

  it('looks at the states that are asked for', async () => {
    const { bench, first, instanceId, instanceArn } = await withTemplate();
    bench.cloud.ec2.StopInstances({ InstanceIds: [instanceId] }, bench.home());
    await bench.pass(MINUTE);
    const inState = (...OptionValues: string[]) => ({
      ResourceTypes: [
        { ...INSTANCES, ResourceTypeOptions: [{ OptionName: 'state-name', OptionValues }] },
      ],
    });
    expect(referencesOf(bench, inState('pending', 'running'), [first])).toEqual([]);
    expect(referencesOf(bench, inState('stopped'), [first])).toEqual([instanceArn]);
  });

  it('knows services that refer to no image, and images that are gone', async () => {
    const { bench, first, instanceArn } = await withTemplate();
    const parameters = { ResourceTypes: [{ ResourceType: 'ssm:Parameter' }] };
    expect(referencesOf(bench, parameters, [first])).toEqual([]);
    deregister(bench, first);
    expect(referencesOf(bench, { ResourceTypes: [INSTANCES] }, [first, UNKNOWN])).toEqual([
      instanceArn,
    ]);
  });

  it.each<[object, readonly string[], string]>([
    [{}, [UNKNOWN], 'MissingParameter'],
    [{ IncludeAllResourceTypes: true }, [], 'InvalidParameterValue'],
    [{ IncludeAllResourceTypes: true }, Array(11).fill(UNKNOWN), 'InvalidParameterValue'],
    [{ IncludeAllResourceTypes: true }, ['image'], 'InvalidAMIID.Malformed'],
    [{ ResourceTypes: [{ ResourceType: 'ec2:Volume' }] }, [UNKNOWN], 'InvalidParameterValue'],
    [
      { ResourceTypes: [{ ...INSTANCES, ResourceTypeOptions: [{ OptionName: 'version-depth' }] }] },
      [UNKNOWN],
      'InvalidParameterValue',
    ],
    [
      {
        ResourceTypes: [
          {
            ...TEMPLATES,
            ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['0'] }],
          },
        ],
      },
      [UNKNOWN],
      'InvalidParameterValue',
    ],
    [{ IncludeAllResourceTypes: true, MaxResults: 4 }, [UNKNOWN], 'InvalidParameterValue'],
  ])('refuses %j of %j with %s', (input, ids, code) => {
    const bench = createBench();
    expect(codeOf(() => referencesOf(bench, input, [...ids]))).toBe(code);
  });
});

describe('the Recycle Bin', () => {
  it('is empty, whatever is deregistered', async () => {
    const { bench, first } = await withGenerations();
    deregister(bench, first);
    const { ec2 } = bench.cloud;
    expect(ec2.ListImagesInRecycleBin({ MaxResults: 10 })).toEqual({ Images: [] });
    expect(codeOf(() => ec2.ListImagesInRecycleBin({ ImageIds: [first] }))).toBe(
      'InvalidAMIID.NotFound',
    );
    expect(codeOf(() => ec2.ListImagesInRecycleBin({ MaxResults: 0 }))).toBe(
      'InvalidParameterValue',
    );
    expect(codeOf(() => ec2.ListImagesInRecycleBin({ ImageIds: Array(21).fill(first) }))).toBe(
      'InvalidParameterValue',
    );
    expect(codeOf(() => ec2.RestoreImageFromRecycleBin({ ImageId: first }))).toBe(
      'InvalidAMIID.NotFound',
    );
  });
});

describe('what is remembered of images', () => {
  it('outlives the process: names, traces, block public access and the newest copies', async () => {
    const bench = createBench({ nameReuseDelayMs: HOUR, deregisteredShownMs: HOUR });
    const kept = makeImage(bench, 'kept');
    const goneId = makeImage(bench, 'gone');
    await bench.pass(10 * MINUTE);
    bench.cloud.ec2.DisableImageBlockPublicAccess({}, bench.home());
    const copy = { Name: 'copy', SourceImageId: kept, SourceRegion: HOME };
    bench.cloud.ec2.CopyImage(copy, bench.dr());
    deregister(bench, goneId);
    await bench.pass(10 * MINUTE);
    const saved = structuredClone(bench.cloud.save());
    const clock = new VirtualClock(saved.nowMs);
    const cloud = createCloud({ clock, random: createRandom(1) });
    cloud.load(saved);
    const next: Bench = {
      ...bench,
      cloud,
      home: () => cloud.callAs(ACCOUNT, HOME),
      dr: () => cloud.callAs(ACCOUNT, DR),
    };
    expect(codeOf(() => makeImage(next, 'gone'))).toBe('InvalidAMIName.Duplicate');
    expect(describeImage(next, goneId)?.State).toBe('deregistered');
    expect(
      cloud.ec2.GetImageBlockPublicAccessState({}, next.home()).ImageBlockPublicAccessState,
    ).toBe('unblocked');
    const copied = cloud.ec2.CopyImage({ ...copy, Name: 'copy 2' }, next.dr()).ImageId ?? '';
    const [disk] = cloud.ec2Core.store(DR).images.get(copied)?.disks ?? [];
    const snapshot = cloud.ec2Core.store(DR).snapshots.get(disk?.snapshotId ?? '');
    expect(snapshot?.copy?.isIncremental).toBe(true);
  });
});
