import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CatalogReport } from '../../cli/catalog-report.ts';
import { addCatalog } from '../../cli/catalog.ts';
import { observe } from '../../cli/observe.ts';
import { ACCOUNT, DR, HOME, type Stage, createStage, jsonOf } from './fixture.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-catalog-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const type = async (stage: Stage, line: string): Promise<number | undefined> => {
  let code: number | undefined;
  const program = new Command('imago')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  addCatalog(program, stage.surroundings, (ended) => {
    code = ended;
  });
  await stage.run(() => program.parseAsync(line.split(' '), { from: 'user' }));
  return code;
};

/** Two golden images of a server, a minute apart; the newer one is version 2.0. */
const aStage = async (columns = 100): Promise<Stage> => {
  const stage = createStage({ columns });
  const { ec2, callAs } = stage.cloud;
  const call = callAs(ACCOUNT, HOME);
  for (const version of ['1.0', '2.0']) {
    ec2.CreateImage(
      {
        InstanceId: stage.id('web-1'),
        Name: `golden-${version}`,
        NoReboot: true,
        TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'version', Value: version }] }],
      },
      call,
    );
    await stage.clock.runFor(stage.clock.sleep(60_000));
  }
  await stage.clock.runUntil(stage.clock.nowMs() + 600_000);
  return stage;
};

const namesIn = ({ images }: CatalogReport): readonly string[] => images.map(({ name }) => name);

describe('imago catalog', () => {
  test('lists own images, newest first, and asks EC2 for no others', async () => {
    const stage = await aStage();

    expect(await type(stage, 'catalog --json')).toBe(0);

    const report = jsonOf<CatalogReport>(stage.screen);
    expect(namesIn(report)).toEqual(['golden-2.0', 'golden-1.0']);
    expect(report.images[0]).toMatchObject({
      target: `${ACCOUNT}/${HOME}`,
      provenance: 'own',
      platform: 'Linux/UNIX',
      architecture: 'x86_64',
      rootDevice: 'ebs',
      tags: { version: '2.0' },
    });
    expect(stage.calls.map(({ action }) => action)).toEqual(['DescribeImages']);
  });

  test.each([
    ['--tag version=1.*', ['golden-1.0']],
    ['--tag version=1.0 --tag version=2.0', ['golden-2.0', 'golden-1.0']],
    ['--tag version=1.0 --tag stack=production', []],
    ['--name *-2.0', ['golden-2.0']],
    ['--os windows', []],
    ['--os linux --limit 1', ['golden-2.0']],
    ['--arch arm64', []],
    [
      '--owner 099720109477 --platform Linux/UNIX --name *noble*',
      ['ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04'],
    ],
    [
      '--permission public --name ubuntu/*-noble-*',
      ['ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04'],
    ],
    ['--permission shared', []],
  ])('catalog %s: the same of live AWS and of a folder', async (filters, names) => {
    const stage = await aStage();

    expect(await type(stage, `catalog --json ${filters}`)).toBe(0);
    expect(namesIn(jsonOf<CatalogReport>(stage.screen))).toEqual(names);

    const recorded = await aStage();
    await recorded.run((surroundings) =>
      observe({ to: dir, region: [HOME, DR], overwrite: false, json: false }, surroundings),
    );
    const from = recorded.screen.stdout.length;
    expect(await type(recorded, `catalog --from ${dir} --json ${filters}`)).toBe(0);
    const stdout = recorded.screen.stdout.slice(from);
    expect(namesIn(jsonOf<CatalogReport>({ ...recorded.screen, stdout }))).toEqual(names);
  });

  test('never lists every public image of a Region', async () => {
    const stage = await aStage();

    for (const filters of [
      '--permission public',
      '--owner community',
      '--owner community --name *',
    ]) {
      await expect(type(stage, `catalog ${filters}`)).rejects.toThrow(
        'that would list every public image of the Region',
      );
    }
    expect(stage.calls.map(({ action }) => action)).toEqual([]);
  });

  test('shows a table that fits, and what to heed', async () => {
    const stage = await aStage(80);

    expect(await type(stage, 'catalog --owner 099720109477 --name *noble*')).toBe(0);

    const { stdout } = stage.screen;
    expect(stdout[0]).toMatch(
      /^ami-[0-9a-f]{17} {2}\d{4}-\d\d-\d\d {2}Linux\/UNIX {2}x86_64 {2}099720109477 \(community\)$/,
    );
    expect(stdout[1]).toBe('    ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04');
    expect(stdout.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout[3]).toBe(
      'community image: nobody vouches for it; make sure that the owner is who you',
    );
  });

  test('says so where nothing is like that, and where a list is not whole', async () => {
    const stage = await aStage();
    await stage.run((surroundings) =>
      observe({ to: dir, region: [HOME], overwrite: false, json: true }, surroundings),
    );
    rmSync(join(dir, ACCOUNT, HOME, 'images.json'));
    const from = stage.screen.stdout.length;

    expect(await type(stage, `catalog --from ${dir} --name nothing`)).toBe(1);

    const [first, second] = stage.screen.stdout.slice(from);
    expect(first).toBe('No image that was seen is like that.');
    expect(second).toMatch(/^not known: images of 111122223333\/eu-central-1: /);
  });

  test('says that a folder holds of others only what is used', async () => {
    const stage = await aStage();
    await stage.run((surroundings) =>
      observe({ to: dir, region: [HOME], overwrite: false, json: true }, surroundings),
    );
    const from = stage.screen.stdout.length;

    expect(await type(stage, `catalog --from ${dir} --owner aws-marketplace`)).toBe(0);

    expect(stage.screen.stdout.slice(from)).toEqual([
      'No image is like that.',
      'Of other accounts, a folder holds only images that something there launches from.',
    ]);
  });

  test.each([
    'catalog --owner someone',
    'catalog --tag version',
    'catalog --tag =1',
    'catalog --os beos',
    'catalog --limit 0',
    'catalog --state fine',
    'catalog --region mars-1',
    'catalog --root-device floppy',
  ])('%s is refused, and nobody is asked', async (line) => {
    const stage = createStage();

    await expect(type(stage, line)).rejects.toThrow(/error: /);
    expect(stage.calls).toEqual([]);
  });

  test('a Region that the folder does not hold is refused', async () => {
    const stage = await aStage();
    await stage.run((surroundings) =>
      observe({ to: dir, region: [HOME], overwrite: false, json: true }, surroundings),
    );

    await expect(type(stage, `catalog --from ${dir} --region ${DR}`)).rejects.toThrow(
      `--region: nothing is seen of it in ${dir}, but of ${HOME}`,
    );
  });
});
