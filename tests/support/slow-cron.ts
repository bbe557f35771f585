/**
 * EventBridge's cron once more, as its documentation words it and with nothing of the product's: the
 * clocks of a zone are watched minute by minute. Slow, and plain enough to be believed.
 */

/** What the clocks on the wall show. */
export interface WallMinute {
  readonly instantMs: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const MINUTE_MS = 60_000;
/** Longer than any hour, or day, that clocks have shown twice. */
const MEMORY_MS = 26 * 3_600_000;

/**
 * The minutes of [from, to) that the clocks of a zone show for the first time. Those of a gap are not
 * among them: nobody ever sees them. For zones whose offset is whole minutes.
 */
export const watchClock = (
  timezone: string,
  fromMs: number,
  toMs: number,
): readonly WallMinute[] => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const shown = new Set<string>();
  const minutes: WallMinute[] = [];
  for (let instantMs = fromMs - MEMORY_MS; instantMs < toMs; instantMs += MINUTE_MS) {
    const parts = format.formatToParts(instantMs);
    const number = (type: string): number =>
      Number(parts.find((part) => part.type === type)?.value);
    const [year, month, day] = [number('year'), number('month'), number('day')];
    const [hour, minute] = [number('hour'), number('minute')];
    const text = [year, month, day, hour, minute].join(' ');
    if (!shown.has(text) && instantMs >= fromMs) {
      minutes.push({ instantMs, year, month, day, hour, minute });
    }
    shown.add(text);
  }
  return minutes;
};

/** The minutes that `cron(...)` means, by their instants. */
export const slowSlots = (
  expression: string,
  minutes: readonly WallMinute[],
): readonly number[] => {
  const fields = expression.slice('cron('.length, -1).split(' ');
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  const meantMinutes = Array.from({ length: 60 }, (_, value) => isMeant(minute, value, MINUTES));
  const meantHours = Array.from({ length: 24 }, (_, value) => isMeant(hour, value, HOURS));
  return minutes
    .filter((wall) => meantMinutes[wall.minute] && meantHours[wall.hour])
    .filter((wall) => isDayMeant(day, weekday, month, year, wall))
    .map(({ instantMs }) => instantMs);
};

interface Span {
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

const MINUTES: Span = { first: 0, last: 59, names: [] };
const HOURS: Span = { first: 0, last: 23, names: [] };
const DAYS: Span = { first: 1, last: 31, names: [] };
const MONTHS: Span = {
  first: 1,
  last: 12,
  names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
};
const WEEKDAYS: Span = { first: 1, last: 7, names: 'SUN MON TUE WED THU FRI SAT'.split(' ') };
const YEARS: Span = { first: 1970, last: 2199, names: [] };

const numberOf = (text: string, { first, names }: Span): number =>
  names.includes(text) ? names.indexOf(text) + first : Number(text);

const isMeant = (text: string, value: number, span: Span): boolean =>
  text.split(',').some((item) => isMetOnTheWay(item, value, span));

/** Goes from the start to the end, around the span if need be, and looks at every so many. */
const isMetOnTheWay = (item: string, value: number, span: Span): boolean => {
  const [range = '', every = '1'] = item.split('/');
  const [start = '', end] = range === '*' ? [`${span.first}`, `${span.last}`] : range.split('-');
  const from = numberOf(start, span);
  const alone = item.includes('/') ? span.last : from;
  const to = end === undefined ? alone : numberOf(end, span);
  for (let at = from, steps = 0; ; steps += 1) {
    if (at === value && steps % Number(every) === 0) return true;
    if (at === to) return false;
    at = at === span.last ? span.first : at + 1;
  }
};

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Whether the day is meant by the four fields that speak of days. */
export const isDayMeant = (
  day: string,
  weekday: string,
  month: string,
  year: string,
  date: CalendarDay,
): boolean =>
  isMeant(year, date.year, YEARS) &&
  isMeant(month, date.month, MONTHS) &&
  (day === '?' || day.split(',').some((item) => isDayOfMonth(item, date))) &&
  (weekday === '?' || weekday.split(',').some((item) => isDayOfWeek(item, date)));

/** The day so many days later, or earlier. */
const move = ({ year, month, day }: CalendarDay, days: number): CalendarDay => {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return {
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
};

/** 1 for Sunday to 7 for Saturday. */
const weekdayOf = ({ year, month, day }: CalendarDay): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** Monday to Friday, all of them in the month. */
const workingDays = (date: CalendarDay): readonly number[] =>
  Array.from({ length: 31 }, (_, index) => move({ ...date, day: 1 }, index))
    .filter(({ month }) => month === date.month)
    .filter((each) => weekdayOf(each) >= 2 && weekdayOf(each) <= 6)
    .map(({ day }) => day);

const isDayOfMonth = (item: string, date: CalendarDay): boolean => {
  if (item === 'L') return move(date, 1).day === 1;
  if (item === 'LW') return workingDays(date).at(-1) === date.day;
  if (!item.endsWith('W')) return isMeant(item, date.day, DAYS);
  const wanted = Number(item.slice(0, -1));
  const doesExist = move({ ...date, day: 1 }, wanted - 1).month === date.month;
  const [nearest] = workingDays(date).toSorted(
    (one, other) => Math.abs(one - wanted) - Math.abs(other - wanted),
  );
  return doesExist && nearest === date.day;
};

const isDayOfWeek = (item: string, date: CalendarDay): boolean => {
  if (item === 'L') return weekdayOf(date) === 7;
  if (item.endsWith('L')) {
    const isLast = move(date, 7).month !== date.month;
    return weekdayOf(date) === numberOf(item.slice(0, -1), WEEKDAYS) && isLast;
  }
  const [weekday = '', nth] = item.split('#');
  if (nth === undefined) return isMeant(item, weekdayOf(date), WEEKDAYS);
  const isNth = Math.ceil(date.day / 7) === Number(nth);
  return weekdayOf(date) === numberOf(weekday, WEEKDAYS) && isNth;
};
