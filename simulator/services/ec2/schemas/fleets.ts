/** The SDK's own schemas of the operations on fleets that are served. */
import {
  CancelSpotFleetRequests$,
  CreateFleet$,
  DeleteFleets$,
  DescribeFleetInstances$,
  DescribeFleets$,
  DescribeSpotFleetInstances$,
  DescribeSpotFleetRequests$,
  ModifyFleet$,
  RequestSpotFleet$,
} from '@aws-sdk/client-ec2';

export const FLEET_SCHEMAS = {
  CancelSpotFleetRequests: CancelSpotFleetRequests$,
  CreateFleet: CreateFleet$,
  DeleteFleets: DeleteFleets$,
  DescribeFleetInstances: DescribeFleetInstances$,
  DescribeFleets: DescribeFleets$,
  DescribeSpotFleetInstances: DescribeSpotFleetInstances$,
  DescribeSpotFleetRequests: DescribeSpotFleetRequests$,
  ModifyFleet: ModifyFleet$,
  RequestSpotFleet: RequestSpotFleet$,
} as const;
