/**
 * The messages of a queue, in the order in which they are offered. A standard queue is one group; of
 * a FIFO queue, a group that was served goes behind the others (recorded behaviour of SQS).
 */
import type { Message } from './message.ts';

/** The group of every message of a standard queue, whatever its MessageGroupId. */
const THE_GROUP = '';

type Groups = Map<string, Map<string, Message>>;

/** First those sent first: sequence numbers are of one length. */
const byAge = (a: Message, b: Message): number => {
  const [first = '', second = ''] = [a.sequenceNumber, b.sequenceNumber];
  return a.sentAtMs - b.sentAtMs || (first < second ? -1 : Number(first > second));
};

export class Shelf {
  readonly isFifo: boolean;
  /** By group, then by message id. */
  readonly groups: Groups;
  readonly #byId = new Map<string, Message>();

  constructor(isFifo: boolean, groups: Groups = new Map()) {
    this.isFifo = isFifo;
    this.groups = groups;
    for (const group of groups.values()) {
      for (const message of group.values()) this.#byId.set(message.messageId, message);
    }
  }

  get(messageId: string): Message | undefined {
    return this.#byId.get(messageId);
  }

  /** All of them, oldest first. */
  get all(): readonly Message[] {
    const all = [...this.#byId.values()];
    return this.isFifo ? all.toSorted(byAge) : all;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(message: Message): void {
    const key = this.#groupOf(message);
    const group = this.groups.get(key) ?? new Map<string, Message>();
    group.set(message.messageId, message);
    this.groups.set(key, group);
    this.#byId.set(message.messageId, message);
  }

  remove(message: Message): void {
    const key = this.#groupOf(message);
    const group = this.groups.get(key);
    group?.delete(message.messageId);
    if (group?.size === 0) this.groups.delete(key);
    this.#byId.delete(message.messageId);
  }

  clear(): void {
    this.groups.clear();
    this.#byId.clear();
  }

  /**
   * What may be received now. In a FIFO queue, a message that is hidden hides those of its group that
   * were sent after it, and no others.
   */
  *visible(nowMs: number): Generator<Message> {
    for (const group of this.groups.values()) {
      for (const message of group.values()) {
        if (message.visibleAtMs <= nowMs) yield message;
        else if (this.isFifo) break;
      }
    }
  }

  /** Puts the groups of these messages behind the others. */
  serve(messages: readonly Message[]): void {
    for (const key of new Set(messages.map((message) => this.#groupOf(message)))) {
      const group = this.groups.get(key);
      if (group === undefined) continue;
      this.groups.delete(key);
      this.groups.set(key, group);
    }
  }

  #groupOf(message: Message): string {
    return this.isFifo ? (message.groupId ?? THE_GROUP) : THE_GROUP;
  }
}
