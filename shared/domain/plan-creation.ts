import type { CreateAction, Decision, PlanInput, PlanPart } from './decision.ts';
import { isOfPolicy } from './lineage.ts';
import { type Instance, isOneOf } from './model.ts';
import { type PointName, formatPointName, formatSlot } from './naming.ts';
import { type Point, isFailed, isGood, isPending, newestFirst, pointsAt } from './point.ts';
import type { Policy, Trigger } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { earliestRetryMs, lastFailure, nextRetry } from './retries.ts';
import { selectInstance } from './selection.ts';
import { tagsOfPoint } from './tags.ts';

/** Which instances are due a point now. Only a home has instances that are ours to back up. */
export const planCreation = (input: PlanInput): PlanPart<CreateAction> => {
  const { observation, homes, policySet } = input;
  if (!isOneOf(homes, observation.target)) return { decisions: [], actions: [] };
  const bySource = groupBySource(input);
  const parts = [...observation.instances.items]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((instance) => decideInstance(input, instance, bySource.get(instance.id) ?? []));
  return {
    decisions: parts.flatMap(({ decisions }) => decisions),
    actions: policySet.policies.flatMap(({ id }) =>
      parts.flatMap(({ actions }) => actions.filter(({ point }) => point.policyId === id)),
    ),
  };
};

const groupBySource = ({ observation, deployment }: PlanInput): Map<string, Point[]> =>
  Map.groupBy(
    pointsAt(observation.images.items, deployment, observation.target),
    ({ name }) => name.sourceId,
  );

const decideInstance = (
  input: PlanInput,
  instance: Instance,
  points: readonly Point[],
): PlanPart<CreateAction> => {
  const judged = input.policySet.policies.map((policy) => ({
    policy,
    selection: selectInstance(instance, policy),
  }));
  const selecting = judged.filter(({ selection }) => selection.isSelected);
  if (selecting.length === 0) {
    const why = tellingReason(judged.map(({ selection }) => selection.reason));
    const verdict = { kind: 'instance', id: instance.id, verdict: 'ignore' } as const;
    return { decisions: [{ ...verdict, reasons: why }], actions: [] };
  }
  const parts = selecting.map(({ policy }) => {
    const own = points.filter((point) => isOfPolicy(input.policySet, policy, point));
    return decideSource(input, policy, instance, own);
  });
  return {
    decisions: parts.map(({ decision }) => decision),
    actions: parts.flatMap(({ action }) => action ?? []),
  };
};

/** Tags that do not match say least; any policy that came further tells the reader more. */
const tellingReason = (reasons: readonly Reason[]): readonly Reason[] => {
  const telling = reasons.filter(({ id }) => id !== 'SEL-02');
  const first = telling[0] ?? reasons[0];
  return first === undefined ? [reason('SEL-02', 'no policy')] : [first];
};

interface SourceDecision {
  readonly decision: Decision;
  readonly action?: CreateAction;
}

const decideSource = (
  input: PlanInput,
  policy: Policy,
  instance: Instance,
  points: readonly Point[],
): SourceDecision => {
  const decide = (verdict: Decision['verdict'], ...reasons: Reason[]): SourceDecision => ({
    decision: { kind: 'instance', id: instance.id, policyId: policy.id, verdict, reasons },
  });
  // Not knowing what exists, a second point of one slot could be made beside a /rN.
  if (!input.observation.images.isComplete) return decide('wait', reason('SCH-08'));
  const newest = newestSlot(policy.when, input.nowMs);
  if (newest === undefined) return decide('wait', reason('SCH-05'));
  const { slotMs } = newest;
  const current = points.filter(({ name }) => name.slotMs >= slotMs).sort(newestFirst);
  const served = current.find((point) => isGood(point) && isSince(point, slotMs));
  if (served !== undefined) return decide('keep', reason('SCH-02', served.image.id));
  const pending = current.find(isPending);
  if (pending !== undefined) return decide('wait', reason('SCH-03', pending.image.id));
  const due = dueReason(input, policy, newest, points);
  if (due.id !== 'SCH-01' && due.id !== 'SCH-07') return decide('wait', due);
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    return decide('wait', reason('SCH-09', instance.state));
  }
  const tried = current.filter(({ name }) => name.slotMs === slotMs);
  const failed = tried.filter(isFailed);
  const retryAtMs = earliestRetryMs(failed);
  if (input.nowMs < retryAtMs) {
    return decide(
      'wait',
      reason('SCH-04', `${failed.length} failed, next try ${formatSlot(retryAtMs)}`),
    );
  }
  const action = createAction(input, policy, instance, { slotMs, tried, why: due });
  return { ...decide('create', due), action };
};

