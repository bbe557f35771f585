import type {
  AutoScalingGroup as SdkGroup,
  LaunchConfiguration as SdkConfiguration,
} from '@aws-sdk/client-auto-scaling';
import type {
  FleetData,
  LaunchTemplate as Ec2Template,
  LaunchTemplateVersion as Ec2TemplateVersion,
  SpotFleetRequestConfig,
} from '@aws-sdk/client-ec2';
import type { Parameter as SsmParameter } from '@aws-sdk/client-ssm';
import type {
  AutoScalingGroup,
  Fleet,
  LaunchConfiguration,
  LaunchTemplate,
  LaunchTemplateVersion,
  Parameter,
  TemplatePin,
} from '../domain/inventory.ts';
import { type Required, UnexpectedShapeError, requiredOf } from './shapes.ts';

/**
 * What launches instances, or names images for what does, as the domain's. Each throws
 * UnexpectedShapeError, as shapes.ts does.
 */
const required = requiredOf('EC2');
const requiredOfGroups = requiredOf('Auto Scaling');
const requiredOfParameters = requiredOf('SSM');

export const toLaunchTemplate = (template: Ec2Template): LaunchTemplate => {
  const id = required(template.LaunchTemplateId, 'a launch template', 'LaunchTemplateId');
  return {
    id,
    name: required(template.LaunchTemplateName, id, 'LaunchTemplateName'),
    defaultVersion: required(template.DefaultVersionNumber, id, 'DefaultVersionNumber'),
    latestVersion: required(template.LatestVersionNumber, id, 'LatestVersionNumber'),
  };
};

export const toLaunchTemplateVersion = (version: Ec2TemplateVersion): LaunchTemplateVersion => {
  const id = required(version.LaunchTemplateId, 'a launch template version', 'LaunchTemplateId');
  const number = required(version.VersionNumber, id, 'VersionNumber');
  const what = `${id} (version ${number})`;
  const data = required(version.LaunchTemplateData, what, 'LaunchTemplateData');
  return {
    templateId: id,
    templateName: required(version.LaunchTemplateName, what, 'LaunchTemplateName'),
    version: number,
    ...(version.DefaultVersion === true ? { isDefault: true } : {}),
    ...(data.ImageId === undefined ? {} : { image: data.ImageId }),
    snapshotIds: snapshotIdsOf(data.BlockDeviceMappings),
  };
};

interface Mapping {
  readonly Ebs?: { readonly SnapshotId?: string | undefined } | undefined;
}

const snapshotIdsOf = (mappings: readonly Mapping[] = []): readonly string[] =>
  mappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);

interface TemplateSpecification {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

/**
 * None of nothing. Without a version it means the default one (Amazon EC2 Auto Scaling API Reference,
 * "LaunchTemplateSpecification").
 */
const pinsOf = (
  specification: TemplateSpecification | undefined,
  by: string,
  requiredHere: Required,
): readonly TemplatePin[] => {
  if (specification === undefined) return [];
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version = '$Default' } = specification;
  requiredHere(id ?? name, by, 'the id or the name of its launch template');
  return [
    {
      ...(id === undefined ? {} : { templateId: id }),
      ...(name === undefined ? {} : { templateName: name }),
      version: Version,
    },
  ];
};

export const toAutoScalingGroup = (group: SdkGroup): AutoScalingGroup => {
  const name = requiredOfGroups(group.AutoScalingGroupName, 'a group', 'AutoScalingGroupName');
  const by = `group ${name}`;
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate;
  const overrides = mixed?.Overrides ?? [];
  const specifications = [
    group.LaunchTemplate,
    mixed?.LaunchTemplateSpecification,
    ...overrides.map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification),
  ];
  return {
    name,
    desired: requiredOfGroups(group.DesiredCapacity, by, 'DesiredCapacity'),
    ...(group.LaunchConfigurationName === undefined
      ? {}
      : { launchConfiguration: group.LaunchConfigurationName }),
    templates: specifications.flatMap((one) => pinsOf(one, by, requiredOfGroups)),
    images: overrides.flatMap(({ ImageId }) => ImageId ?? []),
    instanceIds: (group.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
  };
};

