import { stringify } from 'yaml';
import type { JsonSchema } from '../shared/config/json-schema.ts';
import { WARNINGS } from '../shared/config/warning-ids.ts';

/**
 * The reference of docs/policy.md, made of the JSON Schema that the policy's own schema gives: a
 * table for each part of a document, and one for each kind of value that many fields have.
 */
export const renderReference = (schema: JsonSchema): string => {
  const [backup = {}, adoption = {}] = branchesOf(itemsOf(schema, 'policies'));
  const common = Object.keys(adoption.properties ?? {}).filter((name) => name !== 'adopt');
  const document = ['$schema', 'version', 'timezone', 'limits', 'policies', 'tagPolicies'];
  return [
    '## Every field\n',
    section('A document', pick(schema, document)),
    section('`policies[]`, every one', pick(backup, common)),
    section('`policies[]` that makes backups', without(backup, common)),
    section('`policies[]` that takes over images', without(adoption, common)),
    section('`tagPolicies[]`', itemsOf(schema, 'tagPolicies')),
    ...Object.entries(schema.definitions ?? {}).map(([name, kind]) => kindSection(name, kind)),
    warningsSection(),
  ]
    .join('\n')
    .trimEnd();
};

const branchesOf = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? [schema];

const itemsOf = ({ properties }: JsonSchema, name: string): JsonSchema =>
  properties?.[name]?.items ?? {};

const pick = (schema: JsonSchema, names: readonly string[]): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => names.includes(name)),
  ),
});

const without = (schema: JsonSchema, names: readonly string[]): JsonSchema =>
  pick(
    schema,
    Object.keys(schema.properties ?? {}).filter((name) => !names.includes(name)),
  );

const HEAD = '| field | type | default | means | for example |\n|---|---|---|---|---|';

const section = (title: string, schema: JsonSchema): string =>
  `### ${title}\n\n${HEAD}\n${rowsOf(schema, '').join('\n')}\n`;

/** A row for each field, and those of the objects in it with their path before them. */
const rowsOf = ({ properties = {}, required = [] }: JsonSchema, path: string): readonly string[] =>
  Object.entries(properties).flatMap(([name, field]) => {
    const isRequired = required.includes(name);
    return [rowOf(`${path}${name}`, field, isRequired), ...innerRows(field, `${path}${name}`)];
  });

/** What `policies[]` and `tagPolicies[]` hold has sections of its own. */
const innerRows = (field: JsonSchema, path: string): readonly string[] => {
  if (field.properties !== undefined) return rowsOf(field, `${path}.`);
  if (field.items === undefined || path === 'policies' || path === 'tagPolicies') return [];
  return branchRows(field.items, `${path}[].`);
};

/** What all branches have alike is said once. */
const branchRows = (items: JsonSchema, path: string): readonly string[] => [
  ...new Set(branchesOf(items).flatMap((branch) => rowsOf(branch, path))),
];

const rowOf = (path: string, field: JsonSchema, isRequired: boolean): string => {
  const cells = [
    `\`${path}\``,
    typeOf(field),
    defaultOf(field, isRequired),
    field.description ?? '',
    exampleOf(field),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
  object: 'map',
};

const typeOf = (field: JsonSchema): string => {
  const kind = kindOf(field);
  if (kind !== undefined) return `[${wordsOf(kind)}](#${anchorOf(kind)})`;
  if (field.const !== undefined) return code(field.const);
  if (field.enum !== undefined) return field.enum.map(code).join(', ');
  if (field.anyOf !== undefined) {
    return [...new Set(field.anyOf.map(typeOf))].join(' or ');
  }
  if (field.type === 'array') return `list of ${pluralOf(field.items ?? {})}`;
  return TYPES[field.type ?? ''] ?? field.type ?? '';
};

const pluralOf = (items: JsonSchema): string => {
  if (items.properties !== undefined || items.anyOf !== undefined) return 'maps';
  const type = typeOf(items);
  return type === 'text' ? 'texts' : type;
};

const kindOf = ({ $ref, allOf }: JsonSchema): string | undefined =>
  ($ref ?? allOf?.find((one) => one.$ref !== undefined)?.$ref)?.replace('#/definitions/', '');

/** `fixedDuration` is `fixed duration`. */
const wordsOf = (kind: string): string =>
  kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const anchorOf = (kind: string): string => `kind-${wordsOf(kind).replaceAll(' ', '-')}`;

const code = (value: unknown): string =>
  `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const defaultOf = (field: JsonSchema, isRequired: boolean): string => {
  if (field.default === undefined) return isRequired ? 'needed' : '';
  return Array.isArray(field.default) ? field.default.map(code).join(', ') : code(field.default);
};

const exampleOf = ({ examples: [example] = [] }: JsonSchema): string => {
  if (example === undefined) return '';
  const text = stringify(example, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: false,
  });
  return `\`${text.trim()}\``;
};

const kindSection = (name: string, kind: JsonSchema): string => {
  const title = `### Kind: ${wordsOf(name)}\n\n${kind.description ?? ''}\n`;
  const rows = [
    ...rowsOf(kind, ''),
    ...(kind.items === undefined ? [] : branchRows(kind.items, '[].')),
  ];
  return rows.length === 0 ? title : `${title}\n${HEAD}\n${rows.join('\n')}\n`;
};

const warningsSection = (): string => {
  const rows = Object.entries(WARNINGS).map(
    ([id, { name, means }]) => `| ${id} | ${name} | ${means} |`,
  );
  const head = '| id | name | what it means, and what you can do |\n|---|---|---|';
  return `## Warnings of \`imago validate\`\n\n${head}\n${rows.join('\n')}\n`;
};

const BEGIN =
  '<!-- What follows is written by build/policy-docs.mjs: change the schema, not this. -->';

/** The page with its reference as it should be; what stands before the mark is written by hand. */
export const withReference = (page: string, schema: JsonSchema): string => {
  const [byHand = ''] = page.split(BEGIN);
  return `${byHand.trimEnd()}\n\n${BEGIN}\n\n${renderReference(schema)}\n`;
};
