/** Auto Scaling over HTTP, as boto3 and the AWS CLI use it: unmodified, with their own parsers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JudgedCloud, openCloud, UBUNTU, walkThrough } from './judged-cloud.ts';
import { type Ended, hasProgram, hasPythonModules, runProgram, WALK_LIMIT_MS } from './programs.ts';

describe.skipIf(!hasPythonModules('boto3'))('Auto Scaling by boto3, unmodified', () => {
  let cloud: JudgedCloud;
  let facts: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    cloud = await openCloud();
    facts = await walkThrough(cloud, 'auto_scaling_walk.py');
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  test('launches by templates, configurations and mixed instances policies', () => {
    expect(facts['instances']).toEqual({
      types: ['t3.large', 't3.large'],
      versions: ['2', '2'],
      zones: ['eu-central-1a', 'eu-central-1b'],
      tags: { role: '<web> & co', 'aws:autoscaling:groupName': 'by-id' },
      mixed: ['t3.medium'],
      distribution: {
        OnDemandAllocationStrategy: 'prioritized',
        OnDemandBaseCapacity: 0,
        OnDemandPercentageAboveBaseCapacity: 0,
        SpotAllocationStrategy: 'lowest-price',
        SpotInstancePools: 2,
      },
      health: ['HEALTHY', 'HEALTHY'],
    });
  });

  test('sees a lost instance replaced, and groups grow and shrink', () => {
    expect(facts['changes']).toEqual({
      replaced: [2, false],
      above: 'ValidationError',
      grown: 3,
      shrunk: [1, 1],
    });
  });

  test('pages through groups, tags and launch configurations', () => {
    expect(facts['lists']).toEqual({
      pages: [['by-configuration', 'by-id'], ['mixed']],
      tags: [
        ['by-id', 'role', true],
        ['mixed', 'team', false],
      ],
      tagsLeft: 1,
      configurations: [['old', [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5 } }], '']],
    });
  });

  test('reads refusals by code, and by its own classes', () => {
    expect(facts['refusals']).toEqual({
      inUse:
        'Cannot delete launch configuration old because it is attached to AutoScalingGroup ' +
        'by-configuration',
      taken: 'AlreadyExists',
      unknown: 'ValidationError',
      withInstances: 'ResourceInUse',
      badToken: 'InvalidNextToken',
    });
  });

  test('deletes groups by force, with their instances', () => {
    expect(facts['deletion']).toEqual({ groups: 0, configurations: 0, running: 0 });
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});

const GROUP = '--auto-scaling-group-name cli';

describe.skipIf(!hasProgram('aws', '--version'))('Auto Scaling by the AWS CLI, unmodified', () => {
  let cloud: JudgedCloud;
  let story: Readonly<Record<string, Ended>>;

  beforeAll(async () => {
    cloud = await openCloud();
    const environment = { ...cloud.environment, AWS_DEFAULT_OUTPUT: 'json', AWS_PAGER: '' };
    const aws = (line: string) => runProgram('aws', line.split(' '), { environment });
    const scaling = (line: string) => aws(`autoscaling ${line}`);
    const found = await aws(
      `ec2 describe-images --filters Name=name,Values=${UBUNTU} --query Images[0].ImageId ` +
        '--output text',
    );
    const configured = await scaling(
      'create-launch-configuration --launch-configuration-name cli --instance-type t3.micro ' +
        `--image-id ${found.stdout.trim()}`,
    );
    const created = await scaling(
      `create-auto-scaling-group ${GROUP} --launch-configuration-name cli --min-size 1 ` +
        '--max-size 2 --availability-zones eu-central-1a --tags Key=role,Value=web',
    );
    const set = await scaling(`set-desired-capacity ${GROUP} --desired-capacity 2`);
    const [configurations, refused, unknown, tags] = await Promise.all([
      scaling('describe-launch-configurations --query LaunchConfigurations[].[InstanceType]'),
      scaling(`delete-auto-scaling-group ${GROUP}`),
      scaling('delete-auto-scaling-group --auto-scaling-group-name none'),
      scaling('describe-tags --query Tags[].[ResourceId,Key,Value]'),
    ]);
    const described = await scaling(
      'describe-auto-scaling-groups --query ' +
        'AutoScalingGroups[].[AutoScalingGroupName,DesiredCapacity,length(Instances)]',
    );
    const gone = await scaling(`delete-auto-scaling-group ${GROUP} --force-delete`);
    story = {
      configured,
      created,
      set,
      configurations,
      refused,
      unknown,
      tags,
      described,
      gone,
    };
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  const answer = (word: string): unknown => JSON.parse(story[word]?.stdout ?? '');
  const refusalOf = (word: string): string => {
    const { stderr = '' } = story[word] ?? {};
    return stderr.slice(stderr.indexOf('An error occurred')).trim();
  };

  test('makes a configuration and a group, and says nothing', () => {
    const quiet = { status: 0, stdout: '', stderr: '' };
    const { configured, created, set, gone } = story;

    expect([configured, created, set, gone]).toEqual([quiet, quiet, quiet, quiet]);
  });

  test('lists what there is', () => {
    expect(answer('configurations')).toEqual([['t3.micro']]);
    expect(answer('tags')).toEqual([['cli', 'role', 'web']]);
    expect(answer('described')).toEqual([['cli', 2, 2]]);
  });

  test("ends with Auto Scaling's code and text when it is refused", () => {
    expect(refusalOf('refused')).toBe(
      'An error occurred (ResourceInUse) when calling the DeleteAutoScalingGroup operation: You ' +
        'cannot delete an AutoScalingGroup while there are instances or pending Spot instance ' +
        'request(s) still in the group.',
    );
    expect(refusalOf('unknown')).toBe(
      'An error occurred (ValidationError) when calling the DeleteAutoScalingGroup operation: ' +
        "AutoScalingGroup name not found - AutoScalingGroup 'none' not found",
    );
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});
