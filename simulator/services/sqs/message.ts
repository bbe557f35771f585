/** A message, and the digests by which clients check that it arrived whole. */
import { hash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Twenty digits, rising; of a FIFO queue only. */
  readonly sequenceNumber: string | undefined;
  readonly senderId: string;
  readonly sentAtMs: number;
  /** The system attribute AWSTraceHeader, in which Lambda counts hops as well. */
  readonly traceHeader?: string | undefined;
  /** Set when it was moved here from the queue of that ARN. */
  readonly deadLetterSourceArn?: string | undefined;
  /** Delayed or in flight until then. */
  visibleAtMs: number;
  /** Over all queues that it has been in. */
  receiveCount: number;
  /** In this queue alone: what a redrive policy counts. */
  receivedHere: number;
  firstReceivedAtMs: number | undefined;
  /** The latest receive, and its handle. */
  receivedAtMs?: number | undefined;
  receiptHandle: string | undefined;
}

export const isInFlight = (message: Message, nowMs: number): boolean =>
  message.receiptHandle !== undefined && message.visibleAtMs > nowMs;

export const md5 = (data: string | Uint8Array): string => hash('md5', data);

export const sha256 = (text: string): string => hash('sha256', text);

const lengthPrefixed = (data: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const encodeAttribute = (name: string, value: MessageAttributeValue): Buffer => {
  const isBinary = value.BinaryValue !== undefined;
  return Buffer.concat([
    lengthPrefixed(name),
    lengthPrefixed(value.DataType ?? ''),
    Buffer.from([isBinary ? 2 : 1]),
    lengthPrefixed(value.BinaryValue ?? value.StringValue ?? ''),
  ]);
};

/** SQS's digest of message attributes: by name, each part behind its length. */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined => {
  const entries = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  return md5(Buffer.concat(entries.map(([name, value]) => encodeAttribute(name, value))));
};

/** The system attributes that a receiver may ask for, all as text. */
export const systemAttributesOf = (message: Message): Readonly<Record<string, string>> => {
  const all: Record<string, string | undefined> = {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
    SequenceNumber: message.sequenceNumber,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
    AWSTraceHeader: message.traceHeader,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
};
