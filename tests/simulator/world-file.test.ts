import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { PROFILES } from '../../simulator/profiles.ts';
import { createRandom } from '../../simulator/random.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { PARTS } from '../../simulator/world-file/parts.ts';
import { readWorld, writeWorld } from '../../simulator/world-file/world-file.ts';
import { seedWorld } from '../../simulator/world/world.ts';
import { ACCOUNT, DR, HOME, START_MS } from './fixture.ts';

const SEED = 11;

/** A cloud in which much is under way at any time, and what is written is seen late. */
const createWorld = (): EmbeddedCloud => {
  const cloud = createCloud({
    clock: new VirtualClock(START_MS),
    random: createRandom(SEED),
    manners: { ...PROFILES.rough, readLagMs: { min: 0, max: 600_000 } },
  });
  seedWorld(cloud, { account: ACCOUNT, homeRegion: HOME, drRegion: DR, instances: 6 });
  hearEvents(cloud);
  return cloud;
};

/** An operation of another service than EC2, beside the wire and so never at fault. */
const ask = (
  cloud: EmbeddedCloud,
  id: 'sqs' | 'events' | 'ssm' | 'autoscaling',
  operation: string,
  input: object,
): unknown => {
  const service = cloud.services.find((one) => one.id === id);
  const quiet = cloud.manners();
  cloud.behave({ throttled: 0, serverError: 0, buckets: 'none' });
  try {
    return service?.operations[operation]?.answer(input, home(cloud));
  } finally {
    cloud.behave(quiet);
  }
};

const EVENTS_URL = `https://sqs.${HOME}.amazonaws.com/${ACCOUNT}/events`;
const ORDERS_URL = `https://sqs.${HOME}.amazonaws.com/${ACCOUNT}/orders.fifo`;

/** A rule that puts EC2's events into one queue, and a FIFO queue of our own. */
const hearEvents = (cloud: EmbeddedCloud): void => {
  ask(cloud, 'sqs', 'CreateQueue', { QueueName: 'events' });
  ask(cloud, 'sqs', 'CreateQueue', {
    QueueName: 'orders.fifo',
    Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
  });
  const EventPattern = '{"source":["aws.ec2"]}';
  ask(cloud, 'events', 'PutRule', { Name: 'ec2', EventPattern });
  ask(cloud, 'events', 'PutRule', { Name: 'tick', ScheduleExpression: 'rate(7 minutes)' });
  const Arn = `arn:aws:sqs:${HOME}:${ACCOUNT}:events`;
  for (const Rule of ['ec2', 'tick']) {
    ask(cloud, 'events', 'PutTargets', { Rule, Targets: [{ Id: 'queue', Arn }] });
  }
};

const throughFile = (cloud: EmbeddedCloud): EmbeddedCloud => {
  const { saved, seed } = readWorld(writeWorld(cloud.save(), SEED), 'world.json');
  const restored = createCloud({
    clock: new VirtualClock(saved.nowMs),
    random: createRandom(seed),
  });
  restored.load(saved);
  return restored;
};

/** What is done in the world: the same step does the same in two worlds that are the same. */
type Deed = (cloud: EmbeddedCloud, pick: number) => unknown;

const home = (cloud: EmbeddedCloud) => cloud.callAs(ACCOUNT, HOME);
const away = (cloud: EmbeddedCloud) => cloud.callAs(ACCOUNT, DR);

const oneOf = (ids: Iterable<string>, pick: number): string => {
  const sorted = [...ids].sort();
  return sorted[pick % Math.max(1, sorted.length)] ?? '';
};
const instanceOf = (cloud: EmbeddedCloud, pick: number): string =>
  oneOf(cloud.ec2Core.store(HOME).instances.keys(), pick);
const imageOf = (cloud: EmbeddedCloud, pick: number): string =>
  oneOf(cloud.ec2Core.store(HOME).images.keys(), pick);
const snapshotOf = (cloud: EmbeddedCloud, pick: number): string =>
  oneOf(cloud.ec2Core.store(HOME).snapshots.keys(), pick);

const fleetOf = (cloud: EmbeddedCloud, pick: number): string =>
  oneOf(cloud.ec2Core.store(HOME).fleets.fleets.keys(), pick);

