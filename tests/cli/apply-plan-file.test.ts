import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApplyCommandOptions, apply } from '../../cli/apply.ts';
import type { ApplyReport } from '../../cli/apply-report.ts';
import { type PlanCommandOptions, plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const ACCOUNT = '111122223333';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-plan-'));
  file = join(folder, 'plan.json');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const OPTIONS = {
  policy: POLICY,
  deployment: 'dev',
  retire: 'apply',
  verbose: false,
  json: false,
} as const;

const writePlan = (stage: Stage, options: Partial<PlanCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) =>
    plan({ ...OPTIONS, failOnChange: false, all: false, out: file, ...options }, surroundings),
  );

const applyPlan = (stage: Stage, options: Partial<ApplyCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) =>
    apply({ ...OPTIONS, yes: true, plan: file, ...options }, surroundings),
  );

const readPlan = (): PlanReport => JSON.parse(readFileSync(file, 'utf8')) as PlanReport;

const edit = (change: (report: PlanReport) => object): void => {
  writeFileSync(file, JSON.stringify(change(readPlan())));
};

const THREE = ['2026-11-01', '2026-11-02', '2026-11-03'];

const WEB = { name: 'web-1', tags: { Name: 'web-1', Backup: 'daily' }, volumesGib: [8, 20] };

/** Something is due to be removed and to be copied. */
const withPoints = (): Stage & { readonly ids: readonly string[] } => {
  const stage = createStage({ instances: [WEB] });
  return { ...stage, ids: pointsOf(stage, THREE) };
};

const writes = ({ calls }: Stage): readonly string[] =>
  calls.map(({ action }) => action).filter((action) => !/^(Describe|Get)/.test(action));

const hold = (stage: Stage, resource: string): void => {
  stage.cloud.ec2.CreateTags(
    { Resources: [resource], Tags: [{ Key: 'imago:hold', Value: 'audit' }] },
    stage.cloud.callAs(ACCOUNT, HOME),
  );
};

describe('imago plan --out', () => {
  test('writes the plan as JSON, says where, and changes nothing', async () => {
    const stage = withPoints();

    expect(await writePlan(stage, { json: true })).toBe(0);
    expect(readPlan()).toEqual(jsonOf<PlanReport>(stage.screen));
    expect(stage.screen.stderr.at(-1)).toBe(`plan      ${file}`);
    expect(writes(stage)).toEqual([]);
  });
});

describe('imago apply of a plan file', () => {
  test('does what is in it and still holds', async () => {
    const stage = withPoints();
    const [oldest = '', ...rest] = stage.ids;
    await writePlan(stage);

    expect(await applyPlan(stage)).toBe(0);
    expect(writes(stage).toSorted()).toEqual(['CopyImage', 'DeregisterImage']);
    expect(stage.images().map(({ imageId }) => imageId)).toEqual(rest);
    expect(stage.screen.stdout.slice(-4)).toEqual([
      `${ACCOUNT}/${DR}  create 0  tag 0  copy 1  retire 0  delete-snapshot 0`,
      expect.stringMatching(/^done {8}copy {2}ami-/),
      expect.stringContaining(`done        retire  ${oldest}`),
      '2 done',
    ]);
  });

  test('says why what does not hold any more is not done, before anybody is asked', async () => {
    const stage = withPoints();
    const [oldest = ''] = stage.ids;
    await writePlan(stage);
    hold(stage, oldest);

    expect(await applyPlan(stage)).toBe(0);
    expect(stage.count('DeregisterImage')).toBe(0);
    expect(stage.screen.stdout).toContain(
      `superseded  retire  ${oldest}  imago/dev/daily/${stage.id('web-1')}/2026-11-01T02-00-00Z` +
        '  now protect: RET-10 expired 3 of 3, PRO-03 held audit',
    );
    expect(stage.screen.stdout.at(-1)).toBe('1 superseded · 1 done');
  });

  test('does not make a point otherwise than it was told', async () => {
    const stage = createStage();
    await writePlan(stage);
    const Tags = [{ Key: 'Name', Value: 'renamed' }];
    stage.cloud.ec2.CreateTags(
      { Resources: [stage.id('web-1')], Tags },
      stage.cloud.callAs(ACCOUNT, HOME),
    );

    expect(await applyPlan(stage)).toBe(0);
    expect(writes(stage)).toEqual([]);
    expect(stage.screen.stdout.find((line) => line.startsWith('superseded'))).toMatch(
      /^superseded {2}create {2}i-\S+ {2}imago\S+ {2}it would be done otherwise now: description$/,
    );
  });

  test('takes snapshots in another order for the same', async () => {
    const stage = withPoints();
    await writePlan(stage);
    edit((report) => {
      const [removal] = report.targets[0]?.actions.removals ?? [];
      const snapshotIds = removal?.kind === 'retire' ? removal.snapshotIds.toReversed() : [];
      return withActions(report, { removals: [{ ...removal, snapshotIds }] });
    });

    await applyPlan(stage);

    expect(readPlan().targets[0]?.actions.removals[0]).toMatchObject({
      snapshotIds: [expect.stringMatching(/^snap-/), expect.stringMatching(/^snap-/)],
    });
    expect(stage.count('DeregisterImage')).toBe(1);
  });

  test('leaves what has become due since, and says how much', async () => {
    const stage = withPoints();
    await writePlan(stage);
    stage.cloud.ec2.RunInstances(
      {
        ImageId: stage.ids[2] ?? '',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [
          { ResourceType: 'instance', Tags: [{ Key: 'Backup', Value: 'daily' }] },
        ],
      },
      stage.cloud.callAs(ACCOUNT, HOME),
    );
    await stage.clock.runUntil(stage.clock.nowMs() + 120_000);

    expect(await applyPlan(stage)).toBe(0);
    expect(stage.count('CreateImage')).toBe(0);
    expect(stage.screen.stdout).toContain(
      'not in the plan file, and left: create 1  tag 0  copy 0  retire 0  delete-snapshot 0',
    );
  });

  test('says nothing was done once all of it is done, with the reason for each', async () => {
    const stage = withPoints();
    await writePlan(stage);
    await applyPlan(stage);

    expect(await applyPlan(stage, { json: true })).toBe(0);
    const report = JSON.parse(
      stage.screen.stdout.slice(stage.screen.stdout.lastIndexOf('{')).join('\n'),
    ) as ApplyReport;
    expect(report.planFile).toBe(file);
    expect(report.outcomes.map(({ action, status, why }) => [action, status, why])).toEqual([
      ['retire', 'superseded', 'it was not seen'],
      ['copy', 'superseded', 'now wait: COP-03 copy-in-progress'],
    ]);
    expect(report.notInPlanFile).toEqual([]);
  });

  test('removes nothing unless it is told so by both the plan and the command', async () => {
    const stage = withPoints();
    await writePlan(stage);

    expect(await applyPlan(stage, { retire: 'plan' })).toBe(0);
    expect(stage.count('DeregisterImage')).toBe(0);
    expect(stage.screen.stdout).toContain('removals only planned: 1 (--retire apply does them)');
  });
});

