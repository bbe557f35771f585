import type { Policy, ScheduleTrigger } from '../domain/policy.ts';
import { type Schedule, longestGapMs, parseSchedule } from '../domain/schedule.ts';
import { openUntilMs } from '../domain/windows.ts';
import { remember } from '../domain/remember.ts';

/** What can be told of the slots to come, by looking at some hundreds of them. */

const SLOTS_MAX = 400;
const HORIZON_MS = 400 * 86_400_000;

const GAPS_MAX = 1_000;

const gapOf = remember(GAPS_MAX, (key: string): { readonly gapMs: number | undefined } => {
  const [timezone = '', expression = ''] = key.split('\n');
  const result = parseSchedule(expression, timezone);
  return { gapMs: result.ok ? longestGapMs(result.schedule) : undefined };
});

/**
 * As {@link longestGapMs}, which looks at years of slots, reckoned once for each expression in a zone:
 * it is asked for many times, and policies are often alike.
 */
export const knownGapMs = ({ expression, timezone }: Schedule): number | undefined =>
  gapOf(`${timezone}\n${expression}`).gapMs;

const LISTS_MAX = 100;

const listOf = remember(LISTS_MAX, (key: string): readonly number[] => {
  const [afterMs, timezone = '', expression = ''] = key.split('\n');
  const result = parseSchedule(expression, timezone);
  return result.ok ? listSlots(result.schedule, Number(afterMs)) : [];
});

/** Slots after an instant, for a year and a bit at most; reckoned once, as {@link knownGapMs}. */
export const slotsAfter = (
  { expression, timezone }: Schedule,
  afterMs: number,
): readonly number[] => listOf(`${afterMs}\n${timezone}\n${expression}`);

const listSlots = (schedule: Schedule, afterMs: number): readonly number[] => {
  const slots: number[] = [];
  let slotMs = schedule.nextSlot(afterMs);
  while (slotMs !== undefined && slots.length < SLOTS_MAX && slotMs <= afterMs + HORIZON_MS) {
    slots.push(slotMs);
    slotMs = schedule.nextSlot(slotMs);
  }
  return slots;
};

/** The shortest time between two slots to come; undefined for fewer than two. */
export const shortestGapMs = (slots: readonly number[]): number | undefined =>
  slots.length < 2
    ? undefined
    : Math.min(...slots.slice(1).map((slotMs, index) => slotMs - (slots[index] ?? slotMs)));

/**
 * The longest that a slot has to wait for the end of a blackout, if all slots have to wait for one;
 * undefined if one has not.
 */
export const longestWaitMs = (
  { blackout }: Pick<Policy, 'blackout'>,
  slots: readonly number[],
): number | undefined => {
  let longestMs = 0;
  for (const slotMs of slots) {
    const untilMs = openUntilMs(blackout, slotMs);
    if (untilMs === undefined) return undefined;
    longestMs = Math.max(longestMs, untilMs - slotMs);
  }
  return slots.length === 0 ? undefined : longestMs;
};

/**
 * The schedules that count together for an instance: those that count by themselves, and for each
 * name those that it picks.
 */
export const choicesOf = ({
  when,
}: Pick<Policy, 'when'>): readonly (readonly ScheduleTrigger[])[] => {
  const schedules = when.filter((trigger) => trigger.kind === 'schedule');
  const names = [...new Set(schedules.flatMap(({ name }) => name ?? []))];
  return [
    schedules.filter(({ isOptional }) => !isOptional),
    ...names.map((picked) => schedules.filter(({ name }) => name === picked)),
  ].filter((choice) => choice.length > 0);
};
