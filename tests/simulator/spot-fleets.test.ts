import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from './fixture.ts';
import { createFleetBench, ROLE } from './fleet-fixture.ts';
import { refusalOf } from './services.ts';

const UUID = '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}';
const NOBODY = 'sfr-11111111-2222-3333-4444-555555555555';
const DAY = 24 * HOUR;

describe('a Spot Fleet request', () => {
  it('is told with what AWS sets where nothing was said', async () => {
    const { askSpot, spotFleet, pass, imageId } = createFleetBench();
    const id = askSpot(2);
    expect(id).toMatch(new RegExp(`^sfr-${UUID}$`));
    expect(spotFleet(id)?.SpotFleetRequestState).toBe('submitted');
    await pass(MINUTE);
    expect(spotFleet(id)).toEqual({
      SpotFleetRequestId: id,
      SpotFleetRequestState: 'active',
      ActivityStatus: 'fulfilled',
      CreateTime: new Date('2026-11-21T03:00:00Z'),
      SpotFleetRequestConfig: {
        AllocationStrategy: 'lowestPrice',
        OnDemandAllocationStrategy: 'lowestPrice',
        IamFleetRole: ROLE,
        InstanceInterruptionBehavior: 'terminate',
        InstancePoolsToUseCount: 1,
        ReplaceUnhealthyInstances: false,
        TerminateInstancesWithExpiration: false,
        ExcessCapacityTerminationPolicy: 'default',
        FulfilledCapacity: 2,
        OnDemandFulfilledCapacity: 0,
        TargetCapacity: 2,
        OnDemandTargetCapacity: 0,
        Type: 'maintain',
        LaunchSpecifications: [{ ImageId: imageId, InstanceType: 't3.small' }],
      },
    });
  });

  it('launches by specifications, with their tags, and replaces what is lost', async () => {
    const { askSpot, spotInstancesOf, instance, pass, terminate, imageId } = createFleetBench();
    const specification = {
      ImageId: imageId,
      InstanceType: 't3.large',
      Placement: { AvailabilityZone: 'eu-central-1b' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'web' }] }],
    };
    const id = askSpot(1, { LaunchSpecifications: [specification] });
    await pass(MINUTE);
    const [first = ''] = spotInstancesOf(id);
    expect(instance(first)).toMatchObject({
      ImageId: imageId,
      InstanceType: 't3.large',
      Placement: { AvailabilityZone: 'eu-central-1b' },
      Tags: [
        { Key: 'role', Value: 'web' },
        { Key: 'aws:ec2spot:fleet-request-id', Value: id },
      ],
    });
    terminate(first);
    await pass(HOUR);
    expect(spotInstancesOf(id)).toHaveLength(1);
    expect(spotInstancesOf(id)).not.toContain(first);
  });

  it('takes several subnets or zones in one text', async () => {
    const { askSpot, spotInstancesOf, instance, pass, imageId } = createFleetBench();
    const zones = { AvailabilityZone: 'eu-central-1a, eu-central-1b' };
    const specification = { ImageId: imageId, InstanceType: 't3.small', Placement: zones };
    const id = askSpot(2, {
      LaunchSpecifications: [specification],
      AllocationStrategy: 'diversified',
    });
    await pass(MINUTE);
    const held = spotInstancesOf(id).map((one) =>
      String(instance(one)?.Placement?.AvailabilityZone),
    );
    expect(held.toSorted()).toEqual(['eu-central-1a', 'eu-central-1b']);
  });

  it('launches by templates with overrides and weights', async () => {
    const { askSpot, spotFleet, spotInstancesOf, instance, pass, template, templateId } =
      createFleetBench();
    const Overrides = [{ InstanceType: 't3.large', WeightedCapacity: 2 }];
    const id = askSpot(3, {
      LaunchSpecifications: undefined,
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: template('$Latest'), Overrides }],
    });
    await pass(MINUTE);
    expect(spotInstancesOf(id).map((one) => instance(one)?.InstanceType)).toEqual([
      't3.large',
      't3.large',
    ]);
    expect(spotFleet(id)?.SpotFleetRequestConfig).toMatchObject({
      FulfilledCapacity: 4,
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: {
            LaunchTemplateId: templateId,
            LaunchTemplateName: 'web',
            Version: '$Latest',
          },
          Overrides,
        },
      ],
    });
  });

  it('goes with its instances, and is told of for two days more', async () => {
    const { askSpot, cancel, pass, spotFleet, spotInstancesOf, cloud, home } = createFleetBench();
    const id = askSpot(1);
    await pass(MINUTE);
    expect(cancel(id, true)).toEqual({
      SuccessfulFleetRequests: [
        {
          SpotFleetRequestId: id,
          PreviousSpotFleetRequestState: 'active',
          CurrentSpotFleetRequestState: 'cancelled_terminating',
        },
      ],
      UnsuccessfulFleetRequests: [],
    });
    expect(spotFleet(id)?.ActivityStatus).toBe('pending_termination');
    await pass(HOUR);
    expect(spotInstancesOf(id)).toEqual([]);
    expect(spotFleet(id)?.SpotFleetRequestState).toBe('cancelled');
    await pass(2 * DAY);
    expect(cloud.ec2.DescribeSpotFleetRequests({}, home()).SpotFleetRequestConfigs).toEqual([]);
  });

  it('leaves its instances alone if asked to', async () => {
    const { askSpot, cancel, pass, spotFleet, spotInstancesOf } = createFleetBench();
    const id = askSpot(1);
    await pass(MINUTE);
    cancel(id, false);
    await pass(HOUR);
    expect(spotFleet(id)?.SpotFleetRequestState).toBe('cancelled_running');
    expect(spotInstancesOf(id)).toHaveLength(1);
  });

  it('is one for one token, and has pages and tags', () => {
    const { askSpot, cloud, home, spotFleet } = createFleetBench();
    const ClientToken = 'once';
    const Tags = [{ Key: 'a', Value: '1' }];
    const TagSpecifications = [{ ResourceType: 'spot-fleet-request', Tags }];
    const ids = [askSpot(0, { ClientToken }), askSpot(0, { TagSpecifications })];
    expect(askSpot(0, { ClientToken })).toBe(ids[0]);
    const page = cloud.ec2.DescribeSpotFleetRequests({ MaxResults: 1 }, home());
    const next = cloud.ec2.DescribeSpotFleetRequests(
      { MaxResults: 1, NextToken: page.NextToken },
      home(),
    );
    const told = [page, next].flatMap(({ SpotFleetRequestConfigs = [] }) =>
      SpotFleetRequestConfigs.map((one) => one.SpotFleetRequestId),
    );
    expect(told).toEqual(ids.toSorted());
    expect(spotFleet(ids[1] ?? '')?.Tags).toEqual(Tags);
  });
});

