/** What the wire serves of SQS. */
import {
  AddPermission$,
  CancelMessageMoveTask$,
  ChangeMessageVisibility$,
  ChangeMessageVisibilityBatch$,
  type ChangeMessageVisibilityRequest,
  CreateQueue$,
  DeleteMessage$,
  DeleteMessageBatch$,
  type DeleteMessageRequest,
  DeleteQueue$,
  type DeleteQueueRequest,
  GetQueueAttributes$,
  GetQueueUrl$,
  ListDeadLetterSourceQueues$,
  ListMessageMoveTasks$,
  ListQueues$,
  ListQueueTags$,
  type ListQueueTagsRequest,
  PurgeQueue$,
  type PurgeQueueRequest,
  ReceiveMessage$,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
  RemovePermission$,
  SendMessage$,
  SendMessageBatch$,
  type SendMessageRequest,
  SetQueueAttributes$,
  type SetQueueAttributesRequest,
  StartMessageMoveTask$,
  TagQueue$,
  UntagQueue$,
} from '@aws-sdk/client-sqs';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call, type Operation, operation, type Service } from '../../wire/api.ts';
import { assertMayUse } from './access.ts';
import { createQueue, setQueueAttributes } from './create-queue.ts';
import { changeVisibility, changeVisibilityBatch, deleteMessageBatch } from './in-flight.ts';
import {
  cancelMessageMoveTask,
  listMessageMoveTasks,
  startMessageMoveTask,
} from './move-operations.ts';
import { addPermission, removePermission } from './permissions.ts';
import {
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
} from './queue-info.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { receiveMessage, waitSecondsOf } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';

const PURGE_REST_MS = 60_000;

const purgeQueue = (queue: Queue, { nowMs }: Call): void => {
  const { row } = queue;
  if (row.purgedAtMs !== undefined && nowMs - row.purgedAtMs < PURGE_REST_MS) {
    throw new ApiError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${row.name} is allowed every 60 seconds.`,
      403,
    );
  }
  row.purgedAtMs = nowMs;
  queue.purge();
};

interface OfQueue {
  readonly QueueUrl: string | undefined;
}

/** Finds the queue of an input's `QueueUrl`, and lets in who may use it. */
const finderOf =
  (queues: Queues, action: string) =>
  ({ QueueUrl }: OfQueue, call: Call): Queue => {
    const queue = queues.byUrl(QueueUrl, call);
    assertMayUse(queue, action, call);
    return queue;
  };

/** Operations on one queue: what they are called, and what they do. */
const createOnQueue =
  (queues: Queues) =>
  <Input extends OfQueue>(
    schema: unknown,
    action: string,
    act: (queue: Queue, input: Input, call: Call) => unknown,
  ): Record<string, Operation> => {
    const find = finderOf(queues, action);
    const answer = (input: Input, call: Call): unknown => act(find(input, call), input, call);
    return { [action]: operation(schema, answer) };
  };

const messageOperations = (queues: Queues): Service['operations'] => {
  const on = createOnQueue(queues);
  return {
    ...on(SendMessage$, 'SendMessage', (queue, input: SendMessageRequest) =>
      sendMessage(queue, input),
    ),
    ...on(SendMessageBatch$, 'SendMessageBatch', sendMessageBatch),
    ...on(DeleteMessage$, 'DeleteMessage', (queue, input: DeleteMessageRequest) => {
      queue.delete(input.ReceiptHandle ?? '');
    }),
    ...on(DeleteMessageBatch$, 'DeleteMessageBatch', deleteMessageBatch),
    ...on(
      ChangeMessageVisibility$,
      'ChangeMessageVisibility',
      (queue, input: ChangeMessageVisibilityRequest) => {
        changeVisibility(queue, input);
      },
    ),
    ...on(ChangeMessageVisibilityBatch$, 'ChangeMessageVisibilityBatch', changeVisibilityBatch),
  };
};

/** Long polling: an empty answer is asked for again, until a message comes or the time is up. */
const receiveOperation = (kernel: Kernel, queues: Queues): Operation => {
  const find = finderOf(queues, 'ReceiveMessage');
  return operation<ReceiveMessageRequest, ReceiveMessageResult>(
    ReceiveMessage$,
    (input, call) => receiveMessage(kernel, find(input, call), input, call),
    (input, call, output) => {
      const waitMs = waitSecondsOf(find(input, call), input) * 1_000;
      return output.Messages !== undefined || waitMs === 0 ? undefined : call.nowMs + waitMs;
    },
  );
};

const queueOperations = (queues: Queues): Service['operations'] => {
  const on = createOnQueue(queues);
  return {
    ...on(DeleteQueue$, 'DeleteQueue', (queue, _input: DeleteQueueRequest) => {
      queues.delete(queue);
    }),
    ...on(PurgeQueue$, 'PurgeQueue', (queue, _input: PurgeQueueRequest, call) => {
      purgeQueue(queue, call);
    }),
    ...on(SetQueueAttributes$, 'SetQueueAttributes', (queue, input: SetQueueAttributesRequest) => {
      setQueueAttributes(queues, queue, input);
    }),
    ...on(GetQueueAttributes$, 'GetQueueAttributes', getQueueAttributes),
    ...on(
      ListDeadLetterSourceQueues$,
      'ListDeadLetterSourceQueues',
      (queue, input: Parameters<typeof listDeadLetterSourceQueues>[2]) =>
        listDeadLetterSourceQueues(queues, queue, input),
    ),
    ...on(TagQueue$, 'TagQueue', tagQueue),
    ...on(UntagQueue$, 'UntagQueue', untagQueue),
    ...on(ListQueueTags$, 'ListQueueTags', (queue, _input: ListQueueTagsRequest) =>
      listQueueTags(queue),
    ),
    ...on(AddPermission$, 'AddPermission', addPermission),
    ...on(RemovePermission$, 'RemovePermission', removePermission),
  };
};

/** Operations that do not name a queue by its URL. */
const otherOperations = (queues: Queues): Service['operations'] => {
  const over = <Input>(
    schema: unknown,
    act: (queues: Queues, input: Input, call: Call) => unknown,
  ): Operation => operation(schema, (input: Input, call) => act(queues, input, call));
  return {
    CreateQueue: over(CreateQueue$, createQueue),
    GetQueueUrl: over(GetQueueUrl$, getQueueUrl),
    ListQueues: over(ListQueues$, listQueues),
    StartMessageMoveTask: over(StartMessageMoveTask$, startMessageMoveTask),
    ListMessageMoveTasks: over(ListMessageMoveTasks$, listMessageMoveTasks),
    CancelMessageMoveTask: over(CancelMessageMoveTask$, cancelMessageMoveTask),
  };
};

export const createSqsService = (kernel: Kernel, queues: Queues): Service => ({
  id: 'sqs',
  operations: {
    ...messageOperations(queues),
    ReceiveMessage: receiveOperation(kernel, queues),
    ...queueOperations(queues),
    ...otherOperations(queues),
  },
});
