import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicyFiles } from '../../shared/config/policy-file.ts';
import { policyHash } from '../../shared/domain/policy-hash.ts';
import type { PolicySet } from '../../shared/domain/policy.ts';

const POLICIES = join(import.meta.dirname, '../../policies');
const GFS = readFileSync(join(POLICIES, 'gfs.yml'), 'utf8');

const parse = (text: string): PolicySet =>
  parsePolicyFiles([{ file: 'a.yml', text }], 'eu-central-1');

const hashOf = (text: string): string => policyHash(parse(text));

describe('the hash of policies', () => {
  test('is 64 hexadecimal digits, and the same each time', () => {
    expect(hashOf(GFS)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(GFS)).toBe(hashOf(GFS));
  });

  test('does not depend on comments, on the order of keys, or on what is left to its default', () => {
    const short = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily, Env: prod } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    keep: { last: 2, daily: 7 }`;
    const long = `
# the same
timezone: UTC
policies:
  - keep: { daily: 7, last: 2 }
    when: [{ schedule: cron(0 2 * * ? *) }]
    id: daily
    image: { reboot: false }
    select: { tags: { Env: [prod], Backup: daily } }
version: 1`;

    expect(hashOf(long)).toBe(hashOf(short));
  });

  test('is another one as soon as anything of them is another', () => {
    const set = parse(GFS);
    const others = variantsOf(set).map((other) => policyHash(other as PolicySet));

    expect(others.length).toBeGreaterThan(100);
    expect(others).not.toContain(policyHash(set));
    expect(new Set(others).size).toBe(others.length);
  });

  test('refuses what JSON would show as nothing', () => {
    const unfit = { ...parse(GFS), limits: new Map() } as unknown as PolicySet;

    expect(() => policyHash(unfit)).toThrow(TypeError);
  });
});

/** All values that differ from this one in one leaf, or in one entry of a list that is not there. */
const variantsOf = (value: unknown): readonly unknown[] => {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'string') return [`${value}x`];
  if (typeof value === 'boolean') return [!value];
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.flatMap((item, index) => [
      list.toSpliced(index, 1),
      ...variantsOf(item).map((other) => list.with(index, other)),
    ]);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    variantsOf(part).map((other) => ({ ...value, [key]: other })),
  );
};
