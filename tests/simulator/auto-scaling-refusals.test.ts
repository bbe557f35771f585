import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from './fixture.ts';
import { createScalingBench } from './scaling-fixture.ts';
import { refusalOf } from './services.ts';

const FORMED = 'ValidationError: You must use a valid fully-formed launch template. ';
const mixed = (LaunchTemplate: object, InstancesDistribution?: object) => ({
  LaunchTemplate: undefined,
  MixedInstancesPolicy: { LaunchTemplate, InstancesDistribution },
});
const byWeb = (Overrides: readonly object[]) =>
  mixed({ LaunchTemplateSpecification: { LaunchTemplateName: 'web' }, Overrides });

describe('a group that cannot be', () => {
  it.each<[string, object, string]>([
    [
      'of a name that is taken',
      { AutoScalingGroupName: 'blue' },
      'AlreadyExists: AutoScalingGroup by this name already exists - A group with the name blue ' +
        'already exists',
    ],
    [
      'without a name',
      { AutoScalingGroupName: '' },
      "ValidationError: 1 validation error detected: Value '' at 'autoScalingGroupName' failed to " +
        'satisfy constraint: Member must have length greater than or equal to 1',
    ],
    [
      'without a source',
      { LaunchTemplate: undefined },
      'ValidationError: Valid requests must contain either LaunchTemplate, ' +
        'LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    ],
    [
      'with two sources',
      { LaunchConfigurationName: 'old-web' },
      'ValidationError: Valid requests must contain either LaunchTemplate, ' +
        'LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    ],
    [
      'with a source and an instance',
      { InstanceId: 'i-0123456789abcdef0' },
      'ValidationError: Valid requests must contain either LaunchTemplate, ' +
        'LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    ],
    [
      'of an instance that there is not',
      { LaunchTemplate: undefined, InstanceId: 'i-0123456789abcdef0' },
      "ValidationError: The instance ID 'i-0123456789abcdef0' does not exist",
    ],
    [
      'by a configuration that there is not',
      { LaunchTemplate: undefined, LaunchConfigurationName: 'none' },
      'ValidationError: Launch configuration name not found - A launch configuration with the ' +
        'name: none does not exist',
    ],
    [
      'by a template that there is not',
      { LaunchTemplate: { LaunchTemplateName: 'none' } },
      `${FORMED}The specified launch template, with template name none, does not exist.`,
    ],
    [
      'by a template without id and name',
      { LaunchTemplate: { Version: '1' } },
      'ValidationError: Valid requests must contain either launchTemplateId or LaunchTemplateName',
    ],
    [
      'by a policy without a template',
      mixed({ Overrides: [{ InstanceType: 't3.small' }] }),
      'ValidationError: Valid requests must contain either launchTemplateId or LaunchTemplateName',
    ],
    [
      'by a policy with weights for some',
      byWeb([{ InstanceType: 't3.small', WeightedCapacity: '2' }, { InstanceType: 't3.large' }]),
      'ValidationError: You must specify a weight for each instance type override, or for none.',
    ],
    [
      'by a policy with an impossible weight',
      byWeb([{ InstanceType: 't3.small', WeightedCapacity: '0' }]),
      "ValidationError: Invalid value '0' for WeightedCapacity. It must be from 1 to 999.",
    ],
    [
      'by a policy with an image that there is not',
      byWeb([{ InstanceType: 't3.small', ImageId: 'ami-0123456789abcdef0' }]),
      `${FORMED}The image id '[ami-0123456789abcdef0]' does not exist`,
    ],
    [
      'by a policy with a type that there is not',
      byWeb([{ InstanceType: 't3.small' }, { InstanceType: 'none.small' }]),
      FORMED,
    ],
    [
      'by a policy with instance requirements',
      byWeb([{ InstanceRequirements: {} }]),
      'ValidationError: The functionality you requested is not available in this region: ' +
        'InstanceRequirements',
    ],
    [
      'by a policy with an unknown strategy',
      mixed(
        { LaunchTemplateSpecification: { LaunchTemplateName: 'web' } },
        { SpotAllocationStrategy: 'cheap' },
      ),
      "ValidationError: Invalid value 'cheap' for SpotAllocationStrategy. Valid values: " +
        'lowest-price, capacity-optimized, capacity-optimized-prioritized, ' +
        'price-capacity-optimized.',
    ],
    [
      'with bounds the wrong way round',
      { MinSize: 5, MaxSize: 4 },
      'ValidationError: Max bound, 4, must be greater than or equal to min bound, 5',
    ],
    [
      'of half an instance',
      { DesiredCapacity: 0.5 },
      'ValidationError: DesiredCapacity must be a whole number of 0 or more, found 0.5',
    ],
    [
      'that wants more than its bound',
      { DesiredCapacity: 5 },
      'ValidationError: Desired capacity:5 must be between the specified min size:0 and max size:4',
    ],
    [
      'nowhere',
      { AvailabilityZones: undefined },
      'ValidationError: At least one Availability Zone or VPC Subnet is required.',
    ],
    [
      'in a zone that there is not',
      { AvailabilityZones: ['eu-central-1a', 'eu-west-1a'] },
      'ValidationError: Invalid Availability Zones are provided: [eu-west-1a]',
    ],
    [
      'in a subnet that there is not',
      { AvailabilityZones: undefined, VPCZoneIdentifier: 'subnet-0123456789abcdef0' },
      "ValidationError: The subnet ID 'subnet-0123456789abcdef0' does not exist",
    ],
    [
      'behind a load balancer',
      { LoadBalancerNames: ['front'] },
      'ValidationError: Provided Load Balancers may not be valid. Please ensure they exist and try ' +
        'again.',
    ],
    [
      'behind a target group',
      { TargetGroupARNs: ['arn:aws:elasticloadbalancing:a'] },
      'ValidationError: Provided Target Groups may not be valid. Please ensure they exist and try ' +
        'again.',
    ],
    [
      'with a lifetime for its instances',
      { MaxInstanceLifetime: 86_400 },
      'ValidationError: The functionality you requested is not available in this region: ' +
        'MaxInstanceLifetime',
    ],
    [
      'that counts in processors',
      { DesiredCapacityType: 'vcpu' },
      "ValidationError: Invalid value 'vcpu' for DesiredCapacityType. Valid values: units.",
    ],
    [
      'with an unknown policy of termination',
      { TerminationPolicies: ['Worst'] },
      "ValidationError: Invalid value 'Worst' for TerminationPolicies.",
    ],
    [
      'with an unknown health check',
      { HealthCheckType: 'EC2,NONE' },
      "ValidationError: Invalid value 'NONE' for HealthCheckType.",
    ],
    [
      "with a tag of AWS's own",
      { Tags: [{ Key: 'aws:x' }] },
      'ValidationError: Tag keys that begin with aws: are reserved for internal use.',
    ],
    [
      'with a tag of another group',
      { Tags: [{ Key: 'x', ResourceId: 'blue' }] },
      'ValidationError: The tag x is of the group blue, not of green.',
    ],
    [
      'with too many tags',
      { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })) },
      'LimitExceeded: A group may have 50 tags at most.',
    ],
  ])('%s is refused, and is not there', (_, spec, refusal) => {
    const { create, ask } = createScalingBench();
    create('blue');
    expect(refusalOf(() => create('green', spec))).toContain(refusal);
    expect(ask('DescribeAutoScalingGroups')['AutoScalingGroups']).toHaveLength(1);
  });

  it('in zones that are not those of its subnets is refused', () => {
    const { cloud, home, create } = createScalingBench();
    const { Subnets = [] } = cloud.ec2.DescribeSubnets({}, home());
    const own = Subnets.find(({ AvailabilityZone: zone }) => zone === 'eu-central-1c');
    expect(refusalOf(() => create('green', { VPCZoneIdentifier: own?.SubnetId }))).toBe(
      'ValidationError: The availability zones of the specified subnets and the ' +
        'AutoScalingGroup do not match',
    );
  });
});

