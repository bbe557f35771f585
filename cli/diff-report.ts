import type { AnyAction, Verdict } from '../shared/domain/decision.ts';
import { targetKey } from '../shared/domain/model.ts';
import {
  diffPlans,
  type DiffSide,
  type Fate,
  type FateChange,
  type SelectionChange,
} from '../shared/domain/plan-diff.ts';
import { policyHash } from '../shared/domain/policy-hash.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { type SizeAt, type SnapshotPrice, monthlyCost, totalGiB } from '../shared/domain/prices.ts';
import { type MadeSizes, madeBy, volumesIn } from './made-sizes.ts';
import { type OriginReport, originReport } from './inventories.ts';
import type { Observed } from './observed.ts';
import { type ReasonReport, reasonReport, removalReport } from './plan-actions.ts';
import type { TargetPlan } from './plan-targets.ts';

/** What `imago diff --json` prints: docs/forecast.md. */
export interface DiffReport {
  readonly version: 1;
  readonly origin: OriginReport;
  readonly deployment: string;
  readonly home: string;
  /** ISO 8601. */
  readonly instant: string;
  readonly before: SideReport;
  readonly after: SideReport;
  /** Whether both policies mean the same; plans may be the same though they do not. */
  readonly isSamePolicy: boolean;
  readonly changes: readonly ChangeReport[];
  readonly selections: readonly SelectionChange[];
  /** Instances that had a policy and have none any more, and those that have one now. */
  readonly uncovered: readonly string[];
  readonly covered: readonly string[];
  readonly problems: readonly string[];
  readonly prices: readonly SnapshotPrice[];
  readonly unpriced: readonly string[];
}

/** What one of the plans comes to. */
export interface SideReport {
  readonly policyFile: string;
  readonly policyHash: string;
  readonly create: number;
  readonly copy: number;
  readonly tag: number;
  readonly retire: number;
  readonly deleteSnapshot: number;
  readonly protect: number;
  readonly defer: number;
  /** What the new points and copies take at most, and what the removals free at most. */
  readonly madeGiBAtMost: number;
  readonly madeDollarsAMonthAtMost: number;
  /** New points of which not every size is known: what is not, counts as nothing. */
  readonly unsized: number;
  readonly freedGiBAtMost: number;
  readonly freedDollarsAMonthAtMost: number;
}

export interface ChangeReport extends Omit<FateChange, 'before' | 'after'> {
  readonly before: readonly FateReport[];
  readonly after: readonly FateReport[];
}

export interface FateReport {
  readonly verdict: Verdict;
  readonly policy?: string;
  readonly reasons: readonly ReasonReport[];
}

/** One of the two sides: a policy set, and what it comes to. */
export interface PlannedSide {
  readonly policyFile: string;
  readonly policySet: PolicySet;
  readonly plans: readonly TargetPlan[];
}

export const diffReportOf = (
  { origin, home, inventories, nowMs }: Observed,
  deployment: string,
  [old, renewed]: readonly [PlannedSide, PlannedSide],
  price: number | undefined,
): DiffReport => {
  const made = [old, renewed].map(({ plans }) => madeBy(plans, volumesIn(inventories)));
  const freed = [old, renewed].map(({ plans }) => freedBy(plans));
  const found = diffPlans(old.plans.map(diffSide), renewed.plans.map(diffSide));
  const cost = monthlyCost([...made.map(({ sizes }) => sizes), ...freed].flat(), price);
  const side = (one: PlannedSide, at: number): SideReport => ({
    ...countsOf(one),
    ...amountsOf(made[at] ?? NOTHING_MADE, freed[at] ?? [], price),
  });
  const [before, after] = [side(old, 0), side(renewed, 1)];
  return {
    version: 1,
    origin: originReport(origin),
    deployment,
    home: targetKey(home),
    instant: new Date(nowMs).toISOString(),
    before,
    after,
    isSamePolicy: before.policyHash === after.policyHash,
    ...found,
    changes: found.changes.map(changeReport),
    problems: [...new Set([...old.plans, ...renewed.plans].flatMap(problemsOf))],
    prices: cost.prices,
    unpriced: cost.unpriced,
  };
};

const problemsOf = ({ target, problems }: TargetPlan): readonly string[] =>
  problems.map((problem) => `${target.region} ${problem}`);

const actionsOf = ({ backups, repairs, removals }: TargetPlan): readonly AnyAction[] => [
  ...backups,
  ...repairs,
  ...removals,
];

const diffSide = (plan: TargetPlan): DiffSide => ({
  target: plan.target,
  decisions: plan.decisions,
  actions: actionsOf(plan),
});

type Amounts =
  | 'unsized'
  | 'madeGiBAtMost'
  | 'madeDollarsAMonthAtMost'
  | 'freedGiBAtMost'
  | 'freedDollarsAMonthAtMost';

const countsOf = ({ policyFile, policySet, plans }: PlannedSide): Omit<SideReport, Amounts> => {
  const actions = plans.flatMap(actionsOf);
  const decisions = plans.flatMap((plan) => plan.decisions);
  const of = (wanted: AnyAction['kind']): number =>
    actions.filter(({ kind }) => kind === wanted).length;
  const decided = (wanted: Verdict): number =>
    decisions.filter(({ verdict }) => verdict === wanted).length;
  return {
    policyFile,
    policyHash: policyHash(policySet),
    create: of('create'),
    copy: of('copy'),
    tag: of('tag'),
    retire: of('retire'),
    deleteSnapshot: of('delete-snapshot'),
    protect: decided('protect'),
    defer: decided('defer'),
  };
};

const amountsOf = (
  { sizes: made, unsized }: MadeSizes,
  freed: readonly SizeAt[],
  price: number | undefined,
): Pick<SideReport, Amounts> => ({
  unsized,
  madeGiBAtMost: totalGiB(made),
  madeDollarsAMonthAtMost: monthlyCost(made, price).dollars,
  freedGiBAtMost: totalGiB(freed),
  freedDollarsAMonthAtMost: monthlyCost(freed, price).dollars,
});

const NOTHING_MADE: MadeSizes = { sizes: [], unsized: 0 };

const freedBy = (plans: readonly TargetPlan[]): readonly SizeAt[] =>
  plans.flatMap(({ target, removals }) =>
    removals.map((action) => ({
      region: target.region,
      sizeGiB: removalReport(action).freedGiBAtMost,
    })),
  );

const changeReport = ({ before, after, ...change }: FateChange): ChangeReport => ({
  ...change,
  before: before.map(fateReport),
  after: after.map(fateReport),
});

const fateReport = ({ verdict, policyId, reasons }: Fate): FateReport => ({
  verdict,
  ...(policyId === undefined ? {} : { policy: policyId }),
  reasons: reasons.map(reasonReport),
});
