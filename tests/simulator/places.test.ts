import { describe, expect, it } from 'vitest';
import { ACCOUNT, type Bench, codeOf, createBench, HOME } from './fixture.ts';

const regions = (bench: Bench, input: object): string[] =>
  bench.cloud.ec2
    .DescribeRegions(input, bench.home())
    .Regions?.map((one) => one.RegionName ?? '') ?? [];

const zones = (bench: Bench, region: string, input: object = {}) =>
  bench.cloud.ec2.DescribeAvailabilityZones(input, bench.cloud.callAs(ACCOUNT, region))
    .AvailabilityZones ?? [];

describe('DescribeRegions', () => {
  it('lists the Regions that an account has from the start, and the others on demand', () => {
    const bench = createBench();
    const usual = regions(bench, {});
    expect(usual).toHaveLength(17);
    expect(usual).toEqual(expect.arrayContaining(['eu-central-1', 'us-east-1', 'sa-east-1']));
    expect(usual).not.toContain('eu-south-1');
    expect(regions(bench, { AllRegions: true })).toEqual(
      expect.arrayContaining(['eu-south-1', 'ap-east-1']),
    );
    expect(regions(bench, { AllRegions: true })).not.toContain('cn-north-1');
  });

  it('describes one by name, with its endpoint and whether it is opted in to', () => {
    const bench = createBench();
    const input = { RegionNames: ['eu-west-1', 'eu-south-1'] };
    expect(bench.cloud.ec2.DescribeRegions(input, bench.home()).Regions).toEqual([
      {
        RegionName: 'eu-south-1',
        Endpoint: 'ec2.eu-south-1.amazonaws.com',
        OptInStatus: 'not-opted-in',
      },
      {
        RegionName: 'eu-west-1',
        Endpoint: 'ec2.eu-west-1.amazonaws.com',
        OptInStatus: 'opt-in-not-required',
      },
    ]);
  });

  it('refuses a Region that there is not, and a filter that it does not know', () => {
    const bench = createBench();
    expect(codeOf(() => regions(bench, { RegionNames: ['eu-east-9'] }))).toBe(
      'InvalidParameterValue',
    );
    const filter = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
    expect(codeOf(() => regions(bench, filter('tag:a', 'b')))).toBe('InvalidParameterValue');
    expect(regions(bench, filter('region-name', 'us-*'))).toHaveLength(4);
    expect(regions(bench, filter('opt-in-status', 'not-opted-in'))).toEqual([]);
  });
});

describe('DescribeAvailabilityZones', () => {
  it('gives the zones of the Region that is asked, each with its id', () => {
    const bench = createBench();
    expect(zones(bench, 'eu-west-1').map((one) => [one.ZoneName, one.ZoneId])).toEqual([
      ['eu-west-1a', 'euw1-az1'],
      ['eu-west-1b', 'euw1-az2'],
      ['eu-west-1c', 'euw1-az3'],
    ]);
    expect(zones(bench, 'us-east-1')).toHaveLength(6);
    expect(zones(bench, 'ap-northeast-1').map((one) => one.ZoneName?.at(-1))).toEqual([
      'a',
      'c',
      'd',
    ]);
  });

  it('finds zones by name, id and filter, and refuses those of other Regions', () => {
    const bench = createBench();
    expect(zones(bench, HOME, { ZoneNames: ['eu-central-1b'] })).toMatchObject([
      {
        ZoneName: 'eu-central-1b',
        State: 'available',
        ZoneType: 'availability-zone',
        RegionName: HOME,
        NetworkBorderGroup: HOME,
        OptInStatus: 'opt-in-not-required',
      },
    ]);
    const filter = { Filters: [{ Name: 'zone-id', Values: ['euc1-az2'] }] };
    expect(zones(bench, HOME, filter)).toHaveLength(1);
    expect(codeOf(() => zones(bench, HOME, { ZoneNames: ['eu-west-1a'] }))).toBe(
      'InvalidParameterValue',
    );
  });
});

