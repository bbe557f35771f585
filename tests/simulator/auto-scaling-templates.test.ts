import { describe, expect, it } from 'vitest';
import { MINUTE } from './fixture.ts';
import { createScalingBench, type ScalingBench } from './scaling-fixture.ts';
import { askOf, refusalOf } from './services.ts';

const createTemplate = ({ cloud, home }: ScalingBench, data: object): void => {
  const LaunchTemplateData = { InstanceType: 't3.small' as const, ...data };
  const template = { LaunchTemplateName: 'special', LaunchTemplateData };
  cloud.ec2.CreateLaunchTemplate(template, home());
};

const SPECIAL = { MinSize: 1, LaunchTemplate: { LaunchTemplateName: 'special' } };

describe('a group by a launch template', () => {
  it('that names its image by a parameter launches what the parameter is then', async () => {
    const bench = createScalingBench();
    const { cloud, create, instancesOf, instance, imageId, pass } = bench;
    createTemplate(bench, { ImageId: 'resolve:ssm:/golden/web' });
    expect(refusalOf(() => create('blue', SPECIAL))).toBe(
      'ValidationError: You must use a valid fully-formed launch template. The parameter ' +
        '/golden/web could not be resolved to an AMI ID',
    );
    const parameter = { Name: '/golden/web', Value: imageId, Type: 'String' };
    askOf(cloud, 'ssm')('PutParameter', parameter);
    create('blue', SPECIAL);
    await pass(MINUTE);
    expect(instance(instancesOf('blue')[0]?.InstanceId ?? '')?.ImageId).toBe(imageId);
  });

  it('that has a network interface keeps it, in the subnet of the group', async () => {
    const bench = createScalingBench();
    const { cloud, home, create, instancesOf, instance, imageId, pass } = bench;
    const interfaces = [{ DeviceIndex: 0, Description: 'front', DeleteOnTermination: false }];
    createTemplate(bench, { ImageId: imageId, NetworkInterfaces: interfaces });
    const { Subnets = [] } = cloud.ec2.DescribeSubnets({}, home());
    const own = Subnets.find(({ AvailabilityZone: zone }) => zone === 'eu-central-1b')?.SubnetId;
    create('blue', { ...SPECIAL, AvailabilityZones: undefined, VPCZoneIdentifier: own });
    await pass(MINUTE);
    const launched = instance(instancesOf('blue')[0]?.InstanceId ?? '');
    expect(launched).toMatchObject({
      SubnetId: own,
      NetworkInterfaces: [{ Description: 'front', Attachment: { DeleteOnTermination: false } }],
    });
  });

  it('tags what it launches as the template and the group say, the group before the template', async () => {
    const bench = createScalingBench();
    const { create, instancesOf, instance, imageId, pass } = bench;
    const ofTemplate = [
      { Key: 'role', Value: 'template' },
      { Key: 'made-by', Value: 'template' },
    ];
    const TagSpecifications = [{ ResourceType: 'instance', Tags: ofTemplate }];
    createTemplate(bench, { ImageId: imageId, TagSpecifications });
    const Tags = [{ Key: 'role', Value: 'group', PropagateAtLaunch: true }];
    create('blue', { ...SPECIAL, Tags });
    await pass(MINUTE);
    const { Tags: tags = [] } = instance(instancesOf('blue')[0]?.InstanceId ?? '') ?? {};
    expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))).toEqual({
      role: 'group',
      'made-by': 'template',
      'aws:autoscaling:groupName': 'blue',
    });
  });

  it('that is deleted launches nothing more, and what runs goes on', async () => {
    const bench = createScalingBench();
    const { cloud, home, ask, create, group, instancesOf, imageId, pass } = bench;
    createTemplate(bench, { ImageId: imageId });
    create('blue', SPECIAL);
    await pass(MINUTE);
    cloud.ec2.DeleteLaunchTemplate({ LaunchTemplateName: 'special' }, home());
    ask('SetDesiredCapacity', { AutoScalingGroupName: 'blue', DesiredCapacity: 2 });
    await pass(10 * MINUTE);
    expect(group('blue')).toMatchObject({
      DesiredCapacity: 2,
      LaunchTemplate: { LaunchTemplateName: 'special' },
    });
    expect(instancesOf('blue').map(({ LifecycleState }) => LifecycleState)).toEqual(['InService']);
  });
});
