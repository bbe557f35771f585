import type {
  GetQueueAttributesResult,
  ReceiveMessageResult,
  SendMessageBatchResult,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { QueueSpec } from '../../simulator/services/sqs/row.ts';
import { ACCOUNT, codeOf, createBench, HOME, MINUTE, SECOND } from './fixture.ts';

const withQueue = (spec: Partial<QueueSpec> = {}) => {
  const bench = createBench();
  const queue = bench.cloud.queues.create({
    account: ACCOUNT,
    region: HOME,
    name: 'work',
    ...spec,
  });
  const operations = bench.cloud.services.find((service) => service.id === 'sqs')?.operations ?? {};
  const ask = <Output>(action: string, input: object): Output =>
    operations[action]?.answer({ QueueUrl: queue.url, ...input }, bench.home()) as Output;
  return { ...bench, queue, ask };
};

const FIFO = { name: 'work.fifo', isFifo: true } as const;

const withFifo = (spec: Partial<QueueSpec> = {}) => {
  const setup = withQueue({ ...FIFO, ...spec });
  const send = (body: string, groupId: string, deduplicationId = body) =>
    setup.queue.send({ body, groupId, deduplicationId });
  const receive = (max = 10) => setup.queue.receive(max).map((message) => message.body);
  return { ...setup, send, receive };
};

describe('a queue over the wire', () => {
  it('gives the digests of body and attributes that clients check', () => {
    const { ask } = withQueue();
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'sweep' } };
    const sent = ask<SendMessageResult>('SendMessage', { MessageBody: 'hello', MessageAttributes });
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    expect(sent.MD5OfMessageAttributes).toBe('373adc6b4cd25d6f4bb694ace785baf7');
    const { Messages: [message] = [] } = ask<ReceiveMessageResult>('ReceiveMessage', {
      MessageSystemAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1795230000000' },
    });
  });

  it('answers entry by entry to a batch', () => {
    const { ask } = withQueue(FIFO);
    const good = { MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'a' };
    const result = ask<SendMessageBatchResult>('SendMessageBatch', {
      Entries: [
        { Id: '1', ...good },
        { Id: '2', ...good, DelaySeconds: 5 },
        { Id: '3', ...good, MessageGroupId: 'with space' },
        { Id: '4', ...good, MessageBody: '' },
      ],
    });
    expect(result.Successful?.map((one) => one.Id)).toEqual(['1']);
    expect(result.Failed).toEqual([
      {
        Id: '2',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message:
          'Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter ' +
          'that is not valid for this queue type.',
      },
      {
        Id: '3',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message:
          'Value with space for parameter MessageGroupId is invalid. Reason: MessageGroupId can ' +
          'only include alphanumeric and punctuation characters. 1 to 128 in length.',
      },
      {
        Id: '4',
        SenderFault: true,
        Code: 'MissingParameter',
        Message: 'The request must contain the parameter MessageBody.',
      },
    ]);
  });

  it.each([
    [{ MessageGroupId: undefined }, 'The request must contain the parameter MessageGroupId.'],
    [
      { MessageDeduplicationId: undefined },
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
  ])('refuses a batch as a whole when an entry for a FIFO queue has %j', (more, message) => {
    const { ask, queue } = withQueue(FIFO);
    const good = { MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'a' };
    const send = () =>
      ask('SendMessageBatch', {
        Entries: [
          { Id: '1', ...good },
          { Id: '2', ...good, ...more },
        ],
      });
    expect(send).toThrow(message);
    expect(codeOf(send)).toBe('InvalidParameterValue');
    expect(queue.messages).toEqual([]);
  });

  it('tells its attributes, and its URL by its name', () => {
    const { ask } = withQueue({ visibilityTimeoutSeconds: 660 });
    ask('SendMessage', { MessageBody: 'one' });
    ask('SendMessage', { MessageBody: 'two' });
    ask('ReceiveMessage', {});
    const { Attributes } = ask<GetQueueAttributesResult>('GetQueueAttributes', {
      AttributeNames: ['All'],
    });
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:eu-central-1:111122223333:work',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      VisibilityTimeout: '660',
    });
    expect(ask('GetQueueUrl', { QueueName: 'work' })).toEqual({
      QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/work',
    });
  });

  it('does not exist under another name', () => {
    const { ask, queue } = withQueue();
    const elsewhere = { QueueUrl: `${queue.url}-2`, MessageBody: 'x' };
    expect(codeOf(() => ask('SendMessage', elsewhere))).toBe('QueueDoesNotExist');
    expect(codeOf(() => ask('GetQueueUrl', { QueueName: 'none' }))).toBe('QueueDoesNotExist');
  });
});

