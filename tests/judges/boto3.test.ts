/**
 * boto3 as a judge of the embedded cloud: one walk (walks/boto3_walk.py) by clients, resources,
 * waiters and paginators as they are installed, over HTTP.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JudgedCloud, openCloud, walkThrough } from './judged-cloud.ts';
import { hasPythonModules, WALK_LIMIT_MS } from './programs.ts';

const AMI = /^ami-[0-9a-f]{17}$/;

describe.skipIf(!hasPythonModules('boto3'))('boto3, unmodified', () => {
  let cloud: JudgedCloud;
  let facts: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    cloud = await openCloud();
    facts = await walkThrough(cloud, 'boto3_walk.py');
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  test('is its access key: twelve digits are an account', () => {
    expect(facts['identity']).toEqual({
      account: '111122223333',
      arn: expect.stringMatching(/^arn:aws:(iam|sts)::111122223333:/),
      friend: '444455556666',
    });
  });

  test('finds its Region, and that of its copies', () => {
    expect(facts['regions']).toEqual({
      home: [
        {
          RegionName: 'eu-central-1',
          Endpoint: 'ec2.eu-central-1.amazonaws.com',
          OptInStatus: 'opt-in-not-required',
        },
      ],
      hasDr: true,
      zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    });
  });

  test('finds public images by owner and name, in each Region', () => {
    expect(facts['public_images']).toEqual({
      images: [['ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04', '099720109477', true, 'available']],
      mine: [],
      elsewhere: true,
    });
  });

  test('launches an instance with two volumes, and waits until it runs', () => {
    expect(facts['slow_down']).toEqual({
      status: 200,
      imagePendingMs: { min: 2000, max: 2000 },
    });
    expect(facts['launch']).toEqual({
      atFirst: 'pending',
      afterTheWaiter: 'running',
      type: 't3.micro',
      launchedFromBase: true,
      imageName: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04',
      tags: { Name: 'web', role: 'front' },
      devices: ['/dev/sda1', '/dev/sdf'],
      volumes: [
        [5, 'in-use'],
        [8, 'in-use'],
      ],
      volumeTags: [[{ Key: 'role', Value: 'disk' }], [{ Key: 'role', Value: 'disk' }]],
    });
  });

  test('makes an image with tags on it and on its snapshots, and waits until it is available', () => {
    expect(facts['create_image']).toEqual({
      id: expect.stringMatching(AMI),
      atFirst: 'pending',
      afterTheWaiter: 'available',
      name: 'walk/web/one',
      description: 'made by <boto3> & co',
      owner: '111122223333',
      rootDevice: ['/dev/sda1', 'ebs'],
      tags: { role: 'front', empty: '' },
      disks: [
        ['/dev/sda1', 8, false],
        ['/dev/sdf', 5, false],
      ],
      sourceIsTheInstance: true,
      snapshots: [
        [5, 'completed'],
        [8, 'completed'],
      ],
      snapshotTags: [{ role: 'disk' }, { role: 'disk' }],
      progress: ['100%', '100%'],
    });
  });

  test('pages through images and tags, and goes on where it stopped', () => {
    expect(facts['pages']).toEqual({
      imagePages: [5, 5, 3],
      imageNames: Array.from({ length: 13 }, (_, at) => `pages/${String(at).padStart(2, '0')}`),
      resumed: [7, 6, 13],
      tagPages: [5, 5, 3],
    });
  });

  test('pages through snapshots and instances without a row twice or left out', () => {
    expect(facts['more_pages']).toEqual({ snapshots: [11, 11], instances: [7, 7] });
  });

  test('copies an image once for one client token, and sees where it comes from', () => {
    expect(facts['copy']).toEqual({
      isOne: true,
      isAnother: true,
      otherRequest: 'IdempotentParameterMismatch',
      states: ['pending', 'available'],
      copies: ['walk/web/copy', 'walk/web/tagged'],
      source: [true, 'eu-central-1'],
      tags: {},
      copiedTags: { role: 'front', empty: '' },
      sizes: [8, 5],
      notHere: 'InvalidAMIID.NotFound',
    });
  });

  test('shares an image with another account, which sees it without its tags, and unshares it', () => {
    expect(facts['sharing']).toEqual({
      before: [[], [], 'InvalidAMIID.NotFound'],
      whileShared: [[{ UserId: '444455556666' }], 'done'],
      friendSees: [['walk/web/one', '111122223333', {}]],
      friendDeregisters: 'AuthFailure',
      after: [[], [], 'InvalidAMIID.NotFound'],
    });
  });

  test('deprecates, disables and protects an image, and takes each back', () => {
    expect(facts['image_states']).toEqual({
      deprecatedAsAsked: true,
      notDeprecatedAnyMore: true,
      disabled: [[], ['disabled']],
      launchOfDisabled: 'InvalidAMIID.Unavailable',
      enabled: ['available'],
      protected: 'enabled-without-cooldown',
      deregisterProtected: 'OperationNotPermitted',
      deregistered: 'done',
      after: [],
    });
  });

  test('deregisters an image with its snapshots, except those that another image uses', () => {
    expect(facts['deregister']).toEqual({
      inUse: 'InvalidSnapshot.InUse',
      returned: true,
      results: [
        [true, 'success'],
        [true, 'success'],
      ],
      snapshotsAfter: ['InvalidSnapshot.NotFound', 'InvalidSnapshot.NotFound'],
      sharedSnapshots: ['skipped', 'success'],
      found: [],
    });
  });

  test('reads each refusal by the code of EC2', () => {
    expect(facts['errors']).toEqual({
      'unknown image': 'InvalidAMIID.NotFound',
      'malformed image': 'InvalidAMIID.Malformed',
      'name taken': 'InvalidAMIName.Duplicate',
      'name malformed': 'InvalidAMIName.Malformed',
      'snapshot in use': 'InvalidSnapshot.InUse',
      'unknown snapshot': 'InvalidSnapshot.NotFound',
      'unknown instance': 'InvalidInstanceID.NotFound',
      'unknown filter': 'InvalidParameterValue',
      'unknown snapshot filter': 'InvalidParameterValue',
      'reserved tag': 'InvalidTagKey.Malformed',
      'tag on nothing': 'InvalidAMIID.NotFound',
      'dry run of a change': 'DryRunOperation',
      'dry run of a read': 'DryRunOperation',
      'pages and ids': 'InvalidParameterCombination',
      'a token that is none': 'InvalidNextToken',
      'still there after the dry run': 'available',
    });
  });

  test('is refused what it would not send, when it is signed and sent all the same', () => {
    expect(facts['raw_requests']).toEqual({
      'unknown parameter': [400, 'UnknownParameter'],
      'unknown action': [400, 'InvalidAction'],
      'missing parameter': [400, 'MissingParameter'],
      'not a number': [400, 'InvalidParameterValue'],
      known: [200, 'no code'],
    });
  });

  test('sends, receives, polls and deletes messages', () => {
    expect(facts['standard_queue']).toEqual({
      sent: ['0', '1'],
      received: ['first', 'more 0', 'more 1'],
      attributes: ['greeting'],
      afterDeleting: [],
      pollTookItsTime: true,
      unknownQueue: 'AWS.SimpleQueueService.NonExistentQueue',
      urlIsFound: true,
    });
  });

  test('meets groups and deduplication of a FIFO queue', () => {
    expect(facts['fifo_queue']).toEqual({
      first: ['a1', 'b1', null],
      afterDeleting: 'a2',
      withoutGroup: 'MissingParameter',
    });
  });

  test("hears an image's events on a queue that a rule sends them to", () => {
    const event = (state: string) => ({
      source: 'aws.ec2',
      'detail-type': 'EC2 AMI State Change',
      account: '111122223333',
      region: 'eu-central-1',
      isOfTheImage: true,
      state,
      imageIdIsSaid: true,
    });

    expect(facts['image_events']).toEqual({
      rule: 'arn:aws:events:eu-central-1:111122223333:rule/images',
      queue: 'arn:aws:sqs:eu-central-1:111122223333:heard',
      failedTargets: 0,
      targets: [{ Id: 'heard', Arn: 'arn:aws:sqs:eu-central-1:111122223333:heard' }],
      events: [event('available'), event('deregistered')],
      rulesAfter: [],
    });
  });

  test('puts and gets a parameter, and overwrites it only when asked to', () => {
    expect(facts['parameters']).toEqual({
      taken: 'ParameterAlreadyExists',
      version: 2,
      read: [
        '/golden/web',
        'String',
        'ami-3',
        2,
        'arn:aws:ssm:eu-central-1:111122223333:parameter/golden/web',
      ],
      unknown: 'ParameterNotFound',
    });
  });

  test('moves the clock on, and saves and loads the world', () => {
    expect(facts['clock_and_world']).toEqual({
      advancedDays: 1,
      backwards: 409,
      loaded: 200,
      withIt: ['world/after-the-save'],
      withoutIt: [],
      kept: 13,
      badWorld: 400,
      unknownPath: 404,
    });
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});
