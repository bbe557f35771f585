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

type Step = (token: string, open: string[]) => Expected | undefined;

const isEnd = (token: string): boolean => token === '}' || token === ']';

const onKey: Step = (token) => (token.startsWith('"') ? ':' : undefined);

const onValue: Step = (token, open) => {
  if (token === '{' || token === '[') return opened(open, token);
  return isEnd(token) || token === ':' || token === ',' ? undefined : afterValue(open);
};

/** What comes after a token where that was expected; undefined if the token is out of place. */
const STEPS: Readonly<Record<Expected, Step>> = {
  value: onValue,
  'value or ]': (token, open) => (token === ']' ? closed(open, token) : onValue(token, open)),
  key: onKey,
  'key or }': (token, open) => (token === '}' ? closed(open, token) : onKey(token, open)),
  ':': (token) => (token === ':' ? 'value' : undefined),
  ', or close': (token, open) => {
    if (token === ',') return open.at(-1) === '{' ? 'key' : 'value';
    return isEnd(token) ? closed(open, token) : undefined;
  },
  end: () => undefined,
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
    const after: Expected | undefined = token === '' ? undefined : STEPS[expected](token, open);
    if (after === undefined) return problemAt(text, index);
    expected = after;
    index += token.length;
    index += matchAt(SPACE, text, index).length;
  }
  return expected === 'end' ? undefined : problemAt(text, text.length);
};
