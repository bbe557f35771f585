import { readFileSync } from 'node:fs';
import {
  deployEmbedded,
  EMBEDDED_ACCOUNT,
  type EmbeddedDeployment,
  startCloud,
} from '../../cli/embedded.ts';
import { NOTHING_SPENT, type Plan, type PlanInput } from '../../shared/domain/decision.ts';
import { plan } from '../../shared/domain/plan.ts';
import { observeForRetirement } from '../../shared/loop/retire.ts';
import { CALM_MANNERS, type Manners } from '../../simulator/manners.ts';
import { seedWorld } from '../../simulator/world/world.ts';

export const REGION = 'eu-central-1';
export const TARGET = { account: EMBEDDED_ACCOUNT, region: REGION };
const START_MS = Date.UTC(2026, 10, 1);

export interface SafetyWorld extends EmbeddedDeployment {
  /** Acts as an operator would: beside the wire. */
  readonly call: () => ReturnType<EmbeddedDeployment['cloud']['callAs']>;
  /** What the product would do here now, had it retirement's full view. */
  readonly planNow: () => Promise<{ readonly input: PlanInput; readonly made: Plan }>;
}

/**
 * Two web servers and a database, backed up for two calm days by a policy that keeps one point, with
 * nothing retired yet: each has points that have expired. The queue of retirement stays silent, so that a test decides
 * when to plan, what happens then, and when to apply.
 */
export const aWorldWithExpiredPoints = async (
  manners: Partial<Manners> = {},
): Promise<SafetyWorld> => {
  const started = startCloud({ seed: 1, startMs: START_MS, manners: CALM_MANNERS });
  const { cloud } = started;
  seedWorld(cloud, {
    account: EMBEDDED_ACCOUNT,
    homeRegion: REGION,
    drRegion: 'eu-west-1',
    instances: 3,
  });
  const wiring = readFileSync('serverless.yml', 'utf8');
  const deployed = deployEmbedded(started, {
    homeRegion: REGION,
    wiring,
    params: { retireMode: 'plan', policyFile: 'tests/safety/fixtures/keep-one.yml' },
  });
  await cloud.clock.runUntil(START_MS + 2 * 86_400_000 + 4 * 3_600_000);
  cloud.behave(manners);
  const { loop } = deployed.runtime;
  return {
    ...deployed,
    call: () => cloud.callAs(EMBEDDED_ACCOUNT, REGION),
    planNow: async () => {
      const looking = observeForRetirement(loop, TARGET, NOTHING_SPENT);
      const input = await cloud.clock.runFor(looking);
      return { input, made: plan(input) };
    },
  };
};
