import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import rules from '../../.dependency-cruiser.mjs';
import { listSources, PRODUCT, ROOT } from './sources.ts';

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const cruise = (root: string, directories: readonly string[]): Promise<Cruise> =>
  new Promise((resolve, reject) => {
    const tool = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...directories];
    const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
    // Its exit code is the number of violations, which the report holds as well.
    execFile(process.execPath, [tool, ...args], options, (_error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Cruise);
      else reject(new Error(stderr));
    });
  });

/** What a violation imports: a file's path, and what that file holds. */
const TARGETS: Readonly<Record<string, string>> = {
  'shared/domain/plan.ts': 'export const plan = 1; export interface Plan { readonly id: string }\n',
  'shared/loop/ports.ts': 'export const port = 1; export interface Port { readonly id: string }\n',
  'shared/aws/ec2.ts': 'export const ec2 = 1;\n',
  'shared/aws/shapes.ts': 'export const shapes = 1;\n',
  'shared/config/files.ts': 'export const files = 1;\n',
  'shared/observability/logger.ts': 'export const logger = 1;\n',
  'functions/dispatch.ts': 'export const dispatch = 1;\n',
  'simulator/clock.ts': 'export const clock = 1;\n',
  'cli/terminal.ts': 'export const terminal = 1;\n',
  'shared/domain/g.ts': "import './f.ts';",
  'bench/plan.ts': 'export const bench = 1;\n',
  'tests/support/builders.ts': 'export const builders = 1;\n',
};

/** A file that breaks a rule, by the import that does it. */
const PLANTED: readonly (readonly [rule: string, file: string, code: string])[] = [
  ['domain-imports-domain-only', 'shared/domain/a.ts', "import '../loop/ports.ts';"],
  ['domain-imports-domain-only', 'shared/domain/b.ts', "import '../config/files.ts';"],
  ['domain-packages', 'shared/domain/c.ts', "import type { Image } from '@aws-sdk/client-ec2';"],
  ['domain-packages', 'shared/domain/d.ts', "import * as z from 'zod';"],
  ['loop-imports-domain-only', 'shared/loop/a.ts', "import '../aws/ec2.ts';"],
  ['loop-imports-domain-only', 'shared/loop/b.ts', "import '../observability/logger.ts';"],
  ['loop-packages', 'shared/loop/c.ts', "import type { Image } from '@aws-sdk/client-ec2';"],
  ['pure-code-imports-no-io', 'shared/loop/d.ts', "import { request } from 'node:http';"],
  ['aws-imports-inward', 'shared/aws/a.ts', "import '../../functions/dispatch.ts';"],
  ['sdk-only-in-adapters', 'functions/backup.ts', "import '@aws-sdk/client-ec2';"],
  ['sdk-only-in-adapters', 'cli/a.ts', "import { EC2Client } from '@aws-sdk/client-ec2';"],
  ['config-imports-domain-only', 'shared/config/a.ts', "import '../loop/ports.ts';"],
  ['config-packages', 'shared/config/b.ts', "import 'croner';"],
  ['inventory-imports-inward', 'shared/inventory/a.ts', "import '../aws/ec2.ts';"],
  ['inventory-imports-inward', 'shared/inventory/b.ts', "import '../../cli/terminal.ts';"],
  [
    'inventory-knows-types-of-the-loop',
    'shared/inventory/c.ts',
    "import { port } from '../loop/ports.ts';",
  ],
  ['inventory-packages', 'shared/inventory/d.ts', "import 'yaml';"],
  ['sdk-only-in-adapters', 'shared/inventory/e.ts', "import '@aws-sdk/client-ec2';"],
  ['observability-imports-inward', 'shared/observability/a.ts', "import '../aws/ec2.ts';"],
  [
    'observability-knows-types-of-the-loop',
    'shared/observability/b.ts',
    "import { port } from '../loop/ports.ts';",
  ],
  ['observability-packages', 'shared/observability/c.ts', "import 'zod';"],
  ['functions-import-shared-only', 'functions/retire.ts', "import './dispatch.ts';"],
  ['functions-import-shared-only', 'functions/report.ts', "import '../simulator/clock.ts';"],
  ['functions-are-five', 'functions/sixth.ts', "import '../shared/loop/ports.ts';"],
  ['shared-serves-functions', 'shared/observability/d.ts', "import '../../cli/terminal.ts';"],
  ['cli-imports-the-product', 'cli/b.ts', "import '../bench/plan.ts';"],
  ['simulator-is-the-other-side', 'simulator/a.ts', "import '../shared/domain/plan.ts';"],
  [
    'simulator-is-the-other-side',
    'simulator/b.ts',
    "import type { Plan } from '../shared/domain/plan.ts';",
  ],
  ['nothing-imports-tests', 'shared/domain/e.ts', "import '../../tests/support/builders.ts';"],
  ['nothing-imports-tests', 'bench/a.ts', "import '../tests/support/builders.ts';"],
  ['no-circular-imports', 'shared/domain/f.ts', "import './g.ts';"],
  ['no-development-package-at-run-time', 'shared/aws/b.ts', "import 'fast-check';"],
  ['every-import-resolves', 'shared/aws/c.ts', "import './nowhere.ts';"],
];

