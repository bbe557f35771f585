import { jitterOf } from './jitter.ts';
import { formatSlot } from './naming.ts';
import { type Reason, reason } from './reasons.ts';

/** A point of one policy that would be begun now. */
export interface Beginning {
  readonly instanceId: string;
  readonly slotMs: number;
}

/** Longer than any batch: only the order of the values counts. */
const ORDER_RANGE_MS = 1_000_000_000;

interface Batches {
  readonly batchSize: number;
  readonly staggerMs: number;
}

/**
 * Which of a policy's points must wait for a later batch, and why. EC2 reboots an instance when its
 * image is begun, so what counts is what was begun within the last `staggerMs`, and what begins now.
 *
 * Who comes first is a hash of the instance and of how many batches ago the slot was: the same for
 * two passes that follow each other closely, and another one later on, so that an instance which
 * cannot be imaged and leaves no trace does not hold up the others for ever.
 *
 * @param beginnings by instance id, which decides where hashes are the same
 * @param begunMs when images of the policy were begun, in any order
 */
export const heldBack = <B extends Beginning>(
  { batchSize, staggerMs }: Batches,
  beginnings: readonly B[],
  begunMs: readonly number[],
  nowMs: number,
): ReadonlyMap<B, Reason> => {
  const lately = begunMs.filter((atMs) => atMs > nowMs - staggerMs).sort((a, b) => a - b);
  const room = Math.max(0, batchSize - lately.length);
  const all = [...lately, ...Array.from({ length: room }, () => nowMs)];
  // As many as one batch holds are at work: the next begins once the oldest of those is done with.
  const nextMs = (all.at(-batchSize) ?? nowMs) + staggerMs;
  const waiting = inTurn(beginnings, staggerMs, nowMs).slice(room);
  return new Map(waiting.map((one) => [one, reason('SCH-16', `next ${formatSlot(nextMs)}`)]));
};

const inTurn = <B extends Beginning>(
  beginnings: readonly B[],
  staggerMs: number,
  nowMs: number,
): readonly B[] =>
  beginnings
    .map((one) => {
      const batch = staggerMs === 0 ? 0 : Math.floor((nowMs - one.slotMs) / staggerMs);
      return { one, turn: jitterOf(`${one.instanceId}/${one.slotMs}/${batch}`, ORDER_RANGE_MS) };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ one }) => one);
