import type { PolicyProblem, PolicyText } from '../shared/config/policy-document.ts';
import { UnusableFileError } from '../shared/config/files.ts';
import {
  InvalidPolicyError,
  type LoadedPolicies,
  formatProblem,
  loadPolicies,
} from '../shared/config/policy-file.ts';
import { POLICY_FILES_FORM, readPolicyTexts } from '../shared/config/policy-texts.ts';
import { type PolicyWarning, warningsOf } from '../shared/config/policy-warnings.ts';
import { formatSlot } from '../shared/domain/naming.ts';
import type { Policy, PolicySet } from '../shared/domain/policy.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { DEFAULT_POLICY_FILE } from './plan-options.ts';
import { knownRegion } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import type { Paint } from './terminal.ts';

export interface ValidateOptions {
  readonly policy: readonly string[];
  readonly strict: boolean;
  readonly json: boolean;
}

interface PolicyReport {
  readonly id: string;
  readonly kind: 'backup' | 'adoption' | 'tags';
  readonly formerly: readonly string[];
  /** As in AMI names; null if none is to come, or none ever is. */
  readonly nextSlot: string | null;
}

/** Something about a file as a whole has no place in it. */
type Problem = PolicyProblem | { readonly file: string; readonly message: string };

/** What `imago validate --json` prints. */
export interface ValidateReport {
  readonly files: readonly string[];
  readonly isValid: boolean;
  readonly policies: readonly PolicyReport[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly PolicyWarning[];
}

/**
 * `imago validate`: what is wrong with policy files, all of it, and what is odd. They are taken
 * together, as a deployment takes them. No endpoint is touched.
 * @throws RefusedError if AWS_REGION is no Region
 */
export const validate = (options: ValidateOptions, surroundings: Surroundings): ExitCode => {
  const { terminal, environment, access } = surroundings;
  const region = environment['AWS_REGION'] ?? '';
  const home = region === '' ? undefined : knownRegion(region);
  const { report, mayCopy } = check(options.policy, home, access.connection.clock.nowMs());
  if (options.json) terminal.out(JSON.stringify(report, null, 2));
  else {
    for (const line of renderPolicies(report)) terminal.out(line);
    for (const line of renderProblems(report, terminal.paint)) terminal.error(line);
    if (home === undefined && mayCopy) {
      terminal.error('AWS_REGION is not set: whether copies go elsewhere was not looked at.');
    }
  }
  const isFine = report.isValid && !(options.strict && report.warnings.length > 0);
  return isFine ? EXIT.done : EXIT.badInput;
};

const check = (
  named: readonly string[],
  home: string | undefined,
  nowMs: number,
): { readonly report: ValidateReport; readonly mayCopy: boolean } => {
  const { texts, problems: unusable } = readAll(named);
  const files = texts.map(({ file }) => file);
  const loaded = load(texts, home);
  const problems = [...unusable, ...loaded.problems];
  const { policies } = loaded;
  const report = {
    files,
    isValid: problems.length === 0,
    policies: policies === undefined ? [] : describePolicies(policies.set, nowMs),
    problems,
    warnings: policies === undefined ? [] : warningsOf(policies, nowMs),
  };
  const mayCopy = policies?.set.policies.some(({ copyTo }) => copyTo.length > 0) ?? true;
  return { report, mayCopy };
};

interface ReadTexts {
  readonly texts: readonly PolicyText[];
  readonly problems: readonly Problem[];
}

/** What cannot be read does not hide what is wrong with the rest; a file named twice is read once. */
const readAll = (named: readonly string[]): ReadTexts => {
  const texts = new Map<string, PolicyText>();
  const problems: Problem[] = [];
  for (const name of named) {
    try {
      for (const text of readPolicyTexts(name)) texts.set(text.file, text);
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error;
      problems.push({ file: error.file, message: error.problem });
    }
  }
  return { texts: [...texts.values()], problems };
};

interface Loaded {
  readonly policies?: LoadedPolicies;
  readonly problems: readonly Problem[];
}

const load = (texts: readonly PolicyText[], home: string | undefined): Loaded => {
  try {
    return { policies: loadPolicies(texts, home), problems: [] };
  } catch (error) {
    if (error instanceof InvalidPolicyError) return { problems: error.problems };
    throw error;
  }
};

const describePolicies = (
  { policies, adoptions, tagPolicies }: PolicySet,
  nowMs: number,
): readonly PolicyReport[] => [
  ...policies.map((policy) => describeBackup(policy, nowMs)),
  ...adoptions.map(
    ({ id, formerly }): PolicyReport => ({
      id,
      kind: 'adoption',
      formerly,
      nextSlot: null,
    }),
  ),
  ...tagPolicies.map(
    ({ id }): PolicyReport => ({
      id,
      kind: 'tags',
      formerly: [],
      nextSlot: null,
    }),
  ),
];

const describeBackup = ({ id, formerly, when }: Policy, nowMs: number): PolicyReport => {
  const slots = when.flatMap((trigger) =>
    trigger.kind === 'schedule' ? (trigger.schedule.nextSlot(nowMs) ?? []) : [],
  );
  const nextSlot = slots.length === 0 ? null : formatSlot(Math.min(...slots));
  return { id, kind: 'backup', formerly, nextSlot };
};

const renderPolicies = ({ files, isValid, policies }: ValidateReport): readonly string[] =>
  isValid ? [`${files.join(', ')}:`, ...policies.map((policy) => `  ${renderPolicy(policy)}`)] : [];

const renderPolicy = ({ id, kind, formerly, nextSlot }: PolicyReport): string => {
  const names = formerly.length === 0 ? '' : ` (formerly ${formerly.join(', ')})`;
  if (kind === 'adoption') return `${id}${names}, takes over images`;
  if (kind === 'tags') return `${id}, tags images`;
  return `${id}${names}, ${nextSlot === null ? 'no slot to come' : `next slot ${nextSlot}`}`;
};

const renderProblems = (
  { problems, warnings }: ValidateReport,
  paint: Paint,
): readonly string[] => [
  ...problems.map((problem) =>
    'line' in problem ? formatProblem(problem) : `${problem.file}: ${problem.message}`,
  ),
  ...(problems.length === 0 ? [] : ['Nothing was changed. Mend this and try again.']),
  ...warnings.map((warning) =>
    paint('yellow', `${formatProblem(warning)} (${warning.id} ${warning.name})`),
  ),
];

const EXAMPLES = `
Examples:
  $ imago validate --policy policies/example.yml
  $ imago validate --policy policies --json`;

export const addValidate: AddCommand = (program, surroundings, end) => {
  program
    .command('validate')
    .description(
      'Checks policy files as a deployment takes them, together: names every problem at its line and column, and warns of what is odd. Reads AWS_REGION as the home Region, and asks no endpoint.',
    )
    .option('--policy <files...>', POLICY_FILES_FORM, [DEFAULT_POLICY_FILE])
    .option('--strict', 'exit with 2 on warnings too', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((options: ValidateOptions) => end(validate(options, surroundings)));
};
