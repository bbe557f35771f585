/** SendMessage and its batch. */
import type {
  SendMessageBatchRequest,
  SendMessageBatchRequestEntry,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';
import { currentTrace } from '../lambda/invocation.ts';
import { assertBatch, attemptEach } from './batch.ts';
import { deduplicationIdOf } from './deduplication.ts';
import { md5OfAttributes } from './message.ts';
import { sizeOf } from './message-attributes.ts';
import { NO_DEDUPLICATION_ID, NO_GROUP_ID } from './outgoing.ts';
import type { Queue } from './queue.ts';

const BATCH_BYTES_MAX = 1_048_576;
const TRACE = 'AWSTraceHeader';

type Entry = Omit<SendMessageRequest, 'QueueUrl'>;

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

/** The one system attribute that a sender may give. */
const givenTrace = ({ MessageSystemAttributes: attributes = {} }: Entry): string | undefined => {
  const stranger = Object.keys(attributes).find((name) => name !== TRACE);
  if (stranger !== undefined) {
    throw invalid(`Message (system) attribute '${stranger}' is not supported.`);
  }
  return attributes[TRACE]?.StringValue;
};

export const sendMessage = (queue: Queue, entry: Entry): SendMessageResult => {
  const sent = queue.send({
    body: entry.MessageBody ?? '',
    groupId: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
    delaySeconds: entry.DelaySeconds,
    attributes: entry.MessageAttributes,
    traceHeader: givenTrace(entry) ?? currentTrace(),
  });
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(entry.MessageAttributes ?? {}),
    MD5OfMessageSystemAttributes: md5OfAttributes(entry.MessageSystemAttributes ?? {}),
    SequenceNumber: sent.sequenceNumber,
  };
};

/** What makes SQS refuse a batch as a whole, where a single message would fail alone. */
const assertFifoEntries = (
  queue: Queue,
  entries: readonly SendMessageBatchRequestEntry[],
): void => {
  if (!queue.row.isFifo) return;
  for (const entry of entries) {
    if (entry.MessageGroupId === undefined) throw invalid(NO_GROUP_ID);
    const candidate = {
      body: '',
      groupId: entry.MessageGroupId,
      deduplicationId: entry.MessageDeduplicationId,
    };
    if (deduplicationIdOf(candidate, queue.row.settings) === undefined) {
      throw invalid(NO_DEDUPLICATION_ID);
    }
  }
};

const assertBatchSize = (entries: readonly SendMessageBatchRequestEntry[]): void => {
  const bytes = entries.reduce(
    (sum, { MessageBody: body = '', MessageAttributes: attributes }) =>
      sum + sizeOf({ body, attributes }),
    0,
  );
  if (bytes <= BATCH_BYTES_MAX) return;
  throw new ApiError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
  );
};

export const sendMessageBatch = (
  queue: Queue,
  input: SendMessageBatchRequest,
): SendMessageBatchResult => {
  const entries = input.Entries ?? [];
  assertBatch(entries, 'SendMessageBatchRequestEntry');
  assertFifoEntries(queue, entries);
  assertBatchSize(entries);
  return attemptEach(entries, (entry) => {
    const { MessageId, MD5OfMessageBody, ...more } = sendMessage(queue, entry);
    return { Id: entry.Id, MessageId, MD5OfMessageBody, ...more };
  });
};