export const toLaunchConfiguration = (configuration: SdkConfiguration): LaunchConfiguration => {
  const { LaunchConfigurationName, ImageId, BlockDeviceMappings } = configuration;
  const what = 'a launch configuration';
  const name = requiredOfGroups(LaunchConfigurationName, what, 'LaunchConfigurationName');
  return {
    name,
    image: requiredOfGroups(ImageId, `launch configuration ${name}`, 'ImageId'),
    snapshotIds: snapshotIdsOf(BlockDeviceMappings),
  };
};

const PARAMETER_TYPES: ReadonlySet<string> = new Set<Parameter['type']>([
  'String',
  'StringList',
  'SecureString',
]);

const isParameterType = (type: string): type is Parameter['type'] => PARAMETER_TYPES.has(type);

/**
 * What GetParameters and GetParametersByPath tell; of DescribeParameters, which tells no value, as
 * well. The text of a SecureString is a cipher's, or a secret: it is left out.
 */
export const toParameter = (
  parameter: Pick<SsmParameter, 'Name' | 'Selector' | 'Type' | 'DataType' | 'Value' | 'Version'>,
): Parameter => {
  const name = requiredOfParameters(parameter.Name, 'a parameter', 'Name');
  const type = requiredOfParameters(parameter.Type, `parameter ${name}`, 'Type');
  if (!isParameterType(type)) {
    throw new UnexpectedShapeError(`parameter ${name}`, `a known type (${String(type)})`, 'SSM');
  }
  const { Value: value, Version: version, Selector: selector = '' } = parameter;
  return {
    name,
    ...(selector === '' ? {} : { selector: selector.replace(/^:/, '') }),
    type,
    dataType: parameter.DataType ?? 'text',
    ...(type === 'SecureString' || value === undefined ? {} : { value }),
    ...(version === undefined ? {} : { version }),
  };
};

/**
 * States in which nothing is launched any more (EC2 API Reference, "FleetData" and
 * "SpotFleetRequestConfig"). A word that is not here may still launch.
 */
const ENDED: ReadonlySet<string> = new Set([
  'deleted',
  'deleted_running',
  'deleted_terminating',
  'cancelled',
  'cancelled_running',
  'cancelled_terminating',
  'failed',
]);

export const toFleet = (fleet: FleetData): Fleet => {
  const id = required(fleet.FleetId, 'a fleet', 'FleetId');
  const state: string = required(fleet.FleetState, id, 'FleetState');
  const configs = fleet.LaunchTemplateConfigs ?? [];
  return {
    id,
    state,
    // An instant fleet has launched all that it ever launches (EC2 User Guide, "EC2 Fleet request types").
    isActive: !ENDED.has(state) && fleet.Type !== 'instant',
    templates: configs.flatMap((one) => pinsOf(one.LaunchTemplateSpecification, id, required)),
    images: configs.flatMap(({ Overrides = [] }) =>
      Overrides.flatMap(({ ImageId }) => ImageId ?? []),
    ),
  };
};

export const toSpotFleet = (fleet: SpotFleetRequestConfig): Fleet => {
  const id = required(fleet.SpotFleetRequestId, 'a Spot Fleet request', 'SpotFleetRequestId');
  const state: string = required(fleet.SpotFleetRequestState, id, 'SpotFleetRequestState');
  const config = required(fleet.SpotFleetRequestConfig, id, 'SpotFleetRequestConfig');
  return {
    id,
    state,
    isActive: !ENDED.has(state),
    templates: (config.LaunchTemplateConfigs ?? []).flatMap((one) =>
      pinsOf(one.LaunchTemplateSpecification, id, required),
    ),
    images: (config.LaunchSpecifications ?? []).map(({ ImageId }) =>
      required(ImageId, `a launch specification of ${id}`, 'ImageId'),
    ),
  };
};
