import { judgeEvents } from './event-triggers.ts';
import { type Finding, newestOf, notDue, type Source } from './finding.ts';
import { formatSlot } from './naming.ts';
import type { CountingTriggers } from './overrides.ts';
import { type Point, isFailed, isGood } from './point.ts';
import { type Reason, reason } from './reasons.ts';
import { earliestRetryMs } from './retries.ts';
import { judgeSlot, type NewestSlot } from './schedule-triggers.ts';

/** What becomes of a source now, batches aside. */
export type Judgement =
  | {
      readonly isDue: false;
      readonly verdict: 'keep' | 'wait';
      readonly reasons: readonly Reason[];
    }
  | {
      readonly isDue: true;
      readonly slotMs: number;
      readonly why: Reason;
      /** What earlier tries of the slot left behind. */
      readonly tried: readonly Point[];
    };

/** What holds of all sources of a policy whose triggers are the same. */
export interface Moment {
  readonly triggers: CountingTriggers;
  readonly newest: NewestSlot | undefined;
  /** When the blackout that is open now ends. */
  readonly blackoutUntilMs: number | undefined;
}

/**
 * Joins what the triggers say. Of several points that are due, the one of the newest slot is made; one
 * that has to wait does not hold up the others.
 */
export const judgeSource = (moment: Moment, source: Source): Judgement => {
  const onSchedule = judgeSchedules(moment, source);
  const onEvents = judgeEvents(moment.triggers.events, source);
  // Where a schedule and an event share a slot, the first says why: the schedule.
  const judged = (onSchedule === undefined ? onEvents : [onSchedule, ...onEvents])
    .filter(isDue)
    .sort((a, b) => b.slotMs - a.slotMs)
    .map((finding) => judgeDue(moment, source, finding, onEvents.includes(finding)));
  return judged.find((one) => one.isDue) ?? judged[0] ?? nothingDue(onSchedule, onEvents);
};

type DueFinding = Finding & { readonly isDue: true };

const isDue = (finding: Finding): finding is DueFinding => finding.isDue;

const judgeDue = (
  moment: Moment,
  source: Source,
  { slotMs, why }: DueFinding,
  isOfEvent: boolean,
): Judgement => {
  const tried = source.points.filter(({ name }) => name.slotMs === slotMs);
  const failed = isOfEvent ? failedInARow(source) : tried.filter(isFailed);
  const hindrance = hindranceOf(moment, source, failed);
  return hindrance === undefined
    ? { isDue: true, slotMs, why, tried }
    : { isDue: false, verdict: 'wait', reasons: [hindrance] };
};

/** Nothing, if only events count for the source. */
const judgeSchedules = (
  { triggers: { schedules, events }, newest }: Moment,
  source: Source,
): Finding | undefined => {
  if (newest !== undefined) return judgeSlot(newest, source);
  if (schedules.length > 0) return notDue('wait', reason('SCH-05'));
  return events.length > 0
    ? undefined
    : notDue('wait', reason('SCH-05', 'the instance picks none of the optional triggers'));
};

/** What is being made says most; then the schedule's answer, and an event that has to wait. */
const nothingDue = (onSchedule: Finding | undefined, onEvents: readonly Finding[]): Judgement => {
  const pending = [onSchedule, ...onEvents].find((finding) => finding?.why.id === 'SCH-03');
  const limited = onEvents.find(({ why }) => why.id === 'SCH-13');
  const telling = pending ?? onSchedule ?? limited ?? onEvents[0];
  const also = telling === onSchedule && pending === undefined ? limited : undefined;
  return {
    isDue: false,
    verdict: telling?.isDue === false ? telling.verdict : 'wait',
    reasons: [telling, also].flatMap((finding) => finding?.why ?? []),
  };
};

/**
 * An event goes on to be due in each interval, and the next one is no reason to hope: without this, a
 * source that cannot be imaged would be tried anew for as often as `atMostEvery` says.
 */
const failedInARow = ({ points }: Source): readonly Point[] => {
  const sinceMs = newestOf(points, isGood)?.capturedMs ?? Number.NEGATIVE_INFINITY;
  return points.filter((point) => isFailed(point) && point.capturedMs > sinceMs);
};

/** What forbids to begin a point that is due. */
const hindranceOf = (
  { blackoutUntilMs }: Moment,
  { instance, nowMs }: Source,
  failed: readonly Point[],
): Reason | undefined => {
  if (blackoutUntilMs !== undefined) return reason('SCH-14', endOf(blackoutUntilMs));
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    return reason('SCH-09', instance.state);
  }
  const retryAtMs = earliestRetryMs(failed);
  return nowMs < retryAtMs
    ? reason('SCH-04', `${failed.length} failed, next try ${formatSlot(retryAtMs)}`)
    : undefined;
};

/** Windows may follow each other without a pause for ever, and an instant without end has no date. */
const endOf = (untilMs: number): string =>
  Number.isFinite(untilMs) ? formatSlot(untilMs) : 'it never ends';
