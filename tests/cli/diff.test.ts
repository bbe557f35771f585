import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diff, type DiffOptions } from '../../cli/diff.ts';
import type { DiffReport } from '../../cli/diff-report.ts';
import { renderDiff } from '../../cli/diff-text.ts';
import { observe } from '../../cli/observe.ts';
import { InvalidPolicyError } from '../../shared/config/policy-file.ts';
import { ACCOUNT, createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-diff-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const OPTIONS: DiffOptions = {
  policy: [POLICY, POLICY],
  deployment: 'dev',
  verbose: false,
  json: false,
  all: false,
  failOnChange: false,
};

const run = (stage: Stage, options: Partial<DiffOptions> = {}): Promise<number> =>
  stage.run((surroundings) => diff({ ...OPTIONS, ...options }, surroundings));

/** The policy of the fixture with these words in place of others. */
const newPolicy = (keep: number, backup = 'daily'): string => {
  const file = join(dir, 'new.yml');
  writeFileSync(
    file,
    `version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    formerly: [nightly]
    select: { tags: { Backup: ${backup} } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: ${keep} }
    copyTo: [{ region: eu-west-1, keep: { last: 1 } }]
`,
  );
  return file;
};

/** A stage with four points, of which the policy of the fixture keeps two. */
const withPoints = (): Stage & { readonly ids: readonly string[] } => {
  const stage = createStage();
  const ids = pointsOf(stage, ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']);
  return { ...stage, ids };
};

describe('imago diff', () => {
  test('says that plans are identical, and that the policies mean the same', async () => {
    const stage = withPoints();

    const code = await run(stage, { failOnChange: true });

    expect(code).toBe(0);
    expect(stage.screen.stdout.at(-1)).toBe(
      'The plans are identical, and the policies mean the same.',
    );
  });

  test('says that plans are identical now though the policies are not', async () => {
    const stage = createStage();

    await run(stage, { policy: [POLICY, newPolicy(5)] });

    expect(stage.screen.stdout.slice(-2)).toEqual([
      'The plans are identical now, though the policies do not mean the same: `imago forecast` tells what',
      'comes of each.',
    ]);
  });

  test('tells what is removed otherwise, with its reasons, totals and what it is worth', async () => {
    const stage = withPoints();

    const code = await run(stage, { policy: [POLICY, newPolicy(3)], failOnChange: true });

    expect(code).toBe(3);
    const { stdout } = stage.screen;
    expect(stdout.slice(stdout.indexOf('') + 1)).toEqual([
      '                           old   new  change',
      'copies to make               1     1',
      'images to retire             2     1      -1',
      'GiB made, at most            8     8',
      '$ a month made, at most   0.40  0.40',
      'GiB freed, at most          16     8      -8',
      '$ a month freed, at most  0.86  0.43   -0.43',
      '  $0.054 a GiB and month in eu-central-1 (AWS Price List, EUC1-EBS:SnapshotUsage, 2026-09-11)',
      '  $0.05 a GiB and month in eu-west-1 (AWS Price List, EU-EBS:SnapshotUsage, 2026-05-01)',
      '',
      '111122223333/eu-central-1',
      '  retire → keep: 1',
      `    ${stage.ids[1]}  daily: RET-10 expired 3 of 4  → daily: RET-01 kept-as-last 3 of 3`,
      '',
    ]);
  });

  test('tells which instances a policy lets go, and which are backed up no more', async () => {
    const stage = createStage();
    const id = stage.id('web-1');

    await run(stage, { policy: [POLICY, newPolicy(2, 'weekly')] });

    const { stdout } = stage.screen;
    const from = stdout.indexOf('instances that the policies select');
    expect(stdout.slice(from)).toEqual([
      'instances that the policies select',
      `  daily: 1 → 0; lets go ${id}`,
      `  backed up by no policy any more: ${id}`,
      '',
      '111122223333/eu-central-1',
      '  create → ignore: 1',
      expect.stringMatching(
        new RegExp(`^    ${id} web-1  daily: SCH-01 slot-due .* → SEL-02 no-policy-selects-it`),
      ),
      '',
    ]);
  });

  test('plans both on one look, and says the same of the files that were written of it', async () => {
    const live = withPoints();
    const policy = [POLICY, newPolicy(3)];
    await run(live, { policy, json: true });
    const stage = withPoints();
    await stage.run((surroundings) =>
      observe({ to: dir, region: [HOME, DR], overwrite: false, json: false }, surroundings),
    );
    const reads = stage.count('DescribeImages');

    await run(stage, { policy, json: true, from: dir });

    expect(live.count('DescribeInstances', HOME)).toBe(1);
    expect(stage.count('DescribeImages')).toBe(reads);
    const { origin: _live, ...told } = jsonOf<DiffReport>(live.screen);
    const { stdout } = stage.screen;
    const { origin, ...fromFiles } = jsonOf<DiffReport>({
      ...stage.screen,
      stdout: stdout.slice(stdout.indexOf('{')),
    });
    expect(fromFiles).toEqual(told);
    expect(origin).toEqual({ kind: 'folder', dir });
    expect(told).toMatchObject({
      version: 1,
      isSamePolicy: false,
      before: { retire: 2, copy: 1, freedGiBAtMost: 16, madeGiBAtMost: 8 },
      after: { retire: 1, copy: 1, freedGiBAtMost: 8, madeGiBAtMost: 8 },
      problems: [],
    });
  });

  test('exits with 1 where something could not be read', async () => {
    const stage = withPoints();
    await stage.run((surroundings) =>
      observe({ to: dir, region: [HOME], overwrite: false, json: false }, surroundings),
    );

    const code = await run(stage, { from: dir, failOnChange: true });

    expect(code).toBe(1);
    expect(stage.screen.stdout).toContain(
      'could not be read: 3; what it may show protects, in both plans',
    );
  });

  test('says where one of the policies does not look, and of how many points no size is known', async () => {
    const stage = withPoints();
    const policy = join(dir, 'no-copies.yml');
    writeFileSync(
      policy,
      'version: 1\npolicies:\n  - id: other\n    select: { tags: { Backup: daily } }\n' +
        '    when: [{ schedule: rate(1 hour) }]\n    keep: { last: 1 }\n',
    );
    await stage.run((surroundings) =>
      observe(
        { to: join(dir, 'seen'), region: [HOME, DR], overwrite: false, json: false },
        surroundings,
      ),
    );
    rmSync(join(dir, 'seen', ACCOUNT, HOME, 'volumes.json'));

    await run(stage, { policy: [POLICY, policy], from: join(dir, 'seen') });

    const lines = stage.screen.stdout.join('\n').split('\n');
    expect(lines.filter((line) => line.includes(' → not looked at: '))).toHaveLength(2);
    expect(lines).toContainEqual(expect.stringMatching(/^new points of unknown size +0 +1 +\+1$/));
  });

  test.each([0, 1, 3])('refuses %i policies', async (count) => {
    const stage = createStage();
    const policy = Array.from({ length: count }, () => POLICY);

    await expect(run(stage, { policy })).rejects.toThrow(
      `expected --policy twice, the old policy and then the new one, and not ${count} times`,
    );
    expect(stage.calls).toEqual([]);
  });

  test('refuses a policy that is none, before anybody is asked', async () => {
    const stage = createStage();
    const file = join(dir, 'none.yml');
    writeFileSync(file, 'version: 2\n');

    await expect(run(stage, { policy: [POLICY, file] })).rejects.toThrow(InvalidPolicyError);
    expect(stage.calls).toEqual([]);
  });
});

describe('the text of a difference', () => {
  const side = {
    policyFile: 'imago.yml',
    policyHash: '0',
    create: 0,
    copy: 0,
    tag: 12,
    retire: 0,
    deleteSnapshot: 0,
    protect: 0,
    defer: 0,
    madeGiBAtMost: 0,
    madeDollarsAMonthAtMost: 0,
    unsized: 0,
    freedGiBAtMost: 0,
    freedDollarsAMonthAtMost: 0,
  };
  const change = (id: string) => ({
    target: '111122223333/eu-central-1',
    ...({ kind: 'snapshot', id, name: '' } as const),
    before: [{ verdict: 'tag', reasons: [] }] as const,
    after: [{ verdict: 'tag', reasons: [] }] as const,
    differing: ['tags'],
  });
  const report: DiffReport = {
    version: 1,
    origin: {
      kind: 'folder',
      dir: 'world',
    },
    deployment: 'imago',
    home: '111122223333/eu-central-1',
    instant: '2026-11-21T12:00:00.000Z',
    before: side,
    after: {
      ...side,
      policyFile: 'new.yml',
    },
    isSamePolicy: false,
    changes: Array.from({ length: 12 }, (_, index) => change(`snap-${index}`)),
    selections: [],
    uncovered: [],
    covered: [],
    problems: [],
    prices: [],
    unpriced: [],
  };
  const render = (isAll: boolean): readonly string[] =>
    renderDiff(report, { columns: 80, paint: (_style, text) => text }, isAll);

  test('names the first ten objects of a change, and counts the others', () => {
    expect(render(false).slice(0, 8)).toEqual([
      'deployment imago · imago.yml → new.yml · from world · 2026-11-21T12:00:00.000Z',
      '',
      '                  old  new  change',
      'resources to tag   12   12',
      '',
      '111122223333/eu-central-1',
      '  tag, differently (other tags): 12',
      '    snap-0  –  → –',
    ]);
    expect(render(false).slice(-2)).toEqual(['    and 2 more: --all tells them', '']);
  });

  test('names them all with --all', () => {
    expect(render(true).filter((line) => line.startsWith('    snap-'))).toHaveLength(12);
  });
});
