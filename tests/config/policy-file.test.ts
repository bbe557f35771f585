import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import type { PolicySet } from '../../shared/domain/policy.ts';

const HOUR_MS = 3_600_000;

const parse = (text: string): PolicySet => parsePolicyFile(text, 'policies.yml', 'eu-central-1');

const SHORTEST = `
version: 1
policies:
  - id: web
    select: {tags: {Backup: daily}}
    when: [{schedule: cron(0 2 * * ? *)}]
    keep: {last: 3}
`;

/** The value without its schedules, which are functions. */
const dataOf = ({ limits, policies }: PolicySet): unknown => ({
  limits,
  policies: policies.map(({ when, ...policy }) => ({
    ...policy,
    when: when.map(({ schedule, ...trigger }) => ({
      ...trigger,
      expression: schedule.expression,
      timezone: schedule.timezone,
    })),
  })),
});

describe('a policy file', () => {
  it('may leave out all that has a default', () => {
    expect(dataOf(parse(SHORTEST))).toEqual({
      limits: { maxRemovals: { count: 100, percent: 10 }, keepAtLeast: 1 },
      policies: [
        {
          id: 'web',
          formerly: [],
          select: {
            tags: { Backup: ['daily'] },
            not: { tags: {} },
            states: ['running', 'stopped'],
            autoScalingMembers: false,
          },
          when: [
            {
              expression: 'cron(0 2 * * ? *)',
              timezone: 'UTC',
              startWithinMs: HOUR_MS,
              catchUpMs: 12 * HOUR_MS,
            },
          ],
          rpoMs: 25 * HOUR_MS,
          image: { reboot: false },
          tags: { copy: [], set: {} },
          keep: { last: 3 },
          copyTo: [],
          retire: { snapshots: 'delete' },
        },
      ],
    });
  });

  it('may say everything', () => {
    const text = `
version: 1
timezone: Europe/Berlin
limits:
  maxRemovals: {count: 50, percent: 2.5}
  keepAtLeast: 2
policies:
  - id: web-daily
    formerly: [web-nightly, web-old]
    select:
      tags: {Backup: daily, Env: [prod, "stag*"]}
      not: {tags: {no-backup: "*"}}
      states: [stopped]
      autoScalingMembers: true
    when:
      - {schedule: rate(6 hours), startWithin: 30m, catchUp: 2h}
    rpo: 26h
    image: {reboot: true}
    tags:
      copy: [Name, "cost-*"]
      set: {Slot: "{slot}"}
    keep: {last: 3, within: 2w}
    copyTo:
      - {region: eu-west-1, kmsKey: alias/imago-dr, keep: {within: 90d}}
    retire: {snapshots: keep}
`;

    expect(dataOf(parse(text))).toEqual({
      limits: { maxRemovals: { count: 50, percent: 2.5 }, keepAtLeast: 2 },
      policies: [
        {
          id: 'web-daily',
          formerly: ['web-nightly', 'web-old'],
          select: {
            tags: { Backup: ['daily'], Env: ['prod', 'stag*'] },
            not: { tags: { 'no-backup': ['*'] } },
            states: ['stopped'],
            autoScalingMembers: true,
          },
          when: [
            {
              expression: 'rate(6 hours)',
              timezone: 'Europe/Berlin',
              startWithinMs: HOUR_MS / 2,
              catchUpMs: 2 * HOUR_MS,
            },
          ],
          rpoMs: 26 * HOUR_MS,
          image: { reboot: true },
          tags: { copy: ['Name', 'cost-*'], set: { Slot: '{slot}' } },
          keep: { last: 3, withinMs: 336 * HOUR_MS },
          copyTo: [
            {
              region: 'eu-west-1',
              kmsKey: 'alias/imago-dr',
              keep: { withinMs: 2_160 * HOUR_MS },
            },
          ],
          retire: { snapshots: 'keep' },
        },
      ],
    });
  });

  it('may be JSON, and may have Windows line ends and a byte order mark', () => {
    const json = JSON.stringify({
      version: 1,
      policies: [
        {
          id: 'web',
          select: { tags: { Backup: 'daily' } },
          when: [{ schedule: 'cron(0 2 * * ? *)' }],
          keep: { last: 3 },
        },
      ],
    });
    const expected = dataOf(parse(SHORTEST));

    expect(dataOf(parse(json))).toEqual(expected);
    expect(dataOf(parse(`\uFEFF${SHORTEST.replaceAll('\n', '\r\n')}`))).toEqual(expected);
  });

  it('has its schedules in its time zone', () => {
    const [policy] = parse(`timezone: Europe/Berlin${SHORTEST}`).policies;
    const slotMs = policy?.when[0]?.schedule.newestSlot(Date.parse('2026-11-21T12:00Z'));

    expect(slotMs).toBe(Date.parse('2026-11-21T01:00Z'));
  });

  it('is frozen, all the way down', () => {
    const open: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`);
    };
    look(parse(SHORTEST), 'set');

    expect(open).toEqual([]);
  });
});

describe('the RPO that a policy does not say', () => {
  const rpoHours = (...triggers: readonly string[]): number => {
    const when = triggers.map((trigger) => `{${trigger}}`).join(', ');
    const text = SHORTEST.replace('[{schedule: cron(0 2 * * ? *)}]', `[${when}]`);
    return (parse(text).policies[0]?.rpoMs ?? Number.NaN) / HOUR_MS;
  };

  it.each([
    ['the gap and startWithin', ['schedule: rate(6 hours)'], 7],
    ['the gap and a startWithin of its own', ['schedule: rate(6 hours), startWithin: 30m'], 6.5],
    ['the longest gap, which is a weekend', ['schedule: cron(0 2 ? * MON-FRI *)'], 73],
    [
      'the shortest of several triggers',
      ['schedule: cron(0 2 ? * SUN *)', 'schedule: rate(1 day)'],
      25,
    ],
  ])('is %s', (_, triggers, hours) => {
    expect(rpoHours(...triggers)).toBe(hours);
  });
});

describe('example policies', () => {
  const directory = join(import.meta.dirname, '../../policies');

  it.each(readdirSync(directory))('%s loads', (name) => {
    const text = readFileSync(join(directory, name), 'utf8');

    expect(parsePolicyFile(text, name, 'eu-central-1').policies.length).toBeGreaterThan(0);
  });

  it('example.yml keeps seven daily points and copies three to Ireland', () => {
    const text = readFileSync(join(directory, 'example.yml'), 'utf8');

    expect(parsePolicyFile(text, 'example.yml', 'eu-central-1').policies[0]).toMatchObject({
      id: 'web-daily',
      rpoMs: 26 * HOUR_MS,
      keep: { last: 7 },
      copyTo: [{ region: 'eu-west-1', keep: { last: 3 } }],
    });
  });
});
