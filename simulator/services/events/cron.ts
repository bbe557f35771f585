/**
 * EventBridge's cron expressions, in UTC: minutes, hours, day of month, month, day of week, year,
 * with `, - * /` everywhere, `?` and `L` in both days, `W` in the first, `#` in the second.
 */

/** Whether a day of a month is meant. `month` is 0 to 11, `day` 1 to 31. */
type DayTest = (year: number, month: number, day: number) => boolean;

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly isDay: DayTest;
}

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTE: Field = { min: 0, max: 59 };
const HOUR: Field = { min: 0, max: 23 };
const DAY_OF_MONTH: Field = { min: 1, max: 31 };
const MONTH: Field = { min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { min: 1, max: 7, names: WEEKDAYS };
const YEAR: Field = { min: 1970, max: 2199 };

/** Thrown for anything that is no cron expression; who asked knows what to make of it. */
export class CronError extends Error {}

const numberOf = (text: string, { min, max, names = [] }: Field): number => {
  const named = names.indexOf(text.toUpperCase());
  const value = named === -1 ? (/^\d+$/.test(text) ? Number(text) : Number.NaN) : min + named;
  if (!(value >= min && value <= max)) throw new CronError(text);
  return value;
};

/** Values from one to another; past the end of the field, it goes on at its beginning. */
const rangeOf = (from: number, to: number, { min, max }: Field): readonly number[] => {
  const size = max - min + 1;
  const count = (to >= from ? to - from : to - from + size) + 1;
  return Array.from({ length: count }, (_, index) => ((from - min + index) % size) + min);
};

/** `*`, a value, a range, or steps of one of them. */
const partOf = (part: string, field: Field): readonly number[] => {
  const [base = '', step, ...more] = part.split('/');
  if (more.length > 0) throw new CronError(part);
  const every = step === undefined ? 1 : Number(step);
  if (step !== undefined && !(/^\d+$/.test(step) && every >= 1)) throw new CronError(part);
  const [from = '', to, ...rest] = base.split('-');
  if (rest.length > 0) throw new CronError(part);
  const all = (): readonly number[] => {
    if (base === '*') return rangeOf(field.min, field.max, field);
    const first = numberOf(from, field);
    if (to !== undefined) return rangeOf(first, numberOf(to, field), field);
    return step === undefined ? [first] : rangeOf(first, field.max, field);
  };
  return all().filter((_, index) => index % every === 0);
};

const valuesOf = (text: string, field: Field): ReadonlySet<number> =>
  new Set(text.split(',').flatMap((part) => partOf(part, field)));

const sorted = (values: ReadonlySet<number>): readonly number[] =>
  [...values].toSorted((a, b) => a - b);

const lengthOf = (year: number, month: number): number =>
  new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** 1 is Sunday. */
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month, day)).getUTCDay() + 1;

/** The weekday, Monday to Friday, that is nearest to the day and in its month. */
const nearestWeekday = (year: number, month: number, wanted: number): number => {
  const last = lengthOf(year, month);
  const day = Math.min(wanted, last);
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === last ? day - 2 : day + 1;
  return day;
};

const dayOfMonth = (text: string): DayTest => {
  const upper = text.toUpperCase();
  if (upper === 'L') return (year, month, day) => day === lengthOf(year, month);
  if (upper === 'LW') return (year, month, day) => day === nearestWeekday(year, month, 31);
  const [, near] = /^(\d+)W$/.exec(upper) ?? [];
  if (near !== undefined) {
    const wanted = numberOf(near, DAY_OF_MONTH);
    return (year, month, day) =>
      wanted <= lengthOf(year, month) && day === nearestWeekday(year, month, wanted);
  }
  const days = valuesOf(text, DAY_OF_MONTH);
  return (_year, _month, day) => days.has(day);
};

const dayOfWeek = (text: string): DayTest => {
  const [, ofLast] = /^(\w+)L$/i.exec(text) ?? [];
  if (ofLast !== undefined) {
    const wanted = numberOf(ofLast, DAY_OF_WEEK);
    return (year, month, day) =>
      weekdayOf(year, month, day) === wanted && day > lengthOf(year, month) - 7;
  }
  const [, name, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (name !== undefined) {
    const wanted = numberOf(name, DAY_OF_WEEK);
    return (year, month, day) =>
      weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const days = text.toUpperCase() === 'L' ? new Set([7]) : valuesOf(text, DAY_OF_WEEK);
  return (year, month, day) => days.has(weekdayOf(year, month, day));
};

/** One of the two days, and only one, is `?`. */
const dayTest = (ofMonth: string, ofWeek: string): DayTest => {
  if ((ofMonth === '?') === (ofWeek === '?')) throw new CronError('one ? is expected');
  return ofMonth === '?' ? dayOfWeek(ofWeek) : dayOfMonth(ofMonth);
};

/** @throws CronError */
export const parseCron = (body: string): Cron => {
  const [minute, hour, ofMonth, month, ofWeek, year, ...more] = body.trim().split(/\s+/);
  if (
    minute === undefined ||
    hour === undefined ||
    ofMonth === undefined ||
    month === undefined ||
    ofWeek === undefined ||
    year === undefined ||
    more.length > 0
  ) {
    throw new CronError('six fields are expected');
  }
  return {
    minutes: sorted(valuesOf(minute, MINUTE)),
    hours: sorted(valuesOf(hour, HOUR)),
    months: valuesOf(month, MONTH),
    years: valuesOf(year, YEAR),
    isDay: dayTest(ofMonth, ofWeek),
  };
};

/** The first instant of that day, and after `afterMs`, that is meant. */
const nextOfDay = (
  { hours, minutes }: Cron,
  dayMs: number,
  afterMs: number,
): number | undefined => {
  for (const hour of hours) {
    const hourMs = dayMs + hour * HOUR_MS;
    if (hourMs + HOUR_MS <= afterMs) continue;
    const minute = minutes.find((one) => hourMs + one * MINUTE_MS > afterMs);
    if (minute !== undefined) return hourMs + minute * MINUTE_MS;
  }
  return undefined;
};

/** The first instant after `afterMs` that is meant; none if there is none any more. */
export const nextOf = (cron: Cron, afterMs: number): number | undefined => {
  const after = new Date(afterMs);
  let [year, month, day] = [after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate()];
  while (year <= YEAR.max) {
    if (!cron.years.has(year)) [year, month, day] = [year + 1, 0, 1];
    else if (!cron.months.has(month + 1)) [month, day] = [month + 1, 1];
    else if (day > lengthOf(year, month)) [month, day] = [month + 1, 1];
    else {
      const isMeant = cron.isDay(year, month, day);
      const atMs = isMeant ? nextOfDay(cron, Date.UTC(year, month, day), afterMs) : undefined;
      if (atMs !== undefined) return atMs;
      day += 1;
    }
    if (month > 11) [year, month, day] = [year + 1, 0, 1];
  }
  return undefined;
};
