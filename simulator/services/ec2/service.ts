/** All that the embedded EC2 serves: each operation with the SDK's own schema of it. */
import { ApiError, type Call, operation, type Operation, type Service } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { fleetOperations } from './fleet-operations.ts';
import { defineImageLife } from './image-life.ts';
import { imageOperations } from './image-operations.ts';
import { instanceOperations } from './instance-operations.ts';
import { FLEET_SCHEMAS } from './schemas/fleets.ts';
import { IMAGE_SCHEMAS } from './schemas/images.ts';
import { INSTANCE_SCHEMAS } from './schemas/instances.ts';
import { LAUNCH_TEMPLATE_SCHEMAS } from './schemas/launch-templates.ts';
import { PLACE_SCHEMAS } from './schemas/places.ts';
import { SNAPSHOT_SCHEMAS } from './schemas/snapshots.ts';
import { TAG_SCHEMAS } from './schemas/tags.ts';
import { VOLUME_SCHEMAS } from './schemas/volumes.ts';
import { snapshotOperations } from './snapshot-operations.ts';
import { tagOperations } from './tag-operations.ts';
import { volumeOperations } from './volume-operations.ts';

const SCHEMAS = {
  ...IMAGE_SCHEMAS,
  ...SNAPSHOT_SCHEMAS,
  ...VOLUME_SCHEMAS,
  ...INSTANCE_SCHEMAS,
  ...LAUNCH_TEMPLATE_SCHEMAS,
  ...FLEET_SCHEMAS,
  ...PLACE_SCHEMAS,
  ...TAG_SCHEMAS,
} as const;

/** The operations as plain typed functions: what an operator beside the wire calls. */
export const createEc2Operations = (ec2: Ec2) => {
  defineImageLife(ec2);
  return operationsOf(ec2);
};

const operationsOf = (ec2: Ec2) => ({
  ...fleetOperations(ec2),
  ...imageOperations(ec2),
  ...instanceOperations(ec2),
  ...snapshotOperations(ec2),
  ...tagOperations(ec2),
  ...volumeOperations(ec2),
});

export type Ec2Operations = ReturnType<typeof createEc2Operations>;

/**
 * Every operation takes `DryRun`: a request that is wrong gives its own error, and one that would
 * succeed gives this one, and changes nothing (API reference, "Common query parameters").
 */
const withDryRun =
  ({ rehearsal }: Ec2, answer: (input: never, call: Call) => unknown) =>
  (input: { readonly DryRun?: boolean }, call: Call): unknown => {
    if (input.DryRun === true) {
      rehearsal.tryOut(() => answer(input as never, call));
      throw new ApiError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    return answer(input as never, call);
  };

/** The table that the wire serves. */
export const createEc2Service = (ec2: Ec2, operations: Ec2Operations): Service => {
  const table: Record<string, Operation> = {};
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    table[name] = operation(schema, withDryRun(ec2, operations[name as keyof typeof SCHEMAS]));
  }
  return { id: 'ec2', operations: table };
};
