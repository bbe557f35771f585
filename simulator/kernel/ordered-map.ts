/** A Map that can also be read in the order of its keys, from any key on. */

/** Up to so many new keys are put into place one by one; more are sorted with all the others. */
const FEW_KEYS = 64;

/** How many of the sorted keys are not greater than `key`. */
const rankAfter = (sorted: readonly string[], key: string): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Keys are put into their order only when they are read in it, and keys that are gone stay among
 * them for a while, so `set` and `delete` cost what they cost in a Map.
 */
export class OrderedMap<Value> extends Map<string, Value> {
  #sorted: string[] = [];
  #added: string[] = [];
  #removedCount = 0;

  override set(key: string, value: Value): this {
    if (!this.has(key)) this.#added.push(key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const isDeleted = super.delete(key);
    if (isDeleted) this.#removedCount += 1;
    return isDeleted;
  }

  override clear(): void {
    super.clear();
    this.#sorted = [];
    this.#added = [];
    this.#removedCount = 0;
  }

  /** Values whose key is greater than `key`, in the order of their keys. */
  *after(key: string): Generator<Value> {
    for (const one of this.keysAfter(key)) {
      const value = this.get(one);
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

  /** Keys greater than `key`, in order, each once; some may be of values that are gone. */
  protected *keysAfter(key: string): Generator<string> {
    this.#settle();
    const sorted = this.#sorted;
    let last = key;
    for (let index = rankAfter(sorted, key); index < sorted.length; index += 1) {
      const next = sorted[index] as string;
      if (next === last) continue; // added again after it had been deleted
      last = next;
      yield next;
    }
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
    if (this.#added.length > FEW_KEYS) this.#sorted = [...this.#sorted, ...this.#added].sort();
    else for (const key of this.#added) this.#sorted.splice(rankAfter(this.#sorted, key), 0, key);
    this.#added = [];
  }

  #forgetRemoved(): void {
    const isKept = (key: string): boolean => this.has(key) || this.isRemembered(key);
    this.#sorted = this.#sorted.filter(isKept);
    this.#added = this.#added.filter(isKept);
    this.#removedCount = 0;
  }
}