describe('a plan file is refused, and nobody is asked or called,', () => {
  const problem = async (options: Partial<ApplyCommandOptions> = {}): Promise<string> => {
    const stage = createStage();
    const error: unknown = await applyPlan(stage, options).catch((thrown: unknown) => thrown);
    expect(stage.calls).toEqual([]);
    expect(stage.screen.asked).toEqual([]);
    return error instanceof Error ? `${error.name}: ${error.message}` : 'it was not refused';
  };

  const ends = '\nNothing was changed.';

  beforeAll(async () => {
    await writePlan(withPoints());
    folderText = readFileSync(file, 'utf8');
  });

  let folderText: string;
  const withFile = (text: string): void => writeFileSync(file, text);
  const changed = (change: (report: PlanReport) => object): void => {
    withFile(folderText);
    edit(change);
  };

  test('if it was made under other policies', async () => {
    withFile(folderText);
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml');

    expect(await problem({ policy })).toBe(
      `RefusedError: ${file}: a plan under other policies (then ${POLICY}): plan again${ends}`,
    );
  });

  test('if it is for another deployment', async () => {
    withFile(folderText);

    expect(await problem({ deployment: 'prod' })).toBe(
      `RefusedError: ${file}: a plan for the deployment dev, not for prod${ends}`,
    );
  });

  test('if it is for another Region, or another account', async () => {
    changed((report) => ({ ...report, region: 'eu-west-2' }));
    expect(await problem()).toBe(
      `RefusedError: ${file}: a plan for eu-west-2, not for eu-central-1${ends}`,
    );
    changed((report) => ({ ...report, account: '999999999999' }));
    expect(await problem()).toBe(
      `RefusedError: ${file}: a plan for the account 999999999999, not for 111122223333${ends}`,
    );
  });

  test('if its removals were only planned, and they are to be done', async () => {
    changed((report) => ({ ...report, retireMode: 'plan' }));

    expect(await problem()).toBe(
      `RefusedError: ${file}: its removals were only planned: plan again with --retire apply${ends}`,
    );
  });

  test.each([
    ['{}', 'expected a plan as `imago plan --out` writes it'],
    ['[]', 'expected a plan as `imago plan --out` writes it'],
    ['{"Images": []}', 'expected a plan as `imago plan --out` writes it'],
    ['', 'it is empty: did its command fail?'],
    ['{"version": 2, "policyHash": ""}', 'expected a plan of version 1, found 2'],
    ['{"version": 1, "policyHash": "x"}', 'policyHash: expected 64 hexadecimal digits'],
    ['version: 1', 'expected JSON at line 1, column 1'],
  ])('if it is %s', async (text, expected) => {
    withFile(text);

    expect(await problem()).toContain(expected);
  });

  test('if it is cut', async () => {
    withFile(folderText.slice(0, folderText.length / 2));

    expect(await problem()).toMatch(/^UnusableFileError: .*plan.json: it is cut: .*, at line \d+/);
  });

  test('if somebody wrote an action into it that is none, or one of another list', async () => {
    changed((report) => withActions(report, { removals: [{ kind: 'retire', id: 'ami-1' }] }));
    expect(await problem()).toContain('targets.0.actions.removals.0.name: ');
    changed((report) => withActions(report, { creates: report.targets[0]?.actions.removals }));
    expect(await problem()).toContain('targets.0.actions.creates.0.kind: ');
  });

  test('if it names one action twice', async () => {
    changed((report) => {
      const [removal] = report.targets[0]?.actions.removals ?? [];
      return withActions(report, { removals: [removal, removal] });
    });

    expect(await problem()).toContain(`names one action twice: ${ACCOUNT}/${HOME} retire ami-`);
  });

  test('if it is not there', async () => {
    expect(await problem({ plan: join(folder, 'none.json') })).toContain('ENOENT');
  });
});

const withActions = (report: PlanReport, actions: object): object => ({
  ...report,
  targets: report.targets.map((target, index) =>
    index === 0 ? { ...target, actions: { ...target.actions, ...actions } } : target,
  ),
});
