import { UnusableFileError } from '../shared/config/files.ts';
import { InvalidPolicyError, type PolicyProblem } from '../shared/config/policy-file.ts';
import { formatSlot } from '../shared/domain/naming.ts';
import type { Policy } from '../shared/domain/policy.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { DEFAULT_POLICY_FILE, readPolicySet } from './plan-options.ts';
import { knownRegion } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface ValidateOptions {
  readonly policy: readonly string[];
  readonly json: boolean;
}

interface PolicyReport {
  readonly id: string;
  readonly formerly: readonly string[];
  /** As in AMI names; null if there will be none. */
  readonly nextSlot: string | null;
}

/** What `imago validate --json` prints of one file. */
interface FileReport {
  readonly file: string;
  readonly isValid: boolean;
  readonly policies: readonly PolicyReport[];
  /** What is wrong, at its place where it has one. */
  readonly problems: readonly (PolicyProblem | { readonly message: string })[];
  /** The same for a reader. */
  readonly text: string;
}

/**
 * `imago validate`: what is wrong with policy files, all of it. No endpoint is touched.
 * @throws RefusedError if AWS_REGION is no Region
 */
export const validate = (options: ValidateOptions, surroundings: Surroundings): ExitCode => {
  const { terminal, environment, access } = surroundings;
  const region = environment['AWS_REGION'] ?? '';
  const home = region === '' ? undefined : knownRegion(region);
  const nowMs = access.connection.clock.nowMs();
  const files = options.policy.map((file) => checkFile(file, home, nowMs));
  if (options.json) terminal.out(JSON.stringify({ files: files.map(withoutText) }, null, 2));
  else {
    for (const { isValid, text } of files) {
      if (isValid) terminal.out(text);
      else terminal.error(text);
    }
    if (home === undefined) {
      terminal.error('AWS_REGION is not set: whether copies go elsewhere was not looked at.');
    }
  }
  return files.every(({ isValid }) => isValid) ? EXIT.done : EXIT.badInput;
};

const withoutText = ({ text: _text, ...report }: FileReport): Omit<FileReport, 'text'> => report;

const checkFile = (file: string, home: string | undefined, nowMs: number): FileReport => {
  try {
    const { policies } = readPolicySet(file, home);
    const reports = policies.map((policy) => describePolicy(policy, nowMs));
    const text = `${file}: ${reports.map(renderPolicy).join('; ')}`;
    return { file, isValid: true, policies: reports, problems: [], text };
  } catch (error) {
    const refused = { file, isValid: false, policies: [] };
    if (error instanceof InvalidPolicyError) {
      return { ...refused, problems: error.problems, text: error.message };
    }
    if (!(error instanceof UnusableFileError)) throw error;
    return { ...refused, problems: [{ message: error.message }], text: error.message };
  }
};

const describePolicy = ({ id, formerly, when }: Policy, nowMs: number): PolicyReport => {
  const slots = when.flatMap(({ schedule }) => schedule.nextSlot(nowMs) ?? []);
  return { id, formerly, nextSlot: slots.length === 0 ? null : formatSlot(Math.min(...slots)) };
};

const renderPolicy = ({ id, formerly, nextSlot }: PolicyReport): string => {
  const names = formerly.length === 0 ? '' : ` (formerly ${formerly.join(', ')})`;
  return `${id}${names}, ${nextSlot === null ? 'no more slots' : `next slot ${nextSlot}`}`;
};

export const addValidate: AddCommand = (program, surroundings, end) => {
  program
    .command('validate')
    .description(
      'Checks policy files, and names every problem at its line and column. Reads AWS_REGION as the home Region, and asks no endpoint.',
    )
    .option('--policy <files...>', 'the policy documents', [DEFAULT_POLICY_FILE])
    .option('--json', 'print the result as JSON', false)
    .action((options: ValidateOptions) => end(validate(options, surroundings)));
};
