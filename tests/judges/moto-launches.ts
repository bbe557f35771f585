/** What instances are launched with: templates, key pairs, networks and types, as both sides have them. */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  ImportKeyPairCommand,
  ModifyLaunchTemplateCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Deed, baseImage, byText, codeOf, tagging, tagsOf } from './moto-deeds.ts';

const VERSIONS = (letter: string) => ({ ImageId: `ami-0123456789abcdef${letter}` });

/** Of an RSA pair that was made for this, and whose other half was thrown away. */
const PUBLIC_KEY =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC2EGb1kEAskP6RhpB/o6tGbOHL7tijxxpet5PVnUQhNQi6pkQV93tcxyxPjQISWfo3Vl6bQEMRoL54TGa15RpN5zgEotABFW123UyjMZrATsHpFL3mW/6lf5GaleqoDqnidQJUT1k7ahcjxXuY1+lOBC6VVchIt8YF6s6z1zTnGSBPlGLtkxjr38a4rOR47oxwRFSLzi0Sb7hsnsU1EnntDhp4TnSWUilmgfV6nfpI5SQgSwIum6+vyUPLKoZPBZ/Zc4XHXMl9vSFpWFxKRJvxNaDnNiV20R5LVVORhR4SgbQlnebcHT25XjvUMm175EytEglIg31HFI44Kcu67L5x walk';

