/**
 * `node build/policy-docs.mjs`: writes what is made of the schema of policy documents, so that nothing
 * about it is written down twice: docs/policy.schema.json, and the reference in docs/policy.md.
 */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { policyJsonSchema } from '../shared/config/json-schema.ts';
import { nodeOf } from './environment.mjs';
import { withReference } from './policy-reference.ts';

const root = join(import.meta.dirname, '..');
const schemaFile = join(root, 'docs/policy.schema.json');
const page = join(root, 'docs/policy.md');

const schema = policyJsonSchema();
await writeFile(schemaFile, JSON.stringify(schema, null, 2));
await writeFile(page, withReference(await readFile(page, 'utf8'), schema));

const biome = join(root, 'node_modules/.bin/biome');
const { status } = spawnSync(nodeOf(root), [biome, 'format', '--write', schemaFile], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.exitCode = status === 0 ? 0 : 1;
