import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../shared/config/policy-file.ts';
import { warningsOf } from '../../shared/config/policy-warnings.ts';
import { WARNINGS } from '../../shared/config/warning-ids.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

/** `WRN-01 select: message`, a line each; fields are those of the last policy. */
const warningsIn = (...texts: readonly string[]): readonly string[] =>
  warningsOf(
    loadPolicies(
      texts.map((text, index) => ({ file: `${'abc'[index]}.yml`, text })),
      'eu-central-1',
    ),
    NOW_MS,
  ).map(({ id, field, message }) => `${id} ${field.replace(/^\w+\[\d+\]\./, '')}: ${message}`);

const policy = (parts: Readonly<Record<string, string>>, id = 'web'): string => {
  const all = {
    select: '{tags: {Backup: daily}}',
    when: '[{schedule: rate(1 day)}]',
    keep: '{last: 3}',
    ...parts,
  };
  const fields = Object.entries(all).map(([key, value]) => `    ${key}: ${value}\n`);
  return `  - id: ${id}\n${fields.join('')}`;
};

const file = (...policies: readonly string[]): string =>
  `version: 1\npolicies:\n${policies.join('')}`;

const of = (parts: Readonly<Record<string, string>>): readonly string[] =>
  warningsIn(file(policy(parts)));

describe('warnings', () => {
  it('are none for what is most likely meant', () => {
    expect(of({})).toEqual([]);
  });

  it('have an id, a name, and their place in the file', () => {
    const loaded = loadPolicies(
      [{ file: 'a.yml', text: file(policy({ keep: '{last: 1}' })) }],
      undefined,
    );

    expect(warningsOf(loaded, NOW_MS)).toEqual([
      {
        id: 'WRN-09',
        name: 'keeps-one-point',
        file: 'a.yml',
        line: 6,
        column: 12,
        field: 'policies[0].keep.last',
        message: 'only the newest point is kept, so there is never an older one to go back to',
      },
    ]);
  });

  it('have names that differ, and say what to do in a sentence or more', () => {
    const all = Object.values(WARNINGS);

    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ means }) => means.length < 60 || !means.endsWith('.'))).toEqual([]);
  });
});

describe('a selection', () => {
  it.each([
    ['{tags: {Backup: daily}, not: {tags: {Backup: [weekly, "da*"]}}}', 'what it demands'],
    ['{tags: {Backup: "d*"}, not: {tags: {Backup: "*"}}}', 'what it demands'],
    ['{ids: i-1, not: {ids: "i-*"}}', 'what it demands'],
    ['{tags: {Env: prod}, anyOf: [{tags: {Env: test}}, {tags: {Env: [dev]}}]}', 'what it demands'],
    ['{tags: {Env: prod}, olderThan: 7d, youngerThan: 1w}', 'olderThan is not less'],
  ])('that contradicts itself selects nothing: %s', (select, why) => {
    expect(of({ select })).toEqual([
      expect.stringContaining(`WRN-01 select: it selects nothing: ${why}`),
    ]);
  });

  it.each([
    '{tags: {Backup: [daily, weekly]}, not: {tags: {Backup: weekly}}}',
    '{tags: {Backup: "da*"}, not: {tags: {Backup: daily}}}',
    '{tags: {Backup: daily}, not: {tags: {no-backup: "*"}}}',
    '{tags: {Env: "pr*"}, anyOf: [{tags: {Env: test}}, {tags: {Env: prod}}]}',
    '{ids: "i-*", not: {ids: i-1}}',
  ])('that can be met is not warned of: %s', (select) => {
    expect(of({ select })).toEqual([]);
  });
});

describe('two policies', () => {
  const both = (first: string, second: string): readonly string[] =>
    warningsIn(file(policy({ select: first })), file(policy({ select: second }, 'db')));

  it('that can select the same instance are named, with such an instance', () => {
    expect(both('{tags: {Backup: "d*"}}', '{tags: {Backup: [daily, weekly], Env: prod}}')).toEqual([
      'WRN-02 select: web can select the same instance: one with Backup=daily, Env=prod',
    ]);
    expect(both('{tags: {A: x}}', '{ids: i-1}')).toEqual([
      'WRN-02 select: web can select the same instance: one with i-1, A=x',
    ]);
    expect(both('{anyOf: [{tags: {A: x}}, {tags: {A: y}}]}', '{tags: {A: y}}')).toEqual([
      'WRN-02 select: web can select the same instance: one with A=y',
    ]);
  });

  it.each([
    ['different values', '{tags: {A: x}}', '{tags: {A: y}}'],
    ['patterns without a common text', '{tags: {A: "a*b"}}', '{tags: {A: "a?c"}}'],
    ['different ids', '{ids: i-1}', '{ids: [i-2, i-3]}'],
    ['one leaves out what the other demands', '{tags: {A: x}}', '{ids: "*", not: {tags: {A: x}}}'],
    ['one leaves out the ids of the other', '{ids: i-1}', '{tags: {B: y}, not: {ids: "i-1*"}}'],
    ['different states', '{ids: "*", states: [running]}', '{ids: "*", states: [stopped]}'],
    ['different ages', '{ids: "*", olderThan: 7d}', '{ids: "*", youngerThan: 7d}'],
  ])('that cannot are not warned of: %s', (_, first, second) => {
    expect(both(first, second)).toEqual([]);
  });
});

