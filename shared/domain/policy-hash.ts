import { createHash } from 'node:crypto';
import type { PolicySet } from './policy.ts';

/**
 * What a set of policies means, as 64 hexadecimal digits: the same for files that differ only in
 * their comments, their form or the order of their keys, and in what they leave to its default.
 */
export const policyHash = (policySet: PolicySet): string =>
  createHash('sha256').update(canonical(policySet)).digest('hex');

/** JSON with its keys in order. A schedule's functions follow from its expression, and are left out. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (isRecord(part) ? sorted(part) : part));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  // Their entries are not among their keys, so that all of them would be the same.
  if (record instanceof Map || record instanceof Set) throw new TypeError('no part of a policy');
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  );
};