describe('a group that is not there', () => {
  const refusal =
    "ValidationError: AutoScalingGroup name not found - AutoScalingGroup 'none' not found";
  it.each([
    ['UpdateAutoScalingGroup', { AutoScalingGroupName: 'none' }],
    ['DeleteAutoScalingGroup', { AutoScalingGroupName: 'none' }],
    ['SetDesiredCapacity', { AutoScalingGroupName: 'none', DesiredCapacity: 1 }],
    ['CreateOrUpdateTags', { Tags: [{ ResourceId: 'none', Key: 'x' }] }],
    ['DeleteTags', { Tags: [{ ResourceId: 'none', Key: 'x' }] }],
  ])('is refused by %s', (action, input) => {
    const { ask } = createScalingBench();
    expect(refusalOf(() => ask(action, input))).toBe(refusal);
  });
});

describe('a change of a group', () => {
  it.each([
    [5, 'ValidationError: New SetDesiredCapacity value 5 is above max value 4 for the'],
    [0, 'ValidationError: New SetDesiredCapacity value 0 is below min value 1 for the'],
    [1.5, 'ValidationError: DesiredCapacity must be a whole number of 0 or more, found 1.5'],
  ])('to a capacity of %d is refused', (DesiredCapacity, refusal) => {
    const { create, ask, group } = createScalingBench();
    create('blue', { MinSize: 1, DesiredCapacity: 2 });
    const set = () => ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity });
    expect(refusalOf(set)).toContain(refusal);
    expect(group('blue')).toMatchObject({ DesiredCapacity: 2 });
  });

  it('that honours a cooldown is refused until it is over', async () => {
    const { create, ask, pass } = createScalingBench();
    create('blue', { MinSize: 1, DefaultCooldown: 120 });
    await pass(MINUTE);
    const set = () =>
      ask('SetDesiredCapacity', {
        AutoScalingGroupName: 'blue',
        DesiredCapacity: 2,
        HonorCooldown: true,
      });
    expect(refusalOf(set)).toContain('ScalingActivityInProgress: ');
    await pass(65 * SECOND);
    expect(refusalOf(set)).toBe('none');
  });

  it('that names a bad source or place leaves all as it was', () => {
    const { create, ask, group } = createScalingBench();
    create('blue');
    const before = group('blue');
    const change = (spec: object) =>
      refusalOf(() => ask('UpdateAutoScalingGroup', { AutoScalingGroupName: 'blue', ...spec }));
    expect(change({ MaxSize: 9, LaunchTemplate: { LaunchTemplateName: 'none' } })).toContain(
      FORMED,
    );
    expect(change({ MaxSize: 9, AvailabilityZones: ['a'] })).toContain('Invalid Availability');
    expect(group('blue')).toEqual(before);
  });

  it('is refused while it is being deleted', async () => {
    const { create, ask, pass } = createScalingBench();
    create('blue', { MinSize: 1 });
    await pass(MINUTE);
    const AutoScalingGroupName = 'blue';
    ask('DeleteAutoScalingGroup', { AutoScalingGroupName, ForceDelete: true });
    const refusal =
      'ValidationError: The AutoScaling group may not be modified while it is pending delete';
    const set = { AutoScalingGroupName, DesiredCapacity: 0 };
    expect(refusalOf(() => ask('SetDesiredCapacity', set))).toBe(refusal);
    expect(refusalOf(() => ask('UpdateAutoScalingGroup', { AutoScalingGroupName }))).toBe(refusal);
  });
});

