import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../shared/config/policy-file.ts';
import { BASE, changed, problemsOf, refusal, withMore } from './problems.ts';

const DURATION =
  'whole numbers with y, mo, w, d, h or min, such as 30d, 36h or 1y6mo (mo for months, min for minutes, never m)';

describe('what is wrong is said once', () => {
  it.each([
    [
      '{last: 3}',
      '{lasst: 3}',
      '8:12 policies[0].keep.lasst: unknown key lasst: did you mean last?',
    ],
    ['{last: 3}', '{last: 1e21}', '8:12 policies[0].keep.last: expected 10000 or less, found 1e21'],
    [
      'tags: {Backup: daily}',
      'tag: {Backup: daily}',
      '5:7 policies[0].select.tag: unknown key tag: did you mean tags?',
    ],
    [
      '- schedule: cron(0 2 * * ? *)',
      '- Event: stopped',
      '7:9 policies[0].when[0].Event: unknown key Event: did you mean event?',
    ],
  ])('%s as %s', (from, to, problem) => {
    expect(changed(from, to)).toEqual([problem]);
  });

  it('of an empty text where a list is wanted', () => {
    expect(withMore('    tags: {copy: ""}')).toEqual([
      '9:12 policies[0].tags.copy: expected all or a list, found the text ""',
    ]);
  });

  it('of YAML that is nested too deeply', () => {
    expect(problemsOf('['.repeat(100_000))).toEqual([
      expect.stringMatching(/^1:\d+ : no valid YAML: it is nested too deeply$/),
    ]);
  });

  it('but a key that is like one there is hides nothing of that one', () => {
    expect(withMore('    keepp: 1\n    rpo: 1mo')).toHaveLength(2);
    expect(problemsOf(`${BASE.replace('{last: 3}', '{}')}    keepp: {last: 3}\n`)).toHaveLength(2);
  });
});

describe('what was meant is said', () => {
  it.each([
    [
      'tags: {copy: Name}',
      '12 policies[0].tags.copy: expected all or a list, found the text "Name": write it as a list, [Name]',
    ],
    [
      'tags: {copy: "*"}',
      '12 policies[0].tags.copy: expected all or a list, found the text "*": write it as a list, ["*"]',
    ],
    [
      'copyTo: {region: eu-west-1}',
      '5 policies[0].copyTo: expected a list, found a map: write a hyphen before each of its entries',
    ],
    [
      'tags: {set: {a: {slot}}}',
      '18 policies[0].tags.set.a: expected a text, found a map: write it in quotes',
    ],
    ['tags: {set: {a: {}}}', '18 policies[0].tags.set.a: expected a text, found a map'],
    [
      'tags: {set: [a]}',
      '12 policies[0].tags.set: expected a map of tag keys and their values, such as {made-by: imago}, found a list',
    ],
    [
      'timezone: 1',
      '5 policies[0].timezone: expected an IANA name such as Europe/Berlin, found the number 1',
    ],
    [
      'whenSourceGone: {for: 0d}',
      `22 policies[0].whenSourceGone.for: expected ${DURATION}, found "0d": it must be more than nothing`,
    ],
    [
      'whenSourceGone: {for: 1h1h}',
      `22 policies[0].whenSourceGone.for: expected ${DURATION}, found "1h1h": each unit once at most`,
    ],
    [
      'whenSourceGone: {for: 1000000d}',
      `22 policies[0].whenSourceGone.for: expected ${DURATION}, found "1000000d": six digits are the most`,
    ],
    [
      'blackout: [{from: "08:00", to: "10:00", end: 2026-12-24T00:00:00Z}]',
      '45 policies[0].blackout[0].end: unknown key end: a window either comes again every week (days, from, to), or once (start, end)',
    ],
  ])('%s', (line, problem) => {
    expect(withMore(`    ${line}`)).toEqual([`9:${problem}`]);
  });

  it('of a policy that takes over images', () => {
    const adoption =
      'version: 1\npolicies:\n  - {id: a, adopt: {images: {name: x}}, keep: {last: 3}, rpo: 1d}\n';

    expect(problemsOf(adoption)).toEqual([
      '3:58 policies[0].rpo: unknown key rpo: it belongs to a policy that makes backups',
    ]);
  });
});

