/** Fleets as EC2 describes them. */
import type {
  ActiveInstance,
  CreateFleetError,
  CreateFleetInstance,
  FleetActivityStatus,
  FleetData,
} from '@aws-sdk/client-ec2';
import type { Ec2 } from './ec2.ts';
import { activeMembers, capacityIn } from './fleet-capacity.ts';
import type { FleetMemberRow, FleetRow, FleetState } from './fleet-rows.ts';
import { tagsOut } from './tags.ts';

/** In the words of the API: what has ended is `deleted`, or `cancelled`. */
export const fleetStateOut = <Word extends 'deleted' | 'cancelled'>(
  state: FleetState,
  ended: Word,
) =>
  state.replace('ended', ended) as
    | Exclude<FleetState, `ended${string}`>
    | `${Word}`
    | `${Word}_running`
    | `${Word}_terminating`;

/** None while the fleet is submitted, and none of one that has ended but for its last instances. */
export const activityOf = (
  ec2: Ec2,
  region: string,
  row: FleetRow,
): FleetActivityStatus | undefined => {
  const { state, errors, target } = row;
  if (state === 'ended_terminating') return 'pending_termination';
  if (state !== 'active' && state !== 'modifying') return undefined;
  const fulfilled = capacityIn(activeMembers(ec2, region, row));
  if (fulfilled >= target.total) return 'fulfilled';
  return errors.length > 0 ? 'error' : 'pending_fulfillment';
};

/** Those that were launched by the same override are told together. */
export const fleetInstancesOut = ({ members }: FleetRow): CreateFleetInstance[] => {
  const keyOf = ({ source, lifecycle }: FleetMemberRow): string =>
    JSON.stringify([source, lifecycle]);
  return [...Map.groupBy(members.values(), keyOf).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    return {
      LaunchTemplateAndOverrides: first.source,
      Lifecycle: first.lifecycle,
      InstanceIds: alike.map(({ instanceId }) => instanceId),
      InstanceType: first.instanceType as 't3.small',
      ...(first.isWindows && { Platform: 'Windows' as const }),
    };
  });
};

export const fleetErrorsOut = ({ errors }: FleetRow): CreateFleetError[] =>
  errors.map(({ source, lifecycle, code, message }) => ({
    LaunchTemplateAndOverrides: source,
    Lifecycle: lifecycle,
    ErrorCode: code,
    ErrorMessage: message,
  }));

const capacitiesOut = (ec2: Ec2, region: string, row: FleetRow) => {
  const members = activeMembers(ec2, region, row);
  return {
    FulfilledCapacity: capacityIn(members),
    FulfilledOnDemandCapacity: capacityIn(members, 'on-demand'),
  };
};

export const fleetOut = (ec2: Ec2, region: string, row: FleetRow): FleetData => ({
  FleetId: row.fleetId,
  FleetState: fleetStateOut(row.state, 'deleted'),
  ActivityStatus: activityOf(ec2, region, row),
  CreateTime: new Date(row.createdAtMs),
  Type: row.type,
  ...row.settings,
  ExcessCapacityTerminationPolicy: row.keepsExcess ? 'no-termination' : 'termination',
  ...capacitiesOut(ec2, region, row),
  LaunchTemplateConfigs: [...(row.source.configs ?? [])],
  TargetCapacitySpecification: {
    TotalTargetCapacity: row.target.total,
    OnDemandTargetCapacity: row.target.onDemand,
    SpotTargetCapacity: row.target.total - row.target.onDemand,
    DefaultTargetCapacityType: row.target.defaultType,
  },
  Tags: tagsOut(row.tags),
  ...(row.type === 'instant' && {
    Errors: fleetErrorsOut(row),
    Instances: fleetInstancesOut(row),
  }),
});

/** Every one of them counts as healthy: nothing here impairs an instance. */
export const activeInstanceOut = ({
  instanceId,
  instanceType,
}: FleetMemberRow): ActiveInstance => ({
  InstanceId: instanceId,
  InstanceType: instanceType,
  InstanceHealth: 'healthy',
});
