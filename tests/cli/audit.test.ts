import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditOptions, AuditReport } from '../../cli/audit-report.ts';
import { addAudit, audit } from '../../cli/audit.ts';
import type { ExitCode } from '../../cli/exit-code.ts';
import { observe } from '../../cli/observe.ts';
import { parsePolicyFiles } from '../../shared/config/policy-file.ts';
import { ACCOUNT, createStage, DR, HOME, jsonOf, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: AuditOptions = { json: true, all: false, referencedIn: [] };

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-audit-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const runAudit = (stage: Stage, options: Partial<AuditOptions> = {}): Promise<ExitCode> =>
  stage.run((surroundings) => audit({ ...OPTIONS, ...options }, surroundings));

/** Two servers, one of them with an image by hand that is public, and a template of an image that is gone. */
const aStage = async (): Promise<Stage> => {
  const stage = createStage({
    instances: ['web-1', 'web-2'].map((Name) => ({ name: Name, tags: { Name, Backup: 'daily' } })),
  });
  const [point = ''] = pointsOf(stage, ['2026-11-01']);
  const { ec2, callAs } = stage.cloud;
  const call = callAs(ACCOUNT, HOME);
  const input = { InstanceId: stage.id('web-2'), Name: 'open', NoReboot: true };
  const { ImageId } = ec2.CreateImage(input, call);
  ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: point } },
    call,
  );
  ec2.DeregisterImage({ ImageId: point }, call);
  ec2.DisableImageBlockPublicAccess({}, call);
  await stage.clock.runUntil(Date.parse('2026-11-03T08:00:00Z'));
  ec2.ModifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } }, call);
  return stage;
};

const recorded = async (region: readonly string[] = [HOME]): Promise<void> => {
  const stage = await aStage();
  const code = await stage.run((surroundings) =>
    observe({ to: dir, region, overwrite: false, json: false }, surroundings),
  );
  expect(code).toBe(0);
};

const countsIn = ({ sections }: AuditReport): Readonly<Record<string, number>> =>
  Object.fromEntries(sections.filter(({ count }) => count > 0).map(({ id, count }) => [id, count]));

