import {
  type Document,
  type YAMLMap,
  type YAMLSeq,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from 'yaml';
import * as z from 'zod';
import { bare, optionFor } from './bare-schema.ts';
import { policyDocument } from './policy-schema.ts';

/**
 * A policy document as `imago policy fmt` writes it: keys in the order of the reference, comments kept,
 * JSON as JSON. What it says stays what it is.
 * @param withMark the text of a document that is valid, with its byte order mark if it has one
 * @returns undefined where the order cannot be kept: an alias would come before what it repeats
 */
export const formatPolicy = (withMark: string): string | undefined => {
  const text = withMark.replace(/^\uFEFF/, '');
  const document = parseDocument(text);
  if (isJson(text)) {
    return `${JSON.stringify(ordered(document, policyDocument).toJS({ maxAliasCount: 0 }), null, 2)}\n`;
  }
  const before: unknown = document.toJS({ maxAliasCount: -1 });
  const formatted = writtenOut(ordered(document, policyDocument));
  if (formatted === undefined) return undefined;
  const after: unknown = parseDocument(formatted).toJS({ maxAliasCount: -1 });
  return isSame(before, after) ? formatted : undefined;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // then it is YAML
  }
};

const writtenOut = (document: Document): string | undefined => {
  try {
    return document.toString({ lineWidth: 0 });
  } catch {
    return undefined; // an alias without an anchor before it is all that can go wrong
  }
};

const ordered = (document: Document, schema: unknown): Document => {
  const { contents } = document;
  const heading = isMap(contents) ? contents.items[0]?.key : undefined;
  order(contents, bare(schema));
  const isMoved = isMap(contents) && contents.items[0]?.key !== heading;
  if (isMoved && isNode(heading) && typeof heading.commentBefore === 'string') {
    // What stands at the top of a file is about the file, not about the key that happens to follow.
    document.commentBefore = [document.commentBefore, heading.commentBefore]
      .filter((comment) => typeof comment === 'string')
      .join('\n\n');
    heading.commentBefore = null;
  }
  visit(document, {
    Seq: (_, node) => {
      pad(node, '');
    },
    Map: (_, node) => {
      pad(node, ' ');
    },
  });
  return document;
};

/** `{ a: [b, c] }`: room inside braces, none inside brackets. The library has one setting for both. */
const pad = (node: YAMLMap | YAMLSeq, flowCollectionPadding: string): void => {
  const write = node.toString.bind(node);
  node.toString = (context, ...rest) =>
    write(context === undefined ? context : { ...context, flowCollectionPadding }, ...rest);
};

const order = (node: unknown, schema: unknown): void => {
  if (schema instanceof z.ZodUnion) {
    order(node, optionFor(schema.options.map(bare), outlineOf(node)));
  } else if (isMap(node) && schema instanceof z.ZodObject) {
    const keys = Object.keys(schema.shape);
    const places = new Map(keys.map((key, place) => [key, place]));
    const placeOf = (pair: unknown): number => places.get(keyOf(pair)) ?? -1; // a merge key first
    node.items.sort((a, b) => placeOf(a) - placeOf(b));
    for (const pair of node.items) order(pair.value, bare(schema.shape[keyOf(pair)]));
  } else if (isSeq(node) && schema instanceof z.ZodArray) {
    for (const item of node.items) order(item, bare(schema.element));
  }
};

const keyOf = (pair: unknown): string =>
  isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : '';

/** As much of a node as tells which option of a union it is. */
const outlineOf = (node: unknown): unknown => {
  if (isSeq(node)) return [];
  return isMap(node)
    ? Object.fromEntries(node.items.map((pair) => [keyOf(pair), null]))
    : undefined;
};

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(withSortedKeys(a)) === JSON.stringify(withSortedKeys(b));

const withSortedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, withSortedKeys(inner)] as const,
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
