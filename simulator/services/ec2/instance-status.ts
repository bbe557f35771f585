/** DescribeInstanceStatus. */
import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  InstanceStatus,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets, matchNothing } from './filters.ts';
import { INSTANCE } from './ids.ts';
import { stateOut } from './instance-output.ts';
import { findZone } from './places.ts';
import type { InstanceRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';

const IDS_MAX = 100;
/** How long the checks of a new instance take. */
const CHECK_MS = 120_000;

type Summary = 'ok' | 'initializing' | 'not-applicable';

const summaryOf = (row: InstanceRow, nowMs: number): Summary => {
  if (row.state !== 'running') return row.state === 'pending' ? 'initializing' : 'not-applicable';
  return nowMs - row.launchedAtMs < CHECK_MS ? 'initializing' : 'ok';
};

const reachabilityOf = (summary: Summary): 'passed' | 'initializing' | undefined => {
  if (summary === 'ok') return 'passed';
  return summary === 'initializing' ? 'initializing' : undefined;
};

const facets = (region: string, nowMs: number): Facets<InstanceRow> => {
  const summary = (row: InstanceRow) => [summaryOf(row, nowMs)];
  const reachability = (row: InstanceRow) => [reachabilityOf(summaryOf(row, nowMs))];
  return {
    'availability-zone': (row) => [row.availabilityZone],
    'availability-zone-id': (row) => [findZone({ name: row.availabilityZone }, { region })?.id],
    'instance-state-code': (row) => [String(stateOut(row.state).Code)],
    'instance-state-name': (row) => [row.state],
    'instance-status.reachability': reachability,
    'instance-status.status': summary,
    'operator.managed': () => ['false'],
    'system-status.reachability': reachability,
    'system-status.status': summary,
    'attached-ebs-status.status': summary,
    ...matchNothing([
      'event.code',
      'event.description',
      'event.instance-event-id',
      'event.not-after',
      'event.not-before',
      'event.not-before-deadline',
      'operator.principal',
    ]),
  };
};

const statusOut = (row: InstanceRow, region: string, nowMs: number): InstanceStatus => {
  const Status = summaryOf(row, nowMs);
  const reachability = reachabilityOf(Status);
  const Details =
    reachability === undefined ? [] : [{ Name: 'reachability' as const, Status: reachability }];
  return {
    InstanceId: row.instanceId,
    AvailabilityZone: row.availabilityZone,
    AvailabilityZoneId: findZone({ name: row.availabilityZone }, { region })?.id,
    InstanceState: stateOut(row.state),
    InstanceStatus: { Status, Details },
    SystemStatus: { Status, Details },
    AttachedEbsStatus: { Status, Details },
    Operator: { Managed: false },
    Events: [],
  };
};

export const instanceStatusOperation = (ec2: Ec2) => ({
  /** Of running instances, unless all are asked for. */
  DescribeInstanceStatus: (
    input: DescribeInstanceStatusRequest,
    call: Call,
  ): DescribeInstanceStatusResult => {
    if ((input.InstanceIds?.length ?? 0) > IDS_MAX) {
      throw new ApiError('InvalidParameterValue', `No more than ${IDS_MAX} instance IDs`);
    }
    const holds = compileTaglessFilters(input.Filters, facets(call.region, call.nowMs));
    const isListed = (row: InstanceRow): boolean =>
      input.IncludeAllInstances === true || row.state === 'running';
    const page = pageOfSelection(ec2, input, {
      table: ec2.store(call.region).instances,
      kind: INSTANCE,
      idOf: (row) => row.instanceId,
      ids: input.InstanceIds,
      idsParameter: 'instancesSet',
      bounds: { min: 5, max: 1_000 },
      isVisible: (row) => row.ownerId === call.account,
      holds: (row) => isListed(row) && holds(row),
      leavesOutStrangers: ec2.kernel.manners().strangersById === 'left-out',
    });
    return {
      InstanceStatuses: page.rows.map((row) => statusOut(row, call.region, call.nowMs)),
      NextToken: page.nextToken,
    };
  },
});