const DEEDS: Readonly<Record<string, Deed>> = {
  image: (cloud, pick) =>
    cloud.ec2.CreateImage(
      { InstanceId: instanceOf(cloud, pick), Name: `image ${pick}`, Description: 'ünïcode 🖼' },
      home(cloud),
    ),
  copy: (cloud, pick) =>
    cloud.ec2.CopyImage(
      {
        Name: `copy ${pick}`,
        SourceImageId: imageOf(cloud, pick),
        SourceRegion: HOME,
        ClientToken: `token ${pick % 5}`,
      },
      away(cloud),
    ),
  tag: (cloud, pick) =>
    cloud.ec2.CreateTags(
      {
        Resources: [imageOf(cloud, pick), instanceOf(cloud, pick)],
        Tags: [{ Key: String(pick % 7), Value: `value ${pick}` }],
      },
      home(cloud),
    ),
  untag: (cloud, pick) =>
    cloud.ec2.DeleteTags(
      { Resources: [imageOf(cloud, pick)], Tags: [{ Key: String(pick % 7) }] },
      home(cloud),
    ),
  stop: (cloud, pick) =>
    cloud.ec2.StopInstances({ InstanceIds: [instanceOf(cloud, pick)] }, home(cloud)),
  start: (cloud, pick) =>
    cloud.ec2.StartInstances({ InstanceIds: [instanceOf(cloud, pick)] }, home(cloud)),
  terminate: (cloud, pick) =>
    cloud.ec2.TerminateInstances({ InstanceIds: [instanceOf(cloud, pick)] }, home(cloud)),
  launch: (cloud, pick) =>
    cloud.ec2.RunInstances(
      { ImageId: imageOf(cloud, pick), MinCount: 1, MaxCount: 2 },
      home(cloud),
    ),
  disable: (cloud, pick) => cloud.ec2.DisableImage({ ImageId: imageOf(cloud, pick) }, home(cloud)),
  deregister: (cloud, pick) =>
    cloud.ec2.DeregisterImage(
      { ImageId: imageOf(cloud, pick), DeleteAssociatedSnapshots: pick % 2 === 0 },
      home(cloud),
    ),
  send: (cloud, pick) =>
    ask(cloud, 'sqs', 'SendMessage', {
      QueueUrl: ORDERS_URL,
      MessageBody: `order ${pick % 9}`,
      MessageGroupId: `group ${pick % 3}`,
      MessageAttributes: {
        blob: { DataType: 'Binary', BinaryValue: new Uint8Array([1, pick % 256]) },
      },
    }),
  receive: (cloud, pick) =>
    ask(cloud, 'sqs', 'ReceiveMessage', {
      QueueUrl: pick % 2 === 0 ? EVENTS_URL : ORDERS_URL,
      MaxNumberOfMessages: 5,
      VisibilityTimeout: pick % 100,
      MessageAttributeNames: ['All'],
    }),
  'put parameter': (cloud, pick) =>
    ask(cloud, 'ssm', 'PutParameter', {
      Name: `/images/${pick % 3}`,
      Value: imageOf(cloud, pick),
      Type: 'String',
      Overwrite: true,
    }),
  'create group': (cloud, pick) =>
    ask(cloud, 'autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: `group ${pick % 3}`,
      InstanceId: instanceOf(cloud, pick),
      MinSize: 0,
      MaxSize: 3,
      DesiredCapacity: pick % 3,
      AvailabilityZones: ['eu-central-1a', 'eu-central-1b'],
      Tags: [{ Key: 'pick', Value: String(pick), PropagateAtLaunch: true }],
    }),
  'scale group': (cloud, pick) =>
    ask(cloud, 'autoscaling', 'SetDesiredCapacity', {
      AutoScalingGroupName: `group ${pick % 3}`,
      DesiredCapacity: pick % 4,
    }),
  'delete group': (cloud, pick) =>
    ask(cloud, 'autoscaling', 'DeleteAutoScalingGroup', {
      AutoScalingGroupName: `group ${pick % 3}`,
      ForceDelete: true,
    }),
  'create template': (cloud, pick) =>
    cloud.ec2.CreateLaunchTemplate(
      {
        LaunchTemplateName: `template-${pick % 2}`,
        LaunchTemplateData: { ImageId: imageOf(cloud, pick), InstanceType: 't3.small' },
      },
      home(cloud),
    ),
  'create fleet': (cloud, pick) =>
    cloud.ec2.CreateFleet(
      {
        Type: (['instant', 'request', 'maintain'] as const)[pick % 3],
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: {
              LaunchTemplateName: `template-${pick % 2}`,
              Version: '$Default',
            },
          },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: pick % 3 },
      },
      home(cloud),
    ),
  'delete fleet': (cloud, pick) =>
    cloud.ec2.DeleteFleets(
      { FleetIds: [fleetOf(cloud, pick)], TerminateInstances: pick % 2 === 0 },
      home(cloud),
    ),
  'request spot fleet': (cloud, pick) =>
    cloud.ec2.RequestSpotFleet(
      {
        SpotFleetRequestConfig: {
          IamFleetRole: 'arn:aws:iam::111122223333:role/fleet',
          TargetCapacity: pick % 3,
          LaunchSpecifications: [{ ImageId: imageOf(cloud, pick), InstanceType: 't3.small' }],
        },
      },
      home(cloud),
    ),
  'delete snapshot': (cloud, pick) =>
    cloud.ec2.DeleteSnapshot({ SnapshotId: snapshotOf(cloud, pick) }, home(cloud)),
};