/** Files that use every direction that is allowed. */
const CLEAN: Readonly<Record<string, string>> = {
  'shared/domain/clean.ts': "import './plan.ts'; import 'croner';",
  'shared/loop/clean.ts': "import '../domain/plan.ts'; import 'node:crypto';",
  'shared/config/clean.ts': "import '../domain/plan.ts'; import 'yaml'; import 'zod';",
  'shared/aws/clean.ts': "import '../loop/ports.ts'; import '@aws-sdk/client-ec2';",
  'shared/inventory/clean.ts':
    "import '../aws/shapes.ts'; import '../config/files.ts'; import 'zod'; " +
    "import type { Port } from '../loop/ports.ts'; import type { Image } from '@aws-sdk/client-ec2';",
  'shared/aws/inventory.ts': "import '../inventory/clean.ts';",
  'shared/observability/clean.ts':
    "import type { Port } from '../loop/ports.ts'; import '@aws-lambda-powertools/logger';",
  'functions/on-ec2-event.ts':
    "import '../shared/aws/ec2.ts'; import type { Image } from '@aws-sdk/client-ec2';",
  'simulator/clean.ts': "import './clock.ts'; import '@aws-sdk/client-ec2';",
  'cli/clean.ts': "import '../simulator/clock.ts'; import '../functions/dispatch.ts';",
  'tests/clean.test.ts': "import '../cli/clean.ts'; import './support/builders.ts';",
};

const createProject = async (root: string): Promise<void> => {
  for (const name of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json']) {
    await cp(join(ROOT, name), join(root, name));
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const planted = PLANTED.map(([, file, code]) => [file, code] as const);
  for (const [file, code] of [...Object.entries({ ...TARGETS, ...CLEAN }), ...planted]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), `${code}\n`);
  }
};

describe('import directions of the project', () => {
  test('every file is looked at, and none breaks a rule', async () => {
    const directories = [...PRODUCT, 'bench', 'tests', 'build'];
    const files = listSources(directories);

    const { modules, summary } = await cruise(ROOT, directories);

    const seen = new Set(modules.map(({ source }) => source));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
    expect(summary.violations).toEqual([]);
  });

  test('functions/ holds no file but the five functions', async () => {
    const allowed = ['backup.ts', 'dispatch.ts', 'on-ec2-event.ts', 'report.ts', 'retire.ts'];

    const files = await readdir(join(ROOT, 'functions'));

    expect(files.filter((file) => !allowed.includes(file))).toEqual([]);
  });
});

describe('import directions that are broken on purpose', () => {
  let directory = '';
  let violations: readonly string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'imago-imports-'));
    await createProject(directory);
    const parts = [...PRODUCT, 'bench', 'tests'];
    const { summary } = await cruise(directory, parts);
    violations = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.each(PLANTED)('%s is reported for %s', (rule, file) => {
    expect(violations).toContain(`${rule}: ${file}`);
  });

  test.each(Object.keys(CLEAN))('nothing is reported for %s', (file) => {
    expect(violations.filter((violation) => violation.endsWith(`: ${file}`))).toEqual([]);
  });

  test('every rule has a violation planted, and a comment for the one who breaks it', () => {
    const forbidden = rules.forbidden;
    const planted = new Set(PLANTED.map(([rule]) => rule));

    expect(forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
    expect(forbidden.filter(({ comment }) => comment.length < 40)).toEqual([]);
  });
});
