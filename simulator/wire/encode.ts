/** Typed output to XML, as EC2 and awsQuery write it. An encoder is compiled once per shape. */
import type { Dictionary, List, Member, Scalar, Shape, Structure } from './schema.ts';
import type { XmlWriter } from './xml-writer.ts';

/** Writes what stands between an element's tags. */
type Encode = (value: unknown, writer: XmlWriter) => void;

const compiled = new WeakMap<Shape, Encode>();
const encoder = new TextEncoder();

/**
 * Writes an output's members, without a root element. What is undefined is left out, an empty list
 * is an empty element: EC2 itself does either, per member, so the service decides.
 */
export const encodeXml = (shape: Structure, output: unknown, writer: XmlWriter): void => {
  encoderOf(shape)(output, writer);
};

/** An element's tags, as bytes. */
export const tagsOf = (tag: string, attributes = '') => ({
  open: encoder.encode(`<${tag}${attributes}>`),
  close: encoder.encode(`</${tag}>`),
  empty: encoder.encode(`<${tag}/>`),
});

const encoderOf = (shape: Shape): Encode => {
  const found = compiled.get(shape);
  if (found !== undefined) return found;
  const encode = compile(shape);
  compiled.set(shape, encode);
  return encode;
};

const compile = (shape: Shape): Encode => {
  if (shape.kind === 'structure') return compileStructure(shape);
  if (shape.kind === 'list') return eachItem(shape, shape.itemTag);
  if (shape.kind === 'map') return eachEntry(shape, 'entry');
  return writers[shape.kind];
};

const compileStructure = ({ members }: Structure): Encode => {
  const elements = members.map((member) => ({ name: member.name, write: memberWriter(member) }));
  return (value, writer) => {
    const source = value as Readonly<Record<string, unknown>>;
    for (const { name, write } of elements) {
      const held = source[name];
      if (held !== undefined && held !== null) write(held, writer);
    }
  };
};

const memberWriter = ({ xmlTag, isFlattened, shape }: Member): Encode =>
  isFlattened ? later(() => flattened(shape(), xmlTag)) : element(xmlTag, shape);

const flattened = (shape: Shape, tag: string): Encode => {
  if (shape.kind === 'list') return eachItem(shape, tag);
  if (shape.kind === 'map') return eachEntry(shape, tag);
  throw new TypeError(`a ${shape.kind} cannot be flattened`);
};

const eachItem = ({ item }: List, tag: string): Encode => {
  const write = element(tag, item);
  return (value, writer) => {
    for (const held of value as readonly unknown[]) write(held, writer);
  };
};

const eachEntry = ({ keyTag, valueTag, value: valueShape }: Dictionary, tag: string): Encode => {
  const { open, close } = tagsOf(tag);
  const writeKey = element(keyTag, () => ({ kind: 'string' }));
  const writeValue = element(valueTag, valueShape);
  return (value, writer) => {
    for (const [key, held] of Object.entries(value as object)) {
      writer.markup(open);
      writeKey(key, writer);
      writeValue(held, writer);
      writer.markup(close);
    }
  };
};

const element = (tag: string, shape: () => Shape): Encode => {
  const { open, close, empty } = tagsOf(tag);
  const encode = later(() => encoderOf(shape()));
  return (value, writer) => {
    const start = writer.length;
    writer.markup(open);
    encode(value, writer);
    if (writer.length > start + open.length) {
      writer.markup(close);
      return;
    }
    writer.truncate(start);
    writer.markup(empty);
  };
};

/** A shape is looked at on first use only: models are recursive, and mostly unused. */
const later = (make: () => Encode): Encode => {
  let made: Encode | undefined;
  return (value, writer) => {
    made ??= make();
    made(value, writer);
  };
};

/** A value of another type than the model's is a bug of the service, and throws. */
const writers: Readonly<Record<Scalar['kind'], Encode>> = {
  blob: (value, writer) => writer.text(Buffer.from(value as Uint8Array).toString('base64')),
  boolean: (value, writer) => writer.text(String(expectType('boolean', value))),
  number: (value, writer) => writer.text(String(expectType('number', value))),
  string: (value, writer) => writer.text(expectType('string', value) as string),
  timestamp: (value, writer) => writer.text((value as Date).toISOString()),
};

const expectType = (type: 'boolean' | 'number' | 'string', value: unknown): unknown => {
  if (typeof value === type) return value;
  throw new TypeError(`a service answered a ${typeof value} where the model has a ${type}`);
};
