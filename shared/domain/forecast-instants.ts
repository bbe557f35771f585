import type { Decision } from './decision.ts';
import type { Policy, PolicySet } from './policy.ts';
import type { ReasonId } from './reasons.ts';
import type { Schedule } from './schedule.ts';
import { nextOpeningMs, openUntilMs } from './windows.ts';

/** When the deployed product looks at its targets. */
export interface Rhythm {
  /** How often the clock looks whether anything is due. */
  readonly wakePeriodMs: number;
  /** How often everything is looked at, due or not. */
  readonly sweepPeriodMs: number;
  /** When retirement runs. */
  readonly retirement: Schedule;
}

/** What the last look found that only the passing of time changes. */
export interface Mood {
  /** Some wait for a moment that comes soon: their own, that of their batch, or of another try. */
  readonly isWaiting: boolean;
  /** Something may become due between two slots. */
  readonly needsSweeps: boolean;
  readonly isBlackedOut: boolean;
}

/** Before anything was looked at. */
export const FIRST_MOOD: Mood = { isWaiting: false, needsSweeps: true, isBlackedOut: false };

const WAITING: readonly ReasonId[] = ['SCH-04', 'SCH-15', 'SCH-16', 'COP-05'];

/** @param decisions of that look, about the instances of the home and about copies */
export const moodOf = ({ policies }: PolicySet, decisions: readonly Decision[]): Mood => {
  const said = new Set<ReasonId>();
  for (const { reasons } of decisions) for (const { id } of reasons) said.add(id);
  return {
    isWaiting: WAITING.some((id) => said.has(id)),
    // A slot that was missed is made up for once its source would be outside its RPO.
    needsSweeps: said.has('SCH-06') || policies.some(isMovedByTime),
    isBlackedOut: said.has('SCH-14'),
  };
};

/** Whether a policy's sources come and go, or are due, at other moments than those of its slots. */
const isMovedByTime = ({ when, select }: Policy): boolean =>
  when.some(({ kind }) => kind === 'event') ||
  select.olderThanMs !== undefined ||
  select.youngerThanMs !== undefined;

export interface Instant {
  readonly atMs: number;
  readonly isBackup: boolean;
  readonly isRetirement: boolean;
}

/**
 * The next instant at which the product does anything, as its clock has it: points first, then
 * retirement, where both come at once.
 * @param afterMs when it looked last, a whole number of wake periods
 */
export const nextInstant = (
  rhythm: Rhythm,
  policySet: PolicySet,
  mood: Mood,
  afterMs: number,
): Instant => {
  const wakes = toPeriods(rhythm.wakePeriodMs);
  const backupMs = Math.min(...backupInstants(rhythm, policySet, mood, afterMs).map(wakes));
  const retirementMs = Math.min(...retirements(rhythm, policySet, afterMs).map(wakes));
  const atMs = Math.min(backupMs, retirementMs);
  return { atMs, isBackup: backupMs === atMs, isRetirement: retirementMs === atMs };
};

/** The end of the period that an instant falls into. */
const toPeriods =
  (periodMs: number) =>
  (atMs: number): number =>
    Math.ceil(atMs / periodMs) * periodMs;

/** When the clock looked last: at the instant, or before. */
export const lastWakeMs = ({ wakePeriodMs }: Rhythm, atMs: number): number =>
  Math.floor(atMs / wakePeriodMs) * wakePeriodMs;

const backupInstants = (
  { wakePeriodMs, sweepPeriodMs }: Rhythm,
  { policies }: PolicySet,
  { isWaiting, needsSweeps, isBlackedOut }: Mood,
  afterMs: number,
): readonly number[] => [
  ...policies.flatMap(({ when }) =>
    when.flatMap((trigger) =>
      trigger.kind === 'schedule' ? (trigger.schedule.nextSlot(afterMs) ?? []) : [],
    ),
  ),
  ...(isWaiting ? [afterMs + wakePeriodMs] : []),
  ...(needsSweeps ? [(Math.floor(afterMs / sweepPeriodMs) + 1) * sweepPeriodMs] : []),
  ...(isBlackedOut ? policies.flatMap(({ blackout }) => openUntilMs(blackout, afterMs) ?? []) : []),
];

const retirements = (
  { retirement }: Rhythm,
  { policies }: PolicySet,
  afterMs: number,
): readonly number[] => [
  ...[retirement.nextSlot(afterMs) ?? []].flat(),
  ...policies.flatMap(({ retire }) => nextOpeningMs(retire.during, afterMs) ?? []),
];
