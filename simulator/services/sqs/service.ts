/** What the wire serves of SQS. */
import {
  ChangeMessageVisibility$,
  type ChangeMessageVisibilityRequest,
  DeleteMessage$,
  DeleteMessageBatch$,
  type DeleteMessageBatchRequest,
  type DeleteMessageBatchResult,
  type DeleteMessageRequest,
  GetQueueAttributes$,
  type GetQueueAttributesRequest,
  type GetQueueAttributesResult,
  GetQueueUrl$,
  type GetQueueUrlRequest,
  type GetQueueUrlResult,
  type Message as SqsMessage,
  ReceiveMessage$,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
  SendMessage$,
  SendMessageBatch$,
  type SendMessageBatchRequest,
  type SendMessageBatchResult,
  type SendMessageRequest,
  type SendMessageResult,
} from '@aws-sdk/client-sqs';
import { ApiError, type Call, operation, type Service } from '../../wire/api.ts';
import { md5, md5OfAttributes, type Message, systemAttributesOf } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const BATCH_MAX = 10;

/** The rules of every batch call: 1 to 10 entries, each with its own id. */
const assertBatch = (entries: readonly { readonly Id: string | undefined }[]): void => {
  if (entries.length === 0) {
    throw new ApiError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > BATCH_MAX) {
    throw new ApiError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_MAX}.`,
    );
  }
  if (new Set(entries.map((entry) => entry.Id)).size === entries.length) return;
  throw new ApiError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id');
};

type Entry = Omit<SendMessageRequest, 'QueueUrl'>;

const send = (queue: Queue, entry: Entry): SendMessageResult => {
  const sent = queue.send({
    body: entry.MessageBody ?? '',
    groupId: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
    delaySeconds: entry.DelaySeconds,
    attributes: entry.MessageAttributes,
  });
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(entry.MessageAttributes ?? {}),
    SequenceNumber: sent.sequenceNumber,
  };
};

/** Runs one entry; what it throws becomes its own failure. */
const attempt = <Result>(
  id: string | undefined,
  act: () => Result,
): { readonly done: Result } | { readonly failed: BatchFailure } => {
  try {
    return { done: act() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return {
      failed: { Id: id, SenderFault: error.status < 500, Code: error.code, Message: error.message },
    };
  }
};

type BatchFailure = NonNullable<SendMessageBatchResult['Failed']>[number];

const sendBatch = (queue: Queue, input: SendMessageBatchRequest): SendMessageBatchResult => {
  const entries = input.Entries ?? [];
  assertBatch(entries);
  const results = entries.map((entry) =>
    attempt(entry.Id, () => {
      const { MessageId, MD5OfMessageBody, ...more } = send(queue, entry);
      return { Id: entry.Id, MessageId, MD5OfMessageBody, ...more };
    }),
  );
  return {
    Successful: results.flatMap((result) => ('done' in result ? result.done : [])),
    Failed: results.flatMap((result) => ('failed' in result ? result.failed : [])),
  };
};

const pick = (
  all: Readonly<Record<string, string>>,
  names: readonly string[] | undefined,
): Record<string, string> | undefined => {
  const wanted = names ?? [];
  const entries = Object.entries(all).filter(
    ([name]) => wanted.includes('All') || wanted.includes(name),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const messageOut = (message: Message, input: ReceiveMessageRequest): SqsMessage => {
  const hasAttributes = Object.keys(message.attributes).length > 0;
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: pick(systemAttributesOf(message), [
      ...(input.MessageSystemAttributeNames ?? []),
      ...(input.AttributeNames ?? []),
    ]),
    MessageAttributes: hasAttributes ? message.attributes : undefined,
    MD5OfMessageAttributes: md5OfAttributes(message.attributes),
  };
};

const receive = (queue: Queue, input: ReceiveMessageRequest): ReceiveMessageResult => {
  const max = input.MaxNumberOfMessages ?? 1;
  if (max < 1 || max > BATCH_MAX) {
    throw new ApiError('InvalidParameterValue', `MaxNumberOfMessages must be 1 to ${BATCH_MAX}`);
  }
  const messages = queue.receive(max, input.VisibilityTimeout);
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => messageOut(message, input)) };
};

const deleteBatch = (queue: Queue, input: DeleteMessageBatchRequest): DeleteMessageBatchResult => {
  const entries = input.Entries ?? [];
  assertBatch(entries);
  const results = entries.map((entry) =>
    attempt(entry.Id, () => {
      queue.delete(entry.ReceiptHandle ?? '');
      return { Id: entry.Id };
    }),
  );
  return {
    Successful: results.flatMap((result) => ('done' in result ? result.done : [])),
    Failed: results.flatMap((result) => ('failed' in result ? result.failed : [])),
  };
};

const attributesOf = (queue: Queue): Record<string, string> => {
  const { spec } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const redrive = spec.redrive && {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: spec.redrive.deadLetter.arn,
      maxReceiveCount: spec.redrive.maxReceiveCount,
    }),
  };
  const fifo = spec.isFifo && {
    FifoQueue: 'true',
    ContentBasedDeduplication: String(spec.contentBasedDeduplication === true),
  };
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    DelaySeconds: String(spec.delaySeconds ?? 0),
    VisibilityTimeout: String(spec.visibilityTimeoutSeconds ?? 30),
    MessageRetentionPeriod: String(spec.retentionSeconds ?? 345_600),
    ...redrive,
    ...fifo,
  };
};

const getAttributes = (
  queue: Queue,
  input: GetQueueAttributesRequest,
): GetQueueAttributesResult => ({
  Attributes: pick(attributesOf(queue), input.AttributeNames),
});

const getUrl = (queues: Queues, input: GetQueueUrlRequest, call: Call): GetQueueUrlResult => ({
  QueueUrl: queues.find(
    input.QueueOwnerAWSAccountId ?? call.account,
    call.region,
    input.QueueName ?? '',
  ).url,
});

/** An operation on the queue of its `QueueUrl`. */
const onQueue =
  <Input extends { readonly QueueUrl: string | undefined }, Output>(
    queues: Queues,
    act: (queue: Queue, input: Input) => Output,
  ) =>
  (input: Input, call: Call): Output =>
    act(queues.byUrl(input.QueueUrl, call), input);

const createTable = (queues: Queues): Service['operations'] => ({
  SendMessage: operation(SendMessage$, onQueue<SendMessageRequest, unknown>(queues, send)),
  SendMessageBatch: operation(SendMessageBatch$, onQueue(queues, sendBatch)),
  ReceiveMessage: operation(ReceiveMessage$, onQueue(queues, receive)),
  DeleteMessage: operation(
    DeleteMessage$,
    onQueue(queues, (queue, input: DeleteMessageRequest) => {
      queue.delete(input.ReceiptHandle ?? '');
    }),
  ),
  DeleteMessageBatch: operation(DeleteMessageBatch$, onQueue(queues, deleteBatch)),
  ChangeMessageVisibility: operation(
    ChangeMessageVisibility$,
    onQueue(queues, (queue, input: ChangeMessageVisibilityRequest) => {
      queue.changeVisibility(input.ReceiptHandle ?? '', input.VisibilityTimeout ?? 0);
    }),
  ),
  GetQueueAttributes: operation(GetQueueAttributes$, onQueue(queues, getAttributes)),
  GetQueueUrl: operation(GetQueueUrl$, (input: GetQueueUrlRequest, call) =>
    getUrl(queues, input, call),
  ),
});

/** ReceiveMessage answers at once: `WaitTimeSeconds` is not waited for. */
export const createSqsService = (queues: Queues): Service => ({
  id: 'sqs',
  operations: createTable(queues),
});
