/**
 * Values as JSON text that a person can read and edit. JSON's own kinds stand for themselves; the
 * others are an object with one key:
 *
 *     {"$map": {"Name": "web-1"}}           Map with text keys; else {"$map": [[key, value], ...]}
 *     {"$set": ["111122223333"]}            Set
 *     {"$date": "2026-11-21T03:00:00.000Z"} Date
 *     {"$number": "Infinity"}               Infinity, -Infinity, NaN, -0
 *     {"$bigint": "18849496460467696128"}   bigint
 *     {"$bytes": "aW1hZ28="}                Uint8Array, as base64
 *     {"$null": true}                       null, since null stands for undefined
 *     {"$object": {"$or": []}}              an object that would look like one of these
 */
import { placeOf } from './unusable.ts';

/** Containers above this depth have a line for each element: rows are on a line of their own. */
const LINES_DEPTH = 5;

/** A key that a JavaScript object would not keep in its place among the others. */
const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key);

const hasPlainKeys = (map: ReadonlyMap<unknown, unknown>): boolean => {
  for (const key of map.keys()) if (typeof key !== 'string' || isIndex(key)) return false;
  return true;
};

/** Whether an object could be taken for a tagged value. */
export const looksTagged = (keys: readonly string[]): boolean =>
  keys.length === 1 && keys[0]?.startsWith('$') === true;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const numberText = (value: number): string => {
  if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return `{"$number":"${Object.is(value, -0) ? '-0' : value}"}`;
};

class Writer {
  /** Of the value that is being written: for the message of an error. */
  readonly #path: PropertyKey[] = [];

  write(value: unknown, depth: number): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'boolean') return String(value);
    if (value === undefined) return 'null';
    if (value === null) return '{"$null":true}';
    if (typeof value === 'bigint') return `{"$bigint":"${value}"}`;
    if (typeof value === 'object') return this.#object(value, depth);
    throw this.#unsavable(`a ${typeof value}`);
  }

  #object(value: object, depth: number): string {
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return `{"$set":${this.#list([...value], depth)}}`;
    if (value instanceof Date) return `{"$date":"${value.toISOString()}"}`;
    if (value instanceof Uint8Array) {
      return `{"$bytes":"${Buffer.from(value).toString('base64')}"}`;
    }
    if (!isPlain(value)) throw this.#unsavable(`an object of ${value.constructor.name}`);
    const text = this.#entries(Object.entries(value), depth);
    return looksTagged(Object.keys(value)) ? `{"$object":${text}}` : text;
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): string {
    return hasPlainKeys(map)
      ? `{"$map":${this.#entries(map as ReadonlyMap<string, unknown>, depth)}}`
      : `{"$map":${this.#list([...map], depth)}}`;
  }

  #list(items: readonly unknown[], depth: number): string {
    const parts = items.map((item, index) => this.#below(index, item, depth));
    return this.#joined('[', parts, ']', depth);
  }

  #entries(entries: Iterable<readonly [string, unknown]>, depth: number): string {
    const colon = depth < LINES_DEPTH ? ': ' : ':';
    const parts: string[] = [];
    for (const [key, value] of entries) {
      parts.push(JSON.stringify(key) + colon + this.#below(key, value, depth));
    }
    return this.#joined('{', parts, '}', depth);
  }

  /** Most values are texts and numbers, of which no error needs to tell the path. */
  #below(step: PropertyKey, value: unknown, depth: number): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number') return numberText(value);
    this.#path.push(step);
    const text = this.write(value, depth + 1);
    this.#path.pop();
    return text;
  }

  #joined(open: string, parts: readonly string[], close: string, depth: number): string {
    if (depth >= LINES_DEPTH || parts.length === 0) return `${open}${parts.join(',')}${close}`;
    const indent = '  '.repeat(depth + 1);
    const lines = parts.map((part) => `${indent}${part}`).join(',\n');
    return `${open}\n${lines}\n${'  '.repeat(depth)}${close}`;
  }

  #unsavable(what: string): TypeError {
    return new TypeError(`${placeOf(this.#path)}: ${what} cannot be saved`);
  }
}

/** @throws TypeError naming the path of what cannot be saved, such as a function */
export const encode = (value: unknown): string => new Writer().write(value, 0);
