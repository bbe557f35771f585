/** The memory of a FIFO queue: what was sent in the last five minutes is not sent again. */
import { sha256 } from './message.ts';
import type { QueueSettings } from './settings.ts';

/** What SendMessage answers. */
export interface Sent {
  readonly messageId: string;
  readonly md5OfBody: string;
  readonly sequenceNumber: string | undefined;
}

export interface Remembered extends Sent {
  readonly atMs: number;
}

const KEPT_MS = 5 * 60_000;

export interface Deduplicated {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** The id given, or made of the content; undefined if there is to be one and it is not given. */
export const deduplicationIdOf = (
  { body, deduplicationId }: Deduplicated,
  settings: QueueSettings,
): string | undefined =>
  deduplicationId ?? (settings.contentBasedDeduplication ? sha256(body) : undefined);

/** Under what a message is remembered: its id, in its group alone if that is the scope. */
export const memoryKeyOf = (
  deduplicationId: string,
  groupId: string | undefined,
  { deduplicationScope }: QueueSettings,
): string =>
  deduplicationScope === 'messageGroup' ? `${groupId} ${deduplicationId}` : deduplicationId;

/** What was sent under the key; forgets what is older than five minutes. */
export const recall = (
  memory: Map<string, Remembered>,
  key: string,
  nowMs: number,
): Sent | undefined => {
  for (const [known, { atMs }] of memory) {
    if (nowMs - atMs < KEPT_MS) break;
    memory.delete(known);
  }
  return memory.get(key);
};