/** All that a client can see. */
const seenOf = (cloud: EmbeddedCloud): unknown => [
  cloud.ec2.DescribeImages({ Owners: ['self'] }, home(cloud)),
  cloud.ec2.DescribeImages({ Owners: ['self'], IncludeDisabled: true }, away(cloud)),
  cloud.ec2.DescribeInstances({}, home(cloud)),
  cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, home(cloud)),
  cloud.ec2.DescribeVolumes({}, home(cloud)),
  cloud.ec2.DescribeTags({}, home(cloud)),
  cloud.ec2.DescribeFleets({}, home(cloud)),
  cloud.ec2.DescribeSpotFleetRequests({}, home(cloud)),
  ask(cloud, 'autoscaling', 'DescribeAutoScalingGroups', {}),
  cloud.queues.all().map((queue) => queue.counts()),
];

interface Step {
  readonly what: string;
  readonly pick: number;
  readonly passMs: number;
}

const act = async (cloud: EmbeddedCloud, { what, pick, passMs }: Step): Promise<unknown> => {
  await cloud.clock.runUntil(cloud.clock.nowMs() + passMs);
  try {
    return [DEEDS[what]?.(cloud, pick), seenOf(cloud)];
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.message, seenOf(cloud)];
    throw error;
  }
};

const step = record({
  what: constantFrom(...Object.keys(DEEDS)),
  pick: integer({ min: 0, max: 1_000 }),
  passMs: constantFrom(0, 50, 1_000, 30_000, 200_000, 1_000_000),
});

it('every part of a world is checked when it is read', () => {
  expect(Object.keys(PARTS).toSorted()).toEqual(Object.keys(createWorld().save().parts).toSorted());
});

describe('a world that was saved and loaded', () => {
  it('goes on exactly as the original does, whenever it was saved', async () => {
    await assert(
      asyncProperty(
        array(step, { minLength: 8, maxLength: 20 }),
        array(step, { minLength: 5, maxLength: 20 }),
        async (before, after) => {
          const original = createWorld();
          for (const one of before) await act(original, one);
          const restored = throughFile(original);
          for (const one of after) {
            expect(await act(restored, one)).toEqual(await act(original, one));
          }
          await original.clock.runUntil(original.clock.nowMs() + 7_200_000);
          await restored.clock.runUntil(restored.clock.nowMs() + 7_200_000);
          expect(writeWorld(restored.save(), SEED)).toBe(writeWorld(original.save(), SEED));
        },
      ),
      { numRuns: 60, seed: 20_261_121 },
    );
  });

  it('is the same text when it is saved again', async () => {
    const cloud = createWorld();
    for (const [index, what] of Object.keys(DEEDS).entries()) {
      await act(cloud, { what, pick: index, passMs: 60_000 });
    }
    expect(writeWorld(throughFile(cloud).save(), SEED)).toBe(writeWorld(cloud.save(), SEED));
  });
});
