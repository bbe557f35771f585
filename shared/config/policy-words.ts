import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';

/** What zod finds wrong with one value, in words for whoever wrote it: expected what, found what. */

export type Issue = z.core.$ZodIssue;

/** A value, and how it stands in the document if it is a plain one: `0x1F`, `.nan`. */
export interface Found {
  readonly value: unknown;
  readonly written: string | undefined;
}

/** `expected 1 or more, found 0` */
export const wordsOf = (issue: Issue, schema: unknown, found: Found): string =>
  issue.code === 'custom' ? issue.message : compare(expectationOf(issue, schema), [issue], found);

/** The same for a value that may be several things and is none of them. */
export const wordsOfAll = (wanted: string, issues: readonly Issue[], found: Found): string =>
  compare(wanted, issues, found);

const compare = (wanted: string, issues: readonly Issue[], { value, written }: Found): string => {
  const hint = choiceHint(issues, value) ?? mistakeHint(wanted, issues, value);
  return `expected ${wanted}, found ${foundWords(value, written, issues.some(isSize))}${hint}`;
};

/** The choice that was meant, if there is one and it is like the text. */
const choiceHint = (issues: readonly Issue[], value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const options = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
  const meant = didYouMean(value, options.map(String));
  if (meant === undefined) return undefined;
  return meant === value ? ': leave out the quotes' : `: did you mean ${meant}?`;
};

/** As {@link wordsOf}, of a key. */
export const wordsOfKey = (issue: Issue, key: string): string =>
  issue.code === 'custom'
    ? issue.message
    : `expected a key of ${expectationOf(issue, undefined)}, found ${key.length}`;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

/** What was expected, without that word. A schema may say it better than its type does. */
export const expectationOf = (issue: Issue, schema: unknown): string => {
  switch (issue.code) {
    case 'invalid_type':
      return saidBy(schema) ?? TYPE_WORDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sizeWords(issue.origin, Number(issue.minimum), 'or more', 'at least');
    case 'too_big':
      return sizeWords(issue.origin, Number(issue.maximum), 'or less', 'at most');
    default:
      return issue.message.replace(/^expected /, '');
  }
};

const saidBy = (schema: unknown): string | undefined => {
  if (!(schema instanceof z.ZodType)) return undefined;
  if (schema instanceof z.ZodNumber && schema.format === 'safeint') return TYPE_WORDS['int'];
  const said = schema.meta()?.['expected'];
  return typeof said === 'string' ? said : undefined;
};

const sizeWords = (origin: string, size: number, ofNumber: string, ofMany: string): string => {
  if (origin === 'string') return `${ofMany} ${size} ${size === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `${ofMany} ${size} ${size === 1 ? 'entry' : 'entries'}`;
  return `${size} ${ofNumber}`;
};

const isSize = ({ code }: Issue): boolean => code === 'too_small' || code === 'too_big';

const TEXT_LENGTH_MAX = 60;

export const shortened = (text: string): string =>
  text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}...` : text;

const foundWords = (value: unknown, written: string | undefined, isOfSize: boolean): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return isOfSize ? String(value.length) : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') {
    return isOfSize ? String(value.length) : `the text ${JSON.stringify(shortened(value))}`;
  }
  const text = shortened(written ?? JSON.stringify(value));
  return typeof value === 'number' && !isOfSize ? `the number ${text}` : text;
};

/** One alone is written as a list of one. */
const asListHint = (value: unknown): string => {
  if (typeof value === 'string' && value !== '') {
    const text = shortened(value);
    return `: write it as a list, [${/^[\w-]+$/.test(text) ? text : JSON.stringify(text)}]`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  return ': write a hyphen before each of its entries';
};

/** YAML takes `{slot}` for a map that has a key and no value. */
const isTemplateWithoutQuotes = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((one) => one === null);

/** What YAML makes of a value is not always what people think. */
const mistakeHint = (wanted: string, issues: readonly Issue[], value: unknown): string => {
  const wants = (...types: readonly string[]): boolean =>
    issues.some((issue) => issue.code === 'invalid_type' && types.includes(issue.expected));
  if (typeof value === 'number' || typeof value === 'boolean') {
    return wanted.includes('a text') ? ': write it in quotes' : '';
  }
  if (wanted.includes('a text'))
    return isTemplateWithoutQuotes(value) ? ': write it in quotes' : '';
  if (wants('array')) return asListHint(value);
  if (typeof value !== 'string') return '';
  if (wants('number', 'int') && /^[+-]?\d+$/.test(value)) return ': leave out the quotes';
  return wants('boolean') ? asChoiceHint(value) : '';
};

const asChoiceHint = (value: string): string => {
  if (/^(yes|y|on|true)$/i.test(value)) return ': write true, without quotes';
  return /^(no|n|off|false)$/i.test(value) ? ': write false, without quotes' : '';
};
