import { readTextFile } from '../shared/config/files.ts';
import { parsePolicyFile } from '../shared/config/policy-file.ts';
import { runMonth } from '../cli/month.ts';
import { FAULT_LEVELS } from '../simulator/profiles.ts';
import { writeFileSync } from 'node:fs';
const [days, instances, policy, mode, level] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  'mild',
];
const s = performance.now();
const result = await runMonth({
  seed: 7,
  days: Number(days),
  instances: Number(instances),
  startMs: Date.UTC(2026, 10, 1),
  homeRegion: 'eu-central-1',
  wiring: { text: readTextFile('serverless.yml', 1e6), file: 'serverless.yml' },
  policy: { set: parsePolicyFile(readTextFile(policy, 1e6), policy, 'eu-central-1'), file: policy },
  retireMode: 'apply',
  hasLife: true,
  isDirect: mode === 'direct',
  manners: FAULT_LEVELS[level ?? 'mild'],
  onDay: (d) => { if (d === 39) { globalThis.gc?.(); console.log('heap', process.memoryUsage().heapUsed / 1048576); } if (d === 40 && process.env.SNAP) { process.exit(0); }
    if (d % 50 === 0) console.log(d, ((performance.now() - s) / 1000).toFixed(1));
  },
});
const u = process.cpuUsage();
console.log('cpu', ((u.user + u.system) / 1e6).toFixed(1));
console.log(
  mode,
  ((performance.now() - s) / 1000).toFixed(1),
  's',
  Math.round(process.memoryUsage().rss / 1048576),
  'MiB',
  JSON.stringify(result.calls),
  JSON.stringify(result.invocations),
);
(globalThis as any).keep = result; globalThis.gc?.(); console.log(process.memoryUsage().heapUsed / 1048576);
