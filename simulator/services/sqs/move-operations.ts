/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. Texts as recorded of SQS. */
import type {
  CancelMessageMoveTaskRequest,
  CancelMessageMoveTaskResult,
  ListMessageMoveTasksRequest,
  ListMessageMoveTasksResult,
  StartMessageMoveTaskRequest,
  StartMessageMoveTaskResult,
} from '@aws-sdk/client-sqs';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertMayUse } from './access.ts';
import type { MoveTask } from './move-tasks.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const notFound = (message: string): ApiError =>
  new ApiError('ResourceNotFoundException', message, 404);

const queueOf = (queues: Queues, parameter: string, arn: string): Queue => {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:[^:]+$/.test(arn)) {
    throw invalid(
      `You must use this format to specify the ${parameter}: ` +
        'arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
    );
  }
  const queue = queues.byArn(arn);
  if (queue !== undefined) return queue;
  throw notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
};

const handleOf = ({ taskId, sourceArn }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');

const readHandle = (handle: string): Pick<MoveTask, 'taskId' | 'sourceArn'> => {
  const bad = invalid('Value for parameter TaskHandle is invalid.');
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString('utf8'));
    const { taskId, sourceArn } = value as Partial<MoveTask>;
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    throw bad;
  }
  throw bad;
};

export const startMessageMoveTask = (
  queues: Queues,
  input: StartMessageMoveTaskRequest,
  call: Call,
): StartMessageMoveTaskResult => {
  const source = queueOf(queues, 'SourceArn', input.SourceArn ?? '');
  assertMayUse(source, 'StartMessageMoveTask', call);
  const isDeadLetter = queues
    .all()
    .some(({ row }) => row.settings.redrive?.deadLetterArn === source.arn);
  if (!isDeadLetter) throw invalid('Source queue must be configured as a Dead Letter Queue.');
  const { DestinationArn: destination, MaxNumberOfMessagesPerSecond: perSecond } = input;
  if (destination !== undefined) queueOf(queues, 'DestinationArn', destination);
  if (perSecond !== undefined && (perSecond < 1 || perSecond > 500)) {
    throw invalid(
      `Value ${perSecond} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.`,
    );
  }
  if (queues.moves.of(source.arn).some(({ status }) => status === 'RUNNING')) {
    throw invalid(
      'There is already a task running. Only one active task is allowed for a source queue arn at ' +
        'a given time.',
    );
  }
  return { TaskHandle: handleOf(queues.moves.start(source, destination, perSecond)) };
};

export const listMessageMoveTasks = (
  queues: Queues,
  input: ListMessageMoveTasksRequest,
  call: Call,
): ListMessageMoveTasksResult => {
  const source = queueOf(queues, 'SourceArn', input.SourceArn ?? '');
  assertMayUse(source, 'ListMessageMoveTasks', call);
  const max = input.MaxResults ?? 1;
  if (max < 1 || max > 10) {
    throw invalid(
      `Value ${max} for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided.`,
    );
  }
  return {
    Results: queues.moves
      .of(source.arn)
      .slice(0, max)
      .map((task) => ({
        TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.perSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failureReason,
        StartedTimestamp: task.startedAtMs,
      })),
  };
};

export const cancelMessageMoveTask = (
  queues: Queues,
  input: CancelMessageMoveTaskRequest,
  call: Call,
): CancelMessageMoveTaskResult => {
  const { taskId, sourceArn } = readHandle(input.TaskHandle ?? '');
  assertMayUse(queueOf(queues, 'SourceArn', sourceArn), 'CancelMessageMoveTask', call);
  const task = queues.moves.get(taskId);
  if (task === undefined) throw notFound('Task does not exist.');
  if (task.status !== 'RUNNING') throw notFound('Only active tasks can be cancelled.');
  task.status = 'CANCELLED';
  return { ApproximateNumberOfMessagesMoved: task.moved };
};
