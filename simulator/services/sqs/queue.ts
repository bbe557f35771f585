/** One queue, standard or FIFO. Its clock decides what is visible; it never waits. */
import { type Kernel, uuidOf } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';
import { isInFlight, md5, type Message, type MessageAttributes, sha256 } from './message.ts';

export interface QueueSpec {
  readonly account: string;
  readonly region: string;
  /** A FIFO queue's ends in `.fifo`. */
  readonly name: string;
  readonly isFifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly delaySeconds?: number;
  readonly visibilityTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly redrive?: { readonly deadLetter: Queue; readonly maxReceiveCount: number } | undefined;
}

export interface Outgoing {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  readonly attributes?: MessageAttributes | undefined;
}

export interface Sent {
  readonly messageId: string;
  readonly md5OfBody: string;
  readonly sequenceNumber: string | undefined;
}

const DEDUPLICATION_MS = 5 * 60_000;
const BODY_BYTES_MAX = 1_048_576;

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

export class Queue {
  readonly spec: QueueSpec;
  readonly #kernel: Kernel;
  readonly #messages = new Map<string, Message>();
  readonly #recent = new Map<string, Sent & { readonly atMs: number }>();
  readonly #listeners: (() => void)[] = [];
  #sent = 0;

  constructor(kernel: Kernel, spec: QueueSpec) {
    this.#kernel = kernel;
    this.spec = spec;
  }

  get arn(): string {
    return `arn:aws:sqs:${this.spec.region}:${this.spec.account}:${this.spec.name}`;
  }

  get url(): string {
    return `https://sqs.${this.spec.region}.amazonaws.com/${this.spec.account}/${this.spec.name}`;
  }

  /** All messages that are not deleted, oldest first. */
  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** How many messages were accepted and not deduplicated. */
  get sentCount(): number {
    return this.#sent;
  }

  /** Calls `listener` whenever a message may have become receivable. */
  onReady(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws ApiError `InvalidParameterValue`, `MissingParameter` for what the queue refuses. */
  send(outgoing: Outgoing): Sent {
    const nowMs = this.#kernel.clock.nowMs();
    this.#assertSendable(outgoing);
    const deduplicationId = this.#deduplicationIdOf(outgoing);
    const known = this.#recentSend(deduplicationId, nowMs);
    if (known !== undefined) return known;
    this.#sent += 1;
    const sent: Sent = {
      messageId: uuidOf(this.#kernel.random('sqs')),
      md5OfBody: md5(outgoing.body),
      sequenceNumber: this.spec.isFifo
        ? String(18_849_496_460_467_696_128n + BigInt(this.#sent) * 256n)
        : undefined,
    };
    if (deduplicationId !== undefined) this.#recent.set(deduplicationId, { ...sent, atMs: nowMs });
    const delaySeconds = outgoing.delaySeconds ?? this.spec.delaySeconds ?? 0;
    this.#keep({
      ...sent,
      body: outgoing.body,
      attributes: outgoing.attributes ?? {},
      groupId: outgoing.groupId,
      deduplicationId,
      senderId: this.spec.account,
      sentAtMs: nowMs,
      visibleAtMs: nowMs + delaySeconds * 1_000,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      receiptHandle: undefined,
    });
    return sent;
  }

  /** Up to `max` messages, which are then in flight for the visibility timeout. */
  receive(max: number, visibilityTimeoutSeconds?: number): Message[] {
    this.#dropExpired();
    const received: Message[] = [];
    for (const message of this.#receivable()) {
      if (received.length === max) break;
      if (!this.#moveIfSpent(message)) received.push(message);
    }
    const seconds = visibilityTimeoutSeconds ?? this.spec.visibilityTimeoutSeconds ?? 30;
    for (const message of received) this.#takeOff(message, seconds);
    return received;
  }

  /** @throws ApiError for a handle that is not (or, of a FIFO queue, no longer) valid. */
  delete(receiptHandle: string): void {
    const message = this.#byHandle(receiptHandle);
    if (message === undefined) return; // deleted before: SQS says yes
    if (this.spec.isFifo && !isInFlight(message, this.#kernel.clock.nowMs())) {
      throw invalid('The receipt handle has expired');
    }
    if (message.receiptHandle !== receiptHandle) return; // received again since: kept, as by SQS
    this.#messages.delete(message.messageId);
    this.#tell();
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#byHandle(receiptHandle);
    const nowMs = this.#kernel.clock.nowMs();
    if (message?.receiptHandle !== receiptHandle || !isInFlight(message, nowMs)) {
      throw new ApiError('MessageNotInflight', 'The message is not in flight');
    }
    this.#hide(message, seconds);
  }

  /** What GetQueueAttributes counts. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#dropExpired();
    const nowMs = this.#kernel.clock.nowMs();
    const all = this.messages;
    const inFlight = all.filter((message) => isInFlight(message, nowMs)).length;
    const visible = all.filter((message) => message.visibleAtMs <= nowMs).length;
    return { visible, inFlight, delayed: all.length - visible - inFlight };
  }

  #keep(message: Message): void {
    this.#messages.set(message.messageId, message);
    this.#tellAt(message.visibleAtMs);
  }

  #takeOff(message: Message, seconds: number): void {
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= this.#kernel.clock.nowMs();
    message.receiptHandle = `${message.messageId}:${this.#kernel.random('sqs').hex(32)}`;
    this.#hide(message, seconds);
  }

  #hide(message: Message, seconds: number): void {
    message.visibleAtMs = this.#kernel.clock.nowMs() + seconds * 1_000;
    this.#tellAt(message.visibleAtMs);
  }

  #tellAt(atMs: number): void {
    if (this.#listeners.length === 0) return;
    this.#kernel.clock.at(atMs, () => {
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Visible messages; of a FIFO queue, group by group, and none of a group that is blocked. */
  #receivable(): Message[] {
    const nowMs = this.#kernel.clock.nowMs();
    if (!this.spec.isFifo) return this.messages.filter((message) => message.visibleAtMs <= nowMs);
    const groups = Map.groupBy(this.messages, (message) => message.groupId);
    return [...groups.values()].flatMap((group) => {
      if (group.some((message) => isInFlight(message, nowMs))) return [];
      const delayed = group.findIndex((message) => message.visibleAtMs > nowMs);
      return delayed === -1 ? group : group.slice(0, delayed);
    });
  }

  /** A message received too often goes to the dead-letter queue instead. */
  #moveIfSpent(message: Message): boolean {
    const { redrive } = this.spec;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    this.#messages.delete(message.messageId);
    redrive.deadLetter.#keep({
      ...message,
      deadLetterSourceArn: this.arn,
      visibleAtMs: this.#kernel.clock.nowMs(),
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      receiptHandle: undefined,
    });
    return true;
  }

