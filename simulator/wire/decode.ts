/** Query form to typed input. A decoder is compiled once per shape, on its first use. */
import { invalidParameterValue, missingParameter, unknownParameter } from './errors.ts';
import { firstParameter } from './form.ts';
import type { FormNode } from './form.ts';
import type { List, Scalar, Shape, Structure } from './schema.ts';

type Decode = (node: FormNode) => unknown;

const compiled = new WeakMap<Shape, Decode>();

/**
 * Decodes a form, from which `Action` and `Version` were taken, into the input that the SDK's types
 * describe. A list without items is absent: the EC2 query protocol cannot tell the two apart.
 * Throws ApiError UnknownParameter, MissingParameter or InvalidParameterValue.
 */
export const decodeForm = (shape: Structure, root: FormNode): unknown => decoderOf(shape)(root);

const decoderOf = (shape: Shape): Decode => {
  const found = compiled.get(shape);
  if (found !== undefined) return found;
  const decode = compile(shape);
  compiled.set(shape, decode);
  return decode;
};

const compile = (shape: Shape): Decode => {
  if (shape.kind === 'structure') return compileStructure(shape);
  if (shape.kind === 'list') return compileList(shape);
  if (shape.kind === 'map') throw new TypeError('the EC2 query protocol has no maps');
  return compileScalar(shape.kind);
};

const compileStructure = (shape: Structure): Decode => {
  const members = new Map(shape.members.map((member) => [member.queryKey, member]));
  const required = shape.members.filter((member) => member.isRequired);
  return (node) => {
    if (node.value !== undefined) throw unknownParameter(node.path);
    const output: Record<string, unknown> = {};
    for (const [key, child] of node.children) {
      const member = members.get(key);
      if (member === undefined) throw unknownParameter(firstParameter(child));
      output[member.name] = decoderOf(member.shape())(child);
    }
    for (const member of required) {
      if (output[member.name] === undefined) throw missingParameter(pathTo(node, member.queryKey));
    }
    return output;
  };
};

const pathTo = (node: FormNode, key: string): string =>
  node.path === '' ? key : `${node.path}.${key}`;

const compileList = (shape: List): Decode => {
  const item = shape.item;
  return (node) => {
    if (node.value !== undefined) throw unknownParameter(node.path);
    const decode = decoderOf(item());
    return Array.from(node.children.values(), numbered)
      .toSorted((a, b) => a.index - b.index)
      .map(({ child }) => decode(child));
  };
};

/** Lists are numbered from 1; gaps and any order are accepted, as EC2 does. */
const numbered = (child: FormNode): { readonly index: number; readonly child: FormNode } => {
  const index = Number(child.path.slice(child.path.lastIndexOf('.') + 1));
  if (!Number.isInteger(index)) throw unknownParameter(firstParameter(child));
  return { index, child };
};

const compileScalar = (kind: Scalar['kind']): Decode => {
  const parse = parsers[kind];
  return (node) => {
    const text = node.value;
    if (text === undefined) throw unknownParameter(firstParameter(node));
    const value = parse(text);
    if (value === undefined) throw invalidParameterValue(node.path, text);
    return value;
  };
};

const parseBoolean = (text: string): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined;

const parseNumber = (text: string): number | undefined => {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
};

const parseTimestamp = (text: string): Date | undefined => {
  const value = new Date(text);
  return Number.isNaN(value.getTime()) ? undefined : value;
};

/** Each returns undefined for text that is no value of its kind. */
const parsers: Readonly<Record<Scalar['kind'], (text: string) => unknown>> = {
  blob: (text) => new Uint8Array(Buffer.from(text, 'base64')),
  boolean: parseBoolean,
  number: parseNumber,
  string: (text) => text,
  timestamp: parseTimestamp,
};
