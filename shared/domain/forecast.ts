import { sizeOf } from './candidate.ts';
import {
  type AnyAction,
  type DeleteSnapshotAction,
  NOTHING_SPENT,
  type PlanInput,
  type PlanPart,
} from './decision.ts';
import { createComparisons } from './forecast-copies.ts';
import { createHeldTally, type HeldBack, type HeldTally } from './forecast-held.ts';
import {
  FIRST_MOOD,
  lastWakeMs,
  type Mood,
  moodOf,
  nextInstant,
  type Rhythm,
} from './forecast-instants.ts';
import { levelFrom } from './forecast-level.ts';
import { createForecastWorld, type ForecastWorld, type WorldInput } from './forecast-world.ts';
import { lineagesIn } from './lineage.ts';
import { type Observation, REFERENCE_SOURCES, type Target, targetKey } from './model.ts';
import { planCopies } from './plan-copies.ts';
import { planCreation } from './plan-creation.ts';
import { planOrphans } from './plan-orphans.ts';
import { planRetirement } from './plan-retirement.ts';
import { isGood } from './point.ts';
import type { PolicySet } from './policy.ts';
import { type MonthlyCost, monthlyCost } from './prices.ts';

export interface ForecastInput extends WorldInput {
  readonly policySet: PolicySet;
  readonly rhythm: Rhythm;
  readonly fromMs: number;
  readonly days: number;
  /** Whether retirement removes, or only says what it would. */
  readonly retireMode: 'plan' | 'apply';
  /** In dollars for a GiB and month: see prices.ts. */
  readonly givenPrice?: number;
}

/** What there is of one policy at one place, day by day. */
export interface Holding {
  /** The id of the policy, or the one that is written on points that no policy owns. */
  readonly policy: string;
  /** `account/region`. */
  readonly place: string;
  readonly role: 'home' | 'destination';
  /** `orphans`: snapshots whose image is gone, of all policies. */
  readonly kind: 'points' | 'orphans';
  /** Good points, or snapshots. */
  readonly count: readonly number[];
  /** With images that failed. Each snapshot as large as its volume. */
  readonly sizeGiB: readonly number[];
}

/** All of it at the end of a day; day 0 is the beginning. */
export interface ForecastDay {
  readonly day: number;
  readonly atMs: number;
  readonly points: number;
  readonly sizeGiB: number;
  /** A month, if it stayed so. */
  readonly dollars: number;
  /** Since the day before. */
  readonly created: number;
  readonly copied: number;
  readonly removed: number;
}

export interface Forecast {
  readonly days: readonly ForecastDay[];
  readonly holdings: readonly Holding[];
  /** The day from which on the number of points stays level. */
  readonly levelFromDay?: number;
  readonly heldBack: readonly HeldBack[];
  /** Instances of whose points not every size is known. */
  readonly unsized: readonly string[];
  /** Of the last day, for its prices and what has none. */
  readonly cost: MonthlyCost;
}

const DAY_MS = 86_400_000;

/**
 * Runs the planner forward in virtual time, over a cloud in which every action succeeds at once and
 * nothing else happens: as the deployed product would look, so the forecast looks.
 */
export const forecast = (input: ForecastInput): Forecast => {
  const run = createRun(input);
  const { fromMs, days, rhythm, policySet } = input;
  run.takeCensus(fromMs);
  let lookedMs = lastWakeMs(rhythm, fromMs);
  for (let day = 1; day <= days; day += 1) {
    const untilMs = fromMs + day * DAY_MS;
    for (;;) {
      const instant = nextInstant(rhythm, policySet, run.mood(), lookedMs);
      if (instant.atMs > untilMs) break;
      if (instant.isBackup) run.backUp(instant.atMs);
      if (instant.isRetirement) run.retire(instant.atMs);
      lookedMs = instant.atMs;
    }
    run.takeCensus(untilMs);
  }
  return run.result();
};

/** A forecast under way. */
interface Run {
  readonly mood: () => Mood;
  readonly backUp: (nowMs: number) => void;
  readonly retire: (nowMs: number) => void;
  readonly takeCensus: (atMs: number) => void;
  readonly result: () => Forecast;
}

const createRun = (input: ForecastInput): Run => {
  const { home, destinations, policySet, retireMode, givenPrice } = input;
  const world = createForecastWorld(input);
  const held: HeldTally = createHeldTally();
  const book = createBook(input, world);
  const comparisons = createComparisons(world, home, destinations);
  let mood = FIRST_MOOD;
  const inputOf = (observation: Observation): PlanInput => ({
    observation,
    policySet,
    deployment: input.deployment,
    homes: [home],
    nowMs: observation.observedMs,
    sources: REFERENCE_SOURCES,
    spent: NOTHING_SPENT,
  });
  const act = (target: Target, actions: readonly AnyAction[], nowMs: number): void => {
    world.apply(target, actions, nowMs);
    comparisons.note(target, actions);
    book.note(actions);
  };
  return {
    mood: () => mood,
    backUp: (nowMs) => {
      const made = planCreation(inputOf(world.observationOf(home, nowMs)));
      act(home, made.actions, nowMs);
      const copies = destinations.filter(comparisons.isDue).flatMap((target) => {
        const owed = planCopies(inputOf(comparisons.narrowed(target, nowMs)));
        act(target, owed.actions, nowMs);
        comparisons.noteCompared(target, owed.decisions);
        return owed.decisions;
      });
      mood = moodOf(policySet, made.decisions.concat(copies));
    },
    retire: (nowMs) => {
      for (const target of world.targets) {
        const seen = inputOf(world.observationOf(target, nowMs));
        const retired = planRetirement(seen);
        // Where no snapshot is left over there is nothing to look through all images for.
        const orphans =
          world.orphansAt(target).length === 0
            ? NO_PART
            : planOrphans(seen, retired.actions.length);
        held.note(target, [...retired.decisions, ...orphans.decisions], nowMs);
        if (retireMode === 'apply') act(target, [...retired.actions, ...orphans.actions], nowMs);
      }
    },
    takeCensus: book.takeCensus,
    result: () => ({
      ...book.result(givenPrice),
      heldBack: held.all(),
      unsized: world.unsized(),
    }),
  };
};

