import { EXIT, type ExitCode } from './exit-code.ts';
import { writeNew, writeOutput } from './output-files.ts';
import { RefusedError } from './refused-error.ts';
import { starterFile } from './starter-policy.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import { table } from './table.ts';

export interface InitOptions {
  readonly force: boolean;
}

const STARTER_FILE = 'imago.yml';

/**
 * `imago init`: a policy file to start from.
 * @throws RefusedError if the file is there, unless it is to be overwritten
 * @throws UnusableFileError if it cannot be written
 */
export const init = (
  file: string,
  { force }: InitOptions,
  { terminal }: Pick<Surroundings, 'terminal'>,
): ExitCode => {
  const text = starterFile(file);
  if (force) writeOutput(file, text);
  else if (!writeNew(file, text)) {
    throw new RefusedError(`${file} is there already: --force overwrites it`);
  }
  for (const line of nextSteps(file)) terminal.out(line);
  return EXIT.done;
};

const nextSteps = (file: string): readonly string[] => [
  `${file} is written: one policy, for running and stopped instances with the tag Backup = daily.`,
  'What to do next:',
  ...table([
    ['edit it', 'docs/policy.md has every field'],
    [`npx imago validate --policy ${file}`, 'what is wrong or odd'],
    [`npx imago run --policy ${file}`, 'a month of it on an embedded cloud'],
    [`npx imago plan --policy ${file}`, 'what it would do in your account; changes nothing'],
  ]).map((line) => `  ${line}`),
];

const EXAMPLES = `
Examples:
  $ imago init starter.yml`;

export const addInit: AddCommand = (program, surroundings, end) => {
  program
    .command('init')
    .description('Writes a policy file to start from, with comments. Asks no endpoint.')
    .argument('[file]', 'where to', STARTER_FILE)
    .option('--force', 'overwrite a file that is there', false)
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: InitOptions) => end(init(file, options, surroundings)));
};
