/**
 * EventBridge's event patterns: every field named must match (AND), by any of its alternatives
 * (OR). An operator that is not served is an error when the rule is made, not a silent mismatch.
 */

export type EventTest = (event: unknown) => boolean;
type ValueTest = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const bad = (path: string, what: string): Error =>
  new Error(`event pattern, at ${path === '' ? 'the top' : path}: ${what}`);

const asText = (path: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  throw bad(path, 'a text is expected');
};

const isScalar = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const textTest =
  (test: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === 'string' && test(value);

const exclusion = (path: string, operand: unknown): ValueTest => {
  if (isRecord(operand)) {
    const inner = operatorTest(path, operand);
    return (value) => value !== undefined && !inner(value);
  }
  const excluded = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (!excluded.every(isScalar)) throw bad(path, 'anything-but takes values or one prefix/suffix');
  return (value) => value !== undefined && !excluded.includes(value);
};

const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[\\s\\S]*')}$`);

const OPERATORS: Readonly<Record<string, (path: string, operand: unknown) => ValueTest>> = {
  prefix: (path, operand) => {
    const prefix = asText(path, operand);
    return textTest((text) => text.startsWith(prefix));
  },
  suffix: (path, operand) => {
    const suffix = asText(path, operand);
    return textTest((text) => text.endsWith(suffix));
  },
  wildcard: (path, operand) => {
    const expression = wildcard(asText(path, operand));
    return textTest((text) => expression.test(text));
  },
  'equals-ignore-case': (path, operand) => {
    const wanted = asText(path, operand).toLowerCase();
    return textTest((text) => text.toLowerCase() === wanted);
  },
  'anything-but': exclusion,
  exists: (path, operand) => {
    if (typeof operand !== 'boolean') throw bad(path, 'exists takes true or false');
    return (value) => (value !== undefined) === operand;
  },
};

const operatorTest = (path: string, operator: Readonly<Record<string, unknown>>): ValueTest => {
  const [entry, ...more] = Object.entries(operator);
  if (entry === undefined || more.length > 0) throw bad(path, 'exactly one operator is expected');
  const [name, operand] = entry;
  const make = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (make === undefined) throw bad(path, `the operator '${name}' is not served`);
  return make(path, operand);
};

const alternativeTest = (path: string, alternative: unknown): ValueTest => {
  if (isRecord(alternative)) return operatorTest(path, alternative);
  if (isScalar(alternative)) return (value) => value === alternative;
  throw bad(path, 'an alternative is a value or an operator');
};

/** Values of an event's array are tried one by one, as by EventBridge. */
const leafTest = (path: string, alternatives: readonly unknown[]): ValueTest => {
  if (alternatives.length === 0) throw bad(path, 'an empty list matches nothing');
  const tests = alternatives.map((alternative) => alternativeTest(path, alternative));
  const holds: ValueTest = (value) => tests.some((test) => test(value));
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(holds) : holds(value));
};

const compile = (path: string, pattern: unknown): ValueTest => {
  if (Array.isArray(pattern)) return leafTest(path, pattern);
  if (!isRecord(pattern)) throw bad(path, 'a list of alternatives or a nested pattern is expected');
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw bad(path, 'an empty pattern matches nothing');
  const tests = entries.map(([key, inner]) => {
    if (key.startsWith('$')) throw bad(path, `'${key}' is not served`);
    return { key, test: compile(path === '' ? key : `${path}.${key}`, inner) };
  });
  return (value) => {
    const record = isRecord(value) ? value : {};
    return tests.every(({ key, test }) => test(record[key]));
  };
};

/** @throws Error naming the place in the pattern that cannot be served. */
export const compilePattern = (pattern: unknown): EventTest => compile('', pattern);