const NO_PART: PlanPart<DeleteSnapshotAction> = { decisions: [], actions: [] };

/** What is written down day by day. */
interface Book {
  readonly note: (actions: readonly AnyAction[]) => void;
  readonly takeCensus: (atMs: number) => void;
  readonly result: (
    givenPrice: number | undefined,
  ) => Pick<Forecast, 'days' | 'holdings' | 'levelFromDay' | 'cost'>;
}

type Counts = Pick<ForecastDay, 'created' | 'copied' | 'removed'>;

const NOTHING_DONE: Counts = { created: 0, copied: 0, removed: 0 };

interface Census extends Counts {
  readonly atMs: number;
  readonly held: ReadonlyMap<string, Held>;
}

interface Held extends Pick<Holding, 'policy' | 'place' | 'role' | 'kind'> {
  readonly region: string;
  readonly count: number;
  readonly sizeGiB: number;
}

const createBook = (input: ForecastInput, world: ForecastWorld): Book => {
  const days: Census[] = [];
  let done = NOTHING_DONE;
  return {
    note: (actions) => {
      const of = (...kinds: readonly AnyAction['kind'][]): number =>
        actions.filter(({ kind }) => kinds.includes(kind)).length;
      done = {
        created: done.created + of('create'),
        copied: done.copied + of('copy'),
        removed: done.removed + of('retire', 'delete-snapshot'),
      };
    },
    takeCensus: (atMs) => {
      days.push({ atMs, ...done, held: heldIn(input, world) });
      done = NOTHING_DONE;
    },
    result: (givenPrice) => {
      const told = days.map((census, day) => dayOf(census, day, givenPrice));
      const level = levelFrom(told.map(({ points }) => points));
      return {
        days: told,
        holdings: holdingsOf(days),
        ...(level === undefined ? {} : { levelFromDay: level }),
        cost: costOf(days.at(-1), givenPrice),
      };
    },
  };
};

/** All that is there of each policy at each place, in the order of places and policies. */
const heldIn = (input: ForecastInput, world: ForecastWorld): ReadonlyMap<string, Held> => {
  const found = new Map<string, Held>();
  const add = (one: Held): void => {
    const key = `${one.place} ${one.kind} ${one.policy}`;
    const before = found.get(key) ?? { count: 0, sizeGiB: 0 };
    const sizeGiB = before.sizeGiB + one.sizeGiB;
    found.set(key, { ...one, count: before.count + one.count, sizeGiB });
  };
  world.targets.forEach((target, index) => {
    const role = index === 0 ? 'home' : 'destination';
    const where = { place: targetKey(target), region: target.region, role } as const;
    const images = world.imagesAt(target).items;
    for (const { policyId, points } of lineagesIn(images, input, target).values()) {
      const count = points.filter(isGood).length;
      const sizeGiB = points.reduce((sum, { image }) => sum + sizeOf(image), 0);
      add({ ...where, policy: policyId, kind: 'points', count, sizeGiB });
    }
    for (const { sizeGiB } of world.orphansAt(target)) {
      add({ ...where, policy: '', kind: 'orphans', count: 1, sizeGiB });
    }
  });
  return found;
};

const costOf = (census: Census | undefined, givenPrice: number | undefined): MonthlyCost =>
  monthlyCost([...(census?.held.values() ?? [])], givenPrice);

const dayOf = (census: Census, day: number, givenPrice: number | undefined): ForecastDay => {
  const held = [...census.held.values()];
  const { atMs, created, copied, removed } = census;
  return {
    day,
    atMs,
    points: sum(held.map(({ kind, count }) => (kind === 'points' ? count : 0))),
    sizeGiB: sum(held.map(({ sizeGiB }) => sizeGiB)),
    dollars: costOf(census, givenPrice).dollars,
    created,
    copied,
    removed,
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const holdingsOf = (days: readonly Census[]): readonly Holding[] => {
  const all = new Map(days.flatMap(({ held }) => [...held]));
  return [...all]
    .map(([key, { policy, place, role, kind }]) => ({
      policy,
      place,
      role,
      kind,
      count: days.map(({ held }) => held.get(key)?.count ?? 0),
      sizeGiB: days.map(({ held }) => held.get(key)?.sizeGiB ?? 0),
    }))
    .sort(
      (a, b) =>
        orderOf(a) - orderOf(b) || (`${a.place}${a.policy}` < `${b.place}${b.policy}` ? -1 : 1),
    );
};

/** Homes first, and points before what is left of them. */
const orderOf = ({ role, kind }: Pick<Holding, 'role' | 'kind'>): number =>
  (role === 'home' ? 0 : 2) + (kind === 'points' ? 0 : 1);
