import type {
  Decision,
  PlanInput,
  RemovalAction,
  RemovalPlan,
  Spent,
  Verdict,
} from '../domain/decision.ts';
import { type Target, isSameTarget, targetKey } from '../domain/model.ts';
import { planRemovals } from '../domain/plan.ts';
import { describeReason, type ReasonId } from '../domain/reasons.ts';
import type { Applied } from './apply-backups.ts';
import { applyRemovals } from './apply-removals.ts';
import { type RetireCommand, continuation, toMessage } from './commands.ts';
import { announce, removalEvents } from './domain-events.ts';
import { type Loop, permitted, planInputOf } from './loop.ts';
import { observe, observeHomes, observeUses } from './observe.ts';
import type { RemovalOutcome } from './outcomes.ts';
import type { Deadline } from './ports.ts';

export interface RetireSummary {
  readonly target: string;
  readonly runId: string;
  readonly mode: 'plan' | 'apply';
  readonly planned: number;
  readonly removed: number;
  readonly vetoed: number;
  readonly deferred: number;
  readonly isFinished: boolean;
}

/**
 * One retirement run, or a hop of it, over one target.
 * @param isFirstDelivery false if the queue brings the command again. What the earlier try removed
 *   is then not known, so the limits of the run cannot be kept: such a delivery only plans.
 */
export const retireTarget = async (
  loop: Loop,
  command: RetireCommand,
  deadline: Deadline,
  isFirstDelivery: boolean,
): Promise<RetireSummary> => {
  const { target, runId, spent } = command;
  const input = await observeForRetirement(loop, target, spent);
  const made = planRemovals(input);
  const mode = isFirstDelivery ? loop.retireMode : 'plan';
  recordPlan(loop, made, mode);
  const removals = permitted(loop, target, made.removals);
  const applied: Applied<RemovalOutcome> =
    mode === 'apply'
      ? await applyRemovals(loop, input, removals, deadline)
      : { outcomes: [], isFinished: true };
  const { outcomes, isFinished } = applied;
  for (const outcome of outcomes) record(loop, target, outcome);
  await announce(
    loop,
    outcomes.flatMap((outcome) => removalEvents(target, outcome)),
  );
  if (applied.defect !== undefined) throw applied.defect;
  if (!isFinished) await goOn(loop, command, input, outcomes);
  const verdicts = Object.groupBy(made.decisions, ({ verdict }) => verdict);
  return {
    target: targetKey(target),
    runId,
    mode,
    planned: made.removals.length,
    removed: outcomes.filter(isRemoved).length,
    vetoed: verdicts.protect?.length ?? 0,
    deferred: verdicts.defer?.length ?? 0,
    isFinished,
  };
};

/**
 * What a removal needs to know. Without the uses of its images every removal is vetoed; they are
 * read only if there is one to veto, which a quiet target seldom has. The same holds for what tells
 * whether a source is gone.
 */
export const observeForRetirement = async (
  loop: Loop,
  target: Target,
  spent: Spent,
): Promise<PlanInput> => {
  const input = planInputOf(loop, await observe(loop, target, 'retire'), spent);
  const { decisions } = planRemovals(input);
  const isAsked = decisions.some(({ reasons }) => reasons.some(({ id }) => id === 'PRO-27'));
  if (!isAsked && !decisions.some(({ verdict }) => verdict === 'protect')) return input;
  const imageIds = decisions.filter(mayYetGo).map(({ id }) => id);
  const observation = await observeUses(loop, input.observation, imageIds);
  if (!isAsked) return planInputOf(loop, observation, spent);
  const { account } = target;
  const homes = loop.homes.filter(
    (home) => home.account === account && !isSameTarget(home, target),
  );
  return planInputOf(loop, await observeHomes(loop, observation, homes), spent);
};

/** Whether an image could go once more is known: a failed one does if its source is proven gone. */
const mayYetGo = ({ kind, verdict, reasons }: Decision): boolean =>
  kind === 'image' && (verdict === 'protect' || reasons.some(({ id }) => id === 'RET-12'));

const isRemoved = ({ status }: RemovalOutcome): boolean => status === 'done';

const goOn = async (
  loop: Loop,
  command: RetireCommand,
  { spent }: PlanInput,
  outcomes: readonly RemovalOutcome[],
): Promise<void> => {
  const next = continuation({ ...command, spent: add(spent, outcomes) });
  if (next === undefined) {
    loop.log.warn('no more hops: the rest is left to the next run', { ...command });
    return;
  }
  await loop.retireQueue.send([toMessage(next)]);
};

/** A removal whose outcome is not known for sure is taken to have happened. */
const add = (spent: Spent, outcomes: readonly RemovalOutcome[]): Spent => {
  const taken = outcomes.filter(({ status }) => status !== 'already-so' && status !== 'superseded');
  const isCounted = ({ action }: RemovalOutcome): boolean =>
    action.kind === 'retire' && action.isCounted;
  return {
    removed: spent.removed + taken.length,
    counted: spent.counted + taken.filter(isCounted).length,
  };
};

const nameOf = (action: RemovalAction): string =>
  action.kind === 'retire' ? action.imageId : action.snapshotId;

/** Objects that carry our tags and are yet not managed: somebody should know. */
const STRANGERS: readonly ReasonId[] = ['OWN-03', 'OWN-04', 'OWN-05', 'OWN-06', 'RET-14'];

const TOLD: readonly Verdict[] = ['retire', 'delete-snapshot', 'protect', 'defer'];

/** Every removal that is wanted and every one that is held back, with its reasons by id. */
const recordPlan = ({ log, meter }: Loop, made: RemovalPlan, mode: 'plan' | 'apply'): void => {
  for (const { kind, id, verdict, reasons } of made.decisions) {
    const isStranger = reasons.some((why) => STRANGERS.includes(why.id));
    if (isStranger) meter.count('StrangersSeen', 1);
    if (!isStranger && !TOLD.includes(verdict)) continue;
    log.info(`${verdict} ${id}`, { kind, verdict, mode, reasons: reasons.map(describeReason) });
    if (verdict === 'protect') meter.count('RemovalsVetoed', 1);
    if (verdict === 'defer') meter.count('RemovalsDeferred', 1);
  }
  for (const problem of made.problems) log.warn(`read fell short: ${problem}`, { mode });
  recordUnreadTags(log, made);
};

/** A tag of an instance is on the reasons of each of its points, and is told once. */
const recordUnreadTags = (log: Loop['log'], { decisions }: RemovalPlan): void => {
  const found = decisions.flatMap(({ id, reasons }) =>
    reasons.filter((why) => why.id === 'RET-09').map((why) => ({ id, why: describeReason(why) })),
  );
  for (const [why, all] of Map.groupBy(found, (one) => one.why)) {
    log.warn(`tag not understood: ${why}`, { images: all.length, example: all[0]?.id });
  }
};

const record = ({ log, meter, onOutcome }: Loop, target: Target, outcome: RemovalOutcome): void => {
  const { action, status } = outcome;
  onOutcome?.(target, outcome);
  const id = nameOf(action);
  switch (status) {
    case 'done':
      log.info(`removed ${id}`, { status, reasons: action.reasons.map(describeReason) });
      return meter.count(action.kind === 'retire' ? 'ImagesRetired' : 'SnapshotsDeleted', 1);
    case 'already-so':
      return log.info(`already gone: ${id}`, { status });
    case 'superseded':
      return log.warn(`not removed: ${id}`, {
        status,
        reasons: outcome.reasons.map(describeReason),
      });
    case 'retry-later':
    case 'failed':
      return log.error(`not removed: ${id}`, { status, ...outcome.failure });
  }
};
