import { REFERENCE_SOURCES } from '../shared/domain/model.ts';
import { POLICY_FILES_FORM } from '../shared/config/policy-texts.ts';
import { createRecordedCloud } from '../shared/inventory/recorded-cloud.ts';
import { diffReportOf, type PlannedSide } from './diff-report.ts';
import { renderDiff } from './diff-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { addFolderOptions, type InventoryOptions } from './inventories.ts';
import { loopOf } from './loop-of.ts';
import { type Observed, observeFor } from './observed.ts';
import { addCommonOptions, deploymentOf } from './plan-options.ts';
import { planTargets } from './plan-targets.ts';
import { type PriceOptions, priceOption } from './price-option.ts';
import { RefusedError } from './refused-error.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface DiffOptions extends Omit<InventoryOptions, 'region'>, PriceOptions {
  /** The old one, and the new one. */
  readonly policy: readonly string[];
  readonly deployment?: string;
  readonly verbose: boolean;
  readonly json: boolean;
  /** Whether the text tells every object. */
  readonly all: boolean;
  readonly failOnChange: boolean;
}

/**
 * `imago diff`: what one policy would do otherwise than another, on what is there now. Both are
 * planned on one and the same look. It changes nothing.
 * @throws InvalidPolicyError | UnusableFileError | NoAccessError | RefusedError
 */
export const diff = async (options: DiffOptions, surroundings: Surroundings): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const [old, renewed, ...others] = options.policy;
  if (old === undefined || renewed === undefined || others.length > 0) {
    throw new RefusedError(
      `expected --policy twice, the old policy and then the new one, and not ${options.policy.length} times; several files of one go with commas between`,
    );
  }
  const deployment = deploymentOf(options, surroundings.environment);
  const observed = await observeFor([old, renewed], options, surroundings);
  const side = (policyFile: string, index: number): Promise<PlannedSide> =>
    planSide(observed, { policyFile, index, deployment }, options, surroundings);
  const sides = [await side(old, 0), await side(renewed, 1)] as const;
  const report = diffReportOf(observed, deployment, sides, options.price);
  const text = renderDiff(report, terminal, options.all).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  if (report.problems.length > 0) return EXIT.failedInPart;
  return options.failOnChange && report.changes.length > 0 ? EXIT.changesPending : EXIT.done;
};

/** As `imago plan` plans, on what was seen. */
const planSide = async (
  { home, inventories, nowMs, policySets }: Observed,
  {
    policyFile,
    index,
    deployment,
  }: { readonly policyFile: string; readonly index: number; readonly deployment: string },
  { verbose, from }: DiffOptions,
  { access, terminal }: Surroundings,
): Promise<PlannedSide> => {
  const policySet = policySets[index];
  if (policySet === undefined) throw new Error(`${policyFile} was not read`);
  const loop = loopOf(access.connection, terminal, {
    deployment,
    home,
    policySet,
    nowMs,
    isVerbose: verbose,
    sources: REFERENCE_SOURCES,
    cloud: createRecordedCloud(inventories, from),
  });
  return { policyFile, policySet, plans: await planTargets(loop) };
};

/** What an option names each time that it is given. */
const inOrder = (): ((files: string) => readonly string[]) => {
  const given: string[] = [];
  return (files) => {
    given.push(files);
    return [...given];
  };
};

const EXAMPLES = `
Examples:
  $ imago diff --policy policies/example.yml --policy policies/example.yml --from world
  $ imago diff --policy policies/example.yml --policy policies/example.yml --from world --json
  $ imago diff --policy policies/example.yml --policy policies/example.yml --from world --all --fail-on-change`;

export const addDiff: AddCommand = (program, surroundings, end) => {
  addFolderOptions(addCommonOptions(program.command('diff')))
    .description(
      'Says what a new policy would keep, make, copy, tag, remove and protect otherwise than an old one, on what is there now. Changes nothing. Exits with 1 if something could not be read.',
    )
    .requiredOption(
      '--policy <files>',
      `given twice, the old one first: ${POLICY_FILES_FORM}`,
      inOrder(),
    )
    .option('--all', 'tell every object, not the first few of each change', false)
    .addOption(priceOption())
    .option('--fail-on-change', 'exit with 3 if the plans differ', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: DiffOptions) => end(await diff(options, surroundings)));
};
