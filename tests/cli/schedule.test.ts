import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addSchedule } from '../../cli/schedule.ts';
import { createStage, type Stage } from './fixture.ts';

/** The command as it is typed, at 2026-11-03T02:10:00Z; what it ends with. */
const type = async (stage: Stage, ...words: readonly string[]): Promise<number | undefined> => {
  let code: number | undefined;
  const program = new Command('imago')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  addSchedule(program, stage.surroundings, (ended) => {
    code = ended;
  });
  await program.parseAsync(['schedule', ...words], { from: 'user' });
  return code;
};

const jsonOf = async (...words: readonly string[]): Promise<unknown> => {
  const stage = createStage();

  expect(await type(stage, ...words, '--json')).toBe(0);
  expect(stage.screen.stderr).toEqual([]);
  return JSON.parse(stage.screen.stdout.join('\n'));
};

const NIGHTLY = 'cron(0 2 * * ? *)';

describe('imago schedule', () => {
  test('says the next five instants after now, in local time and in UTC, and asks no endpoint', async () => {
    const stage = createStage();

    expect(await type(stage, NIGHTLY, '--timezone', 'Europe/Berlin')).toBe(0);
    expect(stage.screen.stdout).toEqual([
      '     Europe/Berlin              UTC',
      'Wed  2026-11-04T02:00:00+01:00  2026-11-04T01:00:00Z',
      'Thu  2026-11-05T02:00:00+01:00  2026-11-05T01:00:00Z',
      'Fri  2026-11-06T02:00:00+01:00  2026-11-06T01:00:00Z',
      'Sat  2026-11-07T02:00:00+01:00  2026-11-07T01:00:00Z',
      'Sun  2026-11-08T02:00:00+01:00  2026-11-08T01:00:00Z',
    ]);
    expect([stage.screen.stderr, stage.calls]).toEqual([[], []]);
  });

  test('shows how daylight saving changes the offset, and skips a time that does not exist', async () => {
    const stage = createStage();
    const words = [
      NIGHTLY,
      '--timezone',
      'America/New_York',
      '--from',
      '2027-03-13',
      '--count',
      '2',
    ];

    expect(await type(stage, ...words)).toBe(0);
    expect(stage.screen.stdout).toEqual([
      '     America/New_York           UTC',
      'Sat  2027-03-13T02:00:00-05:00  2027-03-13T07:00:00Z',
      'Mon  2027-03-15T02:00:00-04:00  2027-03-15T06:00:00Z',
    ]);
  });

  test('shows the seconds of an offset that had some', async () => {
    const stage = createStage();
    const words = [
      NIGHTLY,
      '--timezone',
      'Africa/Monrovia',
      '--from',
      '1971-05-01',
      '--count',
      '1',
    ];

    expect(await type(stage, ...words)).toBe(0);
    expect(stage.screen.stdout.slice(1)).toEqual([
      'Sat  1971-05-01T02:00:00-00:44:30  1971-05-01T02:44:30Z',
    ]);
  });

  test('prints an array of instants in UTC as JSON, and nothing else', async () => {
    expect(await jsonOf(NIGHTLY)).toEqual([
      '2026-11-04T02:00:00.000Z',
      '2026-11-05T02:00:00.000Z',
      '2026-11-06T02:00:00.000Z',
      '2026-11-07T02:00:00.000Z',
      '2026-11-08T02:00:00.000Z',
    ]);
  });

  test.each([
    ['2026-11-21T02:00:00Z', '2026-11-22T02:00:00.000Z'],
    ['2026-11-21T01:59:59.999Z', '2026-11-21T02:00:00.000Z'],
    ['2026-11-21T02:59+01:00', '2026-11-21T02:00:00.000Z'],
    ['2026-11-21T03:00:00+01:00', '2026-11-22T02:00:00.000Z'],
    ['2026-11-20T20:30:00.123456-05:30', '2026-11-22T02:00:00.000Z'],
    ['2026-11-21', '2026-11-21T02:00:00.000Z'],
    ['2028-02-29', '2028-02-29T02:00:00.000Z'],
    ['0001-01-01', '1970-01-01T02:00:00.000Z'],
  ])('after %s, strictly, comes %s', async (from, expected) => {
    expect(await jsonOf(NIGHTLY, '--from', from, '--count', '1')).toEqual([expected]);
  });

  test('reads rate(...) and at(...) as well', async () => {
    expect(await jsonOf('rate(6 hours)', '--count', '2')).toEqual([
      '2026-11-03T06:00:00.000Z',
      '2026-11-03T12:00:00.000Z',
    ]);
    expect(await jsonOf('at(2026-12-24T18:00:00)', '--timezone', 'Asia/Tokyo')).toEqual([
      '2026-12-24T09:00:00.000Z',
    ]);
  });

  test('goes on for a thousand instants', async () => {
    const instants = await jsonOf('rate(1 day)', '--count', '1000');

    expect(instants).toHaveLength(1_000);
    expect(instants).toHaveProperty('999', '2029-07-30T00:00:00.000Z');
  });

  test('says of a schedule that is over that it never fires again', async () => {
    const stage = createStage();

    expect(await type(stage, 'at(2026-11-03T02:10:00)')).toBe(0);
    expect(stage.screen.stdout).toEqual([
      'at(2026-11-03T02:10:00) never fires after 2026-11-03T02:10:00.000Z.',
    ]);
    expect(await jsonOf('at(2026-11-03T02:10:00)')).toEqual([]);
  });

  test('says where a schedule ends', async () => {
    const stage = createStage();

    expect(await type(stage, 'cron(0 2 1 1 ? 2027)')).toBe(0);
    expect(stage.screen.stdout.slice(1)).toEqual([
      'Fri  2027-01-01T02:00:00+00:00  2027-01-01T02:00:00Z',
      'After that it never fires again.',
    ]);
    expect(await jsonOf('cron(0 2 1 1 ? 2027)')).toEqual(['2027-01-01T02:00:00.000Z']);
  });
});

