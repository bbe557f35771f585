/**
 * Schedules of rules: `rate(n minutes|hours|days)`, and the cron of "every day", "every hour" or
 * "every n minutes" in UTC. Anything else is refused by name.
 */

/** The first instant after `afterMs` at which the schedule is due. */
export type NextDue = (afterMs: number) => number;

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
};

const refuse = (expression: string): Error =>
  new Error(`the schedule '${expression}' is not served: only rate(...) and simple cron(...) are`);

const rate = (expression: string, body: string, startMs: number): NextDue => {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(body);
  const count = Number(match?.[1] ?? 0);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  const isPlural = match?.[3] === 's';
  if (unitMs === undefined || count < 1 || isPlural !== count > 1) throw refuse(expression);
  const everyMs = count * unitMs;
  return (afterMs) => startMs + (Math.floor((afterMs - startMs) / everyMs) + 1) * everyMs;
};

/** The values that a field of minutes or hours names: `*`, a number, a list, or steps. */
const fieldValues = (expression: string, field: string, limit: number): ReadonlySet<number> => {
  const steps = /^(\*|\d+)\/(\d+)$/.exec(field);
  const all = Array.from({ length: limit }, (_, value) => value);
  if (field === '*') return new Set(all);
  if (steps !== null && Number(steps[2]) > 0) {
    const from = steps[1] === '*' ? 0 : Number(steps[1]);
    return new Set(all.filter((value) => value >= from && (value - from) % Number(steps[2]) === 0));
  }
  const values = field.split(',').map((text) => (/^\d+$/.test(text) ? Number(text) : limit));
  if (values.some((value) => value >= limit)) throw refuse(expression);
  return new Set(values);
};

const cron = (expression: string, body: string): NextDue => {
  const [minute = '', hour = '', ...rest] = body.trim().split(/\s+/);
  if (rest.join(' ') !== '* * ? *' && rest.join(' ') !== '? * * *') throw refuse(expression);
  const minutes = fieldValues(expression, minute, 60);
  const hours = fieldValues(expression, hour, 24);
  return (afterMs) => {
    let dueMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
    for (;;) {
      const due = new Date(dueMs);
      if (minutes.has(due.getUTCMinutes()) && hours.has(due.getUTCHours())) return dueMs;
      dueMs += MINUTE_MS;
    }
  };
};

/** @throws Error that names the expression when it is not served. */
export const parseSchedule = (expression: string, startMs: number): NextDue => {
  const match = /^(rate|cron)\((.*)\)$/.exec(expression);
  const body = match?.[2] ?? '';
  if (match?.[1] === 'rate') return rate(expression, body, startMs);
  if (match?.[1] === 'cron') return cron(expression, body);
  throw refuse(expression);
};
