/** What `encode` has written, or a person has edited, back to values. */
import { looksTagged } from './encode.ts';
import { placeOf } from './unusable.ts';

/** A tagged value that says nothing, and its place. */
export class UnknownValueError extends Error {
  readonly place: string;

  constructor(path: readonly PropertyKey[], problem: string) {
    super(problem);
    this.name = 'UnknownValueError';
    this.place = placeOf(path);
  }
}

const NUMBERS: Readonly<Record<string, number>> = {
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
  '-0': -0,
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const dateOf = (value: unknown): Date | undefined => {
  const date = new Date(textOf(value));
  return Number.isNaN(date.getTime()) ? undefined : date;
};

const bigintOf = (value: unknown): bigint | undefined =>
  /^-?\d+$/.test(textOf(value)) ? BigInt(textOf(value)) : undefined;

const bytesOf = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : undefined;

const isFields = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Values that are told by one text. Each gives undefined for what it does not understand. */
const SIMPLE: Readonly<Record<string, (value: unknown) => unknown>> = {
  $date: dateOf,
  $number: (value) => NUMBERS[textOf(value)],
  $bigint: bigintOf,
  $bytes: bytesOf,
};

const COLLECTIONS: ReadonlySet<string> = new Set(['$map', '$set', '$object']);

class Reader {
  readonly #path: PropertyKey[] = [];

  read(value: unknown): unknown {
    if (value === null) return undefined;
    if (Array.isArray(value)) return this.#list(value);
    if (!isFields(value)) return value;
    const keys = Object.keys(value);
    const [tag] = keys;
    return tag !== undefined && looksTagged(keys)
      ? this.#tagged(tag, value[tag])
      : this.#fields(value);
  }

  #tagged(tag: string, value: unknown): unknown {
    if (tag === '$null') return null;
    const read = SIMPLE[tag]?.(value) ?? this.#collection(tag, value);
    if (read !== undefined) return read;
    throw new UnknownValueError(
      this.#path,
      tag in SIMPLE || COLLECTIONS.has(tag)
        ? `is no value of ${tag}`
        : `'${tag}' is no kind of value`,
    );
  }

  #collection(tag: string, value: unknown): object | undefined {
    if (!COLLECTIONS.has(tag)) return undefined;
    if (tag === '$set') return Array.isArray(value) ? new Set(this.#list(value)) : undefined;
    if (isFields(value)) {
      const fields = this.#fields(value);
      return tag === '$map' ? new Map(Object.entries(fields)) : fields;
    }
    return tag === '$map' && Array.isArray(value) ? this.#pairs(value) : undefined;
  }

  #pairs(pairs: readonly unknown[]): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (const [index, pair] of pairs.entries()) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw new UnknownValueError([...this.#path, index], 'a key and its value are expected');
      }
      const [key, value] = this.#below(index, pair) as readonly unknown[];
      map.set(key, value);
    }
    return map;
  }

  /** In place: the text's values belong to nobody else, and there may be a hundred megabytes. */
  #list(items: unknown[]): unknown[] {
    for (const [index, item] of items.entries()) items[index] = this.#below(index, item);
    return items;
  }

  #fields(fields: Record<string, unknown>): Record<string, unknown> {
    for (const key of Object.keys(fields)) fields[key] = this.#below(key, fields[key]);
    return fields;
  }

  #below(step: PropertyKey, value: unknown): unknown {
    if (typeof value === 'string' || typeof value === 'number') return value;
    this.#path.push(step);
    const read = this.read(value);
    this.#path.pop();
    return read;
  }
}

/**
 * @param json what JSON.parse gave; it is changed
 * @throws UnknownValueError for a tag that `encode` never writes
 */
export const decode = (json: unknown): unknown => new Reader().read(json);