describe('RequestSpotFleet', () => {
  const specification = { ImageId: 'ami-1', InstanceType: 't3.small' };

  it.each([
    [
      'a role that is no ARN',
      { IamFleetRole: 'fleet' },
      'InvalidSpotFleetRequestConfig: Parameter: SpotFleetRequestConfig.IamFleetRole is invalid.',
    ],
    ['no role', { IamFleetRole: undefined }, 'MissingParameter: '],
    ['no source', { LaunchSpecifications: [] }, 'InvalidSpotFleetRequestConfig: '],
    [
      'two sources',
      { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: {} }] },
      'InvalidSpotFleetRequestConfig: ',
    ],
    [
      'a specification without an image',
      { LaunchSpecifications: [{ InstanceType: 't3.small' }] },
      'InvalidSpotFleetRequestConfig: ',
    ],
    [
      'a specification without a type',
      { LaunchSpecifications: [{ ImageId: 'ami-1' }] },
      'InvalidSpotFleetRequestConfig: ',
    ],
    [
      'a kernel',
      { LaunchSpecifications: [{ ...specification, KernelId: 'aki-1' }] },
      'UnsupportedOperation: ',
    ],
    ['an instant type', { Type: 'instant' }, 'InvalidParameterValue: '],
    ['a strategy of EC2 Fleet', { AllocationStrategy: 'lowest-price' }, 'InvalidParameterValue: '],
    ['more On-Demand than all', { OnDemandTargetCapacity: 2 }, 'InvalidSpotFleetRequestConfig: '],
    ['load balancers', { LoadBalancersConfig: {} }, 'UnsupportedOperation: '],
  ])('refuses %s', (_, config, refusal) => {
    const { askSpot, cloud, home } = createFleetBench();
    expect(refusalOf(() => askSpot(1, config)).startsWith(refusal)).toBe(true);
    expect(cloud.ec2.DescribeSpotFleetRequests({}, home()).SpotFleetRequestConfigs).toEqual([]);
  });
});

describe('what names a Spot Fleet request', () => {
  it('refuses one that there is not', () => {
    const { spotFleet, spotInstancesOf } = createFleetBench();
    expect(refusalOf(() => spotFleet(NOBODY))).toBe(
      `InvalidSpotFleetRequestId.NotFound: The spot fleet request ID '${NOBODY}' does not exist`,
    );
    expect(refusalOf(() => spotInstancesOf('sfr-1'))).toMatch(
      /^InvalidSpotFleetRequestId\.Malformed: /,
    );
  });

  it('tells of each id by itself why it could not be cancelled', async () => {
    const { askSpot, cancel, cloud, home, pass } = createFleetBench();
    const gone = askSpot(0);
    cancel(gone, true);
    await pass(HOUR);
    const SpotFleetRequestIds = [gone, NOBODY, 'sfr-1'];
    const input = { SpotFleetRequestIds, TerminateInstances: true };
    const { UnsuccessfulFleetRequests } = cloud.ec2.CancelSpotFleetRequests(input, home());
    expect(UnsuccessfulFleetRequests?.map((one) => one.Error?.Code)).toEqual([
      'fleetRequestNotInCancellableState',
      'fleetRequestIdDoesNotExist',
      'fleetRequestIdMalformed',
    ]);
  });
});
