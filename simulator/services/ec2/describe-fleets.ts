/** DescribeFleets and DescribeFleetInstances. */
import type {
  DescribeFleetInstancesRequest,
  DescribeFleetInstancesResult,
  DescribeFleetsRequest,
  DescribeFleetsResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets } from './filters.ts';
import { activeMembers } from './fleet-capacity.ts';
import { activeInstanceOut, activityOf, fleetOut, fleetStateOut } from './fleet-output.ts';
import type { FleetMemberRow, FleetRow } from './fleet-rows.ts';
import { findFleet } from './fleets.ts';
import { pageOf } from './pages.ts';

const BOUNDS = { min: 1, max: 1_000 };

const facetsOf = (ec2: Ec2, { region }: Call): Facets<FleetRow> => ({
  'activity-status': (row) => activityOf(ec2, region, row),
  'excess-capacity-termination-policy': ({ keepsExcess }) => String(!keepsExcess),
  'fleet-state': ({ state }) => fleetStateOut(state, 'deleted'),
  'replace-unhealthy-instances': ({ settings }) =>
    String('ReplaceUnhealthyInstances' in settings && settings.ReplaceUnhealthyInstances),
  type: ({ type }) => type,
});

const MEMBER_FACETS: Facets<FleetMemberRow> = { 'instance-type': (row) => row.instanceType };

/** An instant fleet is told of only if its id is given (API reference). */
const selectFleets = (ec2: Ec2, { FleetIds: ids = [] }: DescribeFleetsRequest, call: Call) =>
  ids.length > 0
    ? [...new Set(ids)].map((id) => findFleet(ec2, id, call))
    : [...ec2.store(call.region).fleets.fleets.values()].filter(
        ({ ownerId, type }) => ownerId === call.account && type !== 'instant',
      );

const describeInstances = (
  ec2: Ec2,
  input: DescribeFleetInstancesRequest,
  call: Call,
): DescribeFleetInstancesResult => {
  const row = findFleet(ec2, input.FleetId, call);
  if (row.type === 'instant') {
    throw new ApiError(
      'Unsupported',
      `Fleet ${row.fleetId} is instant fleet. Describe fleet instances is not supported by this ` +
        'type of fleet',
    );
  }
  const holds = compileTaglessFilters(input.Filters, MEMBER_FACETS);
  const members = activeMembers(ec2, call.region, row).filter(holds);
  const page = pageOf(ec2.kernel, members, (one) => one.instanceId, input, BOUNDS);
  return {
    FleetId: row.fleetId,
    ActiveInstances: page.rows.map(activeInstanceOut),
    NextToken: page.nextToken,
  };
};

export const describeFleetOperations = (ec2: Ec2) => ({
  DescribeFleets: (input: DescribeFleetsRequest, call: Call): DescribeFleetsResult => {
    const holds = compileTaglessFilters(input.Filters, facetsOf(ec2, call));
    const rows = selectFleets(ec2, input, call).filter(holds);
    const page = pageOf(ec2.kernel, rows, (row) => row.fleetId, input, BOUNDS);
    return {
      Fleets: page.rows.map((row) => fleetOut(ec2, call.region, row)),
      NextToken: page.nextToken,
    };
  },
  DescribeFleetInstances: (input: DescribeFleetInstancesRequest, call: Call) =>
    describeInstances(ec2, input, call),
});
