import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { type JsonSchema, policyJsonSchema } from '../../shared/config/json-schema.ts';
import { BASE } from './problems.ts';

const schema = policyJsonSchema();

type AnySchema = Parameters<typeof z.fromJSONSchema>[0];

/** By the JSON Schema alone: nothing of the schema that it is made of is asked. */
const isValid = (value: unknown, part: JsonSchema): boolean => {
  const whole = { ...part, $schema: schema.$schema, definitions: schema.definitions };
  return z.fromJSONSchema(whole as unknown as AnySchema).safeParse(value).success;
};

const accepts = (value: unknown): boolean => isValid(value, schema);

const POLICIES = join(import.meta.dirname, '../../policies');

const changedBase = (from: string, to: string): unknown => parse(BASE.replace(from, () => to));

interface Field {
  readonly path: string;
  readonly field: JsonSchema;
}

const fieldsIn = (part: JsonSchema, path: string): readonly Field[] => [
  ...Object.entries(part.properties ?? {}).flatMap(([name, field]) => [
    { path: `${path}.${name}`, field },
    ...fieldsIn(field, `${path}.${name}`),
  ]),
  ...(part.anyOf ?? []).flatMap((option) => fieldsIn(option, path)),
  ...(part.items === undefined ? [] : fieldsIn(part.items, `${path}[]`)),
  ...Object.entries(part.definitions ?? {}).flatMap(([name, kind]) => fieldsIn(kind, name)),
];

const allFields = fieldsIn(schema, '');

/** Maps anywhere in the schema, by what is below them. */
const mapsIn = (part: unknown): readonly JsonSchema[] => {
  if (typeof part !== 'object' || part === null) return [];
  const inner = Object.values(part).flatMap(mapsIn);
  return 'properties' in part && 'type' in part ? [part as JsonSchema, ...inner] : inner;
};

describe('the JSON Schema of policy documents', () => {
  it.each(readdirSync(POLICIES))('accepts %s', (name) => {
    expect(accepts(parse(readFileSync(join(POLICIES, name), 'utf8')))).toBe(true);
  });

  it.each([
    ['a misspelt key', 'keep:', 'keeps:'],
    ['a key of nobody', 'last: 3', 'last: 3, colour: red'],
    ['another version', 'version: 1', 'version: 2'],
    ['a number for a text', 'Backup: daily', 'Backup: 7'],
    ['minutes or months', '{last: 3}', '{within: 90m}'],
    ['a fraction', 'last: 3', 'last: 1.5'],
    ['a schedule that is none', 'cron(0 2 * * ? *)', 'daily'],
    ['an id that is no part of a name', 'id: web', 'id: Web'],
    ['no policies', 'policies:', 'tagPolicies: []\npolicies: []\nx:'],
  ])('refuses %s', (_, from, to) => {
    expect(accepts(changedBase(from, to))).toBe(false);
  });

  it('accepts the defaults that it names, in their places', () => {
    expect(accepts(parse(BASE))).toBe(true);
    const wrong = allFields.filter(({ field }) => {
      const { default: value } = field;
      return value !== undefined && !isValid(value, field);
    });

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('describes every field, with an example that it accepts', () => {
    const silent = allFields.filter(({ field }) => (field.description ?? '').length < 10);
    const wrong = allFields.filter(({ path, field }) => {
      if (path === '.policies' || path === '.tagPolicies') return false;
      const [example] = field.examples ?? [];
      return !isValid(example, field);
    });

    expect(allFields.length).toBeGreaterThan(70);
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('allows no key that it does not name', () => {
    const open = mapsIn(schema).filter((map) => map.additionalProperties !== false);

    expect(open).toEqual([]);
  });

  it('holds nothing of our own messages', () => {
    expect(JSON.stringify(schema)).not.toMatch(/"(example|expected|hints|id)":\s*"/);
  });
});
