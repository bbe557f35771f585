/** Typed output to EC2's XML. An encoder is compiled once per shape, on its first use. */
import type { List, Scalar, Shape, Structure } from './schema.ts';

/** Returns what stands between an element's tags. */
type Encode = (value: unknown) => string;

const compiled = new WeakMap<Shape, Encode>();

/**
 * Encodes an output's members, without a root element. What is undefined is left out, an empty list
 * is an empty element: EC2 itself does either, per member, so the service decides.
 */
export const encodeXml = (shape: Structure, output: unknown): string => encoderOf(shape)(output);

const encoderOf = (shape: Shape): Encode => {
  const found = compiled.get(shape);
  if (found !== undefined) return found;
  const encode = compile(shape);
  compiled.set(shape, encode);
  return encode;
};

const compile = (shape: Shape): Encode => {
  if (shape.kind === 'structure') return compileStructure(shape);
  if (shape.kind === 'list') return compileList(shape);
  if (shape.kind === 'map') throw new TypeError('the EC2 query protocol has no maps');
  return writers[shape.kind];
};

const compileStructure = ({ members }: Structure): Encode => {
  const elements = members.map(({ name, xmlTag, shape }) => ({
    name,
    write: element(xmlTag, shape),
  }));
  return (value) => {
    const source = value as Readonly<Record<string, unknown>>;
    let xml = '';
    for (const { name, write } of elements) {
      const held = source[name];
      if (held !== undefined && held !== null) xml += write(held);
    }
    return xml;
  };
};

const compileList = ({ itemTag, item }: List): Encode => {
  const write = element(itemTag, item);
  return (value) => {
    let xml = '';
    for (const held of value as readonly unknown[]) xml += write(held);
    return xml;
  };
};

/** The shape is looked at on first use only: models are recursive, and mostly unused. */
const element = (tag: string, shape: () => Shape): Encode => {
  let encode: Encode | undefined;
  return (value) => {
    encode ??= encoderOf(shape());
    const content = encode(value);
    return content === '' ? `<${tag}/>` : `<${tag}>${content}</${tag}>`;
  };
};

/** XML's own characters, and those that a parser would drop or normalise. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[&<>\u0000-\u0008\u000b-\u001f]/;
// oxlint-disable-next-line no-control-regex -- as above
const EVERY_SPECIAL = /[&<>\u0000-\u0008\u000b-\u001f]/g;

/** Escapes text content. */
export const escapeXml = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(EVERY_SPECIAL, reference) : text;

const reference = (character: string): string => {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
};

/** A value of another type than the model's is a bug of the service, and throws. */
const writers: Readonly<Record<Scalar['kind'], Encode>> = {
  blob: (value) => Buffer.from(value as Uint8Array).toString('base64'),
  boolean: (value) => String(value),
  number: (value) => String(value),
  string: (value) => escapeXml(value as string),
  timestamp: (value) => (value as Date).toISOString(),
};
