import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let directory = '';

const bundle = (what: string, ...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, 'build/bundle.mjs'), what, '--root', directory, ...args]);

const FILES = {
  'package.json': '{"type": "module"}',
  'shared/greet.ts': `import { parse } from 'yaml';
export const greet = (text: string): string => parse(text).greeting;
`,
  'functions/first.ts': `import { greet } from '../shared/greet.ts';
export const handler = () => greet('greeting: hello');
`,
  'functions/second.ts': "export const handler = (): string => 'second';\n",
  'cli/main.ts': `import { greet } from '../shared/greet.ts';
console.log(greet('greeting: welcome'), process.argv.slice(2).join(' '));
`,
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-bundle-'));
  for (const part of ['shared', 'functions', 'cli']) await mkdir(join(directory, part));
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(directory, path), text);
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('bundling the functions', () => {
  test('writes one self-contained module for each, the same bytes every time', async () => {
    const { stdout } = await bundle('functions');
    const file = join(directory, 'dist/functions/first.mjs');
    const bytes = await readFile(file);
    await bundle('functions');

    expect(stdout).toMatch(/^dist\/functions\/first\.mjs {2}\d+\.\d KB {2}\(\d+\.\d KB zipped\)$/m);
    expect(await readdir(join(directory, 'dist/functions'))).toEqual(['first.mjs', 'second.mjs']);
    expect(bytes.equals(await readFile(file))).toBe(true);
    const { handler } = (await import(file)) as { readonly handler: () => string };
    expect(handler()).toBe('hello');
  });

  test('drops the bundle of a function that is gone', async () => {
    await mkdir(join(directory, 'dist/functions'), { recursive: true });
    await writeFile(join(directory, 'dist/functions/gone.mjs'), '');

    await bundle('functions', '--quiet');

    expect(await readdir(join(directory, 'dist/functions'))).toEqual(['first.mjs', 'second.mjs']);
  });
});

describe('bundling the command line', () => {
  test('writes an executable that passes its arguments on, and is quiet when asked', async () => {
    const { stdout, stderr } = await bundle('cli', '--quiet');
    const file = join(directory, 'dist/cli/main.mjs');

    expect(stdout + stderr).toBe('');
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('755');
    expect((await run(file, ['run', '--seed', '7'])).stdout).toBe('welcome run --seed 7\n');
  });

  test('puts what is loaded only when needed beside it, and drops parts of former builds', async () => {
    await writeFile(join(directory, 'cli/late.ts'), "export const late = 'late';\n");
    await writeFile(
      join(directory, 'cli/main.ts'),
      "const { late } = await import('./late.ts');\nconsole.log(late);\n",
    );
    const parts = join(directory, 'dist/cli/parts');
    await mkdir(parts, { recursive: true });
    await writeFile(join(parts, 'old-ABCDEFGH.mjs'), '');

    await bundle('cli', '--quiet');

    expect(await readdir(parts)).toEqual([expect.stringMatching(/^late-[A-Z0-9]{8}\.mjs$/)]);
    expect((await run(join(directory, 'dist/cli/main.mjs'))).stdout).toBe('late\n');
  });

  test('fails and names the file when the source does not parse', async () => {
    await writeFile(join(directory, 'cli/broken.ts'), 'export const = 1;');
    await writeFile(join(directory, 'cli/main.ts'), "import './broken.ts';");

    await expect(bundle('cli', '--quiet')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cli/broken.ts:1:13') as string,
    });
  });
});
