import { describe, expect, it } from 'vitest';
import { InvalidPolicyError, parsePolicyFile } from '../../shared/config/policy-file.ts';

const BASE = `version: 1
policies:
  - id: web
    select:
      tags: {Backup: daily}
    when:
      - schedule: cron(0 2 * * ? *)
    keep: {last: 3}
`;

const refusal = (text: string): InvalidPolicyError => {
  try {
    parsePolicyFile(text, 'p.yml', 'eu-central-1');
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error;
    throw error;
  }
  throw new Error('the policy file was accepted');
};

/** `3:5 policies[0].id: message`: the problems of a file, a line each. */
const problemsOf = (text: string): readonly string[] =>
  refusal(text).problems.map(
    ({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`,
  );

const changed = (from: string, to: string): readonly string[] =>
  problemsOf(BASE.replace(from, () => to));

const withMore = (more: string): readonly string[] => problemsOf(`${BASE}${more}\n`);

describe('a refusal', () => {
  it('names file, line, column and field of every problem, and says that nothing happened', () => {
    const error = refusal(BASE.replace('id: web', 'id: Web').replace('last: 3', 'last: 0'));

    expect(error.name).toBe('InvalidPolicyError');
    expect(error.message).toBe(
      [
        'p.yml:3:5 policies[0].id: expected lower-case letters, digits and inner hyphens: it becomes part of AMI names',
        'p.yml:8:12 policies[0].keep.last: too small: expected number to be >=1',
        'Nothing was changed. Mend the file and try again.',
      ].join('\n'),
    );
  });

  it('names no field where the whole file is wrong', () => {
    expect(refusal('').message).toBe(
      'p.yml:1:1 expected a policy document with version and policies, found nothing\nNothing was changed. Mend the file and try again.',
    );
  });
});

describe('a file that is no policy document', () => {
  it.each([
    ['empty', '', 'nothing'],
    ['nothing but a comment', '# later\n', 'nothing'],
    ['a text', 'hello\n', 'plain text'],
    ['a list', '- a\n- b\n', 'a list'],
  ])('is refused when it is %s', (_, text, found) => {
    expect(problemsOf(text)).toEqual([
      `1:1 : expected a policy document with version and policies, found ${found}`,
    ]);
  });

  it.each([
    ['an open list', 'version: 1\npolicies: [', '2:12'],
    ['a tab as indentation', 'version: 1\npolicies:\n\t- id: x\n', '3:1'],
    ['a key that stands twice', `${BASE}    keep: {last: 4}\n`, '9:5'],
    ['a second document', `${BASE}---\n${BASE}`, '9:1'],
  ])('is refused for %s, which is no valid YAML', (_, text, place) => {
    expect(problemsOf(text)[0]?.startsWith(`${place} : no valid YAML: `)).toBe(true);
  });

  it('is refused beyond 1 MB, before anything parses it', () => {
    expect(problemsOf('['.repeat(10_000_000))).toEqual([
      '1:1 : a policy file may have 1000000 bytes at most, found 10000000',
    ]);
    expect(problemsOf(`# ${'ä'.repeat(500_000)}`)).toEqual([
      '1:1 : a policy file may have 1000000 bytes at most, found 1000002',
    ]);
  });

  it('is refused for at most ten places where it is no YAML', () => {
    expect(problemsOf('\t- x\n'.repeat(50)).length).toBeLessThanOrEqual(10);
  });
});

describe('keys', () => {
  it('that are misspelt are named where they stand, with those that are known', () => {
    expect(changed('keep:', 'keeps:')).toEqual([
      '3:5 policies[0].keep: is missing: expected object',
      '8:5 policies[0].keeps: unknown key keeps: expected one of id, formerly, select, when, rpo, image, tags, keep, copyTo, retire',
    ]);
    expect(changed('last: 3', 'last: 3, lats: 3')).toEqual([
      '8:21 policies[0].keep.lats: unknown key lats: expected one of last, within',
    ]);
    expect(withMore('limit: {}')).toEqual([
      '9:1 limit: unknown key limit: expected one of version, timezone, limits, policies',
    ]);
    expect(withMore('    __proto__: {}')).toHaveLength(1);
  });

  it('that are missing are named where they belong', () => {
    expect(problemsOf('version: 1\npolicies:\n  - id: web\n')).toEqual([
      '3:5 policies[0].select: is missing: expected object',
      '3:5 policies[0].when: is missing: expected array',
      '3:5 policies[0].keep: is missing: expected object',
    ]);
    expect(problemsOf('policies: []\n')).toEqual([
      '1:1 version: is missing',
      '1:1 policies: expected at least one policy',
    ]);
    expect(problemsOf('version: 1\n')).toEqual(['1:1 policies: is missing: expected array']);
  });
});

