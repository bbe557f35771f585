import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { runMonth } from '../../cli/month.ts';
import type { MonthResult } from '../../cli/month-result.ts';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';

const POLICY_FILE = 'policies/example.yml';
const SET = parsePolicyFile(readFileSync(POLICY_FILE, 'utf8'), POLICY_FILE, 'eu-central-1');

/** Three days of the whole fleet with nobody at work, under a copy of the real wiring. */
const threeDays = (without?: readonly (string | number)[]): Promise<MonthResult> => {
  const wiring = parseDocument(readFileSync('serverless.yml', 'utf8'));
  if (without !== undefined) expect(wiring.deleteIn(without)).toBe(true);
  return runMonth({
    seed: 7,
    days: 3,
    instances: 12,
    startMs: Date.UTC(2026, 10, 1),
    homeRegion: 'eu-central-1',
    wiring: { text: wiring.toString(), file: 'serverless.yml' },
    policy: { set: SET, file: POLICY_FILE },
    retireMode: 'apply',
    hasLife: false,
  });
};

const totalOf = ({ policies }: MonthResult, what: 'points' | 'copies'): number =>
  policies.reduce((sum, policy) => sum + policy[what], 0);

test('a fleet has points and copies by the wiring as it is', async () => {
  const result = await threeDays();

  expect([totalOf(result, 'points'), totalOf(result, 'copies')]).toEqual([52, 52]);
});

test('a fleet has no point at all without the schedule of dispatch', async () => {
  const result = await threeDays(['functions', 'dispatch', 'events', 0]);

  expect([totalOf(result, 'points'), totalOf(result, 'copies')]).toEqual([0, 0]);
});

test('a fleet has its copies, later, without the event of an image', async () => {
  const result = await threeDays(['functions', 'on-ec2-event', 'events', 0]);

  expect(totalOf(result, 'points')).toBe(52);
  expect(totalOf(result, 'copies')).toBeGreaterThan(45);
});
