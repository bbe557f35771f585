/** The query form as a tree: `Filter.1.Name=x` is the path Filter, 1, Name. */
import { malformedQuery } from './errors.ts';

export interface FormNode {
  /** The key as sent, up to and including this node; empty at the root. */
  readonly path: string;
  value: string | undefined;
  readonly children: Map<string, FormNode>;
}

/** More than any request has that AWS would take; they bound what a request can make of memory. */
const PARAMETERS_MAX = 100_000;
const SEGMENTS_MAX = 64;

const createNode = (path: string): FormNode => ({ path, value: undefined, children: new Map() });

/**
 * Parses `application/x-www-form-urlencoded` texts into one tree. Of equal keys the first one counts,
 * as STS has been seen to do. Throws ApiError MalformedQueryString.
 */
export const parseForm = (...texts: readonly string[]): FormNode => {
  const root = createNode('');
  let count = 0;
  for (const text of texts) {
    for (const pair of text.split('&', PARAMETERS_MAX + 1)) {
      if (pair === '') continue;
      count += 1;
      if (count > PARAMETERS_MAX) throw malformedQuery('The query string has too many parameters.');
      addPair(root, pair);
    }
  }
  return root;
};

const addPair = (root: FormNode, pair: string): void => {
  const equals = pair.indexOf('=');
  const key = unescape(equals < 0 ? pair : pair.slice(0, equals));
  const node = nodeAt(root, key);
  node.value ??= equals < 0 ? '' : unescape(pair.slice(equals + 1));
};

/** Removes a top-level parameter, such as `Action`, and returns its value. */
export const takeParameter = (root: FormNode, key: string): string | undefined => {
  const value = root.children.get(key)?.value;
  root.children.delete(key);
  return value;
};

/** The first parameter at or below `node`, which is what an error about it names. */
export const firstParameter = (node: FormNode): string => {
  const [child] = node.children.values();
  return child === undefined || node.value !== undefined ? node.path : firstParameter(child);
};

const nodeAt = (root: FormNode, key: string): FormNode => {
  let node = root;
  let start = 0;
  for (let depth = 0; start <= key.length; depth += 1) {
    if (depth === SEGMENTS_MAX) throw malformedQuery('A parameter has too many parts.');
    const dot = key.indexOf('.', start);
    const end = dot < 0 ? key.length : dot;
    const segment = key.slice(start, end);
    let child = node.children.get(segment);
    if (child === undefined) {
      child = createNode(key.slice(0, end));
      node.children.set(segment, child);
    }
    node = child;
    start = end + 1;
  }
  return node;
};

const unescape = (encoded: string): string => {
  if (!encoded.includes('%') && !encoded.includes('+')) return encoded;
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw malformedQuery();
  }
};
