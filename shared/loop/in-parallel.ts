export interface Worked<R> {
  /** In the items' order. */
  readonly results: readonly R[];
  /** What was thrown, where something was: the rest was then left, and what was under way awaited. */
  readonly defect?: Error;
}

/**
 * Runs `work` over `items`, at most `workers` at a time. Before each item `mayGoOn` is asked; once it
 * says no, the rest is left and not in the results. Never rejects, since what is done is done, and
 * has to be told even if something else was thrown.
 */
export const inParallel = async <T, R>(
  items: readonly T[],
  workers: number,
  mayGoOn: () => boolean,
  work: (item: T) => Promise<R>,
): Promise<Worked<R>> => {
  const results = new Map<number, R>();
  const defects: Error[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length && defects.length === 0 && mayGoOn()) {
      const index = next;
      next += 1;
      try {
        results.set(index, await work(items[index] as T));
      } catch (error) {
        defects.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, run));
  const inOrder = [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
  const [defect] = defects;
  return defect === undefined ? { results: inOrder } : { results: inOrder, defect };
};
