import { type Forecast, type ForecastInput, forecast } from '../../shared/domain/forecast.ts';
import { SWEEP_PERIOD_MS, RETIRE_SCHEDULE } from '../../shared/loop/dispatch.ts';
import { WAKE_PERIOD_MS } from '../../shared/domain/retries.ts';
import type { Rhythm } from '../../shared/domain/forecast-instants.ts';
import { aPolicySet, DEPLOYMENT, HOME } from './builders.ts';
import { inventory, OBSERVED_MS } from './inventory.ts';

/** As the deployed functions are woken. */
export const rhythm = (): Rhythm => {
  if (!RETIRE_SCHEDULE.ok) throw new Error(RETIRE_SCHEDULE.problem);
  return {
    wakePeriodMs: WAKE_PERIOD_MS,
    sweepPeriodMs: SWEEP_PERIOD_MS,
    retirement: RETIRE_SCHEDULE.schedule,
  };
};

/** Five days of `web-daily` at home, from noon on 2026-11-21, over what the parts say. */
export const aForecast = (parts: Partial<ForecastInput> = {}): Forecast =>
  forecast({
    inventories: [inventory()],
    deployment: DEPLOYMENT,
    home: HOME,
    destinations: [],
    policySet: aPolicySet(),
    rhythm: rhythm(),
    fromMs: OBSERVED_MS,
    days: 5,
    retireMode: 'apply',
    ...parts,
  });

/** Points at the end of each day, the beginning first. */
export const pointsOf = ({ days }: Forecast): readonly number[] => days.map(({ points }) => points);
