/** A queue as it is saved. */
import type { Remembered } from './deduplication.ts';
import type { Message } from './message.ts';
import { DEFAULT_SETTINGS, type QueueSettings } from './settings.ts';

/** What a receive with a ReceiveRequestAttemptId gave. */
export interface Attempt {
  readonly atMs: number;
  /** Receipt handle by message id. */
  readonly handles: ReadonlyMap<string, string>;
}

export interface QueueRow {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly isFifo: boolean;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  settings: QueueSettings;
  readonly tags: Map<string, string>;
  /** How many messages were accepted and not deduplicated. */
  sentCount: number;
  purgedAtMs?: number | undefined;
  /** By group, then by message id: see Shelf. */
  readonly groups: Map<string, Map<string, Message>>;
  readonly memory: Map<string, Remembered>;
  readonly attempts: Map<string, Attempt>;
}

/** What a queue is made from; settings not given are the default ones. */
export interface QueueSpec extends Partial<QueueSettings> {
  readonly account: string;
  readonly region: string;
  /** A FIFO queue's ends in `.fifo`. */
  readonly name: string;
  readonly isFifo?: boolean;
}

export const rowOf = (spec: QueueSpec, nowMs: number): QueueRow => {
  const { account, region, name, isFifo = false, ...settings } = spec;
  return {
    account,
    region,
    name,
    isFifo,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    tags: new Map(),
    sentCount: 0,
    groups: new Map(),
    memory: new Map(),
    attempts: new Map(),
  };
};
