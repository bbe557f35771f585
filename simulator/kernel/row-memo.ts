import { settled } from './settled.ts';

/**
 * What was made of rows: of each the same settled object, until somebody says that the row changes.
 * Tables are told before each change, so they are who says it.
 */
export class RowMemo<Row extends object, Value extends object> {
  #kept = new WeakMap<Row, Value>();

  /** @param make of the row, and of nothing that can change without a call of `forget` */
  of(row: Row, make: (row: Row) => Value): Value {
    const kept = this.#kept.get(row);
    if (kept !== undefined) return kept;
    const value = settled(make(row));
    this.#kept.set(row, value);
    return value;
  }

  /**
   * A settled list of what is made of each row.
   * @param lasts whether what is made of the row now stays the same until the row is changed
   */
  listOf(rows: readonly Row[], lasts: (row: Row) => boolean, make: (row: Row) => Value): Value[] {
    const list = rows.map((row) => (lasts(row) ? this.of(row, make) : settled(make(row))));
    Object.freeze(list);
    return list;
  }

  forget(row: Row): void {
    this.#kept.delete(row);
  }

  forgetAll(): void {
    this.#kept = new WeakMap();
  }
}
