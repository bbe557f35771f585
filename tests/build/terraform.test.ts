import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProviderMirror } from '../../build/terraform.mjs';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-mirrors-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const HERE = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** A plug-in folder with one version of a provider, for one platform. */
const mirror = async (name: string, provider: string, platform: string): Promise<string> => {
  const path = join(directory, name);
  const folder = join(path, 'registry.terraform.io/hashicorp', provider, '5.100.0', platform);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `terraform-provider-${provider}_v5.100.0_x5`), '');
  return path;
};

test('the AWS provider is found in the first folder that has it for this machine', async () => {
  const mirrors = [
    join(directory, 'not-there'),
    await mirror('other-provider', 'google', HERE),
    await mirror('other-machine', 'aws', 'plan9_mips'),
    await mirror('right', 'aws', HERE),
    await mirror('also-right', 'aws', HERE),
  ];

  expect(findProviderMirror({}, mirrors)).toBe(join(directory, 'right'));
  expect(findProviderMirror({}, mirrors.slice(0, 3))).toBeUndefined();
});

test('the folder that TF_PLUGIN_DIR names comes before the usual ones', async () => {
  const named = await mirror('named', 'aws', HERE);

  expect(findProviderMirror({ TF_PLUGIN_DIR: named })).toBe(named);
});
