import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withReference } from '../../build/policy-reference.ts';
import { policyJsonSchema } from '../../shared/config/json-schema.ts';
import { WARNINGS } from '../../shared/config/warning-ids.ts';
import { ROOT } from './sources.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Where one of these fails: `node build/policy-docs.mjs`. */
describe('what is made of the schema of policies', () => {
  const schema = policyJsonSchema();

  test('docs/policy.schema.json is up to date', () => {
    expect(JSON.parse(read('docs/policy.schema.json'))).toEqual(schema);
  });

  test('docs/policy.md ends with the reference as it is now', () => {
    const page = read('docs/policy.md');

    expect(page).toBe(withReference(page, schema));
  });

  test('the reference lists every field and every warning', () => {
    const page = read('docs/policy.md');
    const fields = ['`select.not.tags`', '`when[].jitter`', '`copyTo[].kmsKey`', '`withinYearly`'];
    const all = [...fields, ...Object.keys(WARNINGS).map((id) => `| ${id} |`)];

    expect(all.filter((text) => !page.includes(text))).toEqual([]);
  });

  test('a change of the schema would be seen', () => {
    const page = read('docs/policy.md');
    const changed = { ...schema, properties: { ...schema.properties, version: {} } };

    expect(withReference(page, changed)).not.toBe(page);
  });
});
