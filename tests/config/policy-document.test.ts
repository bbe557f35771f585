import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { BASE, problemsOf, refusal, withMore } from './problems.ts';

const parse = (text: string) => parsePolicyFile(text, 'p.yml', 'eu-central-1');

describe('a file that is no policy document', () => {
  it.each([
    ['empty', '', 'nothing'],
    ['nothing but a comment', '# later\n', 'nothing'],
    ['nothing but a byte order mark', '\uFEFF', 'nothing'],
    ['a text', 'hello\n', 'plain text'],
    ['a number', '7', 'plain text'],
    ['a list', '- a\n- b\n', 'a list'],
  ])('is refused when it is %s', (_, text, found) => {
    expect(refusal(text).message).toBe(
      `p.yml:1:1 expected a policy document with version and policies, found ${found}\nNothing was changed. Mend the file and try again.`,
    );
  });

  it('is refused beyond 250,000 bytes, before anything parses it', () => {
    expect(problemsOf('['.repeat(10_000_000))).toEqual([
      '1:1 : a policy file may have 250000 bytes at most, found 10000000',
    ]);
    expect(problemsOf(`# ${'ä'.repeat(125_000)}`)).toEqual([
      '1:1 : a policy file may have 250000 bytes at most, found 250002',
    ]);
  });

  it('is refused when it is binary', () => {
    expect(problemsOf('\u007fELF\u0002\u0001\u0000')).toEqual([
      '1:1 : expected a text, found a binary file',
    ]);
  });
});

describe('a file that is no YAML', () => {
  it.each([
    ['an open list', 'version: 1\npolicies: [', '2:12 : no valid YAML: '],
    [
      'a tab as indentation',
      'version: 1\npolicies:\n\t- id: x\n',
      '3:1 : no valid YAML: tabs are not allowed as indentation, write spaces',
    ],
    [
      'a second document',
      `${BASE}---\n${BASE}`,
      '9:1 : a second document begins here: a file holds one, so write its policies into the same list, or into a file of their own',
    ],
    [
      'a tag that nothing reads',
      'version: !Ref one\n',
      '1:10 : no valid YAML: Unresolved tag: !Ref',
    ],
    [
      'a carriage return alone',
      'version: 1\npolicies: # all\rx: 1\n',
      '2:16 : a carriage return stands alone',
    ],
    ['a quote that never ends', 'version: "1\n', '2:1 : no valid YAML: Missing closing'],
  ])('is refused for %s', (_, text, problem) => {
    expect(problemsOf(text)[0]?.slice(0, problem.length)).toBe(problem);
  });

  it('is refused for at most ten places', () => {
    expect(problemsOf('\t- x\n'.repeat(50)).length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['lists', '['.repeat(249_000)],
    ['maps', '{a: '.repeat(60_000)],
    ['keys', '? '.repeat(124_000)],
    ['entries', '- '.repeat(124_000)],
    ['a few lists', `${'['.repeat(60)}${']'.repeat(60)}`],
  ])('is refused when it is nested too deeply: %s', (_, text) => {
    expect(problemsOf(text)[0]).toMatch(/nested too deeply$/);
  });
});

describe('keys', () => {
  it('that stand twice are refused where they stand again, beside other problems', () => {
    expect(problemsOf(`${BASE}    keep: {last: 4}\n    rpo: 1\n`)).toEqual([
      '9:5 policies[0].keep: the key keep is written twice',
      expect.stringMatching(/^10:5 policies\[0\]\.rpo: /),
    ]);
  });

  it.each([
    ['__proto__: {}', '9:5 policies[0].__proto__: the key __proto__ cannot be used'],
    [
      'tags: {set: {__proto__: x}}',
      '9:18 policies[0].tags.set.__proto__: the key __proto__ cannot be used',
    ],
    ['? [a]\n    : b', '9:7 policies[0]: expected a text as a key, found a list or a map'],
  ])('that cannot be any are refused: %s', (line, problem) => {
    expect(withMore(`    ${line}`)[0]?.slice(0, problem.length)).toBe(problem);
  });

  it('are taken as they are written, be they numbers', () => {
    const set = parse(`${BASE}    tags: {set: {1.0: one, 0x1F: hex, true: t, ~: n}}\n`);

    expect(set.policies[0]?.tags.set).toEqual({ '1.0': 'one', '0x1F': 'hex', true: 't', '~': 'n' });
  });

  it('of many thousands are searched for doubles at once', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `k${index}: v`).join('\n');

    expect(problemsOf(`${many}\nk7: again\n`)).toContain('20001:1 k7: the key k7 is written twice');
  });
});

