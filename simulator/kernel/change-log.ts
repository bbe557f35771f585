/** The last changes of a table, for what was made of its rows before and is to be made again. */

/** So many are always known, and up to twice as many are kept. */
const KNOWN_MIN = 1_000;

interface Change {
  readonly id: string;
  /** Until then a describe may see the row as it was before. */
  readonly untilMs: number;
}

export class ChangeLog {
  #last: Change[] = [];
  #forgottenCount = 0;
  #forgottenUntilMs = 0;

  /** How many changes there have been. */
  get count(): number {
    return this.#forgottenCount + this.#last.length;
  }

  add(id: string, untilMs: number): void {
    this.#last.push({ id, untilMs });
    if (this.#last.length < 2 * KNOWN_MIN) return;
    for (const forgotten of this.#last.splice(0, KNOWN_MIN)) {
      this.#forgottenCount += 1;
      this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, forgotten.untilMs);
    }
  }

  /**
   * Ids of the rows that a describe may see otherwise than one at `sinceMs`, after `count` changes.
   * Undefined if that is so long ago that nobody knows.
   */
  since(count: number, sinceMs: number): Set<string> | undefined {
    if (count < this.#forgottenCount || sinceMs < this.#forgottenUntilMs) return undefined;
    const known = count - this.#forgottenCount;
    return new Set(
      this.#last
        .filter(({ untilMs }, index) => index >= known || untilMs > sinceMs)
        .map(({ id }) => id),
    );
  }
}
