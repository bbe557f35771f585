import { REFERENCE_SOURCES } from '../shared/domain/model.ts';
import { agree, createPermission } from './apply-plan-file.ts';
import {
  type ApplyReport,
  applyReport,
  isAllDone,
  outcomeReport,
  supersededReport,
} from './apply-report.ts';
import { type ApplyRun, runApply } from './apply-run.ts';
import { isTagged, renderCounts, renderEnd, renderOutcome } from './apply-text.ts';
import { type ConsentOptions, hasConsent, requireConsenter } from './consent.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type PlanOptions, addPlanOptions } from './plan-options.ts';
import { readPlanFile, refusalOf } from './plan-file.ts';
import { pendingOf } from './plan-report.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface ApplyCommandOptions extends PlanOptions, ConsentOptions {
  /** A plan file: nothing is done that is not in it. */
  readonly plan?: string;
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
  const file = options.plan === undefined ? undefined : readPlanFile(options.plan);
  const prepared = await prepare(options, surroundings, refusalOf(options, file));
  const agreed =
    file === undefined
      ? { plans: prepared.plans, superseded: [], added: [] }
      : agree(prepared.plans, file);
  const announced = { prepared, agreed };
  const say = (line: string): void => (options.json ? terminal.error(line) : terminal.out(line));
  for (const line of renderCounts(agreed, options)) say(line);
  if (!options.json) {
    for (const one of agreed.superseded) {
      say(renderOutcome(supersededReport(one), terminal.paint));
    }
  }
  const isAnythingToDo = agreed.plans.some((plan) => pendingOf(plan, options).length > 0);
  if (!isAnythingToDo)
    return tell(applyReport(announced, options, NOTHING_RUN), options, surroundings);
  if (!(await hasConsent(options, terminal))) return EXIT.failedInPart;
  const run = await runApply(surroundings, {
    plans: agreed.plans,
    parts: partsOf(prepared, options),
    ...(file === undefined ? {} : { isAgreed: createPermission(file) }),
    onOutcome: (outcome) => {
      const told = outcomeReport(outcome);
      if (!options.json && !isTagged(told)) say(renderOutcome(told, terminal.paint));
    },
  });
  const code = tell(applyReport(announced, options, run), options, surroundings);
  if (run.defect !== undefined) throw run.defect;
  return code;
};

const partsOf = ({ session, deployment, policySet }: Prepared, options: ApplyCommandOptions) => ({
  deployment,
  home: session.home,
  policySet,
  isVerbose: options.verbose,
  retireMode: options.retire,
  sources: REFERENCE_SOURCES,
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

const EXAMPLES = `
Examples:
  $ imago apply --policy policies/example.yml --yes
  $ imago apply plan.json --policy policies/example.yml --retire apply --yes`;

export const addApply: AddCommand = (program, surroundings, end) => {
  addPlanOptions(
    program
      .command('apply')
      .argument('[plan]', 'a plan that `imago plan --out` wrote: nothing else is done then'),
  )
    .description(
      'Does what `imago plan` says, after asking. Removes something only with --retire apply.',
    )
    .option('--yes', 'do not ask; needed where stdin is no terminal', false)
    .option('--event-bus <name>', 'publish outcomes on this EventBridge bus, as the functions do')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: ApplyCommandOptions) =>
      end(await apply(file === undefined ? options : { ...options, plan: file }, surroundings)),
    );
};
