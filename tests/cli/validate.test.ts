import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validate, type ValidateOptions } from '../../cli/validate.ts';
import { createStage, POLICY, type Stage } from './fixture.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-validate-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const run = (
  stage: Stage,
  policy: readonly string[],
  options: Partial<ValidateOptions> = {},
): number => validate({ policy, strict: false, json: false, ...options }, stage.surroundings);

const IN_HOME = { environment: { AWS_REGION: 'eu-central-1' } };

const WEB = `version: 1
policies:
  - id: web
    select: { tags: { Role: web } }
    when: [{ schedule: rate(6 hours) }, { schedule: cron(30 2 * * ? *) }]
    keep: { last: 2 }
`;

const ODD = WEB.replace('last: 2', 'last: 1');

const TWO_PROBLEMS = `version: 1
policies:
  - id: on-demand
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    keep: { last: 0 }
`;

describe('imago validate', () => {
  test('says of all files together what they hold, and when the next slots are', () => {
    const stage = createStage(IN_HOME);
    const more = file(
      'more.yml',
      `version: 1
policies:
  - id: web
    formerly: [www, w3]
    select: { tags: { Role: web } }
    when: [{ schedule: rate(6 hours) }, { schedule: cron(30 2 * * ? *) }]
    keep: { last: 2 }
  - id: db
    select: { tags: { Role: db } }
    when: [{ event: stopped }]
    rpo: 7d
    keep: { last: 2 }
  - { id: golden, adopt: { images: { name: "web-*" } }, keep: { last: 2 } }
tagPolicies:
  - { id: cost, images: { name: "web-*" }, set: { a: b } }
`,
    );

    expect(run(stage, [more])).toBe(0);
    expect(stage.screen.stdout).toEqual([
      `${more}:`,
      '  web (formerly www, w3), next slot 2026-11-03T02-30-00Z',
      '  db, no slot to come',
      '  golden, takes over images',
      '  cost, tags images',
    ]);
    expect([stage.screen.stderr, stage.calls]).toEqual([[], []]);
  });

  test('takes files together: each once, however they are named, and their ids must differ', () => {
    const twice = createStage(IN_HOME);
    const clash = createStage(IN_HOME);
    const [a, b] = [file('a.yml', WEB), file('b.yml', WEB)];

    expect(run(twice, [`${a},${a}`, a])).toBe(0);
    expect(twice.screen.stdout[0]).toBe(`${a}:`);
    expect(run(clash, [a, b])).toBe(2);
    expect(clash.screen.stderr).toEqual([
      `${b}:3:5 policies[0].id: the id web is already taken by ${a}:3:5 policies[0].id`,
      'Nothing was changed. Mend this and try again.',
    ]);
  });

  test('ends with 2 on any problem, and names those of all files, unreadable ones too', () => {
    const stage = createStage(IN_HOME);
    const bad = file('bad.yml', TWO_PROBLEMS);
    const missing = join(folder, 'missing.yml');

    expect(run(stage, [missing, bad, POLICY])).toBe(2);
    expect(stage.screen.stdout).toEqual([]);
    expect(stage.screen.stderr).toEqual([
      expect.stringContaining(`${missing}: ENOENT`),
      `${bad}:3:5 policies[0].id: on-demand is reserved for the points that \`imago backup\` makes`,
      `${bad}:6:13 policies[0].keep.last: expected 1 or more, found 0`,
      'Nothing was changed. Mend this and try again.',
    ]);
  });

  test('warns on stderr, and ends with 2 on that only with --strict', () => {
    const stage = createStage(IN_HOME);
    const odd = file('odd.yml', ODD);

    expect([run(stage, [odd]), run(stage, [odd], { strict: true })]).toEqual([0, 2]);
    expect(stage.screen.stdout[0]).toBe(`${odd}:`);
    expect(stage.screen.stderr[0]).toBe(
      `${odd}:6:13 policies[0].keep.last: only the newest point is kept, so there is never an older one to go back to (WRN-09 keeps-one-point)`,
    );
  });

  test('as JSON gives each problem with its place', () => {
    const stage = createStage(IN_HOME);
    const bad = file('bad.yml', TWO_PROBLEMS);
    const missing = join(folder, 'missing.yml');

    expect(run(stage, [bad, missing], { json: true })).toBe(2);
    expect(JSON.parse(stage.screen.stdout.join('\n'))).toEqual({
      files: [bad],
      isValid: false,
      policies: [],
      problems: [
        { file: missing, message: expect.stringContaining('ENOENT') },
        {
          file: bad,
          line: 3,
          column: 5,
          field: 'policies[0].id',
          message: 'on-demand is reserved for the points that `imago backup` makes',
        },
        {
          file: bad,
          line: 6,
          column: 13,
          field: 'policies[0].keep.last',
          message: 'expected 1 or more, found 0',
        },
      ],
      warnings: [],
    });
    expect(stage.screen.stderr).toEqual([]);
  });

  test('as JSON gives policies and warnings', () => {
    const stage = createStage(IN_HOME);
    const odd = file('odd.yml', ODD);

    expect(run(stage, [odd], { json: true })).toBe(0);
    expect(JSON.parse(stage.screen.stdout.join('\n'))).toEqual({
      files: [odd],
      isValid: true,
      policies: [{ id: 'web', kind: 'backup', formerly: [], nextSlot: '2026-11-03T02-30-00Z' }],
      problems: [],
      warnings: [
        {
          id: 'WRN-09',
          name: 'keeps-one-point',
          file: odd,
          line: 6,
          column: 13,
          field: 'policies[0].keep.last',
          message: 'only the newest point is kept, so there is never an older one to go back to',
        },
      ],
    });
  });

  test('refuses an AWS_REGION that is no Region, whatever the files hold', () => {
    const stage = createStage({ environment: { AWS_REGION: 'mars' } });

    expect(() => run(stage, [POLICY])).toThrow(
      'AWS_REGION: unknown Region mars: expected one such as eu-central-1\nNothing was changed.',
    );
    expect([stage.screen.stdout, stage.screen.stderr]).toEqual([[], []]);
  });

  test('takes AWS_REGION for the home that copies must leave, and says where it is not set', () => {
    const inTheSame = createStage({ environment: { AWS_REGION: 'eu-west-1' } });
    const nowhere = createStage();

    expect([run(inTheSame, [POLICY]), run(nowhere, [POLICY])]).toEqual([2, 0]);
    expect(inTheSame.screen.stderr[0]).toContain('eu-west-1 is where the instances are');
    expect(nowhere.screen.stderr.at(-1)).toBe(
      'AWS_REGION is not set: whether copies go elsewhere was not looked at.',
    );
  });

  test('says nothing of a Region where nothing is copied', () => {
    const stage = createStage();

    expect(run(stage, [file('odd.yml', ODD)], {})).toBe(0);
    expect(stage.screen.stderr).toEqual([expect.stringContaining('WRN-09')]);
  });
});
