import { parse } from 'yaml';
import * as z from 'zod';
import { policyDocument } from './policy-schema.ts';

/** The part of JSON Schema (draft 7) that the form of a policy document takes. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/**
 * The form of a policy document for editors and other programs, as it is written: with defaults, before
 * anything is read into it. What fields say together it cannot tell; `imago validate` can. Draft 7,
 * which is what editors know best.
 */
export const policyJsonSchema = (): JsonSchema => {
  const schema = z.toJSONSchema(policyDocument, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      tidy(jsonSchema);
    },
  });
  return {
    title: 'Imago policy document',
    description: 'What Imago backs up, how often, where to, and for how long: docs/policy.md.',
    ...schema,
  } as JsonSchema;
};

/** Words for our own messages are nobody else's, and a default that says nothing is none. */
const tidy = (schema: z.core.JSONSchema.BaseSchema): void => {
  const { example } = schema;
  delete schema['example'];
  delete schema['expected'];
  delete schema['hints'];
  delete schema['id'];
  if (typeof example === 'string') schema.examples = [parse(example)];
  if (['[]', '{}'].includes(JSON.stringify(schema.default))) delete schema.default;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
};
