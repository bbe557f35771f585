/**
 * How much the embedded cloud can hold, and how fast it answers: `npm run bench`.
 *
 * CPU time of one call from the request's bytes to the answer's (decode, logic, encode), what a
 * world of 100,000 images weighs, how long it takes to save and to load it, and the main job.
 * Nothing is asserted: the figures are the machine's.
 */
import { createCloud, type EmbeddedCloud } from '../simulator/cloud.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { PROFILES } from '../simulator/profiles.ts';
import { createRandom } from '../simulator/random.ts';
import { createRouter, type Route, type WireRequest } from '../simulator/wire/router.ts';
import { readWorld, writeWorld } from '../simulator/world-file/world-file.ts';
import { seedWorld } from '../simulator/world/world.ts';
import { ACCOUNT, ELSEWHERE, HOME } from './fleet.ts';
import { count, cpuMs, ms, print } from './measure.ts';

const IMAGES = 100_000;
const SOURCES = 1_000;
const SEED = 7;
const START_MS = Date.UTC(2026, 10, 21);
const MIB = 1_048_576;

/** More of everything than one account may have. */
const NO_QUOTAS = {
  imageQuota: Number.POSITIVE_INFINITY,
  snapshotQuota: Number.POSITIVE_INFINITY,
  pendingSnapshotQuota: Number.POSITIVE_INFINITY,
  pendingSnapshotsPerVolume: Number.POSITIVE_INFINITY,
};

const newCloud = (startMs: number): EmbeddedCloud =>
  createCloud({
    clock: new VirtualClock(startMs),
    random: createRandom(SEED),
    manners: { ...PROFILES.calm, ...NO_QUOTAS },
  });

const rssMib = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / MIB;
};

/** As many images as asked for, of all instances of the default world, with five tags each. */
const fill = async (cloud: EmbeddedCloud, images: number): Promise<void> => {
  const world = seedWorld(cloud, {
    account: ACCOUNT,
    homeRegion: HOME.region,
    drRegion: ELSEWHERE.region,
    instances: 12,
  });
  const sources = world.members.filter(({ role }) => role !== 'old');
  for (let index = 0; index < images; index += 1) {
    const tags = {
      'imago:deployment': index % 100 === 0 ? 'rare' : 'bench',
      'imago:policy': 'web-daily',
      'imago:source': `i-${String(index % SOURCES).padStart(17, '0')}`,
      'imago:slot': '2026-11-21T03-00-00Z',
      Name: `server ${index % SOURCES}`,
    };
    cloud.ec2.CreateImage(
      {
        InstanceId: sources[index % sources.length]?.instanceId,
        Name: `imago/bench/web-daily/${index}`,
        TagSpecifications: [
          {
            ResourceType: 'image',
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          },
        ],
      },
      cloud.callAs(ACCOUNT, HOME.region),
    );
    if (index % 1_000 === 999) await cloud.clock.runUntil(cloud.clock.nowMs());
  }
  await cloud.clock.runUntil(cloud.clock.nowMs() + 60_000);
};

const routeOf = (cloud: EmbeddedCloud): Route =>
  createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });

/** A request as an SDK sends it. */
const asking = (parameters: Readonly<Record<string, string>>): WireRequest => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    authorization:
      `AWS4-HMAC-SHA256 Credential=AKIAEMBEDDED/20261121/${HOME.region}/ec2/aws4_request, ` +
      'SignedHeaders=host, Signature=0',
  },
  body: new URLSearchParams({
    Action: 'DescribeImages',
    Version: '2016-11-15',
    ...parameters,
  }).toString(),
});

const assertAnswer = (route: Route, request: WireRequest, images: number): number => {
  const { statusCode, body } = route(request);
  const found = new TextDecoder().decode(body).split('<imageId>').length - 1;
  if (statusCode !== 200 || found !== images) {
    throw new Error(`expected ${images} images, found ${found} (${statusCode})`);
  }
  return body.length;
};

const benchCalls = (cloud: EmbeddedCloud): void => {
  const route = routeOf(cloud);
  const ids = [...cloud.ec2Core.store(HOME.region).images.keys()];
  const byId = asking({ 'ImageId.1': ids[Math.floor(ids.length / 2)] ?? '' });
  const page = asking({ 'Owner.1': 'self', MaxResults: '1000' });
  const byTag = asking({
    'Owner.1': 'self',
    MaxResults: '1000',
    'Filter.1.Name': 'tag:imago:deployment',
    'Filter.1.Value.1': 'rare',
  });
  const byNothing = asking({ 'Filter.1.Name': 'tag:imago:deployment', 'Filter.1.Value.1': 'none' });
  assertAnswer(route, byId, 1);
  const bytes = assertAnswer(route, page, 1_000);
  assertAnswer(route, byTag, Math.min(1_000, IMAGES / 100));
  print('DescribeImages by id', ms(cpuMs(20_000, () => route(byId))), 'wanted: below 0.05 ms');
  print(
    '  a page of 1,000',
    ms(cpuMs(50, () => route(page))),
    `wanted: below 30 ms; ${(bytes / 1e6).toFixed(2)} MB of XML`,
  );
  print('  1,000 by a tag, of all', ms(cpuMs(20, () => route(byTag))));
  print('  none by a tag, of all', ms(cpuMs(20, () => route(byNothing))));
};

const benchFile = async (cloud: EmbeddedCloud): Promise<void> => {
  let startMs = performance.now();
  const text = writeWorld(cloud.save(), SEED);
  print(
    'to save the world',
    ms(performance.now() - startMs),
    `${(text.length / MIB).toFixed(0)} MiB`,
  );
  startMs = performance.now();
  const { saved } = readWorld(text, 'world.json');
  const again = newCloud(saved.nowMs);
  again.load(saved);
  print('to load it', ms(performance.now() - startMs));
  const [first] = again.ec2Core.store(HOME.region).images.keys();
  if (first === undefined) throw new Error('the world came back empty');
  await again.clock.runUntil(again.clock.nowMs());
};

export const benchCloud = async (): Promise<void> => {
  console.log(`the embedded cloud with ${count(IMAGES)} images in one Region`);
  const cloud = newCloud(START_MS);
  const beforeMib = rssMib();
  const startMs = performance.now();
  await fill(cloud, IMAGES);
  print('to make them by CreateImage', ms(performance.now() - startMs));
  const afterMib = rssMib();
  print(
    'resident memory',
    `${afterMib.toFixed(0)} MiB`,
    `${(afterMib - beforeMib).toFixed(0)} MiB of it since before; wanted: below 1,024 MiB`,
  );
  benchCalls(cloud);
  await benchFile(cloud);
};

await benchCloud();
