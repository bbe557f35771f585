/** jsonschema, the Python package, as a judge of docs/policy.schema.json: is it a schema, and which? */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { starterPolicy } from '../../cli/starter-policy.ts';
import { hasPythonModules, runProgram } from './programs.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Paths of what is wrong with each document, one list a line. */
const PROGRAM = `
import json, sys
from jsonschema import Draft7Validator
with open(sys.argv[1]) as file: schema = json.load(file)
Draft7Validator.check_schema(schema)
judge = Draft7Validator(schema)
for document in json.loads(sys.argv[2]):
    print(json.dumps(sorted("/".join(map(str, e.absolute_path)) for e in judge.iter_errors(document))))
`;

const judged = async (...documents: readonly unknown[]): Promise<readonly unknown[]> => {
  const schema = join(ROOT, 'docs/policy.schema.json');
  const args = ['-c', PROGRAM, schema, JSON.stringify(documents)];
  const { status, stdout, stderr } = await runProgram('python3', args, { environment: {} });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
};

const example = (name: string): unknown =>
  parse(readFileSync(join(ROOT, 'policies', name), 'utf8'));

describe.skipIf(!hasPythonModules('jsonschema'))('jsonschema, by the schema of policies', () => {
  test('finds nothing wrong with the examples and the starter', async () => {
    const documents = ['example.yml', 'gfs.yml', 'golden-images.yml'].map(example);

    expect(await judged(...documents, parse(starterPolicy('x')))).toEqual([[], [], [], []]);
  });

  test('finds what is wrong in form, and where', async () => {
    const policy = { id: 'web', select: { ids: '*' }, when: [{ schedule: 'rate(1 day)' }] };
    const wrong = [
      { version: 2, policies: [{ ...policy, keep: { last: 1 } }] },
      { version: 1, policies: [{ ...policy, keep: { last: 1 } }], colour: 'red' },
      { version: 1, policies: [{ ...policy, keep: { lats: 1 } }] },
      { version: 1, policies: [{ ...policy, keep: { within: '90m' } }] },
    ];

    expect(await judged(...wrong)).toEqual([['version'], [''], ['policies/0'], ['policies/0']]);
  });
});
