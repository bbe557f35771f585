/**
 * The main job: a fleet of 100 instances backed up every day, copied to another Region and retired,
 * on the embedded cloud: `node bench/main-job.ts [days]`, 30 days if not said otherwise.
 */
import { runMonth } from '../cli/month.ts';
import { readTextFile } from '../shared/config/files.ts';
import { parsePolicyFile } from '../shared/config/policy-file.ts';
import { HOME } from './fleet.ts';
import { count, print } from './measure.ts';

const INSTANCES = 100;
const YEAR_DAYS = 365;
const WIRING_FILE = 'serverless.yml';
const BYTES_MAX = 1_000_000;

const POLICY_FILE = 'bench/main-job.yml';

const runJob = async (days: number, isDirect: boolean): Promise<void> => {
  const start = process.cpuUsage();
  const startMs = performance.now();
  const result = await runMonth({
    seed: 7,
    days,
    instances: INSTANCES,
    startMs: Date.UTC(2026, 10, 1),
    homeRegion: HOME.region,
    wiring: { text: readTextFile(WIRING_FILE, BYTES_MAX), file: WIRING_FILE },
    policy: {
      set: parsePolicyFile(readTextFile(POLICY_FILE, BYTES_MAX), POLICY_FILE, HOME.region),
      file: POLICY_FILE,
    },
    retireMode: 'apply',
    hasLife: true,
    isDirect,
  });
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(start);
  const cpuSeconds = (user + system) / 1e6;
  const points = result.policies.reduce((sum, policy) => sum + policy.points + policy.copies, 0);
  print(
    `${days} days ${isDirect ? 'directly' : 'over the wire'}`,
    `${seconds.toFixed(1)} s`,
    `${cpuSeconds.toFixed(1)} s of CPU, ${count(points)} points and copies, ` +
      `${count(result.calls.reads)} reads`,
  );
  print(
    '  a year at this rate',
    `${((seconds / days) * YEAR_DAYS).toFixed(0)} s`,
    'wanted: below 60 s',
  );
};

const [, , asked = '30'] = process.argv;
const days = Number(asked);
console.log(`the main job: ${INSTANCES} instances, one backup a day`);
if (days <= 30) await runJob(Math.ceil(days / 10), false);
await runJob(days, true);
