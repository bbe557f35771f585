import type { Verdict } from '../shared/domain/decision.ts';
import { targetKey } from '../shared/domain/model.ts';
import {
  type ActionKind,
  type AnyAction,
  type CopyReport,
  type CreateReport,
  type ReasonReport,
  type RemovalReport,
  type TagReport,
  copyReport,
  createReport,
  reasonReport,
  removalReport,
  tagReport,
} from './plan-actions.ts';
import type { PlanOptions } from './plan-options.ts';
import type { NamedDecision, TargetPlan } from './plan-targets.ts';
import type { Prepared } from './prepare.ts';
import { type SessionReport, sessionReport } from './session.ts';

/** What is to become of one object. */
export interface DecisionReport {
  readonly kind: NamedDecision['kind'];
  readonly id: string;
  /** The AMI name of an image, the Name tag of an instance; empty where there is none. */
  readonly name: string;
  readonly policy?: string;
  readonly verdict: Verdict;
  readonly reasons: readonly ReasonReport[];
}

/** What is to be done, each kind in its order. */
export interface ActionsReport {
  readonly creates: readonly CreateReport[];
  readonly repairs: readonly TagReport[];
  readonly copies: readonly CopyReport[];
  readonly removals: readonly RemovalReport[];
}

export interface TargetReport {
  /** `account/region`. */
  readonly target: string;
  readonly actions: ActionsReport;
  /** Every decision, "nothing to do" included. */
  readonly decisions: readonly DecisionReport[];
  /** Reads that fell short. */
  readonly problems: readonly string[];
}

/** What `imago plan --json` prints: docs/plan.md, docs/plan.schema.json. */
export interface PlanReport extends SessionReport {
  readonly version: 1;
  readonly deployment: string;
  readonly policyFile: string;
  readonly retireMode: 'plan' | 'apply';
  /** ISO 8601. */
  readonly instant: string;
  readonly targets: readonly TargetReport[];
  readonly totals: Totals;
  /** Actions that `imago apply` with the same options would do. */
  readonly pending: number;
}

export interface Totals {
  readonly create: number;
  readonly tag: number;
  readonly copy: number;
  readonly retire: number;
  readonly deleteSnapshot: number;
  readonly adopt: number;
  readonly protect: number;
  readonly defer: number;
  readonly problems: number;
}

export const reportOf = (prepared: Prepared, options: PlanOptions): PlanReport => {
  const { session, deployment, plannedMs, plans } = prepared;
  return {
    version: 1,
    ...sessionReport(session),
    deployment,
    policyFile: options.policy,
    retireMode: options.retire,
    instant: new Date(plannedMs).toISOString(),
    targets: plans.map(targetReport),
    totals: totalsOf(plans),
    pending: plans.flatMap((one) => pendingOf(one, options)).length,
  };
};

/** What would be done now: removals only where they were asked for. */
export const pendingOf = (
  { backups, repairs, removals }: TargetPlan,
  { retire }: Pick<PlanOptions, 'retire'>,
): readonly AnyAction[] => [...backups, ...repairs, ...(retire === 'apply' ? removals : [])];

const targetReport = (plan: TargetPlan): TargetReport => ({
  target: targetKey(plan.target),
  actions: {
    creates: plan.backups.flatMap((one) => (one.kind === 'create' ? [createReport(one)] : [])),
    repairs: plan.repairs.map((one) => tagReport(one, plan.nameOf(one.resourceId))),
    copies: plan.backups.flatMap((one) => (one.kind === 'copy' ? [copyReport(one)] : [])),
    removals: plan.removals.map(removalReport),
  },
  decisions: plan.decisions.map(decisionReport),
  problems: plan.problems,
});

const decisionReport = ({
  kind,
  id,
  name,
  policyId,
  verdict,
  reasons,
}: NamedDecision): DecisionReport => ({
  kind,
  id,
  name,
  ...(policyId === undefined ? {} : { policy: policyId }),
  verdict,
  reasons: reasons.map(reasonReport),
});

const totalsOf = (plans: readonly TargetPlan[]): Totals => {
  const actions: readonly AnyAction[] = plans.flatMap(({ backups, repairs, removals }) => [
    ...backups,
    ...repairs,
    ...removals,
  ]);
  const decisions = plans.flatMap((plan) => plan.decisions);
  const of = (kind: ActionKind): number => actions.filter((action) => action.kind === kind).length;
  const decided = (wanted: Verdict): number =>
    decisions.filter(({ verdict }) => verdict === wanted).length;
  return {
    create: of('create'),
    tag: of('tag'),
    copy: of('copy'),
    retire: of('retire'),
    deleteSnapshot: of('delete-snapshot'),
    adopt: decided('adopt'),
    protect: decided('protect'),
    defer: decided('defer'),
    problems: plans.flatMap(({ problems }) => problems).length,
  };
};
