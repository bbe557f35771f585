/** CloudFormation's functions, in their long form: Ref, Fn::GetAtt, Fn::Sub and Fn::Join. */
import type { ScalarTag, CollectionTag, YAMLMap, YAMLSeq } from 'yaml';
import { type Fields, isFields, listAt, textAt, WiringError } from './values.ts';

/** What a resource is known as: what Ref gives, and its attributes. */
export interface Handle {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly pseudo: Readonly<Record<string, string>>;
  readonly handles: ReadonlyMap<string, Handle>;
}

const refOf = (stack: Stack, path: string, name: string): string => {
  const value = stack.pseudo[name] ?? stack.handles.get(name)?.ref;
  if (value !== undefined) return value;
  throw new WiringError(path, `Ref of '${name}', which is not wired here`);
};

const attributeOf = (stack: Stack, path: string, name: string, attribute: string): string => {
  const value = stack.handles.get(name)?.attributes[attribute];
  if (value !== undefined) return value;
  throw new WiringError(path, `GetAtt of '${name}.${attribute}', which is not wired here`);
};

const getAtt = (stack: Stack, path: string, operand: unknown): string => {
  const parts = typeof operand === 'string' ? operand.split('.') : listAt(path, operand);
  const [name, ...rest] = parts.map((part) => textAt(path, part));
  return attributeOf(stack, path, name ?? '', rest.join('.'));
};

const sub = (stack: Stack, path: string, operand: unknown): string => {
  const [template, given] = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  const own: Fields = isFields(given) ? given : {};
  return textAt(path, template).replace(/\$\{([^!{}][^{}]*)\}/g, (_, name: string) => {
    if (Object.hasOwn(own, name)) return resolveText(stack, path, own[name]);
    const dot = name.indexOf('.');
    if (dot === -1) return refOf(stack, path, name);
    return attributeOf(stack, path, name.slice(0, dot), name.slice(dot + 1));
  });
};

const join = (stack: Stack, path: string, operand: unknown): string => {
  const [separator, items] = listAt(path, operand);
  const texts = listAt(path, items).map((item) => resolveText(stack, path, item));
  return texts.join(textAt(path, separator));
};

/** The text that a value stands for; numbers and booleans are written out. @throws WiringError */
export const resolveText = (stack: Stack, path: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const [entry, ...more] = isFields(value) ? Object.entries(value) : [];
  if (entry === undefined || more.length > 0) throw new WiringError(path, 'a text is expected');
  const [name, operand] = entry;
  if (name === 'Ref') return refOf(stack, path, textAt(path, operand));
  if (name === 'Fn::GetAtt') return getAtt(stack, path, operand);
  if (name === 'Fn::Sub') return sub(stack, path, operand);
  if (name === 'Fn::Join') return join(stack, path, operand);
  throw new WiringError(path, `the function ${name} is not served`);
};

const shortForms: readonly (readonly [string, string])[] = [
  ['!Ref', 'Ref'],
  ['!GetAtt', 'Fn::GetAtt'],
  ['!Sub', 'Fn::Sub'],
  ['!Join', 'Fn::Join'],
  ['!Select', 'Fn::Select'],
  ['!If', 'Fn::If'],
  ['!Equals', 'Fn::Equals'],
  ['!ImportValue', 'Fn::ImportValue'],
  ['!FindInMap', 'Fn::FindInMap'],
  ['!Split', 'Fn::Split'],
];

/** YAML's short forms, read as the long ones. */
export const SHORT_FORMS: readonly (ScalarTag | CollectionTag)[] = shortForms.flatMap(
  ([tag, name]): (ScalarTag | CollectionTag)[] => [
    { tag, resolve: (text: string) => ({ [name]: text }) },
    {
      tag,
      collection: 'seq',
      resolve: (node: YAMLMap | YAMLSeq) => ({ [name]: node.toJSON() as unknown }),
    },
  ],
);
