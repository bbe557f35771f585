/**
 * How fast a pass is, and what bounds it: `npm run bench` (about half a minute).
 *
 * Two parts: one full page of images over the wire, and a month on the embedded cloud. The planner
 * alone has planner.ts. Each prints its figures beside the least that the work could take. Nothing is
 * asserted: the figures are the machine's, and only their ratios travel.
 */
import { createCloud } from '../shared/aws/ec2.ts';
import { connectInProcess } from '../cli/embedded-connection.ts';
import { readTextFile } from '../shared/config/files.ts';
import { parsePolicyFile } from '../shared/config/policy-file.ts';
import { runMonth } from '../cli/month.ts';
import { createCloud as createEmbedded, type EmbeddedCloud } from '../simulator/cloud.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { CALM_MANNERS } from '../simulator/manners.ts';
import { createRandom } from '../simulator/random.ts';
import { createRequestHandler } from '../simulator/wire/in-process.ts';
import { createRouter, type WireRequest } from '../simulator/wire/router.ts';
import { seedWorld } from '../simulator/world/world.ts';
import { ACCOUNT, ELSEWHERE, HOME } from './fleet.ts';
import { count, medianMs, ms, print } from './measure.ts';

const POLICY_FILE = 'policies/example.yml';
const WIRING_FILE = 'serverless.yml';
const BYTES_MAX = 1_000_000;

const policySet = parsePolicyFile(readTextFile(POLICY_FILE, BYTES_MAX), POLICY_FILE, HOME.region);

/** Everything that an SDK client would look up is given, as the embedded cloud gives it. */
const connect = (cloud: EmbeddedCloud, onRoute: (elapsedMs: number, bytes: number) => void) => {
  const route = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const requestHandler = createRequestHandler((request: WireRequest) => {
    const startMs = performance.now();
    const response = route(request);
    onRoute(performance.now() - startMs, response.body.length);
    return response;
  });
  return connectInProcess({
    requestHandler,
    accessKeyId: 'AKIAEMBEDDED',
    clock: cloud.clock,
    jitter: () => 0,
  });
};

/** A calm cloud with a thousand images of one deployment in it. */
const cloudWithImages = async (images: number): Promise<EmbeddedCloud> => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 21));
  const manners = { ...CALM_MANNERS, pendingSnapshotsPerVolume: images };
  const cloud = createEmbedded({ clock, random: createRandom(7), manners });
  const world = seedWorld(cloud, {
    account: ACCOUNT,
    homeRegion: HOME.region,
    drRegion: ELSEWHERE.region,
  });
  const Tags = ['deployment', 'policy', 'source', 'slot', 'home'].map((key) => ({
    Key: `imago:${key}`,
    Value: key === 'deployment' ? 'bench' : `a value of ${key}`,
  }));
  for (let index = 0; index < images; index += 1) {
    cloud.ec2.CreateImage(
      {
        InstanceId: world.members[0]?.instanceId,
        Name: `imago/bench/web-daily/${index}`,
        TagSpecifications: [{ ResourceType: 'image', Tags }],
      },
      cloud.callAs(ACCOUNT, HOME.region),
    );
  }
  await clock.runUntil(clock.nowMs() + 3_600_000);
  return cloud;
};

/** Resolves to what one call that finds nothing takes, by which everything else is bounded. */
const benchPage = async (): Promise<number> => {
  console.log('one page of 1,000 images, with 5 tags each, over the wire in process');
  const cloud = await cloudWithImages(1_000);
  let servedMs = 0;
  let bytes = 0;
  const connection = connect(cloud, (elapsedMs, length) => {
    servedMs = elapsedMs;
    bytes = length;
  });
  const ec2 = createCloud(connection).at(HOME);
  // In virtual time, which the limiter waits in when it has to.
  const readOf = (deployment: string) => cloud.clock.runFor(ec2.images(deployment));
  const read = () => readOf('bench');
  const text = JSON.stringify((await read()).items);
  const pageMs = await medianMs(15, read);
  const serveMs = servedMs;
  const pageBytes = bytes;
  const parseMs = await medianMs(15, () => JSON.parse(text));
  const callMs = await medianMs(200, () => readOf('nobody'));
  print('page, as images of the domain', ms(pageMs), `${(1_000 / pageMs).toFixed(0)} pages/s`);
  print('  of it the embedded cloud', ms(serveMs), `${(pageBytes / 1e6).toFixed(2)} MB of XML`);
  print(
    "  the rest: the SDK's XML parser",
    ms(pageMs - serveMs),
    `bound: ${ms(parseMs)}, JSON.parse of the same images`,
  );
  print('a call that finds nothing', ms(callMs), `${count(1_000 / callMs)} calls/s`);
  return callMs;
};

const benchMonth = async (callMs: number): Promise<void> => {
  console.log('a month of 12 instances on the embedded cloud');
  const startMs = performance.now();
  const result = await runMonth({
    seed: 7,
    days: 30,
    instances: 12,
    startMs: Date.UTC(2026, 10, 1),
    homeRegion: HOME.region,
    wiring: { text: readTextFile(WIRING_FILE, BYTES_MAX), file: WIRING_FILE },
    policy: { set: policySet, file: POLICY_FILE },
    retireMode: 'apply',
    hasLife: true,
  });
  const elapsedMs = performance.now() - startMs;
  const changes = Object.values(result.calls.mutating).reduce((sum, { made }) => sum + made, 0);
  const calls = changes + result.calls.reads;
  const invocations = Object.values(result.invocations).reduce((sum, one) => sum + one.count, 0);
  print('30 virtual days', ms(elapsedMs), `${(30_000 / elapsedMs).toFixed(1)} virtual days/s`);
  print(
    `  ${count(changes)} changes, ${count(result.calls.reads)} reads`,
    ms(calls * callMs),
    'bound: each as quick as one that finds nothing',
  );
  print(`  ${count(invocations)} invocations`, `${(elapsedMs / invocations).toFixed(2)} ms each`);
};

await benchMonth(await benchPage());
