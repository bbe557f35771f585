/** All that the embedded EC2 serves: each operation with the SDK's own schema of it. */
import { ApiError, type Call, operation, type Operation, type Service } from '../../wire/api.ts';
import { copyImageOperation } from './copy-image.ts';
import { createImageOperations } from './create-image.ts';
import { deregisterImageOperation } from './deregister-image.ts';
import { describeTemplateOperations } from './describe-templates.ts';
import type { Ec2 } from './ec2.ts';
import { defineImageLife } from './image-life.ts';
import { imageStateOperations } from './image-states.ts';
import { describeImagesOperation } from './images.ts';
import { instanceStateOperations } from './instance-states.ts';
import { describeInstancesOperation } from './instances.ts';
import { launchTemplateOperations } from './launch-templates.ts';
import { runInstancesOperation } from './run-instances.ts';
import { IMAGE_SCHEMAS } from './schemas/images.ts';
import { INSTANCE_SCHEMAS } from './schemas/instances.ts';
import { LAUNCH_TEMPLATE_SCHEMAS } from './schemas/launch-templates.ts';
import { SNAPSHOT_SCHEMAS } from './schemas/snapshots.ts';
import { TAG_SCHEMAS } from './schemas/tags.ts';
import { VOLUME_SCHEMAS } from './schemas/volumes.ts';
import { snapshotOperations } from './snapshots.ts';
import { tagOperations } from './tags.ts';
import { volumeOperations } from './volumes.ts';

const SCHEMAS = {
  ...IMAGE_SCHEMAS,
  ...SNAPSHOT_SCHEMAS,
  ...VOLUME_SCHEMAS,
  ...INSTANCE_SCHEMAS,
  ...LAUNCH_TEMPLATE_SCHEMAS,
  ...TAG_SCHEMAS,
} as const;

/** The operations as plain typed functions: what an operator beside the wire calls. */
export const createEc2Operations = (ec2: Ec2) => {
  defineImageLife(ec2);
  return operationsOf(ec2);
};

const operationsOf = (ec2: Ec2) => ({
  ...copyImageOperation(ec2),
  ...createImageOperations(ec2),
  ...deregisterImageOperation(ec2),
  ...describeImagesOperation(ec2),
  ...describeInstancesOperation(ec2),
  ...describeTemplateOperations(ec2),
  ...imageStateOperations(ec2),
  ...instanceStateOperations(ec2),
  ...launchTemplateOperations(ec2),
  ...runInstancesOperation(ec2),
  ...snapshotOperations(ec2),
  ...tagOperations(ec2),
  ...volumeOperations(ec2),
});

export type Ec2Operations = ReturnType<typeof createEc2Operations>;

/** Every operation takes `DryRun`: it answers with an error even when it would succeed. */
const withDryRun =
  (answer: (input: never, call: Call) => unknown) =>
  (input: { readonly DryRun?: boolean }, call: Call): unknown => {
    if (input.DryRun === true) {
      throw new ApiError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    return answer(input as never, call);
  };

/** The table that the wire serves. */
export const createEc2Service = (operations: Ec2Operations): Service => {
  const table: Record<string, Operation> = {};
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    table[name] = operation(schema, withDryRun(operations[name as keyof typeof SCHEMAS]));
  }
  return { id: 'ec2', operations: table };
};
