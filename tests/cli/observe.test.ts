import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExitCode } from '../../cli/exit-code.ts';
import { addObserve, observe, type ObserveOptions } from '../../cli/observe.ts';
import type { ObserveReport } from '../../cli/observe-text.ts';
import type { FileKind } from '../../shared/inventory/kinds.ts';
import { ACCOUNT, createStage, DR, HOME, jsonOf, pointsOf, type Stage } from './fixture.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-observe-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const FEW: readonly FileKind[] = ['fleets', 'spot-fleet-requests'];

const run = (stage: Stage, options: Partial<ObserveOptions> = {}): Promise<ExitCode> =>
  stage.run((surroundings) =>
    observe({ to: dir, without: FEW, overwrite: false, json: false, ...options }, surroundings),
  );

const folder = (region = HOME): string => join(dir, ACCOUNT, region);
const jsonIn = (name: string): unknown => JSON.parse(readFileSync(join(folder(), name), 'utf8'));

describe('imago observe', () => {
  test('writes a file for each kind, and when it looked', async () => {
    const stage = createStage();
    pointsOf(stage, ['2026-11-01', '2026-11-02']);

    expect(await run(stage)).toBe(0);

    expect(readdirSync(folder())).toEqual([
      'auto-scaling-groups.json',
      'image-attributes.json',
      'images.json',
      'instances.json',
      'launch-configurations.json',
      'launch-template-versions.json',
      'launch-templates.json',
      'observation.json',
      'parameters.json',
      'snapshots.json',
      'used-images.json',
      'volumes.json',
    ]);
    expect(jsonIn('observation.json')).toEqual({
      observedAt: '2026-11-03T02:10:00.000Z',
      account: ACCOUNT,
      region: HOME,
    });
    expect(jsonIn('auto-scaling-groups.json')).toEqual({ AutoScalingGroups: [] });
    expect(stage.screen.stdout).toEqual([
      `${ACCOUNT}/${HOME}, observed 2026-11-03T02:10:00.000Z`,
      `Written to ${folder()}:`,
      '  instances                 1',
      '  images                    2',
      '  image-attributes          2',
      '  snapshots                 2',
      '  volumes                   1',
      '  launch-templates          0',
      '  launch-template-versions  0',
      '  auto-scaling-groups       0',
      '  launch-configurations     0',
      '  parameters                0',
      '  used-images               1',
      '',
      `Next: imago audit --from ${dir}`,
    ]);
  });

  test('says every endpoint, the Region and the account first', async () => {
    const stage = createStage();

    await run(stage);

    expect(stage.screen.stderr).toEqual([
      'endpoint  https://ec2.eu-central-1.amazonaws.com, ' +
        'https://autoscaling.eu-central-1.amazonaws.com, ' +
        'https://ssm.eu-central-1.amazonaws.com, https://sts.eu-central-1.amazonaws.com',
      'Region    eu-central-1',
      'account   111122223333 (arn:aws:iam::111122223333:user/ops)',
    ]);
  });

  test('only reads', async () => {
    const stage = createStage();

    await run(stage, { without: [] });

    const actions = stage.calls.map(({ action }) => action);
    expect(actions.filter((action) => !/^(Describe|Get)/.test(action))).toEqual([]);
    expect(actions.length).toBeGreaterThan(9);
  });

  test('writes no file for what it could not read, says why, and exits with 1', async () => {
    const stage = createStage();
    const before = { code: 'UnauthorizedOperation', status: 403 };
    stage.loseAnswer({ action: 'DescribeVolumes' }, before);

    expect(await run(stage)).toBe(1);

    expect(existsSync(join(folder(), 'volumes.json'))).toBe(false);
    expect(existsSync(join(folder(), 'snapshots.json'))).toBe(true);
    expect(stage.screen.stdout.slice(-6)).toEqual([
      'Not read, and not written:',
      '  volumes: UnauthorizedOperation: The answer was lost',
      '',
      'One list could not be read: what is missing counts as unknown, and protects.',
      '',
      `Next: imago audit --from ${dir}`,
    ]);
  });

  test('reads every Region that is named, and nothing that is to be left out', async () => {
    const stage = createStage();
    const without = [...FEW, 'image-attributes', 'parameters'] as const;

    expect(await run(stage, { region: [HOME, DR], without, json: true })).toBe(0);

    const report = jsonOf<ObserveReport>(stage.screen);
    expect(report).toMatchObject({ version: 1, account: ACCOUNT, region: HOME, dir, problems: 0 });
    expect(report.targets.map(({ region }) => region)).toEqual([HOME, DR]);
    expect(report.targets[1]?.kinds[0]).toEqual({
      kind: 'instances',
      count: 0,
      file: 'instances.json',
    });
    expect(readdirSync(folder(DR))).not.toContain('parameters.json');
    expect(stage.count('DescribeImageAttribute')).toBe(0);
    expect(stage.count('DescribeInstances', DR)).toBe(1);
  });

  test('has no file of launch permissions where there are no images', async () => {
    expect(await run(createStage())).toBe(0);

    expect(existsSync(join(folder(), 'image-attributes.json'))).toBe(false);
  });
});

describe('a folder with another observation', () => {
  test('is refused before anything is read', async () => {
    await run(createStage());
    const stage = createStage();

    await expect(run(stage)).rejects.toThrow(
      `${folder()} holds another observation (instances.json and 10 more): ` +
        'name another folder, or add --overwrite\nNothing was changed.',
    );
    expect(stage.calls).toEqual([]);
  });

  test('is replaced as a whole with --overwrite, and other files stay', async () => {
    await run(createStage());
    for (const name of ['fleets.2.json', 'volumes-1.json', 'notes.txt']) {
      writeFileSync(join(folder(), name), '{}');
    }

    expect(await run(createStage(), { overwrite: true })).toBe(0);

    const names = readdirSync(folder());
    expect(names).toContain('notes.txt');
    expect(names.filter((name) => /\d/.test(name))).toEqual([]);
    expect(jsonIn('volumes.json')).toMatchObject({ Volumes: [{ Size: 8 }] });
  });

  test('may hold what is no observation', async () => {
    await run(createStage());
    for (const name of readdirSync(folder())) rmSync(join(folder(), name));
    writeFileSync(join(folder(), 'notes.json'), '{}');

    expect(await run(createStage())).toBe(0);
  });
});

describe('options of imago observe', () => {
  const parse = async (...args: readonly string[]): Promise<string> => {
    const said: string[] = [];
    const program = new Command().exitOverride().configureOutput({
      writeErr: (text) => said.push(text),
    });
    addObserve(program, createStage().surroundings, () => undefined);
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: (text) => said.push(text) });
    }
    await program.parseAsync(['observe', ...args], { from: 'user' }).catch(() => undefined);
    return said.join('');
  };

  test.each([
    [[], "required option '--to <dir>' not specified"],
    [['--to', 'x', '--region', 'eu-central-9'], 'Unknown Region eu-central-9'],
    [['--to', 'x', '--without', 'image'], 'Expected some of instances, images, image-attributes'],
  ])('are refused in the form of %j', async (args, message) => {
    expect(await parse(...args)).toContain(message);
  });
});
