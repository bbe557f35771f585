/**
 * Virtual time: the only clock of the embedded cloud and of everything that runs on it.
 *
 * Nothing here waits. `runUntil` takes the earliest timer, moves the clock to it and fires it, then
 * lets every promise that it woke run dry (one turn of the event loop) before it takes the next.
 * Timers of one instant fire in the order in which they were set, so a run is reproducible.
 */

interface Timer {
  readonly atMs: number;
  readonly sequence: number;
  readonly fire: () => void;
  isCalledOff: boolean;
}

const isEarlier = (a: Timer, b: Timer): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);

export class VirtualClock {
  #nowMs: number;
  #sequence = 0;
  readonly #heap: Timer[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Milliseconds since the epoch. */
  nowMs(): number {
    return this.#nowMs;
  }

  /** Resolves when virtual time has moved on by `delayMs` (0 or more). */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.#nowMs + Math.max(0, delayMs), resolve);
    });
  }

  /**
   * Fires `fire` once at `atMs`; an instant in the past fires at the next opportunity. Returns what
   * calls it off.
   */
  at(atMs: number, fire: () => void): () => void {
    const sequence = this.#sequence++;
    const timer: Timer = {
      atMs: Math.max(atMs, this.#nowMs),
      sequence,
      fire,
      isCalledOff: false,
    };
    this.#push(timer);
    return () => {
      timer.isCalledOff = true;
    };
  }

  /** Runs every timer due up to and including `untilMs`; the clock then stands at `untilMs`. */
  async runUntil(untilMs: number): Promise<void> {
    await settle();
    for (
      let next = this.#heap[0];
      next !== undefined && next.atMs <= untilMs;
      next = this.#heap[0]
    ) {
      this.#pop();
      if (next.isCalledOff) continue;
      this.#nowMs = next.atMs;
      next.fire();
      await settle();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /**
   * Moves time on until `promise` settles, and returns its value.
   * Throws if it is still pending with no timer left: then nothing could ever settle it.
   */
  async runFor<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const watched = promise.finally(() => {
      isSettled = true;
    });
    watched.catch(() => undefined); // reported by the await below
    await settle();
    while (!isSettled) {
      const next = this.#pop();
      if (next === undefined)
        throw new Error('virtual deadlock: a promise is pending and no timer is left');
      if (next.isCalledOff) continue;
      this.#nowMs = next.atMs;
      next.fire();
      await settle();
    }
    return watched;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Timer;
      if (!isEarlier(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      if (left >= heap.length) break;
      const child =
        right < heap.length && isEarlier(heap[right] as Timer, heap[left] as Timer) ? right : left;
      if (!isEarlier(heap[child] as Timer, last)) break;
      heap[index] = heap[child] as Timer;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

/** One turn of the event loop: all promise reactions that are ready have run when it resolves. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
