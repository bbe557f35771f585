/** Fleets and public images over HTTP, as boto3 and the AWS CLI see them: unmodified. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JudgedCloud, openCloud, UBUNTU, walkThrough } from './judged-cloud.ts';
import { type Ended, hasProgram, hasPythonModules, runProgram, WALK_LIMIT_MS } from './programs.ts';

describe.skipIf(!hasPythonModules('boto3'))('fleets by boto3, unmodified', () => {
  let cloud: JudgedCloud;
  let facts: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    cloud = await openCloud();
    facts = await walkThrough(cloud, 'fleets_walk.py');
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  test('sees a maintained fleet launch by weights, replace what is lost, and shrink', () => {
    expect(facts['maintained']).toEqual({
      types: ['t3.large', 't3.large'],
      tags: [['aws:ec2:fleet-id', true]],
      state: ['active', 'fulfilled', 4],
      target: {
        TotalTargetCapacity: 4,
        OnDemandTargetCapacity: 4,
        SpotTargetCapacity: 0,
        DefaultTargetCapacityType: 'on-demand',
      },
      fleetTags: [{ Key: 'role', Value: '<web> & co' }],
      weights: [2],
      replaced: 2,
      shrunk: 0,
    });
  });

  test('reads what an instant fleet launched, and what it could not', () => {
    expect(facts['instant']).toEqual({
      failed: [['InvalidSubnetID.NotFound', 'spot']],
      none: [],
      errors: [],
      lifecycles: ['on-demand', 'spot'],
      images: [true, true],
      listed: [false],
      members: 'Unsupported',
    });
  });

  test('pages and filters, deletes, and reads refusals by code', () => {
    expect(facts['lists']).toEqual({
      pages: [2, 1],
      unknown: 'InvalidFleetId.NotFound',
      malformed: 'InvalidFleetId.Malformed',
      badFilter: 'InvalidParameterValue',
      deleted: ['deleted_terminating'],
      notDeleted: ['fleetIdDoesNotExist', 'fleetIdMalformed'],
      gone: 'deleted',
    });
  });

  test('requests a Spot Fleet, and cancels it with its instances', () => {
    expect(facts['spot']).toEqual({
      config: ['maintain', 'lowestPrice', 2],
      images: [true],
      tags: [['aws:ec2spot:fleet-request-id', true]],
      listed: 1,
      cancelled: ['cancelled_terminating'],
      left: 0,
      gone: 'cancelled',
      badRole: 'InvalidSpotFleetRequestConfig',
    });
  });

  test('finds public images by owner, platform, user and product code', () => {
    expect(facts['public']).toEqual({
      amazon: ['Windows_Server', 'al2023', 'al2023'],
      windows: ['Windows_Server'],
      everybody: 8,
      mine: [],
      deprecated: 9,
      sold: [['example'], 'marketplace', 'aws-marketplace'],
      launched: true,
    });
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});

const NOBODY = 'fleet-11111111-2222-3333-4444-555555555555';

describe.skipIf(!hasProgram('aws', '--version'))('fleets by the AWS CLI, unmodified', () => {
  let cloud: JudgedCloud;
  let story: Readonly<Record<string, Ended>>;

  beforeAll(async () => {
    cloud = await openCloud();
    const environment = { ...cloud.environment, AWS_DEFAULT_OUTPUT: 'json', AWS_PAGER: '' };
    const ec2 = (line: string) => runProgram('aws', ['ec2', ...line.split(' ')], { environment });
    const textOf = async (line: string) => (await ec2(`${line} --output text`)).stdout.trim();
    const image = await textOf(
      `describe-images --filters Name=name,Values=${UBUNTU} --query Images[0].ImageId`,
    );
    await ec2(
      'create-launch-template --launch-template-name web --launch-template-data ' +
        `ImageId=${image},InstanceType=t3.small`,
    );
    const config = 'LaunchTemplateSpecification={LaunchTemplateName=web,Version=1}';
    const fleet = await textOf(
      `create-fleet --launch-template-configs ${config} --target-capacity-specification ` +
        'TotalTargetCapacity=1,DefaultTargetCapacityType=on-demand --query FleetId',
    );
    const request = await textOf(
      'request-spot-fleet --spot-fleet-request-config IamFleetRole=arn:aws:iam::111122223333:role/a,' +
        `TargetCapacity=0,LaunchTemplateConfigs=[{${config}}] --query SpotFleetRequestId`,
    );
    const [fleets, requests, unknown] = await Promise.all([
      ec2(
        'describe-fleets --query Fleets[].[Type,TargetCapacitySpecification.TotalTargetCapacity]',
      ),
      ec2('describe-spot-fleet-requests --query SpotFleetRequestConfigs[].SpotFleetRequestId'),
      ec2(`describe-fleets --fleet-ids ${NOBODY}`),
    ]);
    const cancelled = await ec2(
      `cancel-spot-fleet-requests --spot-fleet-request-ids ${request} --no-terminate-instances`,
    );
    const deleted = await ec2(`delete-fleets --fleet-ids ${fleet} ${NOBODY} --terminate-instances`);
    story = { fleets, requests, unknown, cancelled, deleted };
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  const answer = (word: string): unknown => JSON.parse(story[word]?.stdout ?? '');

  test('lists fleets of both kinds', () => {
    expect(answer('fleets')).toEqual([['maintain', 1]]);
    expect(answer('requests')).toEqual([expect.stringMatching(/^sfr-/)]);
  });

  test('ends fleets of both kinds', () => {
    expect(answer('cancelled')).toMatchObject({
      SuccessfulFleetRequests: [{ CurrentSpotFleetRequestState: 'cancelled_running' }],
      UnsuccessfulFleetRequests: [],
    });
    expect(answer('deleted')).toMatchObject({
      SuccessfulFleetDeletions: [{ CurrentFleetState: 'deleted_terminating' }],
      UnsuccessfulFleetDeletions: [
        {
          FleetId: NOBODY,
          Error: {
            Code: 'fleetIdDoesNotExist',
            Message: `The fleet ID '${NOBODY}' does not exist`,
          },
        },
      ],
    });
  });

  test("ends with EC2's code and text when it is refused", () => {
    const { stderr = '' } = story['unknown'] ?? {};
    expect(stderr.slice(stderr.indexOf('An error occurred')).trim()).toBe(
      'An error occurred (InvalidFleetId.NotFound) when calling the DescribeFleets operation: ' +
        `The fleet ID '${NOBODY}' does not exist`,
    );
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});
