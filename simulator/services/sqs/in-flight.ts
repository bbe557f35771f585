/** Deleting messages that were received, and hiding them for longer or shorter. */
import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
} from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';
import { assertBatch, attemptEach } from './batch.ts';
import type { Queue } from './queue.ts';

export const deleteMessageBatch = (
  queue: Queue,
  input: DeleteMessageBatchRequest,
): DeleteMessageBatchResult => {
  const entries = input.Entries ?? [];
  assertBatch(entries, 'DeleteMessageBatchRequestEntry');
  return attemptEach(entries, (entry) => {
    queue.delete(entry.ReceiptHandle ?? '');
    return { Id: entry.Id };
  });
};

type Change = Pick<ChangeMessageVisibilityRequest, 'ReceiptHandle'> & {
  readonly VisibilityTimeout?: number | undefined;
};

export const changeVisibility = (queue: Queue, change: Change): void => {
  const seconds = change.VisibilityTimeout;
  if (seconds === undefined) {
    throw new ApiError(
      'MissingParameter',
      'The request must contain the parameter VisibilityTimeout.',
    );
  }
  if (seconds < 0 || seconds > 43_200) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
    );
  }
  queue.changeVisibility(change.ReceiptHandle ?? '', seconds);
};

export const changeVisibilityBatch = (
  queue: Queue,
  input: ChangeMessageVisibilityBatchRequest,
): ChangeMessageVisibilityBatchResult => {
  const entries = input.Entries ?? [];
  assertBatch(entries, 'ChangeMessageVisibilityBatchRequestEntry');
  return attemptEach(entries, (entry) => {
    changeVisibility(queue, entry);
    return { Id: entry.Id };
  });
};
