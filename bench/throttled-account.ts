/** An account with EC2's published request buckets, and those who draw from them, in virtual time. */
import { connectInProcess } from '../cli/embedded-connection.ts';
import type { Connection } from '../shared/aws/connection.ts';
import type { CopyAction, CreateAction } from '../shared/domain/decision.ts';
import { applyBackups } from '../shared/loop/apply-backups.ts';
import { inParallel } from '../shared/loop/in-parallel.ts';
import type { Loop } from '../shared/loop/loop.ts';
import type { Cloud } from '../shared/loop/ports.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { createCloud as createEmbedded, type EmbeddedCloud } from '../simulator/cloud.ts';
import { CALM_MANNERS } from '../simulator/manners.ts';
import { createRandom } from '../simulator/random.ts';
import { ApiError } from '../simulator/wire/api.ts';
import { createRequestHandler } from '../simulator/wire/in-process.ts';
import { createRouter, type CallRecord } from '../simulator/wire/router.ts';
import { seedBaseImages } from '../simulator/world/base-images.ts';
import { launch } from '../simulator/world/launch.ts';
import { ACCOUNT, ELSEWHERE, HOME } from './fleet.ts';

/** As many removals as the loop has under way at once. */
const REMOVERS = 4;
const SETTLING_MS = 600_000;

export interface ThrottledAccount {
  readonly cloud: EmbeddedCloud;
  /** A connection of its own jitter, as every worker has. */
  readonly connect: (seed: number) => Connection;
  /** Launches so many instances. Resolves to their ids, when they run and nothing is under way. */
  readonly launch: (count: number) => Promise<readonly string[]>;
  /** As many images, each of an instance of its own. Resolves to their ids, when all are available. */
  readonly makeImages: (count: number) => Promise<readonly string[]>;
  /** Images of the account that are available there. */
  readonly available: (region: string) => number;
  /** What came over the wire, in order. */
  readonly calls: readonly CallRecord[];
}

/**
 * Calls take 40 to 120 ms. Images and copies are ready after a second, and any number of copies may
 * be under way: EC2's quota of 300 concurrent copies is another limit than the one looked at here.
 */
export const startAccount = (seed = 1): ThrottledAccount => {
  const random = createRandom(seed);
  const clock = new VirtualClock(Date.UTC(2026, 10, 21, 3));
  const cloud = createEmbedded({
    clock,
    random: random.fork('cloud'),
    manners: {
      ...CALM_MANNERS,
      callLatencyMs: { min: 40, max: 120 },
      imagePendingMs: { min: 1_000, max: 1_000 },
      copyPendingMs: { min: 1_000, max: 1_000 },
      concurrentCopies: 100_000,
      buckets: 'published',
    },
  });
  const images = seedBaseImages(cloud, HOME.region);
  const place = { account: ACCOUNT, region: HOME.region, images };
  const calls: CallRecord[] = [];
  const route = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => clock.nowMs(),
    requestId: cloud.requestId,
    onCall: (call) => {
      calls.push(call);
    },
  });
  const settle = () => clock.runUntil(clock.nowMs() + SETTLING_MS);
  const launchSome = async (count: number): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, () => launch(cloud, place, WEB));
    await settle();
    return ids;
  };
  return {
    cloud,
    calls,
    connect: (own) => {
      const jitter = random.fork(`jitter-${own}`);
      return connectInProcess({
        requestHandler: createRequestHandler(route, { delay: cloud.latency }),
        accessKeyId: 'AKIAEMBEDDED',
        clock,
        jitter: () => jitter.next(),
      });
    },
    launch: launchSome,
    makeImages: async (count) => {
      const made = (await launchSome(count)).map((InstanceId, index) =>
        cloud.ec2.CreateImage(
          { InstanceId, Name: `made-before-${index}` },
          cloud.callAs(ACCOUNT, HOME.region),
        ),
      );
      await settle();
      return made.map(({ ImageId = '' }) => ImageId);
    },
    available: (region) => {
      const { Images = [] } = cloud.ec2.DescribeImages(
        { Owners: ['self'], Filters: [{ Name: 'state', Values: ['available'] }] },
        cloud.callAs(ACCOUNT, region),
      );
      return Images.length;
    },
  };
};

