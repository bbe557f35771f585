import { type Candidate, type Findings, type Turnover, decisionOf } from './candidate.ts';
import { type Copied, createCopied } from './copied.ts';
import type { Decision } from './decision.ts';
import {
  type Kept,
  type KeptGroup,
  type KeptReasons,
  keepBeside,
  keptByRule,
} from './keep-overrides.ts';
import type { Lineage } from './lineage.ts';
import type { Target } from './model.ts';
import { once } from './once.ts';
import { type Point, isCopy, isFailed, isGood, isPending } from './point.ts';
import type { Keep, KeepFrom, Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { type RetirementContext, propose } from './retirement-context.ts';
import { judgeGone } from './source-gone.ts';

/**
 * Judges the points of one lineage: each is kept, protected, or a candidate for removal.
 * @param lineage  with none but points that this deployment manages here
 * @param turnover what came of it lately
 */
export const judgeLineage = (
  context: RetirementContext,
  lineage: Lineage,
  turnover: Turnover,
  findings: Findings,
): void => {
  const { policy, points } = lineage;
  // A home may hold copies for another one: they have a rule of their own.
  const hasCopies = points.some(isCopy);
  if (policy === undefined) {
    for (const point of points) findings.decisions.push(leftAlone(point));
    return;
  }
  const own = hasCopies ? points.filter((point) => !isCopy(point)) : points;
  judgeGroup(context, { lineage, policy, points: own, turnover, ...ownRule(policy) }, findings);
  if (!hasCopies) return;
  const copies = points.filter(isCopy);
  const rule = ruleOfCopies(context, policy);
  if (rule === undefined) findings.decisions.push(...copies.map(leftAlone));
  else judgeGroup(context, { lineage, policy, points: copies, turnover, ...rule }, findings);
};

const leftAlone = ({ image, name }: Point): Decision =>
  decisionOf(image, undefined, 'keep', [reason('RET-14', name.policyId)]);

interface GroupRule {
  readonly keep: Keep;
  readonly keepFrom?: KeepFrom;
}

/** Points that one rule is for. */
interface Group extends GroupRule {
  readonly lineage: Lineage;
  readonly policy: Policy;
  /** Latest first. */
  readonly points: readonly Point[];
  readonly turnover: Turnover;
}

const ownRule = ({ keep, keepFrom }: Policy): GroupRule =>
  keepFrom === undefined ? { keep } : { keep, keepFrom };

/**
 * A copy is kept by its destination's rule, which no tag shortens; a place that the policy no longer
 * names has none.
 */
const ruleOfCopies = ({ input }: RetirementContext, policy: Policy): GroupRule | undefined => {
  const { region } = input.observation.target;
  const keep = policy.copyTo.find((to) => to.region === region)?.keep;
  if (keep === undefined || policy.keepFrom === undefined) return keep && { keep };
  const { floor: _floor, ...keepFrom } = policy.keepFrom;
  return { keep, keepFrom };
};

const judgeGroup = (context: RetirementContext, group: Group, findings: Findings): void => {
  const { lineage, policy, points } = group;
  if (points.length === 0) return;
  const good = points.every(isGood) ? points : points.filter(isGood);
  const { survivors, ...settled } = settle(context, group, good);
  const judged: JudgedGroup = {
    ...settled,
    context,
    findings,
    group,
    good,
    copied: createCopied(context.input, context.destinations, policy, lineage),
    survivors: once(() => new Set(survivors)),
    survivorIds: once(() => survivors.map(({ image }) => image.id)),
  };
  let rank = 0;
  for (const point of points) {
    if (isGood(point)) judgeGood(judged, point, (rank += 1));
    else judgeOther(judged, point);
  }
};

/** What is to stay of a group, and why. */
interface Settled {
  readonly kept: Kept;
  readonly survivors: readonly Point[];
  /** Set where the rule for a source that is gone decides. */
  readonly goneFrom?: Target;
  /** What that rule would decide otherwise, while it is not known whether the source is gone. */
  readonly doubt?: { readonly why: Reason; readonly isAbout: (imageId: string) => boolean };
}

const settle = (context: RetirementContext, group: Group, good: readonly Point[]): Settled => {
  const { input, sources } = context;
  const { policy } = group;
  const place = input.observation.target;
  const gone = judgeGone(sources, policy, { points: group.points, place, nowMs: input.nowMs });
  const keptGroup = keptGroupOf(context, group, good);
  if (gone.state === 'gone') {
    const kept = keptIfGone(keptGroup, policy, good, gone.kept);
    const survivors = good.filter(({ image }) => kept.reasons.has(image.id));
    return { kept, survivors, goneFrom: gone.home };
  }
  const kept = keepBeside(keptGroup, keptByRule(keptGroup, group.keep));
  const { keepAtLeast } = input.policySet.limits;
  const survivors = good.filter(
    ({ image }, rank) => rank < keepAtLeast || kept.reasons.has(image.id),
  );
  if (gone.state === 'there') return { kept, survivors };
  const other = keptIfGone(keptGroup, policy, good, gone.kept);
  const staying = new Set(survivors.map(({ image }) => image.id));
  const isAbout = (id: string): boolean => staying.has(id) !== other.reasons.has(id);
  return { kept, survivors, doubt: { why: reason('PRO-27', gone.why), isAbout } };
};

const keptGroupOf = (
  { input, instances }: RetirementContext,
  { policy, keepFrom, lineage }: Group,
  points: readonly Point[],
): KeptGroup => {
  const source = instances.get(lineage.sourceId);
  return {
    points,
    timezone: policy.timezone,
    nowMs: input.nowMs,
    ...(keepFrom === undefined ? {} : { keepFrom }),
    ...(source === undefined ? {} : { source }),
  };
};

const keptIfGone = (
  group: KeptGroup,
  policy: Policy,
  good: readonly Point[],
  kept: ReadonlySet<Point>,
): Kept => {
  const { keepLast = 0 } = policy.whenSourceGone ?? {};
  const evidenceOf = (rank: number): string =>
    rank < keepLast ? `${rank + 1} of ${keepLast}` : 'its home has it still';
  const byRule: KeptReasons = new Map(
    good.flatMap((point, rank) =>
      kept.has(point) ? [[point.image.id, [reason('RET-27', evidenceOf(rank))]]] : [],
    ),
  );
  return keepBeside({ ...group, isSourceGone: true }, byRule);
};

interface JudgedGroup extends Omit<Settled, 'survivors'> {
  readonly context: RetirementContext;
  readonly findings: Findings;
  readonly group: Group;
  readonly good: readonly Point[];
  readonly copied: (point: Point) => Copied;
  readonly survivors: () => ReadonlySet<Point>;
  readonly survivorIds: () => readonly string[];
}

const judgeGood = (judged: JudgedGroup, point: Point, rank: number): void => {
  const { context, findings, group, good, kept, doubt, goneFrom, survivors, copied } = judged;
  const { image } = point;
  const reasons = kept.reasons.get(image.id);
  const unread = kept.unread.get(image.id) ?? [];
  const how = goneFrom === undefined ? '' : ', its source is gone';
  const why = reasons ?? [reason('RET-10', `${rank} of ${good.length}${how}`)];
  const all = unread.length === 0 ? why : [...why, ...unread];
  const isDoubted = doubt?.isAbout(image.id) === true;
  if (reasons !== undefined && !isDoubted) {
    findings.decisions.push(decisionOf(image, group.policy.id, 'keep', all));
    return;
  }
  const { owed, ids } = copied(point);
  const objections = [
    ...owed,
    ...(reasons === undefined && survivors().has(point) ? [reason('PRO-06')] : []),
    ...(isDoubted ? [doubt.why] : []),
  ];
  const candidate = { ...candidateOf(judged, point), copyIds: ids, reasons: all };
  propose(context, candidate, objections, findings);
};

const candidateOf = (
  { group: { policy, turnover }, goneFrom, survivorIds }: JudgedGroup,
  point: Point,
): Omit<Candidate, 'reasons'> => ({
  point,
  policy,
  survivorIds: survivorIds(),
  copyIds: {},
  turnover,
  ...(goneFrom === undefined ? {} : { goneFrom }),
});

/** What is no good point: it is on its way, or failed, or somebody has done something to it. */
const judgeOther = (judged: JudgedGroup, point: Point): void => {
  const { context, findings, group, good, goneFrom } = judged;
  const { image, name } = point;
  const keepFor = (why: Reason): void => {
    findings.decisions.push(decisionOf(image, group.policy.id, 'keep', [why]));
  };
  const letGo = (why: Reason, survivorIds: readonly string[]): void => {
    const candidate = { ...candidateOf(judged, point), survivorIds, reasons: [why] };
    propose(context, candidate, [], findings);
  };
  if (isPending(point)) return keepFor(reason('RET-13'));
  if (!isFailed(point)) return keepFor(reason('RET-15', image.state));
  if (goneFrom !== undefined) return letGo(reason('RET-10', 'failed, its source is gone'), []);
  const better = good.find((one) => one.name.slotMs >= name.slotMs);
  if (better === undefined) return keepFor(reason('RET-12'));
  return letGo(reason('RET-11', better.image.id), [better.image.id]);
};
