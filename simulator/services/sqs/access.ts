/** Who may use a queue: its own account, and whom its policy lets in. */
import { ApiError, type Call } from '../../wire/api.ts';
import { isAllowed } from '../resource-policy.ts';
import type { Queue } from './queue.ts';

/** Actions that a policy cannot allow to another account, as the API reference says of each. */
const OWN_ACCOUNT_ONLY = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

/** Batches are allowed by the permission for one message. */
const permissionOf = (action: string): string => `sqs:${action.replace(/Batch$/, '')}`;

/** @throws ApiError `AccessDenied` to another account without permission. */
export const assertMayUse = (queue: Queue, action: string, { account }: Call): void => {
  if (account === queue.row.account) return;
  const access = {
    principal: { account },
    action: permissionOf(action),
    resource: queue.arn,
    context: { 'aws:principalaccount': account },
  };
  const { policy } = queue.row.settings;
  if (!OWN_ACCOUNT_ONLY.has(action) && isAllowed(policy, access)) return;
  const permission = permissionOf(action).toLowerCase();
  throw new ApiError(
    'AccessDenied',
    `User: arn:aws:iam::${account}:user/embedded is not authorized to perform: ${permission} on ` +
      `resource: ${queue.arn} because no resource-based policy allows the ${permission} action`,
    403,
  );
};
