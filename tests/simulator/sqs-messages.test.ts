import type { ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MANNERS, type Manners } from '../../simulator/manners.ts';
import type { QueueSpec } from '../../simulator/services/sqs/row.ts';
import { ACCOUNT, createBench, HOME, MINUTE, SECOND } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const AT = { account: ACCOUNT, region: HOME };

const withQueue = (spec: Partial<QueueSpec> = {}, manners: Partial<Manners> = {}) => {
  const bench = createBench(manners);
  const queue = bench.cloud.queues.create({ ...AT, name: 'work', ...spec });
  const ask = askOf(bench.cloud, 'sqs');
  const QueueUrl = queue.url;
  const receive = (input: object = {}) =>
    ask<ReceiveMessageResult>('ReceiveMessage', { QueueUrl, ...input }).Messages ?? [];
  const bodies = (input: object = {}) => receive(input).map(({ Body }) => Body);
  const send = (MessageBody: string, more: object = {}) =>
    ask('SendMessage', { QueueUrl, MessageBody, ...more });
  return { ...bench, queue, ask, QueueUrl, receive, bodies, send };
};

const withFifo = (spec: Partial<QueueSpec> = {}) => {
  const setup = withQueue({ name: 'work.fifo', isFifo: true, ...spec });
  const send = (body: string, MessageGroupId = 'g', MessageDeduplicationId = body) =>
    setup.send(body, { MessageGroupId, MessageDeduplicationId });
  return { ...setup, send };
};

describe('what a receiver asks for', () => {
  const attributes = {
    Hello: { DataType: 'String', StringValue: 'There' },
    'Help.Me': { DataType: 'Number', StringValue: '7' },
    Raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  };

  it.each([
    [undefined, undefined],
    [['None'], undefined],
    [['Hello'], ['Hello']],
    [['Hel.*'], ['Hello', 'Help.Me']],
    [
      ['Help.*', 'Raw'],
      ['Help.Me', 'Raw'],
    ],
    [['All'], ['Hello', 'Help.Me', 'Raw']],
    [['.*'], ['Hello', 'Help.Me', 'Raw']],
  ])('of message attributes, %j, is %j', (MessageAttributeNames, names) => {
    const { send, receive } = withQueue();
    send('hello', { MessageAttributes: attributes });
    const [message] = receive({ MessageAttributeNames });
    expect(message?.MessageAttributes && Object.keys(message.MessageAttributes)).toEqual(names);
    expect(message?.MD5OfMessageAttributes === undefined).toBe(names === undefined);
  });

  it('of system attributes is given by name, the tracing header among them', () => {
    const { send, receive } = withQueue({ visibilityTimeoutSeconds: 0 });
    const header = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };
    send('hello', { MessageSystemAttributes: { AWSTraceHeader: header } });
    expect(receive()[0]).not.toHaveProperty('Attributes.SenderId');
    expect(receive({ AttributeNames: ['SenderId', 'SequenceNumber'] })[0]?.Attributes).toEqual({
      SenderId: '111122223333',
    });
    expect(receive({ MessageSystemAttributeNames: ['All'] })[0]?.Attributes).toEqual({
      AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      ApproximateReceiveCount: '3',
      ApproximateFirstReceiveTimestamp: '1795230000000',
      SenderId: '111122223333',
      SentTimestamp: '1795230000000',
    });
  });

  it.each([
    [
      { MaxNumberOfMessages: 11 },
      'InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'InvalidParameterValue: Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'InvalidParameterValue: Value 43201 for parameter VisibilityTimeout',
    ],
    [{ AttributeNames: ['Colour'] }, 'InvalidAttributeName: Unknown Attribute Colour.'],
  ])('is refused with %j', (input, refusal) => {
    const { receive } = withQueue();
    expect(refusalOf(() => receive(input))).toContain(refusal);
  });
});

