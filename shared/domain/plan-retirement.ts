import {
  type Candidate,
  type Judged,
  type Lineage,
  candidatesOf,
  decisionOf,
  retireAction,
} from './candidate.ts';
import { type Destinations, copiedPoints, NOT_COPIED } from './copied.ts';
import type { PlanInput, PlanPart, RetireAction, Spent } from './decision.ts';
import { createBudget } from './limits.ts';
import { groupByLineage } from './lineage.ts';
import { type Image, isOneOf } from './model.ts';
import { ON_DEMAND_POLICY_ID } from './naming.ts';
import { isOnDemand, keptOnDemand } from './on-demand.ts';
import { type OnDemandJudgement, judgeOnDemand } from './plan-on-demand.ts';
import {
  type Ownership,
  type Point,
  isCopy,
  isFailed,
  isGood,
  isOfHome,
  isPending,
  newestFirst,
  ownershipOf,
  pointsAt,
} from './point.ts';
import { type Keep, type Policy, policyOf } from './policy.ts';
import {
  type ProtectionFacts,
  heldBy,
  indexReferences,
  instanceReferences,
  vetoesOf,
} from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { keepReasons } from './retention.ts';
import { TAG } from './tags.ts';

/** Turnover is counted over one retirement period: retirement runs once a day. */
const TURNOVER_MS = 24 * 3_600_000;

/** What holds for every image of the target, worked out once. */
interface Context {
  readonly input: PlanInput;
  readonly facts: ProtectionFacts;
  /** Facts about the whole target that forbid any removal. */
  readonly unknowns: readonly Reason[];
  /** Snapshots that people hold: what is on them must not go with their image. */
  readonly held: ReadonlyMap<string, readonly Reason[]>;
  /** By Region: what each destination has, by lineage; undefined where that is not known. */
  readonly copies: Destinations;
}

/** Which images have expired, and which of those nothing forbids to remove. Oldest go first. */
export const planRetirement = (input: PlanInput): PlanPart<RetireAction> => {
  const managed = [...input.observation.images.items]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((image) => ({ image, ownership: managementOf(input, image) }));
  const points = managed.flatMap(({ ownership }) => (ownership.isOurs ? [ownership.point] : []));
  const context = contextOf(input);
  const scheduled = points.filter((point) => !isOnDemand(point));
  const byPolicy = [...groupByLineage(input.policySet, scheduled).values()].flatMap((group) =>
    judgeGroup(context, group),
  );
  const leaving = new Set(candidatesOf(byPolicy).map(({ point }) => point.image.id));
  const judged: readonly Judged[] = [
    ...managed.flatMap(({ image, ownership }) =>
      ownership.isOurs
        ? []
        : [{ decision: decisionOf(image, undefined, 'ignore', [ownership.reason]) }],
    ),
    ...byPolicy,
    ...judgeOnDemand(input, points, leaving).map((one) => settleOnDemand(context, one)),
  ];
  const candidates = [...candidatesOf(judged)].sort((a, b) => newestFirst(b.point, a.point));
  const limited = limit(input, candidates, points);
  const decided = judged.flatMap(({ decision }) => decision ?? []);
  return { decisions: [...decided, ...limited.decisions], actions: limited.actions };
};

const limit = (
  { policySet, spent, nowMs }: PlanInput,
  candidates: readonly Candidate[],
  points: readonly Point[],
): PlanPart<RetireAction> => {
  // The percentage is of what the run began with, so what it has taken since is added again.
  const goodPoints = points.filter((one) => isBase(one, nowMs)).length + spent.counted;
  const budget = createBudget(policySet.limits, spent, goodPoints);
  const arrived = points.filter((one) => !isOnDemand(one) && hasArrived(one, nowMs)).length;
  const isTurnover = createTurnover(arrived, spent);
  const judged = candidates.map((candidate) => {
    const isCounted = !isTurnover(candidate);
    return { candidate, isCounted, held: budget.take(isCounted) };
  });
  return {
    decisions: judged.map(({ candidate: { point, policy, why }, held }) =>
      held === undefined
        ? decisionOf(point.image, policy.id, 'retire', [why])
        : decisionOf(point.image, policy.id, 'defer', [why, held]),
    ),
    actions: judged.flatMap(({ candidate, isCounted, held }) =>
      held === undefined ? [retireAction(candidate, isCounted)] : [],
    ),
  };
};

