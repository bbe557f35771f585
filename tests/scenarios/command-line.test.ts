import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PARTS = ['cli', 'functions', 'shared', 'simulator', 'node_modules', 'package.json'];
const INPUTS = ['policies', 'serverless.yml'];

let directory = '';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const node = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<Ended>((resolve) => {
    const options = { cwd: directory, env: { PATH: '/usr/bin:/bin', ...env } };
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });

const imago = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  node([join(directory, 'dist/cli/main.mjs'), ...args], env);

const output = (): string => join(directory, 'out/run.json');

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-cli-'));
  for (const part of [...PARTS, ...INPUTS]) {
    await symlink(join(ROOT, part), join(directory, part));
  }
  const bundle = join(ROOT, 'build/bundle.mjs');
  const { code, stderr } = await node([bundle, 'cli', '--quiet', '--root', directory]);
  if (code !== 0) throw new Error(stderr);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(() => rm(join(directory, 'out'), { recursive: true, force: true }));

describe('the same seed', () => {
  test('gives the same bytes whatever AWS settings the machine has, with no network', async () => {
    const plain = await imago(['run', '--days', '1', '--json']);
    const file = await readFile(output(), 'utf8');
    const misled = await imago(['run', '--days', '1', '--json'], {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      AWS_SESSION_TOKEN: 'token',
      AWS_PROFILE: 'nobody',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:9',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_RETRY_MODE: 'adaptive',
      AWS_MAX_ATTEMPTS: '1',
      AWS_CONFIG_FILE: join(directory, 'missing'),
      HTTPS_PROXY: 'http://127.0.0.1:9',
      TZ: 'Pacific/Auckland',
    });

    expect([plain.code, plain.stderr]).toEqual([0, '']);
    expect(misled).toEqual(plain);
    expect(file).toBe(plain.stdout);
    expect(JSON.parse(file)).toMatchObject({ seed: 7, days: 1, instances: 12 });
  });
});

describe('input that cannot be used is named, nothing is written, and the exit code is 2', () => {
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(directory, name), text);

  test.each([
    [['run', '--days', '-1'], '--days'],
    [['run', '--days', '0'], 'Expected a whole number from 1 to 366.'],
    [['run', '--days', '367'], 'Expected a whole number from 1 to 366.'],
    [['run', '--days', '1.5'], 'Expected a whole number from 1 to 366.'],
    [['run', '--days', 'NaN'], 'Expected a whole number from 1 to 366.'],
    [['run', '--instances', '1e3'], 'Expected a whole number from 1 to 2000.'],
    [['run', '--seed', '4294967296'], 'Expected a whole number from 0 to 4294967295.'],
    [['run', '--retire', 'everything'], 'Allowed choices are plan, apply.'],
    [['run', '--policy', 'missing.yml'], 'missing.yml'],
    [['run', '--policy', 'functions'], 'functions'],
    [['run', '--serverless', 'missing.yml'], 'missing.yml'],
    [['run', '--dayz', '1'], "unknown option '--dayz'"],
    [['walk'], "unknown command 'walk'"],
  ])('%j', async (args, named) => {
    const { code, stdout, stderr } = await imago(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(output())).toBe(false);
  });

  test('a policy with a typo, at its line and column', async () => {
    const policy = await readFile(join(ROOT, 'policies/example.yml'), 'utf8');
    await write('typo.yml', policy.replace('keepAtLeast', 'keepAtleast'));

    const { code, stdout, stderr } = await imago(['run', '--policy', 'typo.yml']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('typo.yml');
    expect(stderr).toContain('unknown key keepAtleast: did you mean keepAtLeast?');
    expect(existsSync(output())).toBe(false);
  });

  test('a policy file of ten megabytes', async () => {
    await write('big.yml', `# ${'x'.repeat(10_000_000)}\n`);

    const { code, stdout, stderr } = await imago(['run', '--policy', 'big.yml']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('big.yml');
    expect(existsSync(output())).toBe(false);
  });

  test('a policy file that is empty, binary, or bad YAML', async () => {
    for (const [name, text] of [
      ['empty.yml', ''],
      ['binary.yml', '\u0000\u0001\u0002'],
      ['bad.yml', 'version: 1\npolicies: [\n'],
    ] as const) {
      await write(name, text);

      const { code, stdout, stderr } = await imago(['run', '--policy', name]);

      expect([name, code, stdout]).toEqual([name, 2, '']);
      expect(stderr).toContain(name);
    }
    expect(existsSync(output())).toBe(false);
  });

  test('a serverless.yml that names a handler that is not there', async () => {
    const wiring = await readFile(join(ROOT, 'serverless.yml'), 'utf8');
    await write(
      'wrong.yml',
      wiring.replace('functions/report.handler', 'functions/rapport.handler'),
    );

    const { code, stdout, stderr } = await imago(['run', '--serverless', 'wrong.yml']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('rapport');
    expect(existsSync(output())).toBe(false);
  });
});

test('a reader that goes away ends no run: it goes to its end, and the exit code is 1', async () => {
  const args = [join(directory, 'dist/cli/main.mjs'), 'run', '--days', '1'];
  const child = spawn(process.execPath, args, { cwd: directory, env: { PATH: '/usr/bin:/bin' } });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);

  expect([code, stderr]).toEqual([1, '']);
  expect(JSON.parse(await readFile(output(), 'utf8'))).toMatchObject({ seed: 7, days: 1 });
});

test('help is no error', async () => {
  const { code, stdout, stderr } = await imago(['run', '--help']);

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('--days <n>');
});
