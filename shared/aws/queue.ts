import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Queue, QueuedMessage } from '../loop/ports.ts';
import { type Connection, clientConfig } from './connection.ts';

/** The most messages that SendMessageBatch takes. */
const BATCH_MAX = 10;
const ATTEMPTS_MAX = 4;
const RETRY_DELAY_MS = 200;

/** A message that could not be handed over: whoever wanted it sent must not think that it was. */
export class UnsentMessagesError extends Error {
  constructor(queueUrl: string, count: number, code: string) {
    super(`${count} messages could not be sent to ${queueUrl}: ${code}`);
    this.name = 'UnsentMessagesError';
  }
}

/** A FIFO queue. Messages of one call keep their order. */
export const createQueue = (connection: Connection, region: string, queueUrl: string): Queue => {
  const client = new SQSClient(clientConfig(connection, 'sqs', region));
  connection.adapt?.(client, 'sqs');
  return {
    send: async (messages) => {
      for (let start = 0; start < messages.length; start += BATCH_MAX) {
        await sendBatch(client, connection, queueUrl, messages.slice(start, start + BATCH_MAX));
      }
    },
  };
};

/** Entries fail one by one; sending a whole batch again is safe, since SQS drops what it has. */
const sendBatch = async (
  client: SQSClient,
  { clock }: Connection,
  QueueUrl: string,
  messages: readonly QueuedMessage[],
): Promise<void> => {
  let failed = 0;
  let code = '';
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const Entries = messages.map(({ body, groupId, deduplicationId }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId,
    }));
    const output = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    failed = output.Failed?.length ?? 0;
    if (failed === 0) return;
    code = output.Failed?.[0]?.Code ?? 'unknown';
    if (attempt < ATTEMPTS_MAX) await clock.sleep(RETRY_DELAY_MS * attempt);
  }
  throw new UnsentMessagesError(QueueUrl, failed, code);
};
