/** CreateQueue and SetQueueAttributes: what a queue may be called and set to. */
import type {
  CreateQueueRequest,
  CreateQueueResult,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs';
import { ApiError, type Call } from '../../wire/api.ts';
import { applyAttributes, type Attributes, invalidPolicy, writeAttributes } from './attributes.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { DEFAULT_SETTINGS, type QueueSettings } from './settings.ts';
import { tagQueue } from './tags.ts';

const FIFO = 'FifoQueue';

const attributesOf = (given: CreateQueueRequest['Attributes']): Attributes =>
  Object.fromEntries(
    Object.entries(given ?? {}).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text]],
    ),
  );

const unknownFifo = (): ApiError =>
  new ApiError('InvalidAttributeName', `Unknown Attribute ${FIFO}.`);

const badFifo = (reason: string): ApiError =>
  new ApiError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${FIFO}.${reason === '' ? '' : ` Reason: ${reason}`}`,
  );

/** Whether the queue is to be FIFO. A standard queue must not even say that it is none. */
const isFifoOf = (attributes: Attributes): boolean => {
  const text = attributes[FIFO];
  if (text === undefined) return false;
  if (text === 'true') return true;
  throw text === 'false' ? unknownFifo() : badFifo('');
};

const assertName = (name: string, isFifo: boolean): void => {
  const stem = isFifo ? name.replace(/\.fifo$/, '_fifo') : name;
  if (isFifo && !name.endsWith('.fifo')) {
    throw new ApiError(
      'InvalidParameterValue',
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or ' +
        'underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  if (/^[A-Za-z0-9_-]{1,80}$/.test(stem)) return;
  throw new ApiError(
    'InvalidParameterValue',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
};

/** The dead-letter queue must be there, of the same kind, and let this queue in. */
const assertRedrive = (
  queues: Queues,
  settings: QueueSettings,
  source: { readonly arn: string; readonly isFifo: boolean },
  attributes: Attributes,
): void => {
  const { redrive } = settings;
  const text = attributes.RedrivePolicy;
  if (redrive === undefined || text === undefined) return;
  const refuse = (reason: string): ApiError => invalidPolicy(text, 'RedrivePolicy', reason);
  const deadLetter = queues.byArn(redrive.deadLetterArn)?.row;
  if (deadLetter === undefined) throw refuse('Dead letter target does not exist.');
  if (deadLetter.isFifo !== source.isFifo) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  const allow = deadLetter.settings.redriveAllow;
  if (allow === undefined || allow.permission === 'allowAll') return;
  if (allow.permission === 'byQueue' && allow.sourceArns.includes(source.arn)) return;
  throw refuse('Queue does not allow to be used as a dead-letter queue by this source queue.');
};

/** @throws ApiError `QueueNameExists` if an attribute that is given has another value. */
const assertSame = (queue: Queue, attributes: Attributes, isFifo: boolean): void => {
  const { row } = queue;
  const { FifoQueue: _, ...others } = attributes;
  const held = writeAttributes(row.settings, row.isFifo);
  const wanted = writeAttributes(applyAttributes(row.settings, others, isFifo), isFifo);
  const different = Object.keys(attributes).find((name) =>
    name === FIFO ? row.isFifo !== isFifo : held[name] !== wanted[name],
  );
  if (different === undefined) return;
  throw new ApiError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${different}`,
  );
};

export const createQueue = (
  queues: Queues,
  input: CreateQueueRequest,
  { account, region }: Call,
): CreateQueueResult => {
  const name = input.QueueName ?? '';
  const attributes = attributesOf(input.Attributes);
  const isFifo = isFifoOf(attributes);
  assertName(name, isFifo);
  const { FifoQueue: _, ...others } = attributes;
  const settings = applyAttributes(DEFAULT_SETTINGS, others, isFifo);
  const known = queues.lookUp(account, region, name);
  if (known !== undefined) {
    assertSame(known, attributes, isFifo);
    return { QueueUrl: known.url };
  }
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  assertRedrive(queues, settings, { arn, isFifo }, attributes);
  const queue = queues.create({ account, region, name, isFifo, ...settings });
  tagQueue(queue, { QueueUrl: queue.url, Tags: input.tags });
  return { QueueUrl: queue.url };
};

export const setQueueAttributes = (
  queues: Queues,
  queue: Queue,
  input: SetQueueAttributesRequest,
): void => {
  const { isFifo, settings } = queue.row;
  const { FifoQueue: fifo, ...others } = attributesOf(input.Attributes);
  if (fifo !== undefined && !isFifo) throw unknownFifo();
  if (fifo !== undefined && fifo !== 'true') {
    throw badFifo('Modifying queue type is not supported.');
  }
  const applied = applyAttributes(settings, others, isFifo);
  assertRedrive(queues, applied, { arn: queue.arn, isFifo }, others);
  queue.configure(applied);
};
