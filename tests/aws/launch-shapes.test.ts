import type { AutoScalingGroup as SdkGroup } from '@aws-sdk/client-auto-scaling';
import type { SpotFleetRequestConfig } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import {
  toAutoScalingGroup,
  toFleet,
  toLaunchConfiguration,
  toLaunchTemplate,
  toLaunchTemplateVersion,
  toParameter,
  toSpotFleet,
} from '../../shared/aws/launch-shapes.ts';

describe('a launch template', () => {
  const template = {
    LaunchTemplateId: 'lt-1',
    LaunchTemplateName: 'web',
    DefaultVersionNumber: 2,
    LatestVersionNumber: 7,
  };

  test('has its default and its latest version', () => {
    const expected = { id: 'lt-1', name: 'web', defaultVersion: 2, latestVersion: 7 };

    expect(toLaunchTemplate(template)).toEqual(expected);
  });

  test.each([
    ['LaunchTemplateId', 'a launch template'],
    ['LaunchTemplateName', 'lt-1'],
    ['DefaultVersionNumber', 'lt-1'],
    ['LatestVersionNumber', 'lt-1'],
  ])('without %s is not believed', (name, what) => {
    expect(() => toLaunchTemplate({ ...template, [name]: undefined })).toThrow(
      `EC2 answered ${what} without ${name}`,
    );
  });
});

describe('a version of a launch template', () => {
  const version = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'web', VersionNumber: 3 };
  const bare = { templateId: 'lt-1', templateName: 'web', version: 3, snapshotIds: [] };

  test('has its image as it is written, and its snapshots', () => {
    const data = {
      ImageId: 'resolve:ssm:/golden/web',
      BlockDeviceMappings: [
        { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1' } },
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 8 } },
        { DeviceName: '/dev/sdh', NoDevice: '' },
      ],
    };

    expect(toLaunchTemplateVersion({ ...version, LaunchTemplateData: data })).toEqual({
      ...bare,
      image: 'resolve:ssm:/golden/web',
      snapshotIds: ['snap-1'],
    });
  });

  test('tells whether it is the default one', () => {
    const asked = { ...version, LaunchTemplateData: {} };

    expect(toLaunchTemplateVersion({ ...asked, DefaultVersion: true })).toEqual({
      ...bare,
      isDefault: true,
    });
    expect(toLaunchTemplateVersion({ ...asked, DefaultVersion: false })).toEqual(bare);
  });

  test('need not name an image', () => {
    expect(toLaunchTemplateVersion({ ...version, LaunchTemplateData: {} })).toEqual(bare);
  });

  test.each([
    [{ LaunchTemplateId: undefined }, 'a launch template version without LaunchTemplateId'],
    [{ VersionNumber: undefined }, 'lt-1 without VersionNumber'],
    [{ LaunchTemplateName: undefined }, 'lt-1 (version 3) without LaunchTemplateName'],
    [{ LaunchTemplateData: undefined }, 'lt-1 (version 3) without LaunchTemplateData'],
  ])('with %j is not believed', (more, message) => {
    expect(() => toLaunchTemplateVersion({ ...version, LaunchTemplateData: {}, ...more })).toThrow(
      `EC2 answered ${message}`,
    );
  });
});

describe('an Auto Scaling group', () => {
  const group = { AutoScalingGroupName: 'blue', DesiredCapacity: 0 } as SdkGroup;
  const bare = { name: 'blue', desired: 0, templates: [], images: [], instanceIds: [] };

  test('may launch by a launch configuration', () => {
    expect(toAutoScalingGroup({ ...group, LaunchConfigurationName: 'old-web' })).toEqual({
      ...bare,
      launchConfiguration: 'old-web',
    });
  });

  test('launches by the default version where it names none', () => {
    const LaunchTemplate = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'web' };
    const Instances = [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] as SdkGroup['Instances'];

    expect(toAutoScalingGroup({ ...group, LaunchTemplate, Instances })).toEqual({
      ...bare,
      templates: [{ templateId: 'lt-1', templateName: 'web', version: '$Default' }],
      instanceIds: ['i-1', 'i-2'],
    });
  });

  test('with a mixed instances policy has its template first, then those of its overrides', () => {
    const MixedInstancesPolicy = {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '7' },
        Overrides: [
          { InstanceType: 't3.small' },
          { LaunchTemplateSpecification: { LaunchTemplateName: 'arm', Version: '$Latest' } },
          { ImageId: 'ami-override' },
        ],
      },
    };

    expect(toAutoScalingGroup({ ...group, MixedInstancesPolicy })).toEqual({
      ...bare,
      templates: [
        { templateId: 'lt-1', version: '7' },
        { templateName: 'arm', version: '$Latest' },
      ],
      images: ['ami-override'],
    });
  });

  test.each([
    [{ AutoScalingGroupName: undefined }, 'a group without AutoScalingGroupName'],
    [{ DesiredCapacity: undefined }, 'group blue without DesiredCapacity'],
    [{ LaunchTemplate: {} }, 'group blue without the id or the name of its launch template'],
  ])('with %j is not believed', (more, message) => {
    expect(() => toAutoScalingGroup({ ...group, ...more })).toThrow(
      `Auto Scaling answered ${message}`,
    );
  });
});

