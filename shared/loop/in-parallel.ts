/**
 * Runs `work` over `items`, at most `workers` at a time, and gives the results in the items' order.
 * Before each item `mayGoOn` is asked; once it says no, the rest is left and not in the result.
 * A rejection stops the rest and is passed on.
 */
export const inParallel = async <T, R>(
  items: readonly T[],
  workers: number,
  mayGoOn: () => boolean,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results = new Map<number, R>();
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length && mayGoOn()) {
      const index = next;
      next += 1;
      results.set(index, await work(items[index] as T));
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, run));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
};
