/**
 * The AWS SDK for JavaScript as a judge of the embedded cloud: clients as they come, over HTTP, with
 * their own retries, paginators, waiters and error classes.
 */
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  EC2ServiceException,
  paginateDescribeImages,
  paginateDescribeTags,
  RunInstancesCommand,
  waitUntilImageAvailable,
  waitUntilInstanceRunning,
  waitUntilSnapshotCompleted,
} from '@aws-sdk/client-ec2';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  DR,
  FRIEND,
  HOME,
  type JudgedCloud,
  makeImage,
  openCloud,
  settingsAt,
} from './judged-cloud.ts';

/** Polls every second, as no shorter delay is allowed, for twenty at most. */
const waiting = (client: EC2Client) => ({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 20 });

const caught = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

describe('the AWS SDK for JavaScript, unmodified', () => {
  let cloud: JudgedCloud;
  let home: EC2Client;
  let dr: EC2Client;
  let made: { readonly instanceId: string; readonly imageId: string };

  beforeAll(async () => {
    cloud = await openCloud();
    home = new EC2Client(settingsAt(cloud, ACCOUNT, HOME));
    dr = new EC2Client(settingsAt(cloud, ACCOUNT, DR));
    made = await makeImage(cloud, 'sdk/source');
  });

  afterAll(async () => {
    home.destroy();
    dr.destroy();
    await cloud.close();
  });

  const copyHere = async (Name: string) => {
    const copy = { Name, SourceImageId: made.imageId, SourceRegion: HOME };
    return (await home.send(new CopyImageCommand(copy))).ImageId ?? '';
  };

  /** Makes what is made take a moment of real time, so that waiters wait; and not any more. */
  const takeTime = (delayMs: number): void => {
    const span = { min: delayMs, max: delayMs };
    cloud.live.cloud.behave({ imagePendingMs: span, copyPendingMs: span, instanceStartMs: span });
  };

  test('waits until an instance runs, and until its image is available', async () => {
    takeTime(2_000);
    const launch = { ImageId: made.imageId, MinCount: 1, MaxCount: 1 };
    const launched = (await home.send(new RunInstancesCommand(launch))).Instances?.[0];
    const InstanceId = launched?.InstanceId ?? '';
    const running = await waitUntilInstanceRunning(waiting(home), { InstanceIds: [InstanceId] });
    const asked = new CreateImageCommand({ InstanceId, Name: 'sdk/waited' });
    const ImageIds = [(await home.send(asked)).ImageId ?? ''];
    const atFirst = await home.send(new DescribeImagesCommand({ ImageIds }));
    const available = await waitUntilImageAvailable(waiting(home), { ImageIds });
    takeTime(0);

    expect([launched?.State?.Name, running.state]).toEqual(['pending', 'SUCCESS']);
    expect(atFirst.Images?.map(({ State }) => State)).toEqual(['pending']);
    expect(available).toMatchObject({
      state: 'SUCCESS',
      reason: { Images: [{ Name: 'sdk/waited', State: 'available' }] },
    });
  });

  test('waits for a copy and its snapshot in another Region', async () => {
    takeTime(2_000);
    const copy = { Name: 'sdk/copied', SourceImageId: made.imageId, SourceRegion: HOME };
    const ImageIds = [(await dr.send(new CopyImageCommand(copy))).ImageId ?? ''];
    const { Images = [] } = await dr.send(new DescribeImagesCommand({ ImageIds }));
    const SnapshotIds = Images.flatMap(({ BlockDeviceMappings = [] }) =>
      BlockDeviceMappings.map(({ Ebs }) => Ebs?.SnapshotId ?? ''),
    );
    const completed = await waitUntilSnapshotCompleted(waiting(dr), { SnapshotIds });
    const available = await waitUntilImageAvailable(waiting(dr), { ImageIds });
    takeTime(0);

    expect(Images.map(({ State, SourceImageRegion }) => [State, SourceImageRegion])).toEqual([
      ['pending', 'eu-central-1'],
    ]);
    expect([SnapshotIds.length, completed.state, available.state]).toEqual([
      1,
      'SUCCESS',
      'SUCCESS',
    ]);
  });

  test('pages through images and their tags by its paginators', async () => {
    for (let index = 0; index < 12; index += 1) {
      const id = await copyHere(`page/${index}`);
      const Tags = [{ Key: 'page', Value: String(index) }];
      await home.send(new CreateTagsCommand({ Resources: [id], Tags }));
    }
    const pages: number[] = [];
    const names = new Set<string | undefined>();
    const mine = { Owners: ['self'], Filters: [{ Name: 'name', Values: ['page/*'] }] };
    for await (const { Images = [] } of paginateDescribeImages(
      { client: home, pageSize: 5 },
      mine,
    )) {
      pages.push(Images.length);
      for (const { Name } of Images) names.add(Name);
    }
    const tagPages: number[] = [];
    const Filters = [{ Name: 'key', Values: ['page'] }];
    for await (const { Tags = [] } of paginateDescribeTags(
      { client: home, pageSize: 5 },
      { Filters },
    )) {
      tagPages.push(Tags.length);
    }

    expect(pages).toEqual([5, 5, 2]);
    expect(names.size).toBe(12);
    expect(tagPages).toEqual([5, 5, 2]);
  });

  test('throws what EC2 refuses, with its code, status and request id', async () => {
    const ImageIds = ['ami-0123456789abcdef0'];
    const unknown = await caught(home.send(new DescribeImagesCommand({ ImageIds })));
    const again = { InstanceId: made.instanceId, Name: 'sdk/source' };
    const taken = await caught(home.send(new CreateImageCommand(again)));

    expect(unknown).toBeInstanceOf(EC2ServiceException);
    expect(unknown).toMatchObject({
      name: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-0123456789abcdef0]' does not exist",
      $fault: 'client',
      $metadata: {
        httpStatusCode: 400,
        requestId: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
        attempts: 1,
      },
    });
    expect(taken).toMatchObject({ name: 'InvalidAMIName.Duplicate' });
  });

  test('is told by a dry run that it may, and nothing is done', async () => {
    const { imageId: ImageId } = made;
    const dry = await caught(home.send(new DeregisterImageCommand({ ImageId, DryRun: true })));
    const { Images = [] } = await home.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));

    expect(dry).toMatchObject({
      name: 'DryRunOperation',
      message: 'Request would have succeeded, but DryRun flag is set.',
      $metadata: { httpStatusCode: 412 },
    });
    expect(Images.map(({ State }) => State)).toEqual(['available']);
  });

  test('tries again by itself when it is throttled', async () => {
    cloud.live.cloud.inject({
      service: 'ec2',
      action: 'DescribeImages',
      times: 1,
      code: 'RequestLimitExceeded',
      message: 'Request limit exceeded.',
      status: 503,
    });
    const answer = await home.send(new DescribeImagesCommand({ ImageIds: [made.imageId] }));

    expect(answer.$metadata.attempts).toBe(2);
    expect(answer.Images?.map(({ Name }) => Name)).toEqual(['sdk/source']);
  });

  test('sends, receives and deletes a message, whose digest it checks', async () => {
    const sqs = new SQSClient(settingsAt(cloud, ACCOUNT, HOME));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'sdk' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'é <&>' }));
    const asked = { QueueUrl, WaitTimeSeconds: 1 };
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(asked));
    const { ReceiptHandle } = message ?? {};
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const after = await sqs.send(new ReceiveMessageCommand(asked));
    const unknown = await caught(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })));
    sqs.destroy();

    expect(message?.Body).toBe('é <&>');
    expect(after.Messages ?? []).toEqual([]);
    expect(unknown).toBeInstanceOf(QueueDoesNotExist);
  });

  test('throws errors of its own classes, and is whose key it has', async () => {
    const settings = settingsAt(cloud, FRIEND, HOME);
    const [ssm, sts] = [new SSMClient(settings), new STSClient(settings)];
    const unknown = await caught(ssm.send(new GetParameterCommand({ Name: '/none' })));
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    ssm.destroy();
    sts.destroy();

    expect(unknown).toBeInstanceOf(ParameterNotFound);
    expect(Account).toBe('444455556666');
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});
