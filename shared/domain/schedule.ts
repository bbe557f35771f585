import { Cron } from 'croner';

/**
 * When slots are: AWS's own schedule expressions, as EventBridge Scheduler reads them.
 *
 * croner finds the instants; this layer refuses what EventBridge refuses, writes AWS's wrap-around
 * ranges as croner reads them, and skips a local time that daylight saving leaves out (EventBridge
 * Scheduler skips it; croner would move it).
 */
export interface Schedule {
  readonly expression: string;
  /** IANA name. `rate()` does not depend on it. */
  readonly timezone: string;
  /** The newest slot at or before the instant, or undefined if there never was one. */
  readonly newestSlot: (atMs: number) => number | undefined;
  /** The first slot strictly after the instant, or undefined if there will be none. */
  readonly nextSlot: (afterMs: number) => number | undefined;
}

export type ScheduleResult =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): ScheduleResult => ({ ok: false, problem });

const SECOND_MS = 1_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Reads `rate(6 hours)` or `cron(0 2 * * ? *)`; never throws. */
export const parseSchedule = (expression: string, timezone: string): ScheduleResult => {
  const match = /^(rate|cron)\((.*)\)$/.exec(expression.trim());
  if (match === null) return refuse('expected rate(...) or cron(...), as EventBridge writes them');
  if (!isTimezone(timezone)) return refuse(`unknown time zone ${timezone}: expected an IANA name`);
  const body = match[2] ?? '';
  return match[1] === 'rate'
    ? parseRate(expression, timezone, body)
    : parseCron(expression, timezone, body);
};

export const isTimezone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // the one way in which Intl tells that it does not know a name
  }
};

const RATE_MAX_MS = 366 * 86_400_000;

/** Slots of a rate are the whole multiples of its period since the epoch: no state, no drift. */
const parseRate = (expression: string, timezone: string, body: string): ScheduleResult => {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(body.trim());
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unitMs === undefined) {
    return refuse('expected rate(<number> minutes|hours|days)');
  }
  const value = Number(match[1]);
  if (value < 1) return refuse('a rate must be 1 or more');
  if (value * unitMs > RATE_MAX_MS) return refuse('a rate must be a year or less');
  if ((value === 1) === (match[3] === 's')) {
    return refuse(
      `EventBridge wants ${value === 1 ? 'the singular' : 'the plural'} after ${value}`,
    );
  }
  const periodMs = value * unitMs;
  const newestSlot = (atMs: number): number => Math.floor(atMs / periodMs) * periodMs;
  const nextSlot = (afterMs: number): number => newestSlot(afterMs) + periodMs;
  return { ok: true, schedule: { expression, timezone, newestSlot, nextSlot } };
};

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const FIELDS: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59, names: [] },
  { name: 'hours', min: 0, max: 23, names: [] },
  { name: 'day-of-month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day-of-week', min: 1, max: 7, names: WEEKDAYS },
  { name: 'year', min: 1970, max: 2199, names: [] },
];

const parseCron = (expression: string, timezone: string, body: string): ScheduleResult => {
  const fields = body.trim().toUpperCase().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return refuse(
      `expected 6 cron fields (${FIELDS.map(({ name }) => name).join(' ')}), found ${fields.length}`,
    );
  }
  if ((fields[2] === '?') === (fields[4] === '?')) {
    return refuse('exactly one of day-of-month and day-of-week must be ?');
  }
  const bad = FIELDS.findIndex((field, index) => !isPlausible(field, fields[index] ?? ''));
  if (bad >= 0) return refuse(`${FIELDS[bad]?.name}: ${fields[bad]} is not what EventBridge takes`);
  const pattern = FIELDS.map((field, index) => toCroner(field, fields[index] ?? '')).join(' ');
  try {
    const cron = new Cron(`0 ${pattern}`, {
      alternativeWeekdays: true,
      sloppyRanges: true,
      timezone,
      paused: true,
    });
    return { ok: true, schedule: { expression, timezone, ...instantsOf(cron) } };
  } catch (error) {
    return refuse(
      error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error),
    );
  }
};

/** What EventBridge takes in a field: croner takes more, and would mean something else by it. */
const isPlausible = (field: Field, text: string): boolean => {
  const isDay = field.name.startsWith('day');
  if (text === '?') return isDay;
  const items = text.split(',');
  if (items.length > 1 && text.includes('#')) return false;
  return items.every((item) => isPlain(field, item) || (isDay && isSpecial(field, item)));
};

/** `*`, a value or a range, each with or without a step. */
const isPlain = (field: Field, item: string): boolean => {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !/^\d{1,4}$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => isValue(field, end));
};

const isValue = (field: Field, text: string): boolean => {
  const value = /^(\d{1,4}|[A-Z]{3})$/.test(text) ? valueOf(field, text) : Number.NaN;
  return value >= field.min && value <= field.max;
};

