/**
 * The SDK's own operation schemas, read into plain shapes. This is the only file that knows
 * `NormalizedSchema`, which the SDK's maintainers call an implementation detail: when it changes,
 * it changes here, and the round-trip test says so.
 */
import { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';

export type Shape = Structure | List | Dictionary | Scalar;

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  /** Of whose members exactly one is there. */
  readonly isUnion: boolean;
  readonly members: readonly Member[];
}

export interface List {
  readonly kind: 'list';
  /** XML element of one item, and what stands before its number in an awsQuery form. */
  readonly itemTag: string;
  readonly item: () => Shape;
}

/** A map with string keys. */
export interface Dictionary {
  readonly kind: 'map';
  /** XML elements, and keys in a form, of an entry's two sides. */
  readonly keyTag: string;
  readonly valueTag: string;
  readonly value: () => Shape;
}

export interface Scalar {
  readonly kind: 'blob' | 'boolean' | 'number' | 'string' | 'timestamp';
}

export interface Member {
  /** The name that the SDK's types use. */
  readonly name: string;
  readonly isRequired: boolean;
  /** True where the SDK fills in a value of its own when the caller gives none. */
  readonly isIdempotencyToken: boolean;
  /** Key of an EC2 query form, such as `Filter` for the member `Filters`. */
  readonly ec2Key: string;
  /** Key of an awsQuery form. */
  readonly queryKey: string;
  /** XML element of an answer, such as `imagesSet` for the member `Images`. */
  readonly xmlTag: string;
  /** Items or entries stand in place of the member, without an element or key around them. */
  readonly isFlattened: boolean;
  readonly shape: () => Shape;
}

export interface OperationShapes {
  readonly name: string;
  readonly input: Structure;
  readonly output: Structure;
}

/** Where a smithy structure keeps the number of its required members, which come first. */
const REQUIRED_COUNT_SLOT = 6;
const OPERATION_TAG = 9;

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** Shapes by the SDK object that they were read from, so that equal schemas share one codec. */
const known = new Map<unknown, Shape>();

/** Reads an operation schema such as `CreateImage$`. Throws on anything else. */
export const readOperation = (schema: unknown): OperationShapes => {
  if (!Array.isArray(schema) || schema[0] !== OPERATION_TAG) {
    throw new TypeError('not an operation schema of the SDK');
  }
  const [, , name, , input, output] = schema as unknown[];
  return {
    name: String(name),
    input: readRoot(input as SchemaRef),
    output: readRoot(output as SchemaRef),
  };
};

/** What an operation takes or gives that takes or gives nothing. */
const UNIT: Structure = { kind: 'structure', name: 'Unit', isUnion: false, members: [] };

const readRoot = (ref: SchemaRef): Structure => {
  const normalized = NormalizedSchema.of(ref);
  if (normalized.isUnitSchema()) return UNIT;
  const shape = read(normalized);
  if (shape.kind !== 'structure') throw new TypeError(`${normalized.getName()} is no structure`);
  return shape;
};

const read = (normalized: NormalizedSchema): Shape => {
  const source: unknown = normalized.getSchema();
  const found = known.get(source);
  if (found !== undefined) return found;
  const shape = build(normalized);
  known.set(source, shape);
  return shape;
};

const build = (normalized: NormalizedSchema): Shape => {
  if (normalized.isStructSchema()) return structure(normalized);
  if (normalized.isListSchema()) return list(normalized);
  if (normalized.isMapSchema()) {
    const value = normalized.getValueSchema();
    return {
      kind: 'map',
      keyTag: text(normalized.getKeySchema().getMergedTraits().xmlName) ?? 'key',
      valueTag: text(value.getMergedTraits().xmlName) ?? 'value',
      value: once(() => read(value)),
    };
  }
  return { kind: scalarKind(normalized) };
};

const structure = (normalized: NormalizedSchema): Structure => {
  const source: unknown = normalized.getSchema();
  const count: unknown = Array.isArray(source) ? source[REQUIRED_COUNT_SLOT] : 0;
  const requiredCount = typeof count === 'number' ? count : 0;
  return {
    kind: 'structure',
    name: normalized.getName() ?? '',
    isUnion: normalized.isUnionSchema(),
    members: [...normalized.structIterator()].map(([name, member], index) =>
      readMember(name, member, index < requiredCount),
    ),
  };
};

const readMember = (name: string, member: NormalizedSchema, isRequired: boolean): Member => {
  const merged = member.getMergedTraits();
  return {
    name,
    isRequired,
    isIdempotencyToken: member.isIdempotencyToken(),
    // The EC2 query protocol's rule: its own name, else the capitalised XML or member name.
    ec2Key: text(merged.ec2QueryName) ?? capitalise(text(merged.xmlName) ?? name),
    queryKey: text(merged.xmlName) ?? name,
    xmlTag: text(member.getMemberTraits().xmlName) ?? name,
    isFlattened: merged.xmlFlattened !== undefined,
    shape: once(() => read(member)),
  };
};

const list = (normalized: NormalizedSchema): List => {
  const item = normalized.getValueSchema();
  return {
    kind: 'list',
    itemTag: text(item.getMergedTraits().xmlName) ?? 'member',
    item: once(() => read(item)),
  };
};

const scalarKind = (normalized: NormalizedSchema): Scalar['kind'] => {
  if (normalized.isStringSchema()) return 'string';
  if (normalized.isNumericSchema()) return 'number';
  if (normalized.isBooleanSchema()) return 'boolean';
  if (normalized.isTimestampSchema()) return 'timestamp';
  if (normalized.isBlobSchema()) return 'blob';
  throw new TypeError(`no codec for the schema ${normalized.getName(true)}`);
};

/** Names of one modelled error. `queryCode` is what a query-compatible service once answered. */
export interface ErrorNames {
  readonly name: string;
  readonly queryCode: string;
}

/**
 * Finds a modelled error by either of its names, in the errors that the SDK client has registered
 * under `namespace` (such as `com.amazonaws.sqs`). Unmodelled codes stand for themselves.
 */
export const readErrorNames = (namespace: string, code: string): ErrorNames => {
  let names: ErrorNames = { name: code, queryCode: code };
  TypeRegistry.for(namespace).find((schema) => {
    const candidate = errorNames(NormalizedSchema.of(schema));
    const isMatch = candidate.name === code || candidate.queryCode === code;
    if (isMatch) names = candidate;
    return isMatch;
  });
  return names;
};

const errorNames = (normalized: NormalizedSchema): ErrorNames => {
  const name = normalized.getName() ?? '';
  const trait: unknown = normalized.getMergedTraits().awsQueryError;
  const queryCode = Array.isArray(trait) ? text(trait[0]) : undefined;
  return { name, queryCode: queryCode ?? name };
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const capitalise = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Puts off reading a member's shape until it is used: most of a big model never is. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
