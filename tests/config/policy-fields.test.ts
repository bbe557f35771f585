import { describe, expect, it } from 'vitest';
import { changed, problemsOf, refusal, withMore } from './problems.ts';

describe('schedules', () => {
  const scheduled = (expression: string): readonly string[] =>
    changed('cron(0 2 * * ? *)', expression);

  it.each([
    'cron(0 2 * * * *)',
    'cron(0 2 ? * 8 *)',
    'cron(0 2 ? * +MON *)',
    'cron(0 2 * * ? 2300)',
    'cron(/5 2 * * ? *)',
    'rate(0 hours)',
    'rate(99999999999999 days)',
    'daily',
  ])('that EventBridge refuses are refused: %s', (expression) => {
    expect(scheduled(expression)).toEqual([
      expect.stringMatching(/^7:9 policies\[0\]\.when\[0\]\.schedule: ./),
    ]);
  });

  it.each(['cron(0 2 30 2 ? *)', 'cron(0 2 * * ? 2020)', 'cron(0 2 1 1 ? 2199)'])(
    'that have no two slots to come need an RPO, since there is nothing to derive it from: %s',
    (expression) => {
      expect(scheduled(expression)).toEqual([
        '3:5 policies[0].rpo: is missing: no schedule has two slots to come, so there is nothing to derive it from; say one, such as 26h',
      ]);
    },
  );

  it('that are optional need a name by which they are picked', () => {
    expect(scheduled('rate(1 day)\n        optional: true')).toEqual([
      '8:9 policies[0].when[0].optional: expected a name: a trigger that is optional is picked by its name',
    ]);
  });
});

describe('events', () => {
  it('that there are not name the one that was meant', () => {
    expect(changed('schedule: cron(0 2 * * ? *)', 'event: tags-changed')).toEqual([
      '7:9 policies[0].when[0].event: expected one of stopped, running, tag-changed, found the text "tags-changed": did you mean tag-changed?',
    ]);
  });
});

describe('time zones', () => {
  it.each([
    [
      'timezone: Europe/Berln',
      '9:1 timezone: unknown time zone "Europe/Berln": did you mean Europe/Berlin?',
    ],
    [
      '    timezone: UCT+1',
      '9:5 policies[0].timezone: unknown time zone "UCT+1": expected an IANA name such as Europe/Berlin',
    ],
    [
      '    timezone: "+01:00"',
      '9:5 policies[0].timezone: unknown time zone "+01:00": expected an IANA name such as Europe/Berlin',
    ],
    [
      '    blackout: [{from: "01:00", to: "02:00", timezone: America/NewYork}]',
      '9:45 policies[0].blackout[0].timezone: unknown time zone "America/NewYork": did you mean America/New_York?',
    ],
  ])('that do not exist are refused, with the nearest name: %s', (line, problem) => {
    expect(withMore(line)).toEqual([problem]);
  });

  it('that do not exist do not hide what is wrong with the policies', () => {
    expect(
      withMore('timezone: Europe/Berln\n').concat(
        problemsOf('version: 1\ntimezone: Mars\npolicies:\n  - {id: A}\n'),
      ),
    ).toEqual([
      '9:1 timezone: unknown time zone "Europe/Berln": did you mean Europe/Berlin?',
      '2:1 timezone: unknown time zone "Mars": expected an IANA name such as Europe/Berlin',
      '4:5 policies[0].select: is missing: expected a map of keys and values',
      '4:5 policies[0].when: is missing: expected a list',
      '4:5 policies[0].keep: is missing: expected a map of rules, such as {last: 3, daily: 7} or {within: 30d}',
      '4:6 policies[0].id: expected lower-case letters, digits and inner hyphens, found the text "A"',
    ]);
  });
});

describe('windows', () => {
  const window = (text: string): readonly string[] => withMore(`    blackout: [{${text}}]`);
  const TIME = 'expected a time of day such as "08:00"';
  const INSTANT = 'expected an instant such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00';

  it.each([
    [
      'from: 8:00, to: "18:00"',
      `9:17 policies[0].blackout[0].from: ${TIME}, found the text "8:00"`,
    ],
    ['from: 8, to: "18:00"', `9:17 policies[0].blackout[0].from: ${TIME}, found the number 8`],
    [
      'from: "08:00", to: "24:01"',
      `9:32 policies[0].blackout[0].to: ${TIME}, found the text "24:01"`,
    ],
    ['from: "08:00"', `9:16 policies[0].blackout[0].to: is missing: ${TIME}`],
    [
      'days: [MO], from: "08:00", to: "09:00"',
      '9:24 policies[0].blackout[0].days[0]: expected a day such as MON, or days such as TUE-THU, found the text "MO"',
    ],
    [
      'days: [], from: "08:00", to: "09:00"',
      '9:17 policies[0].blackout[0].days: expected at least 1 entry, found 0',
    ],
    [
      'start: 2026-12-24, end: 2026-12-27T00:00Z',
      `9:17 policies[0].blackout[0].start: ${INSTANT}, found the text "2026-12-24"`,
    ],
    [
      'start: 2026-02-31T00:00Z, end: 2026-12-27T00:00Z',
      `9:17 policies[0].blackout[0].start: ${INSTANT}, found the text "2026-02-31T00:00Z"`,
    ],
    [
      'start: 2026-02-28T25:00Z, end: 2026-12-27T00:00Z',
      `9:17 policies[0].blackout[0].start: ${INSTANT}, found the text "2026-02-28T25:00Z"`,
    ],
    [
      'start: 2026-12-27T00:00Z, end: 2026-12-27T00:00Z',
      '9:43 policies[0].blackout[0].end: expected an end that is later than the start',
    ],
  ])('that are none are refused: %s', (text, problem) => {
    expect(window(text)).toEqual([problem]);
  });
});

