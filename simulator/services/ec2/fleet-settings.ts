/** What requests for fleets have in common: capacities, strategies, texts of their refusals. */
import type { FleetLaunchTemplateSpecification, TagSpecification } from '@aws-sdk/client-ec2';
import { uuidOf } from '../../kernel/kernel.ts';
import type { ApiError, Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { FleetRow, FleetSource, FleetTarget } from './fleet-rows.ts';
import { launchDataOf } from './launch-data.ts';
import { findTemplate, versionOf } from './launch-templates.ts';
import { assertOneOf } from './parameters.ts';

/** EC2's quota of the target capacity of one fleet. */
const TARGET_MAX = 10_000;

/** The code under which one of the APIs refuses a configuration. */
export type Refuse = (message: string) => ApiError;

interface GivenTarget {
  readonly total: number;
  readonly onDemand: number | undefined;
  readonly spot: number | undefined;
  readonly defaultType: string | undefined;
}

const assertCapacity = (refuse: Refuse, name: string, value: number): void => {
  if (Number.isInteger(value) && value >= 0) return;
  throw refuse(`Parameter: ${name} is invalid. It must be a whole number of 0 or more.`);
};

const assertCapacities = ({ total, onDemand = 0, spot = 0 }: GivenTarget, refuse: Refuse): void => {
  assertCapacity(refuse, 'TotalTargetCapacity', total);
  assertCapacity(refuse, 'OnDemandTargetCapacity', onDemand);
  assertCapacity(refuse, 'SpotTargetCapacity', spot);
  if (total > TARGET_MAX) {
    throw refuse(`The target capacity exceeds the limit of ${TARGET_MAX} for one fleet.`);
  }
  if (onDemand + spot <= total) return;
  throw refuse('The On-Demand and Spot target capacities are more than the total capacity.');
};

/**
 * What is of neither kind by the request is of the default one.
 * @throws ApiError of the kind given for capacities that do not fit together
 */
export const readFleetTarget = (given: GivenTarget, refuse: Refuse): FleetTarget => {
  const { total, onDemand = 0, spot = 0, defaultType = 'spot' } = given;
  assertOneOf('DefaultTargetCapacityType', defaultType, ['spot', 'on-demand']);
  assertCapacities(given, refuse);
  return defaultType === 'on-demand'
    ? { total, onDemand: total - spot, defaultType }
    : { total, onDemand, defaultType: 'spot' };
};

/**
 * A template by its id or its name, and one of its versions, which has to be named.
 * @throws ApiError of EC2 for one that is not there
 */
export const readFleetTemplate = (
  ec2: Ec2,
  spec: FleetLaunchTemplateSpecification | undefined,
  refuse: Refuse,
  call: Call,
): FleetLaunchTemplateSpecification => {
  const { LaunchTemplateId, LaunchTemplateName, Version } = spec ?? {};
  if ((LaunchTemplateId === undefined) === (LaunchTemplateName === undefined)) {
    throw refuse('Either the launch template ID or the launch template name must be specified.');
  }
  if (Version === undefined) throw refuse('The launch template version must be specified.');
  const row = findTemplate(ec2, { LaunchTemplateId, LaunchTemplateName }, call);
  versionOf(row, Version);
  return { LaunchTemplateId: row.templateId, LaunchTemplateName: row.name, Version };
};

/** Only an instant fleet resolves parameters of Systems Manager (User Guide, "EC2 Fleet"). */
export const assertPlainImage = (
  ec2: Ec2,
  spec: FleetLaunchTemplateSpecification,
  refuse: Refuse,
  call: Call,
): void => {
  const { LaunchTemplateId, Version } = spec;
  const { ImageId = '' } = launchDataOf(ec2, { LaunchTemplateId, Version }, call);
  if (!ImageId.startsWith('resolve:ssm:')) return;
  throw refuse(`The launch template names its image by a parameter: ${ImageId}`);
};

/** @throws ApiError of the kind given for a weight that is not more than nothing */
export const assertWeights = (source: FleetSource, refuse: Refuse): void => {
  const overrides = (source.configs ?? []).flatMap((config) => config.Overrides ?? []);
  for (const { WeightedCapacity: weight } of [...overrides, ...(source.specifications ?? [])]) {
    if (weight === undefined || (weight > 0 && Number.isFinite(weight))) continue;
    throw refuse(`Parameter: WeightedCapacity is invalid: ${weight}. It must be above 0.`);
  }
};

/** A row with nothing launched yet. */
export const newFleet = (
  { kernel }: Ec2,
  prefix: 'fleet' | 'sfr',
  facts: Omit<FleetRow, 'fleetId' | 'ownerId' | 'createdAtMs' | 'members' | 'state' | Later>,
  call: Call,
): FleetRow => ({
  ...facts,
  fleetId: `${prefix}-${uuidOf(kernel.random('fleets'))}`,
  ownerId: call.account,
  createdAtMs: call.nowMs,
  state: 'submitted',
  members: new Map(),
  errors: [],
  dueAtMs: undefined,
  failure: undefined,
});

type Later = 'errors' | 'dueAtMs' | 'failure';

/** Those of a request that go to what is launched. */
export const launchTags = (
  specifications: readonly TagSpecification[] | undefined,
  fleetType: string,
): readonly TagSpecification[] =>
  (specifications ?? []).filter(({ ResourceType }) => ResourceType !== fleetType);
