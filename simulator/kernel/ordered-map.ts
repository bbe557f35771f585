/** A Map that can also be read in the order of its keys, from any key on. */

/** Up to so many new keys are put into place one by one; more are sorted with all the others. */
const FEW_KEYS = 64;

/** How many of what is sorted by a key have none that is greater than `key`. */
export const rankBy = <T>(sorted: readonly T[], key: string, keyOf: (one: T) => string): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(sorted[middle] as T) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** How many of the sorted keys are not greater than `key`. */
export const rankAfter = (sorted: readonly string[], key: string): number =>
  rankBy(sorted, key, (one) => one);

/** Each once. */
const inOrder = (keys: string[]): string[] =>
  keys.sort().filter((key, index) => key !== keys[index - 1]);

/** All keys in order, each once, and beside each its value: undefined if the key is gone. */
export interface Sorted<Value> {
  readonly keys: readonly string[];
  readonly values: readonly (Value | undefined)[];
}

/**
 * Keys are put into their order only when they are read in it, and keys that are gone stay among
 * them for a while, so `set` and `delete` cost little more than in a Map. Values lie in that order as
 * well: to go through them costs much less than to look each of them up.
 */
export class OrderedMap<Value> extends Map<string, Value> {
  #keys: string[] = [];
  #values: (Value | undefined)[] = [];
  #added: string[] = [];
  #removedCount = 0;

  override set(key: string, value: Value): this {
    if (this.has(key)) this.#place(key, value);
    else this.#added.push(key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const isDeleted = super.delete(key);
    if (isDeleted) {
      this.#place(key, undefined);
      this.#removedCount += 1;
    }
    return isDeleted;
  }

  override clear(): void {
    super.clear();
    this.#keys = [];
    this.#values = [];
    this.#added = [];
    this.#removedCount = 0;
  }

  /** Values whose key is greater than `key`, in the order of their keys. */
  *after(key: string): Generator<Value> {
    const { keys, values } = this.sorted();
    for (let index = rankAfter(keys, key); index < keys.length; index += 1) {
      const value = values[index];
      if (value !== undefined) yield value;
    }
  }

  /** The first `max` values that `holds` is true of, and whose key is greater than `key`, in order. */
  matchesAfter(key: string, holds: (value: Value) => boolean, max: number): readonly Value[] {
    const found: Value[] = [];
    for (const value of this.after(key)) {
      if (found.length >= max) break;
      if (holds(value)) found.push(value);
    }
    return found;
  }

  protected sorted(): Sorted<Value> {
    this.#settle();
    return { keys: this.#keys, values: this.#values };
  }

  /** Gives a key a place in the order that may have no value. */
  protected remember(key: string): void {
    if (!this.has(key)) this.#added.push(key);
  }

  /** Whether a key that is gone has to stay in the order. */
  protected isRemembered(_key: string): boolean {
    return false;
  }

  #settle(): void {
    if (this.#removedCount > FEW_KEYS && this.#removedCount > this.size) this.#forgetRemoved();
    if (this.#added.length > FEW_KEYS) this.#sort([...this.#keys, ...this.#added]);
    else for (const key of this.#added) this.#insert(key);
    this.#added = [];
  }

  #sort(keys: string[]): void {
    this.#keys = inOrder(keys);
    this.#values = this.#keys.map((key) => this.get(key));
  }

  /** A key that is added again after it was deleted is there already. */
  #insert(key: string): void {
    const rank = rankAfter(this.#keys, key);
    const isThere = this.#keys[rank - 1] === key;
    this.#keys.splice(isThere ? rank - 1 : rank, isThere ? 1 : 0, key);
    this.#values.splice(isThere ? rank - 1 : rank, isThere ? 1 : 0, this.get(key));
  }

  /** The value beside a key, if that is in its place by now. */
  #place(key: string, value: Value | undefined): void {
    const index = rankAfter(this.#keys, key) - 1;
    if (this.#keys[index] === key) this.#values[index] = value;
  }

  #forgetRemoved(): void {
    const isKept = (key: string): boolean => this.has(key) || this.isRemembered(key);
    this.#sort(this.#keys.filter(isKept));
    this.#added = this.#added.filter(isKept);
    this.#removedCount = 0;
  }
}