  #byHandle(receiptHandle: string): Message | undefined {
    const [messageId = '', secret] = receiptHandle.split(':');
    if (secret === undefined) {
      throw new ApiError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    }
    return this.#messages.get(messageId);
  }

  #dropExpired(): void {
    const keptMs = (this.spec.retentionSeconds ?? 345_600) * 1_000;
    const beforeMs = this.#kernel.clock.nowMs() - keptMs;
    for (const message of this.#messages.values()) {
      if (message.sentAtMs <= beforeMs) this.#messages.delete(message.messageId);
    }
  }

  #recentSend(deduplicationId: string | undefined, nowMs: number): Sent | undefined {
    for (const [id, { atMs }] of this.#recent) {
      if (nowMs - atMs < DEDUPLICATION_MS) break;
      this.#recent.delete(id);
    }
    return deduplicationId === undefined ? undefined : this.#recent.get(deduplicationId);
  }

  #deduplicationIdOf({ body, deduplicationId }: Outgoing): string | undefined {
    if (!this.spec.isFifo) return undefined;
    if (deduplicationId !== undefined) return deduplicationId;
    if (this.spec.contentBasedDeduplication) return sha256(body);
    throw invalid(
      'The queue should either have ContentBasedDeduplication enabled or ' +
        'MessageDeduplicationId provided explicitly',
    );
  }

  #assertSendable({ body, groupId, delaySeconds }: Outgoing): void {
    const bytes = Buffer.byteLength(body);
    if (bytes < 1 || bytes > BODY_BYTES_MAX) throw invalid('The message body has a bad length');
    if (!this.spec.isFifo) return;
    if (groupId === undefined) {
      throw new ApiError(
        'MissingParameter',
        'The request must contain the parameter MessageGroupId.',
      );
    }
    if (delaySeconds !== undefined) {
      throw invalid(
        `Value ${delaySeconds} for parameter DelaySeconds is invalid. ` +
          'Reason: The request include parameter that is not valid for this queue type.',
      );
    }
  }
}
