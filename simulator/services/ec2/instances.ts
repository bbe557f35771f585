/** DescribeInstances, and how an instance is found by its id. */
import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters } from './filters.ts';
import { assertShape, INSTANCE, notFound } from './ids.ts';
import { instanceFacets } from './instance-facets.ts';
import { instanceOut, reservationOut } from './instance-output.ts';
import type { InstanceRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';

/** The caller's instance of that id. */
export const findInstance = (ec2: Ec2, id: string, call: Call): InstanceRow => {
  const [row] = findInstances(ec2, [id], call);
  if (row !== undefined) return row;
  throw notFound(INSTANCE, [id]);
};

/** All of them, each once, or none: one bad id fails the whole call. */
export const findInstances = (
  ec2: Ec2,
  given: readonly string[] | undefined,
  call: Call,
): InstanceRow[] => {
  const ids = [...new Set(given ?? [])];
  if (ids.length === 0) {
    throw new ApiError('InvalidParameterCombination', 'No instances specified');
  }
  for (const id of ids) assertShape(INSTANCE, id);
  const { instances } = ec2.store(call.region);
  const own = (id: string): InstanceRow | undefined => {
    const row = instances.get(id);
    return row?.ownerId === call.account ? row : undefined;
  };
  const missing = ids.filter((id) => own(id) === undefined);
  if (missing.length > 0) throw notFound(INSTANCE, missing);
  return ids.flatMap((id) => own(id) ?? []);
};

/** Whether the volume that the instance boots from is attached. */
const hasRoot = ({ disks, rootDeviceName }: InstanceRow): boolean =>
  disks.some((disk) => disk.deviceName === rootDeviceName);

/** @throws ApiError if the root volume of one of the instances was detached */
export const assertRootVolumes = (ec2: Ec2, rows: readonly InstanceRow[]): void => {
  const bad = rows.find((row) => !hasRoot(row));
  if (bad === undefined) return;
  throw new ApiError(
    ec2.kernel.manners().missingRootVolumeCode,
    `Invalid value '${bad.instanceId}' for instanceId. Instance does not have a volume attached at ` +
      `root (${bad.rootDeviceName})`,
  );
};

/** To be called before an instance is changed in place. */
export const changing = (ec2: Ec2, region: string, { instanceId }: InstanceRow): void => {
  ec2.store(region).instances.changing(instanceId);
};

const describe = (
  ec2: Ec2,
  input: DescribeInstancesRequest,
  call: Call,
): DescribeInstancesResult => {
  const { instances, outputs } = ec2.store(call.region);
  const page = pageOfSelection(ec2, input, {
    table: instances,
    kind: INSTANCE,
    idOf: (row) => row.instanceId,
    ids: input.InstanceIds,
    idsParameter: 'instancesSet',
    bounds: { min: 5, max: 1_000 },
    isVisible: (row) => row.ownerId === call.account,
    holds: compileFilters(input.Filters, instanceFacets(ec2, call.region)),
    leavesOutStrangers: ec2.kernel.manners().strangersById === 'left-out',
  });
  const launches = Map.groupBy(page.rows, (row) => row.reservationId);
  const make = (row: InstanceRow): Instance => instanceOut(ec2, call.region, row);
  const outputOf = (row: InstanceRow): Instance => outputs.instances.of(row, make);
  return {
    Reservations: Array.from(launches.values(), (rows) => reservationOut(rows, outputOf)),
    NextToken: page.nextToken,
  };
};

export const describeInstancesOperation = (ec2: Ec2) => ({
  /** What is told of an instance tells how its volumes are attached, too. */
  DescribeInstances: (input: DescribeInstancesRequest, call: Call): DescribeInstancesResult => {
    const { account, region, nowMs } = call;
    const { instances, volumes, outputs } = ec2.store(region);
    return outputs.instanceAnswers.of(
      `${account} ${JSON.stringify(input)}`,
      { facts: [instances.changes, volumes.changes, ec2.kernel.manners()], nowMs },
      () => describe(ec2, input, call),
      (sinceMs) => (instances.settledAtMs > sinceMs ? sinceMs : Number.POSITIVE_INFINITY),
    );
  },
});
