/** How much numbers may differ that count as level, in percent of the largest. */
export const LEVEL_PERCENT = 5;

/** A stretch that is a smaller part of the whole proves nothing. */
const STRETCH_PART = 4;
/** Of fewer days nothing is said: no stretch of them shows anything. */
export const LEVEL_DAYS_MIN = 3;

/**
 * From when on a series stays level: its numbers differ by no more than {@link LEVEL_PERCENT}, and
 * neither its highest nor its lowest number moves on from the first half of that stretch to the
 * second. Tiers of a policy make a number swing; what grows slowly is not level.
 * @returns the index, or undefined if too little of the end is level to say so
 */
export const levelFrom = (series: readonly number[]): number | undefined => {
  const stretchMin = Math.max(LEVEL_DAYS_MIN, Math.ceil((series.length - 1) / STRETCH_PART));
  const latest = series.length - 1 - stretchMin;
  for (let from = 0; from <= latest; from += 1) if (isLevel(series.slice(from))) return from;
  return undefined;
};

const isLevel = (series: readonly number[]): boolean => {
  const [low, high] = [Math.min(...series), Math.max(...series)];
  if ((high - low) * 100 > high * LEVEL_PERCENT) return false;
  const middle = Math.floor(series.length / 2);
  const [before, after] = [series.slice(0, middle), series.slice(middle)];
  return Math.max(...before) >= Math.max(...after) && Math.min(...before) <= Math.min(...after);
};
