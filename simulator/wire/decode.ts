/** Query form to typed input. A decoder is compiled once per shape and dialect, on its first use. */
import type { ApiError } from './api.ts';
import { firstParameter } from './form.ts';
import type { FormNode } from './form.ts';
import type { Dictionary, List, Member, Scalar, Shape, Structure } from './schema.ts';

/** Where the query protocols of AWS differ in reading a form, and what they refuse. */
export interface FormDialect {
  readonly keyOf: (member: Member) => string;
  /** `Name.1` instead of `Name.member.1`, whatever the model says. */
  readonly hasFlatListsOnly: boolean;
  /** For a parameter that the model does not have; undefined where it is ignored. */
  readonly unknown: ((parameter: string) => ApiError) | undefined;
  /** For a value in place of members, and members in place of a value. */
  readonly misshapen: (parameter: string) => ApiError;
  /** For text that is no value of the parameter's type. */
  readonly invalid: (parameter: string, text: string) => ApiError;
  /** For required parameters that are not there, at least one. */
  readonly missing: (parameters: readonly string[]) => ApiError;
}

type Decode = (node: FormNode, missing: string[]) => unknown;

/**
 * Decodes a form, from which `Action` and `Version` were taken, into the input that the SDK's types
 * describe. What is thrown is an ApiError of the dialect.
 */
export type FormDecoder = (shape: Structure, root: FormNode) => unknown;

export const createFormDecoder = (dialect: FormDialect): FormDecoder => {
  const compiled: Compiled = { dialect, decoders: new WeakMap() };
  return (shape, root) => {
    const missing: string[] = [];
    const input = decoderOf(compiled, shape, false)(root, missing);
    if (missing.length > 0) throw dialect.missing(missing);
    return input;
  };
};

interface Compiled {
  readonly dialect: FormDialect;
  readonly decoders: WeakMap<Shape, { flat?: Decode; wrapped?: Decode }>;
}

const decoderOf = (compiled: Compiled, shape: Shape, isFlattened: boolean): Decode => {
  const key = isFlattened || compiled.dialect.hasFlatListsOnly ? 'flat' : 'wrapped';
  let found = compiled.decoders.get(shape);
  if (found === undefined) {
    found = {};
    compiled.decoders.set(shape, found);
  }
  return (found[key] ??= compile(compiled, shape, key === 'flat'));
};

const compile = (compiled: Compiled, shape: Shape, isFlat: boolean): Decode => {
  if (shape.kind === 'structure') return compileStructure(compiled, shape);
  if (shape.kind === 'list') return compileList(compiled, shape, isFlat);
  if (shape.kind === 'map') return compileMap(compiled, shape, isFlat);
  return compileScalar(compiled.dialect, shape.kind);
};

const compileStructure = (compiled: Compiled, shape: Structure): Decode => {
  const { dialect } = compiled;
  const members = new Map(shape.members.map((member) => [dialect.keyOf(member), member]));
  const required = shape.members.filter((member) => member.isRequired);
  return (node, missing) => {
    if (node.value !== undefined) throw dialect.misshapen(node.path);
    const output: Record<string, unknown> = {};
    for (const [key, child] of node.children) {
      const member = members.get(key);
      if (member === undefined) refuseUnknown(dialect, child);
      else {
        const decode = decoderOf(compiled, member.shape(), member.isFlattened);
        output[member.name] = decode(child, missing);
      }
    }
    for (const member of required) {
      if (output[member.name] === undefined) missing.push(pathTo(node, dialect.keyOf(member)));
    }
    return output;
  };
};

const refuseUnknown = (dialect: FormDialect, node: FormNode): void => {
  if (dialect.unknown !== undefined) throw dialect.unknown(firstParameter(node));
};

const pathTo = (node: FormNode, key: string): string =>
  node.path === '' ? key : `${node.path}.${key}`;

const compileList = (compiled: Compiled, { item, itemTag }: List, isFlat: boolean): Decode => {
  const { dialect } = compiled;
  return (node, missing) => {
    if (isEmptied(dialect, node)) return [];
    const decode = decoderOf(compiled, item(), false);
    const items = isFlat ? node : onlyChild(dialect, node, itemTag);
    return numbered(dialect, items).map((child) => decode(child, missing));
  };
};

const compileMap = (compiled: Compiled, shape: Dictionary, isFlat: boolean): Decode => {
  const { dialect } = compiled;
  const { keyTag, valueTag } = shape;
  return (node, missing) => {
    if (isEmptied(dialect, node)) return {};
    const decode = decoderOf(compiled, shape.value(), false);
    const entries = isFlat ? node : onlyChild(dialect, node, 'entry');
    return Object.fromEntries(
      numbered(dialect, entries).map((entry) => {
        const key = entry.children.get(keyTag)?.value;
        const value = entry.children.get(valueTag);
        if (key === undefined || value === undefined) throw dialect.misshapen(entry.path);
        return [key, decode(value, missing)];
      }),
    );
  };
};

/** `Name=` is how awsQuery writes an empty list; the EC2 query protocol leaves it out. */
const isEmptied = (dialect: FormDialect, node: FormNode): boolean => {
  if (node.value === undefined) return false;
  if (node.value !== '' || node.children.size > 0 || dialect.hasFlatListsOnly) {
    throw dialect.misshapen(node.path);
  }
  return true;
};

const onlyChild = (dialect: FormDialect, node: FormNode, name: string): FormNode => {
  const child = node.children.get(name);
  if (child === undefined || node.children.size > 1 || child.value !== undefined) {
    throw dialect.misshapen(firstParameter(node));
  }
  return child;
};

/** Items are numbered from 1; gaps and any order are accepted, as EC2 does. */
const numbered = (dialect: FormDialect, { children }: FormNode): readonly FormNode[] =>
  Array.from(children, ([name, child]) => {
    if (!/^\d+$/.test(name)) throw dialect.misshapen(firstParameter(child));
    return { index: Number(name), child };
  })
    .toSorted((a, b) => a.index - b.index)
    .map(({ child }) => child);

const compileScalar = (dialect: FormDialect, kind: Scalar['kind']): Decode => {
  const parse = parsers[kind];
  return (node) => {
    const text = node.value;
    if (text === undefined || node.children.size > 0) throw dialect.misshapen(firstChild(node));
    const value = parse(text);
    if (value === undefined) throw dialect.invalid(node.path, text);
    return value;
  };
};

/** The parameter below `node` that should not be there. */
const firstChild = (node: FormNode): string => {
  const [child] = node.children.values();
  return firstParameter(child ?? node);
};

const parseBlob = (text: string): Uint8Array | undefined =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
    ? new Uint8Array(Buffer.from(text, 'base64'))
    : undefined;

const parseBoolean = (text: string): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined;

const parseNumber = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

const DATE_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** ISO 8601, in UTC where no zone is named, or seconds since the epoch. */
const parseTimestamp = (text: string): Date | undefined => {
  const [, time, , , zone] = DATE_TIME.exec(text) ?? [];
  if (time !== undefined && zone === undefined) return validDate(Date.parse(`${text}Z`));
  if (DATE_TIME.test(text)) return validDate(Date.parse(text));
  const seconds = parseNumber(text);
  return seconds === undefined ? undefined : validDate(Math.round(seconds * 1000));
};

const validDate = (epochMs: number): Date | undefined => {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** Each returns undefined for text that is no value of its kind. */
const parsers: Readonly<Record<Scalar['kind'], (text: string) => unknown>> = {
  blob: parseBlob,
  boolean: parseBoolean,
  number: parseNumber,
  string: (text) => text,
  timestamp: parseTimestamp,
};
