import { isoOf } from './iso.ts';
import type { PlanInput, Verdict } from './decision.ts';
import type { TimelineEvent } from './explain-report.ts';
import { VERDICT_WORDS, explainReason } from './explain-words.ts';
import type { Reason } from './reasons.ts';

/** What a planner says of one object at an instant. */
export interface Saying {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

/** A world that is carried on in virtual time. */
export interface Future {
  /** What is said of the object now. */
  readonly nowMs: number;
  /** The next instant at which something may change; undefined if there is none. */
  readonly nextAfter: (atMs: number, said: Saying | undefined) => number | undefined;
  /** What is said at a later instant; instants come in their order. */
  readonly sayAt: (atMs: number) => Saying | undefined;
}

/** So often a planner is asked at most, and so many changes are told. */
const STEPS_MAX = 600;
const EVENTS_MAX = 8;
/** What has expired and is held back that long, is held back by somebody, not by time. */
const HELD_MAX = 50;

const DAY_MS = 86_400_000;
/** Whatever lies further ahead, nobody plans for. */
const HORIZON_MS = 5 * 365 * DAY_MS;

/** Verdicts after which there is nothing left to tell. */
const LAST: readonly Verdict[] = ['retire', 'delete-snapshot'];

/** What is different from then on is in the ids; what else the evidence says, changes all the time. */
const keyOf = (said: Saying | undefined): string =>
  said === undefined
    ? ''
    : `${said.verdict} ${[...new Set(said.reasons.map(({ id }) => id))].toSorted().join(' ')}`;

/** How far the look ahead has come. */
interface Step {
  readonly atMs: number;
  readonly said: Saying | undefined;
  readonly steps: number;
  /** For how many steps it has been held back in the same way. */
  readonly held: number;
}

/** What becomes of the object when: each change of the verdict or of its reasons. */
export const eventsOf = (future: Future): readonly TimelineEvent[] => {
  const { nowMs, sayAt } = future;
  const events: TimelineEvent[] = [];
  let step: Step = { atMs: nowMs, said: sayAt(nowMs), steps: 0, held: 0 };
  while (events.length < EVENTS_MAX && !isSettled(step)) {
    if (step.steps === STEPS_MAX) return [...events, stillSo(step)];
    const later = stepAfter(future, step);
    if (later === undefined) return events;
    if (keyOf(later.said) !== keyOf(step.said)) events.push(changeAt(later));
    step = later;
  }
  return events;
};

const isSettled = ({ said, held }: Step): boolean =>
  said === undefined || LAST.includes(said.verdict) || held === HELD_MAX;

const stepAfter = (
  { nowMs, nextAfter, sayAt }: Future,
  { atMs, said, steps, held }: Step,
): Step | undefined => {
  const nextMs = nextAfter(atMs, said);
  if (nextMs === undefined || nextMs - nowMs > HORIZON_MS) return undefined;
  const then = sayAt(nextMs);
  const isHeld = then?.verdict === 'protect' && keyOf(then) === keyOf(said);
  return { atMs: nextMs, said: then, steps: steps + 1, held: isHeld ? held + 1 : 0 };
};

const changeAt = ({ atMs, said }: Step): TimelineEvent => ({
  at: isoOf(atMs),
  what: wordsOf(said),
  ...(said === undefined ? {} : { verdict: said.verdict }),
  reasons: (said?.reasons ?? []).map(explainReason),
});

const wordsOf = (said: Saying | undefined): string => {
  if (said === undefined) return 'No longer judged';
  return said.verdict === 'keep' ? 'From then on it is kept by' : VERDICT_WORDS[said.verdict];
};

const stillSo = (step: Step): TimelineEvent => ({
  ...changeAt(step),
  what: 'Still so then, and it was looked no further ahead',
});

/** The same input without what one run may remove at most: that is of the whole fleet. */
export const withoutLimits = (input: PlanInput): PlanInput => ({
  ...input,
  policySet: unlimited(input),
});

const known = new WeakMap<PlanInput['policySet'], PlanInput['policySet']>();

/** One for one: plans remember things by their policies. */
const unlimited = ({ policySet }: PlanInput): PlanInput['policySet'] => {
  const made = known.get(policySet) ?? {
    ...policySet,
    limits: {
      ...policySet.limits,
      maxRemovals: { count: Number.MAX_SAFE_INTEGER, percent: 100 },
    },
  };
  known.set(policySet, made);
  return made;
};

/** The first of these instants after one. */
export const firstAfter = (
  instants: readonly (number | undefined)[],
  atMs: number,
): number | undefined => {
  const later = instants.filter((one): one is number => one !== undefined && one > atMs);
  return later.length === 0 ? undefined : Math.min(...later);
};

/** Midnights in UTC, for what depends on time in ways of its own. */
export const nextMidnight = (atMs: number): number => (Math.floor(atMs / DAY_MS) + 1) * DAY_MS;
