import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from './fixture.ts';
import { createFleetBench } from './fleet-fixture.ts';

const UUID = '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}';
const DAY = 24 * HOUR;
const MAINTAINED = { Type: 'maintain' };

describe('a maintained EC2 Fleet', () => {
  it('is told with what AWS sets where nothing was said, and launches after a while', async () => {
    const { ask, fleet, pass, templateId, instancesOf } = createFleetBench();
    const { FleetId: id = '', Instances } = ask(2);
    expect(id).toMatch(new RegExp(`^fleet-${UUID}$`));
    expect(Instances).toBeUndefined();
    expect(fleet(id)).toEqual({
      FleetId: id,
      FleetState: 'submitted',
      CreateTime: new Date('2026-11-21T03:00:00Z'),
      Type: 'maintain',
      TerminateInstancesWithExpiration: false,
      ReplaceUnhealthyInstances: false,
      SpotOptions: {
        AllocationStrategy: 'lowest-price',
        InstanceInterruptionBehavior: 'terminate',
        InstancePoolsToUseCount: 1,
      },
      OnDemandOptions: { AllocationStrategy: 'lowest-price' },
      ExcessCapacityTerminationPolicy: 'termination',
      FulfilledCapacity: 0,
      FulfilledOnDemandCapacity: 0,
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: {
            LaunchTemplateId: templateId,
            LaunchTemplateName: 'web',
            Version: '$Default',
          },
          Overrides: [],
        },
      ],
      TargetCapacitySpecification: {
        TotalTargetCapacity: 2,
        OnDemandTargetCapacity: 0,
        SpotTargetCapacity: 2,
        DefaultTargetCapacityType: 'spot',
      },
    });
    await pass(4 * SECOND);
    expect(instancesOf(id)).toEqual([]);
    await pass(SECOND);
    expect(instancesOf(id)).toHaveLength(2);
    expect(fleet(id)).toMatchObject({
      FleetState: 'active',
      ActivityStatus: 'fulfilled',
      FulfilledCapacity: 2,
    });
  });

  it('tags what it launches with its id, and replaces what is lost', async () => {
    const { ask, pass, instancesOf, instance, terminate, imageId } = createFleetBench();
    const { FleetId: id = '' } = ask(1);
    await pass(MINUTE);
    const [first = ''] = instancesOf(id);
    expect(instance(first)).toMatchObject({
      ImageId: imageId,
      InstanceType: 't3.small',
      Tags: [{ Key: 'aws:ec2:fleet-id', Value: id }],
    });
    terminate(first);
    expect(instancesOf(id)).toEqual([]);
    await pass(MINUTE);
    expect(instancesOf(id)).toHaveLength(1);
    expect(instancesOf(id)).not.toContain(first);
  });

  it('may have no capacity at all, and is active', async () => {
    const { ask, pass, fleet, instancesOf } = createFleetBench();
    const { FleetId: id = '' } = ask(0);
    await pass(MINUTE);
    expect(fleet(id)).toMatchObject({ FleetState: 'active', ActivityStatus: 'fulfilled' });
    expect(instancesOf(id)).toEqual([]);
  });

  it('grows and shrinks when it is modified, by the version that is the default by then', async () => {
    const { cloud, home, ask, pass, fleet, instancesOf, instance, modify } = createFleetBench();
    const { FleetId: id = '' } = ask(1);
    await pass(MINUTE);
    const [first = ''] = instancesOf(id);
    const LaunchTemplateData = { InstanceType: 't3.large' as const };
    cloud.ec2.CreateLaunchTemplateVersion(
      { LaunchTemplateName: 'web', SourceVersion: '1', LaunchTemplateData },
      home(),
    );
    cloud.ec2.ModifyLaunchTemplate({ LaunchTemplateName: 'web', DefaultVersion: '2' }, home());
    expect(modify(id, { TargetCapacitySpecification: { TotalTargetCapacity: 3 } })).toEqual({
      Return: true,
    });
    expect(fleet(id)?.FleetState).toBe('modifying');
    await pass(MINUTE);
    const types = instancesOf(id).map((one) => String(instance(one)?.InstanceType));
    expect(types.toSorted()).toEqual(['t3.large', 't3.large', 't3.small']);
    modify(id, { TargetCapacitySpecification: { TotalTargetCapacity: 1 } });
    await pass(MINUTE);
    expect(instancesOf(id)).toEqual([first]);
    expect(fleet(id)?.FleetState).toBe('active');
  });

  it('keeps what is too much if its policy says so', async () => {
    const { ask, pass, instancesOf, modify } = createFleetBench();
    const { FleetId: id = '' } = ask(2, { ExcessCapacityTerminationPolicy: 'no-termination' });
    await pass(MINUTE);
    modify(id, { TargetCapacitySpecification: { TotalTargetCapacity: 0 } });
    await pass(MINUTE);
    expect(instancesOf(id)).toHaveLength(2);
  });

  it('is in error while EC2 refuses its launches, and tries again', async () => {
    const { cloud, home, ask, pass, fleet, template } = createFleetBench();
    const LaunchTemplateData = { InstanceType: 't3.small' as const };
    cloud.ec2.CreateLaunchTemplateVersion(
      { LaunchTemplateName: 'web', LaunchTemplateData },
      home(),
    );
    const LaunchTemplateConfigs = [{ LaunchTemplateSpecification: template('$Latest') }];
    const { FleetId: id = '' } = ask(1, { LaunchTemplateConfigs });
    await pass(MINUTE);
    expect(fleet(id)).toMatchObject({ FleetState: 'active', ActivityStatus: 'error' });
    cloud.ec2.DeleteLaunchTemplateVersions({ LaunchTemplateName: 'web', Versions: ['2'] }, home());
    await pass(2 * MINUTE);
    expect(fleet(id)?.ActivityStatus).toBe('fulfilled');
  });

  it('goes with its instances, and is told of for two days more', async () => {
    const { ask, end, pass, fleet, instancesOf, cloud, home } = createFleetBench();
    const { FleetId: id = '' } = ask(1);
    await pass(MINUTE);
    expect(end(id, true)).toEqual({
      SuccessfulFleetDeletions: [
        {
          FleetId: id,
          PreviousFleetState: 'active',
          CurrentFleetState: 'deleted_terminating',
        },
      ],
      UnsuccessfulFleetDeletions: [],
    });
    await pass(10 * SECOND);
    expect(instancesOf(id)).toEqual([]);
    await pass(10 * MINUTE);
    expect(fleet(id)?.FleetState).toBe('deleted');
    await pass(2 * DAY);
    expect(cloud.ec2.DescribeFleets({}, home()).Fleets).toEqual([]);
  });

  it('leaves its instances alone if asked to, and is deleted when they are gone', async () => {
    const { ask, end, pass, fleet, instancesOf, terminate } = createFleetBench();
    const { FleetId: id = '' } = ask(1, MAINTAINED);
    await pass(MINUTE);
    end(id, false);
    await pass(HOUR);
    expect(fleet(id)?.FleetState).toBe('deleted_running');
    const [left] = instancesOf(id);
    terminate(left);
    await pass(HOUR);
    expect(fleet(id)).toMatchObject({ FleetState: 'deleted', FulfilledCapacity: 0 });
  });
});

