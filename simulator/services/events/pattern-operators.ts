/**
 * What may stand in the list of a field in an event pattern: values, and operators such as
 * `{"prefix": "x"}`. Reasons for a refusal are in EventBridge's words, as far as they were recorded.
 */
import { BlockList, isIP } from 'node:net';

/** `undefined` stands for a field that the event does not have. */
export type ValueTest = (value: unknown) => boolean;

/** Why a pattern is not valid. */
export class PatternError extends Error {}

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isScalar = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const textTest =
  (test: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === 'string' && test(value);

const onlyEntry = (fields: Fields): readonly [string, unknown] => {
  const [entry, ...more] = Object.entries(fields);
  if (entry === undefined || more.length > 0) {
    throw new PatternError('Only one key allowed in match expression');
  }
  return entry;
};

const textOf = (operand: unknown, operator: string): string => {
  if (typeof operand === 'string') return operand;
  throw new PatternError(`${operator} match pattern must be a string`);
};

/** Text as a regular expression; `*` is any text, and a backslash takes its meaning away. */
const wildcardOf = (pattern: string): RegExp => {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '\\') {
      at += 1;
      const next = pattern[at] ?? '';
      if (next !== '*' && next !== '\\') {
        throw new PatternError(`Invalid escape character at pos ${at - 1}`);
      }
      source += `\\${next}`;
    } else if (char === '*') {
      if (pattern[at + 1] === '*') {
        throw new PatternError(`Consecutive wildcard characters at pos ${at + 1}`);
      }
      source += '[\\s\\S]*';
    } else source += char.replace(/[.+?^${}()|[\]]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
};

const wildcard = (operand: unknown): ValueTest => {
  const expression = wildcardOf(textOf(operand, 'wildcard'));
  return textTest((text) => expression.test(text));
};

const equalsIgnoringCase = (operand: unknown): ValueTest => {
  const wanted = textOf(operand, 'equals-ignore-case').toLowerCase();
  return textTest((text) => text.toLowerCase() === wanted);
};

/** Prefix or suffix, of which `{"equals-ignore-case": "x"}` is a form. */
const affix =
  (operator: 'prefix' | 'suffix') =>
  (operand: unknown): ValueTest => {
    const hasAffix = (text: string, wanted: string): boolean =>
      operator === 'prefix' ? text.startsWith(wanted) : text.endsWith(wanted);
    if (!isFields(operand)) {
      const wanted = textOf(operand, operator);
      return textTest((text) => hasAffix(text, wanted));
    }
    const [name, inner] = onlyEntry(operand);
    if (name !== 'equals-ignore-case')
      throw new PatternError(`Unsupported ${operator} pattern: ${name}`);
    const wanted = textOf(inner, 'equals-ignore-case').toLowerCase();
    return textTest((text) => hasAffix(text.toLowerCase(), wanted));
  };

type Compare = (a: number, b: number) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** The comparison of that name at the place: the second one is the upper bound to a lower one. */
const comparisonAt = (operand: readonly unknown[], at: number): Compare => {
  const name = operand[at];
  const compare = typeof name === 'string' ? COMPARISONS[name] : undefined;
  if (compare === undefined && at === 0) {
    throw new PatternError(`Unrecognized numeric range operator: ${String(name)}`);
  }
  const isUpper = name === '<' || name === '<=';
  const isAllowed = at === 0 || (at === 2 && isUpper && String(operand[0]).startsWith('>'));
  if (compare !== undefined && isAllowed) return compare;
  throw new PatternError(`Bad numeric range operator: ${String(name)}`);
};

const boundOf = (name: unknown, bound: unknown): number => {
  if (typeof bound !== 'number') throw new PatternError(`Value of ${String(name)} must be numeric`);
  if (Math.abs(bound) <= 2 ** 53) return bound;
  throw new PatternError('Value must be between -2^53 and 2^53');
};

/** One comparison, or a range of a lower and then an upper bound. */
const numeric = (operand: unknown): ValueTest => {
  if (!Array.isArray(operand)) throw new PatternError('Value of numeric must be an array.');
  if (operand.length === 0) throw new PatternError('Invalid member in numeric match: ]');
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const compare = comparisonAt(operand, at);
    const bound = boundOf(operand[at], operand[at + 1]);
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const cidr = (operand: unknown): ValueTest => {
  // In EventBridge's own words: it reads this operand as it reads that of a prefix.
  if (typeof operand !== 'string') throw new PatternError('prefix match pattern must be a string');
  const [address = '', bits, ...more] = operand.split('/');
  if (bits === undefined || more.length > 0) {
    throw new PatternError("Malformed CIDR, one '/' required");
  }
  if (!/^\d+$/.test(bits)) throw new PatternError('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw new PatternError(`Nonstandard IP address: ${address}`);
  if (Number(bits) > (version === 4 ? 32 : 128)) {
    throw new PatternError('Malformed CIDR, mask bits must be in range');
  }
  const type = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(bits), type);
  return textTest((text) => isIP(text) === version && block.check(text, type));
};

const exists = (operand: unknown): ValueTest => {
  if (typeof operand !== 'boolean') {
    throw new PatternError('exists match pattern must be either true or false.');
  }
  return (value) => (value !== undefined) === operand;
};

const ANYTHING_BUT = 'Value of anything-but must be an array or single string/number value.';

/** Operators that may stand inside of anything-but, with one text or a list. */
const EXCLUDED: Readonly<Record<string, (text: string) => ValueTest>> = {
  prefix: (text) => affix('prefix')(text),
  suffix: (text) => affix('suffix')(text),
  wildcard,
  'equals-ignore-case': equalsIgnoringCase,
};

const excludedTexts = (name: string, operand: unknown): readonly string[] => {
  if (isFields(operand)) throw new PatternError(ANYTHING_BUT);
  const list = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (list.length === 0) throw new PatternError('Empty arrays are not allowed');
  return list.map((item) => {
    const isAffix = name === 'prefix' || name === 'suffix';
    if (typeof item !== 'string') {
      throw new PatternError(
        isAffix
          ? 'prefix/suffix match pattern must be a string'
          : name === 'wildcard'
            ? 'wildcard match pattern must be a string'
            : `Inside anything-but/${name} list, number|start|null|boolean is not supported.`,
      );
    }
    if (isAffix && item === '') throw new PatternError('Null prefix/suffix not allowed');
    return item;
  });
};

/** Matches any value that is there and that the operand does not name. */
const anythingBut = (operand: unknown): ValueTest => {
  if (isFields(operand)) {
    const [name, inner] = onlyEntry(operand);
    const make = Object.hasOwn(EXCLUDED, name) ? EXCLUDED[name] : undefined;
    if (make === undefined) throw new PatternError(`Unsupported anything-but pattern: ${name}`);
    const tests = excludedTexts(name, inner).map((text) => make(text));
    return (value) => value !== undefined && !tests.some((test) => test(value));
  }
  const isList = Array.isArray(operand);
  const excluded: readonly unknown[] = isList ? operand : [operand];
  const isAllowed = (item: unknown): boolean =>
    typeof item === 'string' || typeof item === 'number';
  if (!isList && !isAllowed(operand)) throw new PatternError(ANYTHING_BUT);
  if (excluded.length === 0) throw new PatternError('Empty arrays are not allowed');
  if (!excluded.every(isAllowed)) {
    throw new PatternError('Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(excluded.map((item) => typeof item)).size > 1) {
    throw new PatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return (value) => value !== undefined && !excluded.includes(value);
};

const OPERATORS: Readonly<Record<string, (operand: unknown) => ValueTest>> = {
  'anything-but': anythingBut,
  cidr,
  'equals-ignore-case': equalsIgnoringCase,
  exists,
  numeric,
  prefix: affix('prefix'),
  suffix: affix('suffix'),
  wildcard,
};

/** Whether a key is an operator's name: such keys keep `$or` from being one. */
export const isOperator = (name: string): boolean => Object.hasOwn(OPERATORS, name);

/** One of a field's alternatives. @throws PatternError */
export const alternativeTest = (alternative: unknown): ValueTest => {
  if (isScalar(alternative)) return (value) => value === alternative;
  if (!isFields(alternative)) {
    throw new PatternError('Match value must be String, number, true, false, or null');
  }
  const [name, operand] = onlyEntry(alternative);
  const make = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (make === undefined) throw new PatternError(`Unrecognized match type ${name}`);
  return make(operand);
};
