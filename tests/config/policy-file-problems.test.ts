import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { BASE, changed, problemsOf, refusal, withMore } from './problems.ts';

describe('a refusal', () => {
  it('names file, line, column and field of every problem, and says that nothing happened', () => {
    const error = refusal(BASE.replace('id: web', 'id: Web').replace('last: 3', 'last: 0'));

    expect(error.name).toBe('InvalidPolicyError');
    expect(error.message).toBe(
      [
        'p.yml:3:5 policies[0].id: expected lower-case letters, digits and inner hyphens, found the text "Web"',
        'p.yml:8:12 policies[0].keep.last: expected 1 or more, found 0',
        'Nothing was changed. Mend the file and try again.',
      ].join('\n'),
    );
  });

  it('names what is wrong in form and in meaning at once, in the order of the file', () => {
    const text = `version: 1
policies:
  - id: web
    select: {tags: {Backup: daily}}
    when: [{event: stopped}]
    keep: {last: 3}
    copyTo: [{region: eu-central-1, keep: {last: 1}}]
  - id: web
    select: {tags: {Backup: 7}}
    when: [{schedule: rate(1 day)}]
    keeps: {last: 3}
`;

    expect(problemsOf(text)).toEqual([
      '3:5 policies[0].rpo: is missing: events come when they come, so there is nothing to derive it from; say one, such as 26h',
      '7:15 policies[0].copyTo[0].region: eu-central-1 is where the instances are: a copy must go elsewhere',
      '8:5 policies[1].id: the id web is already taken by policies[0].id',
      '9:21 policies[1].select.tags.Backup: expected a text or a list, found the number 7: write it in quotes',
      '11:5 policies[1].keeps: unknown key keeps: did you mean keep?',
    ]);
  });
});

describe('keys', () => {
  it('that are misspelt are named where they stand, with the one that was meant', () => {
    expect(changed('keep:', 'keeps:')).toEqual([
      '8:5 policies[0].keeps: unknown key keeps: did you mean keep?',
    ]);
    expect(changed('last: 3', 'last: 3, lats: 3')).toEqual([
      '8:21 policies[0].keep.lats: unknown key lats: did you mean last?',
    ]);
    expect(changed('schedule:', 'Schedule:')).toEqual([
      '7:9 policies[0].when[0].Schedule: unknown key Schedule: did you mean schedule?',
    ]);
    expect(withMore('    copyto: []')).toEqual([
      '9:5 policies[0].copyto: unknown key copyto: did you mean copyTo?',
    ]);
    expect(withMore('limit: {}')).toEqual(['9:1 limit: unknown key limit: did you mean limits?']);
  });

  it('that are like none are named with all that are known', () => {
    expect(changed('last: 3', 'last: 3, colour: red')).toEqual([
      '8:21 policies[0].keep.colour: unknown key colour: expected one of last, hourly, daily, weekly, monthly, yearly, within, withinHourly, withinDaily, withinWeekly, withinMonthly, withinYearly',
    ]);
  });

  it('that are missing are named where they belong', () => {
    expect(problemsOf('version: 1\npolicies:\n  - id: web\n')).toEqual([
      '3:5 policies[0].select: is missing: expected a map of keys and values',
      '3:5 policies[0].when: is missing: expected a list',
      '3:5 policies[0].keep: is missing: expected a map of rules, such as {last: 3, daily: 7} or {within: 30d}',
    ]);
    expect(problemsOf('policies: []\n')).toEqual([
      '1:1 version: is missing: expected 1',
      '1:1 policies: expected at least 1 entry, found 0',
    ]);
    expect(problemsOf('version: 1\n')).toEqual([
      '1:1 policies: is missing: expected a list of policies',
    ]);
  });

  it('that belong to the other kind of policy or trigger are told so', () => {
    const either = 'a policy makes backups (select, when) or takes over images (adopt): write two';

    expect(withMore('    adopt: {images: {name: x}}')).toEqual([
      `9:5 policies[0].adopt: unknown key adopt: ${either}`,
    ]);
    expect(
      problemsOf(
        'version: 1\npolicies: [{id: web, adopt: {images: {name: x}}, keep: {last: 1}, when: []}]\n',
      ),
    ).toEqual([`2:67 policies[0].when: unknown key when: ${either}`]);
    expect(changed('- schedule: cron(0 2 * * ? *)', '- {event: stopped, catchUp: 2h}')).toEqual([
      '7:26 policies[0].when[0].catchUp: unknown key catchUp: it belongs to a schedule, and an event has none',
    ]);
    expect(changed('cron(0 2 * * ? *)', 'cron(0 2 * * ? *)\n        atMostEvery: 2h')).toEqual([
      '8:9 policies[0].when[0].atMostEvery: unknown key atMostEvery: it belongs to an event',
    ]);
  });
});

