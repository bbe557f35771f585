/** The query form as a tree: `Filter.1.Name=x` is the path Filter, 1, Name. */
import { ApiError } from './api.ts';

export interface FormNode {
  /** The key as sent, up to and including this node; empty at the root. */
  readonly path: string;
  value: string | undefined;
  readonly children: Map<string, FormNode>;
}

const createNode = (path: string): FormNode => ({ path, value: undefined, children: new Map() });

/** Parses `application/x-www-form-urlencoded` text. Of two equal keys the last one counts. */
export const parseForm = (body: string): FormNode => {
  const root = createNode('');
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = unescape(equals < 0 ? pair : pair.slice(0, equals));
    nodeAt(root, key).value = equals < 0 ? '' : unescape(pair.slice(equals + 1));
  }
  return root;
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
  while (start <= key.length) {
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
    throw new ApiError('MalformedQueryString', 'The query string contains a syntax error.');
  }
};
