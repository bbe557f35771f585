import { parseDuration } from './duration.ts';
import type { Keep, KeepFrom, PeriodCount } from './policy.ts';

const COUNTED = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

const TIMED = [
  'within',
  'withinHourly',
  'withinDaily',
  'withinWeekly',
  'withinMonthly',
  'withinYearly',
] as const;

const inKebabCase = (key: string): string =>
  key.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);

const SPELLINGS = TIMED.flatMap(
  (key) =>
    [
      [key.toLowerCase(), key],
      [inKebabCase(key), key],
    ] as const,
);

/**
 * Reads how long a point is kept, as people write it into a tag:
 * - `30d`, `1y6mo`: every point of that time;
 * - `all`: every point, for ever;
 * - `daily=7,weekly=4`: the keys of a policy's `keep`, each at most once, with a number from 1 on or
 *   `all`; the `within` keys with a duration. `withinDaily` may be written `within-daily`;
 * - `30`: so many of `unit`, if there is one.
 *
 * Capitals do not matter, nor do blanks at the ends and around commas. Anything else is undefined;
 * it never throws.
 */
export const parseKeepText = (text: string, unit?: KeepFrom['unit']): Keep | undefined => {
  const plain = text.trim().toLowerCase();
  if (plain === 'all') return { last: 'all' };
  if (plain.includes('=')) return parseRules(plain.split(','));
  // A bare number without a unit stays what no duration is.
  const within = parseDuration(plain.replace(/^\d+$/, (number) => `${number}${unit}`));
  return within && { within };
};

const parseRules = (parts: readonly string[]): Keep | undefined => {
  const rules = parts.map((part) => parseRule(part.trim()) ?? {});
  const keep = rules.reduce<Keep>((all, rule) => ({ ...all, ...rule }), {});
  // A part that says nothing, or the same as another, leaves one key too few.
  return Object.keys(keep).length === parts.length ? keep : undefined;
};

const parseRule = (part: string): Keep | undefined => {
  const counted = COUNTED.find((key) => part.startsWith(`${key}=`));
  if (counted !== undefined) {
    const count = parseCount(part.slice(counted.length + 1));
    return count === undefined ? undefined : { [counted]: count };
  }
  const timed = SPELLINGS.find(([word]) => part.startsWith(`${word}=`));
  if (timed === undefined) return undefined;
  const [word, key] = timed;
  const duration = parseDuration(part.slice(word.length + 1));
  return duration && { [key]: duration };
};

const parseCount = (text: string): PeriodCount | undefined => {
  if (text === 'all') return text;
  return /^\d{1,6}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
};