/**
 * What the percentage is of: good points that retention may let go. Those that somebody asked for and
 * that are kept by their own date would only make room for more of the others.
 */
const isBase = (point: Point, nowMs: number): boolean =>
  isGood(point) && (!isOnDemand(point) || keptOnDemand(point.image.tags, nowMs) === undefined);

/**
 * The ordinary turnover of a fleet: of each lineage as many points as came in the last period, and
 * failed images, which are no points. A continuation has what earlier hops of its run have left.
 */
const createTurnover = (
  arrivedInAll: number,
  spent: Spent,
): ((candidate: Candidate) => boolean) => {
  let leftInAll = arrivedInAll - (spent.removed - spent.counted);
  const left = new Map<readonly Point[], number>();
  return ({ point, lineage: { group, arrived } }) => {
    if (isFailed(point)) return true;
    const places = left.get(group) ?? arrived;
    if (places <= 0 || leftInAll <= 0) return false;
    left.set(group, places - 1);
    leftInAll -= 1;
    return true;
  };
};

const contextOf = (input: PlanInput): Context => {
  const { observation, deployment, homes, nowMs } = input;
  const { images, instances, launchTemplates, target, places } = observation;
  const isHome = isOneOf(homes, target);
  return {
    input,
    facts: {
      instances: indexReferences(instanceReferences(instances)),
      launchTemplates: indexReferences(launchTemplates),
      nowMs,
    },
    unknowns: [
      ...(images.isComplete ? [] : [reason('PRO-21', images.problem)]),
      // A home that seems to have no instance at all is far more often a bad read than the truth.
      ...(isHome && instances.items.length === 0 ? [reason('PRO-24', 'no instance seen')] : []),
    ],
    held: new Map(
      observation.snapshots.items.map(({ id, tags }) => [id, heldBy(tags[TAG.hold], nowMs)]),
    ),
    copies: new Map(
      places
        .filter(({ place }) => place.account === target.account)
        .map(({ place, images: part }) => [
          place.region,
          {
            ...part,
            points: groupByLineage(input.policySet, pointsAt(part.items, deployment, place)),
          },
        ]),
    ),
  };
};

/** An image that is not ours to judge is reported, and that is all. */
const managementOf = ({ observation, deployment, homes }: PlanInput, image: Image): Ownership => {
  const ownership = ownershipOf(image, deployment, observation.target);
  return ownership.isOurs && !isOfHome(image.tags, observation.target, homes)
    ? { isOurs: false, reason: reason('OWN-06') }
    : ownership;
};

const judgeGroup = (context: Context, group: readonly Point[]): readonly Judged[] => {
  const policy = policyOf(context.input.policySet, group[0]?.name.policyId ?? '');
  const copied =
    policy === undefined ? undefined : copiedPoints(context.input, context.copies, policy, group);
  const arrived = group.filter((point) => hasArrived(point, context.input.nowMs)).length;
  return group.map((point): Judged => {
    const keep = policy === undefined ? undefined : keepRuleOf(context, policy, point);
    if (policy === undefined || copied === undefined || keep === undefined) {
      const gone = reason('RET-14', point.name.policyId);
      return { decision: decisionOf(point.image, undefined, 'keep', [gone]) };
    }
    return judgePoint(context, { policy, keep, group, copied, arrived }, point);
  });
};

/** Pending ones included: a night's images may still be on their way when retirement comes. */
const hasArrived = (point: Point, nowMs: number): boolean =>
  (isGood(point) || isPending(point)) && nowMs - point.capturedMs <= TURNOVER_MS;

