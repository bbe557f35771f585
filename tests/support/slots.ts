import type { Schedule } from '../../shared/domain/schedule.ts';
import { at } from './builders.ts';

/** `2026-11-21T02:00Z`, or `never`. */
export const minuteOf = (atMs: number | undefined): string =>
  atMs === undefined ? 'never' : `${new Date(atMs).toISOString().slice(0, 16)}Z`;

/** The next slots after an instant; `never` ends them. */
export const slotsAfter = (schedule: Schedule, from: string, count: number): readonly string[] => {
  const slots: string[] = [];
  let afterMs: number | undefined = at(from);
  while (slots.length < count && afterMs !== undefined) {
    afterMs = schedule.nextSlot(afterMs);
    slots.push(minuteOf(afterMs));
  }
  return slots;
};

/** The newest slots of an instant, each looked for from right before the one found before it. */
export const slotsBefore = (schedule: Schedule, from: string, count: number): readonly string[] => {
  const slots: string[] = [];
  let slotMs = schedule.newestSlot(at(from));
  while (slots.length < count) {
    slots.push(minuteOf(slotMs));
    if (slotMs === undefined) break;
    slotMs = schedule.newestSlot(slotMs - 1);
  }
  return slots;
};
