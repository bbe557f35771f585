import { InvalidArgumentError } from 'commander';
import { localClock } from '../shared/domain/calendar.ts';
import { unknownTimezone } from '../shared/config/policy-fields.ts';
import { isTimezone, parseSchedule, type Schedule } from '../shared/domain/schedule.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { wholeNumber } from './whole-number.ts';

interface ScheduleOptions {
  /** IANA name. */
  readonly timezone: string;
  /** Instants after this one; after now, if it is not said. */
  readonly from?: number;
  readonly count: number;
  readonly json: boolean;
}

const COUNT_MAX = 1_000;

/** `imago schedule`: the next instants of an expression. No endpoint is touched. */
const schedule = (
  expression: string,
  { timezone, from, count, json }: ScheduleOptions,
  { terminal, access }: Surroundings,
): ExitCode => {
  if (!isTimezone(timezone)) {
    terminal.error(unknownTimezone(timezone));
    return EXIT.badInput;
  }
  const result = parseSchedule(expression, timezone);
  if (!result.ok) {
    terminal.error(`${expression}: ${result.problem}`);
    return EXIT.badInput;
  }
  const afterMs = from ?? access.connection.clock.nowMs();
  const slots = slotsAfter(result.schedule, afterMs, count);
  if (json) terminal.out(JSON.stringify(slots.map(toIso), null, 2));
  else terminal.out(describe(result.schedule, afterMs, slots, count));
  return EXIT.done;
};

const toIso = (atMs: number): string => new Date(atMs).toISOString();

const slotsAfter = (
  { nextSlot }: Schedule,
  afterMs: number,
  countMax: number,
): readonly number[] => {
  const slots: number[] = [];
  let slotMs = nextSlot(afterMs);
  while (slotMs !== undefined && slots.length < countMax) {
    slots.push(slotMs);
    slotMs = nextSlot(slotMs);
  }
  return slots;
};

const describe = (
  { expression, timezone }: Schedule,
  afterMs: number,
  slots: readonly number[],
  countMax: number,
): string => {
  if (slots.length === 0) return `${expression} never fires after ${toIso(afterMs)}.`;
  const rows = slots.map((slotMs) => [...localTime(slotMs, timezone), toSeconds(slotMs, 'Z')]);
  return [
    ...table([['', timezone, 'UTC'], ...rows]),
    ...(slots.length < countMax ? ['After that it never fires again.'] : []),
  ].join('\n');
};

const toSeconds = (wallMs: number, offset: string): string =>
  `${toIso(wallMs).slice(0, 19)}${offset}`;

/** The weekday, and the time with its offset from UTC. */
const localTime = (atMs: number, timezone: string): readonly [string, string] => {
  const wallMs = localClock(timezone).wallOf(atMs);
  const offsetMs = wallMs - atMs;
  // Offsets of long ago have seconds.
  const size = toIso(Math.abs(offsetMs)).slice(11, 19).replace(/:00$/, '');
  const weekday = new Date(wallMs).toUTCString().slice(0, 3);
  return [weekday, toSeconds(wallMs, `${offsetMs < 0 ? '-' : '+'}${size}`)];
};

const INSTANT_FORM =
  'Expected an instant with its offset, such as 2026-11-21T02:00:00Z or 2026-11-21T02:00+01:00, or a date, whose midnight in UTC is meant.';

/** Reads an instant, or a date at its midnight in UTC. */
const instant = (text: string): number => {
  const [, date, time = 'T00:00Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const atMs = Date.parse(`${date}${time}`);
  const midnightMs = Date.parse(`${date}T00:00Z`);
  // Date reads 30 February as 2 March.
  if (Number.isNaN(atMs) || !toIso(midnightMs).startsWith(`${date}T`)) {
    throw new InvalidArgumentError(INSTANT_FORM);
  }
  return atMs;
};

export const addSchedule: AddCommand = (program, surroundings, end) => {
  program
    .command('schedule')
    .description(
      'Says when cron(...), rate(...) or at(...) fires next, as EventBridge Scheduler reads it. Asks no endpoint.',
    )
    .argument('<expression>', 'such as "cron(0 2 * * ? *)"')
    .option('--timezone <zone>', 'IANA name of the time zone', 'UTC')
    .option('--from <instant>', 'instants strictly after this one (default: now)', instant)
    .option('--count <number>', 'how many', wholeNumber(1, COUNT_MAX), 5)
    .option('--json', 'print the instants as a JSON array', false)
    .action((expression: string, options: ScheduleOptions) =>
      end(schedule(expression, options, surroundings)),
    );
};
