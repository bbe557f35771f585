import { nearest } from '../domain/nearest.ts';

/** Longer than any key, Region or time zone: what is longer is no misspelt one. */
const WORD_LENGTH_MAX = 64;

/** Of a word and a known one: if more differs, nobody meant it. */
const DIFFERENT_SHARE_MAX = 0.4;

/** The known word that was most likely meant, if one is near. Case does not count. */
export const didYouMean = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > WORD_LENGTH_MAX) return undefined;
  const byLowerCase = new Map(known.map((one) => [one.toLowerCase(), one]));
  const meant = nearest(word.toLowerCase(), [...byLowerCase.keys()], DIFFERENT_SHARE_MAX);
  return byLowerCase.get(meant ?? '');
};
