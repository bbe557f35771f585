/**
 * What was made of a row, for as long as the row says the same: compared field by field, so whoever
 * changes a row need not tell. What is kept is frozen, and the same object each time.
 */

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** A Map or a Set, and none that is readonly. */
type Collection = { clear(): void };

/** Fields that can be other than they were: those that can be set, and what can be filled. */
export type ChangingField<Row> = {
  readonly [Field in keyof Row]-?: Row[Field] extends Collection
    ? Field
    : Same<{ [One in Field]: Row[One] }, { -readonly [One in Field]: Row[One] }> extends true
      ? Field
      : never;
}[keyof Row];

interface Kept<Value> {
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
  if (typeof held !== 'object') return held === value;
  if (held instanceof Map) return value instanceof Map && hasSameEntries(held, value);
  if (held instanceof Set) return value instanceof Set && hasSameMembers(held, value);
  return held === value;
};

/** For rows whose lists are replaced, and never changed in place. */
export class RowMemo<Row extends object, Value extends object> {
  readonly #fields: readonly (keyof Row)[];
  readonly #kept = new WeakMap<Row, Kept<Value>>();

  /** @param changing each field that can change; the compiler knows if one is missing */
  constructor(changing: Readonly<Record<ChangingField<Row>, true>>) {
    this.#fields = Object.keys(changing) as (keyof Row)[];
  }

  /** @param make of nothing but the row */
  of(row: Row, make: (row: Row) => Value): Value {
    const kept = this.#kept.get(row);
    if (kept !== undefined && this.#isCurrent(kept.held, row)) return kept.value;
    const value = Object.freeze(make(row));
    this.#kept.set(row, { held: this.#fields.map((field) => copyOf(row[field])), value });
    return value;
  }

  #isCurrent(held: readonly unknown[], row: Row): boolean {
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index += 1) {
      if (!isSame(held[index], row[fields[index] as keyof Row])) return false;
    }
    return true;
  }
}