describe('values', () => {
  it.each([
    ['version: 1', 'version: 2', '1:1 version: expected 1, found the number 2'],
    [
      'version: 1',
      'version: "1"',
      '1:1 version: expected 1, found the text "1": leave out the quotes',
    ],
    [
      'id: web',
      `id: ${'w'.repeat(41)}`,
      '3:5 policies[0].id: expected at most 40 characters, found 41',
    ],
    [
      'id: web',
      'id: 7',
      '3:5 policies[0].id: expected a text, found the number 7: write it in quotes',
    ],
    [
      'tags: {Backup: daily}',
      'tags: {}',
      '4:5 policies[0].select: expected tags, ids or anyOf: a policy says what it selects (ids: "*" selects every instance)',
    ],
    ['last: 3', 'last: 0', '8:12 policies[0].keep.last: expected 1 or more, found 0'],
    ['last: 3', 'last: -2', '8:12 policies[0].keep.last: expected 1 or more, found -2'],
    ['last: 3', 'last: 10001', '8:12 policies[0].keep.last: expected 10000 or less, found 10001'],
    [
      'last: 3',
      'last: 1.5',
      '8:12 policies[0].keep.last: expected a whole number or all, found the number 1.5',
    ],
    [
      'last: 3',
      'last: .nan',
      '8:12 policies[0].keep.last: expected a whole number or all, found the number .nan',
    ],
    [
      'last: 3',
      'last: "3"',
      '8:12 policies[0].keep.last: expected a whole number or all, found the text "3": leave out the quotes',
    ],
    [
      'last: 3',
      'last: alll',
      '8:12 policies[0].keep.last: expected a whole number or all, found the text "alll": did you mean all?',
    ],
    [
      '{last: 3}',
      '{}',
      '8:5 policies[0].keep: expected at least one rule, such as last, daily or within: an empty rule would keep nothing',
    ],
    [
      '{last: 3}',
      '',
      '8:5 policies[0].keep: expected a map of rules, such as {last: 3, daily: 7} or {within: 30d}, found nothing',
    ],
    [
      '{last: 3}',
      '3',
      '8:5 policies[0].keep: expected a map of rules, such as {last: 3, daily: 7} or {within: 30d}, found the number 3',
    ],
    [
      'when:\n      - schedule: cron(0 2 * * ? *)',
      'when: []',
      '6:5 policies[0].when: expected at least 1 entry, found 0',
    ],
  ])('%s as %s', (from, to, problem) => {
    expect(changed(from, to)).toEqual([problem]);
  });

  it.each(['3 days', '90m', '1.5h', '-1h', '', '7D'])(
    'that are no duration are refused: %j',
    (text) => {
      expect(changed('{last: 3}', `{within: "${text}"}`)).toEqual([
        `8:12 policies[0].keep.within: expected whole numbers with y, mo, w, d, h or min, such as 30d, 36h or 1y6mo (mo for months, min for minutes, never m), found "${text}"`,
      ]);
    },
  );

  it('that are calendar lengths are refused where a length is fixed', () => {
    expect(withMore('    rpo: 1mo')).toEqual([
      '9:5 policies[0].rpo: expected whole numbers with w, d, h or min, such as 7d, 36h or 90min (min for minutes, never m), found "1mo": years and months are not always as long',
    ]);
    expect(withMore('    rpo: 26')).toEqual([
      '9:5 policies[0].rpo: expected whole numbers with w, d, h or min, such as 7d, 36h or 90min (min for minutes, never m), found the number 26',
    ]);
  });

  it.each([
    ['1', 'the number 1: write it in quotes'],
    ['0x10', 'the number 0x10: write it in quotes'],
    ['true', 'true: write it in quotes'],
    ['', 'nothing'],
    ['{a: b}', 'a map'],
  ])('of a tag that are no text are refused: %s', (value, found) => {
    expect(changed('Backup: daily', `Backup: ${value}`)).toEqual([
      `5:14 policies[0].select.tags.Backup: expected a text or a list, found ${found}`,
    ]);
  });

  it('of a list of tags are refused one by one', () => {
    expect(changed('Backup: daily', 'Backup: [1, yes, null]')).toEqual([
      '5:23 policies[0].select.tags.Backup[0]: expected a text, found the number 1: write it in quotes',
      '5:31 policies[0].select.tags.Backup[2]: expected a text, found nothing',
    ]);
  });

  it.each([
    ['Yes', ': write true, without quotes'],
    ['off', ': write false, without quotes'],
    ['perhaps', ''],
  ])('that are neither true nor false are refused: %s', (text, hint) => {
    expect(withMore(`    image: {reboot: ${text}}`)).toEqual([
      `9:13 policies[0].image.reboot: expected true or false, found the text "${text}"${hint}`,
    ]);
  });

  it.each([
    [
      'states: [runing]',
      '4:14 policies[0].select.states[0]',
      'running, stopped',
      'runing',
      'running',
    ],
    [
      'states: [stoped]',
      '4:14 policies[0].select.states[0]',
      'running, stopped',
      'stoped',
      'stopped',
    ],
  ])('of a choice name what was meant: %s', (more, at, choice, found, meant) => {
    const problems = changed('tags: {Backup: daily}', `tags: {Backup: daily}\n      ${more}`);

    expect(problems[0]?.replace(/^\d+:\d+/, '4:14')).toBe(
      `${at}: expected one of ${choice}, found the text "${found}": did you mean ${meant}?`,
    );
  });

  it.each([
    ['count: 0', '9:24 limits.maxRemovals.count: expected 1 or more, found 0'],
    ['percent: 101', '9:24 limits.maxRemovals.percent: expected 100 or less, found 101'],
    ['percent: -1', '9:24 limits.maxRemovals.percent: expected 0 or more, found -1'],
    ['percent: .nan', '9:24 limits.maxRemovals.percent: expected a number, found the number .nan'],
    ['percent: .inf', '9:24 limits.maxRemovals.percent: expected a number, found the number .inf'],
  ])('of limits are refused: %s', (limit, problem) => {
    expect(withMore(`limits: {maxRemovals: {${limit}}}`)).toEqual([problem]);
  });

  it('that would let the last point go are refused', () => {
    expect(withMore('limits: {keepAtLeast: 0}')).toEqual([
      '9:10 limits.keepAtLeast: expected 1 or more, found 0',
    ]);
  });
});

