import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, makeImage, SECOND } from './fixture.ts';
import { createScalingBench } from './scaling-fixture.ts';

const UUID = '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}';

describe('an Auto Scaling group', () => {
  it('is told with what AWS sets where nothing was said', () => {
    const { create, group, templateId } = createScalingBench();
    create('blue');
    const { AutoScalingGroupARN, ...rest } = group('blue') ?? {};
    expect(AutoScalingGroupARN).toMatch(
      new RegExp(
        `^arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:${UUID}:` +
          'autoScalingGroupName/blue$',
      ),
    );
    expect(rest).toEqual({
      AutoScalingGroupName: 'blue',
      LaunchTemplate: {
        LaunchTemplateId: templateId,
        LaunchTemplateName: 'web',
        Version: '$Default',
      },
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 0,
      DefaultCooldown: 300,
      AvailabilityZones: ['eu-central-1a', 'eu-central-1b'],
      LoadBalancerNames: [],
      TargetGroupARNs: [],
      HealthCheckType: 'EC2',
      HealthCheckGracePeriod: 0,
      Instances: [],
      CreatedTime: new Date('2026-11-21T03:00:00Z'),
      SuspendedProcesses: [],
      VPCZoneIdentifier: '',
      EnabledMetrics: [],
      Status: undefined,
      Tags: [],
      TerminationPolicies: ['Default'],
      NewInstancesProtectedFromScaleIn: false,
      ServiceLinkedRoleARN:
        'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/' +
        'AWSServiceRoleForAutoScaling',
      TrafficSources: [],
      AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
    });
  });

  it('launches its minimum after a while, spread over its zones, and tags what it launches', async () => {
    const { create, instancesOf, instance, pass, templateId, imageId } = createScalingBench();
    const Tags = [
      { Key: 'role', Value: 'web', PropagateAtLaunch: true },
      { Key: 'team', Value: 'a', PropagateAtLaunch: false },
    ];
    create('blue', { MinSize: 3, Tags });
    await pass(4 * SECOND);
    expect(instancesOf('blue')).toEqual([]);
    await pass(SECOND);
    const states = () => instancesOf('blue').map(({ LifecycleState }) => LifecycleState);
    expect(states()).toEqual(['Pending', 'Pending', 'Pending']);
    await pass(MINUTE);
    expect(states()).toEqual(['InService', 'InService', 'InService']);
    expect(instancesOf('blue').map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      'eu-central-1a',
      'eu-central-1b',
      'eu-central-1a',
    ]);
    expect(instancesOf('blue')[0]).toMatchObject({
      InstanceType: 't3.small',
      HealthStatus: 'Healthy',
      LaunchTemplate: { LaunchTemplateId: templateId, LaunchTemplateName: 'web', Version: '1' },
      ProtectedFromScaleIn: false,
    });
    const launched = instance(instancesOf('blue')[0]?.InstanceId ?? '');
    expect(launched).toMatchObject({
      ImageId: imageId,
      State: { Name: 'running' },
      Placement: { AvailabilityZone: 'eu-central-1a' },
    });
    expect(launched?.Tags).toEqual([
      { Key: 'role', Value: 'web' },
      { Key: 'aws:autoscaling:groupName', Value: 'blue' },
    ]);
  });

  it('launches into the subnets that it names, whose zones are its own', async () => {
    const { cloud, home, create, group, instancesOf, instance, pass } = createScalingBench();
    const { Subnets = [] } = cloud.ec2.DescribeSubnets({}, home());
    const subnet = Subnets.find(({ AvailabilityZone: zone }) => zone === 'eu-central-1c');
    const VPCZoneIdentifier = subnet?.SubnetId;
    create('blue', { MinSize: 1, AvailabilityZones: undefined, VPCZoneIdentifier });
    await pass(MINUTE);
    expect(group('blue')).toMatchObject({
      AvailabilityZones: ['eu-central-1c'],
      VPCZoneIdentifier,
    });
    const made = instance(instancesOf('blue')[0]?.InstanceId ?? '');
    expect(made?.SubnetId).toBe(VPCZoneIdentifier);
  });

  it('replaces an instance that somebody terminates, or stops', async () => {
    const { cloud, home, create, instancesOf, instance, terminate, pass } = createScalingBench();
    create('blue', { MinSize: 2 });
    await pass(MINUTE);
    const [one = '', two = ''] = instancesOf('blue').map(({ InstanceId }) => InstanceId);
    terminate(one);
    cloud.ec2.StopInstances({ InstanceIds: [two] }, home());
    await pass(6 * SECOND);
    expect(instancesOf('blue').map((held) => [held.LifecycleState, held.HealthStatus])).toEqual([
      ['Terminating', 'Unhealthy'],
      ['Terminating', 'Unhealthy'],
      ['Pending', 'Healthy'],
      ['Pending', 'Healthy'],
    ]);
    await pass(5 * MINUTE);
    expect(instancesOf('blue').map(({ LifecycleState }) => LifecycleState)).toEqual([
      'InService',
      'InService',
    ]);
    expect([one, two].map((gone) => instance(gone)?.State?.Name)).toEqual([
      'terminated',
      'terminated',
    ]);
  });

  it('launches by the version that $Latest is at the time, and by a number that one', async () => {
    const { create, ask, instancesOf, nextVersion, templateId, pass } = createScalingBench();
    create('latest', { LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' } });
    create('first', { LaunchTemplate: { LaunchTemplateId: templateId, Version: '1' } });
    nextVersion('t3.large');
    for (const AutoScalingGroupName of ['latest', 'first']) {
      ask('SetDesiredCapacity', { AutoScalingGroupName, DesiredCapacity: 1 });
    }
    await pass(MINUTE);
    const heldBy = (name: string) =>
      instancesOf(name).map((held) => [held.InstanceType, held.LaunchTemplate?.Version]);
    expect(heldBy('latest')).toEqual([['t3.large', '2']]);
    expect(heldBy('first')).toEqual([['t3.small', '1']]);
  });

  it('launches by a launch configuration, with all that it says', async () => {
    const { ask, create, instancesOf, instance, imageId, pass } = createScalingBench();
    ask('CreateLaunchConfiguration', {
      LaunchConfigurationName: 'big',
      ImageId: imageId,
      InstanceType: 't3.large',
      InstanceMonitoring: { Enabled: false },
      IamInstanceProfile: 'reader',
      SecurityGroups: ['default'],
      BlockDeviceMappings: [{ DeviceName: '/dev/sdk', Ebs: { VolumeSize: 7, VolumeType: 'gp3' } }],
    });
    create('blue', { MinSize: 1, LaunchTemplate: undefined, LaunchConfigurationName: 'big' });
    await pass(2 * MINUTE);
    const [held] = instancesOf('blue');
    expect(held).toMatchObject({ LaunchConfigurationName: 'big', LaunchTemplate: undefined });
    const launched = instance(held?.InstanceId ?? '');
    expect(launched).toMatchObject({
      ImageId: imageId,
      InstanceType: 't3.large',
      Monitoring: { State: 'disabled' },
      IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/reader' },
    });
    expect(launched?.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName)).toContain(
      '/dev/sdk',
    );
  });

  it('takes the first override of a mixed instances policy, with its weight and its image', async () => {
    const bench = createScalingBench();
    const { create, instancesOf, instance, templateId, pass } = bench;
    const ImageId = makeImage(bench, 'override');
    await pass(HOUR);
    const MixedInstancesPolicy = {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: 'web' },
        Overrides: [
          { InstanceType: 't3.large', WeightedCapacity: '2', ImageId },
          { InstanceType: 't3.small', WeightedCapacity: '1' },
        ],
      },
    };
    create('blue', { MinSize: 3, LaunchTemplate: undefined, MixedInstancesPolicy });
    await pass(MINUTE);
    expect(bench.group('blue')?.MixedInstancesPolicy).toEqual({
      LaunchTemplate: {
        LaunchTemplateSpecification: {
          LaunchTemplateId: templateId,
          LaunchTemplateName: 'web',
          Version: '$Default',
        },
        Overrides: MixedInstancesPolicy.LaunchTemplate.Overrides,
      },
      InstancesDistribution: {
        OnDemandAllocationStrategy: 'prioritized',
        OnDemandBaseCapacity: 0,
        OnDemandPercentageAboveBaseCapacity: 100,
        SpotAllocationStrategy: 'lowest-price',
        SpotInstancePools: 2,
      },
    });
    const held = instancesOf('blue');
    expect(held.map((one) => [one.InstanceType, one.WeightedCapacity, one.ImageId])).toEqual([
      ['t3.large', '2', ImageId],
      ['t3.large', '2', ImageId],
    ]);
    expect(instance(held[0]?.InstanceId ?? '')?.ImageId).toBe(ImageId);
  });

  it('keeps of a mixed instances policy what an update does not name', () => {
    const { ask, create, group } = createScalingBench();
    const LaunchTemplateSpecification = { LaunchTemplateName: 'web', Version: '1' };
    const Overrides = [{ InstanceType: 't3.large' }];
    const LaunchTemplate = { LaunchTemplateSpecification, Overrides };
    create('blue', { LaunchTemplate: undefined, MixedInstancesPolicy: { LaunchTemplate } });
    const change = (MixedInstancesPolicy: object) =>
      ask('UpdateAutoScalingGroup', { AutoScalingGroupName: 'blue', MixedInstancesPolicy });
    change({ InstancesDistribution: { OnDemandBaseCapacity: 1 } });
    change({ InstancesDistribution: { SpotAllocationStrategy: 'capacity-optimized' } });
    expect(group('blue')?.MixedInstancesPolicy).toMatchObject({
      LaunchTemplate,
      InstancesDistribution: {
        OnDemandBaseCapacity: 1,
        SpotAllocationStrategy: 'capacity-optimized',
        SpotInstancePools: undefined,
      },
    });
    change({ LaunchTemplate: { Overrides: [{ InstanceType: 't3.medium' }] } });
    expect(group('blue')?.MixedInstancesPolicy?.LaunchTemplate).toMatchObject({
      LaunchTemplateSpecification,
      Overrides: [{ InstanceType: 't3.medium' }],
    });
  });

  /** A group whose only image was disabled before it was to launch. */
  const aGroupThatFails = async () => {
    const bench = createScalingBench();
    const { cloud, home, ask, create, pass } = bench;
    const ImageId = makeImage(bench, 'own');
    await pass(HOUR);
    const LaunchConfigurationName = 'own';
    const configuration = { LaunchConfigurationName, ImageId, InstanceType: 't3.small' };
    ask('CreateLaunchConfiguration', configuration);
    create('blue', { LaunchTemplate: undefined, LaunchConfigurationName });
    cloud.ec2.DisableImage({ ImageId }, home());
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 1 });
    return { ...bench, enable: () => cloud.ec2.EnableImage({ ImageId }, home()) };
  };

  it('tries again when EC2 refuses a launch', async () => {
    const { instancesOf, enable, pass } = await aGroupThatFails();
    await pass(10 * MINUTE);
    expect(instancesOf('blue')).toEqual([]);
    enable();
    await pass(10 * MINUTE);
    expect(instancesOf('blue')).toHaveLength(1);
  });

  it('gives up after a day of refusals, until somebody changes it', async () => {
    const { ask, instancesOf, enable, pass } = await aGroupThatFails();
    await pass(26 * HOUR);
    enable();
    await pass(26 * HOUR);
    expect(instancesOf('blue')).toEqual([]);
    ask('UpdateAutoScalingGroup', { AutoScalingGroupName: 'blue', DefaultCooldown: 10 });
    await pass(MINUTE);
    expect(instancesOf('blue')).toHaveLength(1);
  });
});

