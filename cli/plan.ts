import { EXIT, type ExitCode } from './exit-code.ts';
import { writeOutput } from './output-files.ts';
import { addFolderOptions } from './inventories.ts';
import { readMade } from './made-sizes.ts';
import { addPlanOptions } from './plan-options.ts';
import { reportOf } from './plan-report.ts';
import { renderPlan } from './plan-text.ts';
import { type PrepareOptions, prepare } from './prepare.ts';
import { type PriceOptions, priceOption } from './price-option.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface PlanCommandOptions extends PrepareOptions, PriceOptions {
  readonly failOnChange: boolean;
  /** Whether the text tells every decision. */
  readonly all: boolean;
  /** A file that gets the plan as JSON, for `imago apply`. */
  readonly out?: string;
}

/** `imago plan`: what is to be done now, and why. It changes nothing. */
export const plan = async (
  options: PlanCommandOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const prepared = await prepare(options, surroundings);
  const made = await readMade(prepared.plans, prepared.readVolumes);
  const report = reportOf(prepared, made, options);
  const json = JSON.stringify(report, null, 2);
  if (options.out !== undefined) writeOutput(options.out, `${json}\n`);
  terminal.out(options.json ? json : renderPlan(report, terminal, options.all).join('\n'));
  if (options.out !== undefined) terminal.error(`plan      ${options.out}`);
  if (report.totals.problems > 0) return EXIT.failedInPart;
  return options.failOnChange && report.pending > 0 ? EXIT.changesPending : EXIT.done;
};

const EXAMPLES = `
Examples:
  $ imago plan --from world --policy policies/example.yml
  $ imago plan --from world --policy policies/example.yml --all
  $ imago plan --from world --policy policies/example.yml --retire apply --out plan.json`;

export const addPlan: AddCommand = (program, surroundings, end) => {
  addFolderOptions(addPlanOptions(program.command('plan')))
    .description(
      'Says what is to be created, copied and removed now, and why. Changes nothing. Exits with 1 if something could not be read.',
    )
    .option('--all', 'tell every decision, with its reasons', false)
    .option('--out <file>', 'write the plan there as JSON, for `imago apply <file>`')
    .addOption(priceOption())
    .option('--fail-on-change', 'exit with 3 if anything is to be done', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: PlanCommandOptions) => end(await plan(options, surroundings)));
};
