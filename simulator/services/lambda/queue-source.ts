/** The event source mapping between a queue and a function. */
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';
import { md5, type Message, systemAttributesOf } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import type { InvocationResult, LambdaFunction } from './function.ts';

export interface QueueSourceSpec {
  readonly queue: Queue;
  readonly target: LambdaFunction;
  /** Messages in one invocation. Default 10, which is also the most for a FIFO queue. */
  readonly batchSize?: number | undefined;
  /** How long to gather a batch; standard queues only. */
  readonly batchWindowSeconds?: number | undefined;
  readonly reportsBatchItemFailures?: boolean | undefined;
  /** 2 to 1,000 invocations at once. Default 1,000. */
  readonly maximumConcurrency?: number | undefined;
}

const recordOf = (queue: Queue, message: Message): SQSRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle ?? '',
  body: message.body,
  attributes: systemAttributesOf(message) as unknown as SQSRecord['attributes'],
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, value]) => [
      name,
      { stringValue: value.StringValue, dataType: value.DataType ?? 'String' },
    ]),
  ),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: queue.spec.region,
});

/** What the function was handed, whatever it has made of its event since. */
type Received = Readonly<Pick<SQSRecord, 'messageId' | 'receiptHandle'>>;

/** A reply that does not say exactly which messages failed says that all of them did. */
const ALL = Symbol('all');

const failedIds = (
  value: unknown,
  known: ReadonlySet<string>,
): ReadonlySet<string> | typeof ALL => {
  if (value === null || value === undefined) return new Set();
  if (typeof value !== 'object') return ALL;
  const items: unknown = 'batchItemFailures' in value ? value.batchItemFailures : undefined;
  if (items === undefined || items === null) return new Set();
  if (!Array.isArray(items)) return ALL;
  const ids = items.map((item: unknown) =>
    item !== null && typeof item === 'object' && 'itemIdentifier' in item
      ? item.itemIdentifier
      : undefined,
  );
  const isKnown = (id: unknown): id is string => typeof id === 'string' && known.has(id);
  return ids.every(isKnown) ? new Set(ids) : ALL;
};

const assertVisibility = ({ queue, target }: QueueSourceSpec): void => {
  if (queue.spec.visibilityTimeoutSeconds >= target.spec.timeoutSeconds) return;
  throw new Error(`${queue.spec.name}: the visibility timeout is less than the function timeout`);
};

const assertSpec = (spec: QueueSourceSpec): void => {
  const { queue, batchSize = 10, batchWindowSeconds = 0, maximumConcurrency = 1_000 } = spec;
  if (queue.spec.isFifo && (batchSize > 10 || batchWindowSeconds > 0)) {
    throw new Error(`${queue.spec.name}: a FIFO source takes at most 10 messages and no window`);
  }
  if (batchSize > 10 && batchWindowSeconds < 1) {
    throw new Error(`${queue.spec.name}: a batch over 10 needs a batching window of a second`);
  }
  if (maximumConcurrency < 2 || maximumConcurrency > 1_000) {
    throw new Error(`${queue.spec.name}: maximumConcurrency is 2 to 1000`);
  }
};

/** A queue with too many messages in flight gives none until some of them are deleted. */
const receiveWhatThereIs = (queue: Queue, max: number): readonly Message[] => {
  try {
    return queue.receive(max);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'OverLimit') return [];
    throw error;
  }
};

export class QueueSource {
  readonly spec: QueueSourceSpec;
  readonly #kernel: Kernel;
  #running = 0;
  #malformedReplies = 0;
  #isGathering = false;

  /** @throws Error for settings that Lambda refuses. */
  constructor(kernel: Kernel, spec: QueueSourceSpec) {
    assertSpec(spec);
    assertVisibility(spec);
    this.#kernel = kernel;
    this.spec = spec;
    spec.queue.onReady(() => {
      this.#gather();
    });
    this.#gather();
  }

  /** How many replies did not follow the form of `batchItemFailures`. */
  get malformedReplies(): number {
    return this.#malformedReplies;
  }

  /** Many messages becoming ready in one instant are looked at once, after all of them. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { clock } = this.#kernel;
    clock.at(clock.nowMs() + (this.spec.batchWindowSeconds ?? 0) * 1_000, () => {
      this.#isGathering = false;
      this.#poll();
    });
  }

  #poll(): void {
    const { queue, batchSize = 10, maximumConcurrency = 1_000 } = this.spec;
    while (this.#running < maximumConcurrency) {
      const batch = receiveWhatThereIs(queue, batchSize);
      if (batch.length === 0) return;
      this.#invoke(batch);
    }
  }

  #invoke(batch: readonly Message[]): void {
    const event: SQSEvent = { Records: batch.map((message) => recordOf(this.spec.queue, message)) };
    const received = event.Records.map(({ messageId, receiptHandle }) => ({
      messageId,
      receiptHandle,
    }));
    this.#running += 1;
    const traces = batch.map(({ traceHeader }) => traceHeader);
    const done = (result: InvocationResult): void => {
      this.#running -= 1;
      this.#acknowledge(received, result);
      this.#gather();
    };
    this.spec.target.invoke(event, done, { traces });
  }

  /** What failed, or was a recursion, is left alone: it is visible again when its time is up. */
  #acknowledge(records: readonly Received[], result: InvocationResult): void {
    if (!result.ok) return;
    const known = new Set(records.map((record) => record.messageId));
    const failed = this.spec.reportsBatchItemFailures ? failedIds(result.value, known) : new Set();
    if (failed === ALL) {
      this.#malformedReplies += 1;
      return;
    }
    for (const { messageId, receiptHandle } of records) {
      if (!(failed as ReadonlySet<string>).has(messageId)) this.#delete(receiptHandle);
    }
  }

  /** Too late for a FIFO message whose time was up: it comes again, as from SQS. */
  #delete(receiptHandle: string): void {
    try {
      this.spec.queue.delete(receiptHandle);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
