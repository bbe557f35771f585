import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderMonth } from '../../cli/month-text.ts';
import { type MonthOptions, runMonth } from '../../cli/month.ts';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICY_FILE = join(ROOT, 'policies/example.yml');

const someDays = (changes: Partial<MonthOptions>) =>
  runMonth({
    seed: 7,
    days: 2,
    instances: 12,
    startMs: Date.parse('2026-11-01T00:00:00Z'),
    homeRegion: 'eu-central-1',
    wiring: { text: readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), file: 'serverless.yml' },
    policy: {
      set: parsePolicyFile(readFileSync(POLICY_FILE, 'utf8'), POLICY_FILE, 'eu-central-1'),
      file: POLICY_FILE,
    },
    retireMode: 'apply',
    hasLife: true,
    ...changes,
  });

const jsonOf = async (changes: Partial<MonthOptions>): Promise<string> =>
  JSON.stringify(await someDays(changes));

test('a run is the same to the byte for the same seed, and another for another', async () => {
  const first = await jsonOf({});

  expect(await jsonOf({})).toBe(first);
  expect(await jsonOf({ seed: 8 })).not.toBe(first);
});

test('a run is the same to the byte where calls are throttled and fail', async () => {
  const manners = { throttled: 0.05, serverError: 0.02 };
  const first = await jsonOf({ manners });

  expect(await jsonOf({ manners })).toBe(first);
});

test('the text of a run fits on a screen of 45 lines, whatever the fleet', async () => {
  const small = await someDays({});
  const large = await someDays({ days: 1, instances: 60 });

  expect(renderMonth(small, 'out/run.json').length).toBeLessThanOrEqual(45);
  expect(renderMonth(large, 'out/run.json').length).toBeLessThanOrEqual(45);
});
