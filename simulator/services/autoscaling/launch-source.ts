/** What a group launches by, as a request names it. */
import type {
  InstancesDistribution,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling';
import { ApiError, type Call } from '../../wire/api.ts';
import { findTemplate, versionOf } from '../ec2/launch-templates.ts';
import { type AutoScaling, invalid } from './groups.ts';
import type { LaunchSource } from './rows.ts';
import { assertOneOf, refuseParameters } from './values.ts';

const SOURCES = ['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy'] as const;

/** What AWS tells of a policy that says nothing of its distribution. */
const DISTRIBUTION: InstancesDistribution = {
  OnDemandAllocationStrategy: 'prioritized',
  OnDemandBaseCapacity: 0,
  OnDemandPercentageAboveBaseCapacity: 100,
  SpotAllocationStrategy: 'lowest-price',
};
const SPOT_POOLS = 2;
const SPOT_STRATEGIES = [
  'lowest-price',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
];

/** In EC2's words, under what Auto Scaling says before them. */
export const asTemplateError = (error: unknown): unknown =>
  error instanceof ApiError
    ? invalid(`You must use a valid fully-formed launch template. ${error.message}`)
    : error;

/** @throws ApiError `ValidationError` unless it names one template by its id or its name. */
const readTemplate = (
  { surroundings }: AutoScaling,
  spec: LaunchTemplateSpecification | undefined,
  call: Call,
): LaunchTemplateSpecification => {
  const { LaunchTemplateId, LaunchTemplateName, Version = '$Default' } = spec ?? {};
  if ((LaunchTemplateId === undefined) === (LaunchTemplateName === undefined)) {
    throw invalid('Valid requests must contain either launchTemplateId or LaunchTemplateName');
  }
  try {
    const row = findTemplate(surroundings.ec2Core, { LaunchTemplateId, LaunchTemplateName }, call);
    versionOf(row, Version);
    return { LaunchTemplateId: row.templateId, LaunchTemplateName: row.name, Version };
  } catch (error) {
    throw asTemplateError(error);
  }
};

const readOverride = (
  scaling: AutoScaling,
  override: LaunchTemplateOverrides,
  call: Call,
): LaunchTemplateOverrides => {
  refuseParameters(override, ['InstanceRequirements']);
  const { LaunchTemplateSpecification: spec, WeightedCapacity: weight } = override;
  if (weight !== undefined && !/^[1-9]\d{0,2}$/.test(weight)) {
    throw invalid(`Invalid value '${weight}' for WeightedCapacity. It must be from 1 to 999.`);
  }
  if (spec === undefined) return override;
  return { ...override, LaunchTemplateSpecification: readTemplate(scaling, spec, call) };
};

const readOverrides = (
  scaling: AutoScaling,
  overrides: readonly LaunchTemplateOverrides[],
  call: Call,
): LaunchTemplateOverrides[] => {
  const weighted = overrides.filter((one) => one.WeightedCapacity !== undefined);
  if (weighted.length > 0 && weighted.length < overrides.length) {
    throw invalid('You must specify a weight for each instance type override, or for none.');
  }
  return overrides.map((one) => readOverride(scaling, one, call));
};

const readDistribution = (
  given: InstancesDistribution | undefined,
  before: InstancesDistribution | undefined,
): InstancesDistribution => {
  const read = { ...DISTRIBUTION, ...before, ...given };
  refuseParameters(read, ['DistributionSegments']);
  assertOneOf('OnDemandAllocationStrategy', read.OnDemandAllocationStrategy, [
    'prioritized',
    'lowest-price',
  ]);
  assertOneOf('SpotAllocationStrategy', read.SpotAllocationStrategy, SPOT_STRATEGIES);
  const hasPools = read.SpotAllocationStrategy === 'lowest-price';
  return {
    ...read,
    SpotInstancePools: hasPools ? (read.SpotInstancePools ?? SPOT_POOLS) : undefined,
  };
};

/** What an update does not name of a policy stays as it is. */
const readPolicy = (
  scaling: AutoScaling,
  given: MixedInstancesPolicy,
  before: MixedInstancesPolicy,
  call: Call,
): MixedInstancesPolicy => {
  const { LaunchTemplateSpecification: spec, Overrides: overrides } = given.LaunchTemplate ?? {};
  const known = before.LaunchTemplate;
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification:
        spec === undefined && known !== undefined
          ? known.LaunchTemplateSpecification
          : readTemplate(scaling, spec, call),
      Overrides:
        overrides === undefined
          ? (known?.Overrides ?? [])
          : readOverrides(scaling, overrides, call),
    },
    InstancesDistribution: readDistribution(
      given.InstancesDistribution,
      before.InstancesDistribution,
    ),
  };
};

const assertConfiguration = (scaling: AutoScaling, name: string, call: Call): void => {
  if (scaling.configuration(call, name) !== undefined) return;
  throw invalid(
    `Launch configuration name not found - A launch configuration with the name: ${name} does ` +
      'not exist',
  );
};

/** How many sources a request names. */
export const countSources = (input: LaunchSource): number =>
  SOURCES.filter((source) => input[source] !== undefined).length;

/**
 * The one source that a request names.
 * @param before what the group launches by until now
 * @throws ApiError `ValidationError`
 */
export const readSource = (
  scaling: AutoScaling,
  input: LaunchSource,
  before: LaunchSource | undefined,
  call: Call,
): LaunchSource => {
  const { LaunchConfigurationName, LaunchTemplate, MixedInstancesPolicy: policy } = input;
  if (countSources(input) === 1) {
    if (LaunchTemplate !== undefined) {
      return { LaunchTemplate: readTemplate(scaling, LaunchTemplate, call) };
    }
    if (policy !== undefined) {
      const known = before?.MixedInstancesPolicy ?? {};
      return { MixedInstancesPolicy: readPolicy(scaling, policy, known, call) };
    }
    assertConfiguration(scaling, LaunchConfigurationName ?? '', call);
    return { LaunchConfigurationName };
  }
  throw invalid(
    'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or ' +
      'MixedInstancesPolicy parameter.',
  );
};