/** A copy is kept by its destination's rule; a place that the policy no longer names has none. */
const keepRuleOf = ({ input }: Context, policy: Policy, point: Point): Keep | undefined =>
  isCopy(point)
    ? policy.copyTo.find(({ region }) => region === input.observation.target.region)?.keep
    : policy.keep;

const judgePoint = (context: Context, lineage: Lineage, point: Point): Judged => {
  const { policy, group } = lineage;
  const { nowMs, policySet } = context.input;
  const keepFor = (reasons: readonly Reason[]): Judged => ({
    decision: decisionOf(point.image, policy.id, 'keep', reasons),
  });
  if (isPending(point)) return keepFor([reason('RET-13')]);
  const good = group.filter(isGood);
  if (isFailed(point)) {
    const better = good.find(({ name }) => name.slotMs >= point.name.slotMs);
    if (better === undefined) return keepFor([reason('RET-12')]);
    const why = reason('RET-11', better.image.id);
    return propose(context, lineage, { point, why, survivors: [better] });
  }
  if (!isGood(point)) return keepFor([reason('RET-15', point.image.state)]);
  const rank = good.indexOf(point);
  const keptFor = (one: Point, at: number): readonly Reason[] =>
    keepReasons(lineage.keep, { rank: at, ageMs: nowMs - one.capturedMs });
  const kept = keptFor(point, rank);
  if (kept.length > 0) return keepFor(kept);
  const survivors = good.filter(
    (one, at) => at < policySet.limits.keepAtLeast || keptFor(one, at).length > 0,
  );
  const why = reason('RET-10', `${rank + 1} of ${good.length}`);
  return propose(context, lineage, { point, why, survivors });
};

/** What somebody asked for displaces nothing, so its removal always counts towards the percentage. */
const ON_DEMAND: Lineage = {
  policy: { id: ON_DEMAND_POLICY_ID, retire: { snapshots: 'delete' } },
  keep: {},
  group: [],
  copied: new Map(),
  arrived: 0,
};

const settleOnDemand = (context: Context, judgement: OnDemandJudgement): Judged => {
  if (judgement.verdict === 'expired') return propose(context, ON_DEMAND, judgement);
  const { point, verdict, reasons } = judgement;
  return { decision: decisionOf(point.image, ON_DEMAND.policy.id, verdict, reasons) };
};

interface Proposal {
  readonly point: Point;
  readonly why: Reason;
  readonly survivors: readonly Point[];
}

/** An expired image goes, unless anything forbids it; then every reason is named. */
const propose = (context: Context, lineage: Lineage, proposal: Proposal): Judged => {
  const { policy, copied } = lineage;
  const { point, why, survivors } = proposal;
  const { owed, ids } = copied.get(point.image.id) ?? NOT_COPIED;
  const vetoes = [
    ...context.unknowns,
    ...vetoesOf(point.image, context.facts),
    ...(policy.retire.snapshots === 'delete' ? snapshotVetoes(context, point) : []),
    ...owed,
    ...(survivors.includes(point) ? [reason('PRO-06')] : []),
  ];
  if (vetoes.length > 0) {
    return { decision: decisionOf(point.image, policy.id, 'protect', [why, ...vetoes]) };
  }
  const survivorIds = survivors.map(({ image }) => image.id);
  return { candidate: { point, policy, why, survivorIds, copyIds: ids, lineage } };
};

/** A hold on a snapshot holds its image too, since the one would go with the other. */
const snapshotVetoes = ({ input, held }: Context, { image }: Point): readonly Reason[] => {
  const { isComplete, problem } = input.observation.snapshots;
  return [
    ...image.snapshots.flatMap(({ snapshotId }) => held.get(snapshotId) ?? []),
    ...(isComplete ? [] : [reason('PRO-25', problem)]),
  ];
};
