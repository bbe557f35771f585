/**
 * EventBridge's six cron fields, read strictly, and written as croner takes them.
 *
 * What is taken and what it means: "Schedule types in EventBridge Scheduler" and "Setting a schedule
 * pattern for scheduled rules" in AWS's documentation. `LW`, names in any case, a step after a range,
 * and no step above the greatest value: observed of EventBridge itself, which does not document them.
 */

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names: readonly string[];
}

const MINUTES: Field = { name: 'minutes', min: 0, max: 59, names: [] };
const HOURS: Field = { name: 'hours', min: 0, max: 23, names: [] };
const DAY_OF_MONTH: Field = { name: 'day-of-month', min: 1, max: 31, names: [] };
const MONTH: Field = {
  name: 'month',
  min: 1,
  max: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const DAY_OF_WEEK: Field = {
  name: 'day-of-week',
  min: 1,
  max: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const YEAR: Field = { name: 'year', min: 1970, max: 2199, names: [] };

const FIELDS: readonly Field[] = [MINUTES, HOURS, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR];

/** A field's text for croner, or why EventBridge would not take it. */
type Reading =
  | { readonly ok: true; readonly pattern: string }
  | { readonly ok: false; readonly problem: string };

const taken = (pattern: string): Reading => ({ ok: true, pattern });
const refused = (problem: string): Reading => ({ ok: false, problem });

/** Reads what stands between the brackets of `cron(...)`, without blanks about it. */
export const readCronFields = (body: string): Reading => {
  const texts = body.toUpperCase().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    return refused(
      `expected 6 cron fields (${FIELDS.map(({ name }) => name).join(' ')}), found ${texts.length}`,
    );
  }
  const patterns: string[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const reading = readField(field, texts[index] ?? '');
    if (!reading.ok) return refused(`${field.name}: ${reading.problem}`);
    patterns.push(reading.pattern);
  }
  if ((texts[2] === '?') === (texts[4] === '?')) {
    return refused('exactly one of day-of-month and day-of-week must be ?');
  }
  return taken(patterns.join(' '));
};

const readField = (field: Field, text: string): Reading => {
  const isDay = field === DAY_OF_MONTH || field === DAY_OF_WEEK;
  if (text.includes('?') && !isDay) return refused('? belongs to the two day fields');
  if (text === '?') return taken('*');
  // Written out, * would mean the same and cost croner more; as a year, it would go on after 2199.
  if (text === '*') return taken(field === YEAR ? `${YEAR.min}-${YEAR.max}` : '*');
  const items = text.split(',');
  const alone =
    items.length === 1 ? undefined : items.find((item) => item === 'LW' || /[?#]/.test(item));
  if (alone !== undefined) return refused(`${alone} cannot stand in a list`);
  const patterns: string[] = [];
  for (const item of items) {
    const reading = readSpecial(field, item) ?? readPlain(field, item);
    if (!reading.ok) return reading;
    patterns.push(reading.pattern);
  }
  return taken(patterns.join(','));
};

/** Undefined for an item that has no `L`, `W` or `#`. Names of months have an L, and WED has a W. */
const readSpecial = (field: Field, item: string): Reading | undefined => {
  if (field === DAY_OF_MONTH) return /[LW#]/.test(item) ? readSpecialDay(item) : undefined;
  if (field === DAY_OF_WEEK) return /[L#]/.test(item) ? readSpecialWeekday(item) : undefined;
  return /^\d*[LW#]/.test(item)
    ? refused(`${item}: L, W and # belong to the day fields`)
    : undefined;
};

/** `L`, `LW`, or `15W`. */
const readSpecialDay = (item: string): Reading => {
  if (item === 'L' || item === 'LW') return taken(item);
  const text = /^(\d*)W$/.exec(item)?.[1];
  if (text === undefined) return refused(`${item} is none of L, LW and a day with W`);
  const day = readValue(DAY_OF_MONTH, text);
  return day === undefined ? refused(notAValue(DAY_OF_MONTH, text)) : taken(`${day}W`);
};

/** `L`, `6L`, `FRIL`, `6#3` or `FRI#3`. */
const readSpecialWeekday = (item: string): Reading => {
  if (item === 'L') return taken(weekdayPattern(DAY_OF_WEEK.max));
  const text = /^([^L#]*)(?:L|#[1-5])$/.exec(item)?.[1];
  if (text === undefined) {
    return refused(`${item} is none of L, a weekday with L, and a weekday with #1 to #5`);
  }
  const weekday = readValue(DAY_OF_WEEK, text);
  return weekday === undefined
    ? refused(notAValue(DAY_OF_WEEK, text))
    : taken(`${weekdayPattern(weekday)}${item.slice(text.length)}`);
};

/** croner counts weekdays from 0, EventBridge from 1; both begin with Sunday. */
const weekdayPattern = (weekday: number): string => String(weekday - DAY_OF_WEEK.min);

/** `*`, a value or a range, each with or without a step; written out as a list of values. */
const readPlain = (field: Field, item: string): Reading => {
  const [base = '', stepText, ...rest] = item.split('/');
  const step = stepText === undefined ? 1 : readStep(field, stepText);
  if (rest.length > 0 || step === undefined) {
    return refused(`${item}: a step is a whole number from 1 to ${field.max}`);
  }
  const ends = base.split('-');
  if (ends.length > 2) return refused(`${base} is no range`);
  const wrong = base === '*' ? undefined : ends.find((end) => readValue(field, end) === undefined);
  if (wrong !== undefined) return refused(notAValue(field, wrong));
  const range = rangeOf(field, ends, base === '*' || stepText !== undefined);
  if (field === YEAR && range.to < range.from) return refused(`${base} goes back in time`);
  const values = valuesOf(field, range, step);
  return taken((field === DAY_OF_WEEK ? values.map(weekdayPattern) : values).join(','));
};

const readStep = (field: Field, text: string): number | undefined => {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return step >= 1 && step <= field.max ? step : undefined;
};

interface Range {
  readonly from: number;
  /** Below `from` where the range wraps around, as in `20-2` or `FRI-MON`. */
  readonly to: number;
}

/** A value alone is a range of one; `*`, or a value with a step, goes on to the field's end. */
const rangeOf = (field: Field, ends: readonly string[], isOpen: boolean): Range => {
  const [from = field.min, to = isOpen ? field.max : from] = ends.map((end) =>
    readValue(field, end),
  );
  return { from, to };
};

const valuesOf = (field: Field, { from, to }: Range, step: number): readonly number[] => {
  const span = field.max - field.min + 1;
  const last = to < from ? to + span : to;
  const values: number[] = [];
  for (let value = from; value <= last; value += step) {
    values.push(value > field.max ? value - span : value);
  }
  return values;
};

const readValue = (field: Field, text: string): number | undefined => {
  const named = field.names.indexOf(text);
  if (named >= 0) return named + field.min;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
};

const notAValue = ({ min, max, names }: Field, text: string): string => {
  const numbers = `a whole number from ${min} to ${max}`;
  const form = names.length === 0 ? numbers : `${numbers} or ${names[0]} to ${names.at(-1)}`;
  return text === '' ? `a value is missing: expected ${form}` : `${text} is not ${form}`;
};
