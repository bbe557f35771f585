/** Finding queues, and what they tell of themselves. */
import type {
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListDeadLetterSourceQueuesRequest,
  ListDeadLetterSourceQueuesResult,
  ListQueuesRequest,
  ListQueuesResult,
} from '@aws-sdk/client-sqs';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertMayUse } from './access.ts';
import { type Attributes, writeAttributes } from './attributes.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const PAGE_MAX = 1_000;

const seconds = (atMs: number): string => String(Math.floor(atMs / 1_000));

const describe = (queue: Queue): Attributes => {
  const { row } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(row.createdAtMs),
    LastModifiedTimestamp: seconds(row.modifiedAtMs),
    ...(row.isFifo ? { FifoQueue: 'true' } : {}),
    ...writeAttributes(row.settings, row.isFifo),
  };
};

/** Attributes that a queue may have and this one has not. */
const OPTIONAL = new Set([
  'All',
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);

/** @throws ApiError `InvalidAttributeName` */
export const getQueueAttributes = (
  queue: Queue,
  { AttributeNames: names = [] }: GetQueueAttributesRequest,
): GetQueueAttributesResult => {
  const all = describe(queue);
  const stranger = names.find((name) => !OPTIONAL.has(name) && !Object.hasOwn(all, name));
  if (stranger !== undefined) {
    throw new ApiError('InvalidAttributeName', `Unknown Attribute ${stranger}.`);
  }
  const isWanted = (name: string): boolean =>
    names.some((wanted) => wanted === 'All' || wanted === name);
  const entries = Object.entries(all).filter(([name]) => isWanted(name));
  return entries.length === 0 ? {} : { Attributes: Object.fromEntries(entries) };
};

export const getQueueUrl = (
  queues: Queues,
  input: GetQueueUrlRequest,
  call: Call,
): GetQueueUrlResult => {
  const account = input.QueueOwnerAWSAccountId ?? call.account;
  const queue = queues.find(account, call.region, input.QueueName ?? '');
  assertMayUse(queue, 'GetQueueUrl', call);
  return { QueueUrl: queue.url };
};

interface Paging {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** A page of queues by name; the token is the name that the page before ended with. */
const pageOf = (
  queues: readonly Queue[],
  { NextToken: token, MaxResults: max }: Paging,
): { readonly urls: string[]; readonly next: string | undefined } => {
  if (max !== undefined && (max < 1 || max > PAGE_MAX)) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value ${max} for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if provided.`,
    );
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString('utf8');
  if (token !== undefined && !/^[\w.-]+$/.test(after)) {
    throw new ApiError('InvalidParameterValue', 'Invalid or expired next token.');
  }
  const rest = queues.filter(({ row }) => row.name > after);
  const page = rest.slice(0, max ?? PAGE_MAX);
  const last = page.at(-1)?.row.name;
  // Without MaxResults there are 1,000 at most, and no way to the others: as the API reference says.
  const hasMore = max !== undefined && rest.length > page.length && last !== undefined;
  return {
    urls: page.map(({ url }) => url),
    next: hasMore ? Buffer.from(last).toString('base64') : undefined,
  };
};

export const listQueues = (
  queues: Queues,
  input: ListQueuesRequest,
  { account, region }: Call,
): ListQueuesResult => {
  const prefix = input.QueueNamePrefix ?? '';
  const found = queues.of(account, region).filter(({ row }) => row.name.startsWith(prefix));
  const { urls, next } = pageOf(found, input);
  return urls.length === 0 ? {} : { QueueUrls: urls, NextToken: next };
};

export const listDeadLetterSourceQueues = (
  queues: Queues,
  queue: Queue,
  input: ListDeadLetterSourceQueuesRequest,
): ListDeadLetterSourceQueuesResult => {
  const sources = queues
    .of(queue.row.account, queue.row.region)
    .filter(({ row }) => row.settings.redrive?.deadLetterArn === queue.arn);
  const { urls, next } = pageOf(sources, input);
  return { queueUrls: urls, NextToken: next };
};
