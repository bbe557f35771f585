import { createHash } from 'node:crypto';

const SECOND_MS = 1_000;
/** As many bytes of a hash as a number holds exactly. */
const HASH_BYTES = 6;

/**
 * How long something waits so that not all begin at once: the same for the same key at any time, and
 * spread evenly over different keys.
 * @returns whole seconds, from 0 to less than `maxMs`; 0 if that leaves no choice
 */
export const jitterOf = (key: string, maxMs: number): number => {
  const seconds = Math.max(Math.ceil(maxMs / SECOND_MS), 1);
  const hash = createHash('sha256').update(key).digest().readUIntBE(0, HASH_BYTES);
  return (hash % seconds) * SECOND_MS;
};