describe('schedules', () => {
  const when = (trigger: string, more: Readonly<Record<string, string>> = {}): readonly string[] =>
    of({ when: `[{${trigger}}]`, ...more });

  it('that never fire, or never again, are named', () => {
    expect(when('schedule: cron(0 2 30 2 ? *)', { rpo: '26h' })).toEqual([
      'WRN-03 when[0].schedule: cron(0 2 30 2 ? *) never fires',
    ]);
    expect(when('schedule: cron(0 2 1 1 ? 2020)', { rpo: '26h' })).toEqual([
      'WRN-03 when[0].schedule: cron(0 2 1 1 ? 2020) never fires again: its last slot was 2020-01-01T02-00-00Z',
    ]);
    expect(when('schedule: cron(0 2 1 1 ? 2199)', { rpo: '26h' })).toEqual([]);
  });

  it('whose every slot falls into a blackout are named', () => {
    const daily = 'schedule: cron(0 12 * * ? *)';

    expect(when(daily, { blackout: '[{from: "08:00", to: "18:00"}]' })).toEqual([
      'WRN-04 when[0].schedule: every slot falls into a blackout, and waits for its end',
    ]);
    expect(when(`${daily}, catchUp: 5h`, { blackout: '[{from: "08:00", to: "18:00"}]' })).toEqual([
      'WRN-04 when[0].schedule: every slot falls into a blackout, and its end can come too late for a point to be made',
    ]);
    expect(
      when(daily, { blackout: '[{from: "08:00", to: "18:00"}]', image: '{reboot: true}' }),
    ).toEqual([expect.stringContaining('too late')]);
    expect(when(daily, { blackout: '[{from: "00:00", to: "24:00"}]' })).toEqual([
      expect.stringContaining('too late'),
    ]);
    expect(when(daily, { blackout: '[{days: [MON-FRI], from: "08:00", to: "18:00"}]' })).toEqual(
      [],
    );
  });

  it('with lengths that do not go together are named', () => {
    expect(when('schedule: rate(1 day), jitter: 2h')).toEqual([
      'WRN-05 when[0].jitter: jitter 2h is longer than startWithin 1h',
    ]);
    expect(when('schedule: rate(30 minutes), startWithin: 1h, jitter: 45min')).toEqual([
      'WRN-07 when[0].startWithin: startWithin 1h is longer than the time between slots, which can be 30min',
      'WRN-06 when[0].jitter: jitter 45min is longer than the time between slots, which can be 30min',
    ]);
    expect(when('schedule: rate(1 hour), jitter: 1h')).toEqual([]);
    expect(when('schedule: rate(30 minutes)')).toEqual([]); // startWithin is 1h by default
  });

  it('that leave more time than the RPO are named, with the first such time', () => {
    expect(when('schedule: cron(0 2 ? * MON-FRI *)', { rpo: '26h' })).toEqual([
      'WRN-08 rpo: an RPO of 26h is shorter than the time between slots, which can be 3d, as after 2026-11-27T02-00-00Z',
    ]);
    expect(
      when('schedule: rate(1 day)}, {schedule: rate(7 days), name: weekly, optional: true', {
        rpo: '2d',
      }),
    ).toEqual([expect.stringContaining('WRN-08 rpo: an RPO of 2d')]);
    expect(when('schedule: rate(1 day)', { rpo: '24h' })).toEqual([]);
  });
});

