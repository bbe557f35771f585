/** The SDK's own schemas of the operations on volumes that are served. */
import {
  AttachVolume$,
  CreateVolume$,
  DeleteVolume$,
  DescribeVolumeStatus$,
  DescribeVolumes$,
  DescribeVolumesModifications$,
  DetachVolume$,
  ModifyVolume$,
} from '@aws-sdk/client-ec2';

export const VOLUME_SCHEMAS = {
  AttachVolume: AttachVolume$,
  CreateVolume: CreateVolume$,
  DeleteVolume: DeleteVolume$,
  DescribeVolumeStatus: DescribeVolumeStatus$,
  DescribeVolumes: DescribeVolumes$,
  DescribeVolumesModifications: DescribeVolumesModifications$,
  DetachVolume: DetachVolume$,
  ModifyVolume: ModifyVolume$,
} as const;