describe('imago audit', () => {
  test('tells what is worth knowing about live AWS, and only reads', async () => {
    const stage = await aStage();

    expect(await runAudit(stage)).toBe(0);

    const report = jsonOf<AuditReport>(stage.screen);
    expect(report).toMatchObject({
      version: 1,
      origin: { kind: 'live', account: ACCOUNT, region: HOME },
      instant: '2026-11-03T08:00:00.000Z',
      unknown: [],
    });
    expect(countsIn(report)).toMatchObject({
      'AUD-03': 1,
      'AUD-05': 1,
      'AUD-06': 1,
      'AUD-08': 1,
      'AUD-10': 1,
    });
    const actions = [...new Set(stage.calls.map(({ action }) => action))];
    expect(actions.filter((action) => !/^(Describe|Get|List)/.test(action))).toEqual([]);
    expect(actions).toContain('DescribeImages');
  });

  test('tells the same of a folder, and asks AWS nothing', async () => {
    await recorded();
    const live = await aStage();
    const stage = createStage({ instances: [] });

    expect(await runAudit(live)).toBe(0);
    expect(await runAudit(stage, { from: dir })).toBe(0);

    const { origin, nextSteps, ...report } = jsonOf<AuditReport>(stage.screen);
    const { origin: _, nextSteps: liveSteps, ...wanted } = jsonOf<AuditReport>(live.screen);
    expect(origin).toEqual({ kind: 'folder', dir });
    expect(report).toEqual(wanted);
    expect(nextSteps.map(({ what }) => what)).toEqual(liveSteps.map(({ what }) => what));
    expect(stage.calls).toEqual([]);
    expect(stage.screen.stderr).toEqual([`from ${dir}, observed 2026-11-03T08:00:00.000Z`]);
  });

  test('reads all Regions that are named, and says them in what to do next', async () => {
    const stage = await aStage();

    expect(await runAudit(stage, { region: [HOME, DR] })).toBe(0);

    const { targets, nextSteps } = jsonOf<AuditReport>(stage.screen);
    expect(targets.map(({ target }) => target)).toEqual([`${ACCOUNT}/${HOME}`, `${ACCOUNT}/${DR}`]);
    expect(nextSteps.map(({ command }) => command)[2]).toBe(
      `imago audit --region ${HOME},${DR} --starter imago.yml`,
    );
  });

  test('ends with 1 and calls nothing unused where a file is missing', async () => {
    await recorded();
    rmSync(join(dir, ACCOUNT, HOME, 'auto-scaling-groups.json'));
    const stage = createStage({ instances: [] });

    expect(await runAudit(stage, { from: dir })).toBe(1);

    const { unknown, sections } = jsonOf<AuditReport>(stage.screen);
    expect(unknown.map(({ what }) => what)).toEqual(['auto-scaling-groups']);
    expect(sections.find(({ id }) => id === 'AUD-05')?.unknown).toEqual(unknown);
  });

  test('counts what text files name as in use', async () => {
    await recorded();
    const stage = createStage({ instances: [] });
    const infra = join(dir, 'infra');
    mkdirSync(infra);
    const images = readFileSync(join(dir, ACCOUNT, HOME, 'images.json'), 'utf8');
    const [, id = ''] = /"ImageId": "(ami-[0-9a-f]{17})"/.exec(images) ?? [];
    writeFileSync(join(infra, 'main.tf'), `# web\nami = "${id}"\n`);

    const now = Date.parse('2027-11-03T00:00Z');
    expect(await runAudit(stage, { from: dir, referencedIn: [infra], now })).toBe(0);

    const { sections } = jsonOf<AuditReport>(stage.screen);
    expect(sections.find((section) => section.id === 'AUD-02')?.findings).toMatchObject([
      { id, evidence: ['public', `named in ${infra}/main.tf:2`] },
    ]);
  });

  test('writes a starter policy that is valid and fits the tags, and never over a file', async () => {
    const file = join(dir, 'policies/start.yml');
    const stage = await aStage();

    expect(await runAudit(stage, { starter: file, json: false })).toBe(0);

    const { policies } = parsePolicyFiles([{ file, text: readFileSync(file, 'utf8') }], HOME);
    expect(policies.map(({ select }) => select.tags)).toEqual([{ Backup: ['daily'] }]);
    expect(stage.screen.stderr.at(-1)).toBe(`starter   ${file}`);
    writeFileSync(file, 'mine');
    await expect(runAudit(await aStage(), { starter: file })).rejects.toThrow(
      `${file} is there already: name another file`,
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('reckons with the price that is given', async () => {
    const stage = await aStage();

    await runAudit(stage, { price: 1 });

    const { sections } = jsonOf<AuditReport>(stage.screen);
    expect(sections.find(({ id }) => id === 'AUD-10')).toMatchObject({
      gib: 8,
      cost: { dollars: 8, prices: [{ source: '--price' }] },
    });
  });

  test('refuses a folder that is not there, of observations or of text files', async () => {
    const none = join(dir, 'none');

    await expect(runAudit(await aStage(), { from: none })).rejects.toThrow('no such folder');
    await expect(runAudit(await aStage(), { referencedIn: [none] })).rejects.toThrow(
      'expected a folder',
    );
  });
});

test('imago audit is typed with its options, some of them more than once', async () => {
  await recorded();
  mkdirSync(join(dir, 'a'));
  mkdirSync(join(dir, 'b'));
  const stage = createStage({ instances: [] });
  const program = new Command('imago').exitOverride();
  const codes: number[] = [];
  addAudit(program, stage.surroundings, (code) => codes.push(code));

  const line = ['audit', '--from', dir, '--referenced-in', join(dir, 'a'), join(dir, 'b'), '--all'];
  await stage.run(() => program.parseAsync(line, { from: 'user' }));

  expect(codes).toEqual([0]);
  expect(stage.screen.stdout[0]).toBe(
    `${ACCOUNT}/${HOME} · 2 instances, 1 image, 2 snapshots · observed 2026-11-03T08:00:00.000Z`,
  );
});
