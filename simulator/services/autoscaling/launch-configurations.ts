/** Launch configurations: what groups launched by before there were launch templates. */
import type {
  BlockDeviceMapping,
  CreateLaunchConfigurationType,
  LaunchConfiguration,
  LaunchConfigurationNamesType,
  LaunchConfigurationNameType,
  LaunchConfigurationsType,
} from '@aws-sdk/client-auto-scaling';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { findInstance } from '../ec2/instances.ts';
import { withValues } from '../ec2/launch-data.ts';
import { type AutoScaling, invalid } from './groups.ts';
import { pageOf } from './pages.ts';
import { type ConfigurationRow, configurationArnOf } from './rows.ts';
import { assertName, refuseParameters } from './values.ts';

/** Parts of EC2 that no instance here can have. */
const UNSUPPORTED = [
  'ClassicLinkVPCId',
  'ClassicLinkVPCSecurityGroups',
  'KernelId',
  'RamdiskId',
  'PlacementTenancy',
];

/** Auto Scaling looks at the image through EC2's own DescribeImages. */
const assertImage = ({ surroundings }: AutoScaling, imageId: string, call: Call): void => {
  try {
    surroundings.ec2.DescribeImages({ ImageIds: [imageId] }, call);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw invalid(`AMI ${imageId} is invalid: ${error.message}`);
  }
};

/** What an instance gives to a configuration that is based on it: all but its block devices. */
const dataOfInstance = (
  { surroundings }: AutoScaling,
  instanceId: string,
  call: Call,
): Partial<ConfigurationRow['data']> => {
  try {
    const row = findInstance(surroundings.ec2Core, instanceId, call);
    const { attributes } = row;
    return {
      ImageId: row.imageId,
      InstanceType: attributes.instanceType,
      KeyName: row.keyName,
      SecurityGroups: [...attributes.securityGroupIds],
      UserData: attributes.userData,
      IamInstanceProfile: row.instanceProfile?.arn,
      InstanceMonitoring: { Enabled: row.isMonitored },
      EbsOptimized: attributes.ebsOptimized,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw invalid(error.message);
  }
};

/** What Auto Scaling tells where nothing was said. */
const UNSAID: Partial<ConfigurationRow['data']> = {
  KeyName: '',
  SecurityGroups: [],
  ClassicLinkVPCSecurityGroups: [],
  UserData: '',
  KernelId: '',
  RamdiskId: '',
  BlockDeviceMappings: [],
  InstanceMonitoring: { Enabled: true },
  EbsOptimized: false,
};

const dataOf = (
  scaling: AutoScaling,
  { InstanceId, LaunchConfigurationName: _name, ...said }: CreateLaunchConfigurationType,
  call: Call,
): ConfigurationRow['data'] => {
  const base = InstanceId === undefined ? {} : dataOfInstance(scaling, InstanceId, call);
  const { ImageId, InstanceType, ...rest } = {
    ...UNSAID,
    ...withValues<Partial<ConfigurationRow['data']>>(base),
    ...withValues<Partial<ConfigurationRow['data']>>(said),
  };
  if (ImageId === undefined || InstanceType === undefined) {
    throw invalid(
      'Valid requests must contain either the InstanceID parameter or both the ImageId and ' +
        'InstanceType parameters.',
    );
  }
  assertImage(scaling, ImageId, call);
  return { ...rest, ImageId, InstanceType };
};

/** @throws ApiError `AlreadyExists`, `ValidationError` */
export const createConfiguration = (
  scaling: AutoScaling,
  input: CreateLaunchConfigurationType,
  call: Call,
): void => {
  const { LaunchConfigurationName: name = '' } = input;
  assertName('launchConfigurationName', name);
  refuseParameters(input, UNSUPPORTED);
  if (scaling.configuration(call, name) !== undefined) {
    throw new ApiError(
      'AlreadyExists',
      'Launch Configuration by this name already exists - A launch configuration already exists ' +
        `with the name ${name}`,
    );
  }
  const { account, region, nowMs: createdAtMs } = call;
  const data = dataOf(scaling, input, call);
  scaling.addConfiguration({
    account,
    region,
    name,
    uuid: scaling.newUuid(),
    createdAtMs,
    data,
  });
};

const configurationOut = (row: ConfigurationRow): LaunchConfiguration => ({
  ...row.data,
  LaunchConfigurationName: row.name,
  LaunchConfigurationARN: configurationArnOf(row),
  CreatedTime: new Date(row.createdAtMs),
});

/** Names that there are not are left out. */
export const describeConfigurations = (
  scaling: AutoScaling,
  input: LaunchConfigurationNamesType,
  call: Call,
): LaunchConfigurationsType => {
  const { LaunchConfigurationNames: names = [] } = input;
  const all = scaling
    .configurationsOf(call)
    .filter(({ name }) => names.length === 0 || names.includes(name));
  const { rows, next } = pageOf(all, ({ name }) => name, input, 100);
  return { LaunchConfigurations: rows.map(configurationOut), NextToken: next };
};

/** @throws ApiError `ValidationError`, `ResourceInUse` while a group launches by it */
export const deleteConfiguration = (
  scaling: AutoScaling,
  { LaunchConfigurationName: name = '' }: LaunchConfigurationNameType,
  call: Call,
): void => {
  const row = scaling.configuration(call, name);
  if (row === undefined) {
    throw invalid(`Launch configuration name not found - Launch configuration ${name} not found`);
  }
  const user = scaling.groupsOf(call).find(({ source }) => source.LaunchConfigurationName === name);
  if (user !== undefined) {
    throw new ApiError(
      'ResourceInUse',
      `Cannot delete launch configuration ${name} because it is attached to AutoScalingGroup ` +
        user.name,
    );
  }
  scaling.removeConfiguration(row);
};

type Ec2Mapping = NonNullable<RunInstancesRequest['BlockDeviceMappings']>[number];

const mappingOf = ({ NoDevice, Ebs, ...mapping }: BlockDeviceMapping): Ec2Mapping => ({
  ...mapping,
  ...(Ebs !== undefined && { Ebs: { ...Ebs, VolumeType: Ebs.VolumeType as 'gp3' | undefined } }),
  ...(NoDevice === true && { NoDevice: '' }),
});

/** What RunInstances is asked for, but for where. Empty texts say nothing. */
export const requestOf = ({
  data,
}: ConfigurationRow): Omit<RunInstancesRequest, 'MinCount' | 'MaxCount'> => {
  const { SecurityGroups: groups = [], IamInstanceProfile: profile, KeyName, UserData } = data;
  const ids = groups.filter((group) => group.startsWith('sg-'));
  const names = groups.filter((group) => !group.startsWith('sg-'));
  return {
    ImageId: data.ImageId,
    InstanceType: data.InstanceType as 't3.small',
    ...(KeyName !== '' && { KeyName }),
    ...(UserData !== '' && { UserData }),
    ...(ids.length > 0 && { SecurityGroupIds: ids }),
    ...(names.length > 0 && { SecurityGroups: names }),
    ...(profile !== undefined && {
      IamInstanceProfile: profile.startsWith('arn:') ? { Arn: profile } : { Name: profile },
    }),
    BlockDeviceMappings: data.BlockDeviceMappings?.map(mappingOf),
    Monitoring: { Enabled: data.InstanceMonitoring?.Enabled ?? true },
    EbsOptimized: data.EbsOptimized,
    MetadataOptions: data.MetadataOptions,
  };
};
