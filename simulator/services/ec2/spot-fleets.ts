/** RequestSpotFleet, DescribeSpotFleetRequests and DescribeSpotFleetInstances. */
import type {
  DescribeSpotFleetInstancesRequest,
  DescribeSpotFleetInstancesResponse,
  DescribeSpotFleetRequestsRequest,
  DescribeSpotFleetRequestsResponse,
  LaunchTemplateConfig,
  RequestSpotFleetRequest,
  RequestSpotFleetResponse,
  SpotFleetLaunchSpecification,
  SpotFleetRequestConfig,
  SpotFleetRequestConfigData,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import type { Ec2 } from './ec2.ts';
import { activeMembers, capacityIn, fleetActsSoon } from './fleet-capacity.ts';
import { activeInstanceOut, activityOf, fleetStateOut } from './fleet-output.ts';
import type { FleetRow, FleetSource } from './fleet-rows.ts';
import {
  assertPlainImage,
  assertWeights,
  newFleet,
  readFleetTarget,
  readFleetTemplate,
} from './fleet-settings.ts';
import { assertShape, notFound, SPOT_FLEET } from './ids.ts';
import { withValues } from './launch-data.ts';
import { pageOf } from './pages.ts';
import { assertOneOf, refuseParameters, required } from './parameters.ts';
import { readTagSpecifications, tagsOut } from './tags.ts';

const BOUNDS = { min: 1, max: 1_000 };
const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/;
const TYPES = ['request', 'maintain'];
const STRATEGIES = [
  'lowestPrice',
  'diversified',
  'capacityOptimized',
  'capacityOptimizedPrioritized',
  'priceCapacityOptimized',
];

/** Parts of Spot Fleets that none here has. */
const UNSUPPORTED = [
  'Context',
  'FulfilledCapacity',
  'LoadBalancersConfig',
  'OnDemandFulfilledCapacity',
  'SpotMaintenanceStrategies',
  'ValidFrom',
  'ValidUntil',
];
const UNSUPPORTED_IN_SPECIFICATION = [
  'AddressingType',
  'InstanceRequirements',
  'KernelId',
  'RamdiskId',
];

const refuse = (message: string): ApiError =>
  new ApiError('InvalidSpotFleetRequestConfig', message);

const readSpecification = (one: SpotFleetLaunchSpecification): SpotFleetLaunchSpecification => {
  refuseParameters(one, UNSUPPORTED_IN_SPECIFICATION);
  readTagSpecifications(one.TagSpecifications, ['instance']);
  if (one.ImageId === undefined) throw refuse('The launch specification must have an image ID.');
  if (one.InstanceType === undefined) {
    throw refuse('The launch specification must have an instance type.');
  }
  return withValues(one);
};

const readConfig = (
  ec2: Ec2,
  { LaunchTemplateSpecification: spec, Overrides = [] }: LaunchTemplateConfig,
  call: Call,
) => {
  const template = readFleetTemplate(ec2, spec, refuse, call);
  assertPlainImage(ec2, template, refuse, call);
  for (const one of Overrides) refuseParameters(one, ['InstanceRequirements']);
  return { LaunchTemplateSpecification: template, Overrides: Overrides.map(withValues) };
};

const readSource = (ec2: Ec2, config: SpotFleetRequestConfigData, call: Call): FleetSource => {
  const { LaunchSpecifications: specifications = [], LaunchTemplateConfigs: configs = [] } = config;
  if (specifications.length > 0 === configs.length > 0) {
    throw refuse('Either LaunchSpecifications or LaunchTemplateConfigs must be specified.');
  }
  const source =
    specifications.length > 0
      ? { specifications: specifications.map(readSpecification) }
      : { configs: configs.map((one) => readConfig(ec2, one, call)) };
  assertWeights(source, refuse);
  return source;
};

const assertRole = (role: string | undefined): string => {
  const arn = required('SpotFleetRequestConfig.IamFleetRole', role);
  if (ROLE.test(arn)) return arn;
  throw refuse('Parameter: SpotFleetRequestConfig.IamFleetRole is invalid.');
};

/** @throws ApiError `InvalidParameterValue` for a word that the API does not have */
const assertWords = (config: SpotFleetRequestConfigData): void => {
  assertOneOf('Type', config.Type, TYPES);
  assertOneOf('AllocationStrategy', config.AllocationStrategy, STRATEGIES);
  const { OnDemandAllocationStrategy: onDemand } = config;
  assertOneOf('OnDemandAllocationStrategy', onDemand, ['lowestPrice', 'prioritized']);
  const { InstanceInterruptionBehavior: behavior, ExcessCapacityTerminationPolicy: excess } =
    config;
  assertOneOf('InstanceInterruptionBehavior', behavior, ['hibernate', 'stop', 'terminate']);
  assertOneOf('ExcessCapacityTerminationPolicy', excess, ['default', 'noTermination']);
  assertOneOf('TargetCapacityUnitType', config.TargetCapacityUnitType, ['units']);
};

/** As they are told, with what AWS sets where nothing was said. */
const settingsOf = (config: SpotFleetRequestConfigData) => {
  const { AllocationStrategy: strategy = 'lowestPrice' } = config;
  const { InstancePoolsToUseCount: pools } = config;
  if (pools !== undefined && strategy !== 'lowestPrice') {
    throw refuse(
      'InstancePoolsToUseCount option is only available with the lowestPrice allocation strategy.',
    );
  }
  return withValues({
    AllocationStrategy: strategy,
    OnDemandAllocationStrategy: config.OnDemandAllocationStrategy ?? 'lowestPrice',
    ClientToken: config.ClientToken,
    IamFleetRole: assertRole(config.IamFleetRole),
    InstanceInterruptionBehavior: config.InstanceInterruptionBehavior ?? 'terminate',
    InstancePoolsToUseCount: strategy === 'lowestPrice' ? (pools ?? 1) : undefined,
    OnDemandMaxTotalPrice: config.OnDemandMaxTotalPrice,
    ReplaceUnhealthyInstances: config.ReplaceUnhealthyInstances ?? false,
    SpotMaxTotalPrice: config.SpotMaxTotalPrice,
    SpotPrice: config.SpotPrice,
    TerminateInstancesWithExpiration: config.TerminateInstancesWithExpiration ?? false,
  });
};

/** @throws ApiError for whatever is wrong with the request */
const planSpotFleet = (ec2: Ec2, config: SpotFleetRequestConfigData, call: Call) => {
  refuseParameters(config, UNSUPPORTED);
  assertWords(config);
  const settings = settingsOf(config);
  const total = required('SpotFleetRequestConfig.TargetCapacity', config.TargetCapacity);
  const { OnDemandTargetCapacity: onDemand = 0 } = config;
  const given = { total, onDemand, spot: undefined, defaultType: 'spot' };
  const taggable = ['spot-fleet-request'];
  const strategies = [settings.AllocationStrategy, settings.OnDemandAllocationStrategy];
  return {
    type: config.Type === 'request' ? ('request' as const) : ('maintain' as const),
    tags: readTagSpecifications(config.TagSpecifications, taggable)('spot-fleet-request'),
    target: readFleetTarget(given, refuse),
    source: readSource(ec2, config, call),
    settings,
    isDiversified: strategies.includes('diversified'),
    isPrioritized: strategies.some((one) => /prioritized$/i.test(one)),
    keepsExcess: config.ExcessCapacityTerminationPolicy === 'noTermination',
  };
};

const requestSpotFleet = (
  ec2: Ec2,
  input: RequestSpotFleetRequest,
  call: Call,
): RequestSpotFleetResponse => {
  const config = required('SpotFleetRequestConfig', input.SpotFleetRequestConfig);
  const known = madeByToken(ec2, 'RequestSpotFleet', config, call);
  if (known !== undefined) return { SpotFleetRequestId: known };
  const plan = planSpotFleet(ec2, config, call);
  const store = ec2.store(call.region);
  store.beforeChange();
  const row = newFleet(ec2, 'sfr', plan, call);
  store.fleets.spotFleets.set(row.fleetId, row);
  rememberToken(ec2, 'RequestSpotFleet', config, call, row.fleetId);
  fleetActsSoon(ec2, call.region, row);
  return { SpotFleetRequestId: row.fleetId };
};

const find = (ec2: Ec2, requestId: string, call: Call): FleetRow => {
  assertShape(SPOT_FLEET, requestId);
  const row = ec2.store(call.region).fleets.spotFleets.get(requestId);
  if (row?.ownerId === call.account) return row;
  throw notFound(SPOT_FLEET, [requestId]);
};

const configOut = (ec2: Ec2, region: string, row: FleetRow): SpotFleetRequestConfigData => {
  const { source, target, settings } = row;
  const members = activeMembers(ec2, region, row);
  const { configs, specifications } = source;
  return {
    ...(settings as ReturnType<typeof settingsOf>),
    ExcessCapacityTerminationPolicy: row.keepsExcess ? 'noTermination' : 'default',
    FulfilledCapacity: capacityIn(members),
    OnDemandFulfilledCapacity: capacityIn(members, 'on-demand'),
    TargetCapacity: target.total,
    OnDemandTargetCapacity: target.onDemand,
    Type: row.type,
    ...(specifications !== undefined && { LaunchSpecifications: [...specifications] }),
    ...(configs !== undefined && { LaunchTemplateConfigs: [...configs] }),
  };
};

const requestOut = (ec2: Ec2, region: string, row: FleetRow): SpotFleetRequestConfig => ({
  SpotFleetRequestId: row.fleetId,
  SpotFleetRequestState: fleetStateOut(row.state, 'cancelled'),
  ActivityStatus: activityOf(ec2, region, row),
  CreateTime: new Date(row.createdAtMs),
  SpotFleetRequestConfig: configOut(ec2, region, row),
  Tags: tagsOut(row.tags),
});

const describeRequests = (
  ec2: Ec2,
  input: DescribeSpotFleetRequestsRequest,
  call: Call,
): DescribeSpotFleetRequestsResponse => {
  const ids = new Set(input.SpotFleetRequestIds);
  const rows =
    ids.size > 0
      ? [...ids].map((id) => find(ec2, id, call))
      : [...ec2.store(call.region).fleets.spotFleets.values()].filter(
          ({ ownerId }) => ownerId === call.account,
        );
  const page = pageOf(ec2.kernel, rows, (row) => row.fleetId, input, BOUNDS);
  return {
    SpotFleetRequestConfigs: page.rows.map((row) => requestOut(ec2, call.region, row)),
    NextToken: page.nextToken,
  };
};

const describeInstances = (
  ec2: Ec2,
  input: DescribeSpotFleetInstancesRequest,
  call: Call,
): DescribeSpotFleetInstancesResponse => {
  const row = find(ec2, required('SpotFleetRequestId', input.SpotFleetRequestId), call);
  const members = activeMembers(ec2, call.region, row);
  const page = pageOf(ec2.kernel, members, (one) => one.instanceId, input, BOUNDS);
  return {
    SpotFleetRequestId: row.fleetId,
    ActiveInstances: page.rows.map(activeInstanceOut),
    NextToken: page.nextToken,
  };
};

export const spotFleetOperations = (ec2: Ec2) => ({
  RequestSpotFleet: (input: RequestSpotFleetRequest, call: Call) =>
    requestSpotFleet(ec2, input, call),
  DescribeSpotFleetRequests: (input: DescribeSpotFleetRequestsRequest, call: Call) =>
    describeRequests(ec2, input, call),
  DescribeSpotFleetInstances: (input: DescribeSpotFleetInstancesRequest, call: Call) =>
    describeInstances(ec2, input, call),
});
