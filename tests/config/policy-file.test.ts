import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../shared/config/policy-file.ts';
import { type Duration, NO_TIME } from '../../shared/domain/duration.ts';
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
const dataOf = (set: PolicySet): unknown => ({
  ...set,
  policies: set.policies.map(({ when, ...policy }) => ({
    ...policy,
    when: when.map((trigger) => {
      if (trigger.kind === 'event') return trigger;
      const { schedule, ...parts } = trigger;
      return { ...parts, expression: schedule.expression, timezone: schedule.timezone };
    }),
  })),
});

const length = (parts: Partial<Duration>): Duration => ({ ...NO_TIME, ...parts });

describe('a policy file', () => {
  it('may leave out all that has a default', () => {
    expect(dataOf(parse(SHORTEST))).toEqual({
      limits: { maxRemovals: { count: 100, percent: 10 }, keepAtLeast: 1 },
      policies: [
        {
          id: 'web',
          formerly: [],
          timezone: 'UTC',
          select: {
            tags: { Backup: ['daily'] },
            ids: [],
            anyOf: [],
            not: { tags: {}, ids: [] },
            states: ['running', 'stopped'],
            autoScalingMembers: false,
          },
          when: [
            {
              kind: 'schedule',
              isOptional: false,
              expression: 'cron(0 2 * * ? *)',
              timezone: 'UTC',
              startWithinMs: HOUR_MS,
              catchUpMs: 12 * HOUR_MS,
              jitterMs: 0,
            },
          ],
          blackout: [],
          rpoMs: 25 * HOUR_MS,
          image: {
            reboot: false,
            staggerMs: 0,
            excludeVolumes: { tags: {}, devices: [], allButRoot: false },
            volumeTags: [],
          },
          tags: { copy: [], exclude: [], set: {}, required: [] },
          keep: { last: 3 },
          copyTo: [],
          retire: { snapshots: 'delete', during: [] },
        },
      ],
      adoptions: [],
      tagPolicies: [],
    });
  });

  it('may say everything of a backup', () => {
    const text = `
version: 1
timezone: Europe/Berlin
limits:
  maxRemovals: {count: 50, percent: 2.5}
  keepAtLeast: 2
policies:
  - id: web-daily
    formerly: [web-nightly, web-old]
    timezone: Asia/Tokyo
    select:
      tags: {Backup: daily, Env: [prod, "stag*"]}
      ids: i-0abc*
      anyOf: [{tags: {Role: db}}, {ids: [i-1, i-2]}]
      not: {tags: {no-backup: "*"}, ids: i-9}
      states: [stopped]
      autoScalingMembers: true
      olderThan: 1h
      youngerThan: 2w
    when:
      - {schedule: rate(6 hours), startWithin: 30min, catchUp: 2h, jitter: 10min}
      - {name: weekly, optional: true, schedule: cron(0 2 ? * SUN *), timezone: America/New_York}
      - {event: stopped, atMostEvery: 6h}
    blackout:
      - {days: [MON, "FRI-SUN"], from: "22:30", to: "24:00"}
      - {from: "08:00", to: "18:00", timezone: Europe/Paris}
      - {start: 2026-12-24T12:00:00+01:00, end: 2026-12-27T00:00Z}
    rpo: 1d2h
    image:
      reboot: true
      batchSize: 2
      stagger: 15min
      excludeVolumes: {tags: {scratch: "*"}, devices: [/dev/sdf], allButRoot: true}
      description: "{policy}: {{as it is}}"
      name: "{instance.tag.Name} {slot}"
      volumeTags: [mount]
    tags:
      copy: all
      exclude: ["*-secret"]
      set: {Slot: "{slot}"}
      required: [Owner]
    keep: {last: 3, hourly: 24, daily: 7, weekly: 4, monthly: 12, yearly: all, within: 2w}
    keepFrom: {tag: Retention, unit: d, floor: {last: 1}}
    whenSourceGone: {keepLast: 2, for: 1y6mo}
    copyTo:
      - {region: eu-west-1, kmsKey: alias/imago-dr, keep: {withinHourly: 1d, withinDaily: 1mo, withinWeekly: 3mo, withinMonthly: 1y, withinYearly: 10y}}
    retire: {snapshots: keep, during: [{days: [SAT], from: "00:00", to: "06:00"}]}
`;

    expect(dataOf(parse(text))).toEqual({
      limits: { maxRemovals: { count: 50, percent: 2.5 }, keepAtLeast: 2 },
      policies: [
        {
          id: 'web-daily',
          formerly: ['web-nightly', 'web-old'],
          timezone: 'Asia/Tokyo',
          select: {
            tags: { Backup: ['daily'], Env: ['prod', 'stag*'] },
            ids: ['i-0abc*'],
            anyOf: [
              { tags: { Role: ['db'] }, ids: [] },
              { tags: {}, ids: ['i-1', 'i-2'] },
            ],
            not: { tags: { 'no-backup': ['*'] }, ids: ['i-9'] },
            states: ['stopped'],
            autoScalingMembers: true,
            olderThanMs: HOUR_MS,
            youngerThanMs: 14 * 24 * HOUR_MS,
          },
          when: [
            {
              kind: 'schedule',
              isOptional: false,
              expression: 'rate(6 hours)',
              timezone: 'Asia/Tokyo',
              startWithinMs: HOUR_MS / 2,
              catchUpMs: 2 * HOUR_MS,
              jitterMs: HOUR_MS / 6,
            },
            {
              kind: 'schedule',
              name: 'weekly',
              isOptional: true,
              expression: 'cron(0 2 ? * SUN *)',
              timezone: 'America/New_York',
              startWithinMs: HOUR_MS,
              catchUpMs: 12 * HOUR_MS,
              jitterMs: 0,
            },
            {
              kind: 'event',
              isOptional: false,
              event: 'stopped',
              startWithinMs: 0,
              atMostEveryMs: 6 * HOUR_MS,
            },
          ],
          blackout: [
            {
              kind: 'weekly',
              days: [0, 1, 5, 6],
              startMinute: 1350,
              endMinute: 0,
              timezone: 'Asia/Tokyo',
            },
            {
              kind: 'weekly',
              days: [0, 1, 2, 3, 4, 5, 6],
              startMinute: 480,
              endMinute: 1080,
              timezone: 'Europe/Paris',
            },
            {
              kind: 'once',
              startMs: Date.parse('2026-12-24T11:00Z'),
              endMs: Date.parse('2026-12-27T00:00Z'),
            },
          ],
          rpoMs: 26 * HOUR_MS,
          image: {
            reboot: true,
            batchSize: 2,
            staggerMs: HOUR_MS / 4,
            excludeVolumes: { tags: { scratch: ['*'] }, devices: ['/dev/sdf'], allButRoot: true },
            description: '{policy}: {{as it is}}',
            name: '{instance.tag.Name} {slot}',
            volumeTags: ['mount'],
          },
          tags: {
            copy: ['*'],
            exclude: ['*-secret'],
            set: { Slot: '{slot}' },
            required: ['Owner'],
          },
          keep: {
            last: 3,
            hourly: 24,
            daily: 7,
            weekly: 4,
            monthly: 12,
            yearly: 'all',
            within: length({ days: 14 }),
          },
          keepFrom: { tag: 'Retention', unit: 'd', floor: { last: 1 } },
          whenSourceGone: { keepLast: 2, for: length({ years: 1, months: 6 }) },
          copyTo: [
            {
              region: 'eu-west-1',
              kmsKey: 'alias/imago-dr',
              keep: {
                withinHourly: length({ days: 1 }),
                withinDaily: length({ months: 1 }),
                withinWeekly: length({ months: 3 }),
                withinMonthly: length({ years: 1 }),
                withinYearly: length({ years: 10 }),
              },
            },
          ],
          retire: {
            snapshots: 'keep',
            during: [
              {
                kind: 'weekly',
                days: [6],
                startMinute: 0,
                endMinute: 360,
                timezone: 'Asia/Tokyo',
              },
            ],
          },
        },
      ],
      adoptions: [],
      tagPolicies: [],
    });
  });

  it('may take images over, and tag them', () => {
    const { adoptions, tagPolicies, policies } = parse(`
version: 1
timezone: Europe/Berlin
policies:
  - id: golden
    formerly: [packer]
    adopt:
      images: {name: ["web-*", "db-*"], tags: {built-by: packer}, not: {name: "*-test", tags: {stage: old}}}
      groupBy: {tag: role}
    keep: {last: 5}
  - {id: all, timezone: UTC, adopt: {images: {name: x}}, keep: {within: 60d}, retire: {snapshots: keep}}
tagPolicies:
  - {id: cost, images: {tags: {a: b}}, set: {centre: "{image.name}"}}
  - {id: stage, images: {name: y}, set: {stage: new}, overwrite: false, snapshots: false}
`);
    const nothing = { names: [], tags: {} };

    expect(policies).toEqual([]);
    expect(adoptions).toEqual([
      {
        id: 'golden',
        formerly: ['packer'],
        timezone: 'Europe/Berlin',
        images: {
          names: ['web-*', 'db-*'],
          tags: { 'built-by': ['packer'] },
          not: { names: ['*-test'], tags: { stage: ['old'] } },
        },
        groupByTag: 'role',
        keep: { last: 5 },
        retire: { snapshots: 'delete', during: [] },
      },
      {
        id: 'all',
        formerly: [],
        timezone: 'UTC',
        images: { names: ['x'], tags: {}, not: nothing },
        keep: { within: length({ days: 60 }) },
        retire: { snapshots: 'keep', during: [] },
      },
    ]);
    expect(tagPolicies).toEqual([
      {
        id: 'cost',
        images: { names: [], tags: { a: ['b'] }, not: nothing },
        set: { centre: '{image.name}' },
        overwrite: true,
        snapshots: true,
      },
      {
        id: 'stage',
        images: { names: ['y'], tags: {}, not: nothing },
        set: { stage: 'new' },
        overwrite: false,
        snapshots: false,
      },
    ]);
  });

  it('has its schedules in its time zone', () => {
    const [policy] = parse(`timezone: Europe/Berlin${SHORTEST}`).policies;
    const [trigger] = policy?.when ?? [];
    const slotMs =
      trigger?.kind === 'schedule'
        ? trigger.schedule.newestSlot(Date.parse('2026-11-21T12:00Z'))
        : undefined;

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
    ['the gap and a startWithin of its own', ['schedule: rate(6 hours), startWithin: 30min'], 6.5],
    ['the longest gap, which is a weekend', ['schedule: cron(0 2 ? * MON-FRI *)'], 73],
    ['the gap, the jitter and startWithin', ['schedule: rate(6 hours), jitter: 2h'], 9],
    [
      'of several triggers that of the densest',
      ['schedule: cron(0 2 ? * SUN *)', 'schedule: rate(1 day)'],
      25,
    ],
    [
      'of triggers that can be picked that of the sparsest',
      ['schedule: rate(1 day)', 'schedule: rate(7 days), name: weekly, optional: true'],
      169,
    ],
    ['of schedules alone', ['schedule: rate(1 day)', 'event: stopped'], 25],
  ])('is %s', (_, triggers, hours) => {
    expect(rpoHours(...triggers)).toBe(hours);
  });
});
