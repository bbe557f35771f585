/** The SDK's own schemas of the operations on launch templates that are served. */
import {
  CreateLaunchTemplate$,
  CreateLaunchTemplateVersion$,
  DescribeLaunchTemplateVersions$,
  DescribeLaunchTemplates$,
  ModifyLaunchTemplate$,
} from '@aws-sdk/client-ec2';

export const LAUNCH_TEMPLATE_SCHEMAS = {
  CreateLaunchTemplate: CreateLaunchTemplate$,
  CreateLaunchTemplateVersion: CreateLaunchTemplateVersion$,
  DescribeLaunchTemplateVersions: DescribeLaunchTemplateVersions$,
  DescribeLaunchTemplates: DescribeLaunchTemplates$,
  ModifyLaunchTemplate: ModifyLaunchTemplate$,
} as const;
