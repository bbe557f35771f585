import { EXIT, type ExitCode } from './exit-code.ts';
import { type PlanOptions, addPlanOptions } from './plan-options.ts';
import { reportOf } from './plan-report.ts';
import { renderPlan } from './plan-text.ts';
import { prepare } from './prepare.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface PlanCommandOptions extends PlanOptions {
  readonly failOnChange: boolean;
}

/** `imago plan`: what is to be done now, and why. It changes nothing. */
export const plan = async (
  options: PlanCommandOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const report = reportOf(await prepare(options, surroundings), options);
  const text = renderPlan(report, terminal.paint).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  if (report.totals.problems > 0) return EXIT.failedInPart;
  return options.failOnChange && report.pending > 0 ? EXIT.changesPending : EXIT.done;
};

export const addPlan: AddCommand = (program, surroundings, end) => {
  addPlanOptions(program.command('plan'))
    .description(
      'Says what is to be created, copied and removed now, and why. Changes nothing. Exits with 1 if something could not be read.',
    )
    .option('--fail-on-change', 'exit with 3 if anything is to be done', false)
    .action(async (options: PlanCommandOptions) => end(await plan(options, surroundings)));
};
