/** CreateFleet and ModifyFleet. */
import type {
  CreateFleetRequest,
  CreateFleetResult,
  FleetLaunchTemplateConfigRequest,
  FleetLaunchTemplateOverrides,
  FleetLaunchTemplateOverridesRequest,
  ModifyFleetRequest,
  ModifyFleetResult,
  OnDemandOptionsRequest,
  SpotOptionsRequest,
  TargetCapacitySpecificationRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import type { Ec2 } from './ec2.ts';
import { fillFleet, fleetActsSoon } from './fleet-capacity.ts';
import { fleetErrorsOut, fleetInstancesOut } from './fleet-output.ts';
import type { FleetRow, FleetSource, FleetTarget, FleetType } from './fleet-rows.ts';
import {
  assertPlainImage,
  assertWeights,
  launchTags,
  newFleet,
  readFleetTarget,
  readFleetTemplate,
} from './fleet-settings.ts';
import { assertShape, FLEET, notFound } from './ids.ts';
import { withValues } from './launch-data.ts';
import { assertOneOf, refuseParameters, required } from './parameters.ts';
import { readTagSpecifications } from './tags.ts';

const TYPES: readonly FleetType[] = ['instant', 'request', 'maintain'];
/** What an instant fleet can tag at launch; the others do it by their templates. */
const LAUNCHED = ['instance', 'volume', 'network-interface'];
const EXCESS = ['termination', 'no-termination'];
const SPOT_STRATEGIES = [
  'lowest-price',
  'diversified',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
];
const INSTANT_ONLY = ['ImageId', 'BlockDeviceMappings'] as const;

/** Parts of EC2 Fleet that no fleet here has. */
const UNSUPPORTED = ['Context', 'ReservedCapacityOptions', 'ValidFrom', 'ValidUntil'];
const UNSUPPORTED_OPTIONS = [
  'CapacityReservationOptions',
  'MaintenanceStrategies',
  'MinTargetCapacity',
  'SingleAvailabilityZone',
  'SingleInstanceType',
];
const UNSUPPORTED_OVERRIDES = [
  'IamInstanceProfile',
  'InstanceRequirements',
  'KeyName',
  'MetadataOptions',
];

const refuse = (message: string): ApiError => new ApiError('InvalidFleetConfig', message);

/** @throws ApiError `InvalidFleetId.Malformed`, `InvalidFleetId.NotFound` */
export const findFleet = (ec2: Ec2, fleetId: string | undefined, call: Call): FleetRow => {
  const id = required('FleetId', fleetId);
  assertShape(FLEET, id);
  const row = ec2.store(call.region).fleets.fleets.get(id);
  if (row?.ownerId === call.account) return row;
  throw notFound(FLEET, [id]);
};

const readOverride = (
  type: FleetType,
  override: FleetLaunchTemplateOverridesRequest,
): FleetLaunchTemplateOverrides => {
  refuseParameters(override, UNSUPPORTED_OVERRIDES);
  const instant = INSTANT_ONLY.find((name) => override[name] !== undefined);
  if (instant === undefined || type === 'instant') return withValues(override);
  throw refuse(`The override ${instant} is only available for fleets of type instant.`);
};

const readConfig = (
  ec2: Ec2,
  type: FleetType,
  { LaunchTemplateSpecification: spec, Overrides }: FleetLaunchTemplateConfigRequest,
  call: Call,
) => {
  refuseParameters(spec ?? {}, ['LaunchTemplateSpecificationUserData']);
  const template = readFleetTemplate(ec2, spec, refuse, call);
  if (type !== 'instant') assertPlainImage(ec2, template, refuse, call);
  return {
    LaunchTemplateSpecification: template,
    Overrides: (Overrides ?? []).map((one) => readOverride(type, one)),
  };
};

/** Two overrides may not stand for the same pool of instances. */
const assertPools = (overrides: readonly FleetLaunchTemplateOverrides[]): void => {
  const pools = overrides
    .filter(({ InstanceType }) => InstanceType !== undefined)
    .map((one) =>
      [one.InstanceType, one.SubnetId, one.AvailabilityZone, one.AvailabilityZoneId, one.ImageId]
        .map((part) => part ?? '*')
        .join(', '),
    );
  const double = pools.find((pool, index) => pools.indexOf(pool) !== index);
  if (double === undefined) return;
  throw refuse(`The fleet configuration contains duplicate instance pools: [${double}]`);
};

const readSource = (
  ec2: Ec2,
  type: FleetType,
  given: readonly FleetLaunchTemplateConfigRequest[] | undefined,
  call: Call,
): FleetSource => {
  const configs = (given ?? []).map((config) => readConfig(ec2, type, config, call));
  if (configs.length === 0) throw refuse('At least one launch template configuration is required.');
  for (const { Overrides } of configs) assertPools(Overrides);
  const source = { configs };
  assertWeights(source, refuse);
  return source;
};

const readTarget = (given: TargetCapacitySpecificationRequest | undefined): FleetTarget => {
  const spec = required('TargetCapacitySpecification', given);
  assertOneOf('TargetCapacityUnitType', spec.TargetCapacityUnitType, ['units']);
  const by = {
    total: required('TargetCapacitySpecification.TotalTargetCapacity', spec.TotalTargetCapacity),
    onDemand: spec.OnDemandTargetCapacity,
    spot: spec.SpotTargetCapacity,
    defaultType: spec.DefaultTargetCapacityType,
  };
  return readFleetTarget(by, refuse);
};

const readSpotOptions = (given: SpotOptionsRequest | undefined): SpotOptionsRequest => {
  refuseParameters(given ?? {}, UNSUPPORTED_OPTIONS);
  const { AllocationStrategy: strategy = 'lowest-price' } = given ?? {};
  assertOneOf('SpotOptions.AllocationStrategy', strategy, SPOT_STRATEGIES);
  const behavior = given?.InstanceInterruptionBehavior ?? 'terminate';
  assertOneOf('InstanceInterruptionBehavior', behavior, ['hibernate', 'stop', 'terminate']);
  const pools = given?.InstancePoolsToUseCount;
  if (pools !== undefined && strategy !== 'lowest-price') {
    throw refuse(
      'InstancePoolsToUseCount option is only available with the lowestPrice allocation strategy.',
    );
  }
  const isLowest = strategy === 'lowest-price';
  return withValues({
    AllocationStrategy: strategy,
    InstanceInterruptionBehavior: behavior,
    InstancePoolsToUseCount: isLowest ? (pools ?? 1) : undefined,
    MaxTotalPrice: given?.MaxTotalPrice,
  });
};

const readOnDemandOptions = (given: OnDemandOptionsRequest | undefined) => {
  refuseParameters(given ?? {}, UNSUPPORTED_OPTIONS);
  const { AllocationStrategy = 'lowest-price', MaxTotalPrice } = given ?? {};
  assertOneOf('OnDemandOptions.AllocationStrategy', AllocationStrategy, [
    'lowest-price',
    'prioritized',
  ]);
  return withValues({ AllocationStrategy, MaxTotalPrice });
};

const typeOf = ({ Type = 'maintain' }: CreateFleetRequest): FleetType => {
  assertOneOf('Type', Type, TYPES);
  return Type;
};

const settingsOf = (input: CreateFleetRequest) => ({
  ClientToken: input.ClientToken,
  TerminateInstancesWithExpiration: input.TerminateInstancesWithExpiration ?? false,
  ReplaceUnhealthyInstances: input.ReplaceUnhealthyInstances ?? false,
  SpotOptions: readSpotOptions(input.SpotOptions),
  OnDemandOptions: readOnDemandOptions(input.OnDemandOptions),
});

/** @throws ApiError for whatever is wrong with the request */
const planFleet = (ec2: Ec2, input: CreateFleetRequest, call: Call) => {
  refuseParameters(input, UNSUPPORTED);
  const type = typeOf(input);
  assertOneOf('ExcessCapacityTerminationPolicy', input.ExcessCapacityTerminationPolicy, EXCESS);
  const taggable = type === 'instant' ? ['fleet', ...LAUNCHED] : ['fleet'];
  const tags = readTagSpecifications(input.TagSpecifications, taggable)('fleet');
  const target = readTarget(input.TargetCapacitySpecification);
  const source = readSource(ec2, type, input.LaunchTemplateConfigs, call);
  const settings = settingsOf(input);
  const strategies = [
    settings.SpotOptions.AllocationStrategy,
    settings.OnDemandOptions.AllocationStrategy,
  ];
  return {
    type,
    tags,
    target,
    source,
    settings,
    isDiversified: strategies.includes('diversified'),
    isPrioritized: strategies.some((one) => one?.endsWith('prioritized')),
    keepsExcess: input.ExcessCapacityTerminationPolicy === 'no-termination',
  };
};

/** What is told of what an instant fleet has launched; of the others there is only the id. */
const createdOut = (row: FleetRow): CreateFleetResult => ({
  FleetId: row.fleetId,
  ...(row.type === 'instant' && {
    Errors: fleetErrorsOut(row),
    Instances: fleetInstancesOut(row),
  }),
});

const createFleet = (ec2: Ec2, input: CreateFleetRequest, call: Call): CreateFleetResult => {
  const known = madeByToken(ec2, 'CreateFleet', input, call);
  if (known !== undefined) return createdOut(findFleet(ec2, known, call));
  const plan = planFleet(ec2, input, call);
  const store = ec2.store(call.region);
  store.beforeChange();
  const row = newFleet(ec2, 'fleet', plan, call);
  store.fleets.fleets.set(row.fleetId, row);
  rememberToken(ec2, 'CreateFleet', input, call, row.fleetId);
  if (row.type === 'instant') {
    row.state = 'active';
    fillFleet(ec2, row, launchTags(input.TagSpecifications, 'fleet'), call);
  } else fleetActsSoon(ec2, call.region, row);
  return createdOut(row);
};

/** @throws ApiError unless it is one of type `maintain`, and active */
const assertModifiable = ({ type, state }: FleetRow): void => {
  if (type !== 'maintain') {
    throw new ApiError(
      'Unsupported',
      `A fleet of type ${type} cannot be modified. Only fleets of type maintain can be modified.`,
    );
  }
  if (state === 'active') return;
  throw new ApiError(
    'FleetNotInModifiableState',
    'The fleet must be in the active state in order to modify it.',
  );
};

const modifyFleet = (ec2: Ec2, input: ModifyFleetRequest, call: Call): ModifyFleetResult => {
  refuseParameters(input, ['Context']);
  const row = findFleet(ec2, input.FleetId, call);
  assertModifiable(row);
  const { ExcessCapacityTerminationPolicy: policy, LaunchTemplateConfigs: configs } = input;
  assertOneOf('ExcessCapacityTerminationPolicy', policy, EXCESS);
  const { TargetCapacitySpecification: spec } = input;
  const target = spec === undefined ? row.target : readTarget(spec);
  const source = configs === undefined ? row.source : readSource(ec2, row.type, configs, call);
  ec2.store(call.region).beforeChange();
  row.target = target;
  row.source = source;
  if (policy !== undefined) row.keepsExcess = policy === 'no-termination';
  row.state = 'modifying';
  row.failure = undefined;
  fleetActsSoon(ec2, call.region, row);
  return { Return: true };
};

export const fleetOperations = (ec2: Ec2) => ({
  CreateFleet: (input: CreateFleetRequest, call: Call) => createFleet(ec2, input, call),
  ModifyFleet: (input: ModifyFleetRequest, call: Call) => modifyFleet(ec2, input, call),
});
