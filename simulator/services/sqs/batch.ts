/** The rules of every batch call. */
import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';

export const BATCH_MAX = 10;

interface Entry {
  readonly Id: string | undefined;
}

/**
 * 1 to 10 entries, each with its own id.
 * @param kind the name of an entry in the API, such as `SendMessageBatchRequestEntry`
 * @throws ApiError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`,
 *   `BatchEntryIdsNotDistinct`
 */
export const assertBatch = (entries: readonly Entry[], kind: string): void => {
  if (entries.length === 0) {
    throw new ApiError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  }
  if (entries.length > BATCH_MAX) {
    throw new ApiError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_MAX}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id: id = '' } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw new ApiError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
          'It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new ApiError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
};

/** Runs each entry; what one throws becomes its own failure. */
export const attemptEach = <One extends Entry, Result>(
  entries: readonly One[],
  act: (entry: One) => Result,
): { readonly Successful: Result[]; readonly Failed: BatchResultErrorEntry[] } => {
  const Successful: Result[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(act(entry));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code: Code, message: Message, status } = error;
      Failed.push({ Id: entry.Id, SenderFault: status < 500, Code, Message });
    }
  }
  return { Successful, Failed };
};
