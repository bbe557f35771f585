import { loadPolicies } from '../shared/config/policy-file.ts';
import { formatPolicy } from '../shared/config/policy-format.ts';
import { POLICY_FILES_FORM, readPolicyTexts } from '../shared/config/policy-texts.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { writeOutput } from './output-files.ts';
import { DEFAULT_POLICY_FILE } from './plan-options.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface PolicyFmtOptions {
  readonly check: boolean;
}

/**
 * `imago policy fmt`: policy files with their keys in the order of the reference, comments kept. Only
 * what is valid is touched.
 * @throws InvalidPolicyError | UnusableFileError
 */
export const policyFmt = (
  named: readonly string[],
  { check }: PolicyFmtOptions,
  { terminal }: Pick<Surroundings, 'terminal'>,
): ExitCode => {
  const texts = named.flatMap(readPolicyTexts);
  for (const text of texts) loadPolicies([text], undefined);
  let code: ExitCode = EXIT.done;
  for (const { file, text } of texts) {
    const formatted = formatPolicy(text);
    if (formatted === text) continue;
    if (formatted === undefined) {
      terminal.error(`${file}: left as it is: an alias (*name) would come before its anchor`);
    } else if (check) terminal.out(`${file} is not formatted`);
    else {
      writeOutput(file, formatted);
      terminal.out(`${file} formatted`);
      continue;
    }
    code = EXIT.failedInPart;
  }
  return code;
};

const EXAMPLES = `
Examples:
  $ imago policy fmt policies/example.yml
  $ imago policy fmt policies --check`;

export const addPolicy: AddCommand = (program, surroundings, end) => {
  program
    .command('policy')
    .description('Works on policy files.')
    .command('fmt')
    .description('Puts the keys of policy files into the order of the reference; comments stay.')
    .argument('[files...]', POLICY_FILES_FORM, [DEFAULT_POLICY_FILE])
    .option('--check', 'change nothing; exit with 1 if a file would be changed', false)
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], options: PolicyFmtOptions) =>
      end(policyFmt(files, options, surroundings)),
    );
};
