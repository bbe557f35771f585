/**
 * How long each command takes that looks at a folder of observations, as a process of its own:
 * `node bench/inventory.ts`, after `npm ci` has bundled the command line. The folder holds some 2,000
 * images, made by the product on the embedded cloud and written by `imago observe`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployEmbedded, startCloud } from '../cli/embedded.ts';
import { connectInProcess } from '../cli/embedded-connection.ts';
import { observe } from '../cli/observe.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { endpointOf } from '../shared/aws/identity.ts';
import type { EmbeddedCloud } from '../simulator/cloud.ts';
import { CALM_MANNERS } from '../simulator/manners.ts';
import { createRequestHandler } from '../simulator/wire/in-process.ts';
import { createRouter } from '../simulator/wire/router.ts';
import { seedWorld } from '../simulator/world/world.ts';
import { ELSEWHERE, HOME } from './fleet.ts';
import { print } from './measure.ts';

// Loaded before virtual time begins: it would run on while a module is read.
await import('../shared/aws/launch-reads.ts');

const START_MS = Date.UTC(2026, 10, 1, 0, 40);
const DAYS = 8;
const INSTANCES = 120;
const ROUNDS = 3;
const WANTED_MS = 2_000;
const POLICY = 'policies/example.yml';

/** The fleet after some days of the product, none of whose points has been removed. */
const createWorld = async (): Promise<EmbeddedCloud> => {
  const started = startCloud({ seed: 7, startMs: START_MS, manners: CALM_MANNERS });
  const { cloud } = started;
  const [homeRegion, drRegion] = [HOME.region, ELSEWHERE.region];
  seedWorld(cloud, { account: HOME.account, homeRegion, drRegion, instances: INSTANCES });
  const wiring = readFileSync('serverless.yml', 'utf8');
  const params = { policyFile: POLICY, retireMode: 'plan', deployment: 'imago' };
  deployEmbedded(started, { homeRegion, wiring, params, isDirect: true, keepsLog: false });
  await cloud.clock.runUntil(START_MS + DAYS * 86_400_000);
  return cloud;
};

/** What a command has to do with that cloud. */
const surroundingsOf = (cloud: EmbeddedCloud): Surroundings => {
  const route = createRouter({
    services: cloud.services,
    accountOf: () => HOME.account,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const connection = connectInProcess({
    requestHandler: createRequestHandler(route, { delay: () => Promise.resolve() }),
    accessKeyId: HOME.account,
    clock: cloud.clock,
    jitter: () => 0.5,
  });
  const nothing = (): void => undefined;
  return {
    terminal: {
      isInteractive: false,
      columns: 100,
      out: nothing,
      error: nothing,
      progress: nothing,
      paint: (_style, text) => text,
      ask: () => Promise.resolve(''),
      readInput: () => Promise.resolve(undefined),
    },
    environment: {},
    access: {
      connection,
      region: () => Promise.resolve(HOME.region),
      endpoint: (service, region) => endpointOf(connection, service, region),
      caller: () =>
        Promise.resolve({ account: HOME.account, arn: 'arn:aws:iam::bench:user/bench' }),
    },
    onInterrupt: () => nothing,
  };
};

const MAIN = 'dist/cli/main.mjs';

/** Milliseconds of a whole process: the median of some. */
const processMs = (args: readonly string[]): number => {
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    execFileSync(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
    return performance.now() - startMs;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
};

const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'));
try {
  const cloud = await createWorld();
  const startMs = performance.now();
  const region = [HOME.region, ELSEWHERE.region];
  const options = { to: folder, region, overwrite: false, json: false };
  await cloud.clock.runFor(observe(options, surroundingsOf(cloud)));
  const images = region.reduce((sum, one) => sum + cloud.ec2Core.store(one).images.size, 0);
  const [image] = cloud.ec2Core.store(HOME.region).images.keys();
  console.log(`commands on a folder of ${images} images, each a process of its own`);
  print('observe, in process', `${(performance.now() - startMs).toFixed(0)} ms`);
  const home = ['--home', `${HOME.account}/${HOME.region}`];
  const bound = processMs(['--version']);
  print('bound: a process that does nothing', `${bound.toFixed(0)} ms`);
  for (const args of [
    ['audit'],
    ['plan', '--policy', POLICY, ...home],
    ['explain', image ?? '', ...home],
    ['diff', '--policy', POLICY, '--policy', 'policies/gfs.yml', ...home],
    ['forecast', '--days', '30', '--policy', POLICY, ...home],
    ['catalog'],
  ]) {
    const tookMs = processMs([...args, '--from', folder]);
    const ratio = `${(tookMs / bound).toFixed(1)} x the bound; wanted: below ${WANTED_MS} ms`;
    print(args[0] ?? '', `${tookMs.toFixed(0)} ms`, ratio);
  }
} finally {
  rmSync(folder, { recursive: true });
}
