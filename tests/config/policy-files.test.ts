import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnusableFileError } from '../../shared/config/files.ts';
import { parsePolicyFiles } from '../../shared/config/policy-file.ts';
import { readPolicyTexts } from '../../shared/config/policy-texts.ts';
import { BASE, refusal } from './problems.ts';

const OTHER = BASE.replace('id: web', 'id: db');

describe('policies of several files', () => {
  const join2 = (first: string, second: string) =>
    parsePolicyFiles(
      [
        { file: 'a.yml', text: first },
        { file: 'b.yml', text: second },
      ],
      'eu-central-1',
    );

  it('are joined in the order of the files, each in its own time zone', () => {
    const { policies, tagPolicies } = join2(
      `timezone: Asia/Tokyo\n${BASE}`,
      `${OTHER}tagPolicies: [{id: cost, images: {name: x}, set: {a: b}}]\n`,
    );

    expect(policies.map(({ id, timezone }) => `${id} ${timezone}`)).toEqual([
      'web Asia/Tokyo',
      'db UTC',
    ]);
    expect(tagPolicies.map(({ id }) => id)).toEqual(['cost']);
  });

  it('have the limits of the file that says some, or the default', () => {
    const limits = 'limits: {keepAtLeast: 2}\n';

    expect(join2(BASE, `${OTHER}${limits}`).limits).toEqual({
      maxRemovals: { count: 100, percent: 10 },
      keepAtLeast: 2,
    });
    expect(join2(`${BASE}${limits}`, `${OTHER}${limits}`).limits.keepAtLeast).toBe(2);
    expect(join2(BASE, OTHER).limits.keepAtLeast).toBe(1);
  });

  it('cannot say different limits: both places are named', () => {
    const { message } = refusal(
      `${BASE}limits: {keepAtLeast: 2}\n`,
      `${OTHER}limits: {keepAtLeast: 3}\n`,
    );

    expect(message).toBe(
      [
        'p2.yml:9:1 limits: p.yml:9:1 says other limits: say them in one file, or the same in each',
        'Nothing was changed. Mend the file and try again.',
      ].join('\n'),
    );
  });

  it('have the problems of all files, in their order', () => {
    const { message } = refusal(
      BASE.replace('last: 3', 'last: 0'),
      '[',
      OTHER.replace('version: 1', 'version: 2'),
    );

    expect(message.split('\n').map((line) => line.replace(/ .*/, ''))).toEqual([
      'p.yml:8:12',
      'p2.yml:1:2',
      'p3.yml:1:1',
      'Nothing',
    ]);
    expect(message).toContain('Mend the files and try again.');
  });
});

describe('names of policy files', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  const read = (named: string): readonly string[] =>
    readPolicyTexts(named).map(({ file, text }) => `${file.slice(folder.length + 1)}: ${text}`);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'imago-policies-'));
    mkdirSync(at('team/below'), { recursive: true });
    mkdirSync(at('empty'));
    for (const name of ['a.yml', 'team/c.json', 'team/b.yaml', 'team/a.yml', 'team/notes.txt']) {
      writeFileSync(at(name), name);
    }
    writeFileSync(at('team/below/d.yml'), 'd');
    writeFileSync(at('broken.yml'), new Uint8Array([0xff, 0xfe, 0x00]));
    writeFileSync(at('huge.yml'), '#'.repeat(250_001));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('may be one, several with commas between, and folders; each file is read once', () => {
    expect(read(at('a.yml'))).toEqual(['a.yml: a.yml']);
    expect(read(`${at('team')}, ${at('a.yml')},${at('team/b.yaml')}`)).toEqual([
      'team/a.yml: team/a.yml',
      'team/b.yaml: team/b.yaml',
      'team/c.json: team/c.json',
      'a.yml: a.yml',
    ]);
  });

  it.each([
    ['nowhere.yml', 'ENOENT'],
    ['empty', 'expected files that end with .yml, .yaml or .json in this folder'],
    ['broken.yml', 'expected UTF-8 text, found other bytes'],
    ['huge.yml', 'expected 250000 bytes at most, found 250001'],
  ])('that cannot be read are refused: %s', (name, problem) => {
    const reading = (): unknown => readPolicyTexts(at(name));

    expect(reading).toThrow(UnusableFileError);
    expect(reading).toThrow(`${at(name)}: ${problem}`);
  });

  it.each(['', ' ', ',', ' , '])('that are none are refused: %j', (named) => {
    expect(() => readPolicyTexts(named)).toThrow(UnusableFileError);
    expect(() => readPolicyTexts(named)).toThrow(
      `${JSON.stringify(named)}: expected the name of a policy file`,
    );
  });

  it('are read once, however they are spelt', () => {
    expect(read(`${at('a.yml')},${folder}/./team/../a.yml`)).toEqual(['a.yml: a.yml']);
  });
});
