import { targetKey } from '../shared/domain/model.ts';
import { describeReason } from '../shared/domain/reasons.ts';
import { REPAIRS_MAX } from '../shared/loop/apply-tags.ts';
import type { Agreed, Superseded } from './apply-plan-file.ts';
import { type ApplyRun, type TargetOutcome, actionKey, subjectOf } from './apply-run.ts';
import { type ActionKind, actionReport } from './plan-actions.ts';
import type { PlanOptions } from './plan-options.ts';
import { pendingOf } from './plan-report.ts';
import type { TargetPlan } from './plan-targets.ts';
import type { Prepared } from './prepare.ts';
import { type SessionReport, sessionReport } from './session.ts';

export interface OutcomeReport {
  readonly target: string;
  readonly action: ActionKind;
  readonly status: TargetOutcome['outcome']['status'] | 'not-done';
  /** What was made or removed; of what was not, what it was about. */
  readonly id: string;
  readonly name: string;
  /** Why nothing was done; empty where something was. */
  readonly why: string;
}

export interface LeftReport {
  readonly target: string;
  readonly action: ActionKind;
  readonly id: string;
  readonly name: string;
}

/** What `imago apply --json` prints. */
export interface ApplyReport extends SessionReport {
  readonly deployment: string;
  readonly policyFile: string;
  readonly retireMode: 'plan' | 'apply';
  readonly outcomes: readonly OutcomeReport[];
  /** The plan file, where one was named. */
  readonly planFile?: string;
  /** What is planned now and was not in the plan file: it was left. */
  readonly notInPlanFile: readonly LeftReport[];
  /** Removals that were not asked for, with `--retire plan`. */
  readonly removalsOnlyPlanned: number;
  readonly problems: readonly string[];
  readonly isInterrupted: boolean;
}

export const outcomeReport = ({ target, outcome }: TargetOutcome): OutcomeReport => {
  const { kind: action, id, name } = actionReport(outcome.action);
  const about = { target: targetKey(target), action, status: outcome.status, name };
  switch (outcome.status) {
    case 'done':
    case 'already-so':
      return { ...about, id: outcome.id, why: '' };
    case 'superseded':
      return { ...about, id, why: outcome.reasons.map(describeReason).join(', ') };
    case 'retry-later':
    case 'failed':
      return { ...about, id, why: `${outcome.failure.code}: ${outcome.failure.message}` };
  }
};

/** What is to be done, after a plan file was held against it. */
export interface Announced {
  readonly prepared: Prepared;
  readonly agreed: Agreed;
}

export const applyReport = (
  { prepared: { session, deployment }, agreed: { plans, superseded, added } }: Announced,
  options: PlanOptions & { readonly plan?: string },
  run: ApplyRun,
): ApplyReport => ({
  ...sessionReport(session),
  deployment,
  policyFile: options.policy,
  retireMode: options.retire,
  outcomes: [
    ...superseded.map(supersededReport),
    ...run.outcomes.map(outcomeReport),
    ...notDone(plans, options, run),
  ],
  ...(options.plan === undefined ? {} : { planFile: options.plan }),
  notInPlanFile: added.map(({ target, action: { kind: action, id, name } }) => ({
    target,
    action,
    id,
    name,
  })),
  removalsOnlyPlanned:
    options.retire === 'apply' ? 0 : plans.flatMap(({ removals }) => removals).length,
  problems: [...new Set([...plans.flatMap((plan) => problemsOf(plan)), ...run.problems])],
  isInterrupted: run.isInterrupted,
});

/** What a plan file wanted, and is not wanted now. */
export const supersededReport = ({ target, action, why }: Superseded): OutcomeReport => {
  const { kind, id, name } = action;
  return { target, action: kind, status: 'superseded', id, name, why };
};

const problemsOf = ({ target, problems }: TargetPlan): readonly string[] =>
  problems.map((problem) => `${targetKey(target)}: ${problem}`);

/** What was announced and has no outcome: left, or no longer wanted when it was looked at again. */
const notDone = (
  plans: readonly TargetPlan[],
  options: PlanOptions,
  { outcomes, isInterrupted, defect }: ApplyRun,
): readonly OutcomeReport[] => {
  const done = new Set(outcomes.map(subjectOf));
  const full = fullPasses(outcomes);
  const otherwise =
    isInterrupted || defect !== undefined
      ? 'not begun'
      : 'no longer planned when it was looked at again';
  return plans.flatMap((plan) =>
    pendingOf(plan, options)
      .filter((action) => !done.has(actionKey(plan.target, action)))
      .map((action): OutcomeReport => {
        const { kind, id, name } = actionReport(action);
        const target = targetKey(plan.target);
        const why = full.get(`${target} ${kind}`) ?? otherwise;
        return { target, action: kind, status: 'not-done', id, name, why };
      }),
  );
};

/** By target and kind of action: why a pass began no more of a kind. */
const fullPasses = (outcomes: readonly TargetOutcome[]): ReadonlyMap<string, string> => {
  const keyOf = ({ target, outcome }: TargetOutcome): string =>
    `${targetKey(target)} ${outcome.action.kind}`;
  const counts = Map.groupBy(outcomes, keyOf);
  return new Map([
    ...[...counts]
      .filter(([key, { length }]) => key.endsWith(' tag') && length >= REPAIRS_MAX)
      .map(([key]) => [key, `left: a pass tags ${REPAIRS_MAX} at most`] as const),
    ...outcomes.flatMap((one) =>
      one.outcome.status === 'retry-later' && one.outcome.failure.kind === 'exhausted'
        ? [[keyOf(one), `left: a quota is full (${one.outcome.failure.code})`] as const]
        : [],
    ),
  ]);
};

/** Whether all that was announced is as it was to be. */
export const isAllDone = ({ outcomes, problems }: ApplyReport): boolean =>
  problems.length === 0 &&
  outcomes.every(
    ({ status }) => status === 'done' || status === 'already-so' || status === 'superseded',
  );
