import type { ZodType } from 'zod';
import { MalformedError, type SqsRecord, narrowJson } from '../config/messages.ts';
import { type Target, targetKey } from '../domain/model.ts';
import type { Log, Meter, Queue } from '../loop/ports.ts';

/** What Lambda is told of a batch: the records that must come back. */
export interface BatchReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** One command with the record that brought it. */
export interface Delivery<Command> {
  readonly command: Command;
  readonly record: SqsRecord;
}

export interface Worker<Command> {
  readonly schema: ZodType<Command>;
  readonly deadLetters: Queue;
  readonly log: Log;
  readonly meter: Meter;
  /** One call for all commands of one target; a rejection brings them all back. */
  readonly work: (deliveries: readonly Delivery<Command>[]) => Promise<void>;
}

/**
 * Works through a FIFO batch, target by target. A target's commands share its fate, since one pass
 * serves them all and FIFO order must hold; other targets go on.
 */
export const workThrough = async <Command extends { readonly target: Target }>(
  records: readonly SqsRecord[],
  worker: Worker<Command>,
): Promise<BatchReply> => {
  const deliveries: Delivery<Command>[] = [];
  for (const record of records) {
    const command = await readCommand(record, worker);
    if (command !== undefined) deliveries.push({ command, record });
  }
  const failed: SqsRecord[] = [];
  const errors: unknown[] = [];
  for (const [target, group] of Map.groupBy(deliveries, ({ command }) =>
    targetKey(command.target),
  )) {
    try {
      await worker.work(group);
    } catch (error) {
      worker.log.error(`${target}: the pass failed`, { target, error });
      worker.meter.count('PassesFailed', 1);
      errors.push(error);
      failed.push(...group.map(({ record }) => record));
    }
  }
  // All come back either way; thrown, the platform counts it as the failure that it is.
  if (failed.length === records.length) throw errors[0];
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};

/**
 * A body that can never be read would block its target until the queue gives up on it. So it goes
 * to the dead-letter queue at once, and counts as done; if that fails, the batch comes back.
 */
const readCommand = async <Command>(
  record: SqsRecord,
  { schema, deadLetters, log, meter }: Worker<Command>,
): Promise<Command | undefined> => {
  try {
    return narrowJson(schema, 'command', record.body);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const { messageId, body, attributes } = record;
    log.error(`${messageId} goes to the dead-letter queue`, { messageId, problem: error.message });
    meter.count('MalformedMessages', 1);
    const groupId = attributes.MessageGroupId ?? 'malformed';
    await deadLetters.send([{ body, groupId, deduplicationId: messageId }]);
    return undefined;
  }
};