describe('a FIFO queue', () => {
  it('blocks a group while a message of it is in flight, and no other group', () => {
    const { send, receive, queue } = withFifo();
    send('a1', 'a');
    send('a2', 'a');
    send('b1', 'b');
    const [first] = queue.receive(1);
    expect(first?.body).toBe('a1');
    expect(receive()).toEqual(['b1']);
    queue.delete(first?.receiptHandle ?? '');
    expect(receive()).toEqual(['a2']);
  });

  it('gives messages of one group in order within one batch', () => {
    const { send, receive } = withFifo();
    send('a1', 'a');
    send('b1', 'b');
    send('a2', 'a');
    expect(receive()).toEqual(['a1', 'a2', 'b1']);
  });

  it('gives a message again, before its successors, when its time is up', async () => {
    const { send, receive, pass } = withFifo({ visibilityTimeoutSeconds: 60 });
    send('a1', 'a');
    expect(receive(1)).toEqual(['a1']);
    send('a2', 'a');
    await pass(60 * SECOND - 1);
    expect(receive()).toEqual([]);
    await pass(1);
    expect(receive()).toEqual(['a1', 'a2']);
  });

  it('refuses to delete by a handle whose time was up', async () => {
    const { send, queue, pass } = withFifo({ visibilityTimeoutSeconds: 60 });
    send('a1', 'a');
    const [message] = queue.receive(1);
    await pass(MINUTE);
    expect(codeOf(() => queue.delete(message?.receiptHandle ?? ''))).toBe('InvalidParameterValue');
    expect(codeOf(() => queue.delete('nonsense'))).toBe('ReceiptHandleIsInvalid');
  });

  it('drops a message whose deduplication id was sent in the last five minutes', async () => {
    const { send, queue, receive, pass } = withFifo();
    const first = send('one', 'a', 'id');
    expect(send('two', 'a', 'id').messageId).toBe(first.messageId);
    const [message] = queue.receive(1);
    queue.delete(message?.receiptHandle ?? '');
    await pass(5 * MINUTE - 1);
    send('three', 'a', 'id');
    expect(receive()).toEqual([]);
    await pass(1);
    send('four', 'a', 'id');
    expect(receive()).toEqual(['four']);
    expect(queue.sentCount).toBe(2);
  });

  it('deduplicates by content when it is told to', () => {
    const { queue } = withFifo({ contentBasedDeduplication: true });
    const first = queue.send({ body: 'same', groupId: 'a' });
    expect(queue.send({ body: 'same', groupId: 'b' }).messageId).toBe(first.messageId);
    expect(queue.send({ body: 'other', groupId: 'a' }).messageId).not.toBe(first.messageId);
  });

  it('holds every message back for the delay of the queue, and takes none of its own', async () => {
    const { send, queue, receive, pass } = withFifo({ delaySeconds: 30 });
    send('a1', 'a');
    expect(receive()).toEqual([]);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await pass(30 * SECOND);
    expect(receive()).toEqual(['a1']);
    const own = { body: 'x', groupId: 'a', deduplicationId: 'x', delaySeconds: 1 };
    expect(codeOf(() => queue.send(own))).toBe('InvalidParameterValue');
  });

  it('moves a message received too often to the dead-letter queue, and frees its group', async () => {
    const bench = createBench();
    const at = { account: ACCOUNT, region: HOME, isFifo: true };
    const deadLetter = bench.cloud.queues.create({ ...at, name: 'dead.fifo' });
    const queue = bench.cloud.queues.create({
      ...at,
      name: 'work.fifo',
      visibilityTimeoutSeconds: 60,
      redrive: { deadLetterArn: deadLetter.arn, maxReceiveCount: 2 },
    });
    queue.send({ body: 'poison', groupId: 'a', deduplicationId: '1' });
    queue.send({ body: 'good', groupId: 'a', deduplicationId: '2' });
    expect(queue.receive(1)).toHaveLength(1);
    await bench.pass(MINUTE);
    expect(queue.receive(1)).toHaveLength(1);
    await bench.pass(MINUTE);
    expect(queue.receive(1).map((message) => message.body)).toEqual(['good']);
    expect(deadLetter.messages).toMatchObject([
      {
        body: 'poison',
        groupId: 'a',
        deadLetterSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:work.fifo',
      },
    ]);
  });

  it('has a name that ends in .fifo, and no other queue has', () => {
    expect(() => withQueue({ isFifo: true })).toThrow('ends in .fifo');
    expect(() => withQueue({ name: 'x.fifo' })).toThrow('ends in .fifo');
  });
});

describe('retention', () => {
  it('forgets a message after its time', async () => {
    const { queue, pass } = withQueue({ retentionSeconds: 120 });
    queue.send({ body: 'old' });
    await pass(2 * MINUTE);
    expect(queue.receive(1)).toEqual([]);
    expect(queue.messages).toEqual([]);
  });
});
