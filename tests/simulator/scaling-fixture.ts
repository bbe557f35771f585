/** A bench with what Auto Scaling groups launch by: an image, a template and a configuration. */
import type {
  AutoScalingGroup,
  AutoScalingGroupsType,
  Instance,
} from '@aws-sdk/client-auto-scaling';
import type { Manners } from '../../simulator/manners.ts';
import { createBench } from './fixture.ts';
import { askOf } from './services.ts';

const ZONES = ['eu-central-1a', 'eu-central-1b'];

export const createScalingBench = (manners: Partial<Manners> = {}) => {
  const bench = createBench(manners);
  const { cloud, home, id } = bench;
  const ask = askOf(cloud, 'autoscaling');
  const instance = (instanceId: string) => {
    const asked = { InstanceIds: [instanceId] };
    return cloud.ec2.DescribeInstances(asked, home()).Reservations?.[0]?.Instances?.[0];
  };
  const imageId = instance(id('web-1'))?.ImageId ?? '';
  const data = { ImageId: imageId, InstanceType: 't3.small' as const };
  const template = { LaunchTemplateName: 'web', LaunchTemplateData: data };
  const templateId =
    cloud.ec2.CreateLaunchTemplate(template, home()).LaunchTemplate?.LaunchTemplateId ?? '';
  ask('CreateLaunchConfiguration', { LaunchConfigurationName: 'old-web', ...data });
  const group = (name: string): AutoScalingGroup | undefined =>
    ask<AutoScalingGroupsType>('DescribeAutoScalingGroups', { AutoScalingGroupNames: [name] })
      .AutoScalingGroups?.[0];
  return {
    ...bench,
    ask,
    instance,
    imageId,
    templateId,
    group,
    instancesOf: (name: string): readonly Instance[] => group(name)?.Instances ?? [],
    /** By the template, in two zones, unless the spec says otherwise. */
    create: (AutoScalingGroupName: string, spec: object = {}) => {
      const source = { LaunchTemplate: { LaunchTemplateName: 'web' } };
      const size = { MinSize: 0, MaxSize: 4, AvailabilityZones: ZONES };
      ask('CreateAutoScalingGroup', { AutoScalingGroupName, ...source, ...size, ...spec });
    },
    /** Makes the template's next version of another type. */
    nextVersion: (InstanceType: 't3.medium' | 't3.large') => {
      const LaunchTemplateData = { ...data, InstanceType };
      const version = { LaunchTemplateName: 'web', LaunchTemplateData };
      cloud.ec2.CreateLaunchTemplateVersion(version, home());
    },
    terminate: (instanceId: string) => {
      cloud.ec2.TerminateInstances({ InstanceIds: [instanceId] }, home());
    },
  };
};

export type ScalingBench = ReturnType<typeof createScalingBench>;
