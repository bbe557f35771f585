import type { BackupAction, RemovalAction, Verdict } from '../shared/domain/decision.ts';
import { targetKey } from '../shared/domain/model.ts';
import { formatPointName } from '../shared/domain/naming.ts';
import { describeReason } from '../shared/domain/reasons.ts';
import type { PlanOptions } from './plan-options.ts';
import type { NamedDecision, TargetPlan } from './plan-targets.ts';
import type { Prepared } from './prepare.ts';
import { type SessionReport, sessionReport } from './session.ts';

export type ActionKind = BackupAction['kind'] | RemovalAction['kind'];

export const ACTION_KINDS: readonly ActionKind[] = ['create', 'copy', 'retire', 'delete-snapshot'];

/** One action as it is printed. */
export interface ActionReport {
  readonly action: ActionKind;
  /** What is there already: the instance, the image that is copied, the image or snapshot that goes. */
  readonly id: string;
  /** The AMI name that is given or goes; empty for a snapshot. */
  readonly name: string;
  /** Of an image that goes: what goes with it. */
  readonly snapshotIds?: readonly string[];
  /** What a removal frees at most. */
  readonly freedGiBAtMost?: number;
  readonly reasons: readonly string[];
}

/** One object that stays although it has expired, or waits. */
export interface HeldReport {
  readonly id: string;
  readonly name: string;
  readonly reasons: readonly string[];
}

export interface TargetReport {
  readonly target: string;
  /** In the order in which they are to be done. */
  readonly actions: readonly ActionReport[];
  readonly protected: readonly HeldReport[];
  readonly deferred: readonly HeldReport[];
  readonly problems: readonly string[];
  /** Every decision, "nothing to do" included. */
  readonly decisions: readonly (HeldReport & {
    readonly kind: NamedDecision['kind'];
    readonly verdict: Verdict;
    readonly policy?: string;
  })[];
}

/** What `imago plan --json` prints. */
export interface PlanReport extends SessionReport {
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

export type Totals = Readonly<Record<ActionKind | 'protected' | 'deferred' | 'problems', number>>;

export const reportOf = (prepared: Prepared, options: PlanOptions): PlanReport => {
  const { session, deployment, plannedMs, plans } = prepared;
  return {
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
  { backups, removals }: TargetPlan,
  { retire }: Pick<PlanOptions, 'retire'>,
): readonly (BackupAction | RemovalAction)[] =>
  retire === 'apply' ? [...backups, ...removals] : backups;

const targetReport = ({ target, backups, removals, ...plan }: TargetPlan): TargetReport => ({
  target: targetKey(target),
  actions: [...backups, ...removals].map(actionReport),
  protected: heldBack(plan.decisions, 'protect'),
  deferred: heldBack(plan.decisions, 'defer'),
  problems: plan.problems,
  decisions: plan.decisions.map((decision) => ({
    kind: decision.kind,
    ...heldReport(decision),
    verdict: decision.verdict,
    ...(decision.policyId === undefined ? {} : { policy: decision.policyId }),
  })),
});

const heldReport = ({ id, name, reasons }: NamedDecision): HeldReport => ({
  id,
  name,
  reasons: reasons.map(describeReason),
});

const heldBack = (decisions: readonly NamedDecision[], wanted: Verdict): readonly HeldReport[] =>
  decisions.filter(({ verdict }) => verdict === wanted).map(heldReport);

export const actionReport = (action: BackupAction | RemovalAction): ActionReport => {
  const reasons = action.reasons.map(describeReason);
  switch (action.kind) {
    case 'create':
      return { action: action.kind, id: action.point.sourceId, name: action.name, reasons };
    case 'copy':
      return { action: action.kind, id: action.sourceImageId, name: action.name, reasons };
    case 'retire':
      return {
        action: action.kind,
        id: action.imageId,
        name: formatPointName(action.point),
        snapshotIds: action.snapshots === 'delete' ? action.snapshotIds : [],
        freedGiBAtMost: action.snapshots === 'delete' ? action.sizeGiB : 0,
        reasons,
      };
    case 'delete-snapshot':
      return {
        action: action.kind,
        id: action.snapshotId,
        name: '',
        freedGiBAtMost: action.sizeGiB,
        reasons,
      };
  }
};

const totalsOf = (plans: readonly TargetPlan[]): Totals => {
  const actions = plans.flatMap(({ backups, removals }) => [...backups, ...removals]);
  const decisions = plans.flatMap((plan) => plan.decisions);
  const of = (kind: ActionKind): number => actions.filter((action) => action.kind === kind).length;
  const held = (wanted: Verdict): number =>
    decisions.filter(({ verdict }) => verdict === wanted).length;
  return {
    create: of('create'),
    copy: of('copy'),
    retire: of('retire'),
    'delete-snapshot': of('delete-snapshot'),
    protected: held('protect'),
    deferred: held('defer'),
    problems: plans.flatMap(({ problems }) => problems).length,
  };
};
