/**
 * What was made of a row, for as long as the row says the same: compared field by field, so whoever
 * changes a row need not tell. What is kept is frozen, and the same object each time.
 */

type Fields = Readonly<Record<string, unknown>>;

interface Kept<Value> {
  readonly names: readonly string[];
  /** The fields at that time; of a Map or a Set a copy. */
  readonly held: readonly unknown[];
  readonly value: Value;
}

const copyOf = (value: unknown): unknown => {
  if (value instanceof Map) return new Map(value);
  return value instanceof Set ? new Set(value) : value;
};

const hasSameEntries = (
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
): boolean => {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!Object.is(b.get(key), value)) return false;
  return true;
};

const hasSameMembers = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean => {
  if (a.size !== b.size) return false;
  for (const member of a) if (!b.has(member)) return false;
  return true;
};

const isSame = (held: unknown, value: unknown): boolean => {
  if (held instanceof Map) return value instanceof Map && hasSameEntries(held, value);
  if (held instanceof Set) return value instanceof Set && hasSameMembers(held, value);
  return Object.is(held, value);
};

/** For rows whose lists are replaced, and never changed in place. */
export class RowMemo<Row extends object, Value extends object> {
  readonly #kept = new WeakMap<Row, Kept<Value>>();

  /** @param make of nothing but the row */
  of(row: Row, make: (row: Row) => Value): Value {
    const kept = this.#kept.get(row);
    if (kept !== undefined && this.#isCurrent(kept, row as Fields)) return kept.value;
    const value = Object.freeze(make(row));
    const names = Object.keys(row);
    const held = names.map((name) => copyOf((row as Fields)[name]));
    this.#kept.set(row, { names, held, value });
    return value;
  }

  #isCurrent({ names, held }: Kept<Value>, row: Fields): boolean {
    if (Object.keys(row).length !== names.length) return false;
    for (let index = 0; index < names.length; index += 1) {
      if (!isSame(held[index], row[names[index] as string])) return false;
    }
    return true;
  }
}
