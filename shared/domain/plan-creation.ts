import { createAction } from './create-action.ts';
import type { CreateAction, Decision, PlanInput, PlanPart } from './decision.ts';
import { type Judgement, judgeSource } from './judge-source.ts';
import { type Instance, isOneOf } from './model.ts';
import { type Lineages, lineageKey, lineagesIn } from './lineage.ts';
import { isCopy, type Point } from './point.ts';
import { makeReady, type ReadyPolicy, selectedBy } from './ready-policies.ts';
import type { Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { type Beginning, heldBack } from './reboot-batches.ts';

/** Which instances are due a point now. Only a home has instances that are ours to back up. */
export const planCreation = (input: PlanInput): PlanPart<CreateAction> => {
  const { observation, homes, policySet, nowMs } = input;
  const { target, images, instances } = observation;
  if (!isOneOf(homes, target)) return { decisions: [], actions: [] };
  const lineages = lineagesIn(images.items, input, target);
  const policies = policySet.policies.map((policy) => makeReady(policy, nowMs));
  const rows = [...instances.items]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((instance) => rowsOf(input, policies, lineages, instance));
  const held = holdBack(input, lineages, rows);
  const decided = rows.map((row) => decide(input, row, held.get(row)));
  const actions = Map.groupBy(
    decided.flatMap(({ action }) => action ?? []),
    ({ point }) => point.policyId,
  );
  return {
    decisions: decided.map(({ decision }) => decision),
    actions: policySet.policies.flatMap(({ id }) => actions.get(id) ?? []),
  };
};

/** What becomes of an instance by one policy; or by none, and then why. */
type Row = IgnoredRow | SourceRow;

interface IgnoredRow {
  readonly instance: Instance;
  readonly policy: undefined;
  readonly why: Reason;
}

interface SourceRow {
  readonly instance: Instance;
  readonly policy: Policy;
  readonly judgement: Judgement;
  readonly notes: readonly Reason[];
}

const NO_POINTS: readonly Point[] = [];

const rowsOf = (
  { observation, nowMs }: PlanInput,
  policies: readonly ReadyPolicy[],
  lineages: Lineages,
  instance: Instance,
): readonly Row[] => {
  const selected = selectedBy(policies, instance);
  if (!selected.isSelected) return [{ instance, policy: undefined, why: selected.why }];
  return selected.by.map(({ policy, moment, notes }) => {
    const points = lineages.get(lineageKey(policy.id, instance.id))?.points ?? NO_POINTS;
    // Not knowing what exists, a second point of one slot could be made beside a /rN.
    const judgement = observation.images.isComplete
      ? judgeSource(moment, { policy, instance, points, nowMs })
      : UNKNOWN_POINTS;
    return { instance, policy, judgement, notes };
  });
};

const UNKNOWN_POINTS: Judgement = { isDue: false, verdict: 'wait', reasons: [reason('SCH-08')] };

/** Rows whose points are due, and wait for a later batch of reboots of their policy. */
const holdBack = (
  { policySet, nowMs }: PlanInput,
  lineages: Lineages,
  rows: readonly Row[],
): ReadonlyMap<Row, Reason> => {
  const held = new Map<Row, Reason>();
  for (const { id, image } of policySet.policies) {
    const { reboot, batchSize, staggerMs } = image;
    if (!reboot || batchSize === undefined) continue;
    const begunMs = [...lineages.values()]
      .filter(({ policyId }) => policyId === id)
      .flatMap(({ points }) => points.filter((point) => !isCopy(point)))
      .map(({ capturedMs }) => capturedMs);
    const due = rows.flatMap((row) => dueBy(id, row));
    for (const [{ row }, why] of heldBack({ batchSize, staggerMs }, due, begunMs, nowMs)) {
      held.set(row, why);
    }
  }
  return held;
};

/** EC2 has nothing to reboot where an instance is stopped, so that one never waits. */
const dueBy = (policyId: string, row: Row): readonly (Beginning & { readonly row: Row })[] =>
  row.policy !== undefined &&
  row.policy.id === policyId &&
  row.judgement.isDue &&
  row.instance.state !== 'stopped'
    ? [{ row, instanceId: row.instance.id, slotMs: row.judgement.slotMs }]
    : [];

interface Decided {
  readonly decision: Decision;
  readonly action?: CreateAction;
}

const decide = (input: PlanInput, row: Row, heldFor: Reason | undefined): Decided => {
  const { instance } = row;
  const about = { kind: 'instance', id: instance.id } as const;
  if (row.policy === undefined) {
    return { decision: { ...about, verdict: 'ignore', reasons: [row.why] } };
  }
  const { policy, judgement, notes } = row;
  const by = { ...about, policyId: policy.id };
  if (!judgement.isDue) {
    const { verdict, reasons } = judgement;
    return { decision: { ...by, verdict, reasons: [...reasons, ...notes] } };
  }
  if (heldFor !== undefined) {
    return { decision: { ...by, verdict: 'wait', reasons: [heldFor, ...notes] } };
  }
  const action = createAction(input, policy, instance, judgement);
  return { decision: { ...by, verdict: 'create', reasons: [...action.reasons, ...notes] }, action };
};
