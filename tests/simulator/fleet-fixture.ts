/** A bench with what fleets launch by: an image and a template of two versions. */
import type { FleetData, SpotFleetRequestConfig } from '@aws-sdk/client-ec2';
import type { Manners } from '../../simulator/manners.ts';
import { createBench } from './fixture.ts';

export const ROLE = 'arn:aws:iam::111122223333:role/fleet';

export const createFleetBench = (manners: Partial<Manners> = {}) => {
  const bench = createBench(manners);
  const { cloud, home, world } = bench;
  const { ec2 } = cloud;
  const imageId = world.images.ubuntu;
  const data = { ImageId: imageId, InstanceType: 't3.small' as const };
  const made = ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'web', LaunchTemplateData: data },
    home(),
  );
  const templateId = made.LaunchTemplate?.LaunchTemplateId ?? '';
  const template = (Version = '$Default') => ({ LaunchTemplateName: 'web', Version });
  const configs = [{ LaunchTemplateSpecification: template() }];
  const fleet = (id: string): FleetData | undefined =>
    ec2.DescribeFleets({ FleetIds: [id] }, home()).Fleets?.[0];
  const spotFleet = (id: string): SpotFleetRequestConfig | undefined =>
    ec2.DescribeSpotFleetRequests({ SpotFleetRequestIds: [id] }, home())
      .SpotFleetRequestConfigs?.[0];
  return {
    ...bench,
    imageId,
    templateId,
    template,
    /** Asks for so many by the template, unless the spec says otherwise. */
    ask: (capacity: number, spec: object = {}) =>
      ec2.CreateFleet(
        {
          LaunchTemplateConfigs: configs,
          TargetCapacitySpecification: { TotalTargetCapacity: capacity },
          ...spec,
        },
        home(),
      ),
    askSpot: (capacity: number, config: object = {}): string =>
      ec2.RequestSpotFleet(
        {
          SpotFleetRequestConfig: {
            IamFleetRole: ROLE,
            TargetCapacity: capacity,
            LaunchSpecifications: [data],
            ...config,
          },
        },
        home(),
      ).SpotFleetRequestId ?? '',
    fleet,
    spotFleet,
    instancesOf: (FleetId: string): readonly string[] =>
      (ec2.DescribeFleetInstances({ FleetId }, home()).ActiveInstances ?? []).map(
        ({ InstanceId }) => InstanceId ?? '',
      ),
    spotInstancesOf: (SpotFleetRequestId: string): readonly string[] =>
      (ec2.DescribeSpotFleetInstances({ SpotFleetRequestId }, home()).ActiveInstances ?? []).map(
        ({ InstanceId }) => InstanceId ?? '',
      ),
    instance: (id: string) =>
      ec2.DescribeInstances({ InstanceIds: [id] }, home()).Reservations?.[0]?.Instances?.[0],
    terminate: (id: string | undefined) => {
      ec2.TerminateInstances({ InstanceIds: [id ?? ''] }, home());
    },
    modify: (FleetId: string, spec: object) => ec2.ModifyFleet({ FleetId, ...spec }, home()),
    end: (id: string, TerminateInstances: boolean) =>
      ec2.DeleteFleets({ FleetIds: [id], TerminateInstances }, home()),
    cancel: (id: string, TerminateInstances: boolean) =>
      ec2.CancelSpotFleetRequests({ SpotFleetRequestIds: [id], TerminateInstances }, home()),
  };
};

export type FleetBench = ReturnType<typeof createFleetBench>;