describe('a launch configuration', () => {
  const configuration = {
    LaunchConfigurationName: 'old-web',
    ImageId: 'ami-1',
    InstanceType: 't3.small',
    CreatedTime: new Date(0),
  };

  test('has its image and its snapshots', () => {
    const mappings = [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1' } }];

    expect(toLaunchConfiguration({ ...configuration, BlockDeviceMappings: mappings })).toEqual({
      name: 'old-web',
      image: 'ami-1',
      snapshotIds: ['snap-1'],
    });
  });

  test.each([
    ['LaunchConfigurationName', 'a launch configuration'],
    ['ImageId', 'launch configuration old-web'],
  ])('without %s is not believed', (name, what) => {
    expect(() => toLaunchConfiguration({ ...configuration, [name]: undefined })).toThrow(
      `Auto Scaling answered ${what} without ${name}`,
    );
  });
});

describe('a parameter', () => {
  test('has its value, its version and its data type', () => {
    const parameter = {
      Name: '/golden/web',
      Type: 'String',
      DataType: 'aws:ec2:image',
      Value: 'ami-1',
      Version: 4,
    } as const;

    expect(toParameter(parameter)).toEqual({
      name: '/golden/web',
      type: 'String',
      dataType: 'aws:ec2:image',
      value: 'ami-1',
      version: 4,
    });
  });

  test('has the version or label that it was asked for by', () => {
    const asked = { Name: '/a', Type: 'String', Value: 'x' } as const;
    const bare = { name: '/a', type: 'String', dataType: 'text', value: 'x' };

    expect(toParameter({ ...asked, Selector: ':prod' })).toEqual({ ...bare, selector: 'prod' });
    expect(toParameter({ ...asked, Selector: '' })).toEqual(bare);
  });

  test('of which only the name was told has no value, and is text', () => {
    const bare = { name: '/a', type: 'StringList', dataType: 'text' };

    expect(toParameter({ Name: '/a', Type: 'StringList' })).toEqual(bare);
  });

  test('that is secret keeps what it is', () => {
    const bare = { name: '/a', type: 'SecureString', dataType: 'text' };

    expect(toParameter({ Name: '/a', Type: 'SecureString', Value: 'cipher' })).toEqual(bare);
  });

  test.each([
    [{ Name: undefined }, 'a parameter without Name'],
    [{ Type: undefined }, 'parameter /a without Type'],
    [{ Type: 'Secret' }, 'parameter /a without a known type (Secret)'],
  ])('with %j is not believed', (more, message) => {
    const parameter = { Name: '/a', Type: 'String', ...more } as Parameters<typeof toParameter>[0];

    expect(() => toParameter(parameter)).toThrow(`SSM answered ${message}`);
  });
});

describe('a fleet', () => {
  const LaunchTemplateConfigs = [
    {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '3' },
      Overrides: [{ InstanceType: 't3.small' as const }, { ImageId: 'ami-1' }],
    },
  ];

  test('has its templates, and the images of its overrides', () => {
    const fleet = { FleetId: 'fleet-1', FleetState: 'active', LaunchTemplateConfigs } as const;

    expect(toFleet({ ...fleet, Type: 'maintain' })).toEqual({
      id: 'fleet-1',
      state: 'active',
      isActive: true,
      templates: [{ templateId: 'lt-1', version: '3' }],
      images: ['ami-1'],
    });
  });

  test.each([
    ['submitted', 'request', true],
    ['modifying', 'maintain', true],
    ['some-new-state', 'maintain', true],
    ['active', 'instant', false],
    ['deleted', 'maintain', false],
    ['deleted_running', 'maintain', false],
    ['deleted_terminating', 'maintain', false],
    ['failed', 'maintain', false],
  ])('that is %s and of type %s may launch: %s', (state, type, expected) => {
    const fleet = { FleetId: 'fleet-1', FleetState: state, Type: type };

    expect(toFleet(fleet as Parameters<typeof toFleet>[0]).isActive).toBe(expected);
  });

  test.each([
    [{ FleetState: 'active' as const }, 'a fleet without FleetId'],
    [{ FleetId: 'fleet-1' }, 'fleet-1 without FleetState'],
  ])('in the form of %j is not believed', (fleet, message) => {
    expect(() => toFleet(fleet)).toThrow(`EC2 answered ${message}`);
  });
});

describe('a Spot Fleet request', () => {
  const config = (more: object): SpotFleetRequestConfig => ({
    SpotFleetRequestId: 'sfr-1',
    SpotFleetRequestState: 'active',
    SpotFleetRequestConfig: { IamFleetRole: 'role', TargetCapacity: 0, ...more },
  });

  test('has its templates, and the images of its launch specifications', () => {
    const LaunchTemplateConfigs = [{ LaunchTemplateSpecification: { LaunchTemplateName: 'web' } }];
    const LaunchSpecifications = [{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }];

    expect(toSpotFleet(config({ LaunchTemplateConfigs, LaunchSpecifications }))).toEqual({
      id: 'sfr-1',
      state: 'active',
      isActive: true,
      templates: [{ templateName: 'web', version: '$Default' }],
      images: ['ami-1', 'ami-2'],
    });
  });

  test.each(['cancelled', 'cancelled_running', 'cancelled_terminating'] as const)(
    'that is %s launches no more',
    (state) => {
      expect(toSpotFleet({ ...config({}), SpotFleetRequestState: state }).isActive).toBe(false);
    },
  );

  test.each([
    [{ SpotFleetRequestId: undefined }, 'a Spot Fleet request without SpotFleetRequestId'],
    [{ SpotFleetRequestState: undefined }, 'sfr-1 without SpotFleetRequestState'],
    [{ SpotFleetRequestConfig: undefined }, 'sfr-1 without SpotFleetRequestConfig'],
    [config({ LaunchSpecifications: [{}] }), 'a launch specification of sfr-1 without ImageId'],
    [
      config({ LaunchTemplateConfigs: [{ LaunchTemplateSpecification: {} }] }),
      'sfr-1 without the id or the name of its launch template',
    ],
  ])('with %j is not believed', (more, message) => {
    expect(() => toSpotFleet({ ...config({}), ...more })).toThrow(`EC2 answered ${message}`);
  });
});