describe('what is kept', () => {
  it.each(['{within: 12h}', '{within: 12h, withinDaily: 23h}'])(
    'is named where it is less than the time between slots: %s',
    (keep) => {
      expect(of({ keep })).toEqual([
        'WRN-10 keep: only the newest point is kept: the time between slots can be 1d',
      ]);
    },
  );

  it.each(['{within: 25h}', '{within: 12h, last: 2}', '{within: 1mo}', '{last: 1, daily: 2}'])(
    'is not warned of where it is more: %s',
    (keep) => {
      expect(of({ keep })).toEqual([]);
    },
  );

  it('by a tag is named where bare numbers would be no rule', () => {
    expect(of({ keepFrom: '{tag: Retention}' })).toEqual([
      'WRN-14 keepFrom: a bare number in the tag Retention is no rule: say its unit',
    ]);
    expect(of({ keepFrom: '{tag: Retention, unit: d}' })).toEqual([]);
  });
});

describe('copies', () => {
  it('without a key are named', () => {
    expect(of({ copyTo: '[{region: eu-west-1, keep: {last: 1}}]' })).toEqual([
      "WRN-11 copyTo[0]: without kmsKey, what is encrypted is copied to eu-west-1 under that Region's default key for EBS",
    ]);
    expect(of({ copyTo: '[{region: eu-west-1, kmsKey: alias/dr, keep: {last: 1}}]' })).toEqual([]);
  });
});

describe('images', () => {
  it('in batches that reboot nothing are named', () => {
    expect(of({ image: '{batchSize: 2, stagger: 5min}' })).toEqual([
      'WRN-12 image.batchSize: the policy does not reboot',
    ]);
    expect(of({ image: '{reboot: true, batchSize: 2, stagger: 5min}' })).toEqual([]);
  });

  it('with more tags than may find room are named', () => {
    const set = (count: number): string =>
      Array.from({ length: count }, (_, index) => `k${index}: v`).join(', ');
    const named = Array.from({ length: 15 }, (_, index) => `t${index}`).join(', ');

    expect(of({ tags: `{copy: all, set: {${set(17)}}}` })).toEqual([
      "WRN-13 tags.copy: besides Imago's own and the 17 that are set, there is room for 19 copied tags",
    ]);
    expect(of({ tags: `{copy: all, set: {${set(16)}}}` })).toEqual([]);
    expect(of({ tags: `{copy: [${named}], set: {${set(22)}}}` })).toEqual([
      expect.stringContaining('room for 14 copied tags'),
    ]);
    expect(of({ tags: `{set: {${set(30)}}}` })).toEqual([]);
  });
});

describe('images of others', () => {
  it('that two policies adopt are named', () => {
    const adopting = (name: string, id: string): string =>
      `  - {id: ${id}, adopt: {images: {name: "${name}"}}, keep: {last: 2}}\n`;

    expect(warningsIn(file(adopting('web-*', 'a'), adopting('*-1', 'b')))).toEqual([
      'WRN-15 adopt.images: a can adopt the same image, and then neither does: one with web-*',
    ]);
    expect(warningsIn(file(adopting('web-*', 'a'), adopting('db-*', 'b')))).toEqual([]);
  });

  it('for which two tag policies want different values are named', () => {
    const tagging = (first: string, second: string): readonly string[] =>
      warningsIn(`version: 1\ntagPolicies:\n  - {id: a, ${first}}\n  - {id: b, ${second}}\n`);

    expect(
      tagging(
        'images: {name: "web-*"}, set: {x: "1", y: "1"}',
        'images: {tags: {t: u}}, set: {x: "2", y: "1"}',
      ),
    ).toEqual([
      'WRN-16 set.x: a wants another value on the same image, and wins: one with web-*, t=u',
    ]);
    expect(
      tagging('images: {name: "web-*"}, set: {x: "1"}', 'images: {name: "db-*"}, set: {x: "2"}'),
    ).toEqual([]);
  });
});

describe('warnings of many policies', () => {
  it('name the first five that overlap with one, and how many more there are', () => {
    const all = Array.from({ length: 9 }, (_, nth) => policy({}, `p${nth}`));
    const ofLast = warningsIn(file(...all)).slice(-5);

    expect(ofLast.map((line) => line.slice(0, 17))).toEqual(
      ['p0', 'p1', 'p2', 'p3', 'p4'].map((id) => `WRN-02 select: ${id}`),
    );
    expect(ofLast[3]).toMatch(/Backup=daily$/);
    expect(ofLast[4]).toMatch(/Backup=daily; and 3 more like this$/);
  });
});

describe('ids that no instance has', () => {
  it('select nothing, if there are no others', () => {
    expect(of({ select: '{ids: [web-1, "ami-*"]}' })).toEqual([
      'WRN-01 select: it selects nothing: ids of instances begin with i-, and those that it names do not',
    ]);
    expect(of({ select: '{ids: [web-1, "?-0abc"]}' })).toEqual([]);
    expect(of({ select: '{ids: "*"}' })).toEqual([]);
  });
});
