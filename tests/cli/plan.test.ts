import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PlanCommandOptions, plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { renderPlan } from '../../cli/plan-text.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import { NoAccessError } from '../../shared/aws/identity.ts';
import { createStage, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: PlanCommandOptions = {
  policy: POLICY,
  deployment: 'dev',
  retire: 'plan',
  failOnChange: false,
  all: false,
  verbose: false,
  json: false,
};

const runPlan = (stage: Stage, options: Partial<PlanCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) => plan({ ...OPTIONS, ...options }, surroundings));

/** A stage whose source has points of these days; today's slot is served if it is among them. */
const withPoints = (days: readonly string[]): Stage & { readonly ids: readonly string[] } => {
  const stage = createStage();
  return { ...stage, ids: pointsOf(stage, days) };
};

const THREE = ['2026-11-01', '2026-11-02', '2026-11-03'];

describe('imago plan', () => {
  test('says endpoint, Region and account first, on stderr, before any other call', async () => {
    const stage = createStage();
    let saidBefore: readonly string[] = [];
    stage.beforeCall({ action: 'DescribeInstances', nth: 1 }, () => {
      saidBefore = [...stage.screen.stderr];
    });

    await runPlan(stage);

    expect(saidBefore).toEqual([
      'endpoint  https://ec2.eu-central-1.amazonaws.com, https://ec2.eu-west-1.amazonaws.com, https://autoscaling.eu-central-1.amazonaws.com, https://autoscaling.eu-west-1.amazonaws.com, https://ssm.eu-central-1.amazonaws.com, https://ssm.eu-west-1.amazonaws.com, https://sts.eu-central-1.amazonaws.com',
      'Region    eu-central-1, eu-west-1',
      'account   111122223333 (arn:aws:iam::111122223333:user/ops)',
    ]);
    expect(stage.screen.stderr).toEqual(saidBefore);
  });

  test('names what is due, what is owed and what has expired, by target, and changes nothing', async () => {
    const stage = withPoints(THREE);
    const [oldest = '', , newest = ''] = stage.ids;
    const source = stage.id('web-1');

    const code = await runPlan(stage);

    expect(code).toBe(0);
    expect(stage.screen.stdout).toEqual([
      `deployment dev · ${POLICY} · 2026-11-03T02:10:00.000Z`,
      '',
      '111122223333/eu-central-1',
      '  to remove: 1 image, 8 GiB at most',
      '    RET-10 expired',
      `      ${oldest}  2026-11-01T02-00-00Z daily ${source}  8 GiB  3 of 3`,
      '  otherwise: 2 images, 2 snapshots, 1 instance unchanged',
      '',
      '111122223333/eu-west-1',
      '  to copy here: 1 image',
      '    COP-01 copy-due',
      `      ${newest}  2026-11-03T02-00-00Z daily ${source}`,
      '  otherwise: 2 left alone (COP-04 copy-not-wanted 2)',
      '',
      '1 to copy · 1 to retire',
      'new points and copies take 8 GiB and $0.40 a month, both at most',
      'removals free 8 GiB and $0.43 a month, both at most',
      '  $0.054 a GiB and month in eu-central-1 (AWS Price List, EUC1-EBS:SnapshotUsage, 2026-09-11)',
      '  $0.05 a GiB and month in eu-west-1 (AWS Price List, EU-EBS:SnapshotUsage, 2026-05-01)',
      'Removals are only planned: --retire apply does them.',
      '--all tells every decision, --json everything.',
    ]);
    expect(stage.calls.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
  });

  test('says what stays although it has expired, and why, and what waits for a limit', async () => {
    const stage = withPoints(['2026-10-30', '2026-10-31', ...THREE]);
    const [used = '', first = '', second = ''] = stage.ids;
    const { InstanceId = '' } =
      stage.cloud.ec2.RunInstances(
        { ImageId: used, MinCount: 1, MaxCount: 1 },
        stage.cloud.callAs('111122223333', 'eu-central-1'),
      ).Instances?.[0] ?? {};
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml');

    await runPlan(stage, { policy, json: true });

    const [home] = jsonOf<PlanReport>(stage.screen).targets;
    const decided = (wanted: string) =>
      home?.decisions
        .filter(({ verdict }) => verdict === wanted)
        .map(({ id, reasons }) => [id, reasons.map(describeReason)]);
    expect(home?.actions.removals.map(({ kind, id }) => [kind, id])).toEqual([['retire', first]]);
    expect(decided('protect')).toEqual([
      [used, ['RET-10 expired 5 of 5', `PRO-01 in-use-by-instance ${InstanceId} (pending)`]],
    ]);
    expect(decided('defer')).toEqual([
      [second, ['RET-10 expired 3 of 5', 'LIM-01 over-the-count-of-one-run 1 a run']],
    ]);
  });

  test('as JSON it holds every action with its ids, every decision, and the totals', async () => {
    const stage = withPoints(THREE);
    const [oldest = '', middle = '', newest = ''] = stage.ids;
    const source = stage.id('web-1');

    await runPlan(stage, { json: true });

    const report = jsonOf<PlanReport>(stage.screen);
    expect(report).toMatchObject({
      account: '111122223333',
      region: 'eu-central-1',
      deployment: 'dev',
      retireMode: 'plan',
      instant: '2026-11-03T02:10:00.000Z',
      totals: {
        create: 0,
        tag: 0,
        copy: 1,
        retire: 1,
        deleteSnapshot: 0,
        adopt: 0,
        protect: 0,
        defer: 0,
        problems: 0,
        madeGiBAtMost: 8,
        madeDollarsAMonthAtMost: 0.4,
        unsized: 0,
        freedGiBAtMost: 8,
        freedDollarsAMonthAtMost: 0.43,
      },
      pending: 1,
    });
    expect(report.targets[0]?.actions).toEqual({
      creates: [],
      repairs: [],
      copies: [],
      removals: [
        {
          kind: 'retire',
          id: oldest,
          name: `imago/dev/daily/${source}/2026-11-01T02-00-00Z`,
          policy: 'daily',
          source,
          slot: '2026-11-01T02-00-00Z',
          snapshots: 'delete',
          snapshotIds: stage.images().find(({ imageId }) => imageId === oldest)?.snapshotIds,
          freedGiBAtMost: 8,
          isFailed: false,
          isCounted: false,
          reasons: [{ id: 'RET-10', name: 'expired', evidence: '3 of 3' }],
        },
      ],
    });
    expect(
      report.targets[0]?.decisions
        .filter(({ kind, reasons }) => kind !== 'snapshot' && reasons[0]?.id !== 'TAG-01')
        .map(({ id, name, verdict, reasons }) => [
          id,
          name.split('/').at(-1),
          verdict,
          ...reasons.map(describeReason),
        ]),
    ).toEqual([
      [source, 'web-1', 'keep', `SCH-02 slot-served ${newest}`],
      [newest, '2026-11-03T02-00-00Z', 'keep', 'RET-01 kept-as-last 1 of 2'],
      [middle, '2026-11-02T02-00-00Z', 'keep', 'RET-01 kept-as-last 2 of 2'],
      [oldest, '2026-11-01T02-00-00Z', 'retire', 'RET-10 expired 3 of 3'],
    ]);
  });
});

describe('the text of imago plan', () => {
  /** Much to remove, to hold back, to leave, to make and to copy, and something unread. */
  const aLongPlan = async (
    columns: number,
    options: Partial<PlanCommandOptions> = {},
  ): Promise<Stage> => {
    const stage = createStage({
      columns,
      instances: ['web-1', 'web-2'].map((name) => ({
        name,
        tags: { Name: name, Backup: 'daily' },
      })),
    });
    const days = Array.from(
      { length: 30 },
      (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`,
    );
    const [used] = pointsOf(stage, [...days, '2026-11-03']);
    const call = stage.cloud.callAs('111122223333', 'eu-central-1');
    stage.cloud.ec2.RunInstances({ ImageId: used, MinCount: 1, MaxCount: 1 }, call);
    stage.loseAnswer(
      { action: 'DescribeSnapshots', region: 'eu-west-1' },
      { code: 'UnauthorizedOperation', status: 403 },
    );
    await runPlan(stage, { policy: 'tests/cli/fixtures/everything.yml', ...options });
    return stage;
  };

  test.each([80, 100, 160])(
    'has no line of more than %i characters on such a terminal',
    async (columns) => {
      const { stdout } = (await aLongPlan(columns, { all: true })).screen;

      expect(stdout.length).toBeGreaterThan(150);
      expect(stdout.filter(({ length }) => length > columns)).toEqual([]);
    },
  );

  test('tells all that goes, twenty of what waits for one cause, and how many more there are', async () => {
    const { stdout } = (await aLongPlan(100)).screen;
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml');
    const limited = (await aLongPlan(100, { policy })).screen.stdout;
    const between = (lines: readonly string[], from: string, to: string): readonly string[] =>
      lines.slice(lines.indexOf(from) + 1, lines.indexOf(to)).filter((line) => /ami-/.test(line));

    expect(stdout).toContain('  to remove: 28 images, 224 GiB at most');
    expect(between(stdout, '    RET-10 expired', '  held back: 1 image')).toHaveLength(28);
    expect(limited).toContain('  left by limits: 27 images');
    const more = '      and 7 more: --all tells them';
    expect(between(limited, '    LIM-01 over-the-count-of-one-run', more)).toHaveLength(20);
    expect(stdout.filter((line) => line.startsWith('  every decision'))).toEqual([]);
  });

  test('calls nothing unread where all was read, though a tag says nothing readable', async () => {
    const stage = createStage();
    const slot = '2026-11-01T02:00:00Z';
    const id = stage.aPoint({ of: 'web-1', policy: 'on-demand', slot });
    stage.cloud.ec2.CreateTags(
      { Resources: [id], Tags: [{ Key: 'imago:keep-until', Value: 'soon' }] },
      stage.cloud.callAs('111122223333', 'eu-central-1'),
    );

    await runPlan(stage);

    expect(stage.screen.stdout).toContain('    PRO-26 unknown-keep-until');
    expect(stage.screen.stdout.filter((line) => line.includes('could not be read'))).toEqual([]);
  });

  test('tells every decision with all its reasons if it is to', async () => {
    const { stdout } = (await aLongPlan(160, { all: true })).screen;
    const at = stdout.findIndex((line) => line.startsWith('    protect'));

    expect(stdout[at + 1]).toMatch(
      /^ {8}RET-10 expired 31 of 31, PRO-01 in-use-by-instance i-\w{17} \(pending\)$/,
    );
    expect(stdout.filter((line) => line.startsWith('  every decision: '))).toHaveLength(2);
  });

  test('counts no dollars where no price is known, and says so; but by the one that is given', async () => {
    const { screen } = await aLongPlan(100, { json: true, price: 0.1 });
    const report = jsonOf<PlanReport>(screen);
    const look = { columns: 100, paint: (_: string, text: string) => text };
    const told = (changed: Partial<PlanReport>): string | undefined =>
      renderPlan({ ...report, ...changed }, look, false).find((line) =>
        line.startsWith('removals'),
      );
    const none = { ...report.totals, freedDollarsAMonthAtMost: 0 };

    expect(report.prices).toEqual([
      { region: 'eu-central-1', dollarsPerGiBMonth: 0.1, source: '--price', date: '' },
      { region: 'eu-west-1', dollarsPerGiBMonth: 0.1, source: '--price', date: '' },
    ]);
    expect(told({})).toBe('removals free 224 GiB and $22.40 a month, both at most');
    expect(told({ totals: none, prices: [], unpriced: ['eu-central-1'] })).toBe(
      'removals free 224 GiB and $0.00 a month (no price known for eu-central-1), both at most',
    );
  });
});

describe('the exit code of imago plan', () => {
  test('is 3 with --fail-on-change while something is to be made, and 0 without it', async () => {
    expect(await runPlan(createStage(), { failOnChange: true })).toBe(3);
    expect(await runPlan(createStage())).toBe(0);
  });

  test('counts removals as pending only with --retire apply', async () => {
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml');
    const options = { policy, failOnChange: true };

    expect(await runPlan(withPoints(THREE), options)).toBe(0);
    expect(await runPlan(withPoints(THREE), { ...options, retire: 'apply' })).toBe(3);
  });

  test('is 0 with --fail-on-change when there is nothing to do', async () => {
    const stage = withPoints(['2026-11-03']);
    const policy = join(import.meta.dirname, 'fixtures/one-a-run.yml');

    expect(await runPlan(stage, { policy, retire: 'apply', failOnChange: true })).toBe(0);
    expect(stage.screen.stdout).toContain('  nothing to do');
  });

  test('is 1 when a read fell short, which is said, whatever is pending', async () => {
    const stage = withPoints(THREE);
    stage.loseAnswer(
      { action: 'DescribeSnapshots', region: 'eu-central-1' },
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runPlan(stage, { retire: 'apply', failOnChange: true })).toBe(1);
    expect(stage.screen.stdout.slice(2, 11)).toEqual([
      '111122223333/eu-central-1',
      '  nothing to do',
      '  held back: 1 image',
      '    PRO-25 unknown-snapshots',
      expect.stringMatching(/^ {6}ami-\w{17} {2}2026-11-01T02-00-00Z daily… {2}Unauthorized/),
      '  could not be read: 1',
      '    snapshots: UnauthorizedOperation: The answer was lost',
      '    what that holds back: PRO-25 unknown-snapshots 1',
      '  otherwise: 2 images, 1 instance unchanged',
    ]);
    expect(stage.screen.stdout).toContain('1 to copy · 1 held back · 1 unread');
  });
});

describe('imago plan touches nothing', () => {
  test.each([
    ['no Region is set', { region: () => Promise.reject(new NoAccessError('set AWS_REGION')) }],
    ['the Region is none', { region: () => Promise.resolve('mars-north-1') }],
    ['there are no credentials', { caller: () => Promise.reject(new NoAccessError('none')) }],
  ])('when %s, and says so', async (_, access) => {
    const stage = createStage({ access });

    await expect(runPlan(stage)).rejects.toThrow(/AWS_REGION|none/);
    expect(stage.calls).toEqual([]);
    expect(stage.screen.stdout).toEqual([]);
  });

  test('when the policy copies to the Region that is set, at its line', async () => {
    const stage = createStage({ access: { region: () => Promise.resolve('eu-west-1') } });

    await expect(runPlan(stage)).rejects.toThrow(
      /daily.yml:10:16 policies\[0\].copyTo\[0\].region/,
    );
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });

  test('when IMAGO_DEPLOYMENT, which stands in for --deployment, is no name', async () => {
    const stage = createStage({ environment: { IMAGO_DEPLOYMENT: 'Prod!' } });
    const { deployment: _, ...options } = OPTIONS;

    await expect(stage.run((surroundings) => plan(options, surroundings))).rejects.toThrow(
      'IMAGO_DEPLOYMENT: expected at most 16',
    );
    expect(stage.calls).toEqual([]);
  });
});

test('without --deployment the one of the environment is meant, or imago', async () => {
  const { deployment: _, ...options } = OPTIONS;
  const first = createStage({ environment: { IMAGO_DEPLOYMENT: 'prod' } });
  const second = createStage();

  await first.run((surroundings) => plan(options, surroundings));
  await second.run((surroundings) => plan(options, surroundings));

  expect(first.screen.stdout[0]).toMatch(/^deployment prod · /);
  expect(second.screen.stdout[0]).toMatch(/^deployment imago · /);
});
