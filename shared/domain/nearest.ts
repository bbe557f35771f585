/**
 * The known word that is most like `word`, measured by how much of the two differs.
 * @param shareMax how much may differ at most, from 0 to 1; what differs by more is not like it at all
 */
export const nearest = (
  word: string,
  known: readonly string[],
  shareMax = 1,
): string | undefined => {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of known) {
    const share = editDistance(word, one) / Math.max(word.length, one.length, 1);
    if (share > shareMax || share >= least) continue;
    best = one;
    least = share;
  }
  return best;
};

/**
 * How many characters must be added, removed, replaced or swapped with their neighbour to make `b` of
 * `a` (optimal string alignment).
 */
const editDistance = (a: string, b: string): number => {
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  let above = row;
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (above[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    above = row;
    row = next;
  }
  return row[b.length] ?? 0;
};