describe('a deletion', () => {
  it('of a group with instances, or about to launch some, is refused', async () => {
    const { create, ask, pass } = createScalingBench();
    create('blue', { MinSize: 1 });
    const remove = () => ask('DeleteAutoScalingGroup', { AutoScalingGroupName: 'blue' });
    expect(refusalOf(remove)).toBe(
      'ScalingActivityInProgress: You cannot delete an AutoScalingGroup while there are scaling ' +
        'activities in progress for that group.',
    );
    await pass(MINUTE);
    expect(refusalOf(remove)).toBe(
      'ResourceInUse: You cannot delete an AutoScalingGroup while there are instances or pending ' +
        'Spot instance request(s) still in the group.',
    );
  });

  it('of a launch configuration that a group has, or that there is not, is refused', () => {
    const { create, ask } = createScalingBench();
    create('blue', { LaunchTemplate: undefined, LaunchConfigurationName: 'old-web' });
    const remove = (LaunchConfigurationName: string) =>
      refusalOf(() => ask('DeleteLaunchConfiguration', { LaunchConfigurationName }));
    expect(remove('old-web')).toBe(
      'ResourceInUse: Cannot delete launch configuration old-web because it is attached to ' +
        'AutoScalingGroup blue',
    );
    expect(remove('none')).toBe(
      'ValidationError: Launch configuration name not found - Launch configuration none not found',
    );
  });
});

describe('a launch configuration', () => {
  it.each([
    [
      { LaunchConfigurationName: 'old-web' },
      'AlreadyExists: Launch Configuration by this name already exists - A launch configuration ' +
        'already exists with the name old-web',
    ],
    [
      { InstanceType: undefined },
      'ValidationError: Valid requests must contain either the InstanceID parameter or both the ' +
        'ImageId and InstanceType parameters.',
    ],
    [
      { ImageId: 'ami-0123456789abcdef0' },
      'ValidationError: AMI ami-0123456789abcdef0 is invalid: The image id ' +
        "'[ami-0123456789abcdef0]' does not exist",
    ],
    [
      { KernelId: 'aki-1' },
      'ValidationError: The functionality you requested is not available in this region: KernelId',
    ],
  ])('with %j is refused', (spec, refusal) => {
    const { ask, imageId } = createScalingBench();
    const valid = { LaunchConfigurationName: 'new', ImageId: imageId, InstanceType: 't3.small' };
    expect(refusalOf(() => ask('CreateLaunchConfiguration', { ...valid, ...spec }))).toBe(refusal);
  });
});

describe('a list', () => {
  it.each([
    ['DescribeAutoScalingGroups', { MaxRecords: 101 }, "Value '101' at 'maxRecords' failed"],
    ['DescribeAutoScalingInstances', { MaxRecords: 51 }, "Value '51' at 'maxRecords' failed"],
    ['DescribeLaunchConfigurations', { MaxRecords: 0 }, "Value '0' at 'maxRecords' failed"],
    ['DescribeAutoScalingGroups', { NextToken: 'x' }, 'InvalidNextToken: '],
    ['DescribeAutoScalingGroups', { Filters: [{ Name: 'colour' }] }, 'Invalid filter: colour.'],
    ['DescribeTags', { Filters: [{ Name: 'colour' }] }, "Invalid value 'colour' for Filter."],
  ])('of %s with %j is refused', (action, input, refusal) => {
    const { ask } = createScalingBench();
    expect(refusalOf(() => ask(action, input))).toContain(refusal);
  });
});