describe('anchors, aliases and merge keys', () => {
  it('are written out', () => {
    const text = `version: 1
policies:
  - &first
    id: web
    select: {tags: {Backup: &often [daily, hourly]}}
    when: [{schedule: rate(1 day)}]
    keep: &short {last: 3}
  - <<: *first
    id: db
    select: {tags: {Role: *often}}
  - <<: [{keep: {last: 5}}, *first]
    id: app
    select: {tags: {Role: app}}
    copyTo: [{region: eu-west-1, keep: *short}]
`;
    const [, db, app] = parse(text).policies;

    expect(db).toMatchObject({
      id: 'db',
      select: { tags: { Role: ['daily', 'hourly'] } },
      keep: { last: 3 },
    });
    expect(app).toMatchObject({ keep: { last: 5 }, copyTo: [{ keep: { last: 3 } }] });
  });

  it('show a problem where it is written, with the field that it makes wrong', () => {
    expect(
      problemsOf(
        BASE.replace('{last: 3}', '&k {last: 0}').concat(
          '    copyTo: [{region: eu-west-1, keep: *k}]\n',
        ),
      ),
    ).toEqual([
      '8:15 policies[0].keep.last: expected 1 or more, found 0',
      '8:15 policies[0].copyTo[0].keep.last: expected 1 or more, found 0',
    ]);
  });

  it.each([
    [
      'that lead nowhere',
      'keep: *nope',
      '8:11 policies[0].keep: the alias *nope leads nowhere: no &nope stands before it (a text that begins with * needs quotes)',
    ],
    [
      'that lead to what comes later',
      'keep: *k\n    tags: &k {}',
      '8:11 policies[0].keep: the alias *k leads nowhere: no &k stands before it (a text that begins with * needs quotes)',
    ],
    [
      'of what contains them',
      'keep: &k {last: *k}',
      '8:14 policies[0].keep.last: it contains itself, by an alias',
    ],
    [
      'to merge what is no map',
      '<<: [1]',
      '8:5 policies[0].<<: expected a map, or a list of maps, to merge: <<: *name',
    ],
  ])('%s are refused', (_, line, problem) => {
    expect(problemsOf(BASE.replace('keep: {last: 3}', line))).toContain(problem);
  });

  it.each([
    ['lists', (name: string) => `[${Array.from({ length: 10 }, () => name).join(', ')}]`],
    [
      'maps',
      (name: string) => `{${Array.from({ length: 10 }, (_, i) => `k${i}: ${name}`).join(', ')}}`,
    ],
    ['merges', (name: string) => `{<<: [${Array.from({ length: 10 }, () => name).join(', ')}]}`],
  ])('that write out to far more than there is are refused at once: %s', (kind, tenOf) => {
    const first = kind === 'merges' ? '{x: y}' : tenOf('x');
    const lines = 'bcdefgh'
      .split('')
      .map((key, index) => `${key}: &${key} ${tenOf(`*${'abcdefg'[index]}`)}`);

    expect(refusal(`a: &a ${first}\n${lines.join('\n')}\n`).message).toMatch(
      /its aliases \(\*name\) bring in more than 10000 values: write fewer/,
    );
  });
});

describe('a document', () => {
  it('may be JSON, with tabs, and problems have their place in it', () => {
    const json = `{
\t"$schema": "../docs/policy.schema.json",
\t"version": 1,
\t"policies": [
\t\t{"id": "web", "select": {"tags": {"Backup": "daily"}},
\t\t "when": [{"schedule": "rate(1 day)"}], "keep": {"last": 0}}
\t]
}`;

    expect(problemsOf(json)).toEqual(['6:52 policies[0].keep.last: expected 1 or more, found 0']);
    expect(parse(json.replace('"last": 0', '"last": 2')).policies[0]?.keep).toEqual({ last: 2 });
  });

  it('may have Windows line ends and a byte order mark', () => {
    const text = `\uFEFF${BASE.replaceAll('\n', '\r\n')}`;

    expect(parse(text).policies[0]?.id).toBe('web');
    expect(problemsOf(text.replace('last: 3', 'last: 0'))).toEqual([
      '8:12 policies[0].keep.last: expected 1 or more, found 0',
    ]);
  });

  it('may begin with --- and have a directive', () => {
    expect(parse(`%YAML 1.2\n---\n${BASE}`).policies[0]?.id).toBe('web');
  });
});