/** The last day, the nearest weekday; the last such weekday, the nth one. */
const isSpecial = (field: Field, item: string): boolean => {
  if (field.name === 'day-of-month') return /^(L|LW|([1-9]|[12]\d|3[01])W)$/.test(item);
  const match = /^([A-Z]{3}|\d)(L|#[1-5])$/.exec(item);
  return item === 'L' || (match !== null && isValue(field, match[1] ?? ''));
};

/** Wrap-around ranges (`20-2`, `FRI-MON`) in two halves, and EventBridge's bare `L` weekday as 7. */
const toCroner = (field: Field, text: string): string => {
  if (field.name === 'day-of-week' && text === 'L') return '7';
  return text
    .split(',')
    .map((item) => unwrap(field, item))
    .join(',');
};

const unwrap = (field: Field, item: string): string => {
  const match = /^([A-Z]{3}|\d+)-([A-Z]{3}|\d+)((?:\/\d+)?)$/.exec(item);
  if (match === null) return item;
  const from = valueOf(field, match[1] ?? '');
  const to = valueOf(field, match[2] ?? '');
  const step = match[3] ?? '';
  if (Number.isNaN(from) || Number.isNaN(to) || from <= to) return item;
  if (step === '') return `${from}-${field.max},${field.min}-${to}`;
  return steppedWrap(field, from, to, Number(step.slice(1)));
};

const steppedWrap = (field: Field, from: number, to: number, step: number): string => {
  if (step < 1) return `${from}/${step}`; // croner refuses it with the right words
  const span = field.max - field.min + 1;
  const values: number[] = [];
  for (let value = from; value <= to + span; value += step) {
    values.push(value > field.max ? value - span : value);
  }
  return values.join(',');
};

const valueOf = (field: Field, text: string): number =>
  field.names.includes(text) ? field.names.indexOf(text) + field.min : Number(text);

/** More nonexistent local times in a row than any zone has ever had. */
const SKIPPED_MAX = 8;

const instantsOf = (cron: Cron): Pick<Schedule, 'newestSlot' | 'nextSlot'> => {
  const nextSlot = (afterMs: number): number | undefined =>
    firstReal(cron, cron.nextRun(new Date(afterMs)), (run) => cron.nextRun(run));
  const previous = (before: Date): Date | null => cron.previousRuns(1, before)[0] ?? null;
  // Slots fall on whole seconds, and croner looks strictly before.
  const findNewest = (atMs: number): number | undefined =>
    firstReal(
      cron,
      previous(new Date(Math.floor(atMs / SECOND_MS) * SECOND_MS + SECOND_MS)),
      previous,
    );
  return { nextSlot, newestSlot: rememberInterval(findNewest, nextSlot) };
};

/** The first of croner's runs that is no local time which daylight saving leaves out. */
const firstReal = (
  cron: Cron,
  first: Date | null,
  follow: (run: Date) => Date | null,
): number | undefined => {
  let run = first;
  for (let skipped = 0; run !== null && skipped <= SKIPPED_MAX; skipped += 1) {
    if (cron.match(run)) return run.getTime();
    run = follow(run);
  }
  return undefined;
};

/**
 * Looking back costs croner far more than looking on (2 ms against 20 us), and most questions fall
 * between the same two slots: the last interval found is kept, and answers them.
 */
const rememberInterval = (
  findNewest: (atMs: number) => number | undefined,
  nextSlot: (afterMs: number) => number | undefined,
): Schedule['newestSlot'] => {
  let slotMs: number | undefined;
  let untilMs = Number.NEGATIVE_INFINITY;
  return (atMs) => {
    if (slotMs !== undefined && slotMs <= atMs && atMs < untilMs) return slotMs;
    slotMs = findNewest(atMs);
    untilMs = slotMs === undefined ? atMs : (nextSlot(slotMs) ?? Number.POSITIVE_INFINITY);
    return slotMs;
  };
};

/** How far is looked for the longest gap: more than a year, or eight days of slots every 5 min. */
const GAP_HORIZON_MS = 400 * 86_400_000;
const GAP_SAMPLES_MAX = 2_500;
/** A fixed instant, so that the answer never depends on when it is asked. */
const GAP_SAMPLES_FROM_MS = Date.UTC(2026, 0, 1);

/** The longest gap between two slots that follow each other, or undefined for fewer than two. */
export const longestGapMs = (schedule: Schedule): number | undefined => {
  let longest: number | undefined;
  let previous = schedule.nextSlot(GAP_SAMPLES_FROM_MS);
  for (let sample = 0; previous !== undefined && sample < GAP_SAMPLES_MAX; sample += 1) {
    const next = schedule.nextSlot(previous);
    if (next !== undefined) longest = Math.max(longest ?? 0, next - previous);
    const isFarEnough = longest !== undefined && previous - GAP_SAMPLES_FROM_MS > GAP_HORIZON_MS;
    previous = isFarEnough ? undefined : next;
  }
  return longest;
};
