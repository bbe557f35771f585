import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { formatPolicy } from '../../shared/config/policy-format.ts';
import type { PolicySet } from '../../shared/domain/policy.ts';

const HOUR_MS = 3_600_000;

describe('example policies', () => {
  const directory = join(import.meta.dirname, '../../policies');
  const load = (name: string): PolicySet =>
    parsePolicyFile(readFileSync(join(directory, name), 'utf8'), name, 'eu-central-1');

  it.each(readdirSync(directory))('%s loads, and tells editors of its schema', (name) => {
    const { policies, adoptions } = load(name);

    expect(policies.length + adoptions.length).toBeGreaterThan(0);
    expect(readFileSync(join(directory, name), 'utf8').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../docs/policy.schema.json',
    );
  });

  it.each(readdirSync(directory))('%s is formatted', (name) => {
    const text = readFileSync(join(directory, name), 'utf8');

    expect(formatPolicy(text)).toBe(text);
  });

  it('example.yml keeps seven daily points and copies three to Ireland', () => {
    expect(load('example.yml').policies[0]).toMatchObject({
      id: 'web-daily',
      rpoMs: 26 * HOUR_MS,
      keep: { last: 7 },
      copyTo: [{ region: 'eu-west-1', keep: { last: 3 } }],
    });
  });

  it('gfs.yml keeps tiers, waits for events, and leaves hours, volumes and tags out', () => {
    const [db, legacy] = load('gfs.yml').policies;

    expect(db).toMatchObject({
      when: [{ kind: 'schedule' }, { name: 'hourly', isOptional: true }, { event: 'stopped' }],
      blackout: [{ kind: 'weekly', days: [1, 2, 3, 4, 5] }, { kind: 'once' }],
      keep: { last: 3, daily: 7, weekly: 4, monthly: 12, yearly: 'all' },
      image: { excludeVolumes: { tags: { scratch: ['*'] } } },
      tags: { exclude: ['*-secret'] },
    });
    expect(legacy?.image).toMatchObject({ reboot: true, batchSize: 2 });
  });

  it('golden-images.yml takes images over and tags them', () => {
    const { policies, adoptions, tagPolicies } = load('golden-images.yml');

    expect(policies).toEqual([]);
    expect(adoptions).toMatchObject([{ id: 'web-images', groupByTag: 'role' }]);
    expect(tagPolicies.map(({ id, overwrite }) => [id, overwrite])).toEqual([
      ['cost-centre', true],
      ['stage', false],
    ]);
  });
});
