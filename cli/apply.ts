import { type ApplyReport, applyReport, isAllDone, outcomeReport } from './apply-report.ts';
import { type ApplyRun, runApply } from './apply-run.ts';
import { isTagged, renderCounts, renderEnd, renderOutcome } from './apply-text.ts';
import { type ConsentOptions, hasConsent, requireConsenter } from './consent.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type PlanOptions, addPlanOptions } from './plan-options.ts';
import { pendingOf } from './plan-report.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface ApplyCommandOptions extends PlanOptions, ConsentOptions {
  readonly eventBus?: string;
}

const NOTHING_RUN: ApplyRun = { outcomes: [], problems: [], isInterrupted: false };

/** `imago apply`: says what it would do, asks, and does it through the passes of the functions. */
export const apply = async (
  options: ApplyCommandOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  requireConsenter(options, terminal);
  const prepared = await prepare(options, surroundings);
  const say = (line: string): void => (options.json ? terminal.error(line) : terminal.out(line));
  for (const line of renderCounts(prepared.plans, options)) say(line);
  const isAnythingToDo = prepared.plans.some((plan) => pendingOf(plan, options).length > 0);
  if (!isAnythingToDo)
    return tell(applyReport(prepared, options, NOTHING_RUN), options, surroundings);
  if (!(await hasConsent(options, terminal))) return EXIT.failedInPart;
  const run = await runApply(surroundings, {
    plans: prepared.plans,
    parts: partsOf(prepared, options),
    onOutcome: (outcome) => {
      const told = outcomeReport(outcome);
      if (!options.json && !isTagged(told)) say(renderOutcome(told, terminal.paint));
    },
  });
  const code = tell(applyReport(prepared, options, run), options, surroundings);
  if (run.defect !== undefined) throw run.defect;
  return code;
};

const partsOf = ({ session, deployment, policySet }: Prepared, options: ApplyCommandOptions) => ({
  deployment,
  home: session.home,
  policySet,
  isVerbose: options.verbose,
  retireMode: options.retire,
  eventBus: options.eventBus,
});

const tell = (
  report: ApplyReport,
  { json }: ApplyCommandOptions,
  { terminal }: Surroundings,
): ExitCode => {
  const text = renderEnd(report, terminal.paint).join('\n');
  terminal.out(json ? JSON.stringify(report, null, 2) : text);
  return isAllDone(report) ? EXIT.done : EXIT.failedInPart;
};

export const addApply: AddCommand = (program, surroundings, end) => {
  addPlanOptions(program.command('apply'))
    .description(
      'Does what `imago plan` says, after asking. Removes something only with --retire apply.',
    )
    .option('--yes', 'do not ask; needed where stdin is no terminal', false)
    .option('--event-bus <name>', 'publish outcomes on this EventBridge bus, as the functions do')
    .action(async (options: ApplyCommandOptions) => end(await apply(options, surroundings)));
};
