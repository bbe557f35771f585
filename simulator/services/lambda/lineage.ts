/**
 * How often a chain of requests has run through which functions. As on AWS it travels in the tracing
 * header of messages, behind `Lineage=`: a hash of the function and a count, for each.
 */
import { createHash } from 'node:crypto';

/** Lambda stops the next one "approximately" here, says its guide. */
export const INVOCATIONS_MAX = 16;

/** Invocations in one chain, by the hash of the function's ARN. */
type Counts = ReadonlyMap<string, number>;

export interface Lineage {
  /** `1-…`: the chain's own id. Most invocations send nothing, and never need it. */
  readonly rootOf: () => string;
  readonly counts: Counts;
}

const hashes = new Map<string, string>();

const hashOf = (functionArn: string): string => {
  const known = hashes.get(functionArn);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
  hashes.set(functionArn, hash);
  return hash;
};

/** A request's id is a UUID, and so random digits enough for the ids of its trace. */
const digitsOf = (requestId: string): string => requestId.replaceAll('-', '');

const partOf = (header: string, name: string): string | undefined =>
  header
    .split(';')
    .map((part) => part.trim().split('=') as [string, string | undefined])
    .find(([key]) => key === name)?.[1];

const countsOf = (header: string): readonly (readonly [string, number])[] =>
  (partOf(header, 'Lineage') ?? '').split('|').flatMap((entry) => {
    const [hash = '', count = ''] = entry.split(':');
    return /^\d+$/.test(count) ? [[hash, Number(count)] as const] : [];
  });

/** What the headers of a batch have come to together: of each function, the longest chain. */
export const lineageOf = (
  headers: readonly (string | undefined)[],
  requestId: string,
  atMs: number,
): Lineage => {
  const given = headers.filter((header) => header !== undefined);
  const root = given.map((header) => partOf(header, 'Root')).find((part) => part !== undefined);
  const freshRoot = (): string =>
    `1-${Math.floor(atMs / 1_000).toString(16)}-${digitsOf(requestId).slice(0, 24)}`;
  const counts = new Map<string, number>();
  for (const [hash, count] of given.flatMap(countsOf)) {
    counts.set(hash, Math.max(count, counts.get(hash) ?? 0));
  }
  return { rootOf: () => root ?? freshRoot(), counts };
};

/** How often the function has run in the chain so far. */
export const hopsOf = ({ counts }: Lineage, functionArn: string): number =>
  counts.get(hashOf(functionArn)) ?? 0;

/** The chain with one more invocation of the function. */
export const extended = ({ rootOf, counts }: Lineage, functionArn: string): Lineage => {
  const hash = hashOf(functionArn);
  return { rootOf, counts: new Map([...counts, [hash, (counts.get(hash) ?? 0) + 1]]) };
};

/** The tracing header of what an invocation sends. */
export const headerOf = ({ rootOf, counts }: Lineage, requestId: string): string => {
  const lineage = [...counts].map(([hash, count]) => `${hash}:${count}`).join('|');
  return `Root=${rootOf()};Parent=${digitsOf(requestId).slice(-16)};Sampled=0;Lineage=${lineage}`;
};
