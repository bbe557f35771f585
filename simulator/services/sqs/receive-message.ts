/** ReceiveMessage: what a client asks for of the messages, and how long it waits for one. */
import type {
  Message as SqsMessage,
  ReceiveMessageRequest,
  ReceiveMessageResult,
} from '@aws-sdk/client-sqs';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { BATCH_MAX } from './batch.ts';
import {
  isInFlight,
  md5,
  md5OfAttributes,
  type Message,
  type MessageAttributes,
  systemAttributesOf,
} from './message.ts';
import type { Queue } from './queue.ts';

const SYSTEM_NAMES = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);
const ATTEMPT_MS = 5 * 60_000;

const badValue = (value: unknown, parameter: string, reason: string): ApiError =>
  new ApiError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

const assertReceive = (input: ReceiveMessageRequest): void => {
  const max = input.MaxNumberOfMessages ?? 1;
  if (max < 1 || max > BATCH_MAX) {
    throw badValue(max, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  }
  const wait = input.WaitTimeSeconds ?? 0;
  if (wait < 0 || wait > 20) {
    throw badValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
  }
  const hidden = input.VisibilityTimeout ?? 0;
  if (hidden < 0 || hidden > 43_200) {
    throw badValue(hidden, 'VisibilityTimeout', 'Must be between 0 and 43200, if provided.');
  }
  const stranger = systemNamesOf(input).find((name) => !SYSTEM_NAMES.has(name));
  if (stranger === undefined) return;
  throw new ApiError('InvalidAttributeName', `Unknown Attribute ${stranger}.`);
};

const systemNamesOf = (input: ReceiveMessageRequest): readonly string[] => [
  ...(input.MessageSystemAttributeNames ?? []),
  ...(input.AttributeNames ?? []),
];

const pickSystem = (message: Message, names: readonly string[]) => {
  const entries = Object.entries(systemAttributesOf(message)).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** `All`, `.*`, a name, or `prefix.*`. */
const isAskedFor = (name: string, pattern: string): boolean =>
  pattern === 'All' ||
  pattern === name ||
  (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2)));

const pickAttributes = (
  { attributes }: Message,
  patterns: readonly string[],
): MessageAttributes | undefined => {
  const entries = Object.entries(attributes).filter(([name]) =>
    patterns.some((pattern) => isAskedFor(name, pattern)),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const messageOut = (message: Message, input: ReceiveMessageRequest): SqsMessage => {
  const attributes = pickAttributes(message, input.MessageAttributeNames ?? []);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: pickSystem(message, systemNamesOf(input)),
    MessageAttributes: attributes,
    MD5OfMessageAttributes: attributes && md5OfAttributes(attributes),
  };
};

/** What the same attempt was given before, if nobody has touched it since; hidden anew. */
const sameAgain = (queue: Queue, input: ReceiveMessageRequest, nowMs: number): Message[] => {
  const attempt = queue.row.attempts.get(input.ReceiveRequestAttemptId ?? '');
  if (attempt === undefined || nowMs - attempt.atMs >= ATTEMPT_MS) return [];
  const messages = queue.messages.filter(
    (message) =>
      message.receiptHandle !== undefined &&
      attempt.handles.get(message.messageId) === message.receiptHandle &&
      isInFlight(message, nowMs),
  );
  if (messages.length < attempt.handles.size) return [];
  const seconds = input.VisibilityTimeout ?? queue.row.settings.visibilityTimeoutSeconds;
  for (const { receiptHandle } of messages) queue.changeVisibility(receiptHandle ?? '', seconds);
  return messages;
};

const remember = ({ row }: Queue, id: string, messages: readonly Message[], nowMs: number) => {
  for (const [known, { atMs }] of row.attempts) {
    if (nowMs - atMs >= ATTEMPT_MS) row.attempts.delete(known);
  }
  const handles = messages.map(
    ({ messageId, receiptHandle = '' }) => [messageId, receiptHandle] as const,
  );
  row.attempts.set(id, { atMs: nowMs, handles: new Map(handles) });
};

const receiveFresh = (queue: Queue, input: ReceiveMessageRequest, nowMs: number): Message[] => {
  const messages = queue.receive(input.MaxNumberOfMessages ?? 1, input.VisibilityTimeout);
  const { ReceiveRequestAttemptId: id } = input;
  if (queue.row.isFifo && id !== undefined && messages.length > 0)
    remember(queue, id, messages, nowMs);
  return messages;
};

/** How long this call may wait for a message, in seconds. */
export const waitSecondsOf = (queue: Queue, input: ReceiveMessageRequest): number =>
  input.WaitTimeSeconds ?? queue.row.settings.receiveWaitSeconds;

/** A short poll asks only some of SQS's servers, and may miss what is on the others. */
const isMissed = (queue: Queue, input: ReceiveMessageRequest, { manners, random }: Kernel) => {
  const { shortPollMiss } = manners();
  if (queue.row.isFifo || shortPollMiss === 0 || waitSecondsOf(queue, input) > 0) return false;
  return random('sqs-polls').chance(shortPollMiss);
};

export const receiveMessage = (
  kernel: Kernel,
  queue: Queue,
  input: ReceiveMessageRequest,
  { nowMs }: Call,
): ReceiveMessageResult => {
  assertReceive(input);
  const again = sameAgain(queue, input, nowMs);
  if (again.length > 0) return { Messages: again.map((message) => messageOut(message, input)) };
  if (isMissed(queue, input, kernel)) return {};
  const messages = receiveFresh(queue, input, nowMs);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => messageOut(message, input)) };
};
