import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply } from '../../cli/apply.ts';
import type { ExitCode } from '../../cli/exit-code.ts';
import { observe } from '../../cli/observe.ts';
import { type PlanCommandOptions, addPlan, plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { renderPlan } from '../../cli/plan-text.ts';
import { ACCOUNT, createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: PlanCommandOptions = {
  policy: join(import.meta.dirname, 'fixtures/everything.yml'),
  deployment: 'dev',
  retire: 'apply',
  failOnChange: false,
  all: false,
  verbose: false,
  json: true,
};

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-from-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const runPlan = (stage: Stage, options: Partial<PlanCommandOptions> = {}): Promise<ExitCode> =>
  stage.run((surroundings) => plan({ ...OPTIONS, ...options }, surroundings));

/** Something of every kind to do, and an image that is in use. */
const aBusyStage = (): Stage => {
  const stage = createStage({
    instances: ['web-1', 'web-2'].map((Name) => ({ name: Name, tags: { Name, Backup: 'daily' } })),
  });
  const days = ['2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
  const [orphaned, used] = pointsOf(stage, days);
  const { ec2, callAs } = stage.cloud;
  const call = callAs(ACCOUNT, HOME);
  ec2.DeregisterImage({ ImageId: orphaned }, call); // and its snapshot stays
  ec2.RunInstances({ ImageId: used, MinCount: 1, MaxCount: 1 }, call);
  return stage;
};

/** The stage's world as files, of home and of where it is copied to. */
const recorded = async (region: readonly string[] = [HOME, DR]): Promise<void> => {
  const stage = aBusyStage();
  const code = await stage.run((surroundings) =>
    observe({ to: dir, region, overwrite: false, json: false }, surroundings),
  );
  expect(code).toBe(0);
};

describe('imago plan --from', () => {
  test('gives the plan that live AWS gives, and asks AWS nothing', async () => {
    await recorded();
    const live = aBusyStage();
    const stage = createStage({ instances: [] });

    expect(await runPlan(live)).toBe(0);
    expect(await runPlan(stage, { from: dir })).toBe(0);

    const { endpoints: _, arn, origin, ...report } = jsonOf<PlanReport>(stage.screen);
    const wanted = jsonOf<PlanReport>(live.screen);
    expect(report).toEqual(
      Object.fromEntries(Object.keys(report).map((key) => [key, wanted[key as keyof PlanReport]])),
    );
    expect([arn, origin]).toEqual(['', { kind: 'folder', dir }]);
    expect(report.totals).toMatchObject({ create: 1, copy: 1, retire: 2, protect: 1 });
    expect(report.totals).toMatchObject({ madeGiBAtMost: 16, unsized: 0 });
    expect(report.targets.map(({ madeGiBAtMost }) => madeGiBAtMost)).toEqual([8, 8]);
    expect(stage.calls).toEqual([]);
    expect(stage.screen.stderr).toEqual([
      `from ${dir}, observed 2026-11-03T02:10:00.000Z`,
      `home      ${ACCOUNT}/${HOME}`,
    ]);
  });

  test('plans for the instant that is named', async () => {
    await recorded();
    const stage = createStage({ instances: [] });
    const now = Date.parse('2026-11-04T02:10:00Z');

    await runPlan(stage, { from: dir, now });

    const report = jsonOf<PlanReport>(stage.screen);
    expect(report.instant).toBe('2026-11-04T02:10:00.000Z');
    expect(report.targets[0]?.actions.creates.map(({ slot }) => slot)).toEqual([
      '2026-11-04T02-00-00Z',
      '2026-11-04T02-00-00Z',
    ]);
  });

  test('protects what a destination that was not observed may still want, and ends with 1', async () => {
    await recorded([HOME]);
    const stage = createStage({ instances: [] });

    expect(await runPlan(stage, { from: dir, json: false })).toBe(1);
    expect(stage.screen.stdout).toContain('  nothing to do');
    expect(stage.screen.stdout.join('\n')).toContain(
      `images: no folder ${join(dir, ACCOUNT, DR)}`.slice(0, 40),
    );
    expect(stage.screen.stdout.join('\n')).toContain('PRO-23 unknown-copies');
  });

  test('says of how many new points it does not know the size', async () => {
    await recorded();
    rmSync(join(dir, ACCOUNT, HOME, 'volumes.json'));
    const stage = createStage({ instances: [] });

    expect(await runPlan(stage, { from: dir, json: false })).toBe(0);

    expect(stage.screen.stdout).toContain(
      'new points of which not every volume size is known: 1; such a volume is counted as 0 GiB',
    );
    expect(stage.screen.stdout).toContain(
      'new points and copies take 8 GiB and $0.40 a month, both at most',
    );
  });

  test('names a Region without a price only where it matters', async () => {
    await recorded();
    const stage = createStage({ instances: [] });
    await runPlan(stage, { from: dir });
    const report = jsonOf<PlanReport>(stage.screen);
    const look = { columns: 160, paint: (_: string, text: string) => text };

    const lines = renderPlan({ ...report, unpriced: [DR] }, look, false);

    expect(lines.filter((line) => line.endsWith('both at most'))).toEqual([
      'new points and copies take 16 GiB and $0.83 a month (no price known for eu-west-1), both at most',
      expect.stringMatching(/^removals free \d+ GiB and \$\d\.\d\d a month, both at most$/),
    ]);
  });

  test('needs a home where several could be it, and takes the one that is named', async () => {
    await recorded();
    const stage = createStage({ instances: [] });
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml'); // it copies nowhere

    await expect(runPlan(stage, { from: dir, policy })).rejects.toThrow(
      `name the home by --home, one of ${ACCOUNT}/${HOME}, ${ACCOUNT}/${DR}`,
    );
    await runPlan(stage, { from: dir, policy, home: { account: ACCOUNT, region: HOME } });
    expect(jsonOf<PlanReport>(stage.screen).region).toBe(HOME);
  });

  test('makes a plan that apply looks at again like any other', async () => {
    await recorded();
    const out = join(dir, 'plan.json');
    await runPlan(createStage({ instances: [] }), { from: dir, out });
    const stage = aBusyStage();
    const [, , held = ''] = stage.images().map(({ imageId }) => imageId);
    stage.cloud.ec2.CreateTags(
      { Resources: [held], Tags: [{ Key: 'imago:hold', Value: 'audit' }] },
      stage.cloud.callAs(ACCOUNT, HOME),
    );

    await stage.run((surroundings) =>
      apply({ ...OPTIONS, json: false, yes: true, plan: out }, surroundings),
    );

    expect(stage.count('DeregisterImage')).toBe(1);
    expect(stage.images().map(({ imageId }) => imageId)).toContain(held);
  });
});

test('policies of imago plan may be named more than once, and the default goes', async () => {
  const stage = createStage();
  const program = new Command().exitOverride();
  addPlan(program, stage.surroundings, () => undefined);
  const golden = 'policies/golden-images.yml';

  await stage.run(() =>
    program.parseAsync(['plan', '--policy', POLICY, '--policy', golden, '--json'], {
      from: 'user',
    }),
  );

  expect(jsonOf<PlanReport>(stage.screen).policyFile).toBe(`${POLICY},${golden}`);
});

test('the options of imago plan are read as they are meant', async () => {
  const stage = createStage();
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addPlan(program, stage.surroundings, () => undefined);
  const run = (...args: readonly string[]): Promise<unknown> =>
    stage.run(() => program.parseAsync(['plan', ...args], { from: 'user' }));

  await run('--policy', POLICY, '--deployment', 'dev', '--price', '0.1', '--json');
  expect(jsonOf<PlanReport>(stage.screen)).toMatchObject({
    policyFile: POLICY,
    prices: [{ region: 'eu-central-1', dollarsPerGiBMonth: 0.1, source: '--price' }],
  });
  await expect(run('--price', '-1')).rejects.toThrow('Expected dollars, such as 0.05.');
  await expect(run('--now', 'tomorrow')).rejects.toThrow('Expected an instant');
});
