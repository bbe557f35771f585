/** A calm cloud with one instance in it, and short words for what the tests do to it. */
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { CALM_MANNERS, type Manners } from '../../simulator/manners.ts';
import { createRandom } from '../../simulator/random.ts';
import type { CloudEvent } from '../../simulator/services/events/event.ts';
import { ApiError, type Call } from '../../simulator/wire/api.ts';
import { seedWorld, type World } from '../../simulator/world/world.ts';

export const START_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
export const ACCOUNT = '111122223333';
export const HOME = 'eu-central-1';
export const DR = 'eu-west-1';
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export interface Bench {
  readonly cloud: EmbeddedCloud;
  readonly world: World;
  readonly home: () => Call;
  readonly dr: () => Call;
  /** Lets virtual time go by. */
  readonly pass: (delayMs: number) => Promise<void>;
  /** The id of a world's instance. */
  readonly id: (name: string) => string;
}

export const createBench = (manners: Partial<Manners> = {}, instances = 12, seed = 1): Bench => {
  const clock = new VirtualClock(START_MS);
  const cloud = createCloud({
    clock,
    random: createRandom(seed),
    manners: { ...CALM_MANNERS, ...manners },
  });
  const world = seedWorld(cloud, { account: ACCOUNT, homeRegion: HOME, drRegion: DR, instances });
  return {
    cloud,
    world,
    home: () => cloud.callAs(ACCOUNT, HOME),
    dr: () => cloud.callAs(ACCOUNT, DR),
    pass: (delayMs) => clock.runUntil(clock.nowMs() + delayMs),
    id: (name) => world.members.find((member) => member.name === name)?.instanceId ?? '',
  };
};

/** The code of the ApiError that `deed` throws; `none` if it throws none. */
export const codeOf = (deed: () => unknown): string => {
  try {
    deed();
    return 'none';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
};

/** Makes an image of `web-1` and returns its id. */
export const makeImage = (bench: Bench, name: string): string =>
  bench.cloud.ec2.CreateImage({ InstanceId: bench.id('web-1'), Name: name }, bench.home())
    .ImageId ?? '';

export const describeImage = (bench: Bench, imageId: string) =>
  bench.cloud.ec2.DescribeImages({ ImageIds: [imageId] }, bench.home()).Images?.[0];

export const IMAGE_EVENTS = 'EC2 AMI State Change';

/** Collects the EC2 events of a Region, or those of one detail type, as a rule would see them. */
export const listen = (bench: Bench, region = HOME, detailType?: string): CloudEvent[] => {
  const heard: CloudEvent[] = [];
  bench.cloud.events.putRule({
    account: ACCOUNT,
    region,
    bus: 'default',
    name: 'listener',
    pattern: {
      source: ['aws.ec2'],
      ...(detailType !== undefined && { 'detail-type': [detailType] }),
    },
    deliver: (event) => heard.push(event as CloudEvent),
  });
  return heard;
};
