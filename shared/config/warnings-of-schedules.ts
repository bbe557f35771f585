import { formatSlot } from '../domain/naming.ts';
import type { Policy, ScheduleTrigger } from '../domain/policy.ts';
import type { Path } from './policy-document.ts';
import { longestWaitMs, shortestGapMs, slotsAfter } from './policy-slots.ts';
import type { Remark } from './warning-ids.ts';

/** Warnings about when points are made. */

/** @param says whether a field was written: a default is nobody's mistake */
export const scheduleWarnings = (
  policy: Policy,
  nowMs: number,
  says: (below: Path) => boolean,
): readonly Remark[] =>
  policy.when.flatMap((trigger, nth) =>
    trigger.kind === 'schedule'
      ? ofTrigger(policy, trigger, nowMs)
          .map((remark) => ({ ...remark, below: ['when', nth, ...remark.below] }))
          .filter(({ id, below }) => id !== 'WRN-07' || says(below))
      : [],
  );

const ofTrigger = (policy: Policy, trigger: ScheduleTrigger, nowMs: number): readonly Remark[] => {
  const slots = slotsAfter(trigger.schedule, nowMs);
  return [
    ...ofNoSlot(trigger, slots, nowMs),
    ...ofBlackout(policy, trigger, slots),
    ...ofLengths(trigger, shortestGapMs(slots)),
  ];
};

const ofNoSlot = (
  { schedule }: ScheduleTrigger,
  slots: readonly number[],
  nowMs: number,
): readonly Remark[] => {
  if (slots.length > 0 || schedule.nextSlot(nowMs) !== undefined) return [];
  const lastMs = schedule.newestSlot(nowMs);
  const message =
    lastMs === undefined
      ? `${schedule.expression} never fires`
      : `${schedule.expression} never fires again: its last slot was ${formatSlot(lastMs)}`;
  return [{ id: 'WRN-03', below: ['schedule'], message }];
};

const ofBlackout = (
  policy: Policy,
  { startWithinMs, catchUpMs }: ScheduleTrigger,
  slots: readonly number[],
): readonly Remark[] => {
  const waitMs = longestWaitMs(policy, slots);
  if (waitMs === undefined) return [];
  const latestMs = policy.image.reboot ? startWithinMs : Math.max(startWithinMs, catchUpMs);
  const what =
    waitMs > latestMs
      ? 'and its end can come too late for a point to be made'
      : 'and waits for its end';
  const message = `every slot falls into a blackout, ${what}`;
  return [{ id: 'WRN-04', below: ['schedule'], message }];
};

const ofLengths = (
  { startWithinMs, jitterMs }: ScheduleTrigger,
  gapMs: number | undefined,
): readonly Remark[] => {
  const remarks: Remark[] = [];
  const jitter = lengthOf(jitterMs);
  const startWithin = lengthOf(startWithinMs);
  if (jitterMs > startWithinMs) {
    const message = `jitter ${jitter} is longer than startWithin ${startWithin}`;
    remarks.push({ id: 'WRN-05', below: ['jitter'], message });
  }
  if (gapMs === undefined) return remarks;
  const gap = `the time between slots, which can be ${lengthOf(gapMs)}`;
  if (jitterMs > gapMs) {
    const message = `jitter ${jitter} is longer than ${gap}`;
    remarks.push({ id: 'WRN-06', below: ['jitter'], message });
  }
  if (startWithinMs > gapMs) {
    const message = `startWithin ${startWithin} is longer than ${gap}`;
    remarks.push({ id: 'WRN-07', below: ['startWithin'], message });
  }
  return remarks;
};

const MINUTE_MS = 60_000;

/** `26h`, `7d`, `90min`: in one unit, the largest that leaves nothing over. */
export const lengthOf = (lengthMs: number): string => {
  const minutes = Math.round(lengthMs / MINUTE_MS);
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}min`;
};
