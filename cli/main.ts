import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { InvalidEnvironmentError } from '../shared/config/environment.ts';
import { UnusableFileError } from '../shared/config/files.ts';
import { InvalidPolicyError } from '../shared/config/policy-file.ts';
import { WiringError } from '../simulator/wiring/values.ts';
import { type RunOptions, run } from './run.ts';
import { createTerminal } from './terminal.ts';

/** Input that cannot be used: said in plain words, and nothing was done. */
const BAD_INPUT_EXIT = 2;

const terminal = createTerminal();

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };

const program = new Command('imago')
  .description(
    'Automates the whole life of EC2 AMIs: backups, tags, DR copies and safe retirement.',
  )
  .version('0.1.0')
  .exitOverride()
  .configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.error(text.trimEnd()),
  });

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
  .option('--policy <file>', 'the policy document', 'policies/example.yml')
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
  .option('--no-life', 'nobody touches the fleet: no stops, starts, launches or restores')
  .option('--json', 'print the whole result as JSON', false)
  .action((options: RunOptions) => run(options, terminal));

const isBadInput = (error: unknown): error is Error =>
  error instanceof InvalidPolicyError ||
  error instanceof UnusableFileError ||
  error instanceof InvalidEnvironmentError ||
  error instanceof WiringError;

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has printed the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT_EXIT;
  } else if (isBadInput(error)) {
    terminal.error(error.message);
    process.exitCode = BAD_INPUT_EXIT;
  } else {
    throw error;
  }
}
