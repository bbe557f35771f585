import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExitCode } from '../../cli/exit-code.ts';
import type { ExplainReport } from '../../cli/explain-report.ts';
import { addExplain, explain } from '../../cli/explain.ts';
import type { ExplainOptions } from '../../cli/explain-ground.ts';
import { observe } from '../../cli/observe.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { plan } from '../../cli/plan.ts';
import { ACCOUNT, DR, HOME, POLICY, type Stage, createStage, jsonOf, pointsOf } from './fixture.ts';

const OPTIONS: ExplainOptions = {
  policy: POLICY,
  deployment: 'dev',
  referencedIn: [],
  verbose: false,
  json: true,
};

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-explain-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = async (
  stage: Stage,
  id: string,
  options: Partial<ExplainOptions> = {},
): Promise<{ readonly code: ExitCode; readonly report: ExplainReport }> => {
  const from = stage.screen.stdout.length;
  const code = await stage.run((surroundings) =>
    explain(id, { ...OPTIONS, ...options }, surroundings),
  );
  const stdout = stage.screen.stdout.slice(from);
  return { code, report: jsonOf<ExplainReport>({ ...stage.screen, stdout }) };
};

/** Four points of a server, one of them launched by a template; a server that no policy selects. */
const aStage = (options: Parameters<typeof createStage>[0] = {}): Stage => {
  const stage = createStage({
    instances: [
      { name: 'web-1', tags: { Name: 'web-1', Backup: 'daily' } },
      { name: 'tool', tags: { Name: 'tool' }, state: 'stopped' },
    ],
    ...options,
  });
  const [used = ''] = pointsOf(stage, ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']);
  const { ec2, callAs } = stage.cloud;
  const call = callAs(ACCOUNT, HOME);
  const InstanceId = stage.id('tool');
  ec2.CreateImage({ InstanceId, Name: 'golden', NoReboot: true }, call);
  ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: used } },
    call,
  );
  return stage;
};

const record = async (stage: Stage): Promise<void> => {
  const code = await stage.run((surroundings) =>
    observe({ to: dir, region: [HOME, DR], overwrite: false, json: true }, surroundings),
  );
  expect(code).toBe(0);
};

const plannedIn = async (stage: Stage): Promise<PlanReport> => {
  const from = stage.screen.stdout.length;
  await stage.run((surroundings) =>
    plan(
      { ...OPTIONS, policy: POLICY, retire: 'plan', failOnChange: false, all: false },
      surroundings,
    ),
  );
  return jsonOf<PlanReport>({ ...stage.screen, stdout: stage.screen.stdout.slice(from) });
};

const decidedIn = ({ targets }: PlanReport): ReadonlyMap<string, readonly unknown[]> =>
  Map.groupBy(
    targets.flatMap(({ target, decisions }) =>
      decisions.map(({ id, policy, verdict, reasons }) => ({
        id,
        said: [target, policy, verdict, reasons.map((one) => [one.id, one.evidence])],
      })),
    ),
    ({ id }) => id,
  );

const saidIn = ({ decisions }: ExplainReport): readonly unknown[] =>
  decisions.map(({ target, policy, verdict, reasons }) => [
    target,
    policy,
    verdict,
    reasons.map((one) => [one.id, one.evidence]),
  ]);

const inOrder = (all: readonly unknown[]): readonly string[] =>
  all.map((one) => JSON.stringify(one)).toSorted();

describe('imago explain says what the plan says', () => {
  test('of every object of live AWS, and only reads', async () => {
    const stage = aStage();
    const decided = decidedIn(await plannedIn(stage));
    const before = stage.calls.length;

    for (const [id, all] of decided) {
      const { report } = await run(stage, id);
      const wanted = all.map((one) => (one as { readonly said: unknown }).said);
      expect([id, inOrder(saidIn(report))]).toEqual([id, inOrder(wanted)]);
    }

    expect(decided.size).toBeGreaterThan(6);
    const actions = new Set(stage.calls.slice(before).map(({ action }) => action));
    expect([...actions].filter((action) => !/^(Describe|Get)/.test(action))).toEqual([]);
  });

  test('and the same of a folder', async () => {
    const stage = aStage();
    const decided = decidedIn(await plannedIn(stage));
    await record(stage);
    const calls = stage.calls.length;

    for (const [id, all] of decided) {
      const { report } = await run(stage, id, {
        from: dir,
        home: { account: ACCOUNT, region: HOME },
      });
      const wanted = all.map((one) => (one as { readonly said: unknown }).said);
      expect([id, inOrder(saidIn(report))]).toEqual([id, inOrder(wanted)]);
    }

    expect(stage.calls).toHaveLength(calls);
  });
});

