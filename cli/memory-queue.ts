import type { Queue, QueuedMessage } from '../shared/loop/ports.ts';

/** A FIFO queue in this process: what a pass sends is worked on here, after what waits already. */
export interface MemoryQueue extends Queue {
  /** The oldest message's body, which is then gone. */
  take(): string | undefined;
}

/** Like SQS, it takes a deduplication id once; it forgets none, so a run of passes comes to an end. */
export const createMemoryQueue = (): MemoryQueue => {
  const waiting: QueuedMessage[] = [];
  const seen = new Set<string>();
  return {
    send: (messages) => {
      for (const message of messages) {
        if (!seen.has(message.deduplicationId)) waiting.push(message);
        seen.add(message.deduplicationId);
      }
      return Promise.resolve();
    },
    take: () => waiting.shift()?.body,
  };
};
