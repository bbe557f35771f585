/** All that is served on instances, on what they are launched from, and on what they name. */
import { deleteTemplateOperations } from './delete-templates.ts';
import { describeNetworkOperations } from './describe-network.ts';
import { describeTemplateOperations } from './describe-templates.ts';
import type { Ec2 } from './ec2.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceStateOperations } from './instance-states.ts';
import { instanceStatusOperation } from './instance-status.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { describeInstancesOperation } from './instances.ts';
import { keyPairOperations } from './key-pairs.ts';
import { launchDataOperation } from './launch-data.ts';
import { launchTemplateOperations } from './launch-templates.ts';
import { placeOperations } from './places.ts';
import { runInstancesOperation } from './run-instances.ts';

export const instanceOperations = (ec2: Ec2) => ({
  ...deleteTemplateOperations(ec2),
  ...describeInstancesOperation(ec2),
  ...describeNetworkOperations(ec2),
  ...describeTemplateOperations(ec2),
  ...instanceAttributeOperations(ec2),
  ...instanceStateOperations(ec2),
  ...instanceStatusOperation(ec2),
  ...instanceTypeOperations(ec2),
  ...keyPairOperations(ec2),
  ...launchDataOperation(ec2),
  ...launchTemplateOperations(ec2),
  ...placeOperations(ec2),
  ...runInstancesOperation(ec2),
});
