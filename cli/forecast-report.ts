import { isoOf } from '../shared/domain/iso.ts';
import type { HeldBack } from '../shared/domain/forecast-held.ts';
import { type Forecast, type Holding, forecast } from '../shared/domain/forecast.ts';
import { targetKey } from '../shared/domain/model.ts';
import { policyHash } from '../shared/domain/policy-hash.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import type { SnapshotPrice } from '../shared/domain/prices.ts';
import { WAKE_PERIOD_MS } from '../shared/domain/retries.ts';
import { RETIRE_SCHEDULE, SWEEP_PERIOD_MS } from '../shared/loop/dispatch.ts';
import { destinationsOf } from '../shared/loop/loop.ts';
import { type InventoryOptions, type OriginReport, originReport } from './inventories.ts';
import { type Observed, unreadParts } from './observed.ts';
import type { PriceOptions } from './price-option.ts';

export interface ForecastOptions extends Omit<InventoryOptions, 'region'>, PriceOptions {
  readonly policy: string;
  readonly deployment?: string;
  readonly days: number;
  readonly retire: 'plan' | 'apply';
  readonly json: boolean;
}

/** What `imago forecast --json` prints. */
export interface ForecastReport {
  readonly version: 1;
  readonly origin: OriginReport;
  readonly deployment: string;
  readonly home: string;
  readonly policyFile: string;
  readonly policyHash: string;
  readonly retireMode: 'plan' | 'apply';
  /** When it begins, ISO 8601. */
  readonly instant: string;
  /** Day 0 is the beginning; each later one is a day of 24 hours further. */
  readonly days: readonly DayReport[];
  /** One of each policy and place; the lists have one number for each of `days`. */
  readonly holdings: readonly Holding[];
  /** From which day on the number of points stays level; absent if it does not in this time. */
  readonly levelFromDay?: number;
  /** What had expired and stayed all the same. */
  readonly heldBack: readonly HeldReport[];
  /** Reads that fell short. */
  readonly problems: readonly string[];
  /** Instances of whose points not every size is known: what is not, counts as nothing. */
  readonly unsized: readonly string[];
  readonly assumptions: readonly string[];
  readonly prices: readonly SnapshotPrice[];
  /** Regions that are counted with no dollars, as no price is known. */
  readonly unpriced: readonly string[];
}

export interface DayReport extends Omit<Forecast['days'][number], 'atMs'> {
  /** ISO 8601. */
  readonly instant: string;
}

export interface HeldReport extends Omit<HeldBack, 'firstMs' | 'lastMs'> {
  /** ISO 8601: the first run that it was seen in, and the last. */
  readonly first: string;
  readonly last: string;
}

/** @throws Error never for input that `observeFor` gave: the retirement schedule is the product's */
export const forecastReportOf = (
  { origin, home, policySets, inventories, nowMs }: Observed,
  deployment: string,
  options: ForecastOptions,
): ForecastReport => {
  const [policySet] = policySets;
  if (policySet === undefined) throw new Error('no policy was named');
  const destinations = destinationsOf(policySet, home);
  const seen = forecast({
    inventories,
    deployment,
    home,
    destinations,
    policySet,
    rhythm: rhythm(),
    fromMs: nowMs,
    days: options.days,
    retireMode: options.retire,
    ...(options.price === undefined ? {} : { givenPrice: options.price }),
  });
  return {
    version: 1,
    origin: originReport(origin),
    deployment,
    home: targetKey(home),
    policyFile: options.policy,
    policyHash: policyHash(policySet),
    retireMode: options.retire,
    instant: isoOf(nowMs),
    days: seen.days.map(({ atMs, ...day }) => ({ ...day, instant: isoOf(atMs) })),
    holdings: seen.holdings,
    ...(seen.levelFromDay === undefined ? {} : { levelFromDay: seen.levelFromDay }),
    heldBack: seen.heldBack.map(({ firstMs, lastMs, ...one }) => ({
      ...one,
      first: isoOf(firstMs),
      last: isoOf(lastMs),
    })),
    problems: unreadParts(inventories, [home, ...destinations]),
    unsized: seen.unsized,
    assumptions: assumptionsOf(policySet, options),
    prices: seen.cost.prices,
    unpriced: seen.cost.unpriced,
  };
};

/** As the deployed functions are woken. */
const rhythm = () => {
  if (!RETIRE_SCHEDULE.ok) throw new Error(`the retirement schedule: ${RETIRE_SCHEDULE.problem}`);
  return {
    wakePeriodMs: WAKE_PERIOD_MS,
    sweepPeriodMs: SWEEP_PERIOD_MS,
    retirement: RETIRE_SCHEDULE.schedule,
  };
};

const assumptionsOf = (
  { adoptions }: PolicySet,
  { retire }: Pick<ForecastOptions, 'retire'>,
): readonly string[] => [
  'instances stay as they are: none comes, goes, starts, stops, or gets other tags or volumes',
  'nothing fails: every image and copy is good at once, what is on its way now included',
  'who uses an image now goes on doing so; nobody begins to use or to share another',
  'a snapshot counts as large as its volume: snapshots are incremental, so real use is less, mostly far less',
  'prices stay as they are, and a month is billed as if all of it were like that day',
  retire === 'apply'
    ? 'retirement removes what the policies let go, within their limits'
    : 'retirement removes nothing: --retire plan',
  ...(adoptions.length === 0 ? [] : ['adopted images are not counted: they are never removed']),
];
