import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  copyProject,
  FUNCTIONS,
  type Packaged,
  type ProjectCopy,
  readArchive,
} from './package-copy.ts';

/** A setting that names a file in a folder of its own, and another folder. */
const NAMED = 'mine/web.yml,teams';

let project: ProjectCopy;
let packaged: Packaged;

beforeAll(async () => {
  project = await copyProject();
  for (const file of ['mine/web.yml', 'mine/unnamed.yml', 'teams/a.yml', 'teams/b.json']) {
    await mkdir(join(project.directory, file, '..'), { recursive: true });
    await writeFile(join(project.directory, file), 'version: 1\n');
  }
  packaged = await project.package('--param', `policyFile=${NAMED}`);
});

afterAll(() => project.remove());

describe('several policy files', () => {
  test.each(FUNCTIONS)('lie beside the bundle of %s, and so do those of a folder', (name) => {
    const files = readArchive(packaged.archives.get(name) ?? Buffer.alloc(0));

    expect([...files.keys()].filter((file) => /^(mine|teams)\//.test(file)).toSorted()).toEqual([
      'mine/web.yml',
      'teams/a.yml',
      'teams/b.json',
    ]);
  });

  test('are named to the functions as they were named', () => {
    expect(packaged.templateText).toContain(`"IMAGO_POLICY_FILE": "${NAMED}"`);
  });
});
