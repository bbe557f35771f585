import { createHash } from 'node:crypto';
import {
  due,
  type Finding,
  isGoodOrPending,
  isSince,
  newestOf,
  notDue,
  type Source,
} from './finding.ts';
import type { Tags } from './model.ts';
import { formatSlot } from './naming.ts';
import { type Point, isPending } from './point.ts';
import type { EventTrigger, Policy } from './policy.ts';
import { reason } from './reasons.ts';
import { TAG } from './tags.ts';

/**
 * Events without memory: that one has come is read off the source and its points, so an event that
 * was lost, doubled or late changes nothing but the moment at which somebody looks.
 */

/** Whether a tag is the source's own, and no mark of AWS or of ours. */
export const isSourceTag = (key: string): boolean => !/^(aws|imago):/i.test(key);

const HASH_LENGTH = 32;

/** A hash of the source's own tags; their order does not matter. */
export const sourceTagsOf = (tags: Tags): string => {
  const own = Object.keys(tags)
    .filter(isSourceTag)
    .sort()
    .map((key) => [key, tags[key]]);
  return createHash('sha256').update(JSON.stringify(own)).digest('hex').slice(0, HASH_LENGTH);
};

/** Whether an optional trigger or any other of the policy waits for one of these events. */
export const waitsFor = ({ when }: Policy, ...events: readonly EventTrigger['event'][]): boolean =>
  when.some((trigger) => trigger.kind === 'event' && events.includes(trigger.event));

/** What each of the event triggers that count says, in their order. */
export const judgeEvents = (
  triggers: readonly EventTrigger[],
  source: Source,
): readonly Finding[] => triggers.map((trigger) => judgeEvent(trigger, source));

const judgeEvent = (trigger: EventTrigger, source: Source): Finding => {
  const { event, atMostEveryMs } = trigger;
  if (!hasCome(event, source)) return notDue('wait', reason('SCH-12', event));
  const after = event === 'tag-changed' ? newestWithTags(source) : newestInState(event, source);
  if (after !== undefined) {
    return isPending(after)
      ? notDue('wait', reason('SCH-03', after.image.id))
      : notDue('wait', reason('SCH-12', `${event}: ${after.image.id}`));
  }
  const slotMs = Math.floor(source.nowMs / atMostEveryMs) * atMostEveryMs;
  const endMs = slotMs + atMostEveryMs;
  const taken = newestOf(
    source.points,
    (point) => isGoodOrPending(point) && isInside(point, slotMs, endMs) && isSince(point, slotMs),
  );
  if (taken === undefined) return due(slotMs, reason('SCH-11', event));
  return isPending(taken)
    ? notDue('wait', reason('SCH-03', taken.image.id))
    : notDue('wait', reason('SCH-13', `${taken.image.id}, next from ${formatSlot(endMs)}`));
};

/** Tags always are as they are; a state must have been reached. */
const hasCome = (event: EventTrigger['event'], { instance }: Source): boolean =>
  event === 'tag-changed' || instance.state === event;

/**
 * A point of the state that the source is in now, captured since it was last started. Where EC2 does
 * not say when that was, none is known to be, and the interval alone bounds how many are made.
 */
const newestInState = (state: string, { instance, points }: Source): Point | undefined => {
  const sinceMs = instance.launchedMs ?? Number.POSITIVE_INFINITY;
  return newestOf(
    points,
    (point) =>
      isGoodOrPending(point) &&
      point.capturedMs >= sinceMs &&
      point.image.tags[TAG.sourceState] === state,
  );
};

/** The newest point, if the source has the tags that it had then. */
const newestWithTags = ({ instance, points }: Source): Point | undefined => {
  const newest = newestOf(points, isGoodOrPending);
  return newest?.image.tags[TAG.sourceTags] === sourceTagsOf(instance.tags) ? newest : undefined;
};

const isInside = ({ name }: Point, fromMs: number, untilMs: number): boolean =>
  name.slotMs >= fromMs && name.slotMs < untilMs;
