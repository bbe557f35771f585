/** All that is served on EC2 Fleets and Spot Fleet requests. */
import { describeFleetOperations } from './describe-fleets.ts';
import type { Ec2 } from './ec2.ts';
import { endFleetOperations } from './end-fleets.ts';
import { defineFleetLife } from './fleet-capacity.ts';
import { fleetOperations as changeFleetOperations } from './fleets.ts';
import { spotFleetOperations } from './spot-fleets.ts';

export const fleetOperations = (ec2: Ec2) => {
  defineFleetLife(ec2);
  return operationsOf(ec2);
};

const operationsOf = (ec2: Ec2) => ({
  ...changeFleetOperations(ec2),
  ...describeFleetOperations(ec2),
  ...endFleetOperations(ec2),
  ...spotFleetOperations(ec2),
});
