/** The default world: a dozen instances (or any number) in one Region, and an empty Region for DR. */
import type { EmbeddedCloud } from '../cloud.ts';
import { type BaseImages, seedBaseImages } from './base-images.ts';
import { launch } from './launch.ts';
import { type InstancePlan, planInstances } from './mix.ts';

export interface WorldSpec {
  /** Twelve digits. */
  readonly account: string;
  readonly homeRegion: string;
  readonly drRegion: string;
  /** How many instances. Default 12; below that a prefix of the mix, above it the mix again. */
  readonly instances?: number;
}

export interface WorldInstance {
  readonly instanceId: string;
  readonly name: string;
  readonly role: InstancePlan['role'];
}

export interface World extends Required<WorldSpec> {
  readonly images: BaseImages;
  readonly members: readonly WorldInstance[];
}

const DAY_MS = 86_400_000;

/** As it was long before the simulation begins: running or stopped, with nothing under way. */
const settle = (cloud: EmbeddedCloud, region: string, id: string, plan: InstancePlan): void => {
  const row = cloud.ec2Core.store(region).instances.get(id);
  if (row === undefined) return;
  row.turn += 1; // disowns the timer that would make it `running`
  row.state = plan.state;
  row.launchedAtMs = cloud.clock.nowMs() - 30 * DAY_MS;
};

/** Nothing that it does takes virtual time. Call it before the deployment, or its events count. */
export const seedWorld = (cloud: EmbeddedCloud, spec: WorldSpec): World => {
  const images = seedBaseImages(cloud, spec.homeRegion);
  const place = { account: spec.account, region: spec.homeRegion, images };
  const { instances = 12 } = spec;
  const members = planInstances(instances).map((plan) => {
    const instanceId = launch(cloud, place, plan);
    settle(cloud, spec.homeRegion, instanceId, plan);
    return { instanceId, name: plan.name, role: plan.role };
  });
  return { ...spec, instances, images, members };
};
