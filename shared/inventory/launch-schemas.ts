import type {
  BatchState,
  FleetData,
  FleetStateCode,
  FleetType,
  LaunchTemplate,
  LaunchTemplateVersion,
} from '@aws-sdk/client-ec2';
import type { Parameter, ParameterType } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { flag, list, text, whole, word } from './schema-fields.ts';

/**
 * What launches instances, or names images for what does, as the AWS CLI prints it or the SDK gives
 * it: of each, the fields that the shapes in shared/aws read. Whatever else is there is let pass.
 */
const mappings = list(z.object({ Ebs: z.object({ SnapshotId: text }).optional() }));

const specification = z
  .object({ LaunchTemplateId: text, LaunchTemplateName: text, Version: text })
  .optional();

export const templateSchema: z.ZodType<LaunchTemplate> = z.object({
  LaunchTemplateId: text,
  LaunchTemplateName: text,
  DefaultVersionNumber: whole,
  LatestVersionNumber: whole,
  CreatedBy: text,
});

export const templateVersionSchema: z.ZodType<LaunchTemplateVersion> = z.object({
  LaunchTemplateId: text,
  LaunchTemplateName: text,
  VersionNumber: whole,
  DefaultVersion: flag,
  LaunchTemplateData: z.object({ ImageId: text, BlockDeviceMappings: mappings }).optional(),
  CreatedBy: text,
});

export const groupSchema = z.object({
  AutoScalingGroupName: text,
  AutoScalingGroupARN: text,
  DesiredCapacity: whole,
  LaunchConfigurationName: text,
  LaunchTemplate: specification,
  MixedInstancesPolicy: z
    .object({
      LaunchTemplate: z
        .object({
          LaunchTemplateSpecification: specification,
          Overrides: list(z.object({ LaunchTemplateSpecification: specification, ImageId: text })),
        })
        .optional(),
    })
    .optional(),
  Instances: list(z.object({ InstanceId: text })),
});

export const configurationSchema = z.object({
  LaunchConfigurationName: text,
  LaunchConfigurationARN: text,
  ImageId: text,
  BlockDeviceMappings: mappings,
});

export const parameterSchema: z.ZodType<Parameter> = z.object({
  Name: text,
  Selector: text,
  ARN: text,
  Type: word<ParameterType>(),
  DataType: text,
  Value: text,
  Version: whole,
});

export const fleetSchema: z.ZodType<FleetData> = z.object({
  FleetId: text,
  FleetState: word<FleetStateCode>(),
  Type: word<FleetType>(),
  LaunchTemplateConfigs: list(
    z.object({
      LaunchTemplateSpecification: specification,
      Overrides: list(z.object({ ImageId: text, AvailabilityZone: text })),
    }),
  ),
});

const spotFleetConfig = z.object({
  IamFleetRole: text,
  LaunchTemplateConfigs: list(z.object({ LaunchTemplateSpecification: specification })),
  LaunchSpecifications: list(
    z.object({ ImageId: text, Placement: z.object({ AvailabilityZone: text }).optional() }),
  ),
});

export const spotFleetSchema = z.object({
  SpotFleetRequestId: text,
  SpotFleetRequestState: word<BatchState>(),
  SpotFleetRequestConfig: spotFleetConfig.optional(),
});
