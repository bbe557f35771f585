import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { init } from '../../cli/init.ts';
import { policyFmt } from '../../cli/policy-fmt.ts';
import { validate } from '../../cli/validate.ts';
import { InvalidPolicyError } from '../../shared/config/policy-file.ts';
import { createStage } from './fixture.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-init-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const IN_HOME = { environment: { AWS_REGION: 'eu-central-1' } };

describe('imago init', () => {
  test('writes a file that is valid, has nothing odd about it, and says what to do next', () => {
    const stage = createStage(IN_HOME);
    const file = at('new/imago.yml');

    expect(init(file, { force: false }, stage.surroundings)).toBe(0);
    expect(stage.screen.stdout.join('\n')).toContain(`npx imago validate --policy ${file}`);
    const check = { policy: [file], strict: true, json: false };
    expect(validate(check, stage.surroundings)).toBe(0);
    expect(stage.screen.stdout.at(-1)).toBe('  daily, next slot 2026-11-03T03-00-00Z');
    expect(stage.screen.stderr).toEqual([]);
  });

  test('names the schema for editors, from where the file is', () => {
    const stage = createStage();
    const file = at('deep/er/imago.yml');
    init(file, { force: false }, stage.surroundings);

    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(
      `# yaml-language-server: $schema=${relative(at('deep/er'), 'docs/policy.schema.json')}`,
    );
  });

  test('leaves a file that is there as it is, unless it is told to overwrite it', () => {
    const stage = createStage();
    const file = at('mine.yml');
    writeFileSync(file, 'mine');

    expect(() => init(file, { force: false }, stage.surroundings)).toThrow(
      `${file} is there already: --force overwrites it\nNothing was changed.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(stage.screen.stdout).toEqual([]);
    expect(init(file, { force: true }, stage.surroundings)).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('version: 1');
  });

  test('refuses what is no place for a file, forced or not', () => {
    const { surroundings } = createStage();
    mkdirSync(at('folder'));
    writeFileSync(at('plain'), '');

    expect(() => init(at('folder'), { force: false }, surroundings)).toThrow('is there already');
    expect(() => init(at('folder'), { force: true }, surroundings)).toThrow('EISDIR');
    expect(() => init(at('plain/imago.yml'), { force: false }, surroundings)).toThrow(
      /plain\/imago\.yml: .*(EEXIST|ENOTDIR)/,
    );
  });
});

describe('imago policy fmt', () => {
  const UNTIDY = `version: 1
policies:
  - keep: {last: 2} # two
    id: web
    select: {ids: "*"}
    when: [{schedule: rate(1 day)}]
`;
  const TIDY = `version: 1
policies:
  - id: web
    select: { ids: "*" }
    when: [{ schedule: rate(1 day) }]
    keep: { last: 2 } # two
`;

  test('writes what is not in order, and leaves what is', () => {
    const stage = createStage();
    const [untidy, tidy] = [at('untidy.yml'), at('tidy.yml')];
    writeFileSync(untidy, UNTIDY);
    writeFileSync(tidy, TIDY);

    expect(policyFmt([untidy, tidy], { check: false }, stage.surroundings)).toBe(0);
    expect(stage.screen.stdout).toEqual([`${untidy} formatted`]);
    expect(readFileSync(untidy, 'utf8')).toBe(TIDY);
    expect(policyFmt([untidy], { check: true }, stage.surroundings)).toBe(0);
  });

  test('only looks with --check, and ends with 1 if something is to be done', () => {
    const stage = createStage();
    const file = at('unchecked.yml');
    writeFileSync(file, UNTIDY);

    expect(policyFmt([file], { check: true }, stage.surroundings)).toBe(1);
    expect(stage.screen.stdout).toEqual([`${file} is not formatted`]);
    expect(readFileSync(file, 'utf8')).toBe(UNTIDY);
  });

  test('touches nothing where one of the files is invalid', () => {
    const stage = createStage();
    const [good, bad] = [at('good.yml'), at('bad.yml')];
    writeFileSync(good, UNTIDY);
    writeFileSync(bad, UNTIDY.replace('last: 2', 'last: 0'));

    expect(() => policyFmt([good, bad], { check: false }, stage.surroundings)).toThrow(
      InvalidPolicyError,
    );
    expect(readFileSync(good, 'utf8')).toBe(UNTIDY);
  });

  test('leaves a file whose aliases would come before their anchors', () => {
    const stage = createStage();
    const file = at('aliases.yml');
    const text = UNTIDY.replace('{ids: "*"}', '{tags: {a: *x}}').replace(
      'keep: {last: 2} # two',
      'tags: {set: {a: &x b}}\n    keep: {last: 2}',
    );
    writeFileSync(file, text);

    expect(policyFmt([file], { check: false }, stage.surroundings)).toBe(1);
    expect(stage.screen.stderr).toEqual([
      `${file}: left as it is: an alias (*name) would come before its anchor`,
    ]);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
