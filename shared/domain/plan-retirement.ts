import {
  type Candidate,
  type Findings,
  type Turnover,
  decisionOf,
  retireAction,
} from './candidate.ts';
import type { PlanInput, PlanPart, RetireAction } from './decision.ts';
import { judgeLineage } from './judge-lineage.ts';
import { createBudget } from './limits.ts';
import { type Lineage, lineagesIn } from './lineage.ts';
import type { Image } from './model.ts';
import { ON_DEMAND_POLICY_ID } from './naming.ts';
import { isOnDemand, keptOnDemand } from './on-demand.ts';
import { judgeAdopted } from './plan-adopted.ts';
import { type OnDemandJudgement, judgeOnDemand } from './plan-on-demand.ts';
import { type Point, createIsOfHome, isGood, latestFirst, surveyOf } from './point.ts';
import type { RetentionRules } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { type RetirementContext, contextOf, propose } from './retirement-context.ts';
import { arrivedIn, createTurnover, turnoverPeriodMs } from './turnover.ts';

/** Which images have expired, and which of those nothing forbids to remove. Oldest go first. */
export const planRetirement = (input: PlanInput): PlanPart<RetireAction> => {
  const context = contextOf(input);
  const findings: Findings = { decisions: [], candidates: [] };
  const { adopted, strangers } = othersIn(input);
  for (const { image, why } of strangers) {
    findings.decisions.push(decisionOf(image, undefined, 'ignore', [why]));
  }
  judgeAdopted(context, adopted, findings);
  const lineages = managedLineages(input);
  const flow = judgeScheduled(context, lineages, findings);
  const leaving = new Set(findings.candidates.map(({ point }) => point.image.id));
  for (const judgement of judgeOnDemand(input, lineages, leaving)) {
    settleOnDemand(context, judgement, findings);
  }
  const actions = limit(input, findings, flow);
  return { decisions: findings.decisions, actions };
};

interface Others {
  /** By id. */
  readonly strangers: readonly { readonly image: Image; readonly why: Reason }[];
  /** Those that carry the mark of adoption. */
  readonly adopted: readonly Image[];
}

/** Images that are no points of ours to judge: they are reported, and that is all. */
const othersIn = ({ observation, deployment, homes }: PlanInput): Others => {
  const { target, images } = observation;
  const { points, others } = surveyOf(images.items, deployment, target);
  const isAdopted = ({ why }: Others['strangers'][number]): boolean => why.id === 'ADO-02';
  const isOfHome = createIsOfHome(target, homes);
  const away = points
    .filter(({ image }) => !isOfHome(image.tags))
    .map(({ image }) => ({ image, why: reason('OWN-06') }));
  return {
    adopted: others.filter(isAdopted).map(({ image }) => image),
    strangers: [...others.filter((one) => !isAdopted(one)), ...away].sort((a, b) =>
      a.image.id < b.image.id ? -1 : 1,
    ),
  };
};

/** The lineages of the target, with none but points that were made at this stack's homes. */
const managedLineages = (input: PlanInput): readonly Lineage[] => {
  const { observation, homes } = input;
  const { target, images } = observation;
  const isOfHome = createIsOfHome(target, homes);
  const isManaged = ({ image }: Point): boolean => isOfHome(image.tags);
  return [...lineagesIn(images.items, input, target).values()].map((lineage) =>
    lineage.points.every(isManaged)
      ? lineage
      : { ...lineage, points: lineage.points.filter(isManaged) },
  );
};

/** What the limits of a run go by. */
interface Flow {
  /** Good points that retention may let go. */
  readonly base: number;
  /** Points that came in the last period, of all lineages. */
  readonly arrived: number;
}

/** Judges every point that a policy made. */
const judgeScheduled = (
  context: RetirementContext,
  lineages: readonly Lineage[],
  findings: Findings,
): Flow => {
  const { nowMs } = context.input;
  const periodOf = createPeriodOf(nowMs);
  let base = 0;
  let arrived = 0;
  for (const lineage of lineages) {
    for (const point of lineage.points) base += isBase(point, nowMs) ? 1 : 0;
    if (lineage.policyId === ON_DEMAND_POLICY_ID) continue;
    const turnover = { arrived: arrivedIn(lineage.points, periodOf(lineage.policy), nowMs) };
    arrived += turnover.arrived;
    judgeLineage(context, lineage, turnover, findings);
  }
  return { base, arrived };
};

const createPeriodOf = (nowMs: number): ((policy: RetentionRules | undefined) => number) => {
  const known = new Map<string, number>();
  return (policy) => {
    const id = policy?.id ?? '';
    const periodMs = known.get(id) ?? turnoverPeriodMs(policy?.retire.during ?? [], nowMs);
    known.set(id, periodMs);
    return periodMs;
  };
};

/**
 * What the percentage is of: good points that retention may let go. Those that somebody asked for and
 * that are kept by their own date would only make room for more of the others.
 */
const isBase = (point: Point, nowMs: number): boolean =>
  isGood(point) && (!isOnDemand(point) || keptOnDemand(point.image.tags, nowMs) === undefined);

const ON_DEMAND: Pick<RetentionRules, 'id' | 'retire'> = {
  id: ON_DEMAND_POLICY_ID,
  retire: { snapshots: 'delete', during: [] },
};

/** What somebody asked for displaces nothing, so its removal always counts towards the percentage. */
const NO_TURNOVER: Turnover = { arrived: 0 };

const settleOnDemand = (
  context: RetirementContext,
  judgement: OnDemandJudgement,
  findings: Findings,
): void => {
  const { point, reasons } = judgement;
  if (judgement.verdict !== 'expired') {
    const { image } = point;
    findings.decisions.push(decisionOf(image, ON_DEMAND.id, judgement.verdict, reasons));
    return;
  }
  const { survivors } = judgement;
  const survivorIds = survivors.map(({ image }) => image.id);
  const parts = { point, reasons, survivorIds, copyIds: {}, policy: ON_DEMAND };
  const objections = survivors.includes(point) ? [reason('PRO-06')] : [];
  propose(context, { ...parts, turnover: NO_TURNOVER }, objections, findings);
};

/** Oldest first, as far as the run may go; the rest is deferred, and said. */
const limit = (
  { policySet, spent }: PlanInput,
  { decisions, candidates }: Findings,
  { base, arrived }: Flow,
): readonly RetireAction[] => {
  // The percentage is of what the run began with, so what it has taken since is added again.
  const budget = createBudget(policySet.limits, spent, base + spent.counted);
  const isTurnover = createTurnover(arrived, spent);
  const oldestFirst = (a: Candidate, b: Candidate): number => latestFirst(b.point, a.point);
  return candidates.sort(oldestFirst).flatMap((candidate) => {
    const { point, policy, reasons } = candidate;
    const isCounted = !isTurnover(candidate);
    const held = budget.take(isCounted);
    const decide = (verdict: 'retire' | 'defer', why: readonly Reason[]): void => {
      decisions.push(decisionOf(point.image, policy.id, verdict, why));
    };
    if (held !== undefined) {
      decide('defer', [...reasons, held]);
      return [];
    }
    decide('retire', reasons);
    return [retireAction(candidate, isCounted)];
  });
};
