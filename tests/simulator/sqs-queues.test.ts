import type {
  CreateQueueResult,
  GetQueueAttributesResult,
  ListQueuesResult,
  ListQueueTagsResult,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createCloud } from '../../simulator/cloud.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { createRandom } from '../../simulator/random.ts';
import { ACCOUNT, createBench, DR, HOME, MINUTE, START_MS } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const OTHER = '444455556666';

const anSqs = () => {
  const bench = createBench();
  const ask = askOf(bench.cloud, 'sqs');
  const create = (QueueName: string, Attributes: object = {}) =>
    ask<CreateQueueResult>('CreateQueue', { QueueName, Attributes }).QueueUrl ?? '';
  const attributes = (QueueUrl: string, ...names: readonly string[]) =>
    ask<GetQueueAttributesResult>('GetQueueAttributes', {
      QueueUrl,
      AttributeNames: names.length === 0 ? ['All'] : names,
    }).Attributes;
  return { ...bench, ask, create, attributes };
};

describe('CreateQueue', () => {
  it('makes a queue with the attributes that AWS gives one', () => {
    const { create, attributes } = anSqs();
    const url = create('work');
    expect(url).toBe('https://sqs.eu-central-1.amazonaws.com/111122223333/work');
    expect(attributes(url)).toEqual({
      QueueArn: 'arn:aws:sqs:eu-central-1:111122223333:work',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: '1795230000',
      LastModifiedTimestamp: '1795230000',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
    const fifo = create('work.fifo', { FifoQueue: 'true' });
    expect(attributes(fifo)).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  it('returns the queue that is there, unless an attribute that is given differs', () => {
    const { create } = anSqs();
    const url = create('work', { DelaySeconds: '1', ReceiveMessageWaitTimeSeconds: '1' });
    expect([create('work'), create('work', { DelaySeconds: '1' })]).toEqual([url, url]);
    expect(
      refusalOf(() => create('work', { ReceiveMessageWaitTimeSeconds: '1', DelaySeconds: '2' })),
    ).toBe(
      'QueueNameExists: A queue already exists with the same name and a different value for ' +
        'attribute DelaySeconds',
    );
  });

  it.each([
    ['a b', {}, 'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or'],
    ['x'.repeat(81), {}, 'InvalidParameterValue: Can only include alphanumeric characters'],
    ['w.fifo', {}, 'InvalidParameterValue: Can only include alphanumeric characters'],
    [
      'w',
      { FifoQueue: 'true' },
      'InvalidParameterValue: The name of a FIFO queue can only include',
    ],
    ['w', { FifoQueue: 'false' }, 'InvalidAttributeName: Unknown Attribute FifoQueue.'],
    [
      'w',
      { ContentBasedDeduplication: 'false' },
      'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.',
    ],
    [
      'w',
      { DeduplicationScope: 'queue' },
      'InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    ['w', { Colour: 'red' }, 'InvalidAttributeName: Unknown Attribute Colour.'],
    ['w', { QueueArn: 'x' }, 'InvalidAttributeName: Unknown Attribute QueueArn.'],
    [
      'w',
      { DelaySeconds: '901' },
      'InvalidAttributeValue: Invalid value for the parameter DelaySeconds.',
    ],
    ['w', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['w', { MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
    ['w', { MaximumMessageSize: '1023' }, 'InvalidAttributeValue'],
    ['w', { ReceiveMessageWaitTimeSeconds: '21' }, 'InvalidAttributeValue'],
    ['w', { Policy: 'no json' }, 'InvalidAttributeValue: Invalid value for the parameter Policy.'],
    [
      'w.fifo',
      { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' },
      'InvalidAttributeValue: Invalid value for the parameter FifoThroughputLimit.',
    ],
  ])('of %s with %j is refused', (name, attributes, refusal) => {
    const { create } = anSqs();
    expect(refusalOf(() => create(name, attributes))).toContain(refusal);
  });

  it.each([
    ['arn:aws:sqs:eu-central-1:111122223333:none', '5', 'Dead letter target does not exist.'],
    [
      'arn:aws:sqs:eu-central-1:111122223333:dead.fifo',
      '5',
      'Dead-letter queue must be same type of queue as the source.',
    ],
    [
      'arn:aws:sqs:eu-central-1:111122223333:dead',
      '1001',
      'Invalid value for maxReceiveCount: 1001',
    ],
    ['arn:aws:sqs:eu-central-1:111122223333:closed', '5', 'Queue does not allow to be used'],
  ])(
    'with the dead-letter queue %s after %s receives is refused',
    (deadLetterTargetArn, maxReceiveCount, reason) => {
      const { create } = anSqs();
      create('dead');
      create('dead.fifo', { FifoQueue: 'true' });
      create('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
      const refusal = refusalOf(() => create('work', { RedrivePolicy }));
      expect(refusal).toMatch(
        /^InvalidParameterValue: Value \{.*\} for parameter RedrivePolicy is invalid\. Reason: /,
      );
      expect(refusal).toContain(reason);
    },
  );

  it('points its URLs to where the clients are, and takes any host back', () => {
    const cloud = createCloud({
      clock: new VirtualClock(START_MS),
      random: createRandom(1),
      queueHost: () => 'http://127.0.0.1:4599',
    });
    const ask = askOf(cloud, 'sqs');
    const { QueueUrl } = ask('CreateQueue', { QueueName: 'work' });
    expect(QueueUrl).toBe('http://127.0.0.1:4599/111122223333/work');
    const other = 'https://sqs.eu-central-1.amazonaws.com/111122223333/work';
    ask('SendMessage', { QueueUrl: other, MessageBody: 'hello' });
    expect(cloud.queues.find(ACCOUNT, HOME, 'work').messages).toHaveLength(1);
  });
});

describe('SetQueueAttributes', () => {
  it('changes some, takes away what is empty, and says when', async () => {
    const { ask, create, attributes, pass } = anSqs();
    create('dead');
    const RedrivePolicy =
      '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:111122223333:dead","maxReceiveCount":5}';
    const QueueUrl = create('work', { RedrivePolicy });
    expect(attributes(QueueUrl, 'RedrivePolicy')).toEqual({ RedrivePolicy });
    await pass(MINUTE);
    ask('SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy: '', DelaySeconds: '7' } });
    const changed = attributes(QueueUrl);
    expect(changed).toMatchObject({ DelaySeconds: '7', LastModifiedTimestamp: '1795230060' });
    expect(changed).not.toHaveProperty('RedrivePolicy');
  });

  it('knows one kind of encryption at a time', () => {
    const { ask, create, attributes } = anSqs();
    const QueueUrl = create('work');
    const names = ['KmsMasterKeyId', 'SqsManagedSseEnabled'] as const;
    ask('SetQueueAttributes', { QueueUrl, Attributes: { KmsMasterKeyId: 'key' } });
    expect(attributes(QueueUrl, ...names)).toEqual({
      KmsMasterKeyId: 'key',
      SqsManagedSseEnabled: 'false',
    });
    const both = { KmsMasterKeyId: 'key', SqsManagedSseEnabled: 'true' };
    expect(refusalOf(() => ask('SetQueueAttributes', { QueueUrl, Attributes: both }))).toContain(
      'InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time.',
    );
  });

  it('does not make a queue FIFO, or another', () => {
    const { ask, create } = anSqs();
    const set = (QueueUrl: string, FifoQueue: string) => () =>
      ask('SetQueueAttributes', { QueueUrl, Attributes: { FifoQueue } });
    expect(refusalOf(set(create('work'), 'true'))).toBe(
      'InvalidAttributeName: Unknown Attribute FifoQueue.',
    );
    const fifo = create('work.fifo', { FifoQueue: 'true' });
    expect(refusalOf(set(fifo, 'true'))).toBe('none');
    expect(refusalOf(set(fifo, 'false'))).toBe(
      'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue ' +
        'type is not supported.',
    );
  });
});

describe('GetQueueAttributes', () => {
  it('gives those that are asked for, and none of another name', () => {
    const { ask, create, attributes } = anSqs();
    const QueueUrl = create('work');
    expect(attributes(QueueUrl, 'DelaySeconds', 'Policy')).toEqual({ DelaySeconds: '0' });
    expect(ask('GetQueueAttributes', { QueueUrl })).toEqual({});
    expect(refusalOf(() => attributes(QueueUrl, 'Colour'))).toBe(
      'InvalidAttributeName: Unknown Attribute Colour.',
    );
  });
});

describe('a queue', () => {
  it('is gone when it is deleted, and its name is free a minute later', async () => {
    const { ask, create, pass } = anSqs();
    const QueueUrl = create('work');
    ask('DeleteQueue', { QueueUrl });
    const doesNotExist = 'QueueDoesNotExist: The specified queue does not exist.';
    expect(refusalOf(() => ask('SendMessage', { QueueUrl, MessageBody: 'x' }))).toBe(doesNotExist);
    expect(refusalOf(() => ask('DeleteQueue', { QueueUrl }))).toBe(doesNotExist);
    await pass(MINUTE - 1);
    expect(refusalOf(() => create('work'))).toBe(
      'QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create ' +
        'another with the same name.',
    );
    await pass(1);
    expect(create('work')).toBe(QueueUrl);
  });

  it('is emptied by a purge, its memory with it, once a minute', async () => {
    const { ask, create, cloud, pass } = anSqs();
    const QueueUrl = create('work.fifo', { FifoQueue: 'true' });
    const message = { QueueUrl, MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    ask('SendMessage', { ...message, MessageBody: 'one' });
    ask('PurgeQueue', { QueueUrl });
    ask('SendMessage', { ...message, MessageBody: 'two' });
    const { messages } = cloud.queues.find(ACCOUNT, HOME, 'work.fifo');
    expect(messages.map(({ body }) => body)).toEqual(['two']);
    expect(refusalOf(() => ask('PurgeQueue', { QueueUrl }))).toBe(
      'PurgeQueueInProgress: Only one PurgeQueue operation on work.fifo is allowed every 60 seconds.',
    );
    await pass(MINUTE);
    expect(refusalOf(() => ask('PurgeQueue', { QueueUrl }))).toBe('none');
  });

  it('has tags', () => {
    const { ask, create } = anSqs();
    const QueueUrl = create('work');
    ask('TagQueue', { QueueUrl, Tags: { a: '1', b: '2' } });
    ask('UntagQueue', { QueueUrl, TagKeys: ['a'] });
    expect(ask<ListQueueTagsResult>('ListQueueTags', { QueueUrl })).toEqual({ Tags: { b: '2' } });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, '']));
    expect(refusalOf(() => ask('TagQueue', { QueueUrl, Tags: many }))).toBe(
      'InvalidParameterValue: Too many tags added for queue work.',
    );
  });
});

describe('ListQueues', () => {
  it('lists those of one account and Region by name, in pages', () => {
    const { ask, create, cloud, dr } = anSqs();
    for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) create(name);
    ask('CreateQueue', { QueueName: 'b-4' }, dr());
    ask('CreateQueue', { QueueName: 'b-5' }, cloud.callAs(OTHER, HOME));
    const names = ({ QueueUrls }: ListQueuesResult) => QueueUrls?.map((url) => url.split('/')[4]);
    expect(names(ask('ListQueues'))).toEqual(['a-1', 'b-1', 'b-2', 'b-3']);
    const page = { QueueNamePrefix: 'b', MaxResults: 2 };
    const first = ask<ListQueuesResult>('ListQueues', page);
    expect(names(first)).toEqual(['b-1', 'b-2']);
    const second = ask<ListQueuesResult>('ListQueues', { ...page, NextToken: first.NextToken });
    expect([names(second), second.NextToken]).toEqual([['b-3'], undefined]);
    expect(ask('ListQueues', { QueueNamePrefix: 'none' })).toEqual({});
    expect(refusalOf(() => ask('ListQueues', { NextToken: 'bm8gdG9rZW4h' }))).toBe(
      'InvalidParameterValue: Invalid or expired next token.',
    );
  });
});

describe('another account', () => {
  it('uses a queue only by permission, and manages it never', () => {
    const { ask, create, cloud } = anSqs();
    const QueueUrl = create('work');
    const other = cloud.callAs(OTHER, HOME);
    const send = () => ask('SendMessage', { QueueUrl, MessageBody: 'x' }, other);
    expect(refusalOf(send)).toContain(
      'is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-central-1:111122223333:work',
    );
    const grant = { QueueUrl, Label: 'l', AWSAccountIds: [OTHER], Actions: ['SendMessage'] };
    ask('AddPermission', grant);
    expect(refusalOf(send)).toBe('none');
    expect(refusalOf(() => ask('ReceiveMessage', { QueueUrl }, other))).toContain('AccessDenied');
    expect(refusalOf(() => ask('DeleteQueue', { QueueUrl }, other))).toContain('AccessDenied');
    expect(refusalOf(() => ask('AddPermission', grant))).toBe(
      'InvalidParameterValue: Value l for parameter Label is invalid. Reason: Already exists.',
    );
    ask('RemovePermission', { QueueUrl, Label: 'l' });
    expect(refusalOf(send)).toContain('AccessDenied');
    expect(refusalOf(() => ask('RemovePermission', { QueueUrl, Label: 'l' }))).toBe(
      "InvalidParameterValue: Value l for parameter Label is invalid. Reason: can't find label.",
    );
  });

  it('gets the permission as a statement of the policy', () => {
    const { ask, create, attributes } = anSqs();
    const QueueUrl = create('work');
    ask('AddPermission', {
      QueueUrl,
      Label: 'l',
      AWSAccountIds: [OTHER],
      Actions: ['ReceiveMessage'],
    });
    expect(JSON.parse(attributes(QueueUrl, 'Policy')?.Policy ?? '')).toEqual({
      Version: '2008-10-17',
      Id: 'arn:aws:sqs:eu-central-1:111122223333:work/SQSDefaultPolicy',
      Statement: [
        {
          Sid: 'l',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::444455556666:root' },
          Action: 'SQS:ReceiveMessage',
          Resource: 'arn:aws:sqs:eu-central-1:111122223333:work',
        },
      ],
    });
  });
});

describe('the queues of another Region', () => {
  it('are others, though they have the same name', () => {
    const { ask, create, cloud, dr } = anSqs();
    create('work');
    ask('CreateQueue', { QueueName: 'work' }, dr());
    cloud.queues.find(ACCOUNT, HOME, 'work').send({ body: 'here' });
    expect(cloud.queues.find(ACCOUNT, DR, 'work').messages).toEqual([]);
  });
});
