import type { PlanInput } from '../../shared/domain/decision.ts';
import type { Planned } from '../../shared/domain/explain-input.ts';
import type { Explanation } from '../../shared/domain/explain-report.ts';
import { explain } from '../../shared/domain/explain.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { type Observation, REFERENCE_SOURCES, notRead } from '../../shared/domain/model.ts';
import { planRemovals, planStrangers, planSweep } from '../../shared/domain/plan.ts';
import type { PolicySet } from '../../shared/domain/policy.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { DEPLOYMENT, HOME, aPlanInput } from './builders.ts';
import { OBSERVED_MS } from './inventory.ts';

export interface ExplainWorld {
  readonly inventories: readonly Inventory[];
  /** Absent where no policy was read. */
  readonly policySet?: PolicySet;
  readonly nowMs?: number;
}

const KINDS: Readonly<Record<string, Explanation['kind']>> = {
  ami: 'image',
  i: 'instance',
  snap: 'snapshot',
};

/** An explanation on inventories, of which the passes see everything. */
export const explainIn = (
  id: string,
  { inventories, policySet, nowMs = OBSERVED_MS }: ExplainWorld,
): Explanation => {
  const planned =
    policySet && inventories.map((one) => plannedOn(one, inventories, { policySet, nowMs }));
  return explain({
    id,
    kind: KINDS[id.split('-')[0] ?? ''] ?? 'image',
    inventories,
    nowMs,
    deployment: DEPLOYMENT,
    ...(planned === undefined ? {} : { planned }),
  });
};

const plannedOn = (
  inventory: Inventory,
  all: readonly Inventory[],
  { policySet, nowMs }: Pick<PlanInput, 'policySet' | 'nowMs'>,
): Planned => {
  const { target, instances, images, snapshots, observedMs } = inventory;
  const uses = referencesIn(inventory).bySource.filter(({ source }) => source !== 'instances');
  const observation: Observation = {
    target,
    observedMs,
    instances,
    images,
    snapshots,
    volumes: notRead(),
    uses,
    places: all
      .filter((one) => one !== inventory)
      .map((one) => ({ place: one.target, images: one.images, instances: one.instances })),
  };
  const input: PlanInput = {
    ...aPlanInput(),
    observation,
    policySet,
    nowMs,
    homes: [HOME],
    sources: REFERENCE_SOURCES,
  };
  const made = [...planSweep(input).decisions, ...planRemovals(input).decisions];
  const decisions = [...made, ...planStrangers(input, made)];
  return { target, sweep: input, retirement: input, decisions };
};