describe('imago explain of an image', () => {
  test('that has expired and is in use names who uses it, and what would let it go', async () => {
    const stage = aStage();
    const used = stage.images()[0]?.imageId ?? '';

    const { code, report } = await run(stage, used);

    expect(code).toBe(0);
    expect(report.headline).toBe('It has expired, and is held back');
    expect(report.references.map(({ source, label, holds }) => [source, label, holds])).toEqual([
      ['launch-templates', 'can launch now', true],
    ]);
    expect(report.references[0]?.by).toMatch(/^lt-[0-9a-f]{17} web version 1 \(default, latest\)$/);
    expect(report.timeline.map(({ at, what }) => [at, what])).toContainEqual([
      undefined,
      'once the launch template names another image, or nothing pins its version',
    ]);
    expect(report.related.map(({ id, how }) => [id, how])).toEqual([
      [stage.id('web-1'), 'its source (running)'],
    ]);
  });

  test('that is kept says when it expires', async () => {
    const stage = aStage();
    const newest = stage.images().findLast(({ tags }) => tags['imago:policy'] === 'daily');

    const { report } = await run(stage, newest?.imageId ?? '');

    expect(report.decisions[0]?.verdict).toBe('keep');
    expect(report.decisions[0]?.reasons[0]).toEqual({
      id: 'RET-01',
      name: 'kept-as-last',
      evidence: '1 of 2',
      meaning:
        'The point is among the newest that `keep.last` keeps; its place among them is named.',
    });
  });

  test('of others is not ours', async () => {
    const stage = aStage();
    const { report: web } = await run(stage, stage.id('web-1'));
    const base = web.facts.find(({ name }) => name === 'launched from')?.value.slice(0, 21) ?? '';

    const { report } = await run(stage, base);

    expect([report.presence, report.headline]).toEqual([
      'others',
      'Not ours: it belongs to another account, and Imago never touches it',
    ]);
    expect(report.references.map(({ by }) => by).toSorted()).toEqual(
      [`${stage.id('tool')} (stopped)`, `${stage.id('web-1')} (running)`].toSorted(),
    );
  });

  test('without --policy reads the default file, where there is one', async () => {
    const stage = aStage();
    const { policy: _policy, ...options } = OPTIONS;

    await stage.run((surroundings) => explain(stage.id('tool'), options, surroundings));

    expect(jsonOf<ExplainReport>(stage.screen).policyFile).toBe('policies/example.yml');
  });
});

test('a text file that names an image is told once, and holds nothing', async () => {
  const stage = aStage();
  const newest = stage.images().at(-1)?.imageId ?? '';
  writeFileSync(join(dir, 'main.tf'), `ami = "${newest}"\n`);

  const { report } = await run(stage, newest, { referencedIn: [dir] });

  expect(report.references).toEqual([
    {
      target: `${ACCOUNT}/${HOME}`,
      source: 'referenced-in',
      by: `${join(dir, 'main.tf')}:1`,
      label: 'told only',
      holds: false,
    },
  ]);
});

test('live AWS and a recording of it are explained alike', async () => {
  const stage = aStage();
  const used = stage.images()[0]?.imageId ?? '';
  const [snapshot = ''] = stage.snapshotIds();
  const ids = [used, stage.id('web-1'), snapshot];
  const live = [];
  for (const id of ids) live.push((await run(stage, id)).report);
  await record(stage);

  const home = { account: ACCOUNT, region: HOME };
  const told = [];
  for (const id of ids) told.push((await run(stage, id, { from: dir, home })).report);

  const common = ({ origin: _origin, ...rest }: ExplainReport): unknown => rest;
  expect(told.map(common)).toEqual(live.map(common));
});

test('of live AWS launch permissions are read of the image and of those that may go, no more', async () => {
  const stage = aStage();
  const newest = stage.images().findLast(({ tags }) => tags['imago:policy'] === 'daily');
  const expired = stage.images().filter(({ tags }) => tags['imago:policy'] === 'daily');

  await run(stage, newest?.imageId ?? '');

  expect(expired).toHaveLength(4);
  expect(stage.count('DescribeImageAttribute', HOME)).toBe(3);
});

describe('an id that is not seen', () => {
  const GONE = 'ami-0123456789abcdef0';

  test('is gone where all lists are whole: exit code 2', async () => {
    const { code, report } = await run(aStage(), GONE);

    expect([code, report.presence, report.absence]).toEqual([2, 'not-seen', 'proven']);
    expect(report.headline).toBe('Not seen: all lists that would show it were read whole');
  });

  test('proves nothing where a list is not whole: exit code 1', async () => {
    const stage = aStage();
    await record(stage);
    rmSync(join(dir, ACCOUNT, HOME, 'images.json'));

    const { code, report } = await run(stage, GONE, {
      from: dir,
      home: { account: ACCOUNT, region: HOME },
    });

    expect([code, report.absence]).toEqual([1, 'unproven']);
    expect(report.headline).toBe(
      `Not seen, and images of ${ACCOUNT}/${HOME} could not be read whole, so that proves nothing`,
    );
  });

  test('but named by a template that would launch it is told so', async () => {
    const stage = aStage();
    const used = stage.images()[0]?.imageId ?? '';
    stage.cloud.ec2.DeregisterImage({ ImageId: used }, stage.cloud.callAs(ACCOUNT, HOME));

    const { code, report } = await run(stage, used);

    expect(code).toBe(2);
    expect(report.notes).toContain('Whatever launches by it will fail, if it is gone.');
    expect(report.references.map(({ label }) => label)).toEqual(['can launch now']);
    expect(report.related.map(({ how }) => how)).toEqual(['snapshot that was made for it']);
  });
});

describe('as it is typed', () => {
  const type = (stage: Stage, line: string): Promise<unknown> => {
    const program = new Command('imago')
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    addExplain(program, stage.surroundings, () => undefined);
    return stage.run(() => program.parseAsync(line.split(' '), { from: 'user' }));
  };

  test.each(['explain', 'explain web-1', 'explain ami-xyz', 'explain vol-0123456789abcdef0'])(
    '%s is refused, and nobody is asked',
    async (line) => {
      const stage = createStage();

      await expect(type(stage, line)).rejects.toThrow(/error: /);
      expect(stage.calls).toEqual([]);
    },
  );

  test('an image is explained in lines of at most 80 characters', async () => {
    const stage = aStage({ columns: 80 });
    const used = stage.images()[0]?.imageId ?? '';

    await type(stage, `explain ${used} --policy ${POLICY} --deployment dev`);

    const { stdout } = stage.screen;
    expect(stdout[0]).toMatch(new RegExp(`^${used}  imago/dev/daily/`));
    expect(stdout).toContain('It has expired, and is held back.');
    expect(stdout.filter((line) => line.length > 80)).toEqual([]);
  });
});