describe('the network of an account', () => {
  it('is a default VPC with a subnet in each zone and a group, the same at each look', () => {
    const bench = createBench();
    const call = bench.dr();
    const [vpc] = bench.cloud.ec2.DescribeVpcs({}, call).Vpcs ?? [];
    expect(vpc).toMatchObject({ IsDefault: true, CidrBlock: '172.31.0.0/16', OwnerId: ACCOUNT });
    const subnets = bench.cloud.ec2.DescribeSubnets({}, call).Subnets ?? [];
    expect(
      new Set(subnets.map((one) => `${one.AvailabilityZone} ${one.VpcId} ${one.DefaultForAz}`)),
    ).toEqual(new Set(['a', 'b', 'c'].map((letter) => `eu-west-1${letter} ${vpc?.VpcId} true`)));
    expect(subnets).toHaveLength(3);
    expect(bench.cloud.ec2.DescribeSecurityGroups({}, call).SecurityGroups).toMatchObject([
      { GroupName: 'default', VpcId: vpc?.VpcId },
    ]);
    expect(bench.cloud.ec2.DescribeVpcs({}, bench.dr()).Vpcs).toEqual([vpc]);
    const attribute = { AttributeNames: ['default-vpc' as const] };
    expect(bench.cloud.ec2.DescribeAccountAttributes(attribute, call).AccountAttributes).toEqual([
      { AttributeName: 'default-vpc', AttributeValues: [{ AttributeValue: vpc?.VpcId }] },
    ]);
  });

  it('is another for every account and Region', () => {
    const bench = createBench();
    const vpcId = (account: string, region: string) =>
      bench.cloud.ec2.DescribeVpcs({}, bench.cloud.callAs(account, region)).Vpcs?.[0]?.VpcId;
    const ids = [
      vpcId(ACCOUNT, 'us-east-1'),
      vpcId(ACCOUNT, 'us-west-2'),
      vpcId('999988887777', 'us-east-1'),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('has what the instances of the world name', () => {
    const bench = createBench();
    const { Reservations = [] } = bench.cloud.ec2.DescribeInstances({}, bench.home());
    const instances = Reservations.flatMap((one) => one.Instances ?? []);
    const SubnetIds = [...new Set(instances.map((one) => one.SubnetId ?? ''))];
    const GroupIds = [
      ...new Set(
        instances.flatMap((one) => one.SecurityGroups?.map((group) => group.GroupId ?? '') ?? []),
      ),
    ];
    const KeyNames = [...new Set(instances.map((one) => one.KeyName ?? ''))];
    expect(bench.cloud.ec2.DescribeSubnets({ SubnetIds }, bench.home()).Subnets).toHaveLength(2);
    expect(
      bench.cloud.ec2.DescribeSecurityGroups({ GroupIds }, bench.home()).SecurityGroups,
    ).toHaveLength(5);
    expect(bench.cloud.ec2.DescribeKeyPairs({ KeyNames }, bench.home()).KeyPairs).toHaveLength(1);
  });

  it.each([
    ['subnets', 'InvalidSubnetID.NotFound'],
    ['groups', 'InvalidGroup.NotFound'],
    ['vpcs', 'InvalidVpcID.NotFound'],
    ['keys', 'InvalidKeyPair.NotFound'],
  ] as const)('answers one unknown id among the %s with %s', (what, code) => {
    const bench = createBench();
    const { ec2 } = bench.cloud;
    const ask = {
      subnets: () => ec2.DescribeSubnets({ SubnetIds: ['subnet-0123456789abcdef0'] }, bench.home()),
      groups: () => ec2.DescribeSecurityGroups({ GroupNames: ['nine'] }, bench.home()),
      vpcs: () => ec2.DescribeVpcs({ VpcIds: ['vpc-0123456789abcdef0'] }, bench.home()),
      keys: () => ec2.DescribeKeyPairs({ KeyNames: ['nine'] }, bench.home()),
    };
    expect(codeOf(ask[what])).toBe(code);
  });
});

describe('a key pair', () => {
  const material = (text: string) => new TextEncoder().encode(text);
  const importKey = (bench: Bench, KeyName: string, text: string) =>
    bench.cloud.ec2.ImportKeyPair({ KeyName, PublicKeyMaterial: material(text) }, bench.home());

  it('is imported once under a name, and can be launched with until it is deleted', () => {
    const bench = createBench();
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me';
    expect(importKey(bench, 'mine', key)).toMatchObject({
      KeyName: 'mine',
      KeyFingerprint: 'uALbfMqe7g4MMaRS5NMJen38dAEHwtxzR0iX0Ymuc80=',
    });
    expect(importKey(bench, 'old', 'ssh-rsa AAAAB3NzaC1yc2E=').KeyFingerprint).toBe(
      '15:07:b5:d4:f7:dc:4a:58:14:51:38:62:c7:40:b7:55',
    );
    expect(codeOf(() => importKey(bench, 'mine', key))).toBe('InvalidKeyPair.Duplicate');
    expect(codeOf(() => importKey(bench, 'other', 'not a key'))).toBe('InvalidKey.Format');
    const run = () =>
      codeOf(() =>
        bench.cloud.ec2.RunInstances(
          { ImageId: bench.world.images.ubuntu, KeyName: 'mine', MinCount: 1, MaxCount: 1 },
          bench.home(),
        ),
      );
    expect(run()).toBe('none');
    bench.cloud.ec2.DeleteKeyPair({ KeyName: 'mine' }, bench.home());
    expect(run()).toBe('InvalidKeyPair.NotFound');
  });
});

describe('DescribeInstanceTypes', () => {
  const types = (bench: Bench, input: object) =>
    bench.cloud.ec2.DescribeInstanceTypes(input, bench.home()).InstanceTypes ?? [];

  it('tells of the general types what they have', () => {
    const bench = createBench();
    expect(types(bench, { InstanceTypes: ['m6g.2xlarge', 't3.micro'] })).toMatchObject([
      {
        InstanceType: 'm6g.2xlarge',
        ProcessorInfo: { SupportedArchitectures: ['arm64'] },
        VCpuInfo: { DefaultVCpus: 8 },
        MemoryInfo: { SizeInMiB: 32_768 },
      },
      {
        InstanceType: 't3.micro',
        BurstablePerformanceSupported: true,
        VCpuInfo: { DefaultVCpus: 2 },
      },
    ]);
  });

  it('finds by what a type has, and refuses one that there is not', () => {
    const bench = createBench();
    const Filters = [
      { Name: 'processor-info.supported-architecture', Values: ['arm64'] },
      { Name: 'vcpu-info.default-vcpus', Values: ['4'] },
      { Name: 'memory-info.size-in-mib', Values: ['16384'] },
    ];
    expect(types(bench, { Filters }).map((one) => one.InstanceType)).toEqual([
      'm6g.xlarge',
      'm7g.xlarge',
      't4g.xlarge',
    ]);
    expect(codeOf(() => types(bench, { InstanceTypes: ['t9.nano'] }))).toBe('InvalidInstanceType');
  });
});
