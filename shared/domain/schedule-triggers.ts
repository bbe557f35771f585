import { due, type Finding, isSince, newestOf, notDue, type Source } from './finding.ts';
import { jitterOf } from './jitter.ts';
import { formatSlot } from './naming.ts';
import { type Point, isGood, isPending } from './point.ts';
import type { ScheduleTrigger } from './policy.ts';
import { reason } from './reasons.ts';
import { WAKE_PERIOD_MS } from './retries.ts';

/** The newest slot of several schedules. Older ones do not count: any point of it serves them too. */
export interface NewestSlot {
  readonly slotMs: number;
  readonly trigger: ScheduleTrigger;
  /** Over how long its sources are spread. */
  readonly spreadMs: number;
}

/** Of schedules that share the slot, the one that may be late for longest, or the first of those. */
export const newestSlot = (
  triggers: readonly ScheduleTrigger[],
  nowMs: number,
): NewestSlot | undefined => {
  let newest: Omit<NewestSlot, 'spreadMs'> | undefined;
  for (const trigger of triggers) {
    const slotMs = trigger.schedule.newestSlot(nowMs);
    if (slotMs === undefined) continue;
    const aheadMs =
      newest === undefined
        ? 1
        : slotMs - newest.slotMs || latenessMs(trigger) - latenessMs(newest.trigger);
    if (aheadMs > 0) newest = { slotMs, trigger };
  }
  return newest === undefined ? undefined : { ...newest, spreadMs: spreadMs(newest, triggers) };
};

const latenessMs = ({ startWithinMs, catchUpMs }: ScheduleTrigger): number =>
  Math.max(startWithinMs, catchUpMs);

/**
 * No source's moment may lie beyond the next slot, nor so close before it that nobody looks in
 * between: it would never come.
 */
const spreadMs = (
  { slotMs, trigger: { jitterMs } }: Omit<NewestSlot, 'spreadMs'>,
  triggers: readonly ScheduleTrigger[],
): number => {
  const nextSlots = triggers.flatMap(({ schedule }) => schedule.nextSlot(slotMs) ?? []);
  const roomMs = nextSlots.map((nextMs) => Math.max(0, nextMs - slotMs - WAKE_PERIOD_MS));
  return Math.min(jitterMs, ...roomMs);
};

/** What the newest slot says of a source. */
export const judgeSlot = (newest: NewestSlot, source: Source): Finding => {
  const { slotMs } = newest;
  const isCurrent = (point: Point): boolean =>
    point.name.slotMs >= slotMs && isSince(point, slotMs);
  const served = newestOf(source.points, (point) => isGood(point) && isCurrent(point));
  if (served !== undefined) return notDue('keep', reason('SCH-02', served.image.id));
  const pending = newestOf(source.points, (point) => isPending(point) && isCurrent(point));
  if (pending !== undefined) return notDue('wait', reason('SCH-03', pending.image.id));
  return judgeOpenSlot(newest, source);
};

/**
 * A slot without a point is due from the source's own moment on while its window lasts, and beyond it
 * if the source would else have no point inside its RPO: so an instance that appears, or is started,
 * between two slots need not wait for the next. Not so where the policy reboots: nobody wants that
 * outside the hours that they chose.
 */
const judgeOpenSlot = (newest: NewestSlot, source: Source): Finding => {
  const { slotMs, trigger } = newest;
  const { policy, points, nowMs } = source;
  const momentMs = slotMs + ownDelayMs(newest, source);
  if (nowMs < momentMs) return notDue('wait', reason('SCH-15', formatSlot(momentMs)));
  const slot = formatSlot(slotMs);
  if (nowMs - momentMs <= trigger.startWithinMs) return due(slotMs, reason('SCH-01', slot));
  const { reboot } = policy.image;
  if (nowMs - slotMs <= trigger.catchUpMs && !reboot) return due(slotMs, reason('SCH-17', slot));
  const isInsideRpo = points.some(
    (point) => isGood(point) && nowMs - point.capturedMs <= policy.rpoMs,
  );
  return isInsideRpo || reboot
    ? notDue('wait', reason('SCH-06', slot))
    : due(slotMs, reason('SCH-07', slot));
};

/** The same for every pass: whoever looks, a source has one moment for one slot. */
const ownDelayMs = (newest: NewestSlot, { policy, instance }: Source): number =>
  jitterOf(`${policy.id}/${instance.id}/${newest.slotMs}`, newest.spreadMs);