const WEB = {
  name: 'web',
  role: 'web',
  instanceType: 't3.small',
  zone: 'a',
  state: 'running',
  tags: {},
  volumes: [{ device: '/dev/sda1', sizeGib: 8, type: 'gp3' }],
} as const;

/** How a run went. */
export interface Run {
  readonly seconds: number;
  readonly calls: number;
  readonly throttled: number;
  /** Work that was not done, and is left to a later pass. */
  readonly undone: number;
}

/** Does the work, which resolves to how much of it was left undone, and looks at the wire meanwhile. */
export const measure = async (
  { cloud, calls }: ThrottledAccount,
  action: string,
  work: () => Promise<number>,
): Promise<Run> => {
  const startMs = cloud.clock.nowMs();
  const first = calls.length;
  const undone = await cloud.clock.runFor(work());
  const own = calls.slice(first).filter((call) => call.action === action);
  return {
    seconds: (cloud.clock.nowMs() - startMs) / 1_000,
    calls: own.length,
    throttled: own.filter(({ errorCode }) => errorCode === 'RequestLimitExceeded').length,
    undone,
  };
};

const pointOf = (sourceId: string) => ({
  deployment: 'bench',
  policyId: 'daily',
  sourceId,
  slotMs: 0,
  retry: 0,
});

export const creationsOf = (instanceIds: readonly string[]): readonly CreateAction[] =>
  instanceIds.map((id) => ({
    kind: 'create',
    point: pointOf(id),
    name: `imago/bench/daily/${id}`,
    description: id,
    tags: { 'imago:deployment': 'bench' },
    reboot: false,
    excludedDevices: [],
    reasons: [],
  }));

export const copiesOf = (imageIds: readonly string[]): readonly CopyAction[] =>
  imageIds.map((id) => ({
    kind: 'copy',
    point: pointOf(id),
    name: `imago/bench/daily/${id}`,
    description: id,
    tags: { 'imago:deployment': 'bench' },
    sourceImageId: id,
    sourceRegion: HOME.region,
    plannedMs: 0,
    reasons: [],
  }));

const nothing = (): void => undefined;

/** As much of a loop as applying a plan needs. */
export const loopAround = (cloud: Cloud): Loop =>
  ({ cloud, log: { info: nothing, warn: nothing, error: nothing } }) as unknown as Loop;

/** The loop's own way of making what is due, without a deadline: 8 workers. Resolves to what is undone. */
export const applyAll = async (
  cloud: Cloud,
  actions: readonly (CreateAction | CopyAction)[],
): Promise<number> => {
  const loop = loopAround(cloud);
  const target = actions[0]?.kind === 'copy' ? ELSEWHERE : HOME;
  const deadline = { remainingMs: () => Number.POSITIVE_INFINITY };
  const { outcomes, defect } = await applyBackups(loop, target, actions, deadline);
  if (defect !== undefined) throw defect;
  return actions.length - outcomes.filter(({ status }) => status === 'done').length;
};

/** Removes images as many at a time as the loop does. Resolves to how many are still there. */
export const removeAll = async (cloud: Cloud, imageIds: readonly string[]): Promise<number> => {
  const { results } = await inParallel(
    imageIds,
    REMOVERS,
    () => true,
    (imageId) => cloud.at(HOME).deregisterImage(imageId, 'delete'),
  );
  return imageIds.length - results.filter(({ ok }) => ok).length;
};

/** Another tool in the account, which asks at its own rate and does not try again. */
export interface OtherTool {
  readonly stop: () => void;
  readonly asked: () => number;
  readonly refused: () => number;
}

/** It calls an action with nothing in its request: that takes a token all the same, and does nothing. */
export const startOtherTool = (
  { cloud }: ThrottledAccount,
  action: string,
  perSecond: number,
): OtherTool => {
  const ec2 = cloud.services.find(({ id }) => id === 'ec2');
  let asked = 0;
  let refused = 0;
  let isRunning = true;
  const ask = (): void => {
    if (!isRunning) return;
    cloud.clock.at(cloud.clock.nowMs() + 1_000 / perSecond, ask);
    asked += 1;
    try {
      ec2?.operations[action]?.answer({}, cloud.callAs(ACCOUNT, HOME.region));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'RequestLimitExceeded') refused += 1;
    }
  };
  ask();
  return {
    stop: () => {
      isRunning = false;
    },
    asked: () => asked,
    refused: () => refused,
  };
};
