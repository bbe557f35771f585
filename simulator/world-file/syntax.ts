/** Finds where a text stops to be JSON: JSON.parse does not always tell. */

export interface SyntaxProblem {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** Whether more text could have made it JSON. */
  readonly isCutOff: boolean;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close' | 'end';

const TOKEN =
  // oxlint-disable-next-line no-control-regex -- JSON forbids control characters in a string
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;
const SPACE = /[ \t\n\r]*/y;
/** The beginning of a token that has no end. */
const PARTIAL = /^(?:"(?:[^"\\]|\\.)*\\?|-|t|tr|tru|f|fa|fal|fals|n|nu|nul|)$/s;

const matchAt = (expression: RegExp, text: string, index: number): string => {
  expression.lastIndex = index;
  return expression.exec(text)?.[0] ?? '';
};

/** What follows a whole value inside of what is open. */
const afterValue = (open: readonly string[]): Expected =>
  open.length === 0 ? 'end' : ', or close';

const opened = (open: string[], token: string): Expected => {
  open.push(token);
  return token === '{' ? 'key or }' : 'value or ]';
};

const closed = (open: string[], token: string): Expected | undefined =>
  open.pop() === (token === '}' ? '{' : '[') ? afterValue(open) : undefined;

/** What comes after `token`, or undefined if it is out of place. Changes what is open. */
const next = (expected: Expected, token: string, open: string[]): Expected | undefined => {
  if (expected === 'key' || expected === 'key or }') {
    if (token.startsWith('"')) return ':';
    return token === '}' && expected === 'key or }' ? closed(open, token) : undefined;
  }
  if (expected === ':') return token === ':' ? 'value' : undefined;
  if (expected === ', or close') {
    if (token === ',') return open.at(-1) === '{' ? 'key' : 'value';
    return token === '}' || token === ']' ? closed(open, token) : undefined;
  }
  if (expected === 'end') return undefined;
  if (token === '{' || token === '[') return opened(open, token);
  if (token === ']' && expected === 'value or ]') return closed(open, token);
  return /^[}\],:]/.test(token) ? undefined : afterValue(open);
};

const problemAt = (text: string, index: number): SyntaxProblem => {
  const before = text.slice(0, index);
  return {
    line: before.split('\n').length,
    column: index - before.lastIndexOf('\n'),
    isCutOff: PARTIAL.test(text.slice(index)),
  };
};

/** The first place at which the text is not JSON; undefined if all of it is. */
export const findSyntaxProblem = (text: string): SyntaxProblem | undefined => {
  const open: string[] = [];
  let expected: Expected = 'value';
  let index = matchAt(SPACE, text, 0).length;
  while (index < text.length) {
    const token = matchAt(TOKEN, text, index);
    const after: Expected | undefined = token === '' ? undefined : next(expected, token, open);
    if (after === undefined) return problemAt(text, index);
    expected = after;
    index += token.length;
    index += matchAt(SPACE, text, index).length;
  }
  return expected === 'end' ? undefined : problemAt(text, text.length);
};
