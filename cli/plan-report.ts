import type { AnyAction, Verdict } from '../shared/domain/decision.ts';
import { targetKey } from '../shared/domain/model.ts';
import { policyHash } from '../shared/domain/policy-hash.ts';
import { type SizeAt, type SnapshotPrice, monthlyCost, totalGiB } from '../shared/domain/prices.ts';
import type { MadeSizes } from './made-sizes.ts';
import {
  type ActionKind,
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
import type { Origin, Prepared } from './prepare.ts';
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
  /** What the new points and copies take at most. */
  readonly madeGiBAtMost: number;
  /** What the removals free at most. */
  readonly freedGiBAtMost: number;
}

/** What `imago plan --json` prints: docs/plan.md, docs/plan.schema.json. */
export interface PlanReport extends SessionReport {
  readonly version: 1;
  readonly deployment: string;
  readonly policyFile: string;
  /** Of what the policies mean: see shared/domain/policy-hash.ts. */
  readonly policyHash: string;
  readonly retireMode: 'plan' | 'apply';
  /** ISO 8601. */
  readonly instant: string;
  /** Whether AWS was asked, or what files told. */
  readonly origin: Origin;
  readonly targets: readonly TargetReport[];
  readonly totals: Totals;
  /** What the dollars were reckoned with. */
  readonly prices: readonly SnapshotPrice[];
  /** Regions in which something is made or removed, counted with no dollars as no price is known. */
  readonly unpriced: readonly string[];
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
  /** What the new points and copies take at most: of an instance's later points far less is stored. */
  readonly madeGiBAtMost: number;
  readonly madeDollarsAMonthAtMost: number;
  /** New points of which not every size is known: what is not, counts as nothing. */
  readonly unsized: number;
  /** What the removals free at most: snapshots are incremental, so it may be far less. */
  readonly freedGiBAtMost: number;
  readonly freedDollarsAMonthAtMost: number;
}

export const reportOf = (
  prepared: Prepared,
  made: MadeSizes,
  options: PlanOptions & { readonly price?: number },
): PlanReport => {
  const { session, deployment, policySet, plannedMs, origin, plans } = prepared;
  const freed = plans.map(freedAt);
  const { prices, unpriced } = monthlyCost([...made.sizes, ...freed], options.price);
  return {
    version: 1,
    ...sessionReport(session),
    deployment,
    policyFile: options.policy,
    policyHash: policyHash(policySet),
    retireMode: options.retire,
    instant: new Date(plannedMs).toISOString(),
    origin,
    targets: plans.map((plan, index) => targetReport(plan, made.sizes[index]?.sizeGiB ?? 0)),
    totals: {
      ...countsOf(plans),
      madeGiBAtMost: totalGiB(made.sizes),
      madeDollarsAMonthAtMost: monthlyCost(made.sizes, options.price).dollars,
      unsized: made.unsized,
      freedGiBAtMost: totalGiB(freed),
      freedDollarsAMonthAtMost: monthlyCost(freed, options.price).dollars,
    },
    prices,
    unpriced,
    pending: plans.flatMap((one) => pendingOf(one, options)).length,
  };
};

/** What would be done now: removals only where they were asked for. */
export const pendingOf = (
  { backups, repairs, removals }: TargetPlan,
  { retire }: Pick<PlanOptions, 'retire'>,
): readonly AnyAction[] => [...backups, ...repairs, ...(retire === 'apply' ? removals : [])];

const targetReport = (plan: TargetPlan, madeGiBAtMost: number): TargetReport => ({
  target: targetKey(plan.target),
  actions: {
    creates: plan.backups.flatMap((one) => (one.kind === 'create' ? [createReport(one)] : [])),
    repairs: plan.repairs.map((one) => tagReport(one, plan.nameOf(one.resourceId))),
    copies: plan.backups.flatMap((one) => (one.kind === 'copy' ? [copyReport(one)] : [])),
    removals: plan.removals.map(removalReport),
  },
  decisions: plan.decisions.map(decisionReport),
  problems: plan.problems,
  madeGiBAtMost,
  freedGiBAtMost: freedAt(plan).sizeGiB,
});

const freedAt = ({ target, removals }: TargetPlan): SizeAt => ({
  region: target.region,
  sizeGiB: removals
    .map(removalReport)
    .reduce((total, { freedGiBAtMost }) => total + freedGiBAtMost, 0),
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

type Counts = Omit<Totals, `${'made' | 'freed'}${string}` | 'unsized'>;

const countsOf = (plans: readonly TargetPlan[]): Counts => {
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
