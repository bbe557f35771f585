import { describe, expect, test } from 'vitest';
import type { StarterFit } from '../../shared/domain/audit-report.ts';
import type { Instance, Tags } from '../../shared/domain/model.ts';
import { auditIn } from '../support/audit.ts';
import { inventory, seenInstance } from '../support/inventory.ts';

const fleetOf = (instances: readonly Partial<Instance>[]): StarterFit =>
  auditIn([
    inventory({
      instances: instances.map((parts, index) => seenInstance({ id: `i-${index}`, ...parts })),
    }),
  ]).starter;

const fitOf = (tags: readonly Tags[]): StarterFit => fleetOf(tags.map((one) => ({ tags: one })));

describe('the tag that a starter policy selects by', () => {
  test('speaks of backups, though more instances have another', () => {
    const fit = fitOf([
      { Environment: 'prod', 'Backup-Plan': 'weekly' },
      { Environment: 'prod', 'Backup-Plan': 'daily' },
      { Environment: 'prod' },
    ]);

    expect(fit).toEqual({
      tag: { key: 'Backup-Plan', values: ['daily', 'weekly'] },
      selected: 2,
      eligible: 3,
      copiedKeys: ['Environment', 'Backup-Plan'],
    });
  });

  test('never has a value that says no', () => {
    const fit = fitOf([
      { backup: 'False' },
      { backup: 'no' },
      { backup: 'off' },
      { backup: 'yes' },
    ]);

    expect(fit.tag).toEqual({ key: 'backup', values: ['yes'] });
  });

  test('says production where no tag speaks of backups', () => {
    const fit = fitOf([
      { Role: 'web', env: 'dev' },
      { Role: 'web', env: 'dev' },
      { Role: 'web', env: 'Production' },
      { Role: 'web', env: 'prod' },
    ]);

    expect(fit).toMatchObject({ tag: { key: 'env', values: ['Production', 'prod'] }, selected: 2 });
  });

  test('is the most common one where none says anything of backups or production', () => {
    const fit = fitOf([
      { Role: 'web', env: 'dev' },
      { Role: 'web', env: 'test' },
      { Role: 'db', env: 'dev' },
      { Role: 'web', env: 'test' },
    ]);

    expect(fit).toMatchObject({ tag: { key: 'Role', values: ['web'] }, selected: 3, eligible: 4 });
  });

  test.each<readonly [string, Tags]>([
    ['a name', { Name: 'web-1' }],
    ['a mark of AWS', { 'aws:cloudformation:stack-name': 'web' }],
    ['one of ours', { 'imago:hold': 'x' }],
    ['one that no policy can name', Object.fromEntries([['__proto__', 'x']])],
    ['the value of which is a pattern', { Backup: '*' }],
    ['the key of which is a pattern', { 'backup?': 'x' }],
  ])('is none if there is only %s', (_what, tags) => {
    expect(fitOf([tags])).toEqual({ selected: 0, eligible: 1, copiedKeys: [] });
  });

  test('does not count instances that are replaced, cannot be imaged or are going away', () => {
    const fit = fleetOf([
      { tags: { Backup: 'a', 'aws:autoscaling:groupName': 'blue' } },
      { tags: { Backup: 'b' }, rootDeviceType: 'instance-store' },
      { tags: { Backup: 'c' }, state: 'terminated' },
      { tags: { Backup: 'd' }, state: 'stopped' },
    ]);

    expect(fit).toMatchObject({ tag: { values: ['d'] }, selected: 1, eligible: 1 });
  });

  test('does not count what the policy leaves out by its tag no-backup', () => {
    const fit = fitOf([{ Backup: 'a' }, { Backup: 'a', 'no-backup': 'x' }]);

    expect(fit).toMatchObject({ tag: { values: ['a'] }, selected: 1, eligible: 2 });
  });

  test('has ten values at most', () => {
    const fit = fitOf(Array.from({ length: 12 }, (_, index) => ({ Backup: `v${index + 10}` })));

    expect(fit.tag?.values).toHaveLength(10);
    expect(fit.selected).toBe(10);
  });
});

test('keys are carried on that half of the instances have, three at most', () => {
  const fit = fitOf([
    { a: '1', b: '1', c: '1', d: '1', Name: 'x' },
    { a: '1', b: '1', c: '1', d: '1', e: '1' },
    { b: '1', f: '1' },
    { b: '1' },
  ]);

  expect(fit.copiedKeys).toEqual(['b', 'a', 'c']);
});
