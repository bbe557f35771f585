import { targetKey } from '../domain/model.ts';
import { formatSlot } from '../domain/naming.ts';
import type { Policy, PolicySet, ScheduleTrigger } from '../domain/policy.ts';
import { WAKE_OFFSETS_MS, WAKE_PERIOD_MS } from '../domain/retries.ts';
import { parseSchedule } from '../domain/schedule.ts';
import { nextOpeningMs, openUntilMs } from '../domain/windows.ts';
import { type ReconcileCommand, type RetireCommand, reconcile, toMessage } from './commands.ts';
import { type Loop, targetsOf } from './loop.ts';

const MINUTE_MS = 60_000;
/** How often dispatch runs: serverless.yml says the same. Each run answers for one such period. */
export const DISPATCH_PERIOD_MS = WAKE_PERIOD_MS;
/** How often all homes are looked at, whether anything is due or not. */
export const SWEEP_PERIOD_MS = 60 * MINUTE_MS;
/** The sweep of each day that tidies, as a time of day in UTC: after retirement. */
const TIDY_MS = 5 * 60 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Retirement's own slot. Away from the hour, when most backups are under way. */
export const RETIRE_SCHEDULE = parseSchedule('cron(30 4 * * ? *)', 'UTC');

export interface DispatchSummary {
  readonly reconcile: readonly string[];
  readonly retire: readonly string[];
}

/**
 * Sends the commands of the period that ended at or before `atMs`: targets with a slot to serve or
 * to try again, an hourly sweep of all homes (which wake their destinations), a daily one of all
 * targets that tidies, and retirement, daily and at the opening of its windows. Reads nothing but the clock's event; the period is aligned, so
 * an invocation that comes twice sends the same messages twice.
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
  const sinceTidyMs = (period.untilMs % DAY_MS) - TIDY_MS;
  if (sinceTidyMs >= 0 && sinceTidyMs < DISPATCH_PERIOD_MS) {
    return targetsOf(loop).map((target) =>
      reconcile(target, runId, { isSweep: true, isTidy: true }),
    );
  }
  return isSweep || isAnythingDue(loop.policySet, period)
    ? loop.homes.map((home) => reconcile(home, runId, { isSweep }))
    : [];
};

/**
 * A slot wakes its homes when it comes, and again when a try that left no image may be repeated; so
 * do the end of a blackout, and the end of a jitter. While sources have moments of their own, or
 * reboots go batch by batch, every period does. Events need no slot: what a lost one left undone, or
 * what had to wait for the next interval of `atMostEvery`, is found by the sweep.
 */
const isAnythingDue = ({ policies }: PolicySet, period: Period): boolean =>
  policies.some(
    (policy) =>
      isBlackoutOver(policy, period) ||
      policy.when.some((trigger) => trigger.kind === 'schedule' && isDue(policy, trigger, period)),
  );

const isDue = (policy: Policy, trigger: ScheduleTrigger, { afterMs, untilMs }: Period): boolean => {
  const { schedule, jitterMs } = trigger;
  const slotMs = schedule.newestSlot(untilMs);
  const spreadMs = spreadOf(policy, trigger);
  if (slotMs !== undefined && spreadMs > 0 && slotMs + spreadMs > afterMs) return true;
  return [...new Set([0, jitterMs])].some((delayMs) =>
    WAKE_OFFSETS_MS.some((offsetMs) => {
      const comesMs = delayMs + offsetMs;
      const wakingMs = schedule.newestSlot(untilMs - comesMs);
      return wakingMs !== undefined && wakingMs + comesMs > afterMs;
    }),
  );
};

/** For how long after a slot its sources begin one after another. A reboot is never begun late. */
const spreadOf = ({ image }: Policy, { jitterMs, startWithinMs }: ScheduleTrigger): number =>
  image.reboot && image.batchSize !== undefined ? jitterMs + startWithinMs : jitterMs;

const isBlackoutOver = ({ blackout }: Policy, { afterMs, untilMs }: Period): boolean =>
  WAKE_OFFSETS_MS.some((offsetMs) => {
    const endMs = openUntilMs(blackout, afterMs - offsetMs);
    return endMs !== undefined && endMs + offsetMs <= untilMs;
  });

const retireCommands = (loop: Loop, period: Period): readonly RetireCommand[] =>
  retirementsIn(loop.policySet, period).flatMap((atMs) =>
    targetsOf(loop).map((target) => ({
      version: 1,
      kind: 'retire',
      target,
      runId: `retire-${formatSlot(atMs)}`,
      hop: 0,
      spent: { removed: 0, counted: 0 },
    })),
  );

/** Once a day, and when a policy's window opens in which retirement may remove. */
const retirementsIn = (
  { policies }: PolicySet,
  { afterMs, untilMs }: Period,
): readonly number[] => {
  if (!RETIRE_SCHEDULE.ok) throw new Error(`the retirement schedule: ${RETIRE_SCHEDULE.problem}`);
  const daily = RETIRE_SCHEDULE.schedule.newestSlot(untilMs) ?? afterMs;
  const openings = policies.flatMap(({ retire }) => nextOpeningMs(retire.during, afterMs) ?? []);
  const isInPeriod = (atMs: number): boolean => afterMs < atMs && atMs <= untilMs;
  return [...new Set([daily, ...openings].filter(isInPeriod))].sort((a, b) => a - b);
};
