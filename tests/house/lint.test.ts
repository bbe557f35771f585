import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './sources.ts';

/** One line of code for each rule that the project counts on, some of which need types. */
const PLANTED: readonly (readonly [rule: string, code: string])[] = [
  ['no-floating-promises', 'export const a = (): void => { Promise.resolve(1); };'],
  ['no-floating-promises', 'export const b = (): void => { void Promise.resolve(1); };'],
  ['no-misused-promises', '[1].forEach(async (each) => { await Promise.resolve(each); });'],
  ['await-thenable', 'export const c = async (): Promise<number> => await 1;'],
  ['require-await', 'export const d = async (): Promise<number> => { const x = 1; return x; };'],
  ['only-throw-error', "export const e = (): void => { throw 'text'; };"],
  [
    'switch-exhaustiveness-check',
    "export const f = (x: 'a' | 'b') => { switch (x) { case 'a': } };",
  ],
  ['no-non-null-assertion', 'export const g = (x?: string): string => x!;'],
  ['no-explicit-any', 'export const h = (x: any): unknown => x;'],
  ['no-unsafe-return', "export const i = (): string => JSON.parse('1');"],
  ['no-unnecessary-type-assertion', 'export const j = (x: string): string => x as string;'],
  ['no-focused-tests', "import { test } from 'vitest'; test.only('runs', () => {});"],
  ['no-disabled-tests', "import { test } from 'vitest'; test.skip('runs', () => {});"],
  ['valid-title', "import { test } from 'vitest'; test('should run', () => {});"],
];

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

const lint = (root: string): Promise<Report> =>
  new Promise((resolve, reject) => {
    const tool = join(ROOT, 'node_modules/oxlint/bin/oxlint');
    const args = [tool, '--type-aware', '--deny-warnings', '--format=json'];
    execFile(process.execPath, args, { cwd: root }, (_error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Report);
      else reject(new Error(stdout + stderr));
    });
  });

describe('lint rules that are broken on purpose', () => {
  let directory = '';
  let found: readonly string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'imago-lint-'));
    for (const name of ['.oxlintrc.json', 'package.json', 'tsconfig.json']) {
      await cp(join(ROOT, name), join(directory, name));
    }
    await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    await mkdir(join(directory, 'shared'));
    for (const [index, [, code]] of PLANTED.entries()) {
      const isTest = code.includes("'vitest'");
      const name = isTest ? `planted-${index}.test.ts` : `planted-${index}.ts`;
      await writeFile(join(directory, 'shared', name), `${code}\n`);
    }
    const { diagnostics } = await lint(directory);
    found = diagnostics.map(({ code, filename }) => `${filename} ${code}`);
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.each(PLANTED.map((planted, index) => [...planted, index] as const))(
    '%s is reported for: %s',
    (rule, _code, index) => {
      const file = new RegExp(`planted-${index}\\..*\\(${rule}\\)$`);

      expect(found.filter((each) => file.test(each))).toHaveLength(1);
    },
  );
});