describe('what imago schedule refuses', () => {
  test.each([
    [
      ['cron(0 2 * * *)'],
      'cron(0 2 * * *): expected 6 cron fields (minutes hours day-of-month month day-of-week year), found 5',
    ],
    [['rate(1 minutes)'], 'rate(1 minutes): EventBridge wants the singular after 1'],
    [
      [NIGHTLY, '--timezone', 'Europe/Berln'],
      'unknown time zone "Europe/Berln": did you mean Europe/Berlin?',
    ],
  ])('%j: %s', async (words, problem) => {
    for (const form of [[], ['--json']]) {
      const stage = createStage();

      expect(await type(stage, ...words, ...form)).toBe(2);
      expect([stage.screen.stdout, stage.screen.stderr]).toEqual([[], [problem]]);
    }
  });

  test.each([
    '2026-02-30',
    '2027-02-29T00:00Z',
    '2026-13-01',
    '2026-11-21T02:00:00',
    '2026-11-21T25:00Z',
    '2026-11-21T02:00:00 Z',
    '26-11-21',
    '1795399200',
    'tomorrow',
    '',
  ])('--from %j: an instant with its offset, or a date', async (from) => {
    const stage = createStage();

    await expect(type(stage, NIGHTLY, '--from', from)).rejects.toThrow(
      'Expected an instant with its offset, such as 2026-11-21T02:00:00Z or 2026-11-21T02:00+01:00, or a date, whose midnight in UTC is meant.',
    );
    expect(stage.screen.stdout).toEqual([]);
  });

  test.each(['0', '-1', '1001', '2.5', 'all', ''])('--count %j: 1 to 1000', async (count) => {
    const stage = createStage();

    await expect(type(stage, NIGHTLY, '--count', count)).rejects.toThrow(
      'Expected a whole number from 1 to 1000.',
    );
    expect(stage.screen.stdout).toEqual([]);
  });

  test.each([[[]], [[NIGHTLY, 'rate(1 day)']], [[NIGHTLY, '--zone', 'UTC']]])(
    '%j: no such command line',
    async (words) => {
      await expect(type(createStage(), ...words)).rejects.toThrow(/^error: /);
    },
  );
});