describe('tags', () => {
  const set = (pair: string): readonly string[] => withMore(`    tags: {set: {${pair}}}`);

  it.each(['imago:hold', 'aws:x', 'IMAGO:x', 'dlm:managed', 'AWSBackupManagedResource'])(
    'that are not for people to write are refused: %s',
    (key) => {
      expect(set(`"${key}": x`)).toEqual([
        `9:18 policies[0].tags.set.${key}: keys that begin with aws:, imago: or dlm: are reserved, and so is AWSBackupManagedResource`,
      ]);
    },
  );

  it('that EC2 would not take are refused: keys over 128 characters, values over 256', () => {
    const long = 'k'.repeat(129);

    expect(set(`${long}: v`)).toEqual([
      `9:18 policies[0].tags.set.${long}: expected a key of at most 128 characters, found 129`,
    ]);
    expect(set('"": v')).toEqual([
      '9:18 policies[0].tags.set[""]: expected a key of at least 1 character, found 0',
    ]);
    expect(set(`k: ${'v'.repeat(257)}`)).toEqual([
      '9:18 policies[0].tags.set.k: expected at most 256 characters, found 257',
    ]);
    expect(set(`${'k'.repeat(128)}: ${'v'.repeat(257)}`)).toHaveLength(1);
  });

  it('are no more than leave room for others', () => {
    const pairs = Array.from({ length: 31 }, (_, index) => `k${index}: v`).join(', ');

    expect(set(pairs)).toEqual(['9:12 policies[0].tags.set: expected 30 tags at most, found 31']);
  });

  it('with a variable that there is not, or half a brace, are refused', () => {
    expect(set('k: "{instanceid}"')).toEqual([
      expect.stringMatching(/^9:18 policies\[0\]\.tags\.set\.k: \{instanceid\} is no variable/),
    ]);
    expect(set('k: "{slot"')).toEqual([
      expect.stringMatching(/^9:18 policies\[0\]\.tags\.set\.k: a brace stands alone/),
    ]);
  });

  it('say the name once', () => {
    expect(withMore('    tags: {set: {Name: x}}\n    image: {name: y}')).toEqual([
      '9:18 policies[0].tags.set.Name: the tag Name is written by image.name as well: say it in one place',
    ]);
  });
});

describe('destinations', () => {
  const copiedTo = (region: string): readonly string[] =>
    withMore(`    copyTo: [{region: ${region}, keep: {last: 1}}]`);

  it.each([
    ['eu-wset-1', 'unknown Region "eu-wset-1": did you mean eu-west-1?'],
    ['EU-WEST-1', 'unknown Region "EU-WEST-1": did you mean eu-west-1?'],
    ['mars', 'unknown Region "mars": expected one such as eu-west-1'],
    ['eu-central-1', 'eu-central-1 is where the instances are: a copy must go elsewhere'],
    ['cn-north-1', 'cn-north-1 is in another partition than eu-central-1: EC2 cannot copy there'],
    [
      'us-gov-west-1',
      'us-gov-west-1 is in another partition than eu-central-1: EC2 cannot copy there',
    ],
  ])('in %s are refused', (region, problem) => {
    expect(copiedTo(region)).toEqual([`9:15 policies[0].copyTo[0].region: ${problem}`]);
  });

  it('are not compared with a home that is not known', () => {
    const text = `${BASE}    copyTo: [{region: cn-north-1, keep: {last: 1}}]\n`;

    expect(parsePolicyFile(text, 'p.yml', undefined).policies[0]?.copyTo[0]?.region).toBe(
      'cn-north-1',
    );
  });

  it('need a rule of their own, and are one', () => {
    expect(withMore('    copyTo: [{region: eu-west-1}]')).toEqual([
      '9:14 policies[0].copyTo[0].keep: is missing: expected a map of rules, such as {last: 3, daily: 7} or {within: 30d}',
    ]);
    expect(
      withMore(
        '    copyTo: [{region: eu-west-1, keep: {last: 1}}, {region: eu-west-2, keep: {last: 1}}]',
      ),
    ).toEqual(['9:5 policies[0].copyTo: expected at most 1 entry, found 2']);
  });
});
