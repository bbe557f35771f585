/** One queue, standard or FIFO. Its clock decides what is visible; it never waits. */
import { type Kernel, uuidOf } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';
import { deduplicationIdOf, memoryKeyOf, recall, type Sent } from './deduplication.ts';
import { isInFlight, md5, type Message } from './message.ts';
import { assertSendable, freshMessage, type Outgoing } from './outgoing.ts';
import { handleOf, messageIdOf } from './receipt.ts';
import type { QueueRow, QueueSpec } from './row.ts';
import type { QueueSettings } from './settings.ts';
import { deadLetterOf, inSomeOrder, staysVisible } from './offers.ts';
import { Shelf } from './shelf.ts';

/** What a queue needs of the others, and of the cloud. */
export interface Surroundings {
  readonly kernel: Kernel;
  readonly byArn: (arn: string) => Queue | undefined;
  /** Such as `https://sqs.eu-central-1.amazonaws.com`. */
  readonly urlBase: (region: string) => string;
}

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const badHandle = (handle: string, reason: string): ApiError =>
  invalid(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`);

const HIDDEN_SECONDS_MAX = 43_200;

export class Queue {
  readonly row: QueueRow;
  readonly #around: Surroundings;
  readonly #shelf: Shelf;
  readonly #listeners: (() => void)[] = [];
  /** No message expires before; there may be none then either. */
  #nextExpiryMs = 0;

  constructor(around: Surroundings, row: QueueRow) {
    this.#around = around;
    this.row = row;
    this.#shelf = new Shelf(row.isFifo, row.groups);
  }

  get spec(): QueueSpec & QueueSettings & { readonly isFifo: boolean } {
    const { account, region, name, isFifo, settings } = this.row;
    return { account, region, name, isFifo, ...settings };
  }

  get arn(): string {
    return `arn:aws:sqs:${this.row.region}:${this.row.account}:${this.row.name}`;
  }

  get url(): string {
    return `${this.#around.urlBase(this.row.region)}/${this.row.account}/${this.row.name}`;
  }

  /** All messages that are not deleted, oldest first. */
  get messages(): readonly Message[] {
    return this.#shelf.all;
  }

  /** How many messages were accepted and not deduplicated. */
  get sentCount(): number {
    return this.row.sentCount;
  }

  /** Calls `listener` whenever a message may have become receivable. */
  onReady(listener: () => void): void {
    this.#listeners.push(listener);
    for (const { visibleAtMs } of this.#shelf.all) this.#tellAt(visibleAtMs);
  }

  /** @throws ApiError `InvalidParameterValue`, `MissingParameter` for what the queue refuses. */
  send(outgoing: Outgoing): Sent {
    const { row } = this;
    assertSendable(outgoing, row);
    const deduplicationId = row.isFifo ? deduplicationIdOf(outgoing, row.settings) : undefined;
    const key = deduplicationId && memoryKeyOf(deduplicationId, outgoing.groupId, row.settings);
    const known = key === undefined ? undefined : recall(row.memory, key, this.#nowMs);
    if (known !== undefined) return known;
    row.sentCount += 1;
    const sent: Sent = {
      messageId: uuidOf(this.#around.kernel.random('sqs')),
      md5OfBody: md5(outgoing.body),
      sequenceNumber: row.isFifo ? this.#sequenceNumber() : undefined,
    };
    if (key !== undefined) row.memory.set(key, { ...sent, atMs: this.#nowMs });
    this.keep(freshMessage(outgoing, sent, deduplicationId, row, this.#nowMs));
    return sent;
  }

  /**
   * Up to `max` messages, which are then in flight for the visibility timeout.
   * @throws ApiError `OverLimit` if a standard queue has too many in flight; a FIFO queue gives none
   */
  receive(max: number, visibilityTimeoutSeconds?: number): Message[] {
    this.#dropExpired();
    const room = this.#roomInFlight();
    if (room <= 0 && !this.row.isFifo) {
      throw new ApiError('OverLimit', 'The maximum number of in flight messages is reached.');
    }
    const received = this.#pick(Math.min(max, room));
    const seconds = visibilityTimeoutSeconds ?? this.row.settings.visibilityTimeoutSeconds;
    for (const message of received) this.#takeOff(message, seconds);
    this.#shelf.serve(received);
    return received;
  }

  /** @throws ApiError for a handle that is not (or, of a FIFO queue, no longer) valid. */
  delete(receiptHandle: string): void {
    const message = this.#shelf.get(messageIdOf(receiptHandle, this.arn));
    if (message === undefined) return; // deleted before: SQS says yes
    this.#assertFresh(message, receiptHandle);
    if (message.receiptHandle !== receiptHandle) return; // received again since: kept, as by SQS
    this.remove(message);
  }

  /** @throws ApiError `ReceiptHandleIsInvalid`, `InvalidParameterValue` */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#shelf.get(messageIdOf(receiptHandle, this.arn));
    if (message === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw badHandle(receiptHandle, reason);
    }
    this.#assertFresh(message, receiptHandle);
    if (message.receiptHandle !== receiptHandle || !isInFlight(message, this.#nowMs)) return;
    const hiddenMs = this.#nowMs + seconds * 1_000 - (message.receivedAtMs ?? this.#nowMs);
    if (hiddenMs > HIDDEN_SECONDS_MAX * 1_000) {
      throw invalid(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total ` +
          `VisibilityTimeout for the message is beyond the limit [${HIDDEN_SECONDS_MAX} seconds]`,
      );
    }
    this.#hide(message, seconds);
  }

  /** What GetQueueAttributes counts. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#dropExpired();
    const all = this.messages;
    const inFlight = all.filter((message) => isInFlight(message, this.#nowMs)).length;
    const visible = all.filter((message) => message.visibleAtMs <= this.#nowMs).length;
    return { visible, inFlight, delayed: all.length - visible - inFlight };
  }

  /** Messages that could be received now, of which a move task moves some. */
  visible(max: number): Message[] {
    return [...this.#shelf.visible(this.#nowMs)].slice(0, max);
  }

  /** Takes in a message as it is, from `send` or from another queue. */
  keep(message: Message): void {
    this.#shelf.add(message);
    const expiresAtMs = message.sentAtMs + this.row.settings.retentionSeconds * 1_000;
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
    this.#tellAt(message.visibleAtMs);
  }

  remove(message: Message): void {
    this.#shelf.remove(message);
    this.#tell();
  }

  /** Empties the queue and its memory. */
  purge(): void {
    this.#shelf.clear();
    this.row.memory.clear();
  }

  /** A FIFO queue's delay counts for what is in it as well. */
  configure(settings: QueueSettings): void {
    const { isFifo, settings: before } = this.row;
    this.row.settings = settings;
    this.#nextExpiryMs = 0;
    this.row.modifiedAtMs = this.#nowMs;
    if (!isFifo || before.delaySeconds === settings.delaySeconds) return;
    for (const message of this.#shelf.all) {
      if (message.receiptHandle !== undefined) continue;
      message.visibleAtMs = message.sentAtMs + settings.delaySeconds * 1_000;
      this.#tellAt(message.visibleAtMs);
    }
  }

  get #nowMs(): number {
    return this.#around.kernel.clock.nowMs();
  }

  /** A FIFO queue refuses a handle whose time is up. @throws ApiError `InvalidParameterValue` */
  #assertFresh(message: Message, handle: string): void {
    if (!this.row.isFifo) return;
    if (message.receiptHandle === handle && isInFlight(message, this.#nowMs)) return;
    throw badHandle(handle, 'The receipt handle has expired.');
  }

  #dropExpired(): void {
    if (this.#nowMs < this.#nextExpiryMs) return;
    const keptMs = this.row.settings.retentionSeconds * 1_000;
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const message of this.#shelf.all) {
      const expiresAtMs = message.sentAtMs + keptMs;
      if (expiresAtMs <= this.#nowMs) this.#shelf.remove(message);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
    }
  }

  #sequenceNumber(): string {
    return String(18_849_496_460_467_696_128n + BigInt(this.row.sentCount) * 256n);
  }

  /** How many more may be in flight. */
  #roomInFlight(): number {
    const max = this.#around.kernel.manners().queueInFlightMax;
    if (this.#shelf.size < max) return Number.POSITIVE_INFINITY;
    return max - this.counts().inFlight;
  }

  /** Spent messages among those that are visible go to the dead-letter queue instead. */
  #pick(max: number): Message[] {
    const picked: Message[] = [];
    if (max <= 0) return picked;
    const visible = this.#shelf.visible(this.#nowMs);
    const offered = this.row.isFifo ? visible : inSomeOrder(visible, this.#around.kernel);
    for (const message of offered) {
      if (this.#isSpent(message)) continue;
      picked.push(message);
      if (picked.length === max) break;
    }
    return picked;
  }

  /** Whether it was received so often that it has gone to the dead-letter queue now. */
  #isSpent(message: Message): boolean {
    const { redrive } = this.row.settings;
    if (redrive === undefined || message.receivedHere < redrive.maxReceiveCount) return false;
    const deadLetter = this.#around.byArn(redrive.deadLetterArn);
    if (deadLetter === undefined) return false;
    this.#shelf.remove(message);
    deadLetter.keep(deadLetterOf(message, this.arn, this.#nowMs));
    return true;
  }

  #takeOff(message: Message, seconds: number): void {
    const { kernel } = this.#around;
    message.receiveCount += 1;
    message.receivedHere += 1;
    message.firstReceivedAtMs ??= this.#nowMs;
    message.receivedAtMs = this.#nowMs;
    message.receiptHandle = handleOf(this.arn, message.messageId, kernel.random('sqs').hex(32));
    this.#hide(message, !this.row.isFifo && staysVisible(kernel) ? 0 : seconds);
  }

  #hide(message: Message, seconds: number): void {
    message.visibleAtMs = this.#nowMs + seconds * 1_000;
    this.#tellAt(message.visibleAtMs);
  }

  #tellAt(atMs: number): void {
    if (this.#listeners.length === 0) return;
    this.#around.kernel.clock.at(atMs, () => {
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
