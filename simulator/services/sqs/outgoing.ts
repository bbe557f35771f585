/** A message before it is in a queue: what the queue refuses, and what becomes of the rest. */
import { ApiError } from '../../wire/api.ts';
import { deduplicationIdOf, type Sent } from './deduplication.ts';
import type { Message, MessageAttributes } from './message.ts';
import { assertAttributes, assertContent, sizeOf } from './message-attributes.ts';
import type { QueueRow } from './row.ts';

export interface Outgoing {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  readonly attributes?: MessageAttributes | undefined;
  readonly traceHeader?: string | undefined;
}

export const NO_DEDUPLICATION_ID =
  'The queue should either have ContentBasedDeduplication enabled or ' +
  'MessageDeduplicationId provided explicitly';
export const NO_GROUP_ID = 'The request must contain the parameter MessageGroupId.';

const FIFO_ID = /^[0-9a-zA-Z!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const DELAY_SECONDS_MAX = 900;

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const badValue = (value: unknown, parameter: string, reason: string): ApiError =>
  invalid(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

const assertId = (id: string | undefined, parameter: string): void => {
  if (id === undefined || FIFO_ID.test(id)) return;
  const reason = `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw badValue(id, parameter, reason);
};

const assertForFifo = (outgoing: Outgoing, row: QueueRow): void => {
  const { groupId, deduplicationId, delaySeconds } = outgoing;
  if (delaySeconds !== undefined && delaySeconds !== 0) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw badValue(delaySeconds, 'DelaySeconds', reason);
  }
  if (groupId === undefined) throw new ApiError('MissingParameter', NO_GROUP_ID);
  const candidate = { body: outgoing.body, groupId, deduplicationId };
  if (deduplicationIdOf(candidate, row.settings) === undefined) throw invalid(NO_DEDUPLICATION_ID);
};

const assertForStandard = ({ deduplicationId, delaySeconds = 0 }: Outgoing): void => {
  if (deduplicationId !== undefined) {
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw badValue(deduplicationId, 'MessageDeduplicationId', reason);
  }
  if (delaySeconds >= 0 && delaySeconds <= DELAY_SECONDS_MAX) return;
  const reason = `DelaySeconds must be >= 0 and <= ${DELAY_SECONDS_MAX}.`;
  throw badValue(delaySeconds, 'DelaySeconds', reason);
};

/** @throws ApiError `InvalidParameterValue`, `MissingParameter`, `InvalidMessageContents` */
export const assertSendable = (outgoing: Outgoing, row: QueueRow): void => {
  if (outgoing.body === '') {
    throw new ApiError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  assertContent(outgoing.body);
  assertAttributes(outgoing.attributes ?? {});
  assertId(outgoing.groupId, 'MessageGroupId');
  assertId(outgoing.deduplicationId, 'MessageDeduplicationId');
  const max = row.settings.maximumMessageBytes;
  if (sizeOf(outgoing) > max) {
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`,
    );
  }
  if (row.isFifo) assertForFifo(outgoing, row);
  else assertForStandard(outgoing);
};

/** The message as it comes to lie in the queue. */
export const freshMessage = (
  outgoing: Outgoing,
  sent: Sent,
  deduplicationId: string | undefined,
  { account, settings }: QueueRow,
  nowMs: number,
): Message => {
  const { messageId, sequenceNumber } = sent;
  const delaySeconds = sequenceNumber === undefined ? outgoing.delaySeconds : undefined;
  return {
    messageId,
    sequenceNumber,
    body: outgoing.body,
    attributes: outgoing.attributes ?? {},
    groupId: outgoing.groupId,
    deduplicationId,
    senderId: account,
    sentAtMs: nowMs,
    traceHeader: outgoing.traceHeader,
    visibleAtMs: nowMs + (delaySeconds ?? settings.delaySeconds) * 1_000,
    receiveCount: 0,
    receivedHere: 0,
    firstReceivedAtMs: undefined,
    receiptHandle: undefined,
  };
};