describe('keys of KMS', () => {
  const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
  const copyTo = (kmsKey: string): string =>
    `    copyTo: [{region: eu-west-1, keep: {last: 2}, kmsKey: "${kmsKey}"}]`;

  it.each(['imago-dr', '', 'alias/', 'arn:aws:s3:::bucket', KEY.slice(1), `${KEY} `])(
    'that cannot be any are refused: %j',
    (kmsKey) => {
      expect(withMore(copyTo(kmsKey))).toEqual([
        `9:51 policies[0].copyTo[0].kmsKey: expected a KMS key's id, its ARN, or its alias such as alias/imago-dr, found the text "${kmsKey}"`,
      ]);
    },
  );

  it('of another Region than the copies are refused', () => {
    expect(withMore(copyTo(`arn:aws:kms:us-east-1:123456789012:key/${KEY}`))).toEqual([
      '9:51 policies[0].copyTo[0].kmsKey: the key is in us-east-1, and the copies are in eu-west-1: name one that is there',
    ]);
  });

  it.each([
    KEY,
    `mrk-${'0a'.repeat(16)}`,
    'alias/aws/ebs',
    `arn:aws:kms:eu-west-1:123456789012:key/${KEY}`,
    'arn:aws:kms:eu-west-1:123456789012:alias/imago-dr',
  ])('are taken in each form that EC2 takes: %s', (kmsKey) => {
    // Something else is wrong, so that there is a refusal to look at.
    expect(withMore(`${copyTo(kmsKey)}\n    rpo: 1mo`)).toHaveLength(1);
  });
});

describe('tags of other managers', () => {
  it.each(['dlm:managed', 'DLM:x', 'AWSBackupManagedResource', 'aws:x', 'imago:hold'])(
    'are not set: %s',
    (key) => {
      expect(withMore(`    tags: {set: {"${key}": x}}`)).toEqual([
        `9:18 policies[0].tags.set.${key}: keys that begin with aws:, imago: or dlm: are reserved, and so is AWSBackupManagedResource`,
      ]);
    },
  );

  it('are not set where their value makes them so', () => {
    expect(withMore('    tags: {set: {CreatedBy: EC2 Image Builder}}')).toEqual([
      '9:18 policies[0].tags.set.CreatedBy: CreatedBy: EC2 Image Builder is the mark of another manager, and reserved',
    ]);
  });
});

describe('YAML', () => {
  it.each([
    [
      'version 1\npolicies: []\n',
      '1:1 : no valid YAML: expected a key with a colon and a space after it, as in version: 1 (in braces, commas between)',
    ],
    ['a: { b: * }\n', '1:9 : no valid YAML: a text that begins with * or & needs quotes'],
    ['a: @x\n', '1:4 : no valid YAML: a text that begins with @, ` or % needs quotes'],
    [
      'a: { b: c: d }\n',
      '1:9 : no valid YAML: a text with a colon and a space needs quotes, or a comma is missing before',
    ],
    [
      '%YAML 1.1\n---\nversion: 1\n',
      '1:1 : expected YAML 1.2, found %YAML 1.1: leave that line out',
    ],
    [
      'a: !!binary aGk=\n',
      '1:13 a: the YAML tag tag:yaml.org,2002:binary makes it neither text nor number: leave it out',
    ],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('that moves the cursor of a terminal is shown as it is written', () => {
    const [problem] = refusal('version: 1\n"\\e[2J\\n": 1\n').problems;

    expect(problem && formatProblem(problem)).toBe(
      'p.yml:2:1 \\u001b[2J\\n: unknown key \\u001b[2J\\n: expected one of $schema, version, timezone, limits, policies, tagPolicies',
    );
  });
});
