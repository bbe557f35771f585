import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validate } from '../../cli/validate.ts';
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

const run = (stage: Stage, policy: readonly string[], json = false): number =>
  validate({ policy, json }, stage.surroundings);

const IN_HOME = { environment: { AWS_REGION: 'eu-central-1' } };

const TWO_PROBLEMS = `version: 1
policies:
  - id: on-demand
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    keep: { last: 0 }
`;

describe('imago validate', () => {
  test('says of each file its policies, their former ids and their next slots', () => {
    const stage = createStage(IN_HOME);
    const never = file(
      'over.yml',
      `version: 1
policies:
  - id: web
    select: { tags: { Backup: daily } }
    when: [{ schedule: rate(6 hours) }, { schedule: cron(30 2 * * ? *) }]
    keep: { last: 1 }
  - id: db
    select: { tags: { Backup: weekly } }
    when: [{ schedule: cron(0 2 ? * SUN *) }]
    keep: { last: 1 }
`,
    );

    expect(run(stage, [POLICY, never])).toBe(0);
    expect(stage.screen.stdout).toEqual([
      `${POLICY}: daily (formerly nightly), next slot 2026-11-04T02-00-00Z`,
      `${never}: web, next slot 2026-11-03T02-30-00Z; db, next slot 2026-11-08T02-00-00Z`,
    ]);
    expect([stage.screen.stderr, stage.calls]).toEqual([[], []]);
  });

  test('ends with 2 on any problem, and names those of all files', () => {
    const stage = createStage(IN_HOME);
    const bad = file('bad.yml', TWO_PROBLEMS);
    const missing = join(folder, 'missing.yml');

    expect(run(stage, [bad, POLICY, missing])).toBe(2);
    expect(stage.screen.stdout).toEqual([
      `${POLICY}: daily (formerly nightly), next slot 2026-11-04T02-00-00Z`,
    ]);
    expect(stage.screen.stderr).toEqual([
      `${bad}:3:5 policies[0].id: on-demand is reserved for the points that \`imago backup\` makes`,
      `${bad}:6:13 policies[0].keep.last: too small: expected number to be >=1`,
      'Nothing was changed. Mend the file and try again.',
      expect.stringContaining(`${missing}: ENOENT`),
      'Nothing was changed. Name another file or mend this one.',
    ]);
  });

  test('as JSON gives each problem with its place', () => {
    const stage = createStage(IN_HOME);
    const bad = file('bad.yml', TWO_PROBLEMS);

    expect(run(stage, [bad, POLICY], true)).toBe(2);
    expect(JSON.parse(stage.screen.stdout.join('\n'))).toEqual({
      files: [
        {
          file: bad,
          isValid: false,
          policies: [],
          problems: [
            {
              line: 3,
              column: 5,
              field: 'policies[0].id',
              message: 'on-demand is reserved for the points that `imago backup` makes',
            },
            {
              line: 6,
              column: 13,
              field: 'policies[0].keep.last',
              message: 'too small: expected number to be >=1',
            },
          ],
        },
        {
          file: POLICY,
          isValid: true,
          policies: [{ id: 'daily', formerly: ['nightly'], nextSlot: '2026-11-04T02-00-00Z' }],
          problems: [],
        },
      ],
    });
    expect(stage.screen.stderr).toEqual([]);
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
    expect(nowhere.screen.stderr).toEqual([
      'AWS_REGION is not set: whether copies go elsewhere was not looked at.',
    ]);
  });
});
