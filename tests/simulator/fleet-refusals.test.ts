import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from './fixture.ts';
import { createFleetBench, type FleetBench } from './fleet-fixture.ts';
import { refusalOf } from './services.ts';

const NOBODY = 'fleet-11111111-2222-3333-4444-555555555555';

const specOf = (Overrides: readonly object[], Version = '$Default') => ({
  LaunchTemplateConfigs: [
    { LaunchTemplateSpecification: { LaunchTemplateName: 'web', Version }, Overrides },
  ],
});

const capacity = (spec: object) => ({
  TargetCapacitySpecification: { TotalTargetCapacity: 2, ...spec },
});

describe('CreateFleet', () => {
  it.each([
    ['no template', { LaunchTemplateConfigs: [] }, 'InvalidFleetConfig'],
    [
      'a template without a version',
      { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'web' } }] },
      'InvalidFleetConfig',
    ],
    [
      'a template that there is not',
      {
        LaunchTemplateConfigs: [
          { LaunchTemplateSpecification: { LaunchTemplateName: 'none', Version: '1' } },
        ],
      },
      'InvalidLaunchTemplateName.NotFoundException',
    ],
    ['a version that there is not', specOf([], '7'), 'InvalidLaunchTemplateId.VersionNotFound'],
    ['an unknown type', { Type: 'forever' }, 'InvalidParameterValue'],
    ['no capacity', { TargetCapacitySpecification: {} }, 'MissingParameter'],
    ['a negative capacity', capacity({ TotalTargetCapacity: -1 }), 'InvalidFleetConfig'],
    ['more than the quota', capacity({ TotalTargetCapacity: 10_001 }), 'InvalidFleetConfig'],
    ['parts above the whole', capacity({ OnDemandTargetCapacity: 3 }), 'InvalidFleetConfig'],
    ['vCPUs as a unit', capacity({ TargetCapacityUnitType: 'vcpu' }), 'InvalidParameterValue'],
    ['an image of its own', specOf([{ ImageId: 'ami-1' }]), 'InvalidFleetConfig'],
    [
      'the same pool twice',
      specOf([{ InstanceType: 't3.small' }, { InstanceType: 't3.small' }]),
      'InvalidFleetConfig',
    ],
    ['a weight of nothing', specOf([{ WeightedCapacity: 0 }]), 'InvalidFleetConfig'],
    ['instance requirements', specOf([{ InstanceRequirements: {} }]), 'UnsupportedOperation'],
    [
      'pools beside another strategy',
      { SpotOptions: { AllocationStrategy: 'diversified', InstancePoolsToUseCount: 2 } },
      'InvalidFleetConfig',
    ],
    [
      'a strategy of Spot Fleets',
      { SpotOptions: { AllocationStrategy: 'lowestPrice' } },
      'InvalidParameterValue',
    ],
    [
      'tags for instances of a maintained fleet',
      { TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] },
      'InvalidParameterValue',
    ],
    ['an end', { ValidUntil: new Date(0) }, 'UnsupportedOperation'],
  ])('refuses %s', (_, spec, code) => {
    const { ask, cloud, home } = createFleetBench();
    expect(refusalOf(() => ask(1, spec))).toMatch(new RegExp(`^${code}: .`));
    expect(cloud.ec2.DescribeFleets({}, home()).Fleets).toEqual([]);
  });

  it('refuses an image by a parameter unless the fleet is instant', () => {
    const { ask, cloud, home } = createFleetBench();
    const LaunchTemplateData = {
      ImageId: 'resolve:ssm:/golden/web',
      InstanceType: 't3.small' as const,
    };
    const by = { LaunchTemplateName: 'golden', LaunchTemplateData };
    cloud.ec2.CreateLaunchTemplate(by, home());
    const spec = { LaunchTemplateName: 'golden', Version: '1' };
    const LaunchTemplateConfigs = [{ LaunchTemplateSpecification: spec }];
    expect(refusalOf(() => ask(1, { LaunchTemplateConfigs }))).toBe(
      'InvalidFleetConfig: The launch template names its image by a parameter: ' +
        'resolve:ssm:/golden/web',
    );
    const { Errors } = ask(1, { LaunchTemplateConfigs, Type: 'instant' });
    expect(Errors).toHaveLength(1);
  });

  it('makes one fleet for one token', () => {
    const { ask } = createFleetBench();
    const token = { ClientToken: 'once' };
    expect(ask(1, token).FleetId).toBe(ask(1, token).FleetId);
    expect(refusalOf(() => ask(2, token))).toMatch(/^IdempotentParameterMismatch: /);
  });
});

describe('ModifyFleet', () => {
  it('refuses fleets of other types, and one that is not active', async () => {
    const { ask, modify, pass, end } = createFleetBench();
    const { FleetId: once = '' } = ask(1, { Type: 'request' });
    const { FleetId: kept = '' } = ask(1);
    expect(refusalOf(() => modify(once, {}))).toMatch(/^Unsupported: /);
    expect(refusalOf(() => modify(kept, {}))).toMatch(/^FleetNotInModifiableState: /);
    await pass(MINUTE);
    expect(refusalOf(() => modify(kept, {}))).toBe('none');
    end(kept, false);
    expect(refusalOf(() => modify(kept, {}))).toMatch(/^FleetNotInModifiableState: /);
  });
});

