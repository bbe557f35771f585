/** AddPermission and RemovePermission: statements of the queue's policy, by their label. */
import type { AddPermissionRequest, RemovePermissionRequest } from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';
import { statementsOf } from '../resource-policy.ts';
import type { Queue } from './queue.ts';

const ACTIONS_MAX = 7;
const ACTIONS = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

type Statement = Readonly<Record<string, unknown>>;

const badValue = (value: string, parameter: string, reason: string): ApiError =>
  new ApiError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

const setStatements = (queue: Queue, statements: readonly Statement[]): void => {
  const policy =
    statements.length === 0
      ? undefined
      : JSON.stringify({
          Version: '2008-10-17',
          Id: `${queue.arn}/SQSDefaultPolicy`,
          Statement: statements,
        });
  queue.configure({ ...queue.row.settings, policy });
};

const assertActions = (actions: readonly string[]): void => {
  if (actions.length > ACTIONS_MAX) {
    throw new ApiError(
      'OverLimit',
      `${actions.length} Actions were found, maximum allowed is ${ACTIONS_MAX}.`,
      403,
    );
  }
  const stranger = actions.find((action) => !ACTIONS.has(action));
  if (stranger === undefined) return;
  const reason = 'Please refer to the appropriate WSDL for a list of valid actions. ';
  throw badValue(`SQS:${stranger}`, 'ActionName', reason);
};

const oneOrAll = (items: readonly string[]): string | readonly string[] =>
  items.length === 1 ? (items[0] ?? '') : items;

/** @throws ApiError `OverLimit`, `InvalidParameterValue` */
export const addPermission = (queue: Queue, input: AddPermissionRequest): void => {
  const { Label: label = '', Actions: actions = [], AWSAccountIds: accounts = [] } = input;
  assertActions(actions);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
    throw badValue(
      label,
      'Label',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  }
  const stranger = accounts.find((account) => !/^\d{12}$/.test(account));
  if (stranger !== undefined) throw badValue(stranger, 'PrincipalId', 'Unable to verify.');
  const statements = statementsOf(queue.row.settings.policy);
  if (statements.some(({ Sid }) => Sid === label)) {
    throw badValue(label, 'Label', 'Already exists.');
  }
  setStatements(queue, [
    ...statements,
    {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrAll(actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    },
  ]);
};

/** @throws ApiError `InvalidParameterValue` for a label that is not there. */
export const removePermission = (queue: Queue, input: RemovePermissionRequest): void => {
  const label = input.Label ?? '';
  const statements = statementsOf(queue.row.settings.policy);
  if (!statements.some(({ Sid }) => Sid === label)) {
    throw badValue(label, 'Label', "can't find label.");
  }
  setStatements(
    queue,
    statements.filter(({ Sid }) => Sid !== label),
  );
};