describe('what a sender may say', () => {
  it.each([
    [{ MessageBody: '' }, 'MissingParameter: The request must contain the parameter MessageBody.'],
    [{ MessageBody: 'bell \u0007' }, 'InvalidMessageContents: Invalid characters found.'],
    [
      { MessageBody: 'x'.repeat(1_025) },
      'InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    ],
    [
      { MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } },
      "InvalidParameterValue: Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [
      { MessageAttributes: { 'AWS.x': { DataType: 'String', StringValue: 'y' } } },
      "InvalidParameterValue: You can't use message attribute names beginning with 'AWS.'",
    ],
    [
      { MessageAttributes: { n: { DataType: 'Number', StringValue: 'seven' } } },
      "InvalidParameterValue: Can't cast the value of message (user) attribute 'n' to a number.",
    ],
    [
      { MessageAttributes: { n: { DataType: 'Text', StringValue: 'x' } } },
      "InvalidParameterValue: The type of message (user) attribute 'n' is invalid.",
    ],
    [
      { DelaySeconds: 901 },
      'InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid.',
    ],
    [
      { MessageDeduplicationId: 'd' },
      'InvalidParameterValue: Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
    ],
    [
      { MessageGroupId: '' },
      'MessageGroupId can only include alphanumeric and punctuation characters.',
    ],
    [
      { MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'x' } } },
      "InvalidParameterValue: Message (system) attribute 'Other' is not supported.",
    ],
  ])('is not %j', (more, refusal) => {
    const { send, queue } = withQueue({ maximumMessageBytes: 1_024 });
    expect(refusalOf(() => send('hello', more))).toContain(refusal);
    expect(queue.messages).toEqual([]);
  });

  it('is a delay of its own for one message, zero included', async () => {
    const { send, bodies, pass } = withQueue({ delaySeconds: 10 });
    send('at once', { DelaySeconds: 0 });
    send('of the queue');
    send('its own', { DelaySeconds: 60 });
    expect(bodies({ MaxNumberOfMessages: 10 })).toEqual(['at once']);
    await pass(10 * SECOND);
    expect(bodies({ MaxNumberOfMessages: 10 })).toEqual(['of the queue']);
    await pass(50 * SECOND);
    expect(bodies({ MaxNumberOfMessages: 10 })).toContain('its own');
  });

  it.each([
    [
      [],
      'EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request.',
    ],
    [
      Array.from({ length: 11 }, (_, n) => ({ Id: `m${n}` })),
      'TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.',
    ],
    [[{ Id: 'a' }, { Id: 'a' }], 'BatchEntryIdsNotDistinct: Id a repeated.'],
    [[{ Id: 'no:colon' }], 'InvalidBatchEntryId: A batch entry id can only contain'],
    [
      [{ Id: 'a', MessageBody: 'x'.repeat(1_048_576) }, { Id: 'b' }],
      'BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
  ])('in a batch follows its rules', (entries, refusal) => {
    const { ask, QueueUrl } = withQueue();
    const Entries = entries.map((entry) => ({ MessageBody: 'x', ...entry }));
    expect(refusalOf(() => ask('SendMessageBatch', { QueueUrl, Entries }))).toContain(refusal);
  });
});

describe('messages in flight', () => {
  it('of a standard queue have a limit, beyond which a receive is an error', () => {
    const { send, bodies, receive, queue } = withQueue({}, { queueInFlightMax: 2 });
    for (const body of ['a', 'b', 'c']) send(body);
    expect([bodies(), bodies()]).toEqual([['a'], ['b']]);
    expect(refusalOf(() => receive())).toContain('OverLimit: ');
    queue.delete(queue.messages[0]?.receiptHandle ?? '');
    expect(bodies()).toEqual(['c']);
  });

  it('of a FIFO queue have a limit, beyond which nothing is received', () => {
    const { send, bodies, cloud } = withFifo();
    cloud.behave({ queueInFlightMax: 2 });
    for (const body of ['a', 'b', 'c']) send(body, body);
    expect(bodies({ MaxNumberOfMessages: 10 })).toEqual(['a', 'b']);
    expect(bodies()).toEqual([]);
  });

  it('are 120,000 at most, unless the manners say otherwise', () => {
    expect(DEFAULT_MANNERS.queueInFlightMax).toBe(120_000);
  });

  it('are hidden for longer or shorter when asked, up to twelve hours in all', async () => {
    const { ask, QueueUrl, send, receive, bodies, pass } = withQueue();
    send('a');
    const ReceiptHandle = receive()[0]?.ReceiptHandle;
    const hide =
      (VisibilityTimeout: number, handle = ReceiptHandle) =>
      () =>
        ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: handle, VisibilityTimeout });
    hide(120)();
    await pass(119 * SECOND);
    expect(bodies()).toEqual([]);
    expect(refusalOf(hide(43_200))).toContain('beyond the limit [43200 seconds]');
    expect(refusalOf(hide(43_201))).toContain('Must be between 0 and 43200');
    expect(refusalOf(hide(0, 'nonsense'))).toBe(
      'ReceiptHandleIsInvalid: The input receipt handle "nonsense" is not a valid receipt handle.',
    );
    hide(0)();
    const again = receive();
    expect(again.map(({ Body }) => Body)).toEqual(['a']);
    ask('DeleteMessage', { QueueUrl, ReceiptHandle: again[0]?.ReceiptHandle });
    expect(refusalOf(hide(0))).toContain('Message does not exist or is not available');
  });
});

