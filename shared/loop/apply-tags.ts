import type { TagAction } from '../domain/decision.ts';
import { type Tags, type Target, targetKey } from '../domain/model.ts';
import { describeReason, reason } from '../domain/reasons.ts';
import { type Applied, MARGIN_MS } from './apply-backups.ts';
import { inParallel } from './in-parallel.ts';
import type { Loop } from './loop.ts';
import { type TagOutcome, done, fromFailure, superseded } from './outcomes.ts';
import type { Deadline } from './ports.ts';

/** The most images and snapshots that one pass writes tags on: a rule gone wrong stays small. */
export const REPAIRS_MAX = 5_000;
/** The most that one call takes. */
const BATCH_MAX = 1_000;
/** Calls under way at once. */
const WORKERS = 4;

export interface AppliedTags extends Applied<TagOutcome> {
  /** How many were left, since a pass writes no more: they are for the next one. */
  readonly left: number;
}

/**
 * Writes tags, in one call for as many as are to have the same. Nothing is read again first: a write
 * only adds and corrects, writing twice does no harm, and what is gone is told apart here.
 */
export const applyTags = async (
  loop: Loop,
  target: Target,
  actions: readonly TagAction[],
  deadline: Deadline,
): Promise<AppliedTags> => {
  const taken = actions.slice(0, REPAIRS_MAX);
  const left = actions.length - taken.length;
  if (left > 0) {
    loop.log.warn(`${left} more to tag: a pass tags ${REPAIRS_MAX} at most`, {
      target: targetKey(target),
    });
  }
  const batches = batchesOf(taken);
  const { results, defect } = await inParallel(
    batches,
    WORKERS,
    () => deadline.remainingMs() > MARGIN_MS,
    (batch) => applyBatch(loop, target, batch),
  );
  const outcomes = results.flat();
  const isFinished = results.length === batches.length;
  return { outcomes, isFinished, left, ...(defect === undefined ? {} : { defect }) };
};

interface Batch {
  readonly tags: Tags;
  readonly actions: readonly TagAction[];
}

/** Those that are to have equal tags, in as few batches as can be, in the order of the first ones. */
const batchesOf = (actions: readonly TagAction[]): readonly Batch[] =>
  [...Map.groupBy(actions, ({ tags }) => keyOf(tags)).values()].flatMap((equal) =>
    Array.from({ length: Math.ceil(equal.length / BATCH_MAX) }, (_, index) => ({
      tags: equal[0]?.tags ?? {},
      actions: equal.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
    })),
  );

const keyOf = (tags: Tags): string =>
  JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));

const applyBatch = async (
  { cloud, log }: Loop,
  target: Target,
  { tags, actions }: Batch,
): Promise<readonly TagOutcome[]> => {
  const ids = actions.map(({ resourceId }) => resourceId);
  log.info(`tag ${ids.length}`, { intent: 'tag', target: targetKey(target), tags, ids });
  const untagged = await cloud.at(target).createTags(ids, tags);
  const failures = new Map(untagged.map(({ resourceId, failure }) => [resourceId, failure]));
  return actions.map((action) => {
    const failure = failures.get(action.resourceId);
    if (failure === undefined) return done(action, action.resourceId);
    return failure.kind === 'not-found'
      ? superseded(action, [reason('TAG-07', failure.code)])
      : fromFailure(action, failure);
  });
};

/** Tells of each that was not tagged, and counts the others. */
export const recordTags = (
  { log, meter, onOutcome }: Loop,
  target: Target,
  outcomes: readonly TagOutcome[],
): void => {
  for (const outcome of outcomes) {
    onOutcome?.(target, outcome);
    const { status, action } = outcome;
    const fields = { status, tags: action.tags };
    if (status === 'superseded') {
      const reasons = outcome.reasons.map(describeReason);
      log.info(`not tagged: ${action.resourceId}`, { ...fields, reasons });
    } else if (status === 'retry-later') {
      log.warn(`not tagged: ${action.resourceId}`, { ...fields, ...outcome.failure });
    } else if (status === 'failed') {
      log.error(`not tagged: ${action.resourceId}`, { ...fields, ...outcome.failure });
    }
  }
  meter.count('TagsRepaired', outcomes.filter(({ status }) => status === 'done').length);
};