export const LAUNCH_DEEDS: readonly Deed[] = [
  {
    title: 'the latest and the default version of a launch template are told apart',
    on: async (side) => {
      const { home, run } = side;
      const LaunchTemplateName = 'web';
      const template = { LaunchTemplateName, LaunchTemplateData: VERSIONS('a') };
      await run(home.send(new CreateLaunchTemplateCommand(template)));
      for (const letter of ['b', 'c']) {
        const version = { LaunchTemplateName, LaunchTemplateData: VERSIONS(letter) };
        await run(home.send(new CreateLaunchTemplateVersionCommand(version)));
      }
      const change = { LaunchTemplateName, DefaultVersion: '2' };
      await run(home.send(new ModifyLaunchTemplateCommand(change)));
      const found = [];
      for (const version of ['$Latest', '$Default', '1']) {
        const wanted = { LaunchTemplateName, Versions: [version] };
        const answer = await run(home.send(new DescribeLaunchTemplateVersionsCommand(wanted)));
        for (const { VersionNumber, LaunchTemplateData } of answer.LaunchTemplateVersions ?? []) {
          found.push([VersionNumber, LaunchTemplateData?.ImageId]);
        }
      }
      return found;
    },
    comesTo: [
      [3, 'ami-0123456789abcdefc'],
      [2, 'ami-0123456789abcdefb'],
      [1, 'ami-0123456789abcdefa'],
    ],
  },
  {
    title: 'launch templates are found by name and tag, made once a name, and deleted',
    on: async (side) => {
      const { home, run } = side;
      const LaunchTemplateName = 'listed';
      const template = {
        LaunchTemplateName,
        LaunchTemplateData: VERSIONS('a'),
        ...tagging('launch-template', { role: 'listed' }),
      };
      const create = () => codeOf(side, home.send(new CreateLaunchTemplateCommand(template)));
      const found = async (input: object) => {
        const answer = await run(home.send(new DescribeLaunchTemplatesCommand(input)));
        return (answer.LaunchTemplates ?? []).map((each) => [
          each.LaunchTemplateName,
          each.DefaultVersionNumber,
          each.LatestVersionNumber,
          tagsOf(each),
        ]);
      };
      return [
        await create(),
        await create(),
        await found({ LaunchTemplateNames: [LaunchTemplateName] }),
        await found({ Filters: [{ Name: 'tag:role', Values: ['listed'] }] }),
        await codeOf(side, home.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName }))),
        await found({ Filters: [{ Name: 'launch-template-name', Values: ['listed'] }] }),
      ];
    },
    comesTo: [
      'done',
      'InvalidLaunchTemplateName.AlreadyExistsException',
      [['listed', 1, 1, { role: 'listed' }]],
      [['listed', 1, 1, { role: 'listed' }]],
      'done',
      [],
    ],
  },
  {
    title: 'an instance is launched from a launch template',
    on: async (side) => {
      const LaunchTemplateName = 'launched';
      const data = { ImageId: await baseImage(side), InstanceType: 't3.small' } as const;
      const template = { LaunchTemplateName, LaunchTemplateData: data };
      await side.run(side.home.send(new CreateLaunchTemplateCommand(template)));
      const asked = new RunInstancesCommand({
        LaunchTemplate: { LaunchTemplateName },
        MinCount: 1,
        MaxCount: 1,
      });
      const { Instances = [] } = await side.run(side.home.send(asked));
      return Instances.map(({ InstanceType, ImageId }) => [InstanceType, ImageId === data.ImageId]);
    },
    comesTo: [['t3.small', true]],
  },
  {
    title: 'a key pair is imported once a name, described and deleted',
    on: async (side) => {
      const { home, run } = side;
      const KeyName = 'walk';
      const material = new TextEncoder().encode(PUBLIC_KEY);
      const make = () =>
        codeOf(side, home.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: material })));
      const made = [await make(), await make()];
      const describeKey = new DescribeKeyPairsCommand({ KeyNames: [KeyName] });
      const { KeyPairs = [] } = await run(home.send(describeKey));
      await run(home.send(new DeleteKeyPairCommand({ KeyName })));
      return {
        made,
        found: KeyPairs.map((key) => key.KeyName),
        after: await codeOf(side, home.send(describeKey)),
      };
    },
    comesTo: {
      made: ['done', 'InvalidKeyPair.Duplicate'],
      found: ['walk'],
      after: 'InvalidKeyPair.NotFound',
    },
  },
  {
    title: 'a new account has a default network in every zone',
    on: async ({ run, dr }) => {
      const Filters = [{ Name: 'is-default', Values: ['true'] }];
      const { Vpcs = [] } = await run(dr.send(new DescribeVpcsCommand({ Filters })));
      const { Subnets = [] } = await run(dr.send(new DescribeSubnetsCommand({})));
      const { SecurityGroups = [] } = await run(
        dr.send(
          new DescribeSecurityGroupsCommand({
            Filters: [{ Name: 'group-name', Values: ['default'] }],
          }),
        ),
      );
      const { AvailabilityZones = [] } = await run(
        dr.send(new DescribeAvailabilityZonesCommand({})),
      );
      const zones = AvailabilityZones.map(({ ZoneName = '' }) => ZoneName).toSorted(byText);
      return {
        vpcs: Vpcs.map(({ CidrBlock, State, IsDefault }) => [CidrBlock, State, IsDefault]),
        zones: zones.length,
        subnets: zones.map(
          (zone) => Subnets.filter(({ AvailabilityZone }) => AvailabilityZone === zone).length,
        ),
        groups: SecurityGroups.map(({ GroupName, VpcId }) => [GroupName, VpcId === Vpcs[0]?.VpcId]),
      };
    },
    comesTo: {
      vpcs: [['172.31.0.0/16', 'available', true]],
      zones: 3,
      subnets: [1, 1, 1],
      groups: [['default', true]],
    },
  },
  {
    title: 'instance types tell their processors and memory',
    on: async ({ run, home }) => {
      const InstanceTypes = ['t3.micro', 'm5.large'] as const;
      const asked = new DescribeInstanceTypesCommand({ InstanceTypes: [...InstanceTypes] });
      const { InstanceTypes: found = [] } = await run(home.send(asked));
      return found
        .map((type) => [
          type.InstanceType,
          type.VCpuInfo?.DefaultVCpus,
          type.MemoryInfo?.SizeInMiB,
          type.ProcessorInfo?.SupportedArchitectures,
        ])
        .toSorted(([one], [two]) => byText(String(one), String(two)));
    },
    comesTo: [
      ['m5.large', 2, 8192, ['x86_64']],
      ['t3.micro', 2, 1024, ['x86_64']],
    ],
  },
];
