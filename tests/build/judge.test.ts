import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

const SOURCE = `export const limit = (wanted: number): number => Math.min(wanted, 5);
export const label = (): string => 'limit';
`;

const TEST = `import { expect, test } from 'vitest';
import { label, limit } from '../src/limit.ts';
test('a run removes 5 at most', () => expect(limit(9)).toBe(5));
test('the label is a text', () => expect(typeof label()).toBe('string'));
`;

const patch = (name: string, before: string, after: string, title?: string): string =>
  `# name: ${name}
# test: tests/limit.test.ts
${title === undefined ? '' : `# title: ${title}\n`}--- a/src/limit.ts
+++ b/src/limit.ts
@@ -1,2 +1,2 @@
-export const limit = (wanted: number): number => ${before};
+export const limit = (wanted: number): number => ${after};
 export const label = (): string => 'limit';
`;

const CAUGHT = patch('removes without a limit', 'Math.min(wanted, 5)', 'wanted');
const SURVIVOR = patch('does the same', 'Math.min(wanted, 5)', 'Math.min(5, wanted)');
const STALE = patch('is out of date', 'Math.min(wanted, 4)', 'wanted');
const BROKEN = patch('does not parse', 'Math.min(wanted, 5)', 'Math.min((wanted, 5)');
const UNDEFINED = patch('names nothing', 'Math.min(wanted, 5)', 'nothing(wanted)');
const UNTITLED = patch('has no such test', 'Math.min(wanted, 5)', 'wanted', 'no such title');
const OTHER_TEST = patch('is not looked at', 'Math.min(wanted, 5)', 'wanted', 'the label');
const ON_TESTS = CAUGHT.replaceAll('/src/', '/tests/').replace('without a limit', 'its test');

interface Verdict {
  readonly status: number;
  readonly lines: readonly string[];
}

let directory = '';

const createProject = async (name: string, patches: readonly string[]): Promise<string> => {
  const root = join(directory, name);
  const files = {
    'package.json': '{"type": "module"}',
    'src/limit.ts': SOURCE,
    'tests/limit.test.ts': TEST,
    ...Object.fromEntries(
      patches.map((text, index) => [`tests/safety/mutants/${index}.patch`, text]),
    ),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
};

const judge = (root: string, ...args: readonly string[]): Promise<Verdict> =>
  new Promise((resolve) => {
    const script = join(ROOT, 'build/judge.mjs');
    const child = execFile(
      process.execPath,
      [script, '--root', root, ...args],
      (_error, stdout, stderr) => {
        resolve({ status: child.exitCode ?? -1, lines: (stdout + stderr).trim().split('\n') });
      },
    );
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-judge-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.concurrent('the judge of the tests', () => {
  test('passes when every mutant makes its test fail', async () => {
    const root = await createProject('caught', [CAUGHT]);

    expect(await judge(root, '--at-least', '1')).toEqual({
      status: 0,
      lines: ['caught      removes without a limit', '1/1 caught'],
    });
  });

  test('fails when there are fewer mutants than required', async () => {
    const root = await createProject('few', [CAUGHT]);

    expect(await judge(root)).toEqual({
      status: 1,
      lines: ['caught      removes without a limit', '1/1 caught; at least 8 mutants are required'],
    });
  });

  test('fails when one test passes with its mutant', async () => {
    const root = await createProject('survivor', [CAUGHT, SURVIVOR]);

    expect(await judge(root, '--at-least', '1')).toEqual({
      status: 1,
      lines: [
        'caught      removes without a limit',
        'NOT CAUGHT  does the same: tests/limit.test.ts passes with it',
        '1/2 caught',
      ],
    });
  });

  test('fails when a patch does not apply to the code any more', async () => {
    const root = await createProject('stale', [STALE]);

    expect(await judge(root, '--at-least', '1')).toEqual({
      status: 1,
      lines: [
        'NOT CAUGHT  is out of date: it does not apply: error: patch failed: src/limit.ts:1',
        '0/1 caught',
      ],
    });
  });

  test('does not count a failure that is no assertion, nor a test other than the named one', async () => {
    const root = await createProject('unsound', [
      BROKEN,
      UNDEFINED,
      UNTITLED,
      OTHER_TEST,
      ON_TESTS,
    ]);

    const { status, lines } = await judge(root, '--at-least', '1');

    expect(status).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^NOT CAUGHT {2}does not parse: no test ran: /),
      'NOT CAUGHT  names nothing: it breaks the code: ReferenceError: nothing is not defined',
      'NOT CAUGHT  has no such test: no test of tests/limit.test.ts runs',
      'NOT CAUGHT  is not looked at: tests/limit.test.ts passes with it',
      'NOT CAUGHT  removes its test: it changes a test',
      '0/5 caught',
    ]);
  });
});