/** Clocks of ours and of EC2's may differ by so much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Whether a point's data is of that slot or later. Its name alone does not say so: whoever made it
 * may have had a clock that was a month ahead, and would have served all slots until then.
 */
const isSince = ({ capturedMs }: Point, slotMs: number): boolean =>
  capturedMs >= slotMs - CLOCK_TOLERANCE_MS;

interface DueSlot {
  readonly slotMs: number;
  readonly trigger: Trigger;
}

const newestSlot = (triggers: readonly Trigger[], nowMs: number): DueSlot | undefined =>
  triggers
    .flatMap((trigger) => {
      const slotMs = trigger.schedule.newestSlot(nowMs);
      return slotMs === undefined ? [] : [{ slotMs, trigger }];
    })
    .sort((a, b) => b.slotMs - a.slotMs || windowMs(b.trigger) - windowMs(a.trigger))[0];

/** How long after its slot a trigger still makes a point; with a reboot, only while it is on time. */
const windowMs = ({ startWithinMs, catchUpMs }: Trigger, isReboot = false): number =>
  isReboot ? startWithinMs : Math.max(startWithinMs, catchUpMs);

/**
 * A slot is due while its window lasts, and beyond it if the source would else have no point inside
 * its RPO: so an instance that appears, or is started, between two slots need not wait for the next.
 * Not so where the policy reboots: nobody wants that outside the hours that they chose.
 */
const dueReason = (
  { nowMs }: PlanInput,
  policy: Policy,
  { slotMs, trigger }: DueSlot,
  points: readonly Point[],
): Reason => {
  if (nowMs - slotMs <= windowMs(trigger, policy.image.reboot))
    return reason('SCH-01', formatSlot(slotMs));
  const isInsideRpo = points.some(
    (point) => isGood(point) && nowMs - point.capturedMs <= policy.rpoMs,
  );
  if (isInsideRpo || policy.image.reboot) return reason('SCH-06', formatSlot(slotMs));
  return reason('SCH-07', formatSlot(slotMs));
};

interface Try {
  readonly slotMs: number;
  /** What the tries before left behind, and with it the names that are taken. */
  readonly tried: readonly Point[];
  readonly why: Reason;
}

const createAction = (
  { deployment, observation }: PlanInput,
  policy: Policy,
  instance: Instance,
  { slotMs, tried, why }: Try,
): CreateAction => {
  const point: PointName = {
    deployment,
    policyId: policy.id,
    sourceId: instance.id,
    slotMs,
    retry: nextRetry(tried),
  };
  const label = instance.tags['Name'];
  return {
    kind: 'create',
    point,
    name: formatPointName(point),
    description: `Imago ${policy.id}: ${instance.id}${describeLabel(label)} at ${formatSlot(slotMs)}`,
    tags: tagsOfPoint(point, observation.target, instance, policy.tags),
    reboot: policy.image.reboot,
    ...lastFailure(tried.filter(isFailed)),
    reasons: [why],
  };
};

/** EC2 descriptions are plain text of at most 255 characters. */
const describeLabel = (label: string | undefined): string =>
  label === undefined ? '' : ` (${label.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100)})`;