describe('values', () => {
  it.each([
    ['version: 1', 'version: 2', '1:1 version: invalid input: expected 1'],
    [
      'id: web',
      `id: ${'w'.repeat(41)}`,
      '3:5 policies[0].id: too big: expected string to have <=40 characters',
    ],
    [
      '{Backup: daily}',
      '{}',
      '5:7 policies[0].select.tags: expected at least one tag: a policy selects by tags',
    ],
    ['last: 3', 'last: 0', '8:12 policies[0].keep.last: too small: expected number to be >=1'],
    [
      'last: 3',
      'last: 1.5',
      '8:12 policies[0].keep.last: invalid input: expected int, received number',
    ],
    [
      'last: 3',
      'last: "3"',
      '8:12 policies[0].keep.last: invalid input: expected number, received string',
    ],
    [
      '{last: 3}',
      '{}',
      '8:5 policies[0].keep: expected at least one rule: last or within (an empty rule would keep nothing)',
    ],
    [
      '{last: 3}',
      '{within: 3 days}',
      '8:12 policies[0].keep.within: expected a whole number with m, h, d or w, such as 90m, 26h, 7d, found 3 days',
    ],
    [
      '{last: 3}',
      '{within: 0d}',
      '8:12 policies[0].keep.within: expected a whole number with m, h, d or w, such as 90m, 26h, 7d, found 0d',
    ],
  ])('%s as %s: %s', (from, to, problem) => {
    expect(changed(from, to)).toEqual([problem]);
  });

  it.each(['1', 'true', '', '[1, 2]', '{a: b}'])(
    'of a tag that are no text are refused: %s',
    (value) => {
      expect(changed('Backup: daily', `Backup: ${value}`)).toEqual([
        '5:14 policies[0].select.tags.Backup: expected a text or a list of texts (write numbers and true or false in quotes)',
      ]);
    },
  );

  it.each([
    ['count: 0', '9:24 limits.maxRemovals.count: too small: expected number to be >=1'],
    ['percent: 101', '9:24 limits.maxRemovals.percent: too big: expected number to be <=100'],
    ['percent: -1', '9:24 limits.maxRemovals.percent: too small: expected number to be >=0'],
    [
      'percent: .nan',
      '9:24 limits.maxRemovals.percent: invalid input: expected number, received NaN',
    ],
  ])('of limits are refused: %s', (limit, problem) => {
    expect(withMore(`limits: {maxRemovals: {${limit}}}`)).toEqual([problem]);
  });

  it('that would let the last point go are refused', () => {
    expect(withMore('limits: {keepAtLeast: 0}')).toEqual([
      '9:10 limits.keepAtLeast: too small: expected number to be >=1',
    ]);
  });

  it('of tags that are ours to write are refused', () => {
    const fields = ['imago:hold', 'aws:x', 'IMAGO:x'].map(
      (key) => withMore(`    tags: {set: {"${key}": x}}`)[0]?.split(': ')[0],
    );

    expect(fields).toEqual([
      '9:18 policies[0].tags.set.imago:hold',
      '9:18 policies[0].tags.set.aws:x',
      '9:18 policies[0].tags.set.IMAGO:x',
    ]);
  });
});

describe('schedules', () => {
  const scheduled = (expression: string): readonly string[] =>
    changed('cron(0 2 * * ? *)', expression);

  it.each([
    ['cron(0 2 * * * *)', 'exactly one of day-of-month and day-of-week must be ?'],
    ['rate(0 hours)', 'a rate must be 1 or more'],
    ['daily', 'expected rate(...) or cron(...), as EventBridge writes them'],
  ])('that EventBridge refuses are refused: %s', (expression, problem) => {
    expect(scheduled(expression)).toEqual([`7:9 policies[0].when[0].schedule: ${problem}`]);
  });

  it.each(['cron(0 2 30 2 ? *)', 'cron(0 2 * * ? 2020)'])(
    'that never fire are refused: %s',
    (expression) => {
      expect(scheduled(expression)).toContain(
        `7:9 policies[0].when[0].schedule: ${expression} never fires`,
      );
    },
  );

  it('that fire once need an RPO, since they have no gap to derive it from', () => {
    expect(scheduled('cron(0 2 1 1 ? 2199)')).toEqual([
      '3:5 policies[0].rpo: is missing: the schedule has fewer than two slots to derive it from',
    ]);
  });

  it('in a time zone that does not exist are refused', () => {
    expect(withMore('timezone: Europe/Berln')).toEqual([
      '9:1 timezone: unknown time zone Europe/Berln: expected an IANA name such as Europe/Berlin',
    ]);
  });

  it('are needed: no trigger is refused', () => {
    expect(changed('\n      - schedule: cron(0 2 * * ? *)', ' []')[0]).toMatch(
      /^6:5 policies\[0\]\.when: too small/,
    );
  });
});

describe('destinations', () => {
  const copiedTo = (region: string): readonly string[] =>
    withMore(`    copyTo: [{region: ${region}, keep: {last: 1}}]`);

  it.each([
    ['eu-wset-1', 'unknown Region eu-wset-1: expected one such as eu-west-1'],
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

  it('need a rule of their own', () => {
    expect(withMore('    copyTo: [{region: eu-west-1}]')).toEqual([
      '9:14 policies[0].copyTo[0].keep: is missing: expected object',
    ]);
  });
});

describe('ids', () => {
  const second = BASE.replace('version: 1\npolicies:\n', '').trimEnd();

  it('that stand twice are refused, and the first is named', () => {
    expect(withMore(second)).toEqual([
      '9:5 policies[1].id: the id web is already taken by policies[0].id',
    ]);
  });

  it('may not be the one of points that somebody asks for, now or formerly', () => {
    const reserved = 'on-demand is reserved for the points that `imago backup` makes';

    expect(changed('id: web', 'id: on-demand')).toEqual([`3:5 policies[0].id: ${reserved}`]);
    expect(withMore(`    formerly: [old, on-demand]`)).toEqual([
      `9:21 policies[0].formerly[1]: ${reserved}`,
    ]);
  });

  it('that two policies claim are refused, be it as a former one', () => {
    expect(withMore(`    formerly: [web]`)).toEqual([
      '9:16 policies[0].formerly[0]: the id web is already taken by policies[0].id',
    ]);
    expect(withMore(`${second.replace('id: web', 'id: db')}\n    formerly: [old, web]`)).toEqual([
      '15:21 policies[1].formerly[1]: the id web is already taken by policies[0].id',
    ]);
  });
});
