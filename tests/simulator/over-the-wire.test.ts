import {
  CopyImageCommand,
  CreateImageCommand,
  DeregisterImageCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { settingsFor as settingsOf } from './wire/clients.ts';
import { ACCOUNT, type Bench, createBench, HOME, HOUR, makeImage } from './fixture.ts';

/** As for any route, with the latency of the cloud, and its recorder behind it. */
const settingsFor = ({ cloud }: Bench, region = HOME) => ({
  ...settingsOf(() => {
    throw new Error('never asked');
  }),
  region,
  authSchemePreference: ['sigv4'],
  disableClockSkewCorrection: true,
  endpoint: `https://embedded.${region}.amazonaws.com`,
  requestHandler: createRequestHandler(
    createRouter({
      services: cloud.services,
      accountOf: () => ACCOUNT,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
      onCall: cloud.calls.record,
    }),
    { delay: cloud.latency },
  ),
});

describe('the embedded cloud, to an SDK client', () => {
  it('makes, copies and removes images in virtual time', async () => {
    const bench = createBench();
    const { clock, calls } = bench.cloud;
    const ec2 = new EC2Client(settingsFor(bench));
    const dr = new EC2Client(settingsFor(bench, 'eu-west-1'));
    const tags = [{ ResourceType: 'image' as const, Tags: [{ Key: 'a', Value: '1' }] }];
    const story = async () => {
      const made = await ec2.send(
        new CreateImageCommand({
          InstanceId: bench.id('web-1'),
          Name: 'one',
          TagSpecifications: tags,
        }),
      );
      await clock.sleep(HOUR);
      const copied = await dr.send(
        new CopyImageCommand({ Name: 'two', SourceImageId: made.ImageId, SourceRegion: HOME }),
      );
      await clock.sleep(HOUR);
      const snapshots = await dr.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
      const gone = await ec2.send(
        new DeregisterImageCommand({ ImageId: made.ImageId, DeleteAssociatedSnapshots: true }),
      );
      return { copied, snapshots, gone };
    };
    const { copied, snapshots, gone } = await clock.runFor(story());
    expect(copied.ImageId).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(snapshots.Snapshots?.[0]).toMatchObject({ State: 'completed', VolumeSize: 12 });
    expect(snapshots.Snapshots?.[0]?.StartTime).toEqual(new Date('2026-11-21T04:00:00.100Z'));
    expect(gone.DeleteSnapshotResults?.map((one) => one.ReturnCode)).toEqual(['success']);
    expect([calls.count('CreateImage'), calls.count('CopyImage', 'eu-west-1')]).toEqual([1, 1]);
  });

  it('describes instances and launch templates whole', async () => {
    const bench = createBench();
    const ec2 = new EC2Client(settingsFor(bench));
    bench.cloud.ec2.CreateLaunchTemplate(
      {
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: bench.world.images.ubuntu, KeyName: 'key' },
      },
      bench.home(),
    );
    const id = bench.id('db-1');
    const ids = new DescribeInstancesCommand({ InstanceIds: [id] });
    const { Reservations: [reservation] = [] } = await bench.cloud.clock.runFor(ec2.send(ids));
    const versions = new DescribeLaunchTemplateVersionsCommand({ Versions: ['$Latest'] });
    const { LaunchTemplateVersions: [version] = [] } = await bench.cloud.clock.runFor(
      ec2.send(versions),
    );
    expect(reservation?.Instances?.[0]).toMatchObject({
      InstanceId: id,
      State: { Code: 16, Name: 'running' },
      IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/db-profile' },
      SecurityGroups: [{ GroupId: 'sg-00000000000000a02' }],
    });
    expect(reservation?.Instances?.[0]?.BlockDeviceMappings).toHaveLength(4);
    expect(version?.LaunchTemplateData).toEqual({
      ImageId: bench.world.images.ubuntu,
      KeyName: 'key',
    });
  });

  it('is paged through by the own paginator of the SDK', async () => {
    const bench = createBench({ pageSizeMax: 2 });
    for (const name of ['one', 'two', 'three']) makeImage(bench, name);
    const client = new EC2Client(settingsFor(bench));
    const sizes: number[] = [];
    const walk = async () => {
      const pages = paginateDescribeImages({ client, pageSize: 100 }, { Owners: ['self'] });
      for await (const page of pages) sizes.push(page.Images?.length ?? 0);
    };
    await bench.cloud.clock.runFor(walk());
    expect(sizes).toEqual([2, 1]);
  });

  it('answers refusals by their codes, and counts them', async () => {
    const bench = createBench();
    const ec2 = new EC2Client(settingsFor(bench));
    const unknown = new DeregisterImageCommand({ ImageId: 'ami-0123456789abcdef0' });
    await expect(bench.cloud.clock.runFor(ec2.send(unknown))).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    const sqs = new SQSClient(settingsFor(bench));
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/111122223333/none';
    const lost = new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
    await expect(bench.cloud.clock.runFor(sqs.send(lost))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
    expect([...bench.cloud.calls.failures()].map(([, count]) => count)).toEqual([1, 1]);
  });

  it('takes messages and events', async () => {
    const bench = createBench();
    const { clock, queues, events } = bench.cloud;
    const queue = queues.create({ account: ACCOUNT, region: HOME, name: 'w.fifo', isFifo: true });
    const sqs = new SQSClient(settingsFor(bench));
    const message = { QueueUrl: queue.url, MessageBody: 'go', MessageGroupId: 'a' };
    await clock.runFor(
      sqs.send(new SendMessageCommand({ ...message, MessageDeduplicationId: '1' })),
    );
    const bridge = new EventBridgeClient(settingsFor(bench));
    const entry = { Source: 'imago', DetailType: 'done', Detail: '{}' };
    const put = await clock.runFor(bridge.send(new PutEventsCommand({ Entries: [entry] })));
    expect(queue.messages).toMatchObject([{ body: 'go', groupId: 'a' }]);
    expect(put.FailedEntryCount).toBe(0);
    expect(events.putEvents).toHaveLength(1);
  });
});
