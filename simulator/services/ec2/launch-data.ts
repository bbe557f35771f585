/** Launch data: what RunInstances takes of a template, and what a template could take of an instance. */
import type {
  GetLaunchTemplateDataRequest,
  GetLaunchTemplateDataResult,
  LaunchTemplateSpecification,
  ResponseLaunchTemplateData,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { findInstance } from './instances.ts';
import { findTemplate, versionOf } from './launch-templates.ts';
import { required } from './parameters.ts';
import type { InstanceRow } from './rows.ts';
import { tagsOut } from './tags.ts';

/** The members of a request that have a value. */
export const withValues = <Request extends object>(request: Request): Request =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as Request;

/** What RunInstances takes from the template that it names; `$Default` unless it says. */
export const launchDataOf = (
  ec2: Ec2,
  by: LaunchTemplateSpecification,
  call: Call,
): Partial<RunInstancesRequest> => {
  const { data } = versionOf(findTemplate(ec2, by, call), by.Version ?? '$Default');
  return withValues<Partial<RunInstancesRequest>>(data);
};

const dataOf = (ec2: Ec2, row: InstanceRow, { region }: Call): ResponseLaunchTemplateData => {
  const { volumes } = ec2.store(region);
  const { attributes, metadata } = row;
  const tags = tagsOut(row.tags);
  return {
    ImageId: row.imageId,
    InstanceType: attributes.instanceType as 't3.small',
    KeyName: row.keyName,
    EbsOptimized: attributes.ebsOptimized,
    IamInstanceProfile: row.instanceProfile && { Arn: row.instanceProfile.arn },
    BlockDeviceMappings: row.disks.flatMap(({ deviceName, volumeId }) => {
      const volume = volumes.get(volumeId ?? '');
      if (volume === undefined) return [];
      const { encrypted, snapshotId, shape, attachment } = volume;
      const Ebs = {
        Encrypted: encrypted,
        DeleteOnTermination: attachment?.deleteOnTermination,
        Iops: shape.iops,
        SnapshotId: snapshotId,
        Throughput: shape.throughput,
        VolumeSize: shape.sizeGib,
        VolumeType: shape.volumeType as 'gp3',
      };
      return [{ DeviceName: deviceName, Ebs }];
    }),
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        DeleteOnTermination: row.networkInterface.deleteOnTermination,
        Description: row.networkInterface.description,
        Groups: [...attributes.securityGroupIds],
        SubnetId: row.subnetId,
      },
    ],
    Monitoring: { Enabled: row.isMonitored },
    Placement: { AvailabilityZone: row.availabilityZone, GroupName: '', Tenancy: 'default' },
    DisableApiTermination: attributes.disableApiTermination,
    DisableApiStop: attributes.disableApiStop,
    InstanceInitiatedShutdownBehavior: attributes.shutdownBehavior,
    UserData: attributes.userData,
    TagSpecifications: tags && [{ ResourceType: 'instance', Tags: tags }],
    MetadataOptions: {
      HttpEndpoint: metadata.httpEndpoint as 'enabled',
      HttpTokens: metadata.httpTokens as 'optional',
      HttpPutResponseHopLimit: metadata.hopLimit,
      HttpProtocolIpv6: metadata.protocolIpv6 as 'disabled',
      InstanceMetadataTags: metadata.instanceTags as 'disabled',
    },
  };
};

export const launchDataOperation = (ec2: Ec2) => ({
  GetLaunchTemplateData: (
    input: GetLaunchTemplateDataRequest,
    call: Call,
  ): GetLaunchTemplateDataResult => {
    const row = findInstance(ec2, required('InstanceId', input.InstanceId), call);
    return { LaunchTemplateData: dataOf(ec2, row, call) };
  },
});