describe('selections', () => {
  const select = (more: string): readonly string[] => changed('tags: {Backup: daily}', more);

  it.each([
    [
      'anyOf: [{}]',
      '4:5 policies[0].select.anyOf[0]: expected tags or ids: what demands nothing would match every instance',
    ],
    ['anyOf: []', '5:7 policies[0].select.anyOf: expected at least 1 entry, found 0'],
    ['ids: []', '5:7 policies[0].select.ids: expected at least 1 entry, found 0'],
    [
      'tags: {Backup: []}',
      '5:14 policies[0].select.tags.Backup: expected at least 1 entry, found 0',
    ],
    ['states: []', '5:7 policies[0].select.states: expected at least 1 entry, found 0'],
  ])('that say nothing are refused: %s', (more, problem) => {
    expect(select(more).map((one) => one.replace(/^\d+:\d+/, ''))).toContain(
      problem.replace(/^\d+:\d+/, ''),
    );
  });
});

describe('images', () => {
  it('are rebooted in batches of a size and a distance, or in none', () => {
    expect(withMore('    image: {reboot: true, batchSize: 2}')).toEqual([
      '9:27 policies[0].image.batchSize: needs stagger beside it: so many at once, and the next so much later',
    ]);
    expect(withMore('    image: {reboot: true, stagger: 5min}')).toEqual([
      '9:27 policies[0].image.stagger: needs batchSize beside it: so many at once, and the next so much later',
    ]);
  });

  it('have a description of 255 characters, and a name of 256, at most', () => {
    expect(
      withMore(`    image: {description: ${'d'.repeat(256)}, name: ${'n'.repeat(257)}}`),
    ).toEqual([
      '9:13 policies[0].image.description: expected at most 255 characters, found 256',
      expect.stringMatching(
        /policies\[0\]\.image\.name: expected at most 256 characters, found 257$/,
      ),
    ]);
  });
});

describe('tag policies and adopted images', () => {
  const tagPolicy = (text: string): readonly string[] =>
    problemsOf(`version: 1\ntagPolicies:\n  - {id: x, ${text}}\n`);

  it.each([
    [
      'images: {}, set: {a: b}',
      'tagPolicies[0].images: expected name or tags: what demands nothing would match every image of the account',
    ],
    ['images: {name: x}, set: {}', 'tagPolicies[0].set: expected at least one tag'],
    [
      'images: {name: x}, set: {imago:keep: b}',
      'tagPolicies[0].set.imago:keep: keys that begin with',
    ],
    ['images: {name: x}, set: {a: "{slot}"}', 'tagPolicies[0].set.a: {slot} is no variable'],
  ])('that say nothing, or too much, are refused: %s', (text, problem) => {
    const found = tagPolicy(text).map((one) => one.replace(/^\d+:\d+ /, ''));

    expect(found.map((one) => one.slice(0, problem.length))).toEqual([problem]);
  });
});

describe('ids', () => {
  const policy = (id: string, more = ''): string =>
    `  - {id: ${id}, select: {ids: "*"}, when: [{schedule: rate(1 day)}], keep: {last: 2}${more}}\n`;
  const file = (...policies: readonly string[]): string =>
    `version: 1\npolicies:\n${policies.join('')}`;

  it('that stand twice are refused, and the first is named', () => {
    expect(problemsOf(file(policy('web'), policy('web')))).toEqual([
      '4:6 policies[1].id: the id web is already taken by policies[0].id',
    ]);
  });

  it('that two policies claim are refused, be it as a former one', () => {
    expect(problemsOf(file(policy('web', ', formerly: [web]')))).toEqual([
      expect.stringMatching(
        /policies\[0\]\.formerly\[0\]: the id web is already taken by policies\[0\]\.id$/,
      ),
    ]);
    expect(problemsOf(file(policy('web'), policy('db', ', formerly: [old, web]')))).toEqual([
      expect.stringMatching(
        /policies\[1\]\.formerly\[1\]: the id web is already taken by policies\[0\]\.id$/,
      ),
    ]);
  });

  it('of a policy and a tag policy differ too', () => {
    expect(
      problemsOf(
        `${file(policy('web'))}tagPolicies: [{id: web, images: {name: x}, set: {a: b}}]\n`,
      ),
    ).toEqual(['4:16 tagPolicies[0].id: the id web is already taken by policies[0].id']);
  });

  it('may not be the one of points that somebody asks for, now or formerly', () => {
    const reserved = 'on-demand is reserved for the points that `imago backup` makes';

    expect(changed('id: web', 'id: on-demand')).toEqual([`3:5 policies[0].id: ${reserved}`]);
    expect(withMore('    formerly: [old, on-demand]')).toEqual([
      `9:21 policies[0].formerly[1]: ${reserved}`,
    ]);
  });

  it('of two files differ, and both places are named', () => {
    expect(refusal(file(policy('web')), file(policy('db'), policy('web'))).message).toBe(
      [
        'p2.yml:4:6 policies[1].id: the id web is already taken by p.yml:3:6 policies[0].id',
        'Nothing was changed. Mend the file and try again.',
      ].join('\n'),
    );
  });

  it('are compared where policies have other problems as well', () => {
    const [first, second] = [file(policy('web')), file(policy('web', ', keeps: 1'))];

    expect(refusal(first, second).problems.map(({ field }) => field)).toEqual([
      'policies[0].id',
      'policies[0].keeps',
    ]);
  });
});