describe('a requested EC2 Fleet', () => {
  it('launches once and replaces nothing', async () => {
    const { ask, pass, fleet, instancesOf, terminate } = createFleetBench();
    const { FleetId: id = '' } = ask(2, { Type: 'request' });
    await pass(MINUTE);
    expect(instancesOf(id)).toHaveLength(2);
    terminate(instancesOf(id)[0]);
    await pass(HOUR);
    expect(instancesOf(id)).toHaveLength(1);
    expect(fleet(id)?.ActivityStatus).toBe('pending_fulfillment');
  });
});

describe('an instant EC2 Fleet', () => {
  it('launches at once, by an override with an image of its own, with tags of the request', () => {
    const { ask, template, templateId, id: idOf, instance, cloud, home } = createFleetBench();
    const made = cloud.ec2.CreateImage({ InstanceId: idOf('web-1'), Name: 'golden' }, home());
    return cloud.clock.runUntil(cloud.clock.nowMs() + HOUR).then(() => {
      const override = { InstanceType: 't3.large', ImageId: made.ImageId, WeightedCapacity: 2 };
      const { Instances, Errors, FleetId } = ask(4, {
        Type: 'instant',
        LaunchTemplateConfigs: [{ LaunchTemplateSpecification: template(), Overrides: [override] }],
        TargetCapacitySpecification: {
          TotalTargetCapacity: 4,
          OnDemandTargetCapacity: 2,
          DefaultTargetCapacityType: 'spot',
        },
        TagSpecifications: [
          { ResourceType: 'fleet', Tags: [{ Key: 'team', Value: 'a' }] },
          { ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'web' }] },
        ],
      });
      expect(Errors).toEqual([]);
      expect(Instances).toMatchObject([
        { Lifecycle: 'on-demand', InstanceType: 't3.large', InstanceIds: [expect.any(String)] },
        { Lifecycle: 'spot', InstanceType: 't3.large', InstanceIds: [expect.any(String)] },
      ]);
      expect(Instances?.[0]?.LaunchTemplateAndOverrides).toEqual({
        LaunchTemplateSpecification: {
          LaunchTemplateId: templateId,
          LaunchTemplateName: 'web',
          Version: '$Default',
        },
        Overrides: override,
      });
      expect(instance(Instances?.[0]?.InstanceIds?.[0] ?? '')).toMatchObject({
        ImageId: made.ImageId,
        Tags: [
          { Key: 'role', Value: 'web' },
          { Key: 'aws:ec2:fleet-id', Value: FleetId },
        ],
      });
    });
  });

  it('tells of the launches that EC2 refused, and takes the next override', () => {
    const { ask, template, fleet } = createFleetBench();
    const Overrides = [
      { InstanceType: 't3.small', SubnetId: 'subnet-0123456789abcdef0' },
      { InstanceType: 't3.medium' },
    ];
    const LaunchTemplateConfigs = [{ LaunchTemplateSpecification: template(), Overrides }];
    const both = ask(1, { Type: 'instant', LaunchTemplateConfigs });
    expect(both.Errors).toEqual([]);
    expect(both.Instances).toMatchObject([{ InstanceType: 't3.medium' }]);
    const [first] = Overrides;
    const one = ask(1, {
      Type: 'instant',
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: template(), Overrides: [first] }],
    });
    expect(one.Instances).toEqual([]);
    expect(one.Errors).toMatchObject([
      { Lifecycle: 'spot', ErrorCode: 'InvalidSubnetID.NotFound' },
    ]);
    expect(fleet(one.FleetId ?? '')).toMatchObject({
      Errors: one.Errors,
      ActivityStatus: 'error',
    });
  });

  it('is told of by its id alone, and goes only with its instances', async () => {
    const { ask, end, fleet, pass, cloud, home } = createFleetBench();
    const { FleetId: id = '' } = ask(1, { Type: 'instant' });
    expect(cloud.ec2.DescribeFleets({}, home()).Fleets).toEqual([]);
    expect(fleet(id)).toMatchObject({ FleetState: 'active', Instances: [expect.anything()] });
    expect(end(id, false).UnsuccessfulFleetDeletions).toEqual([
      {
        FleetId: id,
        Error: {
          Code: 'NoTerminateInstancesNotSupported',
          Message: 'NoTerminateInstances option is not supported for instant fleet',
        },
      },
    ]);
    end(id, true);
    await pass(HOUR);
    expect(fleet(id)?.FleetState).toBe('deleted');
  });
});

