import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMonth } from '../../cli/month.ts';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { FAULT_LEVELS, type FaultLevel } from '../../simulator/profiles.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICY_FILE = join(ROOT, 'policies/example.yml');

const resultOf = async (faults: FaultLevel, isDirect: boolean): Promise<string> =>
  JSON.stringify(
    await runMonth({
      seed: 11,
      days: 3,
      instances: 6,
      startMs: Date.UTC(2026, 10, 1),
      homeRegion: 'eu-central-1',
      wiring: { text: readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), file: 'serverless.yml' },
      policy: {
        set: parsePolicyFile(readFileSync(POLICY_FILE, 'utf8'), POLICY_FILE, 'eu-central-1'),
        file: POLICY_FILE,
      },
      retireMode: 'apply',
      hasLife: true,
      faults,
      manners: FAULT_LEVELS[faults],
      isDirect,
    }),
  );

test.each(['none', 'mild', 'rough'] as const)(
  'a run around the wire is to the byte what it is over the wire, with %s faults',
  async (faults) => {
    expect(await resultOf(faults, true)).toBe(await resultOf(faults, false));
  },
);