describe('the capacity of a group', () => {
  it('is set, and launches or terminates, but not what is protected', async () => {
    const { create, ask, instancesOf, pass } = createScalingBench();
    const sizeOf = () => instancesOf('blue').length;
    const set = async (DesiredCapacity: number) => {
      ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity });
      await pass(5 * MINUTE);
    };
    create('blue', { NewInstancesProtectedFromScaleIn: true, DesiredCapacity: 1 });
    await pass(MINUTE);
    ask('UpdateAutoScalingGroup', {
      AutoScalingGroupName: 'blue',
      NewInstancesProtectedFromScaleIn: false,
    });
    await set(4);
    expect(sizeOf()).toBe(4);
    await set(0);
    expect(instancesOf('blue').map(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn)).toEqual([
      true,
    ]);
  });

  it.each([
    ['Default', 0],
    ['OldestInstance', 0],
    ['NewestInstance', 2],
  ])('shrinks by %s in its fullest zone', async (policy, gone) => {
    const { create, ask, instancesOf, pass } = createScalingBench();
    create('blue', { TerminationPolicies: [policy] });
    for (const DesiredCapacity of [1, 2, 3]) {
      ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity });
      await pass(MINUTE);
    }
    const before = instancesOf('blue').map(({ InstanceId }) => InstanceId);
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 2 });
    await pass(5 * MINUTE);
    const after = instancesOf('blue').map(({ InstanceId }) => InstanceId);
    expect(after).toEqual(before.filter((_, index) => index !== gone));
  });

  it('lets the older version of a template go first', async () => {
    const { create, ask, instancesOf, nextVersion, pass } = createScalingBench();
    const LaunchTemplate = { LaunchTemplateName: 'web', Version: '$Latest' };
    create('blue', { LaunchTemplate, AvailabilityZones: ['eu-central-1a'], DesiredCapacity: 1 });
    await pass(MINUTE);
    nextVersion('t3.medium');
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 2 });
    await pass(MINUTE);
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 1 });
    await pass(5 * MINUTE);
    expect(instancesOf('blue').map(({ InstanceType }) => InstanceType)).toEqual(['t3.medium']);
  });

  it.each([
    [{ MinSize: 3 }, [3, 4, 3]],
    [{ MaxSize: 1 }, [0, 1, 1]],
    [{ MaxSize: 8 }, [0, 8, 2]],
    [{ MinSize: 1, MaxSize: 9, DesiredCapacity: 5 }, [1, 9, 5]],
  ])('moves with its bounds when they change by %j', (change, expected) => {
    const { create, ask, group } = createScalingBench();
    create('blue', { DesiredCapacity: 2 });
    ask('UpdateAutoScalingGroup', { AutoScalingGroupName: 'blue', ...change });
    const { MinSize, MaxSize, DesiredCapacity } = group('blue') ?? {};
    expect([MinSize, MaxSize, DesiredCapacity]).toEqual(expected);
  });
});

describe('a deleted group', () => {
  it('is gone at once when it has no instances', () => {
    const { create, ask, group } = createScalingBench();
    create('blue');
    ask('DeleteAutoScalingGroup', { AutoScalingGroupName: 'blue' });
    expect(group('blue')).toBeUndefined();
  });

  it('by force is there until its instances have gone, protected ones too', async () => {
    const { cloud, home, create, ask, group, instancesOf, instance, pass } = createScalingBench();
    create('blue', { MinSize: 1 });
    await pass(MINUTE);
    const InstanceId = instancesOf('blue')[0]?.InstanceId ?? '';
    const DisableApiTermination = { Value: true };
    cloud.ec2.ModifyInstanceAttribute({ InstanceId, DisableApiTermination }, home());
    ask('DeleteAutoScalingGroup', { AutoScalingGroupName: 'blue', ForceDelete: true });
    expect(group('blue')).toMatchObject({ Status: 'Delete in progress', DesiredCapacity: 0 });
    await pass(2 * MINUTE);
    expect(group('blue')).toBeUndefined();
    expect(instance(InstanceId)?.State?.Name).toBe('terminated');
  });
});