describe('the capacity of a fleet', () => {
  it.each([
    [{}, 0, 3],
    [{ OnDemandTargetCapacity: 1 }, 1, 2],
    [{ DefaultTargetCapacityType: 'on-demand' }, 3, 0],
    [{ DefaultTargetCapacityType: 'on-demand', OnDemandTargetCapacity: 1 }, 3, 0],
    [{ DefaultTargetCapacityType: 'on-demand', SpotTargetCapacity: 2 }, 1, 2],
  ])('of three, with %j, is %i On-Demand and %i of Spot', (spec, onDemand, spot) => {
    const { ask, fleet } = createFleetBench();
    const TargetCapacitySpecification = { TotalTargetCapacity: 3, ...spec };
    const { FleetId = '' } = ask(3, { TargetCapacitySpecification });
    expect(fleet(FleetId)?.TargetCapacitySpecification).toMatchObject({
      OnDemandTargetCapacity: onDemand,
      SpotTargetCapacity: spot,
    });
  });
});

describe('the overrides of a fleet', () => {
  const types = ['t3.small', 't3.medium', 't3.large'];
  const launchedTypes = (strategy: object, Overrides: readonly object[]) => {
    const { ask, template } = createFleetBench();
    const LaunchTemplateConfigs = [{ LaunchTemplateSpecification: template(), Overrides }];
    const { Instances = [] } = ask(3, { Type: 'instant', LaunchTemplateConfigs, ...strategy });
    return Instances.map(({ InstanceType, InstanceIds }) => [InstanceType, InstanceIds?.length]);
  };

  it('are gone through in turn by a diversified fleet', () => {
    const overrides = types.map((InstanceType) => ({ InstanceType }));
    expect(
      launchedTypes({ SpotOptions: { AllocationStrategy: 'diversified' } }, overrides),
    ).toEqual([
      ['t3.small', 1],
      ['t3.medium', 1],
      ['t3.large', 1],
    ]);
    expect(launchedTypes({}, overrides)).toEqual([['t3.small', 3]]);
  });

  it('count by their priority if it is prioritized', () => {
    const overrides = types.map((InstanceType, index) => ({ InstanceType, Priority: 3 - index }));
    const prioritized = { OnDemandOptions: { AllocationStrategy: 'prioritized' } };
    expect(launchedTypes(prioritized, overrides)).toEqual([['t3.large', 3]]);
    expect(launchedTypes({}, overrides)).toEqual([['t3.small', 3]]);
  });
});
