import { POLICY_FILES_FORM } from '../shared/config/policy-texts.ts';
import { readTextFile } from '../shared/config/files.ts';
import { Option } from 'commander';
import { FAULT_LEVELS, FAULT_LEVEL_NAMES, type FaultLevel } from '../simulator/profiles.ts';
import { systemClock } from '../shared/aws/system.ts';
import { renderMonth } from './month-text.ts';
import { runMonth } from './month.ts';
import { writeOutput } from './output-files.ts';
import { DEFAULT_POLICY_FILE, readPolicySet } from './plan-options.ts';
import type { AddCommand } from './surroundings.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

export interface RunOptions {
  readonly seed: number;
  readonly days: number;
  readonly instances: number;
  readonly policy: string;
  readonly serverless: string;
  readonly retire: 'plan' | 'apply';
  readonly life: boolean;
  readonly faults: FaultLevel;
  readonly json: boolean;
}

/** Where the embedded fleet lives, and when its month begins. */
const HOME_REGION = 'eu-central-1';
const START_MS = Date.UTC(2026, 10, 1);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const OUTPUT_FILE = 'out/run.json';
const WIRING_FILE_BYTES_MAX = 1_000_000;

/** `imago run`: the product on an embedded cloud for some virtual days, and a report of it. */
export const run = async (options: RunOptions, terminal: Terminal): Promise<void> => {
  const set = readPolicySet(options.policy, HOME_REGION);
  const wiring = readTextFile(options.serverless, WIRING_FILE_BYTES_MAX);
  const beganMs = systemClock.nowMs();
  const result = await runMonth({
    seed: options.seed,
    days: options.days,
    instances: options.instances,
    startMs: START_MS,
    homeRegion: HOME_REGION,
    wiring: { text: wiring, file: options.serverless },
    policy: { set, file: options.policy },
    retireMode: options.retire,
    hasLife: options.life,
    faults: options.faults,
    manners: FAULT_LEVELS[options.faults],
    isDirect: true, // the same results as over the wire: a test compares them
    onDay: (day) => terminal.progress(`day ${day} of ${options.days}`),
  });
  terminal.progress(`${options.days} virtual days in ${seconds(systemClock.nowMs() - beganMs)}\n`);
  const json = `${JSON.stringify(result, null, 2)}\n`;
  terminal.out(options.json ? json.trimEnd() : renderMonth(result, OUTPUT_FILE).join('\n'));
  writeOutput(OUTPUT_FILE, json);
};

const EXAMPLES = `
Examples:
  $ imago run --days 3
  $ imago run --days 5 --instances 4 --faults rough --json`;

export const addRun: AddCommand = (program, { terminal }) => {
  program
    .command('run')
    .description(
      'Runs the product on an embedded cloud in virtual time: no AWS account, no network. Credentials and AWS settings of this machine are not looked at.',
    )
    .option(
      '--seed <n>',
      'the seed of all chance; the same seed gives the same bytes',
      wholeNumber(0, 2 ** 32 - 1),
      7,
    )
    .option('--days <n>', 'virtual days to run', wholeNumber(1, 366), 30)
    .option('--instances <n>', 'instances in the fleet', wholeNumber(1, 2000), 12)
    .option('--policy <files>', POLICY_FILES_FORM, DEFAULT_POLICY_FILE)
    .option(
      '--serverless <file>',
      'the file that wires functions to events and queues',
      'serverless.yml',
    )
    .addOption(
      new Option(
        '--retire <mode>',
        'plan: only say what would be removed, as a first deployment does',
      )
        .choices(['plan', 'apply'])
        .default('apply'),
    )
    .addOption(
      new Option('--faults <level>', 'how much the embedded cloud lets go wrong')
        .choices(FAULT_LEVEL_NAMES)
        .default('mild'),
    )
    .option('--no-life', 'nobody touches the fleet: no stops, starts, launches or restores')
    .option('--json', 'print the whole result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((options: RunOptions) => run(options, terminal));
};
