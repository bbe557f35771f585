import { readFileSync } from 'node:fs';
import {
  deployEmbedded,
  EMBEDDED_ACCOUNT,
  type EmbeddedDeployment,
  startCloud,
} from '../../cli/embedded.ts';
import {
  NOTHING_SPENT,
  type Plan,
  type PlanInput,
  type RetireAction,
} from '../../shared/domain/decision.ts';
import type { Target } from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import { applyRemovals } from '../../shared/loop/apply-removals.ts';
import { observeForRetirement } from '../../shared/loop/retire.ts';
import { CALM_MANNERS, type Manners } from '../../simulator/manners.ts';
import { seedWorld } from '../../simulator/world/world.ts';

export const REGION = 'eu-central-1';
export const TARGET = { account: EMBEDDED_ACCOUNT, region: REGION };
const START_MS = Date.UTC(2026, 10, 1);
const DAY_MS = 86_400_000;

export interface SafetyWorld extends EmbeddedDeployment {
  /** Acts as an operator would: beside the wire. */
  readonly call: () => ReturnType<EmbeddedDeployment['cloud']['callAs']>;
  /** What the product would do now, at home if it is not said where, had it retirement's full view. */
  readonly planNow: (
    target?: Target,
  ) => Promise<{ readonly input: PlanInput; readonly made: Plan }>;
}

export interface SafetyOptions {
  readonly manners?: Partial<Manners>;
  readonly policyFile?: string;
  /** How long it is backed up for, and four hours more. */
  readonly days?: number;
}

/**
 * Two web servers and a database, backed up for some calm days by a policy that keeps few points, with
 * nothing retired yet: each has points that have expired. The queue of retirement stays silent, so that a test decides
 * when to plan, what happens then, and when to apply.
 */
export const aWorldWithExpiredPoints = async ({
  manners = {},
  policyFile = 'tests/safety/fixtures/keep-one.yml',
  days = 2,
}: SafetyOptions = {}): Promise<SafetyWorld> => {
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
    params: { retireMode: 'plan', policyFile },
  });
  await cloud.clock.runUntil(START_MS + days * DAY_MS + 4 * 3_600_000);
  cloud.behave(manners);
  const { loop } = deployed.runtime;
  return {
    ...deployed,
    call: () => cloud.callAs(EMBEDDED_ACCOUNT, REGION),
    planNow: async (target = TARGET) => {
      const looking = observeForRetirement(loop, target, NOTHING_SPENT);
      const input = await cloud.clock.runFor(looking);
      return { input, made: plan(input) };
    },
  };
};

/** Eight days after a web server was terminated: the policy keeps nothing of it any more. */
export const aWorldWithoutWeb = async () => {
  const policyFile = 'tests/safety/fixtures/gone.yml';
  const world = await aWorldWithExpiredPoints({ policyFile, days: 1 });
  const { images, instances } = world.cloud.ec2Core.store(REGION);
  const point = [...images.values()].find(({ name }) => name.startsWith('imago/dev/web-daily/'));
  const sourceId = point?.name.split('/')[3] ?? '';
  world.cloud.ec2.TerminateInstances({ InstanceIds: [sourceId] }, world.call());
  await world.cloud.clock.runUntil(world.cloud.clock.nowMs() + 8 * DAY_MS);
  return { ...world, sourceId, instances };
};

export interface Removal {
  readonly action: RetireAction;
  /** `done`, or `superseded: ` and why. */
  readonly outcome: string;
}

/**
 * Plans, lets `meddle` change the world, applies the first removal, or the first because a source is
 * gone, and tells what became of it.
 */
export const removeAfter = async (
  world: SafetyWorld,
  meddle: (action: RetireAction) => void | Promise<void>,
  isGone = false,
): Promise<Removal> => {
  const { input, made } = await world.planNow();
  const action = made.removals
    .filter((one) => one.kind === 'retire')
    .find(({ goneFrom }) => !isGone || goneFrom !== undefined);
  if (action === undefined) throw new Error('the world has no expired point');
  await meddle(action);
  const endless = { remainingMs: () => 600_000 };
  const applying = applyRemovals(world.runtime.loop, input, [action], endless);
  const { outcomes } = await world.cloud.clock.runFor(applying);
  const outcome = outcomes.map((one) =>
    one.status === 'superseded'
      ? `superseded: ${one.reasons.map(describeReason).join(', ')}`
      : one.status,
  );
  return { action, outcome: outcome.join('; ') };
};
