/** The SDK's own schemas of the operations on launch templates that are served. */
import {
  CreateLaunchTemplate$,
  CreateLaunchTemplateVersion$,
  DeleteLaunchTemplate$,
  DeleteLaunchTemplateVersions$,
  DescribeLaunchTemplateVersions$,
  DescribeLaunchTemplates$,
  GetLaunchTemplateData$,
  ModifyLaunchTemplate$,
} from '@aws-sdk/client-ec2';

export const LAUNCH_TEMPLATE_SCHEMAS = {
  CreateLaunchTemplate: CreateLaunchTemplate$,
  CreateLaunchTemplateVersion: CreateLaunchTemplateVersion$,
  DeleteLaunchTemplate: DeleteLaunchTemplate$,
  DeleteLaunchTemplateVersions: DeleteLaunchTemplateVersions$,
  DescribeLaunchTemplateVersions: DescribeLaunchTemplateVersions$,
  DescribeLaunchTemplates: DescribeLaunchTemplates$,
  GetLaunchTemplateData: GetLaunchTemplateData$,
  ModifyLaunchTemplate: ModifyLaunchTemplate$,
} as const;
