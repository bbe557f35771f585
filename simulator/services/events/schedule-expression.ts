/** Schedules of rules: `rate(n minutes|hours|days)` and `cron(...)`, in UTC. */
import { ApiError } from '../../wire/api.ts';
import { CronError, nextOf, parseCron } from './cron.ts';

/** The first instant after `afterMs` at which the schedule is due; none if it never is again. */
export type NextDue = (afterMs: number) => number | undefined;

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
};

const refused = (): ApiError =>
  new ApiError('ValidationException', 'Parameter ScheduleExpression is not valid.');

const rate = (body: string, startMs: number): NextDue => {
  const match = /^(\d+) +(minute|hour|day)(s?)$/.exec(body.trim());
  const count = Number(match?.[1] ?? 0);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  const isPlural = match?.[3] === 's';
  if (unitMs === undefined || count < 1 || isPlural !== count > 1) throw refused();
  const everyMs = count * unitMs;
  return (afterMs) => startMs + (Math.floor((afterMs - startMs) / everyMs) + 1) * everyMs;
};

const cron = (body: string): NextDue => {
  try {
    const parsed = parseCron(body);
    return (afterMs) => nextOf(parsed, afterMs);
  } catch (error) {
    throw error instanceof CronError ? refused() : error;
  }
};

/**
 * @param startMs when the rule was made: rates count from it
 * @throws ApiError `ValidationException`, as EventBridge refuses any expression
 */
export const parseSchedule = (expression: string, startMs: number): NextDue => {
  const [, kind, body = ''] = /^(rate|cron)\((.*)\)$/s.exec(expression) ?? [];
  if (kind === 'rate') return rate(body, startMs);
  if (kind === 'cron') return cron(body);
  throw refused();
};