describe('a standard queue', () => {
  it('gives a message twice, or once, as the manners say', () => {
    const twice = withQueue({}, { queueDuplicate: 1 });
    twice.send('a');
    expect([twice.bodies(), twice.bodies()]).toEqual([['a'], ['a']]);
    const once = withQueue({}, { queueDuplicate: 0 });
    once.send('a');
    expect([once.bodies(), once.bodies()]).toEqual([['a'], []]);
  });

  it('gives messages in order, or not, as the manners say', () => {
    const numbers = Array.from({ length: 10 }, (_, index) => String(index));
    const orderOf = (queueReorder: number) => {
      const { send, bodies } = withQueue({}, { queueReorder });
      for (const number of numbers) send(number);
      return bodies({ MaxNumberOfMessages: 10 });
    };
    expect(orderOf(0)).toEqual(numbers);
    expect(orderOf(1)).not.toEqual(numbers);
    expect(orderOf(1).toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
  });

  it('may miss a message in a short poll, and never in a long one', () => {
    const { send, bodies } = withQueue({}, { shortPollMiss: 1 });
    send('a');
    expect(bodies()).toEqual([]);
    expect(bodies({ WaitTimeSeconds: 1 })).toEqual(['a']);
  });
});

describe('a FIFO queue', () => {
  const receiveAll = { MaxNumberOfMessages: 10 };

  it('serves groups in turn, each in its order', () => {
    const { send, bodies } = withFifo({ visibilityTimeoutSeconds: 0 });
    for (const [body, group] of ['g1-1', 'g2-1', 'g2-2', 'g3-1', 'g1-2'].map((id) => [
      id,
      id.slice(0, 2),
    ])) {
      send(body ?? '', group);
    }
    expect(bodies({ MaxNumberOfMessages: 3 })).toEqual(['g1-1', 'g1-2', 'g2-1']);
    expect(bodies(receiveAll)).toEqual(['g3-1', 'g1-1', 'g1-2', 'g2-1', 'g2-2']);
  });

  it.each([
    [0, []],
    [1, ['a']],
    [2, ['a', 'b']],
  ])(
    'hides behind message %i, which is hidden for longer, those after it alone',
    async (position, seen) => {
      const { ask, QueueUrl, send, receive, bodies, pass } = withFifo({
        visibilityTimeoutSeconds: 1,
      });
      for (const body of ['a', 'b', 'c']) send(body);
      const { ReceiptHandle } = receive(receiveAll)[position] ?? {};
      ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 4 });
      await pass(2 * SECOND);
      expect(bodies(receiveAll)).toEqual(seen);
    },
  );

  it('deduplicates in each group alone when that is its scope', () => {
    const scoped = withFifo({ deduplicationScope: 'messageGroup' });
    scoped.send('a', 'g1', 'same');
    scoped.send('b', 'g2', 'same');
    scoped.send('c', 'g1', 'same');
    expect(scoped.bodies(receiveAll)).toEqual(['a', 'b']);
    const whole = withFifo();
    whole.send('a', 'g1', 'same');
    whole.send('b', 'g2', 'same');
    expect(whole.bodies(receiveAll)).toEqual(['a']);
  });

  it('gives the same messages to the same attempt, hidden anew, until one of them is touched', async () => {
    const { ask, QueueUrl, send, receive, pass } = withFifo();
    send('a', 'g1');
    send('b', 'g2');
    const attempt = { ...receiveAll, ReceiveRequestAttemptId: 'try-1' };
    const first = receive(attempt);
    await pass(20 * SECOND);
    expect(receive(attempt)).toEqual(first);
    await pass(20 * SECOND);
    expect(receive(receiveAll)).toEqual([]);
    ask('DeleteMessage', { QueueUrl, ReceiptHandle: first[0]?.ReceiptHandle });
    expect(receive(attempt)).toEqual([]);
  });

  it('refuses to hide a message by a handle whose time was up', async () => {
    const { ask, QueueUrl, send, receive, pass } = withFifo({ visibilityTimeoutSeconds: 1 });
    send('a');
    const ReceiptHandle = receive()[0]?.ReceiptHandle;
    await pass(SECOND);
    const hide = () =>
      ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 9 });
    expect(refusalOf(hide)).toContain('Reason: The receipt handle has expired.');
  });

  it('counts its delay anew for the messages in it when the delay is changed', async () => {
    const { ask, QueueUrl, send, bodies, pass } = withFifo({ delaySeconds: 60 });
    send('a');
    ask('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '10' } });
    await pass(10 * SECOND);
    expect(bodies()).toEqual(['a']);
  });
});

describe('a dead letter', () => {
  it('is still counted by how often it was received, and aged by when it was sent', async () => {
    const bench = createBench();
    const dead = bench.cloud.queues.create({ ...AT, name: 'dead', retentionSeconds: 600 });
    const queue = bench.cloud.queues.create({
      ...AT,
      name: 'work',
      visibilityTimeoutSeconds: 60,
      redrive: { deadLetterArn: dead.arn, maxReceiveCount: 1 },
    });
    queue.send({ body: 'a' });
    queue.receive(1);
    await bench.pass(MINUTE);
    queue.receive(1);
    const ask = askOf(bench.cloud, 'sqs');
    const input = { QueueUrl: dead.url, MessageSystemAttributeNames: ['All'] };
    const { Messages } = ask<ReceiveMessageResult>('ReceiveMessage', input);
    expect(Messages?.[0]?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:work',
      SentTimestamp: '1795230000000',
    });
    await bench.pass(9 * MINUTE);
    expect(dead.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
