/** Where targets are: queues, functions and buses of this cloud, by their ARN. */
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { isAllowed } from '../resource-policy.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Place } from './rows.ts';

/** Why a target did not take an event, in the words that a dead-letter queue is told. */
export interface Refusal {
  readonly code:
    | 'NO_RESOURCE'
    | 'NO_PERMISSIONS'
    | 'THROTTLING'
    | 'INVALID_JSON'
    | 'ERROR_FROM_TARGET'
    | 'THIRD_ACCOUNT_HOP_DETECTED'
    | 'THIRD_REGION_HOP_DETECTED';
  readonly message: string;
  /** Whether EventBridge tries again. */
  readonly isPassing: boolean;
}

/** Who sends, as a queue's policy sees it. */
export interface Sender extends Place {
  readonly ruleArn: string;
}

export interface Services {
  readonly kernel: Kernel;
  readonly queues: Queues;
  readonly lambda: Lambda;
}

const refusal = (code: Refusal['code'], message: string): Refusal => ({
  code,
  message,
  isPassing: code === 'THROTTLING',
});

export const noResource = (arn: string): Refusal =>
  refusal('NO_RESOURCE', `The target does not exist: ${arn}`);

/** Whether the queue lets EventBridge send for the rule. */
const mayEnter = ({ kernel }: Services, queue: Queue, sender: Sender): boolean => {
  const isOwn = queue.row.account === sender.account;
  if (isOwn && kernel.manners().queuePolicies === 'ignored') return true;
  return isAllowed(queue.row.settings.policy, {
    principal: { service: 'events.amazonaws.com' },
    action: 'sqs:SendMessage',
    resource: queue.arn,
    context: { 'aws:sourcearn': sender.ruleArn, 'aws:sourceaccount': sender.account },
  });
};

type Message = Pick<Parameters<Queue['send']>[0], 'groupId' | 'attributes'>;

/** Puts a text into a queue of that ARN. */
export const sendToQueue = (
  services: Services,
  arn: string,
  sender: Sender,
  body: string,
  more: Message = {},
): Refusal | undefined => {
  const queue = services.queues.byArn(arn);
  if (queue === undefined) return noResource(arn);
  if (!mayEnter(services, queue, sender)) {
    return refusal('NO_PERMISSIONS', `Not authorized to send to ${arn}`);
  }
  try {
    queue.send({ body, ...more });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refusal('ERROR_FROM_TARGET', error.message);
  }
};

const invoke = ({ lambda }: Services, arn: string, body: string): Refusal | undefined => {
  const target = lambda.byArn(arn);
  if (target === undefined) return noResource(arn);
  lambda.invokeWithPayload(target, body);
  return undefined;
};

/** Hands a text to a queue or a function. Other kinds of targets are nowhere in this cloud. */
export const handTo = (
  services: Services,
  target: Target,
  sender: Sender,
  body: string,
): Refusal | undefined => {
  const arn = target.Arn ?? '';
  const service = arn.split(':')[2];
  if (service === 'sqs') {
    const groupId = target.SqsParameters?.MessageGroupId;
    return sendToQueue(services, arn, sender, body, { groupId });
  }
  if (service === 'lambda') return invoke(services, arn, body);
  return noResource(arn);
};
