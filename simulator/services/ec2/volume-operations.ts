/** All that is served on volumes. */
import type { Ec2 } from './ec2.ts';
import { volumeChangeOperations } from './volume-changes.ts';
import { volumeModificationOperations } from './volume-modifications.ts';
import { describeVolumesOperations } from './volumes.ts';

export const volumeOperations = (ec2: Ec2) => ({
  ...describeVolumesOperations(ec2),
  ...volumeChangeOperations(ec2),
  ...volumeModificationOperations(ec2),
});
