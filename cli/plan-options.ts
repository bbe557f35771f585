import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../shared/config/environment.ts';
import { parsePolicyFiles } from '../shared/config/policy-file.ts';
import { POLICY_FILES_FORM, readPolicyTexts } from '../shared/config/policy-texts.ts';
import { DEPLOYMENT_LENGTH_MAX, NAME_PART } from '../shared/domain/naming.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { RefusedError } from './refused-error.ts';

/** What `plan` and `apply` are told alike. */
export interface PlanOptions {
  /** Files and folders, with commas between. */
  readonly policy: string;
  readonly deployment?: string;
  readonly retire: 'plan' | 'apply';
  readonly verbose: boolean;
  readonly json: boolean;
}

export const DEFAULT_POLICY_FILE = 'policies/example.yml';
const DEFAULT_DEPLOYMENT = 'imago';

const DEPLOYMENT_FORM = `at most ${DEPLOYMENT_LENGTH_MAX} lower-case letters, digits and inner hyphens`;

const isDeployment = (text: string): boolean =>
  text.length <= DEPLOYMENT_LENGTH_MAX && NAME_PART.test(text);

const deployment = (text: string): string => {
  if (!isDeployment(text)) throw new InvalidArgumentError(`Expected ${DEPLOYMENT_FORM}.`);
  return text;
};

/** `--deployment`. */
export const addDeploymentOption = (command: Command): Command =>
  command.option(
    '--deployment <name>',
    `the deployment whose points are meant (default: IMAGO_DEPLOYMENT, or "${DEFAULT_DEPLOYMENT}")`,
    deployment,
  );

/** `--deployment` and `--verbose`, which every command that looks at points knows. */
export const addCommonOptions = (command: Command): Command =>
  addDeploymentOption(command)
    .option('--verbose', 'the log of the functions, as JSON lines on stderr', false)
    .option('--json', 'print the result as JSON', false);

/** What an option names that may be given more than once: the first time the default goes. */
const filesOfAll = (): ((files: string) => string) => {
  const given: string[] = [];
  return (files) => {
    given.push(files);
    return given.join(',');
  };
};

/** `--policy`, of what plans by one policy set. */
export const addPolicyOption = (command: Command): Command =>
  command.option(
    '--policy <files>',
    `${POLICY_FILES_FORM}; may be given again`,
    filesOfAll(),
    DEFAULT_POLICY_FILE,
  );

export const addPlanOptions = (command: Command): Command =>
  addCommonOptions(
    addPolicyOption(command).addOption(
      new Option('--retire <mode>', 'plan: only say what has expired; apply: remove it too')
        .choices(['plan', 'apply'])
        .default('plan'),
    ),
  );

/**
 * The deployment that is meant: by its option, or as the functions are told it.
 * @throws RefusedError if the environment names none that can be
 */
export const deploymentOf = (
  options: { readonly deployment?: string },
  environment: Environment,
): string => {
  if (options.deployment !== undefined) return options.deployment;
  const named = environment['IMAGO_DEPLOYMENT'] ?? DEFAULT_DEPLOYMENT;
  if (!isDeployment(named)) throw new RefusedError(`IMAGO_DEPLOYMENT: expected ${DEPLOYMENT_FORM}`);
  return named;
};

/**
 * Policy files, as `--policy` names them.
 * @throws InvalidPolicyError | UnusableFileError
 */
export const readPolicySet = (files: string, home: string | undefined): PolicySet =>
  parsePolicyFiles(readPolicyTexts(files), home);