describe('DeleteFleets', () => {
  it('tells of each id by itself why it failed', async () => {
    const { ask, pass, end, cloud, home } = createFleetBench();
    const { FleetId: gone = '' } = ask(0);
    end(gone, true);
    await pass(HOUR);
    const { FleetId: there = '' } = ask(0);
    const FleetIds = [gone, NOBODY, 'fleet-1', there];
    const answer = cloud.ec2.DeleteFleets({ FleetIds, TerminateInstances: true }, home());
    expect(answer.SuccessfulFleetDeletions?.map((one) => one.FleetId)).toEqual([there]);
    expect(
      answer.UnsuccessfulFleetDeletions?.map(({ FleetId, Error: { Code } = {} }) => [
        FleetId,
        Code,
      ]),
    ).toEqual([
      [gone, 'fleetNotInDeletableState'],
      [NOBODY, 'fleetIdDoesNotExist'],
      ['fleet-1', 'fleetIdMalformed'],
    ]);
  });

  it('deletes no instant fleet of more than 25', () => {
    const { ask, cloud, home } = createFleetBench();
    const FleetIds = Array.from({ length: 26 }, () => ask(0, { Type: 'instant' }).FleetId ?? '');
    const answer = cloud.ec2.DeleteFleets({ FleetIds, TerminateInstances: true }, home());
    expect(answer.SuccessfulFleetDeletions).toEqual([]);
    expect(answer.UnsuccessfulFleetDeletions?.[25]?.Error).toEqual({
      Code: 'ExceededInstantFleetNumForDeletion',
      Message: "Can't delete more than 25 instant fleets in a single request.",
    });
  });

  it('can be asked to terminate after all', async () => {
    const { ask, pass, end, fleet } = createFleetBench();
    const { FleetId: id = '' } = ask(1);
    await pass(MINUTE);
    end(id, false);
    end(id, true);
    await pass(HOUR);
    expect(fleet(id)?.FleetState).toBe('deleted');
  });
});

describe('what describes fleets', () => {
  const describeAll = ({ cloud, home }: FleetBench, input: object) =>
    cloud.ec2.DescribeFleets(input, home());

  it('filters, and refuses filters that it has not', async () => {
    const bench = createFleetBench();
    const { FleetId: kept } = bench.ask(1, { ExcessCapacityTerminationPolicy: 'no-termination' });
    const { FleetId: once } = bench.ask(0, { Type: 'request', ReplaceUnhealthyInstances: true });
    await bench.pass(MINUTE);
    bench.end(once ?? '', false);
    const idsBy = (Name: string, value: string) =>
      describeAll(bench, { Filters: [{ Name, Values: [value] }] }).Fleets?.map(
        ({ FleetId }) => FleetId,
      );
    expect(idsBy('type', 'request')).toEqual([once]);
    expect(idsBy('fleet-state', 'active')).toEqual([kept]);
    expect(idsBy('fleet-state', 'deleted_running')).toEqual([once]);
    expect(idsBy('activity-status', 'fulfilled')).toEqual([kept]);
    expect(idsBy('excess-capacity-termination-policy', 'false')).toEqual([kept]);
    expect(idsBy('replace-unhealthy-instances', 'true')).toEqual([once]);
    expect(refusalOf(() => idsBy('colour', 'red'))).toMatch(/^InvalidParameterValue: /);
    const members = (value: string) =>
      bench.cloud.ec2.DescribeFleetInstances(
        { FleetId: kept, Filters: [{ Name: 'instance-type', Values: [value] }] },
        bench.home(),
      ).ActiveInstances;
    expect(members('t3.small')).toEqual([
      {
        InstanceId: expect.any(String) as string,
        InstanceType: 't3.small',
        InstanceHealth: 'healthy',
      },
    ]);
    expect(members('t3.large')).toEqual([]);
  });

  it('gives pages, and refuses ids that there are not', () => {
    const bench = createFleetBench();
    const ids = [1, 2, 3].map(() => bench.ask(0).FleetId);
    const first = describeAll(bench, { MaxResults: 2 });
    const second = describeAll(bench, { MaxResults: 2, NextToken: first.NextToken });
    const told = [...(first.Fleets ?? []), ...(second.Fleets ?? [])].map((one) => one.FleetId);
    expect(first.Fleets).toHaveLength(2);
    expect(told).toHaveLength(3);
    expect(new Set(told)).toEqual(new Set(ids));
    expect(second.NextToken).toBeUndefined();
    expect(refusalOf(() => bench.fleet(NOBODY))).toBe(
      `InvalidFleetId.NotFound: The fleet ID '${NOBODY}' does not exist`,
    );
    expect(refusalOf(() => bench.fleet('fleet-1'))).toMatch(/^InvalidFleetId\.Malformed: /);
  });

  it('tells another account nothing, and members of instant fleets nobody', () => {
    const { ask, cloud, instancesOf } = createFleetBench();
    const { FleetId: id = '' } = ask(1, { Type: 'instant' });
    const stranger = cloud.callAs('999988887777', 'eu-central-1');
    expect(refusalOf(() => cloud.ec2.DescribeFleets({ FleetIds: [id] }, stranger))).toMatch(
      /^InvalidFleetId\.NotFound: /,
    );
    expect(refusalOf(() => instancesOf(id))).toBe(
      `Unsupported: Fleet ${id} is instant fleet. Describe fleet instances is not supported by ` +
        'this type of fleet',
    );
  });

  it('tells tags, those of later on as well', () => {
    const { ask, fleet, cloud, home } = createFleetBench();
    const TagSpecifications = [{ ResourceType: 'fleet', Tags: [{ Key: 'a', Value: '1' }] }];
    const { FleetId: id = '' } = ask(0, { TagSpecifications });
    cloud.ec2.CreateTags({ Resources: [id], Tags: [{ Key: 'b', Value: '2' }] }, home());
    expect(fleet(id)?.Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    const Filters = [{ Name: 'resource-type', Values: ['fleet'] }];
    expect(cloud.ec2.DescribeTags({ Filters }, home()).Tags).toHaveLength(2);
  });
});
