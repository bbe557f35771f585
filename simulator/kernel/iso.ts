/** Instants as text. Every event and every image tells some: a day is written once, its times often. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The day that was asked for last: when it begins, and its text up to the `T`. */
let day = { startMs: 0, text: '1970-01-01T' };

const dayOf = (atMs: number): typeof day => {
  if (atMs >= day.startMs && atMs < day.startMs + DAY_MS) return day;
  const startMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  const text = new Date(startMs).toISOString().slice(0, -'00:00:00.000Z'.length);
  day = { startMs, text };
  return day;
};

/** The numbers below `count`, each with as many digits. */
const numbers = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, value) => String(value).padStart(digits, '0'));

const TWO_DIGITS = numbers(60, 2);
const THREE_DIGITS = numbers(1_000, 3);

/** `YYYY-MM-DDTHH:MM:SS` */
const toSecond = (atMs: number): string => {
  const { startMs, text } = dayOf(atMs);
  const inDayMs = atMs - startMs;
  const hours = TWO_DIGITS[Math.floor(inDayMs / HOUR_MS)] ?? '';
  const minutes = TWO_DIGITS[Math.floor((inDayMs % HOUR_MS) / MINUTE_MS)] ?? '';
  const seconds = TWO_DIGITS[Math.floor((inDayMs % MINUTE_MS) / 1_000)] ?? '';
  return `${text}${hours}:${minutes}:${seconds}`;
};

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, as EC2 writes an instant in a string. @throws RangeError if it is none */
export const isoOf = (atMs: number): string => {
  const millis = ((atMs % 1_000) + 1_000) % 1_000;
  return `${toSecond(atMs)}.${THREE_DIGITS[Math.floor(millis)] ?? ''}Z`;
};

/** `YYYY-MM-DDTHH:MM:SSZ`, as EventBridge writes an instant. @throws RangeError if it is none */
export const isoSecondsOf = (atMs: number): string => `${toSecond(atMs)}Z`;
