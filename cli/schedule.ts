import { isoOf } from '../shared/domain/iso.ts';
import { localClock } from '../shared/domain/calendar.ts';
import { unknownTimezone } from '../shared/config/policy-fields.ts';
import { isTimezone, parseSchedule, type Schedule } from '../shared/domain/schedule.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { instant } from './instant.ts';
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
  if (json) terminal.out(JSON.stringify(slots.map(isoOf), null, 2));
  else terminal.out(describe(result.schedule, afterMs, slots, count));
  return EXIT.done;
};

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
  if (slots.length === 0) return `${expression} never fires after ${isoOf(afterMs)}.`;
  const rows = slots.map((slotMs) => [...localTime(slotMs, timezone), toSeconds(slotMs, 'Z')]);
  return [
    ...table([['', timezone, 'UTC'], ...rows]),
    ...(slots.length < countMax ? ['After that it never fires again.'] : []),
  ].join('\n');
};

const toSeconds = (wallMs: number, offset: string): string =>
  `${isoOf(wallMs).slice(0, 19)}${offset}`;

/** The weekday, and the time with its offset from UTC. */
const localTime = (atMs: number, timezone: string): readonly [string, string] => {
  const wallMs = localClock(timezone).wallOf(atMs);
  const offsetMs = wallMs - atMs;
  // Offsets of long ago have seconds.
  const size = isoOf(Math.abs(offsetMs)).slice(11, 19).replace(/:00$/, '');
  const weekday = new Date(wallMs).toUTCString().slice(0, 3);
  return [weekday, toSeconds(wallMs, `${offsetMs < 0 ? '-' : '+'}${size}`)];
};

const EXAMPLES = `
Examples:
  $ imago schedule "cron(0 2 * * ? *)" --timezone Europe/Berlin --count 3
  $ imago schedule "rate(6 hours)" --from 2026-11-01T00:00:00Z --json`;

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
    .addHelpText('after', EXAMPLES)
    .action((expression: string, options: ScheduleOptions) =>
      end(schedule(expression, options, surroundings)),
    );
};
