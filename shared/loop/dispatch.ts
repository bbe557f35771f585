import { targetKey } from '../domain/model.ts';
import { formatSlot } from '../domain/naming.ts';
import type { PolicySet } from '../domain/policy.ts';
import { WAKE_OFFSETS_MS } from '../domain/retries.ts';
import { parseSchedule } from '../domain/schedule.ts';
import { type ReconcileCommand, type RetireCommand, reconcile, toMessage } from './commands.ts';
import { type Loop, targetsOf } from './loop.ts';

const MINUTE_MS = 60_000;
/** How often dispatch runs: serverless.yml says the same. Each run answers for one such period. */
export const DISPATCH_PERIOD_MS = 5 * MINUTE_MS;
const SWEEP_PERIOD_MS = 60 * MINUTE_MS;
/** Retirement's own slot. Away from the hour, when most backups are under way. */
const RETIRE_SCHEDULE = parseSchedule('cron(30 4 * * ? *)', 'UTC');

export interface DispatchSummary {
  readonly reconcile: readonly string[];
  readonly retire: readonly string[];
}

/**
 * Sends the commands of the period that ended at or before `atMs`: targets with a slot to serve or
 * to try again, an hourly sweep of all homes (which wake their destinations), and retirement. Reads nothing but the clock's
 * event; the period is aligned, so an invocation that comes twice sends the same messages twice.
 */
export const dispatch = async (loop: Loop, atMs: number): Promise<DispatchSummary> => {
  const untilMs = Math.floor(atMs / DISPATCH_PERIOD_MS) * DISPATCH_PERIOD_MS;
  const period = { afterMs: untilMs - DISPATCH_PERIOD_MS, untilMs };
  const backups = backupCommands(loop, period);
  const retirements = retireCommands(loop, period);
  await loop.backupQueue.send(backups.map(toMessage));
  await loop.retireQueue.send(retirements.map(toMessage));
  const names = (commands: readonly { readonly target: ReconcileCommand['target'] }[]): string[] =>
    commands.map(({ target }) => targetKey(target));
  return { reconcile: names(backups), retire: names(retirements) };
};

interface Period {
  readonly afterMs: number;
  readonly untilMs: number;
}

const backupCommands = (loop: Loop, period: Period): readonly ReconcileCommand[] => {
  const runId = `slot-${formatSlot(period.untilMs)}`;
  const isSweep = period.untilMs % SWEEP_PERIOD_MS < DISPATCH_PERIOD_MS;
  return isSweep || isAnySlotDue(loop.policySet, period)
    ? loop.homes.map((home) => reconcile(home, runId, { isSweep }))
    : [];
};

/** A slot wakes its homes when it comes, and again when a try that left no image may be repeated. */
const isAnySlotDue = ({ policies }: PolicySet, { afterMs, untilMs }: Period): boolean =>
  policies.some(({ when }) =>
    when.some(({ schedule }) =>
      WAKE_OFFSETS_MS.some((offsetMs) => {
        const slotMs = schedule.newestSlot(untilMs - offsetMs);
        return slotMs !== undefined && slotMs > afterMs - offsetMs;
      }),
    ),
  );

const retireCommands = (loop: Loop, { afterMs, untilMs }: Period): readonly RetireCommand[] => {
  if (!RETIRE_SCHEDULE.ok) throw new Error(`the retirement schedule: ${RETIRE_SCHEDULE.problem}`);
  const slotMs = RETIRE_SCHEDULE.schedule.newestSlot(untilMs);
  if (slotMs === undefined || slotMs <= afterMs) return [];
  return targetsOf(loop).map((target) => ({
    version: 1,
    kind: 'retire',
    target,
    runId: `retire-${formatSlot(slotMs)}`,
    hop: 0,
    spent: { removed: 0, counted: 0 },
  }));
};
